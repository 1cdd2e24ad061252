package inbox_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/faultkit/proxy"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// A target that hangs holds a try no longer than the try lasts, and one that took
// an event took it, however it ends its answer.
func TestForwardToBadTargets(t *testing.T) {
	t.Parallel()
	var taken atomic.Int64
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		taken.Add(1)
		if r.URL.Path == "/refuses" {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_ = http.NewResponseController(w).Flush()
		switch r.URL.Path {
		case "/trickles", "/refuses":
			for {
				select {
				case <-ended:
					return
				case <-time.After(10 * time.Millisecond):
				}
				if _, err := io.WriteString(w, "."); err != nil {
					return
				}
				_ = http.NewResponseController(w).Flush()
			}
		case "/cuts":
			_, _ = io.WriteString(w, "half an ans")
			panic(http.ErrAbortHandler)
		case "/talks":
			for range 64 {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(ended) })
	p := proxy.New(t, strings.TrimPrefix(server.URL, "http://"))
	e := order(t, "1", event.OrderStatusUnpaid, 1)
	try := func(path string, limit time.Duration) error {
		t.Helper()
		f, err := inbox.Forward("http://"+p.Addr()+path, inbox.ForwardOptions{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		return f(ctx, e)
	}
	for _, path := range []string{"/trickles", "/cuts", "/talks", "/plain"} {
		began := time.Now()
		if err := try(path, 10*time.Second); err != nil || time.Since(began) > 8*time.Second {
			t.Errorf("%s took the event: %v after %v", path, err, time.Since(began))
		}
	}
	if err := try("/refuses", 10*time.Second); err == nil || !strings.Contains(err.Error(), "500") {
		t.Errorf("refused with an answer that trickles: %v", err)
	}
	if taken.Load() != 5 {
		t.Errorf("sent %d times", taken.Load())
	}
	p.Hang()
	if err := try("/plain", 100*time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a target that hangs: %v", err)
	}
	p.Trickle(1, 50*time.Millisecond)
	if err := try("/plain", 200*time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a target whose head trickles: %v", err)
	}
	p.CutAfter(5)
	if err := try("/plain", 10*time.Second); err == nil {
		t.Error("a head that is cut counts as an answer")
	}
	p.Refuse()
	if err := try("/plain", 10*time.Second); err == nil {
		t.Error("a connection that is refused counts as an answer")
	}
	p.Pass()
	if err := try("/plain", 10*time.Second); err != nil {
		t.Errorf("after all that: %v", err)
	}
}
