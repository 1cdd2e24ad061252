package webhook

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// Mux passes each event to the function registered for its type: with [On] for
// typed events, with [Mux.On] and [Mux.OnOther] for raw ones. The zero value is
// ready to use and drops every event. It is safe for concurrent use.
type Mux struct {
	mu    sync.RWMutex
	funcs map[event.Type]EventFunc
	other EventFunc
}

// On registers f for a type, known or not, and replaces what was registered for
// it; nil removes it. The function [On] registers one that takes a typed event.
func (m *Mux) On(t event.Type, f EventFunc) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.funcs == nil {
		m.funcs = map[event.Type]EventFunc{}
	}
	m.funcs[t] = f
}

// OnOther registers f for events of every type without a function of its own,
// and for genuine deliveries that cannot be parsed: their type is 0, their
// Meta.Raw is the body. Without it such events count as handled.
func (m *Mux) OnOther(f EventFunc) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.other = f
}

// Handle passes an event to its function and returns the function's error. It is
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
