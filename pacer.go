package ttshop

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// PacerConfig configures a [Pacer]. The zero value works.
type PacerConfig struct {
	// Rate returns the calls per second that an operation starts with and never
	// exceeds, per app and shop. Nil means [DefaultRate], and
	// [DefaultAnalyticsRate] for the domain analytics.
	Rate func(operation string) float64
	// Queue is the number of calls that may wait per app, shop and operation.
	// Zero means 1000.
	Queue int
	// MaxWait bounds how long one call waits for its turn. Zero means that only
	// its context does: a call without a deadline waits for the next hour when
	// the hourly quota of a development shop is used up.
	MaxWait time.Duration
	// InFlight bounds the number of calls in flight. When it is reached, shops
	// take turns. Zero means no bound.
	InFlight int
	// Budgets bound the number of calls per day.
	Budgets []Budget
}

// Budget bounds the number of calls per day, app and shop. It counts every try.
// Days end at midnight UTC.
type Budget struct {
	// Operation is the name of an operation, a domain followed by a dot, such as
	// "customer_service.", or empty for all calls.
	Operation string
	// Calls is the number of calls per day.
	Calls int
	// Reserve is the part of Calls that is kept for interactive calls.
	Reserve int
}

// defaultQueue is the number of calls that may wait by default.
const defaultQueue = 1000

// Pacer is the [Limiter] of one process. It holds a rate per app, shop and
// operation: it starts at the documented one, is halved when the platform says
// that calls come too fast, and rises again while calls succeed: soon to what the
// platform was seen to allow, gradually from there. The
// zero value is ready to use; it must not be copied after first use. Clients of
// one process that share shops should share a Pacer.
type Pacer struct {
	config PacerConfig
	gate   gate

	mu      sync.RWMutex
	buckets map[LimitKey]*bucket
	shops   map[shopKey]*shopState
	sweepAt int // number of buckets at which idle ones are dropped next
}

// NewPacer returns a pacer as configured.
func NewPacer(config PacerConfig) *Pacer {
	p := &Pacer{config: config}
	p.gate.size = config.InFlight
	return p
}

type shopKey struct{ app, shop string }

// shopState is the state that all operations of a shop share.
type shopState struct {
	closed atomic.Int64 // Unix nanoseconds until which the hourly quota is used up
	mu     sync.Mutex
	spent  []spending // one for each budget
}

func (s *shopState) closedUntil() time.Time {
	if at := s.closed.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Time{}
}

// Acquire implements [Limiter].
func (p *Pacer) Acquire(ctx context.Context, key LimitKey, priority Priority) (Permit, error) {
	b := p.bucket(key)
	now := time.Now()
	if err := p.spend(b, key, priority, now); err != nil {
		return Permit{}, err
	}
	permit, w, err := b.enter(ctx, key, priority, now, p.config)
	if w != nil {
		permit, err = w.wait(ctx)
		permit.Wait = time.Since(now)
	}
	if err != nil {
		p.refund(b, now)
		return Permit{}, err
	}
	if p.gate.size > 0 {
		if err := p.gate.enter(ctx, key.Shop, priority); err != nil {
			b.putBack()
			p.refund(b, now)
			return Permit{}, err
		}
		permit.Wait = time.Since(now)
	}
	return permit, nil
}

// Done implements [Limiter].
func (p *Pacer) Done(key LimitKey, permit Permit, outcome Outcome) {
	if p.gate.size > 0 {
		p.gate.leave()
	}
	p.mu.RLock()
	b := p.buckets[key]
	p.mu.RUnlock()
	if b != nil { // otherwise it was dropped after being idle
		b.learn(time.Now(), permit.Mark, outcome)
	}
}

// bucket returns the bucket of a key.
func (p *Pacer) bucket(key LimitKey) *bucket {
	p.mu.RLock()
	b := p.buckets[key]
	p.mu.RUnlock()
	if b != nil {
		return b
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if b := p.buckets[key]; b != nil {
		return b
	}
	if p.buckets == nil {
		p.buckets, p.shops, p.sweepAt = map[LimitKey]*bucket{}, map[shopKey]*shopState{}, 1024
	}
	now := time.Now()
	if len(p.buckets) >= p.sweepAt {
		p.sweep(now)
		p.sweepAt = max(1024, 2*len(p.buckets))
	}
	shop := p.shops[shopKey{key.App, key.Shop}]
	if shop == nil {
		shop = &shopState{spent: make([]spending, len(p.config.Budgets))}
		p.shops[shopKey{key.App, key.Shop}] = shop
	}
	rate := 0.0
	if p.config.Rate != nil {
		rate = p.config.Rate(key.Operation)
	}
	if !(rate > 0) {
		rate = DefaultRateOf(key.Operation)
	}
	b = newBucket(rate, shop, now)
	b.budgets = p.budgets(key.Operation)
	p.buckets[key] = b
	return b
}

// idleAfter is how long an unused bucket is kept: longer than a rate needs to
// recover, so that nothing learned is lost.
const idleAfter = 30 * time.Minute

// sweep drops unused buckets, and shops without a bucket whose budgets have reset
// anyway. The caller holds p.mu.
func (p *Pacer) sweep(now time.Time) {
	used := map[*shopState]bool{}
	for key, b := range p.buckets {
		if b.idle(now) {
			delete(p.buckets, key)
		} else {
			used[b.shop] = true
		}
	}
	for key, shop := range p.shops {
		if !used[shop] && !shop.spentOn(now) && !now.Before(shop.closedUntil()) {
			delete(p.shops, key)
		}
	}
}

// PaceState is the current pacing of an app, shop and operation.
type PaceState struct {
	LimitKey
	Rate    float64   // calls per second at present
	Limit   float64   // calls per second at most
	Waiting int       // calls waiting for their turn
	Closed  time.Time // no call before this; zero if calls may go
}

// States returns the current pacing, for metrics, in no particular order. It
// lists what was used recently.
func (p *Pacer) States() []PaceState {
	now := time.Now()
	p.mu.RLock()
	defer p.mu.RUnlock()
	states := make([]PaceState, 0, len(p.buckets))
	for key, b := range p.buckets {
		states = append(states, b.state(key, now))
	}
	return states
}
