package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// ThrottleRule grants the requests that it matches a rate of their own.
type ThrottleRule struct {
	FaultMatch
	Rate float64 `json:"rate"` // requests per second; 0 grants as many as come
}

// Throttle is what the limiter grants: rates count per app, shop and
// operation. Of several rules that match the last one counts.
type Throttle struct {
	Rate  float64        `json:"rate"` // without a rule; 0 grants as many as come
	Rules []ThrottleRule `json:"rules"`
}

func (t *Throttle) validate() error {
	if !(t.Rate >= 0) {
		return fmt.Errorf("a rate of %v requests per second", t.Rate)
	}
	for i, rule := range t.Rules {
		if !(rule.Rate >= 0) {
			return fmt.Errorf("rule %d: a rate of %v requests per second", i+1, rule.Rate)
		}
	}
	return nil
}

// limiter is one token bucket per app, shop and operation. A bucket holds as
// many requests as one second grants.
type limiter struct {
	mu       sync.Mutex
	throttle Throttle
	buckets  map[bucketKey]*bucket
}

type bucketKey struct {
	app       string // its key
	operation int
	shop      *shop
}

type bucket struct {
	tokens float64
	filled time.Time
}

// reset starts anew with other rates.
func (l *limiter) reset(t Throttle) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.throttle, l.buckets = t, map[bucketKey]*bucket{}
}

// current returns the rates in force.
func (l *limiter) current() Throttle {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Throttle{l.throttle.Rate, slices.Concat([]ThrottleRule{}, l.throttle.Rules)}
}

// rate returns what a request is granted. The caller holds the lock.
func (l *limiter) rate(c *call) float64 {
	rate := l.throttle.Rate
	if len(l.throttle.Rules) == 0 {
		return rate
	}
	t := c.target()
	if c.shop != nil {
		t.shopID = c.shop.ID
	}
	for i := range l.throttle.Rules {
		if rule := &l.throttle.Rules[i]; rule.matches(t) {
			rate = rule.Rate
		}
	}
	return rate
}

// allow takes a request out of its bucket, if there is one left.
func (l *limiter) allow(c *call) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	rate := l.rate(c)
	if rate == 0 {
		return true
	}
	key := bucketKey{c.app.Key, c.route.index, c.shop}
	full := max(rate, 1) // less than one a second still lets one through
	b := l.buckets[key]
	if b == nil {
		b = &bucket{tokens: full, filled: c.now}
		l.buckets[key] = b
	}
	// A clock that was turned back refills nothing.
	if elapsed := c.now.Sub(b.filled); elapsed > 0 {
		b.tokens = min(full, b.tokens+rate*elapsed.Seconds())
	}
	b.filled = c.now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// part holds the rates. The buckets are not part of a snapshot: they are full
// again a second later.
func (l *limiter) part() part {
	return part{"throttle",
		func() any { return l.current() },
		func(raw json.RawMessage) error {
			var t Throttle
			if err := unmarshal(raw, &t); err != nil {
				return err
			}
			if err := t.validate(); err != nil {
				return err
			}
			l.reset(t)
			return nil
		}}
}

func (s *gatehouse) getThrottle(w http.ResponseWriter, _ *http.Request) {
	controlAnswer(w, http.StatusOK, s.limiter.current())
}

// putThrottle replaces the rates. A missing rate stands for the one that the
// sandbox began with.
func (s *gatehouse) putThrottle(w http.ResponseWriter, r *http.Request) {
	given := Throttle{Rate: s.settings.throttle}
	if !controlBody(w, r, &given) {
		return
	}
	if err := given.validate(); err != nil {
		controlError(w, http.StatusBadRequest, err.Error())
		return
	}
	s.limiter.reset(given)
	controlAnswer(w, http.StatusOK, s.limiter.current())
}
