package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// However many objects fail, and whether their next tries are far or due all the
// time, a healthy one is handed out within a second.
func TestFailingDoNotStarveHealthy(t *testing.T) {
	t.Parallel()
	n := 4500 // more than an ordered consumer takes ahead
	if os.Getenv("TTSHOP_LONG_TESTS") == "1" {
		n = 50_000
	}
	for _, tt := range []struct {
		ordered bool
		backoff time.Duration
	}{{true, time.Hour}, {true, 100 * time.Millisecond}, {false, 100 * time.Millisecond}} {
		t.Run(fmt.Sprintf("ordered=%t,backoff=%s", tt.ordered, tt.backoff), func(t *testing.T) {
			if n < 50_000 {
				t.Parallel()
			}
			starve(t, n, tt.ordered, tt.backoff)
		})
	}
}

func starve(t *testing.T, n int, ordered bool, backoff time.Duration) {
	box := open(t, "file:"+t.TempDir(), inbox.WithLogger(discard()))
	putMany(t, box, n, func(i int) *webhook.Event { return order(t, fmt.Sprint("bad", i), "", 1) })
	var failed atomic.Int64
	var mu sync.Mutex
	handed := map[string]time.Time{}
	f := func(_ context.Context, e *webhook.Event) error {
		if strings.HasPrefix(e.Object(), "bad") {
			if e.Meta.Attempt == 1 {
				failed.Add(1)
			}
			return errors.New("no")
		}
		mu.Lock()
		defer mu.Unlock()
		handed[e.Object()] = time.Now()
		return nil
	}
	start := time.Now()
	consume(t, box, "c", f, inbox.ConsumeOptions{Ordered: ordered, Tries: 1 << 30, Backoff: func(int) time.Duration { return backoff }})
	for failed.Load() < int64(n) {
		if time.Since(start) > 5*time.Minute {
			t.Fatalf("only %d of %d failed once", failed.Load(), n)
		}
		time.Sleep(10 * time.Millisecond)
	}
	failing := time.Since(start)
	var slowest time.Duration
	const rounds, more = 20, 100
	for i := range rounds {
		// Failing objects go on to have events, which must not pile up in front.
		putMany(t, box, more, func(j int) *webhook.Event { return order(t, fmt.Sprint("bad", i*more+j), "", 2) })
		object := fmt.Sprint("good", i)
		put(t, box, order(t, object, event.OrderStatusUnpaid, 1))
		stored := time.Now()
		eventually(t, object+" is handed out", func() bool {
			mu.Lock()
			defer mu.Unlock()
			return !handed[object].IsZero()
		})
		mu.Lock()
		slowest = max(slowest, handed[object].Sub(stored))
		mu.Unlock()
	}
	if slowest > time.Second {
		t.Errorf("with %d failing objects a healthy one waited %s", n, slowest)
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("%d failing objects (each once after %s) and %d further events of theirs: slowest healthy one %s, heap %d MB",
		n, failing.Round(time.Millisecond), rounds*more, slowest.Round(time.Millisecond), m.HeapAlloc>>20)
}

// putMany stores events from many senders.
func putMany(t *testing.T, box *inbox.Inbox, n int, make func(i int) *webhook.Event) {
	t.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if _, err := box.Put(t.Context(), make(i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
