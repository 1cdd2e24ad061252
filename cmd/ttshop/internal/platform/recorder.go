package platform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// Exchange is one request and its answer, fit to be shown: without secrets.
type Exchange struct {
	Method   string        `json:"method"`
	Path     string        `json:"path"`
	Query    []field.Param `json:"-"`
	Body     string        `json:"body,omitempty"`
	Status   int           `json:"status,omitempty"`
	Location string        `json:"-"` // where a redirect leads
	Code     *int          `json:"code,omitempty"`
	CodeText string        `json:"code_text,omitempty"` // of an answer that is not the platform's
	Bytes    int           `json:"bytes"`
	Took     float64       `json:"duration_ms"`
}

// Recorder is an http.RoundTripper that keeps what it carries, each exchange once
// its answer was read. It does not read answers itself.
type Recorder struct {
	Next     http.RoundTripper
	ReadOnly bool           // refuse whatever may change something
	told     func(Exchange) // is given each exchange instead of its being kept; may be nil

	mu        sync.Mutex
	exchanges []Exchange
}

// Take returns the exchanges since the last call.
func (r *Recorder) Take() []Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.exchanges
	r.exchanges = nil
	return taken
}

// RoundTrip implements http.RoundTripper.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.ReadOnly && req.Method != http.MethodGet && !(req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "/search")) {
		return nil, fmt.Errorf("%s %s is not sent: this conversation only reads", req.Method, req.URL.Path)
	}
	x := Exchange{Method: req.Method, Path: req.URL.EscapedPath(), Query: MaskParams(req.URL.RawQuery)}
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, fmt.Errorf("record request: %w", err)
		}
		b, err := io.ReadAll(body)
		if err != nil {
			return nil, fmt.Errorf("record request: %w", err)
		}
		x.Body = string(b)
	}
	start := time.Now()
	resp, err := r.Next.RoundTrip(req)
	if err != nil {
		x.Took = Milliseconds(time.Since(start))
		r.record(x)
		return resp, err
	}
	x.Status, x.Location = resp.StatusCode, resp.Header.Get("Location")
	resp.Body = &recording{body: resp.Body, ended: func(a *recording) {
		x.Bytes, x.Took = a.bytes, Milliseconds(time.Since(start))
		x.Code, x.CodeText = envelopeCode(a.head)
		r.record(x)
	}}
	return resp, nil
}

func (r *Recorder) record(x Exchange) {
	if r.told != nil {
		r.told(x)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exchanges = append(r.exchanges, x)
}

// RecordedHead is how many bytes of an answer are kept, to find its code in.
const RecordedHead = 64 << 10

// recording is an answer whose bytes are counted as they are read.
type recording struct {
	body  io.ReadCloser
	bytes int
	head  []byte
	once  sync.Once
	ended func(*recording)
}

// Read implements io.Reader.
func (a *recording) Read(p []byte) (int, error) {
	n, err := a.body.Read(p)
	a.bytes += n
	a.head = append(a.head, p[:min(n, RecordedHead-len(a.head))]...)
	return n, err
}

// Close implements io.Closer. Clients close every answer once.
func (a *recording) Close() error {
	err := a.body.Close()
	a.once.Do(func() { a.ended(a) })
	return err
}

// envelopeCode finds the code in the beginning of an answer; only the platform's
// answers have a number.
func envelopeCode(head []byte) (*int, string) {
	decoder := json.NewDecoder(bytes.NewReader(head))
	if first, err := decoder.Token(); err != nil || first != json.Delim('{') {
		return nil, ""
	}
	for {
		key, err := decoder.Token()
		if err != nil {
			return nil, ""
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, ""
		}
		if name, ok := key.(string); !ok || !strings.EqualFold(name, "code") {
			continue
		}
		var number *int
		if json.Unmarshal(value, &number) == nil {
			return number, ""
		}
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		return nil, console.Shorten(console.Printable(text), 100)
	}
}

// MaskParams returns the parameters of a raw query without their secrets.
func MaskParams(rawQuery string) []field.Param {
	params := field.SplitQuery(rawQuery)
	for i, p := range params {
		if field.IsSecretParam(p.Key) && p.Value != "" {
			params[i].Value = field.Mask
		}
	}
	return params
}

// MarshalJSON writes the query as an object beside the other fields.
func (x Exchange) MarshalJSON() ([]byte, error) {
	type plain Exchange
	query := make(map[string]string, len(x.Query))
	for _, p := range x.Query {
		query[p.Key] = p.Value
	}
	return json.Marshal(struct {
		plain
		Query map[string]string `json:"query"`
	}{plain(x), query})
}

// Lines returns the exchange for people, at most width columns wide.
func (x Exchange) Lines() []string {
	lines := []string{"→ " + x.Method + " " + x.Path}
	lines = append(lines, paramLines(x.Query)...)
	if x.Body != "" {
		for _, line := range console.Wrap(strings.SplitAfter(x.Body, ","), "", console.Width-detailIndent-StepIndent) {
			lines = append(lines, strings.Repeat(" ", detailIndent)+line)
		}
	}
	if x.Status == 0 {
		return append(lines, "← no answer")
	}
	answer := fmt.Sprintf("← HTTP %d", x.Status)
	switch {
	case x.Code != nil:
		answer += fmt.Sprintf(", code %d", *x.Code)
	case x.CodeText != "":
		answer += ", code " + x.CodeText
	}
	if x.Bytes > 0 {
		answer += ", " + console.Count(x.Bytes, "byte")
	}
	answer += fmt.Sprintf(", %.1f ms", x.Took)
	if x.Location == "" {
		return append(lines, answer)
	}
	target, rawQuery, _ := strings.Cut(x.Location, "?")
	return append(append(lines, answer+", to "+target), paramLines(MaskParams(rawQuery))...)
}

// The columns by which steps and their details are moved in.
const (
	StepIndent   = 4
	detailIndent = 4
)

func paramLines(params []field.Param) []string {
	if len(params) == 0 {
		return nil
	}
	words := make([]string, len(params))
	for i, p := range params {
		words[i] = p.Key + "=" + console.Shorten(console.Printable(p.Value), 40)
	}
	lines := console.Wrap(words, "  ", console.Width-detailIndent-StepIndent)
	for i := range lines {
		lines[i] = strings.Repeat(" ", detailIndent) + lines[i]
	}
	return lines
}

// Milliseconds returns a duration in milliseconds.
func Milliseconds(d time.Duration) float64 {
	return float64(d.Round(10*time.Microsecond)) / float64(time.Millisecond)
}

// Follow asks for a page and returns where it redirects to.
func (r *Recorder) Follow(req *http.Request) (*url.URL, error) {
	client := &http.Client{
		Transport:     r,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       30 * time.Second,
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	resp.Body.Close()
	location, err := resp.Location()
	if err != nil {
		return nil, fmt.Errorf("HTTP %d instead of a redirect", resp.StatusCode)
	}
	return location, nil
}
