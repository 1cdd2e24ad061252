package pages

import (
	"net/url"
	"strings"
)

// curlSnippet writes a request for a shell.
func curlSnippet(r recipe) string {
	var signed, query strings.Builder
	for _, p := range r.sorted() {
		if p.Name > "timestamp" && !strings.Contains(signed.String(), `"$ts"`) {
			signed.WriteString(`timestamp"$ts"`)
		}
		signed.WriteString(shellQuote(p.Name + p.Value))
		query.WriteString("&" + url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value))
	}
	if !strings.Contains(signed.String(), `"$ts"`) {
		signed.WriteString(`timestamp"$ts"`)
	}
	ts, comment := r.now("$(date +%s)", "  # ")
	if comment != "" {
		ts = "$((" + ts + "))" + comment
	}
	code := "ts=" + ts + "\npath=" + shellQuote(r.Path) + "\nbody=" + shellQuote(r.Body) +
		"\nsign=$(printf '%s' \"$TTSHOP_APP_SECRET$path\"" + signed.String() + "\"$body$TTSHOP_APP_SECRET\" |" +
		"\n  openssl dgst -sha256 -hmac \"$TTSHOP_APP_SECRET\" -r | cut -d' ' -f1)" +
		"\ncurl -sS -X " + r.Method + " " + shellQuote(r.Base) + `"$path?` + strings.TrimPrefix(query.String(), "&") + `&timestamp=$ts&sign=$sign" \` +
		"\n  -H \"x-tts-access-token: $TTSHOP_ACCESS_TOKEN\""
	if r.Body != "" {
		code += " \\\n  -H 'content-type: application/json' --data-raw \"$body\""
	}
	return code + "\n"
}

// goSnippet writes a request with this project's client, which signs.
func goSnippet(r recipe) string {
	var query strings.Builder
	for _, p := range r.sorted() {
		if p.Name != "app_key" {
			query.WriteString("\n\t\t" + goQuote(p.Name) + ": {" + goQuote(p.Value) + "},")
		}
	}
	imports := []string{`"context"`, `"fmt"`, `"log"`, `"net/url"`, `"os"`, "", `"github.com/ttshop-go/ttshop"`}
	body := "nil"
	if r.Body != "" {
		imports = append([]string{imports[0], `"encoding/json"`}, imports[1:]...)
		body = "json.RawMessage(" + goQuote(r.Body) + ")"
	}
	values := "url.Values{}"
	if query.Len() > 0 {
		values = "url.Values{" + query.String() + "\n\t}"
	}
	return "package main\n\nimport (\n\t" + strings.ReplaceAll(strings.Join(imports, "\n\t"), "\n\t\n", "\n\n") + "\n)\n\nfunc main() {\n" +
		"\tclient := ttshop.New(" + goQuote(r.AppKey) + ", os.Getenv(\"TTSHOP_APP_SECRET\"),\n" +
		"\t\tttshop.WithEndpoint(" + goQuote(r.Base) + "),\n" +
		"\t\tttshop.WithTokenSource(ttshop.StaticToken(os.Getenv(\"TTSHOP_ACCESS_TOKEN\"))))\n" +
		"\tres, err := client.Call(context.Background(), " + goQuote(r.Method) + ", " + goQuote(r.Path) + ", " + values + ", " + body + ")\n" +
		"\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\tfmt.Println(string(res.Data))\n}\n"
}

// nodeSnippet writes a request for Node.
func nodeSnippet(r recipe) string {
	var params strings.Builder
	for _, p := range r.sorted() {
		params.WriteString("\n  " + jsonQuote(p.Name) + ": " + jsonQuote(p.Value) + ",")
	}
	headers, send := `"x-tts-access-token": process.env.TTSHOP_ACCESS_TOKEN`, "headers"
	if r.Body != "" {
		headers, send = headers+`, "content-type": "application/json"`, "headers, body"
	}
	timestamp, comment := r.now("Math.floor(Date.now() / 1000)", " // ")
	return `import { createHmac } from "node:crypto";

const secret = process.env.TTSHOP_APP_SECRET;
const path = ` + jsonQuote(r.Path) + `;
const body = ` + jsonQuote(r.Body) + `;
const params = {` + params.String() + `
  timestamp: String(` + timestamp + `),` + comment + `
};
const signed = secret + path + Object.keys(params).sort().map((k) => k + params[k]).join("") + body + secret;
params.sign = createHmac("sha256", secret).update(signed).digest("hex");

const headers = { ` + headers + ` };
const answer = await fetch(` + jsonQuote(r.Base) + ` + path + "?" + new URLSearchParams(params), { method: ` + jsonQuote(r.Method) + `, ` + send + ` });
console.log(answer.status, await answer.text());
`
}

// phpSnippet writes a request for PHP.
func phpSnippet(r recipe) string {
	var params strings.Builder
	for _, p := range r.sorted() {
		params.WriteString("\n    " + phpQuote(p.Name) + " => " + phpQuote(p.Value) + ",")
	}
	timestamp, comment := r.now("time()", " // ")
	headers, content := `"x-tts-access-token: " . getenv('TTSHOP_ACCESS_TOKEN')`, ""
	if r.Body != "" {
		headers, content = headers+` . "\r\ncontent-type: application/json"`, "\n    'content' => $body,"
	}
	return `<?php
$secret = getenv('TTSHOP_APP_SECRET');
$path = ` + phpQuote(r.Path) + `;
$body = ` + phpQuote(r.Body) + `;
$params = [` + params.String() + `
    'timestamp' => (string) (` + timestamp + `),` + comment + `
];
ksort($params, SORT_STRING);
$signed = $secret . $path;
foreach ($params as $name => $value) {
    $signed .= $name . $value;
}
$params['sign'] = hash_hmac('sha256', $signed . $body . $secret, $secret);

echo file_get_contents(` + phpQuote(r.Base) + ` . $path . '?' . http_build_query($params), false, stream_context_create(['http' => [
    'method' => ` + phpQuote(r.Method) + `,
    'header' => ` + headers + `,` + content + `
    'ignore_errors' => true,
]])), "\n";
`
}

// pythonSnippet writes a request for Python.
func pythonSnippet(r recipe) string {
	var params strings.Builder
	for _, p := range r.sorted() {
		params.WriteString("\n    " + jsonQuote(p.Name) + ": " + jsonQuote(p.Value) + ",")
	}
	timestamp, comment := r.now("int(time.time())", "  # ")
	send := ""
	header := ""
	if r.Body != "" {
		send, header = "data=body.encode(), ", `, "content-type": "application/json"`
	}
	return `import hashlib, hmac, os, time, urllib.error, urllib.parse, urllib.request

secret = os.environ["TTSHOP_APP_SECRET"]
path = ` + jsonQuote(r.Path) + `
body = ` + jsonQuote(r.Body) + `
params = {` + params.String() + `
    "timestamp": str(` + timestamp + `),` + comment + `
}
signed = secret + path + "".join(k + params[k] for k in sorted(params)) + body + secret
params["sign"] = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()

request = urllib.request.Request(` + jsonQuote(r.Base) + ` + path + "?" + urllib.parse.urlencode(params), ` + send + `method=` + jsonQuote(r.Method) + `,
    headers={"x-tts-access-token": os.environ["TTSHOP_ACCESS_TOKEN"]` + header + `})
try:
    print(urllib.request.urlopen(request).read().decode())
except urllib.error.HTTPError as refused:
    print(refused.read().decode())
`
}
