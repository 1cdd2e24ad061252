package explain

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/internal/testdiff"
)

// files opens what the tests name.
func files(name string) ([]byte, error) {
	if name == "body.json" {
		return []byte("{\"a\":\r\n1}\n"), nil
	}
	return nil, fs.ErrNotExist
}

const jsonType = "application/json"

func TestParseCurl(t *testing.T) {
	t.Parallel()
	const formType = "application/x-www-form-urlencoded"
	for _, test := range []struct {
		line string
		want Request
	}{
		{`curl https://h/p?a=1`, Request{Method: "GET", URL: "https://h/p?a=1"}},
		{`$ curl 'h/p?a=1&b=2' | jq .`, Request{Method: "GET", URL: "http://h/p?a=1&b=2"}},
		{`/usr/bin/curl -sS "https://h/p?a=1&b=2" -o out.json`, Request{Method: "GET", URL: "https://h/p?a=1&b=2"}},
		{"curl --location --request POST 'https://h/p' \\\n  --header 'x-tts-access-token: tok' \\\r\n  --header 'content-type: application/json' \\\n --data-raw '{\"a\": \"b\\n\"}'; echo done",
			Request{Method: "POST", URL: "https://h/p", ContentType: jsonType, AccessToken: "tok", Body: []byte(`{"a": "b\n"}`)}},
		{`curl https://h/p -d a=1 -d b=2`, Request{Method: "POST", URL: "https://h/p", ContentType: formType, Body: []byte("a=1&b=2")}},
		{`curl https://h/p -XPUT -HContent-Type:application/json -d@body.json`, Request{Method: "PUT", URL: "https://h/p", ContentType: jsonType, Body: []byte(`{"a":1}`)}},
		{`curl https://h/p --data-binary @body.json`, Request{Method: "POST", URL: "https://h/p", ContentType: formType, Body: []byte("{\"a\":\r\n1}\n")}},
		{`curl https://h/p --data-raw @body.json`, Request{Method: "POST", URL: "https://h/p", ContentType: formType, Body: []byte("@body.json")}},
		{`curl --json '{"a":1' --json '}' https://h/p`, Request{Method: "POST", URL: "https://h/p", ContentType: jsonType, Body: []byte(`{"a":1}`)}},
		{`curl --url https://h/p -G -d a=1 --data-urlencode 'b=2 +&' --data-urlencode 'x y' --data-urlencode =z`, Request{Method: "GET", URL: "https://h/p?a=1&b=2+%2B%26&x+y&z"}},
		{`curl 'https://h/p?q=1#frag' -G -d a=1`, Request{Method: "GET", URL: "https://h/p?q=1&a=1#frag"}},
		{`curl https://h/p -F data=@x.png -F name=y`, Request{Method: "POST", URL: "https://h/p", ContentType: "multipart/form-data"}},
		{`curl -sIXHEAD https://h/p`, Request{Method: "HEAD", URL: "https://h/p"}},
		{`curl -I https://h/p`, Request{Method: "HEAD", URL: "https://h/p"}},
		{`curl $'https://h/p' --data-raw $'{"a":"it\'s \u00e9\x41\101\t"}'`, Request{Method: "POST", URL: "https://h/p", ContentType: formType, Body: []byte("{\"a\":\"it's éAA\t\"}")}},
		{`curl https://h/p -d "{\"a\":\"\$5 \n\"}"`, Request{Method: "POST", URL: "https://h/p", ContentType: formType, Body: []byte(`{"a":"$5 \n"}`)}},
		{`curl https://h/p -d ''`, Request{Method: "POST", URL: "https://h/p", ContentType: formType}},
		{`curl -- https://h/p`, Request{Method: "GET", URL: "https://h/p"}},
		{`curl https://h/a\ b#c # a comment`, Request{Method: "GET", URL: "https://h/a b#c"}},
		{`curl https://h/p -H 'Content-Type;' -H 'X: a:b' && echo ok`, Request{Method: "GET", URL: "https://h/p"}},
	} {
		got, err := ParseCurl(test.line, files)
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
			continue
		}
		if diff := testdiff.Diff(withBody(test.want), withBody(got)); diff != "" {
			t.Errorf("%s: %s", test.line, diff)
		}
	}
}

func TestParseCurlErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ line, says string }{
		{"", "does not begin with curl"},
		{"wget https://h/p", "does not begin with curl"},
		{"curl", "no URL"},
		{"curl https://h/p https://h/q", "several URLs"},
		{"curl https://h/p?a=1&b=2", "single quotes"},
		{"curl 'https://h/p", "single quote is not closed"},
		{`curl "https://h/p`, "double quote is not closed"},
		{"curl $'https://h/p", "$'…' quote is not closed"},
		{`curl "https://$HOST/p"`, "shell variable $HOST"},
		{"curl https://h/p -d ${BODY}", "shell variable"},
		{"curl https://h/p -d `cat x`", "backquotes"},
		{"curl https://h/p -d \"`cat x`\"", "backquotes"},
		{"curl https://h/p --flux", "option --flux is not known"},
		{"curl https://h/p -sQ", "option -Q is not known"},
		{"curl https://h/p -X", "option -X has no value"},
		{"curl https://h/p --data", "option --data has no value"},
		{"curl https://h/p -d @none.json", "option -d: file does not exist"},
		{"curl https://h/p -H @headers", "headers"},
		{"curl https://h/p -F a=b -d c=d", "both a form"},
		{"curl 'https://[h/p'", "cannot be read"},
	} {
		_, err := ParseCurl(test.line, files)
		if err == nil || !strings.HasPrefix(err.Error(), "explain: curl command: ") || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", test.line, err)
		}
	}
	if _, err := ParseCurl("curl https://h/p -d @none.json", files); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the cause is lost: %v", err)
	}
	if _, err := ParseCurl("curl https://h/p --json @body.json", nil); err == nil || !strings.Contains(err.Error(), "option --json names the file body.json") {
		t.Errorf("%v", err)
	}
}

func FuzzParseCurl(f *testing.F) {
	f.Add(`curl 'https://h/p?a=1' -XPOST -H "content-type: application/json" -d $'{"a":\u00e9}' | jq`)
	f.Add(`curl https://h/p -G --data-urlencode 'a=b c' --json @x -- \` + "\n")
	f.Fuzz(func(t *testing.T, line string) {
		r, err := ParseCurl(line, func(string) ([]byte, error) { return []byte("content"), nil })
		if err == nil && r.URL == "" {
			t.Fatalf("%q is read without a URL", line)
		}
	})
}
