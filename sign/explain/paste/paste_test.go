package paste

import (
	"fmt"
	"strings"
	"testing"
)

const address = "https://host/order/202309/orders/search?app_key=k&sign=0"

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, form, method, url, body, ctype, token, wrong string }{
		{name: "bash", text: `curl '` + address + `' -H "x-tts-access-token: $TOKEN" -H 'content-type: application/json' -d '{"a": 1}'`,
			form: "curl", method: "POST", url: address, body: `{"a": 1}`, ctype: "application/json", token: "unknown"},
		{name: "cmd", text: "curl ^\"https://host/p?app_key=k^&sign=0^\" ^\r\n  -H ^\"content-type: application/json^\" ^\r\n  --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"b ^%^ c^\\^\"^}^\"",
			form: "curl", method: "POST", url: "https://host/p?app_key=k&sign=0", body: `{"a":"b % c"}`, ctype: "application/json"},
		{name: "cmd with plain quotes", text: "curl.exe \"" + address + "\" ^\n -d \"{\\\"a\\\":\\\"c:\\\\x\\\"}\"", form: "curl", method: "POST", url: address, body: `{"a":"c:\\x"}`, ctype: "application/x-www-form-urlencoded"},
		{name: "PowerShell", text: "$t = 'abc'\nInvoke-WebRequest -Uri \"" + address + "\" `\n-Method \"POST\" -Headers @{ 'x-tts-access-token' = $t; b=\"c\" } -ContentType application/json -Body \"{`\"a`\":`$1}\"",
			form: "PowerShell", method: "POST", url: address, body: `{"a":$1}`, ctype: "application/json", token: "abc"},
		{name: "PowerShell, an unknown URL", text: "irm \"$base/p?app_key=k\"", wrong: "$base"},
		{name: "fetch", text: `await fetch('` + address + `', {method: "post", body: JSON.stringify({b: [1, 2.50, 'x\u00e9'], a: undefined, c: null}), headers: {'X-TTS-Access-Token': process.env.T}})`,
			form: "fetch", method: "POST", url: address, body: `{"b":[1,2.5,"xé"],"c":null}`, ctype: "text/plain;charset=UTF-8", token: "process.env.T"},
		{name: "fetch, an object as body", text: "fetch(`" + address + "`, {method: 'POST', body: {a: 1}})", form: "fetch", method: "POST", url: address, body: "[object Object]", ctype: "text/plain;charset=UTF-8"},
		{name: "fetch, an unknown URL", text: "fetch(`${host}/p?app_key=k`)", wrong: "it contains host,"},
		{name: "axios", text: "const id = 5;\naxios.post('" + address + "', { id, ok: true }, { params: { q: 'a b', n: null } })", form: "axios", method: "POST", url: address + "&q=a+b", body: `{"id":5,"ok":true}`, ctype: "application/json"},
		{name: "axios instance", text: "const api = axios.create({ baseURL: 'https://host', headers: { 'x-tts-access-token': 'abc' } });\nawait api.get('/p?app_key=k&sign=0')", form: "axios", method: "GET", url: "https://host/p?app_key=k&sign=0", token: "abc"},
		{name: "Python", text: "body = {'a': 1, 'b': True}\nr = requests.post(\n    '" + address + "',\n    json=body,  # the search\n    headers={'x-tts-access-token': os.environ['T']}, timeout=5)", form: "Python", method: "POST", url: address, body: `{"a": 1, "b": true}`, ctype: "application/json", token: "os.environ[…]"},
		{name: "Python, dumps", text: `requests.post("` + address + `", data=json.dumps({"a": "é"}, separators=(",", ":")), headers={"Content-Type": "application/json"})`, form: "Python", method: "POST", url: address, body: `{"a":"\u00e9"}`, ctype: "application/json"},
		{name: "log", text: "2026-01-02T03:04:05Z PUT " + address + ` body={"a":1} -> {"code":1,"request_id":"r"}`, form: "log", method: "PUT", url: address, body: `{"a":1}`},
		{name: "JSON log", text: `{"method":"POST","url":"https://host/p?app_key=k\u0026sign=0","body":{"a": 1}}`, form: "log", method: "POST", url: "https://host/p?app_key=k&sign=0", body: `{"a": 1}`},
		{name: "no call", text: "see https://host/p for more", wrong: "no URL"},
		{name: "empty", text: " \n", wrong: "empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := Read(tt.text, nil)
			if tt.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wrong) {
					t.Errorf("error %v, want %q", err, tt.wrong)
				}
				return
			}
			if err != nil || len(p.Requests) != 1 {
				t.Fatalf("%v, %v", p, err)
			}
			r := p.Requests[0]
			got := fmt.Sprintf("%s|%s|%s|%s|%s|%s", p.Form, r.Method, r.URL, r.Body, r.ContentType, r.AccessToken)
			if want := fmt.Sprintf("%s|%s|%s|%s|%s|%s", tt.form, tt.method, tt.url, tt.body, tt.ctype, tt.token); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestReadDelivery(t *testing.T) {
	t.Parallel()
	const body = `{"type":1,"shop_id":"7","data":{"order_id":"5"}}`
	for _, text := range []string{
		"Authorization: abc123\n\n" + body,
		body + "\nauthorization = \"abc123\"",
		"POST /webhook HTTP/1.1\r\nHost: x\r\nAuthorization: abc123\r\nContent-Length: 48\r\n\r\n" + body,
		`{"request":{"method":"POST","url":"https://x/webhook","headers":[{"name":"Authorization","value":"abc123"}],"postData":{"text":"{\"type\":1,\"shop_id\":\"7\",\"data\":{\"order_id\":\"5\"}}"}}}`,
	} {
		p, err := Read(text, nil)
		if err != nil || p.Delivery == nil || string(p.Delivery.Body) != body || p.Delivery.Authorization != "abc123" {
			t.Errorf("%s: %+v, %v", text, p, err)
		}
		if shown := fmt.Sprintf("%v %+v %#v", *p.Delivery, p.Delivery, p.Requests); strings.Contains(shown, "abc123") {
			t.Errorf("a delivery prints as %s", shown)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"curl '" + address + "' -d '{}'", "curl ^\"x^\" ^\n", "irm \"x\" -Headers @{a='b'}", "fetch('" + address + "', {body: JSON.stringify({a:[1]})})",
		"axios.post('x', {a:1}, {params:{b:2}})", "requests.post('x', json={'a': 1})", `{"log":{"entries":[{"request":{"url":"x?sign=1"}}]}}`,
		"Authorization: a\n{\"type\":1,\"data\":{}}", "GET " + address,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Read(text, nil)
		if err != nil {
			return
		}
		if p.Delivery == nil && len(p.Requests) == 0 {
			t.Errorf("%q: neither a request nor a delivery", text)
		}
	})
}
