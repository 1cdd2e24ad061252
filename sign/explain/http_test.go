package explain

import (
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/internal/testdiff"
)

func TestParseHTTP(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       Request
	}{
		{"as sent", "POST /p?a=1&sign=x HTTP/1.1\r\nHost: h.example:8080\r\nContent-Type: application/json\r\nX-Tts-Access-Token: tok\r\nContent-Length: 2\r\n\r\n{}\r\nand more",
			Request{Method: "POST", URL: "https://h.example:8080/p?a=1&sign=x", ContentType: "application/json", Body: []byte("{}"), AccessToken: "tok"}},
		{"saved by an editor", "\nPUT /p HTTP/2\ncontent-type:application/json\n\n{\n}\n",
			Request{Method: "PUT", URL: "/p", ContentType: "application/json", Body: []byte("{\n}")}},
		{"no body", "GET http://h/p?a=1\n", Request{Method: "GET", URL: "http://h/p?a=1", Body: []byte{}}},
		{"a line end that counts", "POST /p HTTP/1.1\nContent-Length: 3\n\n{}\n", Request{Method: "POST", URL: "/p", Body: []byte("{}\n")}},
		{"chunks", "POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n",
			Request{Method: "POST", URL: "/p", Body: []byte(`{"a":1}`)}},
		{"LF chunks", "POST /p HTTP/1.1\nTransfer-Encoding: Chunked\n\n2\n{}\n0\n", Request{Method: "POST", URL: "/p", Body: []byte(`{}`)}},
	} {
		got, err := ParseHTTP([]byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := testdiff.Diff(withBody(test.want), withBody(got)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// withBody returns requests of which those without a body have an empty one.
func withBody(requests ...Request) []Request {
	for i, r := range requests {
		if r.Body == nil {
			requests[i].Body = []byte{}
		}
	}
	return requests
}

func TestParseHTTPErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, says string }{
		{"", "line 1"},
		{"hello", "line 1"},
		{"POST /p with words", "line 1"},
		{"POST /p HTTP/1.1\nContent-Type text", "line 2"},
		{"POST /p HTTP/1.1\nHost: h\n{}", "line 3"},
		{"POST /p HTTP/1.1\nContent-Length: many", "not a number"},
		{"POST /p HTTP/1.1\nContent-Length: -1", "not a number"},
		{"POST /p HTTP/1.1\nContent-Length: 9\n\n{}", "says 9 bytes, but the body has 2"},
		{"POST /p HTTP/1.1\nContent-Encoding: gzip\n\nx", "compressed"},
		{"POST /p HTTP/1.1\nTransfer-Encoding: chunked\n\n{}", "no size in hex"},
		{"POST /p HTTP/1.1\nTransfer-Encoding: chunked\n\n9\n{}", "says 9 bytes, but 2 follow"},
	} {
		_, err := ParseHTTP([]byte(test.text))
		if err == nil || !strings.HasPrefix(err.Error(), "explain: HTTP request: ") || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: %v", test.text, err)
		}
	}
}

func FuzzParseHTTP(f *testing.F) {
	f.Add([]byte("POST /p?a=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"))
	f.Add([]byte("POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\n{}\r\n0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ParseHTTP(text)
		if err == nil && (r.Method == "" || r.URL == "" || len(r.Body) > len(text)) {
			t.Fatalf("%q is read as %+v", text, r)
		}
	})
}
