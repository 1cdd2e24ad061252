package workers_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/ttshop-go/ttshop/sync/workers"
)

var schemas atomic.Int64

// place is a schema that is not there yet, and goes with the test. Without a server the
// test is skipped, except in CI.
func place(t *testing.T) (*pgxpool.Pool, string) {
	t.Helper()
	url := os.Getenv("TTSHOP_TEST_POSTGRES")
	if url == "" {
		url = "postgres://postgres@127.0.0.1:5432/postgres"
	}
	pool, err := pgxpool.New(t.Context(), url)
	if err == nil {
		err = pool.Ping(t.Context())
	}
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	schema := fmt.Sprintf("ttshop_test_workers_%d_%d", os.Getpid(), schemas.Add(1))
	t.Cleanup(func() {
		if _, err := pool.Exec(context.Background(), "drop schema if exists "+schema+" cascade"); err != nil {
			t.Error(err)
		}
		pool.Close()
	})
	return pool, schema
}

// start lets workers work until the test ends, or until the function is called that it
// returns.
func start(t *testing.T, pool *pgxpool.Pool, config workers.Config) (*workers.Workers, func()) {
	t.Helper()
	config.Logger = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	w, err := workers.Open(t.Context(), pool, config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	stop := gosync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return w, stop
}

func fixed(shops ...string) func(context.Context) ([]string, error) {
	return func(context.Context) ([]string, error) { return shops, nil }
}

// receive returns the next value of a channel, which comes within 20 seconds.
func receive[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(20 * time.Second):
		t.Fatalf("%s: nothing for 20 seconds", what)
		panic("unreachable")
	}
}

// TestShared has three workers start at the same time where there are no tables yet, and
// share six shops: each has its turns, none two at a time, and no worker has all.
func TestShared(t *testing.T) {
	t.Parallel()
	pool, schema := place(t)
	var mu gosync.Mutex
	turns, busy, by := map[string]int{}, map[string]bool{}, map[int]int{}
	enough := make(chan struct{})
	shops := []string{"1", "2", "3", "4", "5", "6"}
	var all gosync.WaitGroup
	for worker := range 3 {
		all.Go(func() {
			start(t, pool, workers.Config{Schema: schema, AtOnce: 2, Shops: fixed(shops...), Turn: func(ctx context.Context, shop string) (time.Duration, error) {
				mu.Lock()
				if busy[shop] {
					t.Errorf("shop %s has two turns at a time", shop)
				}
				busy[shop] = true
				mu.Unlock()
				time.Sleep(20 * time.Millisecond) // a turn takes time
				mu.Lock()
				defer mu.Unlock()
				busy[shop] = false
				turns[shop]++
				by[worker]++
				if len(turns) == len(shops) && len(by) == 3 && !slices.ContainsFunc(shops, func(s string) bool { return turns[s] < 3 }) {
					select {
					case <-enough:
					default:
						close(enough)
					}
				}
				return 10 * time.Millisecond, nil
			}})
		})
	}
	all.Wait()
	receive(t, enough, "three turns of each shop, by all workers")
}

func TestWake(t *testing.T) {
	t.Parallel()
	pool, schema := place(t)
	turns, proceed := make(chan string), make(chan struct{}, 10)
	turn := func(ctx context.Context, shop string) (time.Duration, error) {
		turns <- shop
		<-proceed
		return time.Hour, nil
	}
	w, _ := start(t, pool, workers.Config{Schema: schema, Shops: fixed("1"), Turn: turn})
	receive(t, turns, "the first turn")
	for range 15 { // each wake-up meets a turn as it ends
		proceed <- struct{}{}
		began := time.Now()
		w.Wake(t.Context(), "1")
		receive(t, turns, "the turn that was woken")
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("it took %s to wake the shop", took)
		}
	}
	// Somebody else hears of a change while the turn is under way: another one follows.
	other, err := workers.Open(t.Context(), pool, workers.Config{Schema: schema, Shops: fixed("1"), Turn: turn})
	if err != nil {
		t.Fatal(err)
	}
	other.Wake(t.Context(), "1")
	other.Wake(t.Context(), "1")
	other.Wake(t.Context(), "nobody's")
	proceed <- struct{}{}
	receive(t, turns, "the turn after")
	proceed <- struct{}{}
}

// TestShopsComeAndGo has a shop that is new, and one that is there no more.
func TestShopsComeAndGo(t *testing.T) {
	t.Parallel()
	pool, schema := place(t)
	var mu gosync.Mutex
	shops := []string{"1"}
	set := func(now ...string) { mu.Lock(); defer mu.Unlock(); shops = now }
	list := func(context.Context) ([]string, error) { mu.Lock(); defer mu.Unlock(); return slices.Clone(shops), nil }
	turns := make(chan string, 1000)
	start(t, pool, workers.Config{Schema: schema, Refresh: 20 * time.Millisecond, Shops: list, Turn: func(ctx context.Context, shop string) (time.Duration, error) {
		if now, _ := list(ctx); !slices.Contains(now, shop) {
			return 0, workers.ErrGone
		}
		turns <- shop
		return time.Millisecond, nil
	}})
	receive(t, turns, "a turn")
	set("1", "2")
	for receive(t, turns, "the new shop") != "2" {
	}
	set("2")
	waitFor(t, pool, `select count(*) = 1 from `+schema+`.river_job where state = 'cancelled' and args->>'shop' = '1'`)
	set("1", "2")
	for receive(t, turns, "the shop that is back") != "1" {
	}
}

// waitFor waits until a query says true.
func waitFor(t *testing.T, pool *pgxpool.Pool, query string) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var ok bool
		if err := pool.QueryRow(t.Context(), query).Scan(&ok); err != nil {
			t.Fatal(err)
		}
		if ok {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("not for 20 seconds: %s", query)
		}
	}
}

// TestStop ends a worker in the middle of a turn: the turn is told, and another worker
// goes on at once.
func TestStop(t *testing.T) {
	t.Parallel()
	pool, schema := place(t)
	begun, told := make(chan struct{}), make(chan error, 1)
	_, stop := start(t, pool, workers.Config{Schema: schema, Shops: fixed("1"), Turn: func(ctx context.Context, _ string) (time.Duration, error) {
		close(begun)
		<-ctx.Done()
		told <- ctx.Err()
		return time.Hour, ctx.Err()
	}})
	receive(t, begun, "a turn")
	stop()
	if err := receive(t, told, "the turn's end"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	again := make(chan struct{}, 1)
	start(t, pool, workers.Config{Schema: schema, Shops: fixed("1"), Turn: func(context.Context, string) (time.Duration, error) {
		again <- struct{}{}
		return time.Hour, nil
	}})
	receive(t, again, "the turn of another worker")
}

// TestRescue leaves a job as a worker does that dies.
func TestRescue(t *testing.T) {
	t.Parallel()
	pool, schema := place(t)
	turns := make(chan struct{}, 100)
	config := workers.Config{
		Schema: schema, Shops: fixed("1"), Timeout: 200 * time.Millisecond, Rescue: 400 * time.Millisecond, Refresh: 50 * time.Millisecond,
		Turn: func(context.Context, string) (time.Duration, error) { turns <- struct{}{}; return time.Hour, nil },
	}
	_, stop := start(t, pool, config)
	receive(t, turns, "the first turn")
	waitFor(t, pool, `select state = 'scheduled' from `+schema+`.river_job`)
	stop()
	if _, err := pool.Exec(t.Context(), `update `+schema+`.river_job set state = 'running', attempted_at = now()`); err != nil {
		t.Fatal(err)
	}
	start(t, pool, config)
	receive(t, turns, "the turn after the death")
}

// TestFailures has a turn that panics, one that fails, one that outlasts its time, and
// a list of shops that cannot be had.
func TestFailures(t *testing.T) {
	t.Parallel()
	pool, schema := place(t)
	var n, looks atomic.Int64
	good := make(chan struct{}, 1)
	list := func(context.Context) ([]string, error) {
		if looks.Add(1) > 1 {
			return nil, errors.New("no store")
		}
		return []string{"1"}, nil
	}
	start(t, pool, workers.Config{Schema: schema, Shops: list, Timeout: 50 * time.Millisecond, Rescue: time.Minute, Refresh: 20 * time.Millisecond, Turn: func(ctx context.Context, _ string) (time.Duration, error) {
		switch n.Add(1) {
		case 1:
			<-ctx.Done()
			return 0, ctx.Err()
		case 2:
			panic("a turn that panics")
		}
		select {
		case good <- struct{}{}:
		default:
		}
		return time.Hour, nil
	}})
	receive(t, good, "a good turn in the end")

	_, err := workers.Open(t.Context(), pool, workers.Config{Schema: schema, Timeout: time.Minute, Rescue: time.Second})
	if err == nil || !strings.Contains(err.Error(), "Rescue") {
		t.Errorf("a turn that is dead before its time is over: error %v", err)
	}
	w, err := workers.Open(t.Context(), pool, workers.Config{Schema: schema, Shops: func(context.Context) ([]string, error) { return nil, pgx.ErrNoRows }})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Run(t.Context()); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("without shops: error %v", err)
	}
}
