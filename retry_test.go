package ttshop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sign"
)

// answer is what a scripted platform does with a try.
type answer struct {
	status int
	body   string
	header http.Header
	err    error         // instead of an answer
	cut    bool          // the body ends early
	after  time.Duration // or when the client gives up
}

func refusal(status, code int) answer {
	return answer{status: status, body: fmt.Sprintf(`{"code":%d,"message":"no","request_id":"r","data":null}`, code)}
}

var fine = answer{status: 200, body: success(`{}`)}

// script is an http.RoundTripper that checks signatures and gives its answers in
// turn, repeating the last one.
type script struct {
	t       *testing.T
	answers []answer

	mu   sync.Mutex
	seen []received
	at   []time.Time
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	query := r.URL.Query()
	if !sign.New(appSecret).Verify(sign.Request{Path: r.URL.EscapedPath(), Query: query, ContentType: r.Header.Get("Content-Type"), Body: body}, query.Get("sign")) {
		s.t.Errorf("%s %s: wrong signature", r.Method, r.URL.Path)
	}
	s.mu.Lock()
	a := s.answers[min(len(s.seen), len(s.answers)-1)]
	s.seen = append(s.seen, received{method: r.Method, path: r.URL.EscapedPath(), query: query, body: string(body), token: r.Header.Get("X-Tts-Access-Token")})
	s.at = append(s.at, time.Now())
	s.mu.Unlock()
	if a.after > 0 {
		select {
		case <-time.After(a.after):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	if a.err != nil {
		return nil, a.err
	}
	header := a.header
	if header == nil {
		header = http.Header{}
	}
	content := io.Reader(strings.NewReader(a.body))
	if a.cut {
		content = io.MultiReader(strings.NewReader(a.body[:len(a.body)/2]), errReader2{io.ErrUnexpectedEOF})
	}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(content), ContentLength: -1, Request: r}, nil
}

type errReader2 struct{ err error }

func (r errReader2) Read([]byte) (int, error) { return 0, r.err }

// scripted returns a client whose platform answers as told.
func scripted(t *testing.T, answers []answer, options ...ttshop.Option) (*ttshop.Client, *script) {
	s := &script{t: t, answers: answers}
	return newClient("http://platform.test", append([]ttshop.Option{ttshop.WithHTTPClient(&http.Client{Transport: s})}, options...)...), s
}

var (
	errDial = &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	errCut  = &net.OpError{Op: "read", Err: syscall.ECONNRESET}
)

// failures are the ways in which a try fails, with what is expected of a read,
// a write, and a write with an idempotency key: whether it is sent again, and
// where not, whether its outcome is known.
var failures = []struct {
	name               string
	answer             answer
	read, write, keyed bool
	known              bool // the write was surely not carried out
	class              error
}{
	{"429", answer{status: 429}, true, true, true, true, ttshop.ErrRateLimited},
	{"36009002", refusal(429, 36009002), true, true, true, true, ttshop.ErrRateLimited},
	{"36009002 with 200", refusal(200, 36009002), true, true, true, true, ttshop.ErrRateLimited},
	{"an operation's own throttle", refusal(200, 600001001), true, true, true, true, ttshop.ErrRateLimited},
	{"hourly quota", refusal(429, 36009037), true, true, true, true, ttshop.ErrRateLimited},
	{"daily quota", refusal(200, 45101004), false, false, false, true, ttshop.ErrRateLimited},
	{"500", answer{status: 500, body: "oops"}, true, false, true, false, ttshop.ErrUnavailable},
	{"502", answer{status: 502, body: "<html>"}, true, false, true, false, ttshop.ErrUnavailable},
	{"503", answer{status: 503}, true, false, true, false, ttshop.ErrUnavailable},
	{"36009003", refusal(200, 36009003), true, false, true, false, ttshop.ErrUnavailable},
	{"36009007", refusal(200, 36009007), true, false, true, false, ttshop.ErrUnavailable},
	{"temporary read failure", refusal(200, 10002014), true, false, true, false, ttshop.ErrUnavailable},
	{"internal failure of a domain", refusal(200, 12001000), true, false, true, false, ttshop.ErrUnavailable},
	{"still in the making", refusal(200, 21030005), true, false, false, true, ttshop.ErrUnavailable},
	{"no connection", answer{err: errDial}, true, true, true, true, ttshop.ErrUnavailable},
	{"no such host", answer{err: &net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}}, false, false, false, true, ttshop.ErrUnavailable},
	{"connection cut", answer{err: errCut}, true, false, true, false, nil},
	{"body cut", answer{status: 200, body: success(`{}`), cut: true}, true, false, true, false, nil},
	{"JSON cut", answer{status: 200, body: `{"code":0,"data":{`}, true, false, true, false, nil},
	{"time-out", answer{after: time.Hour}, true, false, true, false, nil},
	{"redirect", answer{status: 302}, false, false, false, false, nil},
	{"bad request", refusal(400, 36009004), false, false, false, true, ttshop.ErrInvalidRequest},
	{"bad signature", refusal(401, 106001), false, false, false, true, ttshop.ErrSignature},
	{"bad token", refusal(401, 105001), false, false, false, true, ttshop.ErrUnauthorized},
	{"expired token, nothing to refresh it", refusal(401, 105002), false, false, false, true, ttshop.ErrTokenExpired},
	{"scope", refusal(401, 105005), false, false, false, true, ttshop.ErrScope},
	{"path", refusal(404, 36009009), false, false, false, true, ttshop.ErrNotFound},
	{"business rule", refusal(200, 12052901), false, false, false, true, ttshop.ErrInvalidRequest},
	{"unknown code", refusal(200, 99999999), false, false, false, true, ttshop.ErrInvalidRequest},
}

// Every operation of the catalogue is repeated after exactly the failures that
// its kind allows.
func TestRetryDecisionOfEveryOperation(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	entries := c.Operations("")
	reads, writes, keyed := 0, 0, 0
	for _, e := range entries {
		op, err := c.Describe(e)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case !op.Write:
			reads++
		case op.IdempotencyKey != "":
			keyed++
		default:
			writes++
		}
		t.Run(e.FullName(), func(t *testing.T) {
			t.Parallel()
			for _, f := range failures {
				synctest.Test(t, func(t *testing.T) { checkDecision(t, op, f.name) })
			}
		})
	}
	if len(entries) != 530 || keyed < 8 || reads == 0 || writes == 0 {
		t.Errorf("%d operations: %d reads, %d writes, %d with a key", len(entries), reads, writes, keyed)
	}
}

// checkDecision calls an operation whose first try fails as named and whose
// second succeeds.
func checkDecision(t *testing.T, op *catalog.Operation, failure string) {
	for _, f := range failures {
		if f.name != failure {
			continue
		}
		again := f.read
		if op.Write {
			again = f.write
			if op.IdempotencyKey != "" {
				again = f.keyed
			}
		}
		client, platform := scripted(t, []answer{f.answer, fine})
		path := op.Path
		for name := range pathNames(op.Path) {
			path = strings.ReplaceAll(path, "{"+name+"}", "1729592969712207008")
		}
		var meta ttshop.Meta
		_, err := client.Call(t.Context(), op.Method, path, nil, nil, ttshop.CaptureMeta(&meta), ttshop.AsOperation(&ttshop.Operation{
			Name: op.FullName(), Path: op.Path, Read: !op.Write, IdempotencyKey: op.IdempotencyKey, Check: "look.Here",
		}))
		if !again {
			if len(platform.seen) != 1 || err == nil {
				t.Errorf("%s: sent %d times, error %v; want it once", f.name, len(platform.seen), err)
				return
			}
			if unknown := errors.Is(err, ttshop.ErrOutcomeUnknown); unknown != (op.Write && !f.known) {
				t.Errorf("%s: outcome unknown = %t: %v", f.name, unknown, err)
			} else if unknown && !strings.Contains(err.Error(), "look.Here") {
				t.Errorf("%s: the error does not say where to look: %v", f.name, err)
			}
			if f.class != nil && !errors.Is(err, f.class) {
				t.Errorf("%s: %v is not %v", f.name, err, f.class)
			}
			return
		}
		if err != nil || len(platform.seen) != 2 || meta.Tries != 2 {
			t.Errorf("%s: sent %d times, %d tries, error %v; want it twice", f.name, len(platform.seen), meta.Tries, err)
		}
		if op.IdempotencyKey != "" {
			first, second := keyIn(t, op.IdempotencyKey, platform.seen[0]), keyIn(t, op.IdempotencyKey, platform.seen[1])
			if first == "" || first != second || meta.IdempotencyKey != first {
				t.Errorf("%s: idempotency keys %q and %q, meta %q", f.name, first, second, meta.IdempotencyKey)
			}
		}
	}
}

func pathNames(path string) map[string]bool {
	names := map[string]bool{}
	for segment := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names[strings.TrimSuffix(name, "}")] = true
		}
	}
	return names
}

// keyIn returns the idempotency key of a request.
func keyIn(t *testing.T, place string, r received) string {
	t.Helper()
	if name, ok := strings.CutPrefix(place, "query:"); ok {
		return r.query.Get(name)
	}
	name, ok := strings.CutPrefix(place, "body:")
	if !ok {
		t.Fatalf("place %q", place)
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(r.body), &body); err != nil {
		t.Fatalf("body %q: %v", r.body, err)
	}
	text, _ := body[name].(string)
	return text
}

// Raw calls of one operation share a bucket, whatever ids their paths contain.
func TestRawCallsShareAPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pacer := new(ttshop.Pacer)
		client, _ := scripted(t, []answer{fine}, ttshop.WithLimiter(pacer))
		var c catalog.Catalog
		for _, e := range c.Operations("") {
			for _, id := range []string{"1729592969712207008", "IBR202309"} {
				path := e.Path
				for name := range pathNames(e.Path) {
					path = strings.ReplaceAll(path, "{"+name+"}", id)
				}
				if _, err := client.Call(t.Context(), e.Method, path, nil, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		// Of pairs such as /conversations/{id} and /conversations/latest only
		// the ids are hidden, so that every operation keeps a name of its own.
		if n := len(pacer.States()); n != 530 {
			t.Errorf("%d operations are paced apart, want 530", n)
		}
	})
}

func TestRetryTimes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		answers []answer
		options []ttshop.Option
		timeout time.Duration
		tries   int
		least   time.Duration
		most    time.Duration
		err     error
	}{
		{"five tries", []answer{{status: 502}}, nil, 0, 5, 0, (1 + 2 + 4 + 8) * time.Second, ttshop.ErrUnavailable},
		{"own policy", []answer{{status: 502}}, []ttshop.Option{ttshop.WithRetry(ttshop.RetryPolicy{Tries: 3, MinWait: time.Millisecond, MaxWait: time.Millisecond})}, 0, 3, 0, 2*time.Millisecond + 2, ttshop.ErrUnavailable},
		{"no retry", []answer{{status: 502}}, []ttshop.Option{ttshop.WithoutRetry()}, 0, 1, 0, 0, ttshop.ErrUnavailable},
		{"succeeds at last", []answer{{status: 502}, {err: errCut}, {status: 429}, fine}, nil, 0, 4, 0, 10 * time.Second, nil},
		{"Retry-After", []answer{{status: 429, header: http.Header{"Retry-After": {"9"}}}, fine}, nil, 0, 2, 9 * time.Second, 10 * time.Second, nil},
		{"Retry-After, a date", []answer{{status: 503, header: http.Header{"Retry-After": {"Mon, 02 Jan 2006 15:04:35 GMT"}, "Date": {"Mon, 02 Jan 2006 15:04:05 GMT"}}}, fine}, nil, 0, 2, 30 * time.Second, 31 * time.Second, nil},
		{"Retry-After, nonsense", []answer{{status: 429, header: http.Header{"Retry-After": {"soon"}}}, fine}, nil, 0, 2, 0, 2 * time.Second, nil},
		{"Retry-After beyond the deadline", []answer{{status: 429, header: http.Header{"Retry-After": {"90"}}}}, nil, time.Minute, 1, 0, 0, ttshop.ErrRateLimited},
		{"hourly quota", []answer{refusal(429, 36009037), fine}, nil, 0, 2, time.Hour, time.Hour, nil},
		{"hourly quota, twice", []answer{refusal(429, 36009037), refusal(429, 36009037), fine}, nil, 0, 3, 2 * time.Hour, 2 * time.Hour, nil},
		{"hourly quota beyond the deadline", []answer{refusal(429, 36009037)}, nil, time.Minute, 1, 0, 0, ttshop.ErrRateLimited},
		{"hourly quota and nobody to wait", []answer{refusal(429, 36009037)}, []ttshop.Option{ttshop.WithLimiter(nil)}, 0, 1, 0, 0, ttshop.ErrRateLimited},
		{"time-out of each try", []answer{{after: time.Hour}}, []ttshop.Option{ttshop.WithTimeout(time.Second), ttshop.WithRetry(ttshop.RetryPolicy{Tries: 2})}, 0, 2, 2 * time.Second, 3 * time.Second, context.DeadlineExceeded},
		{"the context's own end", []answer{{after: time.Hour}}, nil, time.Second, 1, time.Second, time.Second, context.DeadlineExceeded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, platform := scripted(t, tt.answers, tt.options...)
				ctx := t.Context()
				if tt.timeout > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.timeout)
					defer cancel()
				}
				start := time.Now()
				_, err := client.Call(ctx, "GET", "/x", nil, nil)
				took := time.Since(start)
				if !errors.Is(err, tt.err) || tt.err == nil && err != nil {
					t.Errorf("error %v, want %v", err, tt.err)
				}
				if len(platform.seen) != tt.tries || took < tt.least || took > tt.most {
					t.Errorf("%d tries in %v, want %d in %v to %v", len(platform.seen), took, tt.tries, tt.least, tt.most)
				}
				if refused, ok := errors.AsType[*ttshop.Error](err); ok && refused.Tries != tt.tries {
					t.Errorf("the error counts %d tries", refused.Tries)
				}
			})
		})
	}
}

func TestEveryTryIsSignedAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, platform := scripted(t, []answer{{status: 429, header: http.Header{"Retry-After": {"400"}}}, fine})
		if _, err := client.Call(t.Context(), "POST", "/x", nil, []byte(`{"a":1}`)); err != nil {
			t.Fatal(err)
		}
		first, second := platform.seen[0], platform.seen[1]
		if first.query.Get("timestamp") == second.query.Get("timestamp") || first.query.Get("sign") == second.query.Get("sign") || first.body != second.body {
			t.Errorf("tries %v and %v", first, second)
		}
	})
}

func TestRetryEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, platform := scripted(t, []answer{{status: 429, header: http.Header{"Retry-After": {"400"}}}})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		_, err := client.Call(ctx, "GET", "/x", nil, nil)
		if !errors.Is(err, context.Canceled) || !errors.Is(err, ttshop.ErrRateLimited) || time.Since(start) != 3*time.Second || len(platform.seen) != 1 {
			t.Errorf("error %v after %v and %d tries", err, time.Since(start), len(platform.seen))
		}
	})
}

func TestRetryBudgetEndsAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, platform := scripted(t, []answer{{status: 502}}, ttshop.WithLimiter(nil), ttshop.WithRetry(ttshop.RetryPolicy{Budget: 10, MinWait: 1, MaxWait: 1}))
		const calls = 100
		for range calls {
			if _, err := client.Shop("s").Call(t.Context(), "GET", "/x", nil, nil); !errors.Is(err, ttshop.ErrUnavailable) {
				t.Fatal(err)
			}
		}
		if got := len(platform.seen); got != calls+10 {
			t.Errorf("an outage costs %d tries for %d calls, want %d", got, calls, calls+10)
		}
		time.Sleep(3 * time.Second)
		if _, err := client.Call(t.Context(), "GET", "/x", nil, nil); err == nil {
			t.Fatal("no error")
		}
		if got := len(platform.seen); got != calls+10+4 {
			t.Errorf("%d tries, want one a second to come back", got-calls-10)
		}
		platform.answers = []answer{fine}
		for range 10 {
			if _, err := client.Call(t.Context(), "GET", "/x", nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		platform.answers, platform.seen = []answer{{status: 502}}, nil
		for range 5 {
			if _, err := client.Call(t.Context(), "GET", "/x", nil, nil); err == nil {
				t.Fatal("no error")
			}
		}
		if got := len(platform.seen); got != 5+5 {
			t.Errorf("%d tries of 5 calls after 10 successes, want 10", got)
		}
	})
}

// A body that cannot be read again is sent once, whatever happens.
func TestBodyThatCannotBeReplayed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, failure := range []answer{{status: 429}, {err: errDial}, refusal(401, 105002), {status: 502}} {
			for _, replayable := range []bool{true, false} {
				client, platform := scripted(t, []answer{failure, fine}, ttshop.WithTokenSource(&renewing{fresh: "new"}))
				content := io.Reader(strings.NewReader("content"))
				if !replayable {
					content = io.MultiReader(content)
				}
				_, err := client.Call(t.Context(), "POST", "/x", nil, &ttshop.Form{Files: map[string]ttshop.File{"data": {Content: content}}}, ttshop.AsRead())
				want := 1
				if replayable {
					want = 2
				}
				if len(platform.seen) != want || (err == nil) != replayable {
					t.Errorf("%+v, replayable %t: sent %d times, error %v", failure, replayable, len(platform.seen), err)
				}
				for _, r := range platform.seen {
					if !strings.Contains(r.body, "content") {
						t.Errorf("half a body: %q", r.body)
					}
				}
			}
		}
	})
}

func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	type params struct {
		InQuery string `query:"idempotency_key" json:"-"`
		InBody  string `json:"idempotency_key,omitempty"`
		Always  string `json:"key"`
		Title   string `json:"title,omitempty"`
	}
	tests := []struct {
		name, place string
		params      *params
		want        string // empty: one that the client makes
		body        string // with KEY for the key
	}{
		{"query, made", "query:idempotency_key", &params{Title: "t"}, "", `{"key":"","title":"t"}`},
		{"query, the caller's", "query:idempotency_key", &params{InQuery: "mine"}, "mine", `{"key":""}`},
		{"query, absent", "query:other", &params{}, "", `{"key":""}`},
		{"body, made", "body:idempotency_key", &params{Title: "t"}, "", `{"idempotency_key":"KEY","key":"","title":"t"}`},
		{"body, the caller's", "body:idempotency_key", &params{InBody: "mine"}, "mine", `{"idempotency_key":"mine","key":""}`},
		{"body, sent empty", "body:key", &params{Title: "t"}, "", `{"key":"KEY","title":"t"}`},
		{"body, none at all", "body:idempotency_key", nil, "", `{"idempotency_key":"KEY"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, platform := scripted(t, []answer{{err: errCut}, {status: 502}, refusal(429, 36009002), fine})
				op := &ttshop.Operation{Name: "d.Op", Method: "POST", Path: "/x", Body: ttshop.BodyJSON, IdempotencyKey: tt.place}
				var meta ttshop.Meta
				var err error
				if tt.params == nil {
					err = client.Do(t.Context(), op, nil, &struct{}{}, ttshop.CaptureMeta(&meta))
				} else {
					before := *tt.params
					err = client.Do(t.Context(), op, tt.params, &struct{}{}, ttshop.CaptureMeta(&meta))
					if *tt.params != before {
						t.Errorf("params became %+v", *tt.params)
					}
				}
				if err != nil || len(platform.seen) != 4 {
					t.Fatalf("%d tries, error %v", len(platform.seen), err)
				}
				for _, r := range platform.seen {
					got := keyIn(t, tt.place, r)
					if got == "" || got != meta.IdempotencyKey || tt.want != "" && got != tt.want {
						t.Errorf("key %q, meta %q, want %q", got, meta.IdempotencyKey, tt.want)
					}
					if want := strings.ReplaceAll(tt.body, "KEY", got); r.body != want {
						t.Errorf("body %s, want %s", r.body, want)
					}
					if n := len(r.query["idempotency_key"]); n > 1 {
						t.Errorf("%d keys in the query", n)
					}
				}
			})
		})
	}
	t.Run("raw", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			client, platform := scripted(t, []answer{{err: errCut}, fine})
			op := &ttshop.Operation{Name: "product.CreateProduct", Path: "/x", IdempotencyKey: "body:idempotency_key"}
			body := []byte(` { "title" : "t" } `)
			original := bytes.Clone(body)
			if _, err := client.Call(t.Context(), "POST", "/x", nil, body, ttshop.AsOperation(op)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(body, original) || keyIn(t, op.IdempotencyKey, platform.seen[0]) == "" || !strings.Contains(platform.seen[0].body, `"title"`) {
				t.Errorf("sent %s, the caller's body is %s", platform.seen[0].body, body)
			}
			if _, err := client.Call(t.Context(), "POST", "/x", nil, []byte(`[1]`), ttshop.AsOperation(op)); !errors.Is(err, ttshop.ErrInvalidRequest) {
				t.Errorf("a body that is not an object: error %v", err)
			}
		})
	})
	t.Run("each call its own", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			client, platform := scripted(t, []answer{fine})
			op := &ttshop.Operation{Name: "d.Op", Method: "POST", Path: "/x", IdempotencyKey: "query:idempotency_key"}
			for range 2 {
				if err := client.Do(t.Context(), op, nil, &struct{}{}); err != nil {
					t.Fatal(err)
				}
			}
			if platform.seen[0].query.Get("idempotency_key") == platform.seen[1].query.Get("idempotency_key") {
				t.Error("two calls share a key")
			}
		})
	})
}

// What an earlier try may have done is not forgotten by a later refusal.
func TestUncertainOutcomeIsKept(t *testing.T) {
	t.Parallel()
	op := &ttshop.Operation{Name: "d.Op", Method: "POST", Path: "/x", IdempotencyKey: "query:k", Check: "d.Look"}
	tests := []struct {
		name    string
		answers []answer
		class   error
	}{
		{"then refused", []answer{{err: errCut}, refusal(200, 12052901)}, ttshop.ErrInvalidRequest},
		{"then throttled to the end", []answer{{err: errCut}, {status: 429}}, ttshop.ErrRateLimited},
		{"then no connection", []answer{{status: 502}, {err: errDial}}, nil},
		{"then out of reach", []answer{{err: errCut}, refusal(401, 105001)}, ttshop.ErrUnauthorized},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := scripted(t, tt.answers)
				err := client.Do(t.Context(), op, nil, &struct{}{})
				if !errors.Is(err, ttshop.ErrOutcomeUnknown) || tt.class != nil && !errors.Is(err, tt.class) || !strings.Contains(err.Error(), "d.Look") || !strings.Contains(err.Error(), "idempotency key ") {
					t.Errorf("error %v", err)
				}
				read := *op
				read.Read = true
				if err := client.Do(t.Context(), &read, nil, &struct{}{}); errors.Is(err, ttshop.ErrOutcomeUnknown) {
					t.Errorf("of a read: %v", err)
				}
			})
		})
	}
	t.Run("then cancelled", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			client, _ := scripted(t, []answer{{err: errCut}}, ttshop.WithRetry(ttshop.RetryPolicy{MinWait: time.Hour, MaxWait: time.Hour}))
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Nanosecond, cancel)
			if err := client.Do(ctx, op, nil, &struct{}{}); !errors.Is(err, ttshop.ErrOutcomeUnknown) || !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
		})
	})
}

func TestRefreshComposesWithRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		expired := refusal(401, 105002)
		source := &renewing{fresh: "new"}
		client, platform := scripted(t, []answer{{status: 502}, expired, {status: 429}, expired, fine}, ttshop.WithTokenSource(source))
		if _, err := client.Call(t.Context(), "GET", "/x", nil, nil); err != nil || source.refreshed != 2 {
			t.Errorf("error %v, refreshed %d times", err, source.refreshed)
		}
		var tokens []string
		for _, r := range platform.seen {
			tokens = append(tokens, r.token)
		}
		if got := strings.Join(tokens, " "); got != "old old new old new" {
			t.Errorf("tokens %s", got)
		}
		// A write is repeated too: an expired token is refused by the gateway.
		source = &renewing{fresh: "new"}
		client, platform = scripted(t, []answer{expired, expired}, ttshop.WithTokenSource(source), ttshop.WithoutRetry())
		if _, err := client.Call(t.Context(), "POST", "/x", nil, nil); !errors.Is(err, ttshop.ErrTokenExpired) || errors.Is(err, ttshop.ErrOutcomeUnknown) || len(platform.seen) != 2 {
			t.Errorf("error %v after %d tries", err, len(platform.seen))
		}
	})
}

// moody is a source that fails as often as told.
type moody struct {
	tokens, refreshes int // that fail
	err               error
}

func (m *moody) Token(context.Context) (ttshop.Token, error) {
	if m.tokens--; m.tokens >= 0 {
		return ttshop.Token{}, m.err
	}
	return ttshop.Token{AccessToken: "old"}, nil
}

func (m *moody) Refresh(context.Context, ttshop.Token) (ttshop.Token, error) {
	if m.refreshes--; m.refreshes >= 0 {
		return ttshop.Token{}, m.err
	}
	return ttshop.Token{AccessToken: "new"}, nil
}

// A source that has no token for the moment is asked again, since nothing was
// sent.
func TestTokenSourceIsAskedAgain(t *testing.T) {
	t.Parallel()
	passing, lasting := fmt.Errorf("auth host down: %w", ttshop.ErrUnavailable), fmt.Errorf("revoked: %w", ttshop.ErrUnauthorized)
	expired := refusal(401, 105002)
	tests := []struct {
		name    string
		source  *moody
		answers []answer
		sent    int
		err     error
	}{
		{"no token at first", &moody{tokens: 2, err: passing}, []answer{fine}, 1, nil},
		{"no token for long", &moody{tokens: 9, err: passing}, []answer{fine}, 0, passing},
		{"no token ever", &moody{tokens: 1, err: lasting}, []answer{fine}, 0, lasting},
		{"no refresh at first", &moody{refreshes: 2, err: passing}, []answer{expired, expired, expired, fine}, 4, nil},
		{"no refresh ever", &moody{refreshes: 9, err: lasting}, []answer{expired}, 1, lasting},
		{"no token after a throttle", &moody{err: passing}, []answer{{status: 429}, fine}, 2, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, platform := scripted(t, tt.answers, ttshop.WithTokenSource(tt.source))
				_, err := client.Call(t.Context(), "POST", "/x", nil, nil)
				if !errors.Is(err, tt.err) || tt.err == nil && err != nil || len(platform.seen) != tt.sent || errors.Is(err, ttshop.ErrOutcomeUnknown) {
					t.Errorf("sent %d times, error %v; want %d and %v", len(platform.seen), err, tt.sent, tt.err)
				}
			})
		})
	}
}

func TestClockIsCorrected(t *testing.T) {
	t.Parallel()
	// clocked refuses timestamps as the platform does, by a clock that is off.
	type clocked struct {
		t    *testing.T
		off  time.Duration
		date bool
		seen int
	}
	roundTrip := func(c *clocked) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			c.seen++
			now := time.Now().Add(c.off)
			header := http.Header{}
			if c.date {
				header.Set("Date", now.UTC().Format(http.TimeFormat))
			}
			var stamp int64
			if _, err := fmt.Sscan(r.URL.Query().Get("timestamp"), &stamp); err != nil {
				return nil, err
			}
			a := fine
			if age := now.Sub(time.Unix(stamp, 0)); age > 5*time.Minute || age < -30*time.Second {
				a = answer{status: 400, body: `{"code":36009004,"message":"'timestamp' is too old"}`}
			}
			return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: -1}, nil
		})
	}
	for _, off := range []time.Duration{-time.Hour, -4 * time.Minute, 0, 4 * time.Minute, 6 * time.Minute, 100 * time.Hour} {
		t.Run(off.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(900 * time.Millisecond) // in the midst of a second
				gateway := &clocked{t: t, off: off, date: true}
				var log bytes.Buffer
				client := newClient("http://platform.test", ttshop.WithHTTPClient(&http.Client{Transport: roundTrip(gateway)}), ttshop.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
				shop := client.Shop("s")
				for range 3 {
					if _, err := shop.Call(t.Context(), "POST", "/x", nil, nil); err != nil {
						t.Fatal(err)
					}
				}
				corrected := off > 5*time.Minute || off < -30*time.Second
				if want := map[bool]int{true: 4, false: 3}[corrected]; gateway.seen != want {
					t.Errorf("%d tries for 3 calls, want %d", gateway.seen, want)
				}
				if n := strings.Count(log.String(), "clock corrected"); n != map[bool]int{true: 1, false: 0}[corrected] {
					t.Errorf("said so %d times:\n%s", n, log.String())
				}
				// The clock is put right, then goes wrong the other way.
				for _, later := range []time.Duration{0, -off} {
					gateway.off = later
					if _, err := client.Call(t.Context(), "POST", "/x", nil, nil); err != nil {
						t.Errorf("clock at %v: %v", later, err)
					}
				}
			})
		})
	}
	t.Run("without retry the next call goes through", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			gateway := &clocked{t: t, off: time.Hour, date: true}
			client := newClient("http://platform.test", ttshop.WithHTTPClient(&http.Client{Transport: roundTrip(gateway)}), ttshop.WithoutRetry())
			_, first := client.Call(t.Context(), "GET", "/x", nil, nil)
			_, second := client.Call(t.Context(), "GET", "/x", nil, nil)
			if !errors.Is(first, ttshop.ErrSignature) || second != nil || gateway.seen != 2 {
				t.Errorf("errors %v and %v after %d tries", first, second, gateway.seen)
			}
		})
	})
	t.Run("nothing to measure by", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			gateway := &clocked{t: t, off: time.Hour}
			client := newClient("http://platform.test", ttshop.WithHTTPClient(&http.Client{Transport: roundTrip(gateway)}))
			if _, err := client.Call(t.Context(), "GET", "/x", nil, nil); !errors.Is(err, ttshop.ErrSignature) || !strings.Contains(err.Error(), "clock") || gateway.seen != 1 {
				t.Errorf("error %v after %d tries", err, gateway.seen)
			}
		})
	})
	t.Run("the clock is right", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			client, platform := scripted(t, []answer{{status: 400, body: `{"code":36009004,"message":"'timestamp' is too old"}`, header: http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}}})
			if _, err := client.Call(t.Context(), "GET", "/x", nil, nil); err == nil || len(platform.seen) != 1 {
				t.Errorf("error %v after %d tries", err, len(platform.seen))
			}
		})
	})
	t.Run("many at once", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			gateway := &clocked{t: t, off: time.Hour, date: true}
			transport := roundTrip(gateway)
			var mu sync.Mutex
			var log bytes.Buffer
			client := newClient("http://platform.test", ttshop.WithLogger(slog.New(slog.NewTextHandler(&log, nil))), ttshop.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				time.Sleep(time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				return transport.RoundTrip(r)
			})}))
			var group sync.WaitGroup
			for range 8 {
				group.Go(func() {
					if _, err := client.Call(t.Context(), "GET", "/x", nil, nil); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			if n := strings.Count(log.String(), "clock corrected"); n != 1 {
				t.Errorf("said so %d times", n)
			}
		})
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A custom limiter is asked before every try and told how each went.
func TestOwnLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &recordingLimiter{}
		client, _ := scripted(t, []answer{{status: 502}, refusal(429, 36009002), refusal(429, 36009037), refusal(200, 12052901)}, ttshop.WithLimiter(l))
		_, err := client.Shop("cipher").Call(t.Context(), "GET", "/order/202309/orders/576", url.Values{}, nil, ttshop.AsBulk())
		if !errors.Is(err, ttshop.ErrInvalidRequest) {
			t.Fatal(err)
		}
		want := strings.Repeat("acquire k123/cipher/GET /order/202309/orders/{} 1, done 7 %d; ", 4)
		if got := strings.Join(l.log, ""); got != fmt.Sprintf(want, ttshop.ResultOther, ttshop.ResultThrottled, ttshop.ResultQuota, ttshop.ResultOK) {
			t.Errorf("got %s", got)
		}
		l = &recordingLimiter{err: errors.New("store is down")}
		client, platform := scripted(t, []answer{fine}, ttshop.WithLimiter(l))
		if _, err := client.Call(t.Context(), "POST", "/x", nil, nil); !errors.Is(err, l.err) || errors.Is(err, ttshop.ErrOutcomeUnknown) || len(platform.seen) != 0 {
			t.Errorf("error %v", err)
		}
		l = &recordingLimiter{}
		client, _ = scripted(t, []answer{fine}, ttshop.WithLimiter(l), ttshop.WithTokenSource(emptySource{}))
		if _, err := client.Call(t.Context(), "GET", "/x", nil, nil); err == nil || !strings.Contains(strings.Join(l.log, ""), fmt.Sprintf("done 7 %d", ttshop.ResultNotSent)) {
			t.Errorf("error %v, %q", err, l.log)
		}
	})
}

type recordingLimiter struct {
	log []string
	err error
}

func (l *recordingLimiter) Acquire(_ context.Context, k ttshop.LimitKey, p ttshop.Priority) (ttshop.Permit, error) {
	l.log = append(l.log, fmt.Sprintf("acquire %s/%s/%s %d, ", k.App, k.Shop, k.Operation, p))
	return ttshop.Permit{Mark: 7}, l.err
}

func (l *recordingLimiter) Done(_ ttshop.LimitKey, p ttshop.Permit, o ttshop.Outcome) {
	l.log = append(l.log, fmt.Sprintf("done %d %d; ", p.Mark, o.Result))
}
