package webhook

import (
	"container/list"
	"errors"
	"log/slog"
	"net"
	"sync"
	"syscall"
	"time"
)

// bounded is a listener that holds a number of connections and drops the oldest
// silent one for a new one.
type bounded struct {
	net.Listener
	limit  int
	logger *slog.Logger
	told   tally

	mu     sync.Mutex
	change *sync.Cond // a connection ended or fell silent, or the listener was closed
	closed bool
	open   int
	// The silent connections, in the order in which they are to go.
	unproven, proven list.List
}

func newBounded(listener net.Listener, limits Limits) *bounded {
	b := &bounded{Listener: listener, limit: limits.Conns, logger: limits.Logger}
	b.change = sync.NewCond(&b.mu)
	return b
}

// Accept implements net.Listener.
func (b *bounded) Accept() (net.Conn, error) {
	for {
		nc, err := b.Listener.Accept()
		switch {
		case err == nil:
			return b.admit(nc)
		case outOfFiles(err) && b.makeRoom():
			time.Sleep(5 * time.Millisecond) // until the descriptor is free
		default:
			return nil, err
		}
	}
}

// Close implements net.Listener.
func (b *bounded) Close() error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.change.Broadcast()
	b.told.tell(b.logger)
	return b.Listener.Close()
}

// admit takes a connection in when there is room for it.
func (b *bounded) admit(nc net.Conn) (net.Conn, error) {
	b.mu.Lock()
	dropped := 0
	for b.open >= b.limit && !b.closed {
		if b.drop() {
			dropped++
		} else {
			b.change.Wait()
		}
	}
	if b.closed {
		b.mu.Unlock()
		nc.Close()
		return nil, net.ErrClosed
	}
	c := &conn{Conn: nc, to: b}
	b.open++
	c.place, c.in = b.unproven.PushBack(c), &b.unproven
	b.mu.Unlock()
	if dropped > 0 {
		b.tell(nc.RemoteAddr())
	}
	return c, nil
}

// drop closes the silent connection that is to go first. It reports false where
// all are at work. The caller holds the lock.
func (b *bounded) drop() bool {
	first := b.unproven.Front()
	if first == nil {
		first = b.proven.Front()
	}
	if first == nil {
		return false
	}
	c, ok := first.Value.(*conn)
	if ok {
		c.leave()
		c.Conn.Close()
	}
	return ok
}

// makeRoom drops a connection because the process may not open more files.
func (b *bounded) makeRoom() bool {
	b.mu.Lock()
	dropped := b.drop()
	b.mu.Unlock()
	if dropped {
		b.tell(nil)
	}
	return dropped
}

// tell notes that a connection was dropped for a new one.
func (b *bounded) tell(newcomer net.Addr) {
	remote := ""
	if newcomer != nil {
		remote = newcomer.String()
	}
	b.told.note(b.logger, "a silent connection was dropped to make room for a new one", remote, "limit", b.limit)
}

func outOfFiles(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// conn is a connection of a bounded listener.
type conn struct {
	net.Conn
	to *bounded

	// Guarded by to.mu.
	place  *list.Element // among the silent ones; nil while it is at work, and when it ended
	in     *list.List    // which of the two lists that is
	proven bool          // it brought a genuine delivery
	work   int           // requests that are worked on
	ended  bool
}

// begin notes that a request is worked on.
func (c *conn) begin() {
	c.to.mu.Lock()
	defer c.to.mu.Unlock()
	c.work++
	c.unlist()
}

// done notes the end of a request. Of the proven connections those go first that
// were used least recently; of the others those that had their answer, and then
// those that came first.
func (c *conn) done() {
	c.to.mu.Lock()
	defer c.to.mu.Unlock()
	c.work--
	if c.work > 0 || c.ended {
		return
	}
	if c.proven {
		c.place, c.in = c.to.proven.PushBack(c), &c.to.proven
	} else {
		c.place, c.in = c.to.unproven.PushFront(c), &c.to.unproven
	}
	c.to.change.Broadcast()
}

// prove notes that the connection brought a genuine delivery.
func (c *conn) prove() {
	c.to.mu.Lock()
	defer c.to.mu.Unlock()
	c.proven = true
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.to.mu.Lock()
	c.leave()
	c.to.mu.Unlock()
	return c.Conn.Close()
}

// CloseWrite ends what is sent: net/http lets clients read an answer so, before
// it closes a connection whose request it did not read.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// leave makes room for another connection. The caller holds the lock.
func (c *conn) leave() {
	if c.ended {
		return
	}
	c.ended = true
	c.unlist()
	c.to.open--
	c.to.change.Broadcast()
}

func (c *conn) unlist() {
	if c.place != nil {
		c.in.Remove(c.place)
		c.place, c.in = nil, nil
	}
}
