package cli

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

// What the requests that are pasted are signed with.
const (
	pasteKey    = "pasteapp"
	pasteSecret = "planted-paste-secret-51c0"
	pasteToken  = "planted-paste-token-8842"
)

// pasted is a request as somebody sent it, with what was signed for it, and the
// form in which it is pasted.
type pasted struct {
	name   string
	form   func(sentRequest) string
	method string
	target string // path and query without app_key, timestamp and sign; {cipher} is that of a shop
	time   string // the parameter timestamp; empty is that of the test, "-" none
	noKey  bool
	body   string
	ctype  string // empty: JSON if there is a body; "-": none

	noToken bool
	signed  func(t signedText) string // the string between the secrets; nil: the right one
	digest  func(secret, text string) string
	want    string // id of a mistake or of a refusal, "right" or "unknown"
}

// signedText is what belongs to the string that is signed.
type signedText struct {
	path   string
	params map[string]string
	body   string
}

// query returns keys and values in the order of the keys.
func (s signedText) query() string {
	var b strings.Builder
	keys := make([]string, 0, len(s.params))
	for key := range s.params {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		b.WriteString(key + s.params[key])
	}
	return b.String()
}

func rightText(s signedText) string { return s.path + s.query() + s.body }

func rightDigest(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(secret + text + secret))
	return hex.EncodeToString(mac.Sum(nil))
}

// sentRequest is the request that was sent, as the forms write it.
type sentRequest struct {
	method, url, body, ctype string
	token                    bool
}

func (r sentRequest) headers() [][2]string {
	var list [][2]string
	if r.ctype != "" {
		list = append(list, [2]string{"content-type", r.ctype})
	}
	if r.token {
		list = append(list, [2]string{"x-tts-access-token", pasteToken})
	}
	return list
}

// The forms. They are written as the tools write them, and share no code with what
// reads them.

func asURL(r sentRequest) string { return r.url }

func asBash(r sentRequest) string {
	q := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	var b strings.Builder
	b.WriteString("curl " + q(r.url))
	if r.method != "GET" && (r.method != "POST" || r.body == "") {
		b.WriteString(" \\\n  -X " + r.method)
	}
	for _, h := range r.headers() {
		b.WriteString(" \\\n  -H " + q(h[0]+": "+h[1]))
	}
	if r.body != "" {
		b.WriteString(" \\\n  --data-raw " + q(r.body))
	}
	return b.String()
}

func asPromptedBash(r sentRequest) string {
	return "$ curl -sS -X " + r.method + " \"" + strings.ReplaceAll(r.url, `"`, `\"`) + "\" --header \"X-Tts-Access-Token: " + pasteToken + "\"" +
		" -H 'Content-Type: application/json' -d $'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\n", `\n`).Replace(r.body) + "' | jq ."
}

func asCmd(r sentRequest) string {
	q := func(s string) string {
		s = strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), `"`, `\"`)
		var b strings.Builder
		for _, c := range s {
			if strings.ContainsRune(`"&|<>^%{}[]()!$,;=~`, c) {
				b.WriteByte('^')
			}
			b.WriteRune(c)
		}
		return `^"` + b.String() + `^"`
	}
	lines := []string{"curl " + q(r.url)}
	if r.method != "GET" && (r.method != "POST" || r.body == "") {
		lines = append(lines, "  -X "+r.method)
	}
	for _, h := range r.headers() {
		lines = append(lines, "  -H "+q(h[0]+": "+h[1]))
	}
	if r.body != "" {
		lines = append(lines, "  --data-raw "+q(r.body))
	}
	return `C:\Users\dev>` + strings.Join(lines, " ^\r\n")
}

func asOldCmd(r sentRequest) string {
	q := func(s string) string {
		return `"` + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), `"`, `\"`) + `"`
	}
	s := "curl.exe -X " + r.method + " " + q(r.url)
	for _, h := range r.headers() {
		s += " -H " + q(h[0]+": "+h[1])
	}
	if r.body != "" {
		s += " ^\n --data-raw " + q(r.body)
	}
	return s
}

func psQuote(s string) string {
	return `"` + strings.NewReplacer("`", "``", `"`, "`\"", "$", "`$", "\n", "`n").Replace(s) + `"`
}

func asPowerShell(r sentRequest) string {
	var b strings.Builder
	b.WriteString("$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = \"Mozilla/5.0 (X11; Linux x86_64)\"\n")
	b.WriteString("Invoke-WebRequest -UseBasicParsing -Uri " + psQuote(r.url) + " `\n")
	if r.method != "GET" {
		b.WriteString("-Method " + psQuote(r.method) + " `\n")
	}
	b.WriteString("-WebSession $session `\n-Headers @{\n")
	for _, h := range r.headers() {
		if h[0] != "content-type" {
			b.WriteString(psQuote(h[0]) + "=" + psQuote(h[1]) + "\n")
		}
	}
	b.WriteString("}")
	if r.ctype != "" {
		b.WriteString(" `\n-ContentType " + psQuote(r.ctype))
	}
	if r.body != "" {
		b.WriteString(" `\n-Body " + psQuote(r.body))
	}
	return b.String()
}

func asRestMethod(r sentRequest) string {
	s := "PS C:\\work> $headers = @{ 'x-tts-access-token' = '" + pasteToken + "' }\n$uri = '" + r.url + "'\n"
	if r.body != "" {
		s += "$body = @'\n" + r.body + "\n'@\n"
	}
	s += "Invoke-RestMethod $uri -Method " + r.method + " -Headers $headers"
	if r.body != "" {
		s += " -Body $body -ContentType '" + r.ctype + "'"
	}
	return s + " | ConvertTo-Json"
}

func asPowerShellCurl(r sentRequest) string {
	s := "curl.exe -X " + r.method + " `\n  " + psQuote(r.url)
	for _, h := range r.headers() {
		s += " `\n  -H " + psQuote(h[0]+": "+h[1])
	}
	if r.body != "" {
		s += " `\n  --data-raw " + psQuote(r.body)
	}
	return s
}

func jsQuoted(s string) string {
	b, _ := json.Marshal(s)
	return strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(string(b))
}

func asFetch(r sentRequest) string {
	var headers []string
	for _, h := range r.headers() {
		headers = append(headers, "    "+jsQuoted(h[0])+": "+jsQuoted(h[1]))
	}
	body := "null"
	if r.body != "" {
		body = jsQuoted(r.body)
	}
	return "fetch(" + jsQuoted(r.url) + ", {\n  \"headers\": {\n" + strings.Join(headers, ",\n") + "\n  },\n  \"body\": " + body +
		",\n  \"method\": \"" + r.method + "\",\n  \"mode\": \"cors\",\n  \"credentials\": \"omit\"\n});"
}

// asFetchCode is code of a program: the body is an object that is written as JSON.
func asFetchCode(r sentRequest) string {
	s := "const token = '" + pasteToken + "';\nconst res = await fetch(`" + r.url + "`, {\n  method: '" + r.method + "',\n  headers: { 'content-type': '" + r.ctype + "'"
	if r.token {
		s += ", 'x-tts-access-token': token"
	}
	s += " },"
	if r.body != "" {
		s += "\n  body: JSON.stringify(" + r.body + "), // the search"
	}
	return s + "\n});\nconsole.log(await res.json())"
}

func asAxios(r sentRequest) string {
	headers := "{ headers: { 'x-tts-access-token': '" + pasteToken + "' } }"
	if !r.token {
		headers = "{ headers: {} }"
	}
	method := strings.ToLower(r.method)
	if r.body == "" && method != "post" {
		return "axios." + method + "('" + r.url + "', " + headers + ")"
	}
	body := r.body
	if body == "" {
		body = "null"
	}
	return "const { data } = await axios." + method + "(\n  '" + r.url + "',\n  " + body + ",\n  " + headers + ",\n);"
}

func asAxiosConfig(r sentRequest) string {
	address, rawQuery, _ := strings.Cut(r.url, "?")
	var params []string
	for part := range strings.SplitSeq(rawQuery, "&") {
		key, value, _ := strings.Cut(part, "=")
		value, _ = url.QueryUnescape(value)
		params = append(params, "    "+key+": '"+strings.ReplaceAll(value, "'", `\'`)+"',")
	}
	s := "axios({\n  method: '" + strings.ToLower(r.method) + "',\n  url: '" + address + "',\n  params: {\n" + strings.Join(params, "\n") + "\n  },\n"
	if r.body != "" {
		s += "  data: " + r.body + ",\n"
	}
	if r.token {
		s += "  headers: { 'x-tts-access-token': '" + pasteToken + "' },\n"
	}
	return s + "}).then(console.log)"
}

func asHTTP(r sentRequest) string {
	u, _ := url.Parse(r.url)
	s := r.method + " " + u.RequestURI() + " HTTP/1.1\r\nHost: " + u.Host + "\r\n"
	for _, h := range r.headers() {
		s += h[0] + ": " + h[1] + "\r\n"
	}
	return s + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(r.body)) + r.body
}

func harRequestOf(r sentRequest) map[string]any {
	headers := []map[string]string{{"name": "accept", "value": "*/*"}}
	for _, h := range r.headers() {
		headers = append(headers, map[string]string{"name": h[0], "value": h[1]})
	}
	request := map[string]any{"method": r.method, "url": r.url, "httpVersion": "HTTP/2", "headers": headers}
	if r.body != "" {
		request["postData"] = map[string]any{"mimeType": r.ctype, "text": r.body}
	}
	return request
}

func asHAREntry(r sentRequest) string {
	b, _ := json.MarshalIndent(map[string]any{
		"startedDateTime": testNow.UTC().Format(time.RFC3339Nano), "time": 12.3, "request": harRequestOf(r), "response": map[string]any{"status": 401},
	}, "", "  ")
	return string(b)
}

func asHAR(r sentRequest) string {
	return `{"log":{"version":"1.2","entries":[{"request":{"method":"GET","url":"https://cdn.example.com/a.js","headers":[]}},` + asHAREntry(r) + `]}}`
}

func asHARRequest(r sentRequest) string {
	b, _ := json.Marshal(harRequestOf(r))
	return string(b)
}

func asLog(r sentRequest) string {
	s := testNow.UTC().Format("2006-01-02T15:04:05Z") + " INFO  [worker-3] tts.client " + r.method + " " + r.url + " token=***"
	if r.body != "" {
		s += " body=" + r.body
	}
	return s + ` -> 401 {"code":106001,"message":"signature is invalid","request_id":"20231114"}`
}

func asJSONLog(r sentRequest) string {
	line := map[string]any{"level": "error", "msg": "request failed", "http": map[string]any{"method": r.method, "url": r.url}, "status": 401}
	if r.body != "" {
		line["http"].(map[string]any)["request_body"] = r.body
	}
	b, _ := json.Marshal(line) // with \u0026 for &
	return string(b)
}

func asGoError(r sentRequest) string {
	return `2023/11/14 22:13:20 sync: ` + strings.ToUpper(r.method[:1]) + strings.ToLower(r.method[1:]) + ` "` + r.url + `": context deadline exceeded`
}

func asHTMLLog(r sentRequest) string {
	return "<td>" + r.method + "</td><td>" + strings.ReplaceAll(r.url, "&", "&amp;") + "</td>"
}

func asMarkdown(r sentRequest) string { return "```bash\n" + asBash(r) + "\n```\n" }

// sent makes the request of a case, with its signature.
func (p *pasted) sent(cipher string) sentRequest {
	target := strings.ReplaceAll(p.target, "{cipher}", cipher)
	path, rawQuery, _ := strings.Cut(target, "?")
	var parts []string
	if rawQuery != "" {
		parts = strings.Split(rawQuery, "&")
	}
	if !p.noKey {
		parts = append(parts, "app_key="+pasteKey)
	}
	if p.time == "" {
		p.time = fmt.Sprint(testNow.Unix())
	}
	if p.time != "-" {
		parts = append(parts, "timestamp="+p.time)
	}
	text := signedText{path: path, params: map[string]string{}, body: p.body}
	for _, part := range parts {
		key, value, _ := strings.Cut(part, "=")
		value, _ = url.QueryUnescape(value)
		if key != "access_token" && key != "sign" {
			text.params[key] = value
		}
	}
	signed, digest := p.signed, p.digest
	if signed == nil {
		signed = rightText
	}
	if digest == nil {
		digest = rightDigest
	}
	parts = append(parts, "sign="+url.QueryEscape(digest(pasteSecret, signed(text))))
	ctype := p.ctype
	switch {
	case ctype == "-":
		ctype = ""
	case ctype == "" && p.body != "":
		ctype = "application/json"
	}
	return sentRequest{p.method, "https://open-api.tiktokglobalshop.com" + path + "?" + strings.Join(parts, "&"), p.body, ctype, !p.noToken}
}

// takes reports whether a sandbox, which verifies as the platform does, takes a
// request at the time of the tests.
func (r sentRequest) takes(t *testing.T, box *sandbox.Sandbox) bool {
	t.Helper()
	u, err := url.Parse(r.url)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(r.method, u.RequestURI(), bytes.NewReader([]byte(r.body)))
	for _, h := range r.headers() {
		req.Header.Set(h[0], strings.ReplaceAll(h[1], pasteToken, box.Credentials().AccessToken))
	}
	recorder := httptest.NewRecorder()
	box.ServeHTTP(recorder, req)
	var answer struct{ Code int }
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s: %v", recorder.Body, err)
	}
	return recorder.Code == http.StatusOK && answer.Code == 0
}

// pasteBox returns the sandbox that judges what is pasted.
func pasteBox(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	box, err := sandbox.New(sandbox.Config{Seed: 1, AppKey: pasteKey, AppSecret: pasteSecret, Throttle: new(0.0), Now: func() time.Time { return testNow }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	return box
}

// explained runs ttshop explain on a text.
func explained(t *testing.T, text string, args ...string) (found string, ok bool, got outcome) {
	t.Helper()
	env := map[string]string{platform.EnvAppKey: pasteKey, platform.EnvAppSecret: pasteSecret}
	got = run(t, env, text, append([]string{"explain", "--json"}, args...)...)
	var e struct {
		OK          bool `json:"ok"`
		SignatureOK bool `json:"signature_ok"`
		Mistakes    []struct{ ID string }
		Refused     []struct{ ID string }
	}
	if err := json.Unmarshal([]byte(got.stdout), &e); err != nil {
		return "unreadable", false, got
	}
	switch {
	case e.OK:
		found = "right"
	case len(e.Mistakes) > 0:
		found = e.Mistakes[0].ID
	case e.SignatureOK && len(e.Refused) > 0:
		found = e.Refused[0].ID
	default:
		found = "unknown"
	}
	return found, e.OK, got
}

func testPasted(t *testing.T, cases []pasted) {
	t.Helper()
	box := pasteBox(t)
	cipher := box.Credentials().Shops[0].Cipher
	named := 0
	for _, p := range cases {
		r := p.sent(cipher)
		text := p.form(r)
		found, ok, got := explained(t, text)
		takes := r.takes(t, box)
		if ok && !takes {
			t.Errorf("%s: called right, and the sandbox refuses it:\n%s", p.name, text)
		}
		if !ok && takes && found != "unknown" {
			t.Errorf("%s: called %s, and the sandbox takes it:\n%s\n%s", p.name, found, text, got.err)
		}
		if found != p.want {
			t.Errorf("%s: named %s, want %s: %s%s\n%s", p.name, found, p.want, got.stdout, got.err, text)
		} else if found != "unknown" {
			named++
		}
		if want := map[bool]int{true: console.ExitOK, false: console.ExitRefused}[ok]; got.code != want {
			t.Errorf("%s: exit code %d: %s", p.name, got.code, got.err)
		}
		for _, text := range []string{got.stdout, got.err, run(t, map[string]string{platform.EnvAppKey: pasteKey, platform.EnvAppSecret: pasteSecret}, text, "explain").stdout} {
			if strings.Contains(text, pasteSecret) || strings.Contains(text, pasteToken) {
				t.Errorf("%s: a secret is shown: %s", p.name, text)
			}
		}
	}
	t.Logf("%d of %d are named", named, len(cases))
}

func base64Digest(secret, text string) string {
	b, _ := hex.DecodeString(rightDigest(secret, text))
	return base64.StdEncoding.EncodeToString(b)
}

// delivered is a webhook as somebody pastes it.
type delivered struct {
	name   string
	form   func(body, authorization string) string
	body   string
	sent   string // the body that arrived, if it is another
	key    string // empty: the app's
	change func(authorization string) string
	want   string // of the summary
	ok     bool
}

func asHeaderAndBody(body, authorization string) string {
	return "Authorization: " + authorization + "\n\n" + body
}

func asDelivery(body, authorization string) string {
	return fmt.Sprintf("POST /webhook HTTP/1.1\r\nHost: hooks.example.com\r\nContent-Type: application/json\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n%s", authorization, len(body), body)
}

func asExpressLog(body, authorization string) string {
	return "[webhook] headers: { host: 'hooks.example.com', authorization: '" + authorization + "' }\n[webhook] body: " + body
}

func testDelivered(t *testing.T, cases []delivered) {
	t.Helper()
	for _, d := range cases {
		key := d.key
		if key == "" {
			key = pasteKey
		}
		mac := hmac.New(sha256.New, []byte(pasteSecret))
		mac.Write([]byte(key + d.body))
		authorization := hex.EncodeToString(mac.Sum(nil))
		if d.change != nil {
			authorization = d.change(authorization)
		}
		sent := d.body
		if d.sent != "" {
			sent = d.sent
		}
		env := map[string]string{platform.EnvAppKey: pasteKey, platform.EnvAppSecret: pasteSecret}
		text := d.form(sent, authorization)
		got := run(t, env, text, "explain")
		if (got.code == console.ExitOK) != d.ok || !strings.Contains(strings.Join(strings.Fields(got.stdout), " "), d.want) {
			t.Errorf("%s: exit code %d, want %q: %s%s", d.name, got.code, d.want, got.stdout, got.err)
		}
		if strings.Contains(got.stdout+got.err, pasteSecret) {
			t.Errorf("%s: the secret is shown", d.name)
		}
	}
}
