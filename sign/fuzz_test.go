package sign_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sign"
)

// FuzzSignURL holds SignURL against a plain reading of the rule on top of
// net/url.
func FuzzSignURL(f *testing.F) {
	f.Add("secret", host+"/order/202309/orders?app_key=k&timestamp=1700000000", "application/json", "{}")
	f.Add("secret", "/p?a=%2B+%3D&b==&&c&sign=x&timestamp=1", "multipart/form-data; boundary=b", "--b")
	f.Add("", "http://127.0.0.1:9000?timestamp=1&%61=1#f?x", "", "")
	f.Fuzz(func(t *testing.T, secret, rawURL, contentType, body string) {
		signer := sign.New(secret)
		got, err := signer.SignURL(rawURL, contentType, []byte(body), time.Unix(5, 0))
		if err != nil {
			return
		}
		r, err := sign.RequestFromURL(rawURL, contentType, []byte(body))
		if err != nil {
			t.Fatalf("SignURL reads the URL, RequestFromURL does not: %v", err)
		}
		withoutFragment, _, _ := strings.Cut(rawURL, "#")
		_, query, _ := strings.Cut(withoutFragment, "?")
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatalf("SignURL reads the query, net/url does not: %v", err)
		}
		if !values.Has("timestamp") {
			values.Set("timestamp", "5")
			r.Query.Set("timestamp", "5")
		}
		if want := reference(secret, r.Path, values, r.ContentType, body); got.Signature != want {
			t.Fatalf("SignURL = %s, want %s", got.Signature, want)
		}
		if !signer.Verify(r, got.Signature) {
			t.Fatal("Verify refuses the signature of SignURL")
		}
	})
}

func reference(secret, path string, query url.Values, contentType, body string) string {
	var keys []string
	for key := range query {
		if key != "sign" && key != "access_token" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	base := path
	for _, key := range keys {
		base += key + query.Get(key)
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil && mediaType == "" { // broken parameters do not matter
		before, _, _ := strings.Cut(contentType, ";")
		mediaType = strings.ToLower(strings.TrimSpace(before))
	}
	if mediaType != "multipart/form-data" {
		base += body
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(secret + base + secret))
	return hex.EncodeToString(mac.Sum(nil))
}
