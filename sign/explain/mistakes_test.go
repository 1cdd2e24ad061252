package explain

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// The right string of the request that the cases begin with, put together by
// hand: secret + path + query + body + secret.
const (
	secret = "9f1c03a57be2d8460c"
	host   = "https://open-api.tiktokglobalshop.com"
	path   = "/order/202309/orders/search"
	query  = "app_key29a39dpage_size20timestamp1700000000"
	sent   = "?timestamp=1700000000&app_key=29a39d&page_size=20"
	body   = `{"order_status":"UNPAID","ids":[1,2]}`
	token  = "TTP_token-0123456789"
)

func digest(h hash.Hash, message string) []byte {
	h.Write([]byte(message))
	return h.Sum(nil)
}

// keyed returns the hex digits of the HMAC-SHA-256.
func keyed(key, message string) string {
	return hex.EncodeToString(digest(hmac.New(sha256.New, []byte(key)), message))
}

// wrapped signs a string wrapped in the secret.
func wrapped(s string) string { return keyed(secret, secret+s+secret) }

// madeMistake is a request that is signed in a wrong way, written out.
type madeMistake struct {
	id    string
	says  string // part of the sentence
	url   string // after the path; empty for sent
	path  string // empty for host and path
	body  string
	other Request // further fields
	o     Options
	sign  string
}

const form = "--b\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\nx\r\n--b--\r\n"

func madeMistakes() []madeMistake {
	multipart := Request{ContentType: "multipart/form-data; boundary=b"}
	withToken := Request{AccessToken: token}
	spaced := `{"order_status": "UNPAID", "ids": [1, 2]}`
	apps := Options{Apps: []App{{Name: "shop two", Key: "77bb", Secret: "0dd5ec4e7"}}}
	accented := `{"note":"café <&> /é","url":"https://x/y"}`
	// str wraps the usual string with another body.
	str := func(body string) string { return wrapped(path + query + body) }
	listed := sent + "&ids=11%2C22"
	list := func(pair string) string {
		return wrapped(path + "app_key29a39d" + pair + "page_size20timestamp1700000000")
	}
	token64 := sent + "&page_token=a%2Bb%3D%3D"
	paged := func(value string) string {
		return wrapped(path + "app_key29a39dpage_size20page_token" + value + "timestamp1700000000")
	}
	timed := func(value string) string { return wrapped(path + "app_key29a39dpage_size20timestamp" + value) }
	base := secret + path + query + secret
	sum := digest(hmac.New(sha256.New, []byte(secret)), base)
	withKey := func(key string) string { return keyed(key, key+path+query+key) }
	return []madeMistake{
		// Which parameters.
		{id: "access-token-signed", url: sent + "&access_token=" + token, sign: wrapped(path + "access_token" + token + query)},
		{id: "access-token-signed", says: "header", other: withToken, sign: wrapped(path + "access_token" + token + query)},
		{id: "access-token-signed", says: "x-tts-access-token", other: withToken, sign: wrapped(path + query + "x-tts-access-token" + token)},
		{id: "sign-signed", sign: wrapped(path + "app_key29a39dpage_size20signtimestamp1700000000")},
		{id: "sign-signed", says: "twice", sign: wrapped(path + "app_key29a39dpage_size20sign" + wrapped(path+query) + "timestamp1700000000")},
		{id: "secret-signed", sign: wrapped(path + "app_key29a39dapp_secret" + secret + "page_size20timestamp1700000000")},
		{id: "header-signed", other: Request{ContentType: "application/json"}, sign: wrapped(path + "Content-Typeapplication/json" + query)},
		{id: "parameter-not-signed", says: "page_size", sign: wrapped(path + "app_key29a39dtimestamp1700000000")},
		{id: "parameter-not-signed", says: "tiktok-shop", url: sent + "&token=zz", sign: wrapped(path + query)},
		{id: "parameter-not-signed", says: "lower case", url: sent + "&Sign=zz", sign: wrapped(path + query)},
		{id: "parameter-not-signed", says: "app_key and timestamp only", url: sent + "&sort_order=ASC", sign: wrapped(path + "app_key29a39dtimestamp1700000000")},
		{id: "parameter-not-signed", says: "query parameters out", sign: wrapped(path)},
		{id: "parameter-not-sent", says: "version 202212", sign: wrapped(path + query + "version202212")},
		{id: "parameter-not-sent", says: "shop_cipher (empty)", sign: wrapped(path + "app_key29a39dpage_size20shop_ciphertimestamp1700000000")},
		{id: "order-insertion", sign: wrapped(path + "timestamp1700000000app_key29a39dpage_size20")},
		{id: "order-locale", url: sent + "&B=1&a=2", sign: wrapped(path + "a2app_key29a39dB1page_size20timestamp1700000000")},
		{id: "order-locale", url: sent + "&a1=1&a_=2", sign: wrapped(path + "a_2a11app_key29a39dpage_size20timestamp1700000000")},
		{id: "order-locale", says: "punctuation", url: sent + "&pageb=2", sign: wrapped(path + "app_key29a39dpageb2page_size20timestamp1700000000")},
		{id: "order-case", url: sent + "&B=1&a1=2&a_=3", sign: wrapped(path + "a12a_3app_key29a39dB1page_size20timestamp1700000000")},
		{id: "order-case", says: "ignoring case", url: sent + "&ab_=3&aba=4", sign: wrapped(path + "aba4ab_3app_key29a39dpage_size20timestamp1700000000")},
		{id: "order-other", says: "descending", sign: wrapped(path + "timestamp1700000000page_size20app_key29a39d")},
		{id: "order-other", says: "values", url: "?timestamp=2&app_key=3&page_size=1", sign: wrapped(path + "page_size1timestamp2app_key3")},
		{id: "order-other", says: "another order", sign: wrapped(path + "page_size20app_key29a39dtimestamp1700000000")},
		{id: "joined", says: "= and &", sign: wrapped(path + "app_key=29a39d&page_size=20&timestamp=1700000000")},
		{id: "joined", says: "with =", sign: wrapped(path + "app_key=29a39dpage_size=20timestamp=1700000000")},
		{id: "joined", says: "with &", sign: wrapped(path + "app_key29a39d&page_size20&timestamp1700000000")},
		{id: "joined", says: "?", sign: wrapped(path + "?app_key=29a39d&page_size=20&timestamp=1700000000")},
		{id: "joined", says: "without their keys", sign: wrapped(path + "29a39d201700000000")},
		{id: "raw-query", sign: wrapped(path + sent[1:])},
		{id: "raw-query", says: "path and query", sign: wrapped(path + sent)},
		{id: "repeated-key", says: "last", url: sent + "&a=1&a=2", sign: wrapped(path + "a2" + query)},
		{id: "repeated-key", says: "every pair", url: sent + "&a=1&a=2", sign: wrapped(path + "a1a2" + query)},
		{id: "repeated-key", says: "all its values", url: sent + "&a=1&a=2", sign: wrapped(path + "a12" + query)},
		{id: "repeated-key", says: "commas", url: sent + "&a=1&a=2", sign: wrapped(path + "a1,2" + query)},

		// The values.
		{id: "value-encoded", url: token64, sign: paged("a%2Bb%3D%3D")},
		{id: "value-encoded", says: "lower-case", url: token64, sign: paged("a%2bb%3d%3d")},
		{id: "value-encoded", says: "%20", url: sent + "&title=a+b", sign: wrapped(path + query + "titlea%20b")},
		{id: "plus", says: "you signed a plus sign", url: sent + "&title=a+b", sign: wrapped(path + query + "titlea+b")},
		{id: "plus", says: "you signed a space", url: sent + "&title=a%2Bb", sign: wrapped(path + query + "titlea b")},
		{id: "value-decoded-twice", url: sent + "&title=a%252Cb", sign: wrapped(path + query + "titlea,b")},
		{id: "split-after-decoding", url: token64, sign: paged("a+b")},
		{id: "split-after-decoding", url: sent + "&title=a%26b", sign: wrapped(path + "app_key29a39dbundefinedpage_size20timestamp1700000000titlea")},
		{id: "value-cut", url: sent + "&page_token=a%2Bb%26==", sign: paged("a+b&")},
		{id: "value-written", says: "True", url: sent + "&all=true", sign: wrapped(path + "allTrue" + query)},
		{id: "value-written", says: "1 and 0", url: sent + "&all=false", sign: wrapped(path + "all0" + query)},
		{id: "value-written", says: "white space", url: sent + "&title=+a+", sign: wrapped(path + query + "titlea")},
		{id: "value-written", says: "JSON strings", sign: wrapped(path + `app_key"29a39d"page_size"20"timestamp"1700000000"`)},
		{id: "empty-dropped", url: sent + "&shop_id=", sign: wrapped(path + query)},
		{id: "empty-word", says: "undefined", url: sent + "&shop_id=", sign: wrapped(path + "app_key29a39dpage_size20shop_idundefinedtimestamp1700000000")},
		{id: "array", says: "JSON array of strings", url: listed, sign: list(`ids["11","22"]`)},
		{id: "array", says: "JSON array of numbers", url: listed, sign: list(`ids[11,22]`)},
		{id: "array", says: "with spaces", url: listed, sign: list(`ids["11", "22"]`)},
		{id: "array", says: "Python", url: listed, sign: list(`ids['11', '22']`)},
		{id: "array", says: "repeated", url: listed, sign: list("ids11ids22")},
		{id: "array", says: "commas", url: sent + "&ids=" + url.QueryEscape(`["11", "22"]`), sign: list("ids11,22")},
		{id: "array", says: "JSON array of strings", url: sent + "&ids=11", sign: list(`ids["11"]`)},
		{id: "array", says: "[]", url: listed, sign: list("ids[]11ids[]22")},
		{id: "array", says: "index", url: listed, sign: list("ids[0]11ids[1]22")},
		{id: "array", says: "without commas", url: listed, sign: list("ids1122")},

		// The timestamp.
		{id: "timestamp-milliseconds", says: "sent it in seconds", sign: timed("1700000000000")},
		{id: "timestamp-milliseconds", says: "sent it in seconds", sign: timed("1700000000417")},
		{id: "timestamp-milliseconds", says: "sent it in milliseconds", url: "?app_key=29a39d&page_size=20&timestamp=1700000000417", sign: timed("1700000000")},
		{id: "timestamp-other", says: "1700000001", sign: timed("1700000001")},
		{id: "timestamp-other", says: "1699999763", sign: timed("1699999763")},
		{id: "timestamp-other", says: "1700025200", sign: timed("1700025200")},
		{id: "timestamp-other", says: "1234567890", o: Options{Timestamps: []int64{5, 1234567890}}, sign: timed("1234567890")},
		{id: "timestamp-written", says: "fraction", sign: timed("1700000000.0")},
		{id: "timestamp-written", says: "date", sign: timed("2023-11-14T22:13:20Z")},

		// The path.
		{id: "path-missing", sign: wrapped(query)},
		{id: "path-host", says: "whole URL", sign: wrapped(host + path + query)},
		{id: "path-host", says: "before", sign: wrapped("open-api.tiktokglobalshop.com" + path + query)},
		{id: "path-slash", says: "but sent it without", sign: wrapped(path + "/" + query)},
		{id: "path-slash", says: "but sent it with one", path: host + path + "/", sign: wrapped(path + query)},
		{id: "path-slash", says: "first slash", sign: wrapped(path[1:] + query)},
		{id: "path-com", sign: wrapped(".com" + path + query)},
		{id: "path-com", path: "https://open-api.tiktokglobalshop.com:443" + path, sign: wrapped(":443" + path + query)},
		{id: "path-escapes", says: "decoded", path: host + path + "/a%20b", sign: wrapped(path + "/a b" + query)},
		{id: "path-escapes", says: "plain", path: host + path + "/a,b", sign: wrapped(path + "/a%2Cb" + query)},
		{id: "path-place", sign: wrapped(query + path)},
		{id: "method-signed", says: "POST", other: Request{Method: "POST"}, sign: wrapped("POST" + path + query)},
		{id: "method-signed", says: "GET", sign: wrapped("GET\n" + path + query)},
		{id: "path-query", sign: wrapped(path + sent + query)},
		{id: "path-part", says: "prefix /proxy", path: host + "/proxy" + path, sign: wrapped(path + query)},
		{id: "path-part", says: "after it", path: host + path + "/576461413038785752", sign: wrapped(path + query)},
		{id: "path-version", says: "202507", sign: wrapped("/order/202507/orders/search" + query)},
		{id: "path-case", path: host + "/Order/202309/orders", sign: wrapped("/order/202309/orders" + query)},

		// The body as bytes.
		{id: "body-missing", body: body, sign: str("")},
		{id: "body-missing", says: "GET", other: Request{Method: "GET"}, body: body, sign: str("")},
		{id: "body-missing", says: "{}", body: "{}", sign: str("")},
		{id: "legacy-rule", path: host + "/api/orders/search", body: body, sign: wrapped("/api/orders/search" + query)},
		{id: "legacy-rule", says: "202309 and later requires", o: Options{Legacy: true}, path: host + "/api/orders/search", body: body, sign: wrapped("/api/orders/search" + query + body)},
		{id: "multipart-signed", other: multipart, body: form, sign: str(form)},
		{id: "body-added", sign: str("{}")},
		{id: "body-added", says: "null", sign: str("null")},
		{id: "body-added", says: "no body is signed", other: multipart, body: form, sign: str("{}")},
		{id: "body-added", says: "[object Object]", body: body, sign: str("[object Object]")},
		{id: "body-newline", body: body, sign: str(body + "\n")},
		{id: "body-newline", body: body, sign: str(body + "\r\n")},
		{id: "body-white-space", says: "line end", body: body + "\n", sign: str(body)},
		{id: "body-white-space", says: "white space", body: "  " + body + " ", sign: str(body)},
		{id: "body-line-ends", says: "with LF", body: "{\r\n\"a\":1}", sign: str("{\n\"a\":1}")},
		{id: "body-line-ends", says: "with CRLF line ends, but", body: "{\n\"a\":1}", sign: str("{\r\n\"a\":1}")},
		{id: "body-mark", says: "leading byte order mark", body: body, sign: str("\ufeff" + body)},
		{id: "body-mark", says: "without its", body: "\ufeff" + body, sign: str(body)},
		{id: "body-charset", says: "8859-1", body: `{"note":"café"}`, sign: str("{\"note\":\"caf\xe9\"}")},
		{id: "body-charset", says: "ASCII", body: `{"note":"café"}`, sign: str(`{"note":"caf?"}`)},
		{id: "body-hash", says: "SHA-256", body: body, sign: str(hex.EncodeToString(digest(sha256.New(), body)))},
		{id: "body-hash", says: "MD5", body: body, sign: str(hex.EncodeToString(digest(md5.New(), body)))},
		{id: "body-encoded", says: "base64", body: body, sign: str(base64.StdEncoding.EncodeToString([]byte(body)))},
		{id: "body-encoded", says: "URL-encoded", body: body, sign: str(url.QueryEscape(body))},
		{id: "body-place", says: "between", body: body, sign: wrapped(path + body + query)},
		{id: "body-place", says: "after the secret", body: body, sign: keyed(secret, base+body)},
		{id: "body-as-parameters", body: body, sign: wrapped(path + "app_key29a39dids[1,2]order_statusUNPAIDpage_size20timestamp1700000000")},

		// The body rewritten.
		{id: "body-spaces", says: "you signed the body with spaces, but sent it without", body: body, sign: str(spaced)},
		{id: "body-spaces", says: "you signed the body without spaces, but sent it with", body: spaced, sign: str(body)},
		{id: "body-spaces", says: "indented by two spaces", body: `{"a":[1]}`, sign: str("{\n  \"a\": [\n    1\n  ]\n}")},
		{id: "body-spaces", says: "indented by four spaces", body: `{"a":1}`, sign: str("{\n    \"a\": 1\n}")},
		{id: "body-spaces", says: "tabs", body: `{"a":1}`, sign: str("{\n\t\"a\": 1\n}")},
		{id: "body-spaces", says: "but sent it indented by two spaces", body: "{\n  \"a\": 1\n}", sign: str(`{"a":1}`)},
		{id: "body-key-order", body: body, sign: str(`{"ids":[1,2],"order_status":"UNPAID"}`)},
		{id: "body-key-order", says: "outermost", body: `{"b":{"z":1,"y":2},"a":3}`, sign: str(`{"a":3,"b":{"z":1,"y":2}}`)},
		{id: "body-key-order", says: "different order", body: `{"a":1,"b":2,"c":3}`, sign: str(`{"b":2,"a":1,"c":3}`)},
		{id: "body-escapes", says: `\u escapes for characters`, body: `{"note":"café"}`, sign: str(`{"note":"caf\u00e9"}`)},
		{id: "body-escapes", says: "plain characters", body: `{"note":"caf\u00e9"}`, sign: str(`{"note":"café"}`)},
		{id: "body-escapes", says: `slashes as \/`, body: `{"url":"https://x/y"}`, sign: str(`{"url":"https:\/\/x\/y"}`)},
		{id: "body-escapes", says: "PHP", body: accented, sign: str(`{"note":"caf\u00e9 <&> \/\u00e9","url":"https:\/\/x\/y"}`)},
		{id: "body-escapes", says: "Go", body: accented, sign: str(`{"note":"café \u003c\u0026\u003e /é","url":"https://x/y"}`)},
		{id: "body-escapes", says: "in capitals", body: `{"note":"é"}`, sign: str(`{"note":"\u00E9"}`)},
		{id: "body-numbers", says: "floating point", body: `{"id":576461413038785752}`, sign: str(`{"id":576461413038785800}`)},
		{id: "body-numbers", says: "floating point", body: `{"price":1.50}`, sign: str(`{"price":1.5}`)},
		{id: "body-numbers", says: "fractions", body: `{"price":1.0e1,"id":576461413038785752}`, sign: str(`{"price":10.0,"id":576461413038785752}`)},
		{id: "body-members", says: "null", body: `{"a":null,"b":1}`, sign: str(`{"b":1}`)},
		{id: "body-members", says: "empty", body: `{"a":"","b":1,"c":[]}`, sign: str(`{"b":1}`)},
		{id: "body-rewritten", says: "json.dumps", body: `{"note":"café","n":1}`, sign: str(`{"note": "caf\u00e9", "n": 1}`)},
		{id: "body-rewritten", says: "JSON.stringify", body: `{"note": "caf\u00e9", "n": 1.0}`, sign: str(`{"note":"café","n":1}`)},
		{id: "body-rewritten", says: "json.Marshal from a map", body: `{ "b":"<", "a":1}`, sign: str(`{"a":1,"b":"\u003c"}`)},
		{id: "body-quoted", says: "you signed the body encoded twice", body: `{"a":1}`, sign: str(`"{\"a\":1}"`)},
		{id: "body-quoted", says: "you sent the body encoded twice", body: `"{\"a\":1}"`, sign: str(`{"a":1}`)},
		{id: "body-printed", body: `{"a":null,"b":[true,"x"]}`, sign: str(`{'a': None, 'b': [True, 'x']}`)},

		// The secret.
		{id: "secret-not-wrapped", sign: keyed(secret, path+query)},
		{id: "secret-wrapped-once", says: "only before", sign: keyed(secret, secret+path+query)},
		{id: "secret-wrapped-once", says: "only after", sign: keyed(secret, path+query+secret)},
		{id: "secret-white-space", says: "line end", sign: withKey(secret + "\n")},
		{id: "secret-white-space", says: "CRLF", sign: withKey(secret + "\r\n")},
		{id: "secret-white-space", says: "wrapped", sign: keyed(secret, secret+"\n"+path+query+secret+"\n")},
		{id: "secret-other-app", says: "shop two", o: apps, sign: withKey("0dd5ec4e7")},
		{id: "app-key-other-app", says: "shop two", o: apps, sign: wrapped(path + "app_key77bbpage_size20timestamp1700000000")},
		{id: "app-key-other-app", says: "and the secret", o: apps, sign: keyed("0dd5ec4e7", "0dd5ec4e7"+path+"app_key77bbpage_size20timestamp1700000000"+"0dd5ec4e7")},
		{id: "secret-is-app-key", says: "in place", sign: withKey("29a39d")},
		{id: "secret-is-app-key", says: "access token", other: withToken, sign: withKey(token)},
		{id: "secret-written", says: "empty secret", sign: withKey("")},
		{id: "secret-written", says: "undefined", sign: withKey("undefined")},
		{id: "secret-written", says: "quotes", sign: withKey(`"` + secret + `"`)},
		{id: "secret-written", says: "upper case", sign: withKey(strings.ToUpper(secret))},
		{id: "secret-written", says: "hex", sign: keyed("\x9f\x1c\x03\xa5\x7b\xe2\xd8\x46\x0c", base)},
		{id: "wrapped-with-app-key", sign: keyed(secret, "29a39d"+path+query+"29a39d")},
		{id: "webhook-rule", body: body, sign: keyed(secret, "29a39d"+body)},

		// The digest and its form.
		{id: "digest", says: "plain SHA-256", sign: hex.EncodeToString(digest(sha256.New(), base))},
		{id: "digest", says: "plain MD5", sign: hex.EncodeToString(digest(md5.New(), base))},
		{id: "digest", says: "HMAC-MD5", sign: hex.EncodeToString(digest(hmac.New(md5.New, []byte(secret)), base))},
		{id: "digest", says: "HMAC-SHA-1", sign: hex.EncodeToString(digest(hmac.New(sha1.New, []byte(secret)), base))},
		{id: "digest", says: "plain SHA-1", sign: hex.EncodeToString(digest(sha1.New(), base))},
		{id: "digest", says: "HMAC-SHA-512", sign: hex.EncodeToString(digest(hmac.New(sha512.New, []byte(secret)), base))},
		{id: "digest-swapped", sign: keyed(base, secret)},
		{id: "digest-swapped", url: "?a=1", path: "/p", sign: keyed(secret+"/pa1"+secret, secret)},
		{id: "output-upper-case", sign: strings.ToUpper(hex.EncodeToString(sum))},
		{id: "output-base64", says: "in base64,", sign: base64.StdEncoding.EncodeToString(sum)},
		{id: "output-base64", says: "base64", sign: base64.RawURLEncoding.EncodeToString(sum)},
		{id: "output-base64", says: "encoded again", sign: base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(sum)))},
		{id: "output-twice", sign: hex.EncodeToString([]byte(hex.EncodeToString(sum)))},
		{id: "output-decorated", sign: hex.EncodeToString(sum) + "\n"},
		{id: "output-decorated", sign: "sha256=" + hex.EncodeToString(sum)},
		{id: "output-cut", sign: hex.EncodeToString(sum)[:32]},
		{id: "output-cut", sign: hex.EncodeToString(sum)[:63]},
	}
}

func (m madeMistake) request() Request {
	r := m.other
	r.URL = host + path
	if m.path != "" {
		r.URL = m.path
	}
	if m.url == "" {
		m.url = sent
	}
	r.URL += m.url
	r.Body = []byte(m.body)
	if r.ContentType == "" && m.body != "" {
		r.ContentType = "application/json"
	}
	r.Signature = m.sign
	return r
}

func (m madeMistake) name() string { return strings.TrimSpace(m.id + " " + m.says) }

func TestEveryMistakeIsRecognised(t *testing.T) {
	t.Parallel()
	for _, made := range madeMistakes() {
		t.Run(made.name(), func(t *testing.T) {
			t.Parallel()
			report, err := Explain(made.request(), secret, made.o)
			if err != nil {
				t.Fatal(err)
			}
			if report.OK || len(report.Mistakes) == 0 {
				t.Fatalf("ok %t, nothing found: %s", report.OK, report.Summary)
			}
			first := report.Mistakes[0]
			if first.ID != made.id || !strings.Contains(first.Sentence, made.says) || first.Parts != nil {
				t.Errorf("got %s: %s", first.ID, first.Sentence)
			}
			if first.Fix == "" || !strings.HasPrefix(first.Sentence, "you s") && !strings.HasPrefix(first.Sentence, "you ") {
				t.Errorf("sentence %q, fix %q", first.Sentence, first.Fix)
			}
			if want := report.Mistakes[0].Sentence + ": " + first.Fix; report.Summary != want {
				t.Errorf("summary %q, want %q", report.Summary, want)
			}
			if report.Tried != nil {
				t.Error("it says what was tried although a mistake was found")
			}
		})
	}
}

// TestEveryMistakeHasACase fails where a hypothesis is added without a request
// that is signed in its way.
func TestEveryMistakeHasACase(t *testing.T) {
	t.Parallel()
	made := map[string]bool{"sign-missing": true}
	for _, m := range madeMistakes() {
		made[m.id] = true
	}
	ids := slices.Clone(outputIDs)
	for _, table := range tables() {
		for _, h := range table {
			ids = append(ids, h.id)
			if h.weight < 1 || h.weight > 100 {
				t.Errorf("%s has the weight %d", h.id, h.weight)
			}
		}
	}
	for _, id := range ids {
		if !made[id] {
			t.Errorf("no case makes the mistake %s", id)
		}
	}
}

// TestTwoMistakesAreRecognised makes two mistakes at once, by hand.
func TestTwoMistakesAreRecognised(t *testing.T) {
	t.Parallel()
	spaced := `{"order_status": "UNPAID", "ids": [1, 2]}`
	for _, made := range []madeMistake{
		{id: "joined+body-spaces", body: body, sign: wrapped(path + "app_key=29a39d&page_size=20&timestamp=1700000000" + spaced)},
		{id: "path-missing+body-missing", body: body, sign: wrapped(query)},
		{id: "order-insertion+body-newline", body: body, sign: wrapped(path + "timestamp1700000000app_key29a39dpage_size20" + body + "\n")},
		{id: "access-token-signed+body-key-order", url: sent + "&access_token=" + token, body: body, sign: wrapped(path + "access_token" + token + query + `{"ids":[1,2],"order_status":"UNPAID"}`)},
		{id: "body-spaces+secret-not-wrapped", body: body, sign: keyed(secret, path+query+spaced)},
		{id: "body-spaces+body-key-order", body: body, sign: wrapped(path + query + `{"ids": [1, 2], "order_status": "UNPAID"}`)},
		{id: "timestamp-milliseconds+path-host", sign: wrapped(host + path + "app_key29a39dpage_size20timestamp1700000000000")},
		{id: "path-slash+secret-white-space", sign: keyed(secret+"\n", secret+"\n"+path+"/"+query+secret+"\n")},
		{id: "joined+output-upper-case", sign: strings.ToUpper(wrapped(path + "app_key=29a39d&page_size=20&timestamp=1700000000"))},
		{id: "body-spaces+digest", body: body, sign: hex.EncodeToString(digest(md5.New(), secret+path+query+spaced+secret))},
		{id: "value-encoded+empty-dropped", url: sent + "&ids=1%2C2&shop_id=", sign: wrapped(path + "app_key29a39dids1%2C2page_size20timestamp1700000000")},
		{id: "joined+value-encoded", url: sent + "&ids=1%2C2", sign: wrapped(path + "app_key=29a39d&ids=1%2C2&page_size=20&timestamp=1700000000")},
		{id: "timestamp-other+body-spaces", body: body, sign: wrapped(path + "app_key29a39dpage_size20timestamp1700000001" + spaced)},
		{id: "secret-other-app+digest-swapped", o: Options{Apps: []App{{Secret: "0dd5ec4e7"}}}, sign: keyed("0dd5ec4e7"+path+query+"0dd5ec4e7", "0dd5ec4e7")},
	} {
		t.Run(made.id, func(t *testing.T) {
			t.Parallel()
			report, err := Explain(made.request(), secret, made.o)
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Mistakes) == 0 {
				t.Fatal(report.Summary)
			}
			first := report.Mistakes[0]
			if first.ID != made.id || len(first.Parts) != 2 || !strings.Contains(first.Sentence, "; and ") {
				t.Errorf("got %s: %s", first.ID, first.Sentence)
			}
		})
	}
}

// TestPairsAreRecognised makes pairs of common mistakes with the recipes
// themselves, signs them the plain way and looks whether they are found.
func TestPairsAreRecognised(t *testing.T) {
	t.Parallel()
	const stride = 5 // of some 400 pairs
	r := Request{
		Method: "POST", ContentType: "application/json",
		URL:       host + path + sent + "&page_token=a%2Bb%3D%3D&ids=1%2C2&shop_id=&Z=+&access_token=" + token,
		Body:      []byte(`{"price": 1.50, "note": "café /", "ids": [1,2], "a": null}`),
		Signature: "x",
	}
	f, err := newFacts(r, secret, Options{Apps: []App{{Key: "77bb", Secret: "0dd5ec4e7"}}})
	if err != nil {
		t.Fatal(err)
	}
	f.read()
	ways := f.ways()
	n := 0
	for told := range f.newSearch(target{}, newForms(f)).pairs(ways, false) {
		recipe := f.right()
		told.apply(&recipe)
		if n++; n%stride != 0 || recipe.digest.algorithm().size != sha256.Size {
			continue
		}
		text, at := recipe.message(new(recipeScratch))
		message := slices.Concat(text[:at], f.render(recipe.body), text[at:])
		var sum []byte
		switch recipe.digest {
		case plainSHA256:
			sum = digest(sha256.New(), string(message))
		case swappedSHA256:
			sum = digest(hmac.New(sha256.New, message), recipe.key)
		default:
			sum = digest(hmac.New(sha256.New, []byte(recipe.key)), string(message))
		}
		r.Signature = hex.EncodeToString(sum)
		if r.Signature == f.expected {
			continue // two mistakes that change nothing
		}
		report, err := Explain(r, secret, f.options)
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Mistakes) == 0 {
			t.Errorf("%s is not recognised", told.mistake(nil).ID)
		}
	}
	if n < 200 {
		t.Errorf("there are %d pairs", n)
	}
}

func TestFormsOfTheBodyAreFoundOnce(t *testing.T) {
	t.Parallel()
	f, err := newFacts(Request{URL: "/p", Body: []byte(`{"a":1,"b":"/"}`), Signature: "x"}, secret, Options{})
	if err != nil {
		t.Fatal(err)
	}
	f.read()
	x := newForms(f)
	for _, s := range []style{{spacing: spacingCompact}, {keys: keysSorted}, {escapes: escapesASCII, numbers: numbersFloat}, {}} {
		if got := x.simplest(bodyForm{kind: bodyJSON, style: s}); got != (bodyForm{}) {
			t.Errorf("%+v is the body as it was sent, got %+v", s, got)
		}
	}
	slash, php := x.simplest(bodyForm{kind: bodyJSON, style: style{escapes: escapesSlash}}), x.simplest(bodyForm{kind: bodyJSON, style: style{escapes: escapesPHP}})
	if slash != php || !bytes.Equal(x.text(slash), []byte(`{"a":1,"b":"\/"}`)) {
		t.Errorf("%+v and %+v are the same text", slash, php)
	}
}
