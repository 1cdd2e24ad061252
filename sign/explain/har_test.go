package explain

import (
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/internal/testdiff"
)

func TestParseHAR(t *testing.T) {
	t.Parallel()
	const text = `{"log":{"version":"1.2","entries":[
		{"request":{"method":"GET","url":"https://h/style.css"}},
		{"request":{"method":"POST","url":"https://h/p?app_key=k&sign=x","headers":[{"name":"X-TTS-Access-Token","value":"tok"},{"name":"content-type","value":"application/json"}],
			"postData":{"mimeType":"application/json;charset=UTF-8","text":"{\"a\": \"é\"}"}}},
		{},
		{"request":{"method":"PUT","url":"https://h/q?sign=y","postData":{"mimeType":"multipart/form-data; boundary=b","encoding":"base64","text":"AAEC"}}}
	]}}`
	want := []Request{
		{Method: "POST", URL: "https://h/p?app_key=k&sign=x", ContentType: "application/json", AccessToken: "tok", Body: []byte(`{"a": "é"}`)},
		{Method: "PUT", URL: "https://h/q?sign=y", ContentType: "multipart/form-data; boundary=b", Body: []byte{0, 1, 2}},
	}
	got, err := ParseHAR([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := testdiff.Diff(withBody(want...), withBody(got...)); diff != "" {
		t.Error(diff)
	}
}

func TestParseHARErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, says string }{
		{"", "not valid JSON"},
		{`{"log":{"entries":[{]}}`, "at byte 21"},
		{`{"log":{"entries":"s3cret"}}`, "field log.entries"},
		{`[]`, "is no"},
		{`{}`, "has no log"},
		{`{"log":{"entries":[{"request":{"url":"https://h/p"}}]}}`, "none of its 1 requests"},
		{`{"log":{"entries":[{"request":{"url":"https://h/p?sign=1","postData":{"encoding":"base64","text":"?"}}}]}}`, "entry 1: its postData is not base64"},
	} {
		_, err := ParseHAR([]byte(test.text))
		if err == nil || !strings.HasPrefix(err.Error(), "explain: HAR file: ") || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", test.text, err)
		}
	}
}

func FuzzParseHAR(f *testing.F) {
	f.Add([]byte(`{"log":{"entries":[{"request":{"method":"POST","url":"https://h/p?sign=1","headers":[{"name":"a","value":"b"}],"postData":{"text":"{}"}}}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := ParseHAR(text)
		if (err == nil) != (len(list) > 0) {
			t.Fatalf("%d requests with error %v", len(list), err)
		}
	})
}
