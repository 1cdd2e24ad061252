package pgpace_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/internal/faultkit/proxy"
	"github.com/ttshop-go/ttshop/pace/pgpace"
)

// defaultPostgres is where the tests look for PostgreSQL unless
// TTSHOP_TEST_POSTGRES names another database. Each test makes a schema of its own
// there and drops it.
const defaultPostgres = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"

// newSchema returns the URL of an empty schema. Without PostgreSQL the test is
// skipped, except on CI, which must have one.
func newSchema(t testing.TB) *url.URL {
	t.Helper()
	base := os.Getenv("TTSHOP_TEST_POSTGRES")
	if base == "" {
		base = defaultPostgres
	}
	conn, err := pgx.Connect(t.Context(), base)
	if err != nil {
		text := "no PostgreSQL at 127.0.0.1:5432 or where TTSHOP_TEST_POSTGRES says: " + err.Error()
		if os.Getenv("CI") == "true" {
			t.Fatal(text)
		}
		t.Skip(text)
	}
	name := "ttshop_pace_" + strings.ToLower(rand.Text())
	if _, err := conn.Exec(t.Context(), `create schema "`+name+`"`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := conn.Exec(context.Background(), `drop schema "`+name+`" cascade`); err != nil {
			t.Error(err)
		}
		conn.Close(context.Background())
	})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u
}

// through returns the URL of a database behind a proxy.
func through(u *url.URL, p *proxy.Proxy) string {
	behind := *u
	behind.Host = p.Addr()
	return behind.String()
}

func open(t testing.TB, url string, config pgpace.Config) *pgpace.Limiter {
	t.Helper()
	l, err := pgpace.Open(t.Context(), url, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

func perSecond(rate float64) func(string) float64 { return func(string) float64 { return rate } }

// stalls is how many calls more than allowed a second may see: a machine that
// stands still for a moment lets those of that moment go at once.
const stalls = 6

var key = ttshop.LimitKey{App: "app", Shop: "cipher", Operation: "order.GetOrderList"}

// sends is when calls were let go.
type sends struct {
	mu sync.Mutex
	at []time.Time
}

func (s *sends) add() {
	s.mu.Lock()
	s.at = append(s.at, time.Now())
	s.mu.Unlock()
}

// between returns how many were let go in a time.
func (s *sends) between(from, to time.Time) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, at := range s.at {
		if !at.Before(from) && at.Before(to) {
			n++
		}
	}
	return n
}

// most returns the largest number in any second.
func (s *sends) most() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortFunc(s.at, time.Time.Compare)
	first := 0
	for i, at := range s.at {
		for at.Sub(s.at[first]) >= time.Second {
			first++
		}
		n = max(n, i-first+1)
	}
	return n
}

// work calls from so many goroutines until the context ends.
func work(ctx context.Context, t *testing.T, group *sync.WaitGroup, l *pgpace.Limiter, workers int, s *sends) {
	for range workers {
		group.Go(func() {
			for ctx.Err() == nil {
				permit, err := l.Acquire(ctx, key, ttshop.Interactive)
				if err != nil {
					if ctx.Err() == nil && !errors.Is(err, context.DeadlineExceeded) {
						t.Error(err)
					}
					return
				}
				s.add()
				l.Done(key, permit, ttshop.Outcome{Result: ttshop.ResultOK})
			}
		})
	}
}

// Three processes of uneven demand keep one pace, and one of them ends on the way.
func TestProcessesKeepOnePace(t *testing.T) {
	t.Parallel()
	u := newSchema(t)
	const rate = 50
	var all sends
	var group sync.WaitGroup
	ctx, cancel := context.WithTimeout(t.Context(), 3500*time.Millisecond)
	defer cancel()
	dying, die := context.WithTimeout(ctx, 1500*time.Millisecond)
	defer die()
	start := time.Now()
	for i, workers := range []int{2, 8, 32} {
		l := open(t, u.String(), pgpace.Config{Rate: perSecond(rate)})
		until := ctx
		if i == 2 {
			until = dying
		}
		work(until, t, &group, l, workers, &all)
	}
	group.Wait()
	if n := all.most(); n > rate+stalls {
		t.Errorf("%d calls in one second, want at most %d", n, rate)
	}
	for _, from := range []time.Duration{400 * time.Millisecond, 2300 * time.Millisecond} { // before and after the end of one
		if n := all.between(start.Add(from), start.Add(from+time.Second)); n < 40 {
			t.Errorf("%d calls in the second from %v, want about 49", n, from)
		}
	}
}

// A database that stops makes calls slower and neither opens nor blocks the way,
// whether it refuses or hangs; when it is back, the shared pace is.
func TestDatabaseStops(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(*proxy.Proxy){
		"refuses": func(p *proxy.Proxy) { p.Refuse(); p.Cut() },
		"hangs":   (*proxy.Proxy).Hang,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newSchema(t)
			p := proxy.New(t, u.Host)
			const rate, nodes = 50, 2
			var all sends
			var group sync.WaitGroup
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var limiters []*pgpace.Limiter
			for range nodes {
				limiters = append(limiters, open(t, through(u, p), pgpace.Config{Rate: perSecond(rate)}))
			}
			for _, l := range limiters { // each knows of the other one
				until(t, ctx, func() bool { return l.Status().Nodes == nodes })
			}
			for _, l := range limiters {
				work(ctx, t, &group, l, 10, &all)
			}
			until(t, ctx, func() bool { return all.between(time.Time{}, time.Now()) > 10 })
			stop(p)
			until(t, ctx, func() bool { return !limiters[0].Status().Lost.IsZero() && !limiters[1].Status().Lost.IsZero() })
			lost := limiters[0].Status().Lost
			// It goes on, by half of the rate each.
			until(t, ctx, func() bool { return all.between(lost.Add(1100*time.Millisecond), time.Now()) > 30 })
			if n := limiters[0].Status().Nodes; n != nodes {
				t.Errorf("%d processes", n)
			}
			p.Pass()
			p.Cut()
			until(t, ctx, func() bool { return limiters[0].Status().Lost.IsZero() && limiters[1].Status().Lost.IsZero() })
			back := time.Now()
			until(t, ctx, func() bool { return all.between(back, time.Now()) > 60 })
			cancel()
			group.Wait()
			if n := all.most(); n > rate+stalls {
				t.Errorf("%d calls in one second, want at most %d", n, rate)
			}
		})
	}
}

// until waits for something to become true.
func until(t *testing.T, ctx context.Context, is func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for !is() {
		select {
		case <-ctx.Done():
			t.Fatal("it did not happen within 30 seconds")
		case <-ticker.C:
		}
	}
}

func acquire(t *testing.T, l *pgpace.Limiter, key ttshop.LimitKey) ttshop.Permit {
	t.Helper()
	permit, err := l.Acquire(t.Context(), key, ttshop.Interactive)
	if err != nil {
		t.Fatal(err)
	}
	return permit
}

func rateOf(t *testing.T, l *pgpace.Limiter) float64 {
	t.Helper()
	for _, s := range l.States() {
		if s.LimitKey == key {
			return s.Rate
		}
	}
	t.Fatal("no state")
	return 0
}

// Calls in flight together halve the rate once, and the other process sees it.
func TestThrottled(t *testing.T) {
	t.Parallel()
	u := newSchema(t)
	a, b := open(t, u.String(), pgpace.Config{Rate: perSecond(100)}), open(t, u.String(), pgpace.Config{Rate: perSecond(100)})
	first, second := acquire(t, a, key), acquire(t, b, key)
	throttled := ttshop.Outcome{Result: ttshop.ResultThrottled}
	a.Done(key, first, throttled)
	b.Done(key, second, throttled)
	acquire(t, b, key)
	if rate := rateOf(t, b); rate < 50 || rate > 52 {
		t.Errorf("rate %v after one halving, want 50", rate)
	}
	b.Done(key, acquire(t, b, key), throttled)
	acquire(t, a, key)
	if rate := rateOf(t, a); rate < 25 || rate > 27 {
		t.Errorf("rate %v after two halvings, want 25", rate)
	}
	for range 20 {
		acquire(t, a, key)
	}
	if rate := rateOf(t, a); rate <= 25 || rate > 30 {
		t.Errorf("rate %v after some use, want a little more than 25", rate)
	}
}

// What the platform asks to wait holds for all processes.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	u := newSchema(t)
	a, b := open(t, u.String(), pgpace.Config{}), open(t, u.String(), pgpace.Config{})
	start := time.Now()
	a.Done(key, acquire(t, a, key), ttshop.Outcome{Result: ttshop.ResultThrottled, RetryAfter: 400 * time.Millisecond})
	for _, l := range []*pgpace.Limiter{a, b} {
		if acquire(t, l, key); time.Since(start) < 400*time.Millisecond {
			t.Errorf("a call went after %v", time.Since(start))
		}
	}
	other := key
	other.Operation = "order.GetOrderDetail"
	if permit := acquire(t, b, other); permit.Wait > 300*time.Millisecond {
		t.Errorf("another operation waited %v", permit.Wait)
	}
}

// A quota that is used up closes the shop for all operations and processes until
// the next hour, and calls that cannot wait so long are told.
func TestQuota(t *testing.T) {
	t.Parallel()
	if time.Until(time.Now().Truncate(time.Hour).Add(time.Hour)) < 30*time.Second {
		t.Skip("the hour is about to end")
	}
	u := newSchema(t)
	a, b := open(t, u.String(), pgpace.Config{}), open(t, u.String(), pgpace.Config{MaxWait: time.Second})
	a.Done(key, acquire(t, a, key), ttshop.Outcome{Result: ttshop.ResultQuota})
	other := key
	other.Operation = "product.SearchProducts"
	for _, l := range []*pgpace.Limiter{a, b} {
		for _, k := range []ttshop.LimitKey{key, other} {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			_, err := l.Acquire(ctx, k, ttshop.Interactive)
			refused, ok := errors.AsType[*ttshop.LimitError](err)
			if !ok || !errors.Is(err, ttshop.ErrRateLimited) || time.Until(refused.Until) < 20*time.Second {
				t.Errorf("%s: error %v", k.Operation, err)
			}
			cancel()
		}
	}
	another := key
	another.Shop = "another"
	acquire(t, b, another)
}

func TestPriority(t *testing.T) {
	t.Parallel()
	l := open(t, newSchema(t).String(), pgpace.Config{Rate: perSecond(20)})
	acquire(t, l, key)
	var mu sync.Mutex
	var order []ttshop.Priority
	var group sync.WaitGroup
	for i, priority := range []ttshop.Priority{ttshop.Bulk, ttshop.Bulk, ttshop.Bulk, ttshop.Interactive, ttshop.Interactive} {
		group.Go(func() {
			if _, err := l.Acquire(t.Context(), key, priority); err != nil {
				t.Error(err)
			}
			mu.Lock()
			order = append(order, priority)
			mu.Unlock()
		})
		until(t, t.Context(), func() bool { // it waits, or has gone
			mu.Lock()
			defer mu.Unlock()
			return waiting(l)+len(order) >= i+1
		})
	}
	group.Wait()
	// At most one bulk call may have gone before the interactive ones came.
	if at := slices.Index(order, ttshop.Interactive); at > 1 || order[len(order)-1] != ttshop.Bulk {
		t.Errorf("order %v", order)
	}
}

func waiting(l *pgpace.Limiter) (n int) {
	for _, s := range l.States() {
		n += s.Waiting
	}
	return n
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	url := newSchema(t).String()
	l := open(t, url, pgpace.Config{Rate: perSecond(0.5), Queue: 2, MaxWait: 5 * time.Second})
	acquire(t, l, key)
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			if _, err := l.Acquire(ctx, key, ttshop.Interactive); err == nil || !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
		})
	}
	until(t, t.Context(), func() bool { return waiting(l) == 2 })
	reason := func(ctx context.Context) ttshop.LimitReason {
		_, err := l.Acquire(ctx, key, ttshop.Interactive)
		refused, ok := errors.AsType[*ttshop.LimitError](err)
		if !ok {
			t.Fatalf("error %v", err)
		}
		return refused.Reason
	}
	if got := reason(t.Context()); got != ttshop.LimitQueueFull {
		t.Errorf("reason %q", got)
	}
	cancel()
	group.Wait()
	until(t, t.Context(), func() bool { return waiting(l) == 0 })
	var later sync.WaitGroup
	for range 2 {
		later.Go(func() { _, _ = l.Acquire(t.Context(), key, ttshop.Interactive) })
	}
	until(t, t.Context(), func() bool { return waiting(l) >= 1 })
	soon, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if _, err := l.Acquire(soon, key, ttshop.Interactive); !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, ttshop.ErrRateLimited) {
		t.Errorf("error %v", err)
	}
	l.Close()
	later.Wait()
	if _, err := l.Acquire(t.Context(), key, ttshop.Interactive); err == nil {
		t.Error("a closed limiter lets calls go")
	}
}

// A crash of the server empties the tables, and somebody may drop them.
func TestTablesComeBack(t *testing.T) {
	t.Parallel()
	u := newSchema(t)
	l := open(t, u.String(), pgpace.Config{})
	acquire(t, l, key)
	conn, err := pgx.Connect(t.Context(), u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, statement := range []string{"truncate ttshop_pace, ttshop_pace_nodes", "drop table ttshop_pace, ttshop_pace_nodes"} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
		acquire(t, l, key)
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://u:hunter2@127.0.0.1:1/x?connect_timeout=1", "postgres://u:hunter2@%zz/"} {
		_, err := pgpace.Open(t.Context(), url, pgpace.Config{})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("error %v", err)
		}
	}
}

// One hot key from one process: the price of a slot.
func BenchmarkAcquire(b *testing.B) {
	l := open(b, newSchema(b).String(), pgpace.Config{Rate: perSecond(1e6)})
	for b.Loop() {
		if _, err := l.Acquire(b.Context(), key, ttshop.Interactive); err != nil {
			b.Fatal(err)
		}
	}
}
