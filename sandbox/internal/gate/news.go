package gate

import (
	"sync"
	"sync/atomic"
)

// news wakes whoever waits for a change of the sandbox. It keeps nothing:
// those who are woken look for themselves.
type news struct {
	waiting atomic.Bool // most of the time nobody does

	mu   sync.Mutex
	next chan struct{} // closed with the next change; nil where nobody waits
}

// Wait returns a channel that is closed with the next change.
func (n *news) Wait() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next == nil {
		n.next = make(chan struct{})
		n.waiting.Store(true)
	}
	return n.next
}

// Spread says that something has changed. It never waits.
func (n *news) Spread() {
	if !n.waiting.Load() {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next != nil {
		close(n.next)
		n.next = nil
		n.waiting.Store(false)
	}
}
