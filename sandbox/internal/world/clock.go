package world

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
)

// Clock is the sandbox's time: that of its source, shifted or standing still.
type Clock struct {
	Source func() time.Time

	mu    sync.Mutex // serialises changes
	State atomic.Pointer[ClockState]
}

// ClockState is how the clock differs from its source.
type ClockState struct {
	offset time.Duration
	frozen bool
	at     time.Time // the time shown while frozen
}

// NewClock returns a clock that shows the time of its source.
func NewClock(source func() time.Time) *Clock {
	c := &Clock{Source: source}
	c.State.Store(new(ClockState))
	return c
}

// Now returns the sandbox's time.
func (c *Clock) Now() time.Time { return c.State.Load().now(c.Source) }

func (s *ClockState) now(source func() time.Time) time.Time {
	if s.frozen {
		return s.at
	}
	return source().Add(s.offset)
}

// Frozen tells whether the clock stands still.
func (c *Clock) Frozen() bool { return c.State.Load().frozen }

// Advance moves the clock; a negative duration moves it back.
func (c *Clock) Advance(d time.Duration) {
	c.change(func(s *ClockState, _ time.Time) {
		s.offset += d
		if s.frozen {
			s.at = s.at.Add(d)
		}
	})
}

// Set puts the clock to t. It runs on from there unless it is frozen.
func (c *Clock) Set(t time.Time) {
	c.change(func(s *ClockState, now time.Time) {
		s.offset += t.Sub(now)
		s.at = t
	})
}

// Freeze stops the clock, or lets it run on from where it stands.
func (c *Clock) Freeze(on bool) {
	c.change(func(s *ClockState, now time.Time) {
		if !on && s.frozen {
			s.offset = now.Sub(c.Source())
		}
		s.frozen, s.at = on, now
	})
}

// MarshalJSON writes the distance from the source.
func (s ClockState) MarshalJSON() ([]byte, error) {
	return json.Marshal(keptClock{s.offset, s.frozen, shownTime(s.at)})
}

// UnmarshalJSON reads it.
func (s *ClockState) UnmarshalJSON(raw []byte) error {
	var saved keptClock
	if err := keep.Decode(raw, &saved); err != nil {
		return err
	}
	if saved.Frozen {
		if err := keep.CheckTime(time.Time(saved.At)); err != nil {
			return keep.Placed("at", err)
		}
	}
	s.offset, s.frozen, s.at = saved.Offset, saved.Frozen, time.Time(saved.At)
	return nil
}

type keptClock struct {
	Offset time.Duration `json:"offset"` // nanoseconds
	Frozen bool          `json:"frozen"`
	At     shownTime     `json:"at"`
}

// shownTime is the time that a frozen clock shows. That of a running one says
// nothing: earlier versions moved it away from the zero time.
type shownTime time.Time

func (t shownTime) MarshalJSON() ([]byte, error) { return time.Time(t).MarshalJSON() }

func (t *shownTime) UnmarshalJSON(raw []byte) error { return (*time.Time)(t).UnmarshalJSON(raw) }

// Restore takes over the state of a snapshot.
func (c *Clock) Restore(to ClockState) {
	c.change(func(s *ClockState, _ time.Time) { *s = to })
}

// Reset follows the source again.
func (c *Clock) Reset() { c.change(func(s *ClockState, _ time.Time) { *s = ClockState{} }) }

func (c *Clock) change(f func(s *ClockState, now time.Time)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := *c.State.Load()
	f(&s, s.now(c.Source))
	c.State.Store(&s)
}
