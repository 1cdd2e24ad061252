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

	mu     sync.Mutex
	change *sync.Cond // a connection ended or fell silent, or the listener was closed
	closed bool
	open   int
	// The silent connections, in the order in which they are to go.
	unproven, proven list.List

	dropped int       // since the last record of it
	told    time.Time // when that was
}

func newBounded(listener net.Listener, limits Limits) *bounded {
	b := &bounded{Listener: listener, limit: limits.Conns, logger: limits.Logger}
	if b.logger == nil {
		b.logger = slog.Default()
	}
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
		default:
			return nil, err
		}
	}
}

// Close implements net.Listener.
func (b *bounded) Close() error {
	b.mu.Lock()
	b.closed = true
	b.tell()
	b.mu.Unlock()
	b.change.Broadcast()
	return b.Listener.Close()
}

// admit takes a connection in when there is room for it.
func (b *bounded) admit(nc net.Conn) (net.Conn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.open >= b.limit {
		if b.closed {
			nc.Close()
			return nil, net.ErrClosed
		}
		if !b.drop() {
			b.change.Wait()
		}
	}
	c := &conn{Conn: nc, to: b}
	b.open++
	c.place, c.in = b.unproven.PushBack(c), &b.unproven
	return c, nil
}

// drop closes the silent connection that is to go first. It reports false where
// all are at work.
func (b *bounded) drop() bool {
	first := b.unproven.Front()
	if first == nil {
		first = b.proven.Front()
	}
	if first == nil {
		return false
	}
	c, ok := first.Value.(*conn)
	if !ok {
		return false
	}
	c.leave()
	c.Conn.Close()
	b.dropped++
	if time.Since(b.told) >= refusalWindow {
		b.tell()
	}
	return true
}

// tell logs what was dropped since it last did.
func (b *bounded) tell() {
	if b.dropped > 0 {
		b.logger.Warn("silent connections were dropped to make room for new ones", "count", b.dropped, "limit", b.limit)
		b.told, b.dropped = time.Now(), 0
	}
}

// makeRoom drops a connection because the process may not open more files, and
// gives its descriptor a moment to be free.
func (b *bounded) makeRoom() bool {
	b.mu.Lock()
	dropped := b.drop()
	b.mu.Unlock()
	if dropped {
		time.Sleep(5 * time.Millisecond)
	}
	return dropped
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
