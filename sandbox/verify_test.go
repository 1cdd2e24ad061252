package sandbox_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sign"
)

// vector is an entry of the signing vectors, which are shared with the signer.
type vector struct {
	ID          string            `json:"id"`
	Kind        string            `json:"kind"`
	Secret      string            `json:"secret"`
	Method      string            `json:"method"`
	Path        string            `json:"path"`
	Query       map[string]string `json:"query"`
	ContentType string            `json:"content_type"`
	Body        string            `json:"body"`
	Sign        string            `json:"sign"`
}

func vectors(t *testing.T) []vector {
	t.Helper()
	data, err := os.ReadFile("../sign/testdata/signing.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []vector
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) < 40 {
		t.Fatalf("only %d vectors", len(list))
	}
	return list
}

func (v vector) request(sign string) *http.Request {
	query := url.Values{}
	for key, value := range v.Query {
		query.Set(key, value)
	}
	query.Set("sign", sign)
	r := httptest.NewRequest(v.Method, "http://any.host"+v.Path+"?"+query.Encode(), nil)
	r.Header.Set("Content-Type", v.ContentType)
	return r
}

func TestVerifierVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			legacy := strings.HasPrefix(v.Kind, "legacy")
			if !sandbox.VerifyRequest(v.Secret, legacy, v.request(v.Sign), []byte(v.Body)) {
				t.Errorf("the signature of vector %s (%s) is refused", v.ID, v.Kind)
			}
			for name, wrong := range map[string]string{
				"upper case": strings.ToUpper(v.Sign),
				"spaces":     " " + v.Sign,
				"cut short":  v.Sign[:63],
				"altered":    "f" + v.Sign[1:],
			} {
				if wrong != v.Sign && sandbox.VerifyRequest(v.Secret, legacy, v.request(wrong), []byte(v.Body)) {
					t.Errorf("%s: accepted", name)
				}
			}
			if sandbox.VerifyRequest(v.Secret+"x", legacy, v.request(v.Sign), []byte(v.Body)) {
				t.Error("accepted with another secret")
			}
		})
	}
}

func TestVerifierQuery(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t"
	for name, test := range map[string]struct {
		query string // as sent, without sign
		base  string // what it contributes to the signed string
	}{
		"sorted by bytes":         {"b=2&a_=3&a1=4&B=1", "B1a14a_3b2"},
		"decoded":                 {"ids=1%2C2&title=a+b&t=a%26b%3Dc", "ids1,2ta&b=ctitlea b"},
		"first of a repeated":     {"a=1&a=2&a=3", "a1"},
		"empty value kept":        {"shop_id=&z", "shop_idz"},
		"token in query dropped":  {"access_token=x&a=1", "a1"},
		"token key kept":          {"token=zz", "tokenzz"},
		"broken escape as sent":   {"a=%zz", "a%zz"},
		"semicolon is not an end": {"a=1;b=2", "a1;b=2"},
		"empty pairs":             {"&&a=1&", "a1"},
		"key escaped":             {"%61=1", "a1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := signature(secret, "/p"+test.base, nil, "")
			r := httptest.NewRequest("GET", "http://x/p?"+test.query+"&sign="+want, nil)
			if !sandbox.VerifyRequest(secret, false, r, nil) {
				t.Errorf("the signature over %q is refused", "/p"+test.base)
			}
		})
	}
}

func TestVerifierBody(t *testing.T) {
	t.Parallel()
	const secret, path = "s3cr3t", "/order/202309/orders/search"
	for name, test := range map[string]struct {
		method, contentType, body string
		signed                    string // the body in the signed string
		want                      bool
	}{
		"signed":                    {"POST", "application/json", `{"a":1}`, `{"a":1}`, true},
		"other spacing":             {"POST", "application/json", `{"a": 1}`, `{"a":1}`, false},
		"left out":                  {"POST", "application/json", `{"a":1}`, ``, false},
		"empty object signed":       {"POST", "application/json", `{}`, `{}`, true},
		"empty object left out":     {"POST", "application/json", `{}`, ``, true},
		"spaced object left out":    {"POST", "application/json", `{ }`, ``, false},
		"none sent but signed":      {"POST", "application/json", ``, `{}`, false},
		"GET signed":                {"GET", "application/json", `{"a":1}`, `{"a":1}`, true},
		"GET left out":              {"GET", "application/json", `{"a":1}`, ``, true},
		"GET another":               {"GET", "application/json", `{"a":1}`, `{"a":2}`, false},
		"DELETE signed":             {"DELETE", "application/json", `{"a":1}`, `{"a":1}`, true},
		"DELETE left out":           {"DELETE", "application/json", `{"a":1}`, ``, false},
		"multipart left out":        {"POST", "multipart/form-data; boundary=b", "--b--", ``, true},
		"multipart in capitals":     {"POST", "Multipart/Form-Data; boundary=b", "--b--", ``, true},
		"multipart signed":          {"POST", "multipart/form-data; boundary=b", "--b--", `--b--`, false},
		"UTF-8 as sent":             {"POST", "application/json", `{"t":"Ngọc"}`, `{"t":"Ngọc"}`, true},
		"UTF-8 signed as an escape": {"POST", "application/json", `{"t":"Ngọc"}`, `{"t":"Ng\u1ecdc"}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query := url.Values{"app_key": {"k"}, "timestamp": {"1700000000"}}
			query.Set("sign", signature(secret, path, query, test.signed))
			r := httptest.NewRequest(test.method, "http://x"+path+"?"+query.Encode(), nil)
			r.Header.Set("Content-Type", test.contentType)
			if got := sandbox.VerifyRequest(secret, false, r, []byte(test.body)); got != test.want {
				t.Errorf("verified = %t, want %t", got, test.want)
			}
		})
	}
}

func TestVerifierLegacyIgnoresBody(t *testing.T) {
	t.Parallel()
	query := url.Values{"app_key": {"k"}, "timestamp": {"1"}}
	query.Set("sign", signature("s", "/api/orders/search", query, ""))
	r := httptest.NewRequest("POST", "http://x/api/orders/search?"+query.Encode(), nil)
	if !sandbox.VerifyRequest("s", true, r, []byte(`{"a":1}`)) {
		t.Error("the body counts under the legacy rule")
	}
	if sandbox.VerifyRequest("s", false, r, []byte(`{"a":1}`)) {
		t.Error("the body does not count under the current rule")
	}
}

// FuzzVerifierAgreesWithSign holds the two implementations of the rule against
// each other: what the client signs the sandbox accepts, and nothing else.
func FuzzVerifierAgreesWithSign(f *testing.F) {
	f.Add("secret", "POST", "/order/202309/orders/search", "page_token=aGk%3D%3D&ids=1%2C2&title=a+b", "application/json", []byte(`{"order_status":"UNPAID"}`))
	f.Add("", "GET", "/authorization/202309/shops", "", "", []byte(nil))
	f.Add("s", "POST", "/product/202309/images/upload", "a=&a=2&B=1&a_=3&a1=4", "multipart/form-data; boundary=b", []byte("--b--"))
	f.Add("s", "DELETE", "/p/%C3%A9", "sign=x&access_token=y&token=z", "application/json; charset=utf-8", []byte(`{}`))
	f.Fuzz(func(t *testing.T, secret, method, path, rawQuery, contentType string, body []byte) {
		query, err := url.ParseQuery(rawQuery)
		target := &url.URL{Scheme: "http", Host: "x", Path: "/" + strings.TrimPrefix(path, "/")}
		if err != nil || strings.ContainsAny(contentType, "\r\n\x00") {
			return // not expressible as a request
		}
		switch method {
		case "GET", "POST", "PUT", "DELETE":
		default:
			return
		}
		query.Del("sign")
		signed := sign.New(secret).Sign(sign.Request{Path: target.EscapedPath(), Query: query, ContentType: contentType, Body: body})
		build := func(signature string) *http.Request {
			values := url.Values{"sign": {signature}}
			maps.Copy(values, query)
			u := *target
			u.RawQuery = values.Encode()
			r, err := http.NewRequest(method, u.String(), nil)
			if err != nil {
				t.Skip(err)
			}
			r.Header.Set("Content-Type", contentType)
			return r
		}
		r := build(signed)
		if r.URL.EscapedPath() != target.EscapedPath() {
			t.Skip("the path does not survive the wire")
		}
		if !sandbox.VerifyRequest(secret, false, r, body) {
			t.Fatalf("the sandbox refuses what the client signs: %q", r.URL)
		}
		if sandbox.VerifyRequest(secret+"x", false, r, body) {
			t.Fatal("accepted with another secret")
		}
		other := bytes.Clone(body)
		other = append(other, 'x')
		multipart := strings.HasPrefix(strings.ToLower(strings.TrimSpace(contentType)), "multipart/form-data")
		if !multipart && method != "GET" && sandbox.VerifyRequest(secret, false, r, other) {
			t.Fatal("accepted with another body")
		}
	})
}
