package sign_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sign"
)

// differences names every recorded case in which an npm package does not sign
// as the platform does. A case that is not listed must be equal.
var differences = map[string]string{
	"tiktok-shop signByUrl padding":                  "splits after decoding, so that a value ends at its first =",
	"tiktok-shop-client signByUrl padding":           "splits after decoding, so that a value ends at its first =",
	"tiktok-shop signByUrl plus as space":            "keeps + where a server reads a space",
	"tiktok-shop-client signByUrl plus as space":     "keeps + where a server reads a space",
	"tiktok-shop signByUrl escaped ampersand":        "splits after decoding, so that a value ends at its first &",
	"tiktok-shop-client signByUrl escaped ampersand": "splits after decoding, so that a value ends at its first &",
	"tiktok-shop signByUrl parameter token":          "drops the parameter token",
	"tiktok-shop-client signByUrl parameter token":   "drops the parameter token",
	"tiktok-shop signByUrl capital key":              "sorts by locale instead of bytes",
	"tiktok-shop-client signByUrl capital key":       "sorts by locale instead of bytes",
	"tiktok-shop signByUrl underscore key":           "sorts by locale instead of bytes",
	"tiktok-shop-client signByUrl underscore key":    "sorts by locale instead of bytes",
	"tiktok-shop signByUrl other host":               "finds the path behind .com only and signs without one",
	"tiktok-shop-client signByUrl other host":        "finds the path behind .com only and throws",
	"tiktok-shop signByUrl empty body":               "leaves the two bytes {} out although they may be sent",
	"tiktok-shop signByUrl spaced body":              "parses and rewrites the body, so that its spaces are lost",
	"tiktok-shop signature full URL":                 "signs .com as a part of the path",
	"tiktok-shop-client signature full URL":          "signs .com as a part of the path, and app keys twice",
	"tiktok-shop-client signature path":              "signs a body {} that is not sent, and its own appKey and appSecret",
	"tiktok-shop-client signature path with query":   "signs a body {} that is not sent, and its own appKey and appSecret",
	"tiktok-shop-client signature shop and version":  "signs a body {} that is not sent, and its own appKey and appSecret",
}

func TestJavaScriptPackages(t *testing.T) {
	t.Parallel()
	rows := readJSON[[]struct {
		Package   string            `json:"package"`
		Call      string            `json:"call"`
		Name      string            `json:"name"`
		URL       string            `json:"url"`
		Body      string            `json:"body"`
		Path      string            `json:"path"`
		Config    map[string]string `json:"config"`
		Signature string            `json:"signature"`
	}](t, "testdata/javascript.json")
	signer := sign.New("s3cr3t")
	equal := 0
	for _, row := range rows {
		name := row.Package + " " + row.Call + " " + row.Name
		var got sign.Signature
		var err error
		if row.Call == "signByUrl" {
			got, err = signer.SignURL(row.URL, "application/json", []byte(row.Body), time.Time{})
		} else {
			got, err = signer.SignConfig(sign.Config{Extra: row.Config}, row.Path, time.Time{})
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		difference, differs := differences[name]
		switch {
		case got.Signature == row.Signature && differs:
			t.Errorf("%s: equal, although the package is said to be different: it %s", name, difference)
		case got.Signature != row.Signature && !differs:
			t.Errorf("%s: got %s, the package has %s", name, got.Signature, row.Signature)
		case !differs:
			equal++
		}
	}
	if want := len(rows) - len(differences); equal != want || strings.Count(rows[0].Signature, "") != sign.Size+1 {
		t.Errorf("%d cases are equal, want %d", equal, want)
	}
}
