package prooftest_test

import (
	"context"
	"errors"
	"net/url"
	gosync "sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
)

// TestLeaseOfLongTurn has a turn that takes several times its lease, as a first backfill
// does: nobody takes over a worker that lives.
func TestLeaseOfLongTurn(t *testing.T) {
	t.Parallel()
	for _, p := range places() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			const lease = 250 * time.Millisecond
			w := newWorld(t, 1, "GB", control.Lists{})
			w.tables = []string{"orders"}
			c := p.open(t)
			e := w.engine(t, c.to, func(c *sync.Config) { c.Lease, c.Owner = lease, "at work" })
			var once gosync.Once
			slow := &meddler{Caller: w.caller(), before: func(string, url.Values, any) {
				once.Do(func() {
					for end := time.Now().Add(3 * lease); time.Now().Before(end); time.Sleep(lease / 10) {
						if _, err := c.to.Acquire(t.Context(), w.shop(), "impatient", lease); !errors.Is(err, sync.ErrHeld) {
							t.Errorf("another worker takes the shop: error %v", err)
						}
					}
				})
			}}
			copyOnce(t, e, w.shop(), slow)
			if _, err := c.to.Acquire(t.Context(), w.shop(), "patient", lease); err != nil {
				t.Errorf("after the turn the shop is still held: %v", err)
			}
		})
	}
}

// TestLeaseThatIsLost has a worker whose shop was taken over: it hears of that although
// it waits for an answer, and writes nothing.
func TestLeaseThatIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "GB", control.Lists{})
	w.tables = []string{"orders"}
	c := places()[0].open(t)
	e := w.engine(t, c.to, func(c *sync.Config) { c.Lease, c.Owner = 200*time.Millisecond, "one" })
	slow := &stuck{Caller: w.caller(), begun: make(chan struct{})}
	done := make(chan error, 1)
	go func() {
		_, err := e.Sync(t.Context(), w.shop(), slow)
		done <- err
	}()
	<-slow.begun
	if _, err := c.to.Acquire(t.Context(), w.shop(), "one", time.Minute); err != nil { // of the same name, which a destination lets in
		t.Fatal(err)
	}
	select {
	case err := <-done:
		if !errors.Is(err, sync.ErrFenced) {
			t.Errorf("error %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Error("it does not notice")
	}
	if n := w.number(t, c, "select count(*) from orders"); n != 0 {
		t.Errorf("%d rows were written", n)
	}
}

// stuck is a caller whose calls end with their context only.
type stuck struct {
	sync.Caller
	begun chan struct{}
	once  gosync.Once
}

func (s *stuck) Call(ctx context.Context, _, _ string, _ url.Values, _ any, _ ...ttshop.CallOption) (*ttshop.Response, error) {
	s.once.Do(func() { close(s.begun) })
	<-ctx.Done()
	return nil, ctx.Err()
}
