package gate

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

func validateThrottle(t *control.Throttle) error {
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

// Limiter is one token bucket per app, shop and operation. A bucket holds as
// many requests as one second grants.
type Limiter struct {
	mu       sync.Mutex
	Throttle control.Throttle
	buckets  map[bucketKey]*bucket
}

type bucketKey struct {
	app       string // its key
	operation int
	shop      *world.Shop
}

type bucket struct {
	tokens float64
	filled time.Time
}

// Reset starts over with other rates.
func (l *Limiter) Reset(t control.Throttle) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Throttle, l.buckets = t, map[bucketKey]*bucket{}
}

// current returns the rates in force.
func (l *Limiter) current() control.Throttle {
	l.mu.Lock()
	defer l.mu.Unlock()
	return control.Throttle{Rate: l.Throttle.Rate, Rules: slices.Concat([]control.ThrottleRule{}, l.Throttle.Rules)}
}

// rate returns what a request is granted. The caller holds the lock.
func (l *Limiter) rate(c *Call) float64 {
	rate := l.Throttle.Rate
	if len(l.Throttle.Rules) == 0 {
		return rate
	}
	t := c.target()
	if c.Shop != nil {
		t.shopID = c.Shop.ID
	}
	for i := range l.Throttle.Rules {
		if rule := &l.Throttle.Rules[i]; matches(&rule.Match, t) {
			rate = rule.Rate
		}
	}
	return rate
}

// allow takes a request out of its bucket, if there is one left.
func (l *Limiter) allow(c *Call) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	rate := l.rate(c)
	if rate == 0 {
		return true
	}
	key := bucketKey{c.App.Key, c.Route.index, c.Shop}
	full := max(rate, 1) // less than one a second still lets one through
	b := l.buckets[key]
	if b == nil {
		b = &bucket{tokens: full, filled: c.Now}
		l.buckets[key] = b
	}
	// A clock that was turned back refills nothing.
	if elapsed := c.Now.Sub(b.filled); elapsed > 0 {
		b.tokens = min(full, b.tokens+rate*elapsed.Seconds())
	}
	b.filled = c.Now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// Part holds the rates. The buckets are not part of a snapshot: they are full
// again a second later.
func (l *Limiter) Part() keep.Part {
	return keep.Part{Name: "throttle",
		Save: func() any { return l.current() },
		Load: func(raw json.RawMessage) error {
			var t control.Throttle
			if err := keep.Decode(raw, &t); err != nil {
				return err
			}
			if err := validateThrottle(&t); err != nil {
				return err
			}
			l.Reset(t)
			return nil
		}}
}

func (s *Gate) getThrottle(w http.ResponseWriter, _ *http.Request) {
	ControlAnswer(w, http.StatusOK, s.Limiter.current())
}

// putThrottle replaces the rates. A missing rate stands for the one that the
// sandbox began with.
func (s *Gate) putThrottle(w http.ResponseWriter, r *http.Request) {
	given := control.Throttle{Rate: s.Settings.Throttle}
	if !ControlBody(w, r, &given) {
		return
	}
	if err := validateThrottle(&given); err != nil {
		ControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	s.Limiter.Reset(given)
	ControlAnswer(w, http.StatusOK, s.Limiter.current())
}
