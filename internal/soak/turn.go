package soak

import (
	"context"
	"sync"
	"time"
)

// turns spreads the calls of a shop evenly over time.
type turns struct {
	mu   sync.Mutex
	next time.Time
}

// turn waits until the shop's next call may begin, rate of them per second, and
// reports whether that is before end. A rate of zero does not wait.
func (s *shop) turn(ctx context.Context, rate float64, end time.Time) bool {
	now := time.Now()
	if ctx.Err() != nil || !now.Before(end) {
		return false
	}
	if rate <= 0 {
		return true
	}
	s.turns.mu.Lock()
	at := s.turns.next
	if at.Before(now) {
		at = now
	}
	s.turns.next = at.Add(time.Duration(float64(time.Second) / rate))
	s.turns.mu.Unlock()
	if !at.Before(end) {
		return false
	}
	timer := time.NewTimer(at.Sub(now))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
