package sandbox

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"
)

// clock is the sandbox's time: that of its source, shifted or standing still.
type clock struct {
	source func() time.Time

	mu    sync.Mutex // serialises changes
	state atomic.Pointer[clockState]
}

type clockState struct {
	offset time.Duration
	frozen bool
	at     time.Time // the time shown while frozen
}

func newClock(source func() time.Time) *clock {
	c := &clock{source: source}
	c.state.Store(new(clockState))
	return c
}

// Now returns the sandbox's time.
func (c *clock) Now() time.Time { return c.state.Load().now(c.source) }

func (s *clockState) now(source func() time.Time) time.Time {
	if s.frozen {
		return s.at
	}
	return source().Add(s.offset)
}

// frozen tells whether the clock stands still.
func (c *clock) frozen() bool { return c.state.Load().frozen }

// advance moves the clock; a negative duration moves it back.
func (c *clock) advance(d time.Duration) {
	c.change(func(s *clockState, _ time.Time) {
		s.offset += d
		s.at = s.at.Add(d)
	})
}

// set puts the clock to t. It runs on from there unless it is frozen.
func (c *clock) set(t time.Time) {
	c.change(func(s *clockState, now time.Time) {
		s.offset += t.Sub(now)
		s.at = t
	})
}

// freeze stops the clock, or lets it run on from where it stands.
func (c *clock) freeze(on bool) {
	c.change(func(s *clockState, now time.Time) {
		if !on && s.frozen {
			s.offset = now.Sub(c.source())
		}
		s.frozen, s.at = on, now
	})
}

// MarshalJSON writes the distance from the source.
func (s clockState) MarshalJSON() ([]byte, error) {
	return json.Marshal(keptClock{s.offset, s.frozen, s.at})
}

// UnmarshalJSON reads it.
func (s *clockState) UnmarshalJSON(raw []byte) error {
	var saved keptClock
	if err := unmarshal(raw, &saved); err != nil {
		return err
	}
	s.offset, s.frozen, s.at = saved.Offset, saved.Frozen, saved.At
	return nil
}

type keptClock struct {
	Offset time.Duration `json:"offset"` // nanoseconds
	Frozen bool          `json:"frozen"`
	At     time.Time     `json:"at"`
}

// restore takes over the state of a snapshot.
func (c *clock) restore(to clockState) {
	c.change(func(s *clockState, _ time.Time) { *s = to })
}

// reset follows the source again.
func (c *clock) reset() { c.change(func(s *clockState, _ time.Time) { *s = clockState{} }) }

func (c *clock) change(f func(s *clockState, now time.Time)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := *c.state.Load()
	f(&s, s.now(c.source))
	c.state.Store(&s)
}
