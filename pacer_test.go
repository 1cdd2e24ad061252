package ttshop_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop"
)

var (
	ok        = ttshop.Outcome{Result: ttshop.ResultOK}
	throttled = ttshop.Outcome{Result: ttshop.ResultThrottled}
)

func key(shop, operation string) ttshop.LimitKey {
	return ttshop.LimitKey{App: appKey, Shop: shop, Operation: operation}
}

// paced acquires and returns a permit once and reports how long it waited.
func paced(t *testing.T, p *ttshop.Pacer, k ttshop.LimitKey, outcome ttshop.Outcome) time.Duration {
	t.Helper()
	start := time.Now()
	permit, err := p.Acquire(t.Context(), k, ttshop.Interactive)
	if err != nil {
		t.Fatal(err)
	}
	waited := time.Since(start)
	if permit.Wait != waited {
		t.Errorf("permit says %v, waited %v", permit.Wait, waited)
	}
	p.Done(k, permit, outcome)
	return waited
}

func rateOf(t *testing.T, p *ttshop.Pacer, k ttshop.LimitKey) ttshop.PaceState {
	t.Helper()
	for _, s := range p.States() {
		if s.LimitKey == k {
			return s
		}
	}
	t.Fatalf("no state of %v", k)
	return ttshop.PaceState{}
}

func TestPacerKeepsTheRate(t *testing.T) {
	t.Parallel()
	for operation, want := range map[string]struct {
		rate  float64
		burst int
	}{
		"order.GetOrderList":                    {50, 10},
		"analytics.GetShopPerformance":          {1, 1},
		"GET /analytics/202405/shop/{}":         {1, 1},
		"POST /order/202309/orders/search":      {50, 10},
		"GET /product/202309/analytics/reports": {50, 10}, // only the domain counts
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := new(ttshop.Pacer)
				start := time.Now()
				const calls = 30
				for range calls {
					paced(t, p, key("s", operation), ok)
				}
				took := time.Since(start).Seconds()
				if expected := float64(calls-want.burst) / want.rate; math.Abs(took-expected) > 1e-3 {
					t.Errorf("%d calls took %v s, want %v", calls, took, expected)
				}
				// Other shops, operations and apps are free.
				for _, other := range []ttshop.LimitKey{key("t", operation), key("s", operation+"x"), {App: "other", Shop: "s", Operation: operation}} {
					if waited := paced(t, p, other, ok); waited != 0 {
						t.Errorf("%v waited %v", other, waited)
					}
				}
			})
		})
	}
}

func TestPacerLearns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, k := new(ttshop.Pacer), key("s", "order.GetOrderList")
		// Four calls under way together are throttled: the rate is halved once.
		var permits []ttshop.Permit
		for range 4 {
			permit, err := p.Acquire(t.Context(), k, ttshop.Interactive)
			if err != nil {
				t.Fatal(err)
			}
			permits = append(permits, permit)
		}
		for _, permit := range permits {
			p.Done(k, permit, throttled)
		}
		if s := rateOf(t, p, k); s.Rate != 25 || s.Limit != 50 {
			t.Errorf("rate %v of %v after the first throttle, want 25 of 50", s.Rate, s.Limit)
		}
		if waited := paced(t, p, k, throttled); waited < 40*time.Millisecond {
			t.Errorf("the next call waited %v, want its turn at half the rate", waited)
		}
		if s := rateOf(t, p, k); s.Rate != 12.5 {
			t.Errorf("rate %v after the second throttle", s.Rate)
		}
		for range 20 {
			paced(t, p, k, throttled)
		}
		if s := rateOf(t, p, k); s.Rate != 1 {
			t.Errorf("rate %v, want the floor", s.Rate)
		}
		// It recovers by 3 % of itself in each second of success, by 1 call per
		// second at most.
		recover := func(d time.Duration) float64 {
			for start := time.Now(); time.Since(start) < d; {
				paced(t, p, k, ok)
			}
			return rateOf(t, p, k).Rate
		}
		if rate := recover(time.Minute); rate < 5 || rate > 6.5 {
			t.Errorf("rate %v after a minute of success, want about 6", rate)
		}
		if rate := recover(time.Minute); rate < 30 || rate > 38 {
			t.Errorf("rate %v after two minutes of success, want about 34", rate)
		}
		recover(time.Minute)
		if s := rateOf(t, p, k); s.Rate != 50 {
			t.Errorf("rate %v, want the limit", s.Rate)
		}
		// What failed for other reasons teaches nothing.
		paced(t, p, k, ttshop.Outcome{})
		if s := rateOf(t, p, k); s.Rate != 50 {
			t.Errorf("rate %v after another failure", s.Rate)
		}
	})
}

// allowance is what a platform allows.
type allowance struct {
	perSecond float64
	windows   bool // counts by the second, else as a bucket that holds a second's worth
	tokens    float64
	filled    time.Time
}

func (a *allowance) take() bool {
	now := time.Now()
	switch second := now.Truncate(time.Second); {
	case !a.windows:
		a.tokens = min(a.perSecond, a.tokens+a.perSecond*now.Sub(a.filled).Seconds())
		a.filled = now
	case second.After(a.filled):
		a.tokens, a.filled = a.perSecond, second
	}
	if a.tokens < 1 {
		return false
	}
	a.tokens--
	return true
}

// A platform that allows less than documented is made use of, and hardly exceeded, once
// the pacer has learned it.
func TestPacerSettlesAtTheTrueLimit(t *testing.T) {
	t.Parallel()
	const length, learning = 10 * time.Minute, 30 * time.Second
	for _, test := range []allowance{
		{perSecond: 2}, {perSecond: 5}, {perSecond: 10}, {perSecond: 20}, {perSecond: 35}, {perSecond: 45},
		{perSecond: 5, windows: true}, {perSecond: 20, windows: true}, {perSecond: 45, windows: true},
	} {
		t.Run(fmt.Sprintf("%v, windows %v", test.perSecond, test.windows), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p, k := new(ttshop.Pacer), key("s", "order.GetOrderList")
				var mu sync.Mutex
				platform, start := test, time.Now()
				sent, refused := 0, 0
				var group sync.WaitGroup
				for range 8 {
					group.Go(func() {
						for time.Since(start) < length {
							permit, err := p.Acquire(t.Context(), k, ttshop.Interactive)
							if err != nil {
								t.Error(err)
								return
							}
							time.Sleep(30 * time.Millisecond) // on the way
							mu.Lock()
							outcome := ok
							if !platform.take() {
								outcome = throttled
							}
							if time.Since(start) > learning {
								sent++
								if outcome == throttled {
									refused++
								}
							}
							mu.Unlock()
							p.Done(k, permit, outcome)
						}
					})
				}
				group.Wait()
				least := 0.95
				if test.windows { // what a second leaves unused is gone
					least = 0.75
				}
				share, used := float64(refused)/float64(sent), float64(sent-refused)/(length-learning).Seconds()/test.perSecond
				t.Logf("%.1f %% of what is allowed was used, %.2f %% of %d calls were refused", 100*used, 100*share, sent)
				if share >= 0.02 || used < least {
					t.Errorf("want %.0f %% used at least, and fewer than 2 %% refused", 100*least)
				}
			})
		})
	}
}

func TestPacerHonoursRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, k := new(ttshop.Pacer), key("s", "order.GetOrderList")
		paced(t, p, k, ttshop.Outcome{Result: ttshop.ResultThrottled, RetryAfter: 7 * time.Second})
		if s := rateOf(t, p, k); !s.Closed.Equal(time.Now().Add(7 * time.Second)) {
			t.Errorf("closed until %v", s.Closed)
		}
		if waited := paced(t, p, k, ok); waited != 7*time.Second {
			t.Errorf("waited %v, want 7 s", waited)
		}
		paced(t, p, k, ttshop.Outcome{RetryAfter: 1000 * time.Hour})
		if waited := paced(t, p, k, ok); waited != time.Hour {
			t.Errorf("waited %v, want an hour at most", waited)
		}
	})
}

func TestPacerWaitsForTheHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(20 * time.Minute) // the clock begins with a full hour
		p := new(ttshop.Pacer)
		waits := make(chan time.Duration, 1)
		paced(t, p, key("s", "order.GetOrderList"), ttshop.Outcome{Result: ttshop.ResultQuota})
		go func() { waits <- paced(t, p, key("s", "product.GetProduct"), ok) }()
		if waited := paced(t, p, key("t", "order.GetOrderList"), ok); waited != 0 {
			t.Errorf("another shop waited %v", waited)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
		defer cancel()
		start := time.Now()
		_, err := p.Acquire(ctx, key("s", "order.GetOrderList"), ttshop.Interactive)
		var refused *ttshop.LimitError
		if !errors.As(err, &refused) || refused.Reason != ttshop.LimitDeadline || time.Since(start) != 0 || !refused.Until.Equal(start.Add(40*time.Minute)) {
			t.Errorf("a call with half an hour's time: error %v after %v", err, time.Since(start))
		}
		if !errors.Is(err, ttshop.ErrRateLimited) || !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ttshop.ErrUnavailable) {
			t.Errorf("classes of %v", err)
		}
		if waited := <-waits; waited != 40*time.Minute {
			t.Errorf("waited %v, want until the next full hour", waited)
		}
	})
}

func TestPacerTellsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := ttshop.NewPacer(ttshop.PacerConfig{Rate: func(string) float64 { return 1 }, Queue: 3, MaxWait: 10 * time.Second})
		k := key("s", "x")
		paced(t, p, k, ok)
		refusal := func(timeout time.Duration) ttshop.LimitReason {
			t.Helper()
			ctx := t.Context()
			if timeout > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, timeout)
				defer cancel()
			}
			start := time.Now()
			_, err := p.Acquire(ctx, k, ttshop.Interactive)
			var refused *ttshop.LimitError
			if !errors.As(err, &refused) || time.Since(start) != 0 {
				t.Errorf("error %v after %v", err, time.Since(start))
				return ""
			}
			return refused.Reason
		}
		if got := refusal(999 * time.Millisecond); got != ttshop.LimitDeadline {
			t.Errorf("too short a deadline: %q", got)
		}
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() { paced(t, p, k, ok) })
		}
		synctest.Wait()
		if got := refusal(0); got != ttshop.LimitQueueFull {
			t.Errorf("full queue: %q", got)
		}
		group.Wait()
		// A waiting call fails as soon as it can no longer make its deadline.
		permit, err := p.Acquire(t.Context(), k, ttshop.Interactive)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		told := make(chan error)
		go func() {
			_, err := p.Acquire(ctx, k, ttshop.Interactive)
			told <- err
		}()
		synctest.Wait()
		p.Done(k, permit, ttshop.Outcome{Result: ttshop.ResultThrottled, RetryAfter: 8 * time.Second})
		var refused *ttshop.LimitError
		if err := <-told; !errors.As(err, &refused) || time.Since(start) != 0 {
			t.Errorf("error %v after %v", err, time.Since(start))
		}
		// MaxWait holds without a deadline.
		permit, err = p.Acquire(t.Context(), k, ttshop.Interactive)
		if err != nil {
			t.Fatal(err)
		}
		p.Done(k, permit, ttshop.Outcome{RetryAfter: time.Minute})
		if got := refusal(0); got != ttshop.LimitMaxWait {
			t.Errorf("long wait: %q", got)
		}
	})
}

func TestPacerPriorities(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := ttshop.NewPacer(ttshop.PacerConfig{Rate: func(string) float64 { return 1 }})
		k := key("s", "x")
		paced(t, p, k, ok)
		var mu sync.Mutex
		var order []string
		var group sync.WaitGroup
		enter := func(name string, priority ttshop.Priority) {
			group.Go(func() {
				if _, err := p.Acquire(t.Context(), k, priority); err != nil {
					t.Error(err)
				}
				mu.Lock()
				order = append(order, name)
				mu.Unlock()
			})
			synctest.Wait()
		}
		enter("bulk 1", ttshop.Bulk)
		enter("bulk 2", ttshop.Bulk)
		enter("first", ttshop.Interactive)
		enter("second", ttshop.Interactive)
		if s := rateOf(t, p, k); s.Waiting != 4 {
			t.Errorf("%d wait, want 4", s.Waiting)
		}
		group.Wait()
		if want := []string{"first", "second", "bulk 1", "bulk 2"}; !slices.Equal(order, want) {
			t.Errorf("order %q, want %q", order, want)
		}
	})
}

func TestPacerCancelledWaitCostsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := ttshop.NewPacer(ttshop.PacerConfig{Rate: func(string) float64 { return 1 }, Budgets: []ttshop.Budget{{Calls: 2}}})
		k := key("s", "x")
		paced(t, p, k, ok)
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error)
		go func() {
			_, err := p.Acquire(ctx, k, ttshop.Interactive)
			left <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if waited := paced(t, p, k, ok); waited > 1001*time.Millisecond {
			t.Errorf("the next one waited %v, want 1 s", waited)
		}
	})
}

func TestPacerBudgets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(6 * time.Hour)
		p := ttshop.NewPacer(ttshop.PacerConfig{Budgets: []ttshop.Budget{
			{Operation: "customer_service.", Calls: 5, Reserve: 2},
			{Operation: "product.CreateProduct", Calls: 1},
		}})
		try := func(operation string, priority ttshop.Priority) ttshop.LimitReason {
			permit, err := p.Acquire(t.Context(), key("s", operation), priority)
			if refused, ok := errors.AsType[*ttshop.LimitError](err); ok {
				if !refused.Until.Equal(time.Now().Truncate(24 * time.Hour).Add(24 * time.Hour)) {
					t.Errorf("until %v", refused.Until)
				}
				return refused.Reason
			}
			p.Done(key("s", operation), permit, ok)
			return ""
		}
		for day := range 2 {
			for i, want := range []ttshop.LimitReason{"", "", "", ttshop.LimitReserve} {
				if got := try("customer_service.A", ttshop.Bulk); got != want {
					t.Errorf("day %d, bulk call %d: %q, want %q", day, i, got, want)
				}
			}
			for i, want := range []ttshop.LimitReason{"", "", ttshop.LimitBudget} {
				if got := try("POST /customer_service/202309/conversations", ttshop.Interactive); got != want {
					t.Errorf("day %d, interactive call %d: %q, want %q", day, i, got, want)
				}
			}
			if got := try("order.GetOrderList", ttshop.Bulk); got != "" {
				t.Errorf("no budget: %q", got)
			}
			if first, second := try("product.CreateProduct", ttshop.Interactive), try("product.CreateProduct", ttshop.Interactive); first != "" || second != ttshop.LimitBudget {
				t.Errorf("budget of one: %q, %q", first, second)
			}
			time.Sleep(24 * time.Hour)
		}
	})
}

func TestPacerInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := ttshop.NewPacer(ttshop.PacerConfig{InFlight: 2, Rate: func(string) float64 { return 1000 }})
		var mu sync.Mutex
		busy, most := 0, 0
		var order []string
		var group sync.WaitGroup
		call := func(shop string, priority ttshop.Priority) {
			group.Go(func() {
				permit, err := p.Acquire(t.Context(), key(shop, "x"), priority)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				busy++
				most = max(most, busy)
				order = append(order, shop)
				mu.Unlock()
				time.Sleep(time.Second)
				mu.Lock()
				busy--
				mu.Unlock()
				p.Done(key(shop, "x"), permit, ok)
			})
			synctest.Wait()
		}
		for range 6 {
			call("large", ttshop.Bulk)
		}
		call("small", ttshop.Bulk)
		call("urgent", ttshop.Interactive)
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		if _, err := p.Acquire(ctx, key("gone", "x"), ttshop.Bulk); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		cancel()
		group.Wait()
		// Two are under way before anybody waits; then the interactive call goes
		// first and the shops take turns.
		if most != 2 || len(order) != 8 || !slices.Contains(order[2:4], "urgent") || !slices.Contains(order[2:6], "small") {
			t.Errorf("%d at a time in the order %q", most, order)
		}
		permit, err := p.Acquire(t.Context(), key("later", "x"), ttshop.Bulk)
		if err != nil || permit.Wait != 0 {
			t.Errorf("after all: waited %v, %v", permit.Wait, err)
		}
	})
}

func TestPacerForgetsIdleKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := new(ttshop.Pacer)
		for round := range 10 {
			for i := range 1000 {
				paced(t, p, key(fmt.Sprint(round, ".", i), "x"), ok)
			}
			time.Sleep(time.Hour)
		}
		if n := len(p.States()); n > 3000 {
			t.Errorf("%d keys are kept of 1000 in use", n)
		}
	})
}

func TestPacerConcurrentUse(t *testing.T) {
	t.Parallel()
	p := ttshop.NewPacer(ttshop.PacerConfig{InFlight: 3, Rate: func(string) float64 { return 20000 }, Budgets: []ttshop.Budget{{Calls: 1 << 30}}})
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 300 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i%50)*time.Millisecond)
				k := key(fmt.Sprint(worker%3), "x")
				permit, err := p.Acquire(ctx, k, ttshop.Priority(i%2))
				if err == nil {
					p.Done(k, permit, ttshop.Outcome{Result: ttshop.Result(i % 3), RetryAfter: time.Duration(i%7) * 10 * time.Microsecond})
				}
				cancel()
				p.States()
			}
		})
	}
	group.Wait()
	for _, s := range p.States() {
		if s.Waiting != 0 {
			t.Errorf("%d calls of %v still wait", s.Waiting, s.LimitKey)
		}
	}
}
