package webhook

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// Mux hands events to the function that is set for their type. The zero value
// is ready and hands out nothing. It is safe for concurrent use.
type Mux struct {
	mu    sync.RWMutex
	funcs map[event.Type]EventFunc
	other EventFunc
}

// On sets the function for a type, known or not, in place of a former one. The
// typed forms, such as [Mux.OnOrderStatusChange], are nicer to use.
func (m *Mux) On(t event.Type, f EventFunc) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.funcs == nil {
		m.funcs = map[event.Type]EventFunc{}
	}
	m.funcs[t] = f
}

// OnOther sets the function for events of all types that have none of their
// own, and for genuine deliveries that cannot be read: their type is 0, their
// Meta.Raw is the body. Without it such events are done at once.
func (m *Mux) OnOther(f EventFunc) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.other = f
}

// Handle hands an event to its function and returns the function's error. It is
// an [EventFunc].
func (m *Mux) Handle(ctx context.Context, e *Event) error {
	m.mu.RLock()
	f := m.funcs[e.Type]
	if f == nil {
		f = m.other
	}
	m.mu.RUnlock()
	if f == nil {
		return nil
	}
	return f(ctx, e)
}

// on sets a function that takes a typed event.
func on[E any, P interface {
	*E
	event.Typed
}](m *Mux, f func(context.Context, P) error) {
	m.On(P(nil).Topic(), func(ctx context.Context, e *Event) error {
		typed := P(new(E))
		if err := e.Into(typed); err != nil {
			return err
		}
		return f(ctx, typed)
	})
}

// PanicError is the panic of an [EventFunc].
type PanicError struct {
	Value any
	Stack []byte
}

// Error returns the panic's value.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Recovered returns f with its panics turned into a [*PanicError].
func Recovered(f EventFunc) EventFunc {
	return func(ctx context.Context, e *Event) (err error) {
		defer func() {
			if v := recover(); v != nil {
				err = &PanicError{Value: v, Stack: debug.Stack()}
			}
		}()
		return f(ctx, e)
	}
}
