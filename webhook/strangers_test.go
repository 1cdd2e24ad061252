package webhook_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop/internal/faultkit/crowd"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// plausible is a signature that could be one.
var plausible = strings.Repeat("0a", 32)

// head returns the head of a request that announces a body.
func head(method, contentType, authorization string, length int) string {
	h := fmt.Sprintf("%s / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n", method, length)
	if contentType != "" {
		h += "Content-Type: " + contentType + "\r\n"
	}
	if authorization != "" {
		h += "Authorization: " + authorization + "\r\n"
	}
	return h + "\r\n"
}

// A request that is refused by its header is answered before the body arrives, and
// the connection ends soon, whatever the server's own deadlines are.
func TestRefusalDoesNotWait(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(webhook.NewHandler(newApp(t, "k", secret), quiet())) // no deadlines of its own
	t.Cleanup(server.Close)
	for name, tt := range map[string]struct {
		head   string
		status int
	}{
		"GET with a body":      {head("GET", "application/json", plausible, 100), 405},
		"PUT":                  {head("PUT", "application/json", plausible, 100), 405},
		"form":                 {head("POST", "application/x-www-form-urlencoded", plausible, 100), 415},
		"no signature":         {head("POST", "application/json", "", 100), 401},
		"not a signature":      {head("POST", "application/json", "Basic dXNlcjpwYXNz", 100), 401},
		"announces too much":   {head("POST", "application/json", plausible, 1<<20), 413},
		"length is not told":   {"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 405},
		"waits for a go-ahead": {strings.Replace(head("PUT", "", "", 100), "\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", 1), 405},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if _, err := io.WriteString(conn, tt.head); err != nil {
				t.Fatal(err)
			}
			r := bufio.NewReader(conn)
			answer, err := http.ReadResponse(r, nil)
			if err == nil {
				defer answer.Body.Close()
			}
			if err != nil || answer.StatusCode != tt.status {
				t.Fatalf("answered %+v, %v after %v; want %d", answer, err, time.Since(began), tt.status)
			}
			if _, err := r.ReadByte(); err == nil || errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 4*time.Second {
				t.Errorf("the connection is open after %v: %v", time.Since(began), err)
			}
		})
	}
}

// heap is the size of the live heap.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Bodies that are announced and do not come take no memory. Not parallel: it
// measures the heap of the process.
func TestAnnouncedBodiesTakeNoMemory(t *testing.T) {
	const strangers = 400
	var reading atomic.Int64
	h := webhook.NewHandler(newApp(t, "k", secret), webhook.WithAnswerWithin(time.Minute), quiet())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reading.Add(1)
		h.ServeHTTP(w, r)
	}))
	defer server.Close()
	before := heap()
	c := crowd.New(t, server.Listener.Addr().String(), strangers, crowd.Options{Hello: head("POST", "application/json", plausible, 500_000) + "{"})
	defer c.Leave()
	eventually(t, "all are read from", func() bool { return reading.Load() == strangers })
	grown := int64(heap()) - int64(before)
	t.Logf("%d strangers that announce 500 kB take %d kB each", strangers, grown/strangers/1000)
	if grown/strangers > 32_000 {
		t.Errorf("%d strangers take %d kB each, want less than 32", strangers, grown/strangers/1000)
	}
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 30 s: %s", what)
		}
	}
}

// Forged deliveries are told once in full for each reason, and then counted.
func TestForgedAreCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const many = 5000
		app, log := newApp(t, "k", secret), &logBuffer{}
		h := webhook.NewHandler(app, webhook.WithInbox(&memory{}), log.option())
		body := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
		for range many {
			post(h, plausible, body)
			post(h, "", body)
			post(h, app.Sign(body), body, func(r *http.Request) { r.Method = "GET" })
		}
		lines := strings.Count(log.String(), "\n")
		t.Logf("%d refused deliveries: %d lines", 3*many, lines)
		if lines > 10 || !strings.Contains(log.String(), "forged") || !strings.Contains(log.String(), "missing") || !strings.Contains(log.String(), "not a POST") {
			t.Fatalf("%d lines:\n%.2000s", lines, log.String())
		}
		time.Sleep(2 * time.Minute)
		if got := fmt.Sprintf("further=%d", many-1); strings.Count(log.String(), got) != 2 { // of the forged some were not looked at closely
			t.Errorf("no summary with %s:\n%s", got, log.String())
		}
		if after := strings.Count(log.String(), "\n"); after > 20 {
			t.Errorf("%d lines after the summary", after)
		}
		if got := h.Stats().Outcomes[webhook.BadSignature]; got != 2*many {
			t.Errorf("%d bad signatures counted, want %d", got, 2*many)
		}
		// A quiet minute ends the counting, and what is open is told at the end.
		length := len(log.String())
		time.Sleep(time.Hour)
		if len(log.String()) != length {
			t.Errorf("told without a cause: %s", log.String()[length:])
		}
		post(h, "", body)
		post(h, "", body)
		if err := h.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if tail := log.String()[length:]; strings.Count(tail, "\n") != 2 || !strings.Contains(tail, "further=1") {
			t.Errorf("at the end: %s", tail)
		}
	})
}

// Any number may wait for the end of the handler.
func TestShutdownByMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := newApp(t, "k", secret)
		h := webhook.NewHandler(app, quiet())
		h.OnOther(func(context.Context, *webhook.Event) error { time.Sleep(time.Second); return nil })
		body := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
		var wg sync.WaitGroup
		wg.Go(func() { post(h, app.Sign(body), body) })
		synctest.Wait()
		for range 3 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				began := time.Now()
				if err := h.Shutdown(ctx); err != nil || time.Since(began) > time.Second {
					t.Errorf("%v after %v", err, time.Since(began))
				}
			})
		}
		wg.Wait()
	})
}

// A large body is read whole, whether its length is told or not.
func TestLargeBodies(t *testing.T) {
	t.Parallel()
	app := newApp(t, "k", secret)
	for _, size := range []int{0, 1, 1023, 1024, 1025, 100_000, webhook.DefaultMaxBody} {
		body := bytes.Repeat([]byte(" "), size)
		for _, length := range []int64{int64(size), -1} {
			box := &memory{}
			w := post(webhook.NewHandler(app, webhook.WithInbox(box), quiet()), app.Sign(body), body, func(r *http.Request) { r.ContentLength = length })
			if w.Code != 200 || len(box.events) != 1 {
				t.Errorf("%d bytes, announced as %d: answered %d", size, length, w.Code)
			}
			for _, e := range box.events {
				if !bytes.Equal(e.Meta.Raw, body) {
					t.Errorf("%d bytes, announced as %d: %d are kept", size, length, len(e.Meta.Raw))
				}
			}
		}
	}
}
