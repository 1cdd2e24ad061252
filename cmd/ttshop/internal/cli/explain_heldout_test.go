package cli

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// Forms that ttshop explain was not built by.

func asZshWithFile(r sentRequest) string {
	return "curl --request " + r.method + " \\\n     --url '" + r.url + "' \\\n     --header 'x-tts-access-token: " + pasteToken + "' \\\n     --header 'content-type: " + r.ctype + "' \\\n     --data '" + r.body + "'"
}

func asVerboseCurl(r sentRequest) string {
	u, _ := url.Parse(r.url)
	var b strings.Builder
	fmt.Fprintf(&b, "> %s %s HTTP/2\n> Host: %s\n> user-agent: curl/8.5.0\n", r.method, u.RequestURI(), u.Host)
	for _, h := range r.headers() {
		fmt.Fprintf(&b, "> %s: %s\n", h[0], h[1])
	}
	return b.String() + "> \n< HTTP/2 401\n"
}

func asThenFetch(r sentRequest) string {
	return "const headers = new Headers({ 'Content-Type': '" + r.ctype + "', 'x-tts-access-token': process.env.TTS_TOKEN });\n" +
		"return fetch(\"" + r.url + "\", { method: \"" + r.method + "\", headers, body: JSON.stringify(" + r.body + ") }).then((r) => r.json());"
}

func asPython(r sentRequest) string {
	return "import requests\n\nresp = requests." + strings.ToLower(r.method) + "(\n    \"" + r.url + "\",\n    json=" + r.body +
		",\n    headers={\"x-tts-access-token\": \"" + pasteToken + "\"},\n)\nprint(resp.json())"
}

func asPythonData(r sentRequest) string {
	return "r = requests.request('" + r.method + "', '" + r.url + "', data='" + r.body + "', headers={'content-type': '" + r.ctype + "', 'x-tts-access-token': access_token})"
}

func asAxiosInstance(r sentRequest) string {
	address := strings.TrimPrefix(r.url, "https://open-api.tiktokglobalshop.com")
	return "const client = axios.create({\n  baseURL: 'https://open-api.tiktokglobalshop.com',\n  headers: { 'x-tts-access-token': token, 'Content-Type': '" + r.ctype + "' },\n});\n" +
		"const res = await client." + strings.ToLower(r.method) + "('" + address + "', " + r.body + ");"
}

func asNginx(r sentRequest) string {
	u, _ := url.Parse(r.url)
	return `10.0.0.7 - - [14/Nov/2023:22:13:20 +0000] "` + r.method + " " + u.RequestURI() + ` HTTP/1.1" 401 112 "-" "okhttp/4.12.0"`
}

func asWinston(r sentRequest) string {
	b, _ := json.Marshal(map[string]any{
		"level": "warn", "timestamp": testNow.UTC().Format("2006-01-02T15:04:05.000Z"), "message": "request " + r.method + " " + r.url,
		"config": map[string]any{"headers": map[string]string{"Content-Type": r.ctype, "x-tts-access-token": pasteToken}, "data": r.body},
	})
	return string(b)
}

func asPHP(r sentRequest) string {
	return "$response = $client->request('" + r.method + "', '" + r.url + "', [\n  'headers' => ['x-tts-access-token' => $token, 'content-type' => 'application/json'],\n  'json' => ['order_status' => 'UNPAID'],\n]);"
}

func asPostmanHTTP(r sentRequest) string {
	u, _ := url.Parse(r.url)
	return r.method + " " + u.RequestURI() + " HTTP/1.1\nX-Tts-Access-Token: " + pasteToken + "\nContent-Type: " + r.ctype + "\nHost: " + u.Host + "\n\n" + r.body
}

func asIwr(r sentRequest) string {
	return "iwr -Uri '" + r.url + "' -Method " + r.method + " -ContentType '" + r.ctype + "' -Headers @{\"x-tts-access-token\" = $env:TTS_TOKEN} -Body '" + r.body + "'"
}

func asSlack(r sentRequest) string {
	return "hey, this one fails since yesterday:\n\n" + r.method + " <" + r.url + ">\n\nany idea?"
}

// TestExplainHeldOut holds pastes that were written after ttshop explain was built,
// and that it was not built by.
func TestExplainHeldOut(t *testing.T) {
	t.Parallel()
	warehouses := "/logistics/202309/warehouses?shop_cipher={cipher}"
	window := `{"create_time_ge":1699000000,"create_time_lt":1699900000}`
	noBody := func(s signedText) string { return s.path + s.query() }
	over := func(change func(s *signedText)) func(signedText) string {
		return func(s signedText) string {
			change(&s)
			return rightText(s)
		}
	}
	testPasted(t, []pasted{
		{name: "zsh, right", form: asZshWithFile, method: "POST", target: searchPath, body: window, want: "right"},
		{name: "zsh, body with spaces sent, signed without", form: asZshWithFile, method: "POST", target: searchPath, body: `{"order_status": "UNPAID"}`, signed: over(func(s *signedText) { s.body = unpaid }), want: "body-spaces"},
		{name: "zsh, sha512", form: asZshWithFile, method: "POST", target: searchPath, body: unpaid, digest: func(secret, x string) string {
			mac := hmac.New(sha512.New, []byte(secret))
			mac.Write([]byte(secret + x + secret))
			return hex.EncodeToString(mac.Sum(nil))
		}, want: "digest"},
		{name: "curl -v, right", form: asVerboseCurl, method: "GET", target: warehouses, want: "right"},
		{name: "curl -v, path of the host", form: asVerboseCurl, method: "GET", target: warehouses, signed: func(s signedText) string {
			return "https://open-api.tiktokglobalshop.com" + rightText(s)
		}, want: "path-host"},
		{name: "fetch with Headers, right", form: asThenFetch, method: "POST", target: searchPath, body: window, want: "right"},
		{name: "fetch with Headers, body not signed", form: asThenFetch, method: "POST", target: searchPath, body: window, signed: noBody, want: "body-missing"},
		{name: "fetch with Headers, 6 minutes old", form: asThenFetch, method: "POST", target: searchPath, body: window, time: "1699999640", want: "timestamp-old"},
		{name: "fetch with Headers, ahead", form: asThenFetch, method: "POST", target: searchPath, body: window, time: "1700000090", want: "timestamp-ahead"},
		{name: "Python, right for what json= sends", form: asPython, method: "POST", target: searchPath, body: `{"order_status": "UNPAID"}`, want: "right"},
		{name: "Python data, sorted keys", form: asPythonData, method: "POST", target: searchPath, body: `{"create_time_lt":1699900000,"create_time_ge":1699000000}`, signed: over(func(s *signedText) { s.body = window }), want: "body-key-order"},
		{name: "Python data, form type", form: asPythonData, method: "POST", target: searchPath, body: unpaid, ctype: "application/x-www-form-urlencoded", want: "content-type"},
		{name: "axios instance, right", form: asAxiosInstance, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "axios instance, page size not signed", form: asAxiosInstance, method: "POST", target: searchPath, body: unpaid, signed: over(func(s *signedText) { delete(s.params, "page_size") }), want: "parameter-not-signed"},
		{name: "axios instance, secret in upper case", form: asAxiosInstance, method: "POST", target: searchPath, body: unpaid, digest: func(secret, x string) string { return rightDigest(strings.ToUpper(secret), x) }, want: "secret-written"},
		{name: "nginx, right", form: asNginx, method: "GET", target: warehouses, want: "right"},
		{name: "nginx, a POST whose body is not known", form: asNginx, method: "POST", target: searchPath, body: unpaid, want: "unknown"},
		{name: "nginx, a POST signed without body", form: asNginx, method: "POST", target: searchPath, body: unpaid, signed: noBody, want: "body-unknown"},
		{name: "winston, right", form: asWinston, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "winston, milliseconds signed", form: asWinston, method: "POST", target: searchPath, body: unpaid, signed: over(func(s *signedText) { s.params["timestamp"] += "000" }), want: "timestamp-milliseconds"},
		{name: "winston, no cipher", form: asWinston, method: "POST", target: "/order/202309/orders/search?page_size=10", body: unpaid, want: "shop-cipher-missing"},
		{name: "PHP, signed without body", form: asPHP, method: "POST", target: searchPath, body: unpaid, signed: noBody, want: "body-unknown"},
		{name: "PHP, right but nobody can tell", form: asPHP, method: "POST", target: searchPath, body: unpaid, signed: over(func(s *signedText) { s.body = `{"a":1}` }), want: "unknown"},
		{name: "HTTP of an editor, right", form: asPostmanHTTP, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "HTTP of an editor, key of another case", form: asPostmanHTTP, method: "POST", target: searchPath, body: unpaid, signed: over(func(s *signedText) { s.params["app_key"] = strings.ToUpper(pasteKey) }), want: "unknown"},
		{name: "HTTP of an editor, body trimmed", form: asPostmanHTTP, method: "POST", target: searchPath, body: unpaid + " ", signed: over(func(s *signedText) { s.body = unpaid }), want: "body-white-space"},
		{name: "HTTP of an editor, cipher where none belongs", form: asPostmanHTTP, method: "GET", target: shopsPath + "?shop_cipher={cipher}", want: "shop-cipher-unwanted"},
		{name: "iwr, right", form: asIwr, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "iwr, in base64", form: asIwr, method: "POST", target: searchPath, body: unpaid, digest: base64Digest, want: "output-base64"},
		{name: "iwr, plain sha256", form: asIwr, method: "POST", target: searchPath, body: unpaid, digest: func(secret, x string) string {
			sum := sha256.Sum256([]byte(secret + x + secret))
			return hex.EncodeToString(sum[:])
		}, want: "digest"},
		{name: "chat, right", form: asSlack, method: "GET", target: warehouses, want: "right"},
		{name: "chat, clock read twice", form: asSlack, method: "GET", target: warehouses, signed: over(func(s *signedText) { s.params["timestamp"] = "1699999999" }), want: "timestamp-other"},
		{name: "bash, values encoded in the string", form: asBash, method: "POST", target: searchPath + "&page_token=a%2Bb%3D", body: unpaid, signed: over(func(s *signedText) { s.params["page_token"] = "a%2Bb%3D" }), want: "value-encoded"},
		{name: "bash, a value of the wrong type", form: asBash, method: "POST", target: searchPath, body: `{"create_time_ge":"soon"}`, want: "refused"},
		{name: "bash, a body in a GET's place", form: asBash, method: "DELETE", target: searchPath, want: "method"},
		{name: "cmd, equals signs between keys and values", form: asCmd, method: "GET", target: warehouses, signed: func(s signedText) string {
			return s.path + "app_key=" + s.params["app_key"] + "&shop_cipher=" + s.params["shop_cipher"] + "&timestamp=" + s.params["timestamp"]
		}, want: "joined"},
		{name: "cmd, token in the URL", form: asCmd, method: "GET", target: shopsPath + "?access_token=" + pasteToken, noToken: true, want: "token-in-url"},
		{name: "HAR, two mistakes", form: asHAR, method: "POST", target: searchPath, body: unpaid, signed: noBody, digest: func(s, x string) string { return strings.ToUpper(rightDigest(s, x)) }, want: "body-missing+output-upper-case"},
		{name: "HAR entry, signed as form", form: asHAREntry, method: "POST", target: searchPath, body: unpaid, ctype: "text/plain", want: "content-type"},
		{name: "PowerShell, version of another date", form: asPowerShell, method: "POST", target: "/order/202311/orders/search?shop_cipher={cipher}&page_size=10", body: unpaid, want: "path-unknown"},
		{name: "fetch, a timestamp that is no number", form: asFetch, method: "GET", target: shopsPath, time: "now", want: "timestamp-not-a-number"},
		{name: "JSON log, timestamp in microseconds", form: asJSONLog, method: "GET", target: shopsPath, time: "1700000000000000", want: "timestamp-unit"},
	})
}

func TestExplainDeliveredHeldOut(t *testing.T) {
	t.Parallel()
	spaced := strings.ReplaceAll(strings.ReplaceAll(delivery, `":`, `": `), `,"`, `, "`)
	testDelivered(t, []delivered{
		{name: "log of express, right", form: asExpressLog, body: delivery, want: "is right", ok: true},
		{name: "log of express, written again", form: asExpressLog, body: delivery, sent: spaced, want: "wrote it again"},
		{name: "a prefix", form: asHeaderAndBody, body: delivery, change: func(a string) string { return "sha256=" + a }, want: "something precedes it"},
		{name: "cut off", form: asDelivery, body: delivery, change: func(a string) string { return a[:40] }, want: "does not hold 64"},
		{name: "another status", form: asDelivery, body: delivery, sent: strings.Replace(delivery, "UNPAID", "CANCEL", 1), want: "another body"},
		{name: "none", form: asDelivery, body: delivery, change: func(string) string { return "" }, want: "is missing"},
	})
}
