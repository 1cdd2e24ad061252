package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox"
	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// openFunc opens a fresh inbox at the place that is tested.
type openFunc = func(t *testing.T, options ...inbox.Option) *inbox.Inbox

func TestPutAndConsume(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, open openFunc) {
		box := open(t)
		var want []*webhook.Event
		for _, typ := range event.Types() {
			want = append(want, verified(t, webhooktest.Sample(typ, time.Now())))
		}
		junk := new(webhook.Event)
		junk.Meta.Raw = []byte("no JSON \x00\xff")
		junk.SetApp("k")
		junk.Meta.Reconciled = true
		want = append(want, verified(t, []byte(`{"type":-5,"data":{"a": 1}}`)), junk)
		put(t, box, want...)
		for _, e := range want { // each again
			if fresh, err := box.Put(t.Context(), e); err != nil || fresh {
				t.Errorf("a duplicate: fresh %t, error %v", fresh, err)
			}
		}
		if _, err := box.Put(t.Context(), new(webhook.Event)); err == nil {
			t.Error("an event without a key is stored")
		}
		var got record
		stop := consume(t, box, "all", func(_ context.Context, e *webhook.Event) error { got.add(e); return nil }, inbox.ConsumeOptions{Workers: 1})
		eventually(t, "all events are handed out", func() bool { return got.len() >= len(want) })
		eventually(t, "nothing is left", func() bool {
			s, err := box.Stats(t.Context())
			return err == nil && len(s.Consumers) == 1 && s.Consumers[0].Backlog == 0
		})
		stop()
		if got.len() != len(want) {
			t.Fatalf("%d events handed out, want %d", got.len(), len(want))
		}
		for i, e := range got.all() {
			w := want[i]
			if e.Type != w.Type || e.Meta.Key != w.Meta.Key || !bytes.Equal(e.Meta.Raw, w.Meta.Raw) || !bytes.Equal(e.Data, w.Data) || e.Meta.AppKey != "k" ||
				e.Meta.Attempt != 1 || e.Meta.Reconciled != w.Meta.Reconciled || e.Meta.Bare != w.Meta.Bare || e.Meta.Replayed || time.Since(e.Meta.Received) > time.Minute {
				t.Errorf("got  %+v\nwant %+v", e, w)
			}
		}
	})
}

// An attempt that is repeated has another timestamp, hence other bytes and another
// signature: it is the same notification all the same.
func TestRepeatedAttempt(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, open openFunc) {
		box := open(t)
		for i, tt := range []struct {
			id    string
			stamp int
			fresh bool
		}{{"7", 1000, true}, {"7", 1120, false}, {"7", 2920, false}, {"8", 1000, true}} {
			e := verified(t, fmt.Appendf(nil, `{"type":1,"tts_notification_id":%q,"shop_id":"1","timestamp":%d,"data":{"order_id":"5"}}`, tt.id, tt.stamp))
			if fresh, err := box.Put(t.Context(), e); err != nil || fresh != tt.fresh {
				t.Errorf("%d: fresh %t, error %v", i, fresh, err)
			}
		}
	})
}

func TestConsumers(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, open openFunc) {
		box := open(t)
		var first, second, third, fourth record
		into := func(r *record) webhook.EventFunc {
			return func(_ context.Context, e *webhook.Event) error { r.add(e); return nil }
		}
		consume(t, box, "shared", into(&first), inbox.ConsumeOptions{})
		consume(t, box, "shared", into(&second), inbox.ConsumeOptions{})
		stop := consume(t, box, "other", into(&third), inbox.ConsumeOptions{})
		const n = 50
		for i := range n {
			put(t, box, order(t, fmt.Sprint(i), event.OrderStatusUnpaid, 1))
		}
		put(t, box, verified(t, webhooktest.Sample(event.TypeGoodsMatch, time.Now())))
		eventually(t, "all have all", func() bool { return first.len()+second.len() == n+1 && third.len() == n+1 })
		// One that comes later begins with the oldest event, and one that went
		// goes on where it stopped.
		stop()
		consume(t, box, "goods", into(&fourth), inbox.ConsumeOptions{Types: []event.Type{event.TypeGoodsMatch}})
		put(t, box, order(t, "last", event.OrderStatusUnpaid, 1))
		eventually(t, "the goods come", func() bool { return fourth.len() == 1 })
		consume(t, box, "other", into(&third), inbox.ConsumeOptions{})
		eventually(t, "the last event comes", func() bool { return third.len() == n+2 })
		if err := box.Forget(t.Context(), "goods"); err != nil {
			t.Error(err)
		}
		if err := box.Consume(t.Context(), "no name", into(&third), inbox.ConsumeOptions{}); err == nil {
			t.Error("a name with a space is taken")
		}
	})
}

// A poison event ends in the dead letters after its tries and holds up nothing
// else; sent again, it gets new tries.
func TestPoison(t *testing.T) {
	t.Parallel()
	for _, ordered := range []bool{false, true} {
		t.Run(fmt.Sprintf("ordered=%t", ordered), func(t *testing.T) {
			t.Parallel()
			backends(t, func(t *testing.T, open openFunc) {
				box := open(t)
				var got record
				healed := make(chan struct{})
				f := func(ctx context.Context, e *webhook.Event) error {
					got.add(e)
					select {
					case <-healed:
						return nil
					default:
					}
					switch e.Object() {
					case "fails":
						return errors.New("it cannot be\ndone")
					case "panics":
						panic("boom")
					case "hangs":
						<-ctx.Done()
						return ctx.Err()
					}
					return nil
				}
				options := inbox.ConsumeOptions{Ordered: ordered, Tries: 3, Backoff: soon, Timeout: 50 * time.Millisecond}
				consume(t, box, "poisoned", f, options)
				poison := []*webhook.Event{order(t, "fails", "", 1), order(t, "panics", "", 1), order(t, "hangs", "", 1)}
				put(t, box, poison...)
				for i := range 20 {
					put(t, box, order(t, fmt.Sprint("fine", i), "", 1))
				}
				dead := map[string]*inbox.DeadLetter{}
				eventually(t, "three letters are dead", func() bool {
					clear(dead)
					for d, err := range box.Dead(t.Context(), "poisoned") {
						if err != nil {
							t.Fatal(err)
						}
						dead[d.Event.Object()] = d
					}
					return len(dead) == 3
				})
				eventually(t, "the others are done", func() bool { return got.len() == 3*3+20 })
				for object, text := range map[string]string{"fails": "it cannot be done", "panics": "panic: boom", "hangs": "context deadline exceeded"} {
					d := dead[object]
					if d == nil || d.Error != text || d.Tries != 3 || d.Consumer != "poisoned" || d.Event.Meta.Key == "" || d.EventSequence == 0 {
						t.Errorf("%s: dead letter %+v, want the error %q", object, d, text)
					}
				}
				eventually(t, "the state tells of it", func() bool {
					s, err := box.Stats(t.Context())
					return err == nil && s.Dead == 3 && len(s.Consumers) == 1 && s.Consumers[0].Dead == 3 && s.Consumers[0].Backlog == 0
				})

				close(healed)
				before := got.len()
				if err := box.ResendDead(t.Context(), dead["fails"].Sequence); err != nil {
					t.Fatal(err)
				}
				if err := box.DiscardDead(t.Context(), dead["panics"].Sequence); err != nil {
					t.Fatal(err)
				}
				n, err := box.Replay(t.Context(), "poisoned", inbox.Query{Object: "hangs"})
				if err != nil || n != 1 {
					t.Fatalf("replayed %d, %v", n, err)
				}
				eventually(t, "both are handed out again", func() bool { return got.len() == before+2 })
				for _, e := range got.all()[before:] {
					if !e.Meta.Replayed || e.Meta.Attempt != 1 || e.Meta.Key != dead[e.Object()].Event.Meta.Key {
						t.Errorf("handed out again: %+v", e.Meta)
					}
				}
				for _, d := range dead {
					if _, err := box.DeadLetter(t.Context(), d.Sequence); errors.Is(err, inbox.ErrNotFound) != (d.Event.Object() != "hangs") {
						t.Errorf("%s after all: %v", d.Event.Object(), err)
					}
				}
				if err := box.ResendDead(t.Context(), dead["fails"].Sequence); !errors.Is(err, inbox.ErrNotFound) {
					t.Errorf("sent twice: %v", err)
				}
			})
		})
	}
}

// More failing events than anything else could hold do not stop the others.
func TestManyFailing(t *testing.T) {
	t.Parallel()
	box := open(t, "file:"+t.TempDir())
	var fine record
	consume(t, box, "c", func(_ context.Context, e *webhook.Event) error {
		if strings.HasPrefix(e.Object(), "bad") {
			return errors.New("no")
		}
		fine.add(e)
		return nil
	}, inbox.ConsumeOptions{Workers: 2, Buffer: 8, Backoff: func(int) time.Duration { return time.Hour }})
	for i := range 200 {
		put(t, box, order(t, fmt.Sprint("bad", i), "", 1))
	}
	put(t, box, order(t, "good", "", 1))
	eventually(t, "the good one is done", func() bool { return fine.len() == 1 })
	s, err := box.Stats(t.Context())
	if err != nil || s.Consumers[0].Open != 200 || s.Consumers[0].Backlog != 200 {
		t.Errorf("state %+v, %v", s, err)
	}
}

// A function that does not heed its context is left behind.
func TestHangingFunction(t *testing.T) {
	t.Parallel()
	box := open(t, "file:"+t.TempDir())
	release := make(chan struct{})
	defer close(release)
	var calls record
	consume(t, box, "c", func(_ context.Context, e *webhook.Event) error {
		calls.add(e)
		if e.Object() == "hangs" {
			<-release
		}
		return nil
	}, inbox.ConsumeOptions{Workers: 1, Tries: 1, Timeout: time.Millisecond})
	put(t, box, order(t, "hangs", "", 1), order(t, "next", "", 1))
	eventually(t, "the next one has its turn", func() bool { return calls.objects() == "hangs#1 next#1" })
}

func TestOrdered(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, open openFunc) {
		box := open(t)
		// They come out of order, and the first of order A fails once.
		put(t, box,
			order(t, "A", "THIRD", 30), order(t, "A", "FIRST", 10), order(t, "B", "FIRST", 10), order(t, "A", "SECOND", 20), order(t, "B", "SECOND", 20),
			verified(t, webhooktest.Sample(event.TypeSellerDeauthorization, time.Now())))
		var got record
		failed := false
		consume(t, box, "ordered", func(_ context.Context, e *webhook.Event) error {
			got.add(e) // before the check, so that the failed try is seen too
			if e.Object() == "A" && !failed {
				failed = true
				return errors.New("once")
			}
			return nil
		}, inbox.ConsumeOptions{Ordered: true, Workers: 4, Backoff: soon})
		eventually(t, "all are done", func() bool { return got.len() == 7 })
		perOrder := map[string]string{}
		for _, e := range got.all() {
			if v, err := e.Typed(); err == nil {
				if o, ok := v.(*event.OrderStatusChange); ok {
					perOrder[o.Data.OrderID] += fmt.Sprintf(" %s#%d", o.Data.OrderStatus, e.Meta.Attempt)
				}
			}
		}
		if want := " FIRST#1 FIRST#2 SECOND#1 THIRD#1"; perOrder["A"] != want {
			t.Errorf("order A: %s, want %s", perOrder["A"], want)
		}
		if want := " FIRST#1 SECOND#1"; perOrder["B"] != want {
			t.Errorf("order B: %s, want %s", perOrder["B"], want)
		}
	})
}

// Of two ordered consumers one works; when it goes the other takes over.
func TestOrderedStandby(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, open openFunc) {
		box := open(t)
		var got [2]record
		var stop [2]func()
		for i := range got {
			stop[i] = consume(t, box, "ordered", func(_ context.Context, e *webhook.Event) error { got[i].add(e); return nil },
				inbox.ConsumeOptions{Ordered: true, Redeliver: time.Second})
		}
		for i := range 20 {
			put(t, box, order(t, fmt.Sprint(i%3), "", int64(i)))
		}
		eventually(t, "all are done", func() bool { return got[0].len()+got[1].len() == 20 })
		leader := 0
		if got[1].len() > 0 {
			leader = 1
		}
		if got[1-leader].len() != 0 {
			t.Errorf("both work: %d and %d", got[0].len(), got[1].len())
		}
		stop[leader]()
		put(t, box, order(t, "next", "", 1))
		eventually(t, "the other takes over", func() bool { return got[1-leader].len() == 1 })
	})
}

// The end of a consumer waits for what runs, gives back what has not begun, and
// loses nothing.
func TestStopAndGoOn(t *testing.T) {
	t.Parallel()
	for _, ordered := range []bool{false, true} {
		t.Run(fmt.Sprintf("ordered=%t", ordered), func(t *testing.T) {
			t.Parallel()
			box := open(t, "file:"+t.TempDir())
			started, finish := make(chan struct{}), make(chan struct{})
			var got record
			f := func(_ context.Context, e *webhook.Event) error {
				if got.len() == 0 {
					got.add(e)
					close(started)
					<-finish
					return nil
				}
				got.add(e)
				return nil
			}
			options := inbox.ConsumeOptions{Ordered: ordered, Workers: 1, Redeliver: time.Second}
			stop := consume(t, box, "c", f, options)
			for i := range 10 {
				put(t, box, order(t, fmt.Sprint(i), "", 1))
			}
			<-started
			time.AfterFunc(50*time.Millisecond, func() { close(finish) })
			stop()
			if got.len() != 1 {
				t.Errorf("%d handed out before the end, want 1", got.len())
			}
			consume(t, box, "c", f, options)
			eventually(t, "the rest is handed out", func() bool { return got.len() == 10 })
			seen := map[string]bool{}
			for _, e := range got.all() {
				if seen[e.Meta.Key] {
					t.Errorf("%s is handed out twice", e.Object())
				}
				seen[e.Meta.Key] = true
			}
		})
	}
}

func TestBrowseAndReplay(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, open openFunc) {
		box := open(t)
		for range box.Events(t.Context(), inbox.Query{}) {
			t.Error("an empty inbox has events")
		}
		put(t, box, order(t, "1", "", 1), order(t, "2", "", 1), verified(t, webhooktest.Sample(event.TypeGoodsMatch, time.Now())))
		list := func(q inbox.Query) (objects string, last *inbox.Stored) {
			t.Helper()
			for s, err := range box.Events(t.Context(), q) {
				if err != nil {
					t.Fatal(err)
				}
				objects, last = objects+" "+s.Event.Type.String()+":"+s.Event.Object(), s
			}
			return objects, last
		}
		all, _ := list(inbox.Query{})
		if want := " ORDER_STATUS_CHANGE:1 ORDER_STATUS_CHANGE:2 GOODS_MATCH:1731905527740182611"; all != want {
			t.Errorf("events %s, want %s", all, want)
		}
		_, second := list(inbox.Query{Types: []event.Type{event.TypeOrderStatusChange}})
		if second == nil || second.Event.Object() != "2" {
			t.Fatalf("orders end with %+v", second)
		}
		since, _ := list(inbox.Query{Since: second.Event.Meta.Received})
		if want := " ORDER_STATUS_CHANGE:2 GOODS_MATCH:1731905527740182611"; since != want {
			t.Errorf("since the second %s, want %s", since, want)
		}
		until, _ := list(inbox.Query{Until: second.Event.Meta.Received, Account: second.Event.ShopID})
		if want := " ORDER_STATUS_CHANGE:1"; until != want {
			t.Errorf("until the second %s, want %s", until, want)
		}
		if got, _ := list(inbox.Query{Since: time.Now().Add(time.Hour)}); got != "" {
			t.Errorf("of the future %s", got)
		}
		if s, err := box.Event(t.Context(), second.Sequence); err != nil || s.Event.Meta.Key != second.Event.Meta.Key || !s.Event.Meta.Received.Equal(second.Event.Meta.Received) {
			t.Errorf("event %d: %+v, %v", second.Sequence, s, err)
		}
		if _, err := box.Event(t.Context(), 99); !errors.Is(err, inbox.ErrNotFound) {
			t.Errorf("event 99: %v", err)
		}
		n := 0
		for e, err := range box.Received(t.Context(), second.Event.Meta.Received) {
			if err != nil || e.Meta.Key == "" {
				t.Errorf("received %+v, %v", e, err)
			}
			n++
		}
		if n != 2 {
			t.Errorf("received %d, want 2", n)
		}

		var got, other record
		consume(t, box, "c", func(_ context.Context, e *webhook.Event) error { got.add(e); return nil }, inbox.ConsumeOptions{Workers: 1})
		consume(t, box, "other", func(_ context.Context, e *webhook.Event) error { other.add(e); return nil }, inbox.ConsumeOptions{Workers: 1})
		eventually(t, "all are done", func() bool { return got.len() == 3 && other.len() == 3 })
		for range 2 { // the second replay does not replay the first
			if n, err := box.Replay(t.Context(), "c", inbox.Query{Since: second.Event.Meta.Received}); err != nil || n != 2 {
				t.Errorf("replayed %d, %v", n, err)
			}
		}
		if err := box.Resend(t.Context(), "c", second.Sequence); err != nil {
			t.Error(err)
		}
		eventually(t, "they come again", func() bool { return got.len() == 3+2+2+1 })
		last := got.all()[7]
		if !last.Meta.Replayed || last.Meta.Key != second.Event.Meta.Key || !last.Meta.Received.Equal(second.Event.Meta.Received) {
			t.Errorf("sent again: %+v", last.Meta)
		}
		if _, err := box.Replay(t.Context(), "nobody", inbox.Query{}); err == nil {
			t.Error("a replay to nobody")
		}
		put(t, box, order(t, "3", "", 1))
		eventually(t, "a new one comes", func() bool { return got.len() == 9 && other.len() == 4 })
		if got, _ := list(inbox.Query{}); got != all+" ORDER_STATUS_CHANGE:3" {
			t.Errorf("events after the replay %s", got)
		}
	})
}

func TestStatsAndMetrics(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, open openFunc) {
		box := open(t)
		release := make(chan struct{})
		consume(t, box, "slow", func(context.Context, *webhook.Event) error { <-release; return nil }, inbox.ConsumeOptions{Workers: 1, Buffer: 1})
		for i := range 5 {
			put(t, box, order(t, fmt.Sprint(i), "", 1))
		}
		eventually(t, "the state tells of the backlog", func() bool {
			s, err := box.Stats(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			c := s.Consumers
			return s.Events == 5 && s.Bytes > 0 && !s.First.IsZero() && !s.Last.Before(s.First) && s.Dead == 0 &&
				len(c) == 1 && c[0].Name == "slow" && c[0].Backlog == 5 && c[0].Open == 1 && c[0].Lag > 0 && c[0].Lag < time.Minute
		})
		w := httptest.NewRecorder()
		box.Metrics().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		for _, want := range []string{"ttshop_inbox_events 5\n", "ttshop_inbox_dead 0\n", "ttshop_inbox_consumer_backlog{consumer=\"slow\"} 5\n", "# TYPE ttshop_inbox_consumer_lag_seconds gauge\n"} {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("metrics lack %q:\n%s", want, w.Body)
			}
		}
		close(release)
		eventually(t, "the backlog is done", func() bool {
			s, err := box.Stats(t.Context())
			return err == nil && s.Consumers[0].Backlog == 0 && s.Consumers[0].Lag == 0
		})
	})
}

// Old events go once all consumers are done with them, and never before.
func TestTrim(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, open openFunc) {
		box := open(t, inbox.WithKeep(time.Millisecond), inbox.WithRemember(200*time.Millisecond))
		count := func() uint64 {
			t.Helper()
			if err := box.Trim(t.Context()); err != nil {
				t.Fatal(err)
			}
			s, err := box.Stats(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return s.Events
		}
		for i := range 5 {
			put(t, box, order(t, fmt.Sprint(i), "", 1))
		}
		if n := count(); n != 5 {
			t.Errorf("%d events are left without a consumer, want 5", n)
		}
		hold := make(chan struct{})
		defer close(hold)
		var done record
		consume(t, box, "fast", func(_ context.Context, e *webhook.Event) error { done.add(e); return nil }, inbox.ConsumeOptions{})
		stop := consume(t, box, "slow", func(_ context.Context, e *webhook.Event) error {
			if e.Object() == "2" {
				select {
				case <-hold:
				case <-time.After(time.Second):
				}
				return errors.New("not yet")
			}
			return nil
		}, inbox.ConsumeOptions{Backoff: func(int) time.Duration { return time.Hour }})
		eventually(t, "the others are done and old", func() bool { return done.len() == 5 && count() == 3 })
		stop()
		if err := box.Forget(t.Context(), "slow"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "all are gone", func() bool { return count() == 0 })
		put(t, box, order(t, "new", "", 1))
		eventually(t, "the new one comes", func() bool { return done.len() == 6 })
	})
}

func TestEmbeddedRestartAndSecondProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	box := open(t, "file:"+dir)
	first := order(t, "1", "", 1)
	put(t, box, first)
	if info, err := os.Stat(filepath.Join(dir, "server.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the address file: %v, %v", info, err)
	}
	// The lock is per open file, so that this stands for another process.
	second := open(t, "file://"+dir)
	if fresh, err := second.Put(t.Context(), first); err != nil || fresh {
		t.Errorf("the second process stores it again: %t, %v", fresh, err)
	}
	put(t, second, order(t, "2", "", 1))
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if err := box.Close(); err != nil {
		t.Error(err)
	}
	if _, err := box.Put(t.Context(), order(t, "3", "", 1)); err == nil {
		t.Error("a closed inbox stores")
	}
	if _, err := os.Stat(filepath.Join(dir, "server.json")); !os.IsNotExist(err) {
		t.Errorf("the address file is still there: %v", err)
	}
	box = open(t, "file:"+dir)
	if fresh, err := box.Put(t.Context(), first); err != nil || fresh {
		t.Errorf("after a restart the key is forgotten: %t, %v", fresh, err)
	}
	var got record
	consume(t, box, "c", func(_ context.Context, e *webhook.Event) error { got.add(e); return nil }, inbox.ConsumeOptions{Workers: 1})
	eventually(t, "both come", func() bool { return got.objects() == "1#1 2#1" })
}

// A process that outlasts the others serves the folder itself: it waits for one
// that has it, and does not join it.
func TestHosting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	short := open(t, "file:"+dir)
	first, fresh, err := short.Store(t.Context(), order(t, "1", "", 1))
	if err != nil || !fresh || first != 1 {
		t.Fatalf("number %d, %t, %v", first, fresh, err)
	}
	if again, fresh, err := short.Store(t.Context(), order(t, "2", "", 1)); err != nil || !fresh || again != 2 {
		t.Errorf("number %d, %t, %v", again, fresh, err)
	}
	hurry, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if box, err := embedded.Open(hurry, "file:"+dir, quiet(t), inbox.WithHosting()); !errors.Is(err, inbox.ErrInUse) {
		t.Fatalf("opened %v, %v", box, err)
	}
	type opened struct {
		box *inbox.Inbox
		err error
	}
	waiting := make(chan opened, 1)
	go func() {
		box, err := embedded.Open(t.Context(), "file:"+dir, quiet(t), inbox.WithHosting())
		waiting <- opened{box, err}
	}()
	if err := short.Close(); err != nil {
		t.Fatal(err)
	}
	host := <-waiting
	if host.err != nil {
		t.Fatal(host.err)
	}
	defer host.box.Close()
	guest := open(t, "file:"+dir)
	if s, err := guest.Event(t.Context(), 2); err != nil || s.Event.Object() != "2" {
		t.Errorf("%+v, %v", s, err)
	}
	if err := guest.Resend(t.Context(), "nobody", 2); !errors.Is(err, inbox.ErrNoConsumer) {
		t.Errorf("Resend to nobody: %v", err)
	}
}

// A full inbox refuses, so that the platform keeps the event, and forgets none.
func TestFull(t *testing.T) {
	t.Parallel()
	box := open(t, "file:"+t.TempDir(), inbox.WithMaxBytes(2000))
	app, err := webhook.NewApp("k", "s3cr3t")
	if err != nil {
		t.Fatal(err)
	}
	h := webhook.NewHandler(app, webhook.WithInbox(box), webhook.WithAnswerWithin(200*time.Millisecond), webhook.WithLogger(slog.New(slog.DiscardHandler)))
	stored := 0
	for {
		body := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
		r, err := webhooktest.Request(t.Context(), app, "/", body)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 {
			if w.Code != 503 {
				t.Errorf("a full inbox is answered %d", w.Code)
			}
			break
		}
		stored++
	}
	s, err := box.Stats(t.Context())
	if err != nil || s.Events != uint64(stored) || stored == 0 {
		t.Errorf("%d events after %d were stored, %v", s.Events, stored, err)
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ address, want string }{
		{"", "want file:DIR or nats://HOST:PORT"},
		{"file:", "names no folder"},
		{"file:" + file, "making the folder"},
		{"redis://x", `unknown scheme "redis"`},
		{"file:" + t.TempDir() + "?prefix=a.b", `prefix "a.b"`},
		{"file:" + t.TempDir() + "?prefx=a", `unknown setting "prefx"`},
		{"nats://127.0.0.1:1?replicas=x", "replicas=x is not a number"},
		{"nats://user:passw0rd@127.0.0.1:1", "connecting to …@127.0.0.1:1"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		box, err := embedded.Open(ctx, tt.address, quiet(t))
		cancel()
		if err == nil {
			box.Close()
			t.Errorf("%s: no error", tt.address)
		} else if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "passw0rd") {
			t.Errorf("%s: error %q, want %q", tt.address, err, tt.want)
		}
	}
}

// Slow, failing and panicking functions do not delay the answers.
func TestAnswersDoNotWait(t *testing.T) {
	t.Parallel()
	box := open(t, "file:"+t.TempDir())
	app, err := webhook.NewApp("k", "s3cr3t")
	if err != nil {
		t.Fatal(err)
	}
	h := webhook.NewHandler(app, webhook.WithInbox(box))
	release := make(chan struct{})
	defer close(release)
	webhook.On(h, func(context.Context, *event.OrderStatusChange) error { <-release; return nil })
	webhook.On(h, func(context.Context, *event.GoodsMatch) error { panic("boom") })
	h.OnOther(func(context.Context, *webhook.Event) error { return errors.New("no") })
	consume(t, box, "c", h.Handle, inbox.ConsumeOptions{Workers: 64})
	server := httptest.NewServer(h)
	defer server.Close()
	for i := range 60 {
		typ := []event.Type{event.TypeOrderStatusChange, event.TypeGoodsMatch, event.TypeNewMessage}[i%3]
		r, err := webhooktest.Request(t.Context(), app, server.URL, webhooktest.Sample(typ, time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 200 {
			t.Errorf("answered %d", res.StatusCode)
		}
	}
	if slowest := h.Stats().Slowest; slowest > webhook.DefaultAnswerWithin {
		t.Errorf("the slowest answer took %s", slowest)
	}
}
