package sandbox

import "time"

// ports are what domains above tell the world.
type ports struct {
	deadlines map[string]func(s *shop, d deadline) // what happens, by the kind of the deadline
	announce  func(s *shop, eventType int, data any)
	wake      func(at time.Time)
}

// emit announces a change of the shop to the addresses of webhooks, by the
// number of the webhook's type. The caller holds the shop's lock. While the
// world is being invented nobody listens.
func (s *shop) emit(eventType int, data any) {
	if s.listen != nil {
		s.listen(eventType, data)
	}
	if s.world.ports.announce != nil {
		s.world.ports.announce(s, eventType, data)
	}
}

// inhabited tells whether the world is complete: announcements reach somebody.
func (w *world) inhabited() bool { return w.ports.announce != nil }

// wake asks for a look at the world at a time, so that what happens then is
// announced without anybody asking; zero for never.
func (w *world) wake(at time.Time) {
	if w.ports.wake != nil && !at.IsZero() {
		w.ports.wake(at)
	}
}
