package ttshop

import (
	"context"
	"time"
)

// waiter is a call in the queue of a bucket. The bucket's mutex
// guards its fields, except ready.
type waiter struct {
	bucket    *bucket
	operation string
	priority  Priority
	latest    time.Time // too late after this; zero if there is no deadline
	reason    LimitReason
	mark      uint64
	ready     chan error // nil: go

	queued     bool
	prev, next *waiter
}

// hopeless returns an error if the call's turn comes too late.
func (w *waiter) hopeless(turn time.Time) error {
	if w.latest.IsZero() || !turn.After(w.latest) {
		return nil
	}
	return &LimitError{Operation: w.operation, Reason: w.reason, Until: turn}
}

// wait returns when it is the call's turn or ctx ends.
func (w *waiter) wait(ctx context.Context) (Permit, error) {
	select {
	case err := <-w.ready:
		return Permit{Mark: w.mark}, err
	case <-ctx.Done():
	}
	b := w.bucket
	b.mu.Lock()
	queued := w.queued
	if queued {
		b.waiting[w.priority].remove(w)
	}
	b.mu.Unlock()
	if !queued && <-w.ready == nil {
		b.putBack()
	}
	return Permit{}, context.Cause(ctx)
}

// waiters is a list of calls, the oldest first.
type waiters struct {
	first, last *waiter
	n           int
}

func (l *waiters) push(w *waiter) {
	w.prev, w.queued = l.last, true
	if l.last != nil {
		l.last.next = w
	} else {
		l.first = w
	}
	l.last = w
	l.n++
}

func (l *waiters) remove(w *waiter) {
	if w.prev != nil {
		w.prev.next = w.next
	} else {
		l.first = w.next
	}
	if w.next != nil {
		w.next.prev = w.prev
	} else {
		l.last = w.prev
	}
	w.prev, w.next, w.queued = nil, nil, false
	l.n--
}
