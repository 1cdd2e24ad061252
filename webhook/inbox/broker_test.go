package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/faultkit/broker"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// A server that goes away, by itself, killed or frozen, and comes back: Put says
// no while it is away, the consumers go on by themselves, and what fails meanwhile
// gets its full number of tries.
func TestBrokerGoesAway(t *testing.T) {
	t.Parallel()
	for _, ordered := range []bool{false, true} {
		t.Run(fmt.Sprintf("ordered=%t", ordered), func(t *testing.T) {
			t.Parallel()
			b := broker.New(t)
			box := open(t, b.URL())
			var got record
			const tries = 4
			consume(t, box, "c", func(_ context.Context, e *webhook.Event) error {
				got.add(e)
				if strings.HasPrefix(e.Object(), "bad") {
					return errors.New("no")
				}
				return nil
			}, inbox.ConsumeOptions{Ordered: ordered, Tries: tries, Redeliver: 2 * time.Second, Backoff: func(int) time.Duration { return 300 * time.Millisecond }})
			n := 0
			round := func() {
				for range 10 {
					n++
					put(t, box, order(t, fmt.Sprintf("%s%d", []string{"good", "bad"}[n%2], n), "", 1))
				}
			}
			round()
			for _, away := range []func() (back func()){
				func() func() { b.Stop(); return b.Start },
				func() func() { b.Kill(); return b.Start },
				func() func() { b.Freeze(true); return func() { b.Freeze(false) } },
			} {
				back := away()
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				if _, err := box.Put(ctx, order(t, "while it is away", "", int64(n))); err == nil {
					t.Error("Put to a server that is away succeeds")
				}
				cancel()
				if err := box.Health(t.Context()); err == nil {
					t.Error("the inbox is healthy without its server")
				}
				back()
				round()
			}
			objects := func() map[string]int {
				m := map[string]int{}
				for _, e := range got.all() {
					m[e.Object()]++
				}
				return m
			}
			eventually(t, "all is done", func() bool {
				s, err := box.Stats(t.Context())
				return err == nil && len(s.Consumers) == 1 && s.Consumers[0].Backlog == 0 && len(objects()) >= n
			})
			calls, dead := objects(), 0
			for d, err := range box.Dead(t.Context(), "c") {
				if err != nil {
					t.Fatal(err)
				}
				dead++
				if o := d.Event.Object(); !strings.HasPrefix(o, "bad") || d.Tries != tries || calls[o] < tries {
					t.Errorf("%s is buried after %d tries and %d calls", o, d.Tries, calls[o])
				}
			}
			if dead != n/2 {
				t.Errorf("%d dead letters, want %d", dead, n/2)
			}
			if err := box.Health(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
