package webhook_test

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
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

const secret = "s3cr3t-of-the-app"

func newApp(t testing.TB, key string, secrets ...string) webhook.App {
	t.Helper()
	app, err := webhook.NewApp(key, secrets...)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// logBuffer collects the log.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logBuffer) option() webhook.Option {
	return webhook.WithLogger(newLogger(l))
}

func quiet() webhook.Option { return webhook.WithLogger(quietLogger()) }

func quietLogger() *slog.Logger { return slog.New(slog.DiscardHandler) }

func newLogger(l *logBuffer) *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// memory is an inbox in memory.
type memory struct {
	mu     sync.Mutex
	events map[string]*webhook.Event
	put    func(ctx context.Context) error
}

func (m *memory) Put(ctx context.Context, e *webhook.Event) (bool, error) {
	if m.put != nil {
		if err := m.put(ctx); err != nil {
			return false, err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.events == nil {
		m.events = map[string]*webhook.Event{}
	}
	if m.events[e.Meta.Key] != nil {
		return false, nil
	}
	m.events[e.Meta.Key] = e
	return true, nil
}

func post(h http.Handler, authorization string, body []byte, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/webhook", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestVectors(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../sign/testdata/webhook.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		ID            string `json:"id"`
		AppKey        string `json:"app_key"`
		Secret        string `json:"secret"`
		Body          string `json:"body"`
		Authorization string `json:"authorization"`
	}
	if err := json.Unmarshal(data, &vectors); err != nil || len(vectors) == 0 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	for _, v := range vectors {
		app := newApp(t, v.AppKey, v.Secret)
		if got := app.Sign([]byte(v.Body)); got != v.Authorization {
			t.Errorf("%s: signed %s", v.ID, got)
		}
		box := &memory{}
		h := webhook.NewHandler(app, webhook.WithReplayWindow(0), webhook.WithInbox(box), quiet())
		if w := post(h, v.Authorization, []byte(v.Body)); w.Code != 200 || w.Body.Len() != 0 || len(box.events) != 1 {
			t.Errorf("%s: answered %d, %d events", v.ID, w.Code, len(box.events))
		}
		if w := post(h, v.Authorization, []byte(v.Body+" ")); w.Code != 401 || len(box.events) != 1 {
			t.Errorf("%s with a changed body: answered %d", v.ID, w.Code)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	now := time.Unix(1800000000, 0)
	good := webhooktest.Sample(event.TypeOrderStatusChange, now)
	app := newApp(t, "k", secret)
	signedAt := func(at time.Time) []byte { return webhooktest.Sample(event.TypeOrderStatusChange, at) }
	tests := []struct {
		name     string
		body     []byte
		auth     func(body []byte) string // nil: the right one
		change   func(*http.Request)
		status   int
		outcome  webhook.Outcome
		log      string // part of the log; empty: nothing is logged
		accepted bool
	}{
		{name: "right", body: good, status: 200, outcome: webhook.Accepted, accepted: true},
		{name: "charset", body: good, change: header("Content-Type", "application/json; charset=utf-8"), status: 200, outcome: webhook.Accepted, accepted: true},
		{name: "no media type", body: good, change: header("Content-Type", ""), status: 200, outcome: webhook.Accepted, accepted: true},
		{name: "form", body: good, change: header("Content-Type", "application/x-www-form-urlencoded"), status: 415, outcome: webhook.BadMediaType, log: "not announced as JSON"},
		{name: "GET", body: good, change: func(r *http.Request) { r.Method = "GET" }, status: 405, outcome: webhook.BadMethod, log: "not a POST"},
		{name: "PUT", body: good, change: func(r *http.Request) { r.Method = "PUT" }, status: 405, outcome: webhook.BadMethod, log: "not a POST"},
		{name: "too large", body: append(bytes.Clone(good), bytes.Repeat([]byte(" "), 1000)...), status: 413, outcome: webhook.TooLarge, log: "too large"},
		{name: "too large, length unknown", body: append(bytes.Clone(good), bytes.Repeat([]byte(" "), 1000)...),
			change: func(r *http.Request) { r.ContentLength = -1 }, status: 413, outcome: webhook.TooLarge, log: "too large"},
		{name: "body cut", body: good, change: func(r *http.Request) { r.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), broken{})) },
			status: 400, outcome: webhook.BodyLost, log: "did not come whole"},
		{name: "no header", body: good, auth: func([]byte) string { return "" }, status: 401, outcome: webhook.BadSignature, log: "header is missing"},
		{name: "prefix", body: good, auth: func(b []byte) string { return "Bearer " + app.Sign(b) }, status: 401, outcome: webhook.BadSignature, log: "something precedes it"},
		{name: "upper case", body: good, auth: func(b []byte) string { return strings.ToUpper(app.Sign(b)) }, status: 401, outcome: webhook.BadSignature, log: "upper case"},
		{name: "short", body: good, auth: func(b []byte) string { return app.Sign(b)[:63] }, status: 401, outcome: webhook.BadSignature, log: "64 lower-case"},
		{name: "other secret", body: good, auth: func(b []byte) string { return newApp(t, "k", "other").Sign(b) }, status: 401, outcome: webhook.BadSignature, log: "forged"},
		{name: "other key", body: good, auth: func(b []byte) string { return newApp(t, "second", secret).Sign(b) }, status: 401, outcome: webhook.BadSignature, log: "key of one app and the secret of another"},
		{name: "trimmed body", body: append(bytes.Clone(good), '\n'), auth: func([]byte) string { return app.Sign(good) }, status: 401, outcome: webhook.BadSignature, log: "white space"},
		{name: "body written again", body: bytes.ReplaceAll(good, []byte(`":`), []byte(`": `)), auth: func([]byte) string { return app.Sign(good) }, status: 401, outcome: webhook.BadSignature, log: "wrote it again"},
		{name: "last try after 15 h 32 min", body: signedAt(now.Add(-15*time.Hour - 32*time.Minute)), status: 200, outcome: webhook.Accepted, accepted: true},
		{name: "too old", body: signedAt(now.Add(-16*time.Hour - 6*time.Minute)), status: 401, outcome: webhook.OutsideWindow, log: "replay window"},
		{name: "clock behind", body: signedAt(now.Add(4 * time.Minute)), status: 200, outcome: webhook.Accepted, accepted: true},
		{name: "from the future", body: signedAt(now.Add(6 * time.Minute)), status: 401, outcome: webhook.OutsideWindow, log: "replay window"},
		{name: "no JSON", body: []byte("hello"), status: 200, outcome: webhook.Accepted, accepted: true, log: "cannot be read"},
		{name: "unknown type", body: []byte(`{"type":99,"timestamp":1800000000}`), status: 200, outcome: webhook.Accepted, accepted: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			box, log := &memory{}, &logBuffer{}
			var answer webhook.Answer
			h := webhook.NewHandler(app, webhook.WithApps(newApp(t, "second", "secret two")), webhook.WithInbox(box), log.option(),
				webhook.WithClock(func() time.Time { return now }), webhook.WithMaxBody(900), webhook.WithObserver(func(a webhook.Answer) { answer = a }))
			authorization := app.Sign(tt.body)
			if tt.auth != nil {
				authorization = tt.auth(tt.body)
			}
			change := tt.change
			if change == nil {
				change = func(*http.Request) {}
			}
			w := post(h, authorization, tt.body, change)
			if w.Code != tt.status || w.Body.Len() != 0 {
				t.Errorf("answered %d %q, want %d and no body", w.Code, w.Body, tt.status)
			}
			if answer.Outcome != tt.outcome || answer.Status != tt.status || h.Stats().Outcomes[tt.outcome] != 1 {
				t.Errorf("observed %+v, want %s", answer, tt.outcome)
			}
			if (len(box.events) == 1) != tt.accepted {
				t.Errorf("%d events stored", len(box.events))
			}
			if text := log.String(); !strings.Contains(text, tt.log) || tt.log == "" && text != "" {
				t.Errorf("log %q, want %q", text, tt.log)
			}
			if tt.status == 405 && w.Header().Get("Allow") != "POST" {
				t.Error("405 without the header Allow")
			}
			for _, hidden := range []string{secret, "secret two", app.Sign(tt.body)} {
				if strings.Contains(log.String(), hidden) {
					t.Errorf("the log shows %s", hidden)
				}
			}
		})
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func header(key, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(key, value) }
}

func TestAppsAndRotation(t *testing.T) {
	t.Parallel()
	old, other := newApp(t, "k", "old secret"), newApp(t, "second", "second secret")
	h := webhook.NewHandler(newApp(t, "k", "new secret", "old secret"), webhook.WithApps(other), quiet())
	var keys []string
	h.OnOther(func(_ context.Context, e *webhook.Event) error { keys = append(keys, e.Meta.AppKey); return nil })
	for _, app := range []webhook.App{newApp(t, "k", "new secret"), old, other} {
		body := webhooktest.Sample(event.TypeGoodsMatch, time.Now())
		if w := post(h, app.Sign(body), body); w.Code != 200 {
			t.Errorf("delivery for %v answered %d", app, w.Code)
		}
	}
	if want := "[k k second]"; fmt.Sprint(keys) != want {
		t.Errorf("apps %v, want %s", keys, want)
	}
	if got := h.Stats().OldSecret; got != 1 {
		t.Errorf("%d deliveries with an old secret, want 1", got)
	}
	if w := post(webhook.NewHandler(webhook.App{}, quiet()), other.Sign(nil), nil); w.Code != 401 {
		t.Errorf("a handler without secrets answered %d", w.Code)
	}
}

func TestNewApp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{""}, {"k"}, {"k", ""}, {"k", "s", ""}, {"k", "s\n"}} {
		if _, err := webhook.NewApp(args[0], args[1:]...); err == nil {
			t.Errorf("NewApp(%q): no error", args)
		} else if strings.Contains(err.Error(), "s\n") {
			t.Errorf("the error shows the secret: %v", err)
		}
	}
	app := newApp(t, "k", secret)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, text := range []string{fmt.Sprintf(verb, app), fmt.Sprintf(verb, &app), fmt.Sprintf(verb, []webhook.App{app})} {
			if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
				t.Errorf("%s shows the secret", verb)
			}
		}
	}
	if (webhook.App{}).Sign(nil) != "" {
		t.Error("the zero App signs")
	}
}

// An inbox that fails, hangs, panics or ends its goroutine never holds up the
// answer, and never makes it 200.
func TestInboxTrouble(t *testing.T) {
	t.Parallel()
	for name, put := range map[string]func(context.Context) error{
		"fails":             func(context.Context) error { return errors.New("disk full") },
		"panics":            func(context.Context) error { panic("boom") },
		"exits":             func(context.Context) error { runtime.Goexit(); return nil },
		"heeds the context": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"hangs":             func(context.Context) error { time.Sleep(time.Hour); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				app := newApp(t, "k", secret)
				h := webhook.NewHandler(app, webhook.WithInbox(&memory{put: put}), quiet())
				body := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
				start := time.Now()
				w := post(h, app.Sign(body), body)
				if took := time.Since(start); w.Code != 503 || took > webhook.DefaultAnswerWithin {
					t.Errorf("answered %d after %s", w.Code, took)
				}
				time.Sleep(2 * time.Hour) // in the bubble: the one that hangs ends too
			})
		})
	}
}

// Without an inbox the answer tells how the function fared, always in time.
func TestDirect(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		f      func() error
		status int
		second int // what the platform's next try gets, one hour later
		runs   int32
	}{
		"right":  {func() error { return nil }, 200, 200, 1},
		"fails":  {func() error { return errors.New("no") }, 500, 500, 2},
		"panics": {func() error { panic("boom") }, 500, 500, 2},
		"exits":  {func() error { runtime.Goexit(); return nil }, 500, 500, 2},
		"slow":   {func() error { time.Sleep(time.Minute); return nil }, 503, 200, 1},
		"slow and fails": {func() error { time.Sleep(time.Minute); return errors.New("no") },
			503, 503, 2},
		"hangs": {func() error { time.Sleep(2 * time.Hour); return nil }, 503, 503, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				app, log := newApp(t, "k", secret), &logBuffer{}
				h := webhook.NewHandler(app, log.option())
				var runs atomic.Int32
				webhook.On(h, func(ctx context.Context, e *event.OrderStatusChange) error {
					runs.Add(1)
					if _, ok := ctx.Deadline(); ok {
						t.Error("the function has the deadline of the answer")
					}
					return tt.f()
				})
				body := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
				for i, want := range []int{tt.status, tt.second} {
					start := time.Now()
					w := post(h, app.Sign(body), body)
					if took := time.Since(start); w.Code != want || took > webhook.DefaultAnswerWithin || w.Body.Len() != 0 {
						t.Errorf("try %d answered %d after %s, want %d", i+1, w.Code, took, want)
					}
					time.Sleep(time.Hour)
				}
				if runs.Load() != tt.runs {
					t.Errorf("ran %d times, want %d", runs.Load(), tt.runs)
				}
				if tt.second != 200 && log.String() == "" {
					t.Error("nothing is logged")
				}
				if err := h.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				if w := post(h, app.Sign(body), body); tt.second == 500 && w.Code != 503 {
					t.Errorf("after the shutdown answered %d", w.Code)
				}
			})
		})
	}
}

func TestDirectLimitAndJoin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := newApp(t, "k", secret)
		h := webhook.NewHandler(app, webhook.WithMaxInFlight(1), quiet())
		var runs atomic.Int32
		h.OnOther(func(context.Context, *webhook.Event) error { runs.Add(1); time.Sleep(time.Second); return nil })
		body := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
		other := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
		var wg sync.WaitGroup
		for range 3 { // the same event: one run, three answers
			wg.Go(func() {
				if w := post(h, app.Sign(body), body); w.Code != 200 {
					t.Errorf("answered %d", w.Code)
				}
			})
		}
		synctest.Wait()
		if w := post(h, app.Sign(other), other); w.Code != 503 {
			t.Errorf("above the limit answered %d", w.Code)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := h.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Shutdown while an event is worked on: %v", err)
		}
		wg.Wait()
		if runs.Load() != 1 {
			t.Errorf("ran %d times", runs.Load())
		}
		if stats := h.Stats(); stats.Outcomes[webhook.Accepted] != 1 || stats.Outcomes[webhook.Duplicate] != 2 || stats.Outcomes[webhook.Busy] != 1 || stats.Slowest < time.Second {
			t.Errorf("stats %+v", stats)
		}
	})
}

// A sender that stops in the middle of the body is cut off in time, and one
// that hangs up does not take the event with it.
func TestConnections(t *testing.T) {
	t.Parallel()
	app := newApp(t, "k", secret)
	h := webhook.NewHandler(app, webhook.WithAnswerWithin(200*time.Millisecond), quiet())
	handled := make(chan error, 1)
	h.OnOther(func(ctx context.Context, _ *webhook.Event) error {
		handled <- ctx.Err()
		return nil
	})
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)

	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, head("POST", "", plausible, 100)+"{"); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 400")) {
		t.Errorf("half a body is answered %q, %v", answer, err)
	}

	// Two deliveries over one connection: the deadline of the first body does
	// not reach the second.
	for range 2 {
		body := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
		r, err := webhooktest.Request(t.Context(), app, server.URL, body)
		if err != nil {
			t.Fatal(err)
		}
		res, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 200 || len(got) != 0 || res.ContentLength != 0 {
			t.Errorf("answered %d with %d bytes", res.StatusCode, len(got))
		}
		if err := <-handled; err != nil {
			t.Errorf("the function's context: %v", err)
		}
	}
	r, err := webhooktest.Request(t.Context(), app, server.URL, webhooktest.Sample(event.TypeOrderStatusChange, time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	webhooktest.Forge(r)
	res, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 401 {
		t.Errorf("a forged delivery is answered %d", res.StatusCode)
	}
}
