package inbox_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox"
	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// external is a NATS server that some machines have.
const external = "127.0.0.1:4222"

// quiet keeps the log out of the tests' output, which -v shows.
func quiet(t testing.TB) inbox.Option {
	if testing.Verbose() {
		return inbox.WithLogger(slog.New(slog.NewTextHandler(t.Output(), nil)))
	}
	return inbox.WithLogger(slog.New(slog.DiscardHandler))
}

// open opens an inbox and closes it in the end.
func open(t testing.TB, address string, options ...inbox.Option) *inbox.Inbox {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	box, err := embedded.Open(ctx, address, append([]inbox.Option{quiet(t)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Errorf("closing the inbox: %v", err)
		}
	})
	return box
}

// backends are the places that the tests run on: an address, and options that
// keep the test's streams apart.
func backends(t *testing.T, test func(t *testing.T, open func(t *testing.T, options ...inbox.Option) *inbox.Inbox)) {
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		test(t, func(t *testing.T, options ...inbox.Option) *inbox.Inbox {
			return open(t, "file:"+t.TempDir(), options...)
		})
	})
	t.Run("external", func(t *testing.T) {
		t.Parallel()
		needExternal(t)
		test(t, func(t *testing.T, options ...inbox.Option) *inbox.Inbox {
			prefix := "ttshoptest_" + rand.Text()
			t.Cleanup(func() { removeStreams(t, "nats://"+external, prefix) })
			return open(t, "nats://"+external, append(options, inbox.WithPrefix(prefix))...)
		})
	})
}

// needExternal skips the test on a laptop without a NATS server; CI has one.
func needExternal(t *testing.T) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", external, time.Second)
	if err == nil {
		conn.Close()
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("CI needs a NATS server with JetStream at %s: %v", external, err)
	}
	t.Skipf("no NATS server at %s", external)
}

func removeStreams(t *testing.T, address, prefix string) {
	conn, err := nats.Connect(address)
	if err != nil {
		t.Errorf("cleaning up: %v", err)
		return
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Errorf("cleaning up: %v", err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for _, name := range []string{prefix + "_events", prefix + "_dead", prefix + "_work", "KV_" + prefix + "_leases"} {
		if err := js.DeleteStream(ctx, name); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			t.Errorf("cleaning up %s: %v", name, err)
		}
	}
}

// order makes an event about an order, verified and with its key.
func order(t testing.TB, id string, status event.OrderStatus, updated int64) *webhook.Event {
	t.Helper()
	return verified(t, webhooktest.Body(&event.OrderStatusChange{
		Data: event.OrderStatusChangeData{OrderID: id, OrderStatus: status, UpdateTime: event.UnixTime(updated)},
	}))
}

func verified(t testing.TB, body []byte) *webhook.Event {
	t.Helper()
	e, err := webhook.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	e.Meta.Received = time.Now()
	e.SetApp("k")
	return e
}

func put(t testing.TB, box *inbox.Inbox, events ...*webhook.Event) {
	t.Helper()
	for _, e := range events {
		if fresh, err := box.Put(t.Context(), e); err != nil || !fresh {
			t.Fatalf("Put: fresh %t, error %v", fresh, err)
		}
	}
}

// consume runs a consumer until the test, or the returned function, ends it.
func consume(t testing.TB, box *inbox.Inbox, name string, f webhook.EventFunc, options inbox.ConsumeOptions) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- box.Consume(ctx, name, f, options) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-ended:
				if err != nil {
					t.Errorf("Consume: %v", err)
				}
			case <-time.After(30 * time.Second):
				t.Error("Consume does not end")
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("timed out waiting: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// record keeps the events that a function was called with.
type record struct {
	mu     sync.Mutex
	events []*webhook.Event
}

func (r *record) add(e *webhook.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

func (r *record) len() int { return len(r.all()) }

func (r *record) all() []*webhook.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events[:len(r.events):len(r.events)]
}

// objects returns order ids with the attempts, such as 1#1 1#2 2#1.
func (r *record) objects() string {
	var list []string
	for _, e := range r.all() {
		list = append(list, fmt.Sprintf("%s#%d", e.Object(), e.Meta.Attempt))
	}
	return strings.Join(list, " ")
}

func soon(int) time.Duration { return 10 * time.Millisecond }

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
