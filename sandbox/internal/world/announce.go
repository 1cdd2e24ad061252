package world

import (
	"time"
)

// Ports are what domains above tell the world.
type Ports struct {
	Deadlines map[string]func(s *Shop, d Deadline) // what happens, by the kind of the deadline
	Announce  func(s *Shop, eventType int, data any)
	Wake      func(at time.Time)
}

// Emit announces a change of the shop to the addresses of webhooks, by the
// number of the webhook's type. The caller holds the shop's lock. While the
// world is being invented nobody listens.
func (s *Shop) Emit(eventType int, data any) {
	if s.Listen != nil {
		s.Listen(eventType, data)
	}
	if s.World.Ports.Announce != nil {
		s.World.Ports.Announce(s, eventType, data)
	}
}

// Inhabited tells whether the world is complete: announcements reach somebody.
func (w *World) Inhabited() bool { return w.Ports.Announce != nil }

// Wake asks for a look at the world at a time, so that what happens then is
// announced without anybody asking; zero for never.
func (w *World) Wake(at time.Time) {
	if w.Ports.Wake != nil && !at.IsZero() {
		w.Ports.Wake(at)
	}
}
