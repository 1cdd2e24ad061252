package ttshop

import (
	"context"
	"sync"
	"time"
)

const (
	// burstTime is how much time's worth of calls may go at once after a pause. The
	// platform does not document how it counts, so the client stays well below
	// a second's worth.
	burstTime = 200 * time.Millisecond
	// Each second of success raises a rate by recovery times the limit or growth
	// times itself, whichever is less: slowly enough that a platform that allows
	// less than documented throttles about one call in a hundred.
	recovery = 0.02
	growth   = 0.03
	// Where it is known what the platform allows, a rate that was halved comes back to
	// near times that in a few seconds, by regain times that in each. Its growth then
	// begins at nothing and gains creep in each second, up to growth.
	near   = 0.97
	regain = 0.2
	creep  = 0.0004
	// floor is the fraction of the limit below which a rate is not halved.
	floor = 0.02
	// slowest is the rate, in calls per second, below which no rate is halved.
	slowest = 0.1
	// maxRetryAfter caps the pause that an answer can ask for.
	maxRetryAfter = time.Hour
)

// bucket paces the calls of one app, shop and operation: a token bucket whose
// rate is learned, with a queue of two priorities in front.
type bucket struct {
	limit   float64 // calls per second
	shop    *shopState
	budgets []int // indices of the budgets that it counts for

	mu      sync.Mutex
	rate    float64
	tokens  float64
	filled  time.Time // when tokens was last brought up to date
	raised  time.Time // when rate was last considered
	halved  time.Time // when it was last halved
	passed  int       // calls that got through since then
	through float64   // calls per second that the platform allows, as far as that showed; 0: it did not
	closed  time.Time // no call before
	mark    uint64    // number of times that the rate was halved
	waiting [2]waiters
	timer   *time.Timer // set while calls wait
}

func newBucket(limit float64, shop *shopState, now time.Time) *bucket {
	b := &bucket{limit: limit, rate: limit, shop: shop, filled: now, raised: now}
	b.tokens = b.burst()
	return b
}

// burst is the capacity in tokens.
func (b *bucket) burst() float64 { return max(1, b.rate*burstTime.Seconds()) }

// The methods below require the caller to hold b.mu, except those documented to
// lock it.

func (b *bucket) refill(now time.Time) {
	if elapsed := now.Sub(b.filled); elapsed > 0 {
		b.tokens = min(b.burst(), b.tokens+b.rate*elapsed.Seconds())
		b.filled = now
	}
}

// opens returns when calls may go again, or the zero time.
func (b *bucket) opens() time.Time {
	if shop := b.shop.closedUntil(); shop.After(b.closed) {
		return shop
	}
	return b.closed
}

// turn returns when the call with n calls ahead of it can go.
func (b *bucket) turn(now time.Time, n int) time.Time {
	start := now
	if opens := b.opens(); opens.After(now) {
		start = opens
	}
	// Tokens keep accruing while the bucket is closed.
	missing := float64(n) + 1 - min(b.burst(), b.tokens+b.rate*start.Sub(now).Seconds())
	if missing <= 0 {
		return start
	}
	return start.Add(time.Duration(missing/b.rate*float64(time.Second)) + 1) // never a moment early
}

// enter takes a token, or a place in the queue if there is none. It locks b.mu.
func (b *bucket) enter(ctx context.Context, key LimitKey, priority Priority, now time.Time, config PacerConfig) (Permit, *waiter, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	ahead := b.waiting[Interactive].n
	if priority != Interactive {
		priority = Bulk
		ahead += b.waiting[Bulk].n
	}
	if b.tokens >= 1 && b.waiting[Interactive].n+b.waiting[Bulk].n == 0 && !b.opens().After(now) {
		b.tokens--
		return Permit{Mark: b.mark}, nil, nil
	}
	size := config.Queue
	if size <= 0 {
		size = defaultQueue
	}
	if b.waiting[Interactive].n+b.waiting[Bulk].n >= size {
		return Permit{}, nil, &LimitError{Operation: key.Operation, Reason: LimitQueueFull}
	}
	w := &waiter{bucket: b, operation: key.Operation, ready: make(chan error, 1), priority: priority}
	turn := b.turn(now, ahead)
	if deadline, ok := ctx.Deadline(); ok {
		w.latest, w.reason = deadline, LimitDeadline
	}
	if most := now.Add(config.MaxWait); config.MaxWait > 0 && (w.latest.IsZero() || most.Before(w.latest)) {
		w.latest, w.reason = most, LimitMaxWait
	}
	if err := w.hopeless(turn); err != nil {
		return Permit{}, nil, err
	}
	b.waiting[priority].push(w)
	b.arm(now)
	return Permit{}, w, nil
}

// arm sets the timer for the next waiting call.
func (b *bucket) arm(now time.Time) {
	if b.waiting[Interactive].n+b.waiting[Bulk].n == 0 {
		return
	}
	wait := max(0, b.turn(now, 0).Sub(now))
	if b.timer == nil {
		b.timer = time.AfterFunc(wait, b.grant)
	} else {
		b.timer.Reset(wait)
	}
}

// grant releases the calls whose turn it is and fails those that cannot make
// their deadline. It locks b.mu.
func (b *bucket) grant() {
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	if !b.opens().After(now) {
		for _, list := range [2]*waiters{&b.waiting[Interactive], &b.waiting[Bulk]} {
			for list.first != nil && b.tokens >= 1 {
				b.tokens--
				w := list.first
				list.remove(w)
				w.mark = b.mark
				w.ready <- nil
			}
		}
	}
	b.turnAway(now)
	b.arm(now)
}

// turnAway fails the calls that can no longer make their deadline.
func (b *bucket) turnAway(now time.Time) {
	ahead := 0
	for _, list := range [2]*waiters{&b.waiting[Interactive], &b.waiting[Bulk]} {
		for w := list.first; w != nil; {
			next := w.next
			if err := w.hopeless(b.turn(now, ahead)); err != nil {
				list.remove(w)
				w.ready <- err
			} else {
				ahead++
			}
			w = next
		}
	}
}

// putBack returns an unused token. It locks b.mu.
func (b *bucket) putBack() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = min(b.burst(), b.tokens+1)
	b.arm(time.Now())
}

// learn adjusts the pace to how a call went. It locks b.mu.
func (b *bucket) learn(now time.Time, mark uint64, outcome Outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch outcome.Result {
	case ResultOK:
		b.passed++
		if b.rate < b.limit {
			elapsed := min(now.Sub(b.raised), time.Second)
			b.refill(now)
			b.rate = b.raise(now, max(0, elapsed.Seconds()))
		}
		b.raised = now
		if outcome.RetryAfter == 0 {
			return // the fast path
		}
	case ResultThrottled:
		// Of the calls in flight together, one is enough to learn from.
		if mark == b.mark {
			b.refill(now)
			b.mark++
			b.through = b.gotThrough(now)
			b.halved, b.passed = now, 0
			b.rate = max(b.rate/2, min(b.limit, max(b.limit*floor, slowest)))
			b.tokens = min(b.tokens, 0)
			b.raised = now
		}
	case ResultQuota:
		b.shop.closeUntil(nextHour(now))
	case ResultNotSent:
		b.tokens = min(b.burst(), b.tokens+1)
	case ResultOther:
	}
	if pause := min(outcome.RetryAfter, maxRetryAfter); pause > 0 && now.Add(pause).After(b.closed) {
		b.closed = now.Add(pause)
	}
	b.turnAway(now)
	b.arm(now)
}

// gotThrough returns the calls per second that got through since the rate was halved
// last. The platform had nothing left then and has nothing left now, so that is what it
// allows. Zero means that it cannot be told, because there was no last time or too
// little was sent or allowed.
func (b *bucket) gotThrough(now time.Time) float64 {
	since := now.Sub(b.halved).Seconds()
	if b.halved.IsZero() || since <= 0 {
		return 0
	}
	through := float64(b.passed) / since
	if through < b.rate/2 {
		return 0
	}
	return min(b.rate, through)
}

// raise returns the rate after some seconds of success.
func (b *bucket) raise(now time.Time, seconds float64) float64 {
	grows := growth
	if b.through > 0 {
		if target := b.through * near; b.rate < target {
			return min(target, b.rate+b.through*regain*seconds)
		}
		grows = min(growth, creep*now.Sub(b.halved).Seconds())
	}
	return min(b.limit, b.rate+min(b.limit*recovery, b.rate*grows)*seconds)
}

// closeUntil closes the shop for all operations.
func (s *shopState) closeUntil(t time.Time) {
	for {
		old := s.closed.Load()
		if t.UnixNano() <= old || s.closed.CompareAndSwap(old, t.UnixNano()) {
			return
		}
	}
}

// nextHour returns when the quota of a development shop is assumed to reset: at
// the next full hour. If the platform counts from the first call instead, it
// refuses once more, and the shop waits for the hour after that.
func nextHour(now time.Time) time.Time { return now.Truncate(time.Hour).Add(time.Hour) }

// idle reports whether the bucket may be dropped. It locks b.mu.
func (b *bucket) idle(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.waiting[Interactive].n+b.waiting[Bulk].n == 0 && now.Sub(b.filled) > idleAfter && !b.opens().After(now)
}

// state locks b.mu.
func (b *bucket) state(key LimitKey, now time.Time) PaceState {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := PaceState{LimitKey: key, Rate: b.rate, Limit: b.limit, Waiting: b.waiting[Interactive].n + b.waiting[Bulk].n}
	if opens := b.opens(); opens.After(now) {
		s.Closed = opens
	}
	return s
}
