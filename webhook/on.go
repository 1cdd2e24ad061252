package webhook

import (
	"context"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// Registrar takes functions for events. [Handler] and [Mux] are registrars.
type Registrar interface {
	On(t event.Type, f EventFunc)
}

// On registers f for the topic of the event that f takes, and replaces what was
// registered for it:
//
//	webhook.On(h, func(ctx context.Context, e *event.OrderStatusChange) error {
//		return store.SetStatus(ctx, e.Data.OrderID, e.Data.OrderStatus)
//	})
//
// The type arguments are always inferred. f may take an event type of your own,
// for a topic that package event does not know yet: a struct that embeds
// [event.Envelope], has a field Data and a method Topic. An event whose data do
// not fit the type fails without a call of f. A nil f removes the function.
func On[E any, P interface {
	*E
	event.Typed
}](r Registrar, f func(ctx context.Context, e P) error) {
	topic := P(new(E)).Topic()
	if f == nil {
		r.On(topic, nil)
		return
	}
	r.On(topic, func(ctx context.Context, e *Event) error {
		typed := P(new(E))
		if err := e.Into(typed); err != nil {
			return err
		}
		return f(ctx, typed)
	})
}
