package explain

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/testdiff"
	"github.com/ttshop-go/ttshop/sign"
)

// random makes requests of all kinds from a seed.
type random struct{ *rand.Rand }

func (r random) text(alphabet string, most int) string {
	letters := []rune(alphabet)
	text := make([]rune, r.IntN(most+1))
	for i := range text {
		text[i] = letters[r.IntN(len(letters))]
	}
	return string(text)
}

const (
	hexDigits = "0123456789abcdef"
	anything  = "abcXYZ019 _-+/=&%,.\"'{}[]\\éß漢😀\n"
)

func (r random) secret() string { return "s" + r.text(hexDigits, 20) + "0123456789abcdef01" }

func (r random) pick(list ...string) string { return list[r.IntN(len(list))] }

// request returns an unsigned request.
func (r random) request() Request {
	q := url.Values{"app_key": {"k" + r.text(hexDigits, 10)}, "timestamp": {fmt.Sprint(1_600_000_000 + r.IntN(200_000_000))}}
	for range r.IntN(5) {
		q.Set(r.text("abcxyz_[]B19", 6)+"q", r.text(anything, 12))
	}
	if r.IntN(3) == 0 {
		q.Set("ids", "1,2,3")
	}
	if r.IntN(4) == 0 {
		q.Set("access_token", "TTP_"+r.text(hexDigits, 30))
	}
	x := Request{
		Method: r.pick("", "GET", "POST", "PUT", "DELETE"),
		URL:    r.pick("", host, "http://127.0.0.1:9000") + "/" + r.pick("order/202309/orders", "product/202309/products/search", "a%20b/", "") + "?" + q.Encode(),
	}
	if r.IntN(2) == 0 {
		x.ContentType = r.pick("", "application/json", "multipart/form-data; boundary=b", "text/plain")
		x.Body = []byte(r.text(anything, 40))
		if r.IntN(2) == 0 {
			x.Body, _ = json.Marshal(map[string]any{"title": r.text(anything, 10) + "t", "n": r.IntN(1000), "list": []any{r.Float64(), nil, true}})
		}
	}
	return x
}

func (r random) signed(secret string) Request {
	x := r.request()
	q, err := sign.RequestFromURL(x.URL, x.ContentType, x.Body)
	if err != nil {
		panic(err)
	}
	x.URL += "&sign=" + sign.New(secret).Sign(q)
	return x
}

func TestNoFalseAlarm(t *testing.T) {
	t.Parallel()
	r := random{rand.New(rand.NewPCG(1, 2))}
	for range 10_000 {
		secret := r.secret()
		x := r.signed(secret)
		report, err := Explain(x, secret, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !report.OK || len(report.Mistakes) > 0 || report.Got != report.Expected || report.Summary != "the signature is right" || report.Combinations > 0 {
			t.Fatalf("%s: %+v", x.URL, report)
		}
	}
}

// TestNoWrongName spoils right requests in ways that nobody who signs gets wrong:
// then nothing must be found.
func TestNoWrongName(t *testing.T) {
	t.Parallel()
	count := uint64(1000)
	if testing.Short() {
		count = 100
	}
	jobs := make(chan uint64)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for seed := range jobs {
				r := random{rand.New(rand.NewPCG(seed, 3))}
				secret := r.secret()
				x, how := r.spoiled(secret)
				report, err := Explain(x, secret, Options{})
				switch {
				case err != nil:
					t.Errorf("seed %d: %v", seed, err)
				case report.OK:
					t.Errorf("seed %d: the request is right in spite of %s", seed, how)
				case len(report.Mistakes) > 0:
					t.Errorf("seed %d: %s is taken for %s", seed, how, report.Mistakes[0].Sentence)
				case len(report.Tried) < 30 || report.Combinations < 300:
					t.Errorf("seed %d: after %s it says that %d mistakes and %d strings were tried", seed, how, len(report.Tried), report.Combinations)
				}
			}
		})
	}
	for seed := range count {
		jobs <- seed
	}
	close(jobs)
	group.Wait()
}

// spoiled returns a request whose signature is wrong without a reason, and
// what was done to it.
func (r random) spoiled(secret string) (Request, string) {
	for {
		x := r.signed(secret)
		address, signature, _ := strings.Cut(x.URL, "&sign=")
		sum, _ := hex.DecodeString(signature)
		switch r.IntN(6) {
		case 0:
			for i := range sum {
				sum[i] = byte(r.Uint32())
			}
			x.URL = address + "&sign=" + hex.EncodeToString(sum)
			return x, "a random signature"
		case 1:
			sum[r.IntN(len(sum))] ^= 1 << r.IntN(8)
			x.URL = address + "&sign=" + hex.EncodeToString(sum)
			return x, "a bit turned in the signature"
		case 2:
			x := r.signed("another" + secret)
			return x, "another secret"
		case 3:
			x.URL = strings.Replace(x.URL, "app_key=k", "app_key=j", 1)
			return x, "another app key"
		case 4:
			if bytes.Contains(x.Body, []byte("t\"")) && !strings.HasPrefix(x.ContentType, "multipart") {
				x.Body = bytes.Replace(x.Body, []byte("t\""), []byte("w\""), 1)
				return x, "another letter in the body"
			}
		case 5:
			if strings.Contains(x.URL, "/order/202309/orders") {
				x.URL = strings.Replace(x.URL, "/orders", "/ordxrs", 1)
				return x, "another letter in the path"
			}
		}
	}
}

func TestSignatureFieldWins(t *testing.T) {
	t.Parallel()
	right := wrapped(path + query)
	report, err := Explain(Request{URL: path + sent + "&sign=wrong", Signature: right}, secret, Options{})
	if err != nil || !report.OK || report.Got != right {
		t.Errorf("ok %t, got %s, %v", report.OK, report.Got, err)
	}
}

func TestMissingSignature(t *testing.T) {
	t.Parallel()
	report, err := Explain(Request{URL: path + sent}, secret, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if report.OK || report.Expected != wrapped(path+query) || len(report.Mistakes) != 1 || report.Mistakes[0].ID != "sign-missing" {
		t.Errorf("%+v", report)
	}
}

func TestUnreadableRequests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ url, secret, says string }{
		{path + sent, "", "the app secret is empty"},
		{path + "?a=%zz", secret, "percent escape"},
		{path + "?access_token=%zz", secret, "percent escape"},
		{path + "?a=1;b=2", secret, "semicolon"},
	} {
		_, err := Explain(Request{URL: test.url, Signature: "x"}, test.secret, Options{})
		if err == nil || !strings.Contains(err.Error(), test.says) || !strings.HasPrefix(err.Error(), "explain: ") {
			t.Errorf("%s: %v", test.url, err)
		}
	}
}

func TestPieces(t *testing.T) {
	t.Parallel()
	r := Request{URL: host + path + sent + "&access_token=" + token + "&page_size=7&empty=&sign=x", ContentType: "application/json", Body: []byte(body)}
	report, err := Explain(r, secret, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Piece{
		{Kind: PieceSecret, Text: "<app_secret>"},
		{Kind: PiecePath, Text: path},
		{Kind: PieceQuery, Key: "app_key", Text: "app_key29a39d"},
		{Kind: PieceQuery, Key: "empty", Text: "empty"},
		{Kind: PieceQuery, Key: "page_size", Text: "page_size20"},
		{Kind: PieceQuery, Key: "timestamp", Text: "timestamp1700000000"},
		{Kind: PieceBody, Text: body},
		{Kind: PieceSecret, Text: "<app_secret>"},
		{Kind: PieceUnsigned, Key: "access_token", Note: "is never signed"},
		{Kind: PieceUnsigned, Key: "page_size", Note: "is a repetition; the first value counts"},
		{Kind: PieceUnsigned, Key: "sign", Note: "is never signed"},
	}
	if diff := testdiff.Diff(want, report.Pieces); diff != "" {
		t.Error(diff)
	}
	holdTogether(t, report)

	r.ContentType = "multipart/form-data; boundary=b"
	report, err = Explain(r, secret, Options{})
	if err != nil {
		t.Fatal(err)
	}
	last := report.Pieces[len(report.Pieces)-1]
	if last.Kind != PieceUnsigned || !strings.Contains(last.Note, "multipart") {
		t.Errorf("%+v", last)
	}
	holdTogether(t, report)
}

// holdTogether checks that the pieces are the canonical string.
func holdTogether(t testing.TB, report Report) {
	t.Helper()
	text := ""
	for _, p := range report.Pieces {
		text += p.Text
	}
	if text != report.Canonical {
		t.Errorf("the pieces are %q, the canonical string is %q", text, report.Canonical)
	}
}

func TestVectors(t *testing.T) {
	t.Parallel()
	var vectors []struct {
		ID          string            `json:"id"`
		Kind        string            `json:"kind"`
		Secret      string            `json:"secret"`
		Path        string            `json:"path"`
		Query       map[string]string `json:"query"`
		ContentType string            `json:"content_type"`
		Body        string            `json:"body"`
		Sign        string            `json:"sign"`
	}
	readJSON(t, "../testdata/signing.json", &vectors)
	right := 0
	for _, v := range vectors {
		q := url.Values{}
		for key, value := range v.Query {
			q.Set(key, value)
		}
		r := Request{URL: v.Path + "?" + q.Encode(), ContentType: v.ContentType, Body: []byte(v.Body), Signature: v.Sign}
		report, err := Explain(r, v.Secret, Options{})
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
			continue
		}
		legacy, err := Explain(r, v.Secret, Options{Legacy: true})
		if err != nil {
			t.Fatal(err)
		}
		if !report.OK && !legacy.OK {
			t.Errorf("%s (%s): %s", v.ID, v.Kind, report.Summary)
			continue
		}
		right++
	}
	if right != len(vectors) || right == 0 {
		t.Errorf("%d of %d vectors are right", right, len(vectors))
	}
}

// TestJavaScriptPackages names the mistakes that two npm packages make; the
// signatures are theirs.
func TestJavaScriptPackages(t *testing.T) {
	t.Parallel()
	var rows []struct {
		Package   string `json:"package"`
		Call      string `json:"call"`
		Name      string `json:"name"`
		URL       string `json:"url"`
		Body      string `json:"body"`
		Signature string `json:"signature"`
	}
	readJSON(t, "../testdata/javascript.json", &rows)
	wrong := map[string]string{
		"padding":           "split-after-decoding",
		"plus as space":     "plus",
		"escaped ampersand": "split-after-decoding",
		"parameter token":   "parameter-not-signed",
		"capital key":       "order-locale",
		"underscore key":    "order-locale",
		"other host":        "path-missing",
		"empty body":        "body-missing",
		"spaced body":       "body-spaces",
	}
	seen := map[string]bool{}
	for _, row := range rows {
		if row.Call != "signByUrl" || strings.HasPrefix(row.Signature, "error") {
			continue
		}
		report, err := Explain(Request{URL: row.URL, ContentType: "application/json", Body: []byte(row.Body), Signature: row.Signature}, "s3cr3t", Options{})
		if err != nil {
			t.Fatal(err)
		}
		id, isWrong := wrong[row.Name]
		if isWrong != !report.OK || isWrong && (len(report.Mistakes) == 0 || report.Mistakes[0].ID != id) {
			t.Errorf("%s, %s: want %q, got ok %t: %s", row.Package, row.Name, id, report.OK, report.Summary)
		}
		seen[row.Name] = true
	}
	for name := range wrong {
		if !seen[name] {
			t.Errorf("no case %q was recorded", name)
		}
	}
}

func readJSON(t *testing.T, name string, value any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, value); err != nil {
		t.Fatal(err)
	}
}

// TestNoSecretInReports plants the secrets everywhere in a request.
func TestNoSecretInReports(t *testing.T) {
	t.Parallel()
	const hidden, other = `s"cr/t+äöü-9f1c03a57b`, "other-secret-77bb"
	quoted, err := json.Marshal(hidden)
	if err != nil {
		t.Fatal(err)
	}
	q := url.Values{"app_key": {"29a39d"}, "timestamp": {"1700000000"}, "app_secret": {hidden}, hidden: {"1"}, "other": {other}, "access_token": {token}, "x": {"a" + token + "b"}}
	o := Options{Apps: []App{{Name: hidden, Key: token, Secret: other}}, Now: time.Unix(1700000000, 0)}
	for _, signature := range []string{"", "x", hidden, token, strings.Repeat("ab", 32), "x" + hidden + "y", wrapped(path)} {
		for _, r := range []Request{
			{URL: host + "/" + url.PathEscape(hidden) + "/x?" + q.Encode(), Method: hidden, ContentType: "application/json", Body: fmt.Appendf(nil, `{"secret":%s,"token":%q,"raw":"%s","url":%q}`, quoted, token, hidden, url.QueryEscape(hidden))},
			{URL: path + sent + "&" + q.Encode(), AccessToken: token, Body: []byte(hidden + other + token)},
			{URL: path + "?" + url.QueryEscape(hidden), AccessToken: token},
		} {
			r.Signature = signature
			report, err := Explain(r, hidden, o)
			if err != nil {
				t.Fatal(err)
			}
			holdTogether(t, report)
			text, err := json.Marshal(report)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []string{fmt.Sprintf("%+v", report), string(text)} {
				for _, planted := range []string{hidden, url.QueryEscape(hidden), string(quoted[1 : len(quoted)-1]), token, other} {
					if strings.Contains(s, planted) {
						t.Fatalf("%q holds %q", s, planted)
					}
				}
			}
		}
	}
}

func TestRequestsAndAppsPrintNoSecret(t *testing.T) {
	t.Parallel()
	r := Request{Method: "POST", URL: host + path + sent + "&access_token=" + token, Body: []byte(secret), Signature: secret, AccessToken: token}
	app := App{Name: "shop two", Key: "77bb", Secret: secret}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("request", "request", r, "app", app)
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %q", r, r, r, r, &r), fmt.Sprintf("%v %+v %#v", app, &app, Options{Apps: []App{app}}), log.String()} {
		if strings.Contains(text, secret) || strings.Contains(text, token) || !strings.Contains(text, "POST "+path) && !strings.Contains(text, "shop two") {
			t.Errorf("%s", text)
		}
	}
}

// TestFoundMistakesHoldNoSecret reads the sentences of mistakes that have to do
// with secrets.
func TestFoundMistakesHoldNoSecret(t *testing.T) {
	t.Parallel()
	for _, made := range madeMistakes() {
		report, err := Explain(made.request(), secret, made.o)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(report)
		if err != nil {
			t.Fatal(err)
		}
		for _, planted := range []string{secret, token, "0dd5ec4e7"} {
			if bytes.Contains(text, []byte(planted)) {
				t.Errorf("%s: %s holds %s", made.name(), text, planted)
			}
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	report, err := Explain(Request{URL: path + sent + "&sign=x"}, secret, Options{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	const start = `{"ok":false,"got":"x","expected":"`
	if !strings.HasPrefix(string(text), start) || !strings.Contains(string(text), `","canonical":"\u003capp_secret\u003e/order`) || !strings.Contains(string(text), `"mistakes":[],`) {
		t.Errorf("%s", text)
	}
	var back Report
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, report) {
		t.Errorf("it does not come back: %v\n%s", err, testdiff.Diff(report, back))
	}
}

func TestNothingFits(t *testing.T) {
	t.Parallel()
	report, err := Explain(Request{URL: path + sent + "&sign=" + strings.Repeat("0", 64), Body: []byte(body)}, secret, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(report.Summary, "none of ") || !strings.Contains(report.Summary, "alone or in pairs") || !slices.Contains(report.Tried, "body-spaces") || slices.Contains(report.Tried, "multipart-signed") {
		t.Errorf("%s, %q", report.Summary, report.Tried)
	}
}

func TestNoDigest(t *testing.T) {
	t.Parallel()
	report, err := Explain(Request{URL: path + sent, Signature: "hello"}, secret, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if report.OK || !strings.Contains(report.Summary, "not have the form of a digest") || len(report.Mistakes)+len(report.Tried) > 0 {
		t.Errorf("%+v", report)
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	now := Options{Now: time.Unix(1700000000, 0)}
	for _, test := range []struct {
		url, body string
		o         Options
		says      string // empty: nothing
	}{
		{path + sent, body, now, ""},
		{path + "?timestamp=1700000000", "", now, "app_key is missing"},
		{path + "?app_key=k", "", now, "timestamp is missing"},
		{path + "?app_key=k&timestamp=soon", "", now, "not a number"},
		{path + "?app_key=k&timestamp=1700000000000", "", now, "milliseconds"},
		{path + "?app_key=k&timestamp=1699999000", "", now, "1000 s old"},
		{path + "?app_key=k&timestamp=1699999000", "", Options{}, ""},
		{path + "?app_key=k&timestamp=1700000031", "", now, "31 s ahead"},
		{path + "?app_key=k&timestamp=1700000030", "", now, ""},
		{path + sent + "&access_token=x", "", now, "x-tts-access-token"},
		{"/api/orders/search" + sent + "&access_token=x", "", now, ""},
		{path + sent + "&page_size=3", "", now, "several times"},
		{path + sent, "{}", now, "the body is {}"},
		{path + "/" + sent, "", now, "ends with a slash"},
	} {
		report, err := Explain(Request{URL: test.url, Body: []byte(test.body), Signature: "x"}, secret, test.o)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(report.Notes, "; ")
		if !strings.Contains(text, test.says) || (test.says == "") != (text == "") {
			t.Errorf("%s: want %q, got %q", test.url, test.says, text)
		}
	}
}

// large returns a request of 100 KB that no mistake explains.
func large() Request {
	var b bytes.Buffer
	b.WriteString(`{"title":"Blåhaj <b>","items":[`)
	for i := 0; b.Len() < 100<<10; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"sku":"S%d","url":"https://x/%d","price":%d.50,"note":"é & ü","z":null,"list":[1,2,{}]}`, i, i, i)
	}
	b.WriteString(`]}`)
	return Request{
		Method: "POST", ContentType: "application/json", Body: b.Bytes(),
		URL: host + "/product/202309/products?app_key=29a39d&timestamp=1700000000&shop_cipher=ROW_abc&page_size=10&page_token=aGk%2B%3D%3D&ids=1%2C2&empty=&access_token=" + token + "&sign=" + strings.Repeat("ab", 32),
	}
}

func BenchmarkExplain(b *testing.B) {
	right := Request{URL: path + sent, Signature: wrapped(path + query)}
	small := large()
	small.Body = []byte(body)
	spaced := large()
	spaced.Signature = func() string {
		q, _ := sign.RequestFromURL(spaced.URL, "", bytes.ReplaceAll(spaced.Body, []byte(`":`), []byte(`": `)))
		q.Body = bytes.ReplaceAll(q.Body, []byte(`,`), []byte(`, `))
		return sign.New(secret).Sign(q)
	}()
	for name, r := range map[string]Request{"right": right, "nothing fits": small, "nothing fits, 100 KB": large(), "spaces, 100 KB": spaced} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Explain(r, secret, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzExplain holds the recipe of the search and the report against package
// sign.
func FuzzExplain(f *testing.F) {
	f.Add(host+path+sent+"&sign=x", "application/json", body, "s3cr3t", "x")
	f.Add("/p?a=%2B+%3D&b==&&c&access_token=t&ids=[1,2]&timestamp=1", "multipart/form-data; boundary=b", form, "s", strings.Repeat("A", 44))
	f.Add("http://127.0.0.1:9000?timestamp=1&%61=1&a=2#f?x", "", `"{\"a\":1}"`, " s ", "ab")
	f.Fuzz(func(t *testing.T, rawURL, contentType, body, secret, signature string) {
		r := Request{URL: rawURL, ContentType: contentType, Body: []byte(body), Signature: signature}
		report, err := Explain(r, secret, Options{Window: -1})
		if err != nil {
			return
		}
		q, err := sign.RequestFromURL(rawURL, contentType, []byte(body))
		if err != nil {
			t.Fatalf("Explain reads the URL, package sign does not: %v", err)
		}
		if want := sign.New(secret).Sign(q); report.Expected != want {
			t.Fatalf("expected %s, want %s", report.Expected, want)
		}
		if report.OK != (report.Summary == "the signature is right") || report.OK && (len(report.Mistakes) > 0 || report.Combinations > 0) {
			t.Fatalf("ok %t with %d mistakes", report.OK, len(report.Mistakes))
		}
		facts, err := newFacts(r, secret, Options{})
		if err != nil {
			t.Fatal(err)
		}
		recipe := facts.right()
		text, at := recipe.message(new(recipeScratch))
		message := slices.Concat(text[:at], facts.render(recipe.body), text[at:])
		if got := keyed(secret, string(message)); got != report.Expected {
			t.Fatalf("the recipe signs %q", message)
		}
		const sure = 12 // characters of a secret that is in no text by chance
		if len(secret) >= sure && !strings.ContainsAny(secret, "<>") && strings.TrimSpace(secret) == secret && strings.Contains(report.Canonical, secret) {
			t.Fatalf("the canonical string %q holds the secret", report.Canonical)
		}
	})
}
