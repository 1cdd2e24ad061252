package paste

import (
	"encoding/json"
	"errors"
	"html"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sign/explain"
)

// What a line of a log holds around a request.
var (
	logURL    = regexp.MustCompile(`https?://[^\s"'<>\\]+|/[a-z_]+/\d{6}/[^\s"'<>\\]*\?[^\s"'<>\\]+|/api/[^\s"'<>\\]*\?[^\s"'<>\\]+`)
	logMethod = regexp.MustCompile(`\b(GET|POST|PUT|DELETE|PATCH)\b`)
	logToken  = regexp.MustCompile(`(?i)["']?x-tts-access-token["']?\s*[:=]\s*["'\[]*([^\s"',\]}]+)`)
	logType   = regexp.MustCompile(`(?i)["']?content-type["']?\s*[:=]\s*["'\[]*([^\s"',\]}]+)`)
	// writesJSON is in the code of programs that write their bodies themselves.
	writesJSON = regexp.MustCompile(`(?i)stringify\(|json_encode|json\.dumps|marshal\(|\bjson\s*[=:]|to_json|objectmapper|=>`)
	logTime    = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`)
)

// readLog reads what stands around a URL: the method before it, and a body and
// headers behind it.
func readLog(text string, _ func(string) ([]byte, error)) (Paste, error) {
	if p, ok := readJSONLog(text); ok {
		return p, nil
	}
	plain := strings.NewReplacer(`\u0026`, "&", `\/`, "/", `\"`, `"`, `\x26`, "&").Replace(text)
	at := callURL(plain)
	if at == nil {
		return Paste{}, errors.New("it has no URL with a parameter sign or app_key")
	}
	address := strings.TrimRight(plain[at[0]:at[1]], ".,;:)]}>")
	if strings.Contains(address, "&amp;") {
		address = html.UnescapeString(address)
	}
	before, after := plain[:at[0]], plain[at[0]+len(plain[at[0]:at[1]]):]
	r := Request{Request: explain.Request{URL: address}, BodyUnknown: true}
	if methods := logMethod.FindAllString(before, -1); len(methods) > 0 {
		r.Method = methods[len(methods)-1]
	} else if method := logMethod.FindString(after); method != "" {
		r.Method = method
	}
	if found := logToken.FindStringSubmatch(plain); found != nil {
		r.AccessToken = found[1]
	}
	if found := logType.FindStringSubmatch(plain); found != nil {
		r.ContentType = found[1]
	}
	for _, object := range objectsIn(after) {
		if writesJSON.MatchString(plain) {
			break // what the program makes of it is not what stands there
		}
		if !looksLikeAnswer(object) {
			r.Body, r.BodyUnknown = []byte(object), false
			break
		}
	}
	if r.Method == http.MethodGet {
		r.BodyUnknown = false
	}
	r.Sent = timeIn(before)
	return Paste{Requests: []Request{r}}, nil
}

// callURL returns where the first URL of a call of the API is.
func callURL(text string) []int {
	for _, at := range logURL.FindAllStringIndex(text, -1) {
		if isCall(strings.ReplaceAll(text[at[0]:at[1]], "&amp;", "&")) {
			return at
		}
	}
	return nil
}

// looksLikeAnswer reports whether an object is what the platform answered.
func looksLikeAnswer(object string) bool {
	var answer struct {
		Code      *json.RawMessage `json:"code"`
		RequestID *json.RawMessage `json:"request_id"`
	}
	return json.Unmarshal([]byte(object), &answer) == nil && answer.Code != nil && answer.RequestID != nil
}

// timeIn returns the time that a line begins with; zero where it has none, or none
// with a zone.
func timeIn(text string) time.Time {
	found := strings.Replace(strings.Replace(logTime.FindString(text), " ", "T", 1), ",", ".", 1)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999-0700"} {
		if at, err := time.Parse(layout, found); err == nil {
			return at
		}
	}
	return time.Time{}
}

// readJSONLog reads a line that is an object with the URL of a call in it.
func readJSONLog(text string) (Paste, bool) {
	r := Request{BodyUnknown: true}
	gather(json.RawMessage(text), &r)
	if r.URL == "" {
		return Paste{}, false
	}
	if r.Method == http.MethodGet {
		r.BodyUnknown = false
	}
	return Paste{Requests: []Request{r}}, true
}

// gather takes what belongs to a request out of an object and those below it.
func gather(raw json.RawMessage, r *Request) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		value := object[key]
		name := strings.ToLower(strings.NewReplacer("-", "_", ".", "_").Replace(key))
		var text string
		switch {
		case json.Unmarshal(value, &text) == nil:
			r.take(name, text)
		case isBody(name):
			r.Body, r.BodyUnknown = value, false
		default:
			gather(value, r)
		}
	}
}

// take keeps a text of a log line if it belongs to a request.
func (r *Request) take(name, value string) {
	at := callURL(value)
	switch {
	case at != nil && r.URL == "":
		r.URL = value[at[0]:at[1]]
		if method := logMethod.FindString(value[:at[0]]); method != "" && r.Method == "" {
			r.Method = method
		}
	case strings.HasSuffix(name, "method") || name == "verb":
		r.Method = strings.ToUpper(value)
	case strings.HasSuffix(name, "x_tts_access_token"):
		r.AccessToken = value
	case strings.HasSuffix(name, "content_type"):
		r.ContentType = value
	case isBody(name):
		r.Body, r.BodyUnknown = []byte(value), false
	case name == "time" || name == "ts" || name == "timestamp" || name == "@timestamp":
		r.Sent = timeIn(value)
	}
}

// isBody reports whether a member of a log line is the body that was sent.
func isBody(name string) bool {
	switch name {
	case "body", "request_body", "req_body", "payload", "data", "http_request_body":
		return true
	}
	return false
}
