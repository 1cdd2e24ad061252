package webhook

import (
	"container/list"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
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
	// The connections that are not at work, in the order in which they are to go.
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
	dropped := false
	for b.open >= b.limit && !b.closed {
		if b.drop() {
			dropped = true
		} else {
			b.await()
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
	if dropped {
		b.tell(nc.RemoteAddr())
	}
	return c, nil
}

// makeRoom drops a connection because the process may not open more files. It
// reports false if all are at work.
func (b *bounded) makeRoom() bool {
	b.mu.Lock()
	dropped := b.drop()
	for !dropped && !b.closed && b.unproven.Len()+b.proven.Len() > 0 {
		b.await()
		dropped = b.drop()
	}
	b.mu.Unlock()
	if dropped {
		b.tell(nil)
	}
	return dropped
}

// drop closes the silent connection that goes first. It reports false if none is
// silent, or not yet. The caller holds the lock.
func (b *bounded) drop() bool {
	in := &b.unproven
	if in.Len() == 0 {
		in = &b.proven
	}
	now := time.Now()
	for place := in.Front(); place != nil; place = place.Next() {
		if c, ok := place.Value.(*conn); ok && c.isSilent(now) {
			c.leave()
			c.Conn.Close()
			return true
		}
	}
	return false
}

// await waits for a change, but not long: a connection that falls silent does not
// signal one. The caller holds the lock.
func (b *bounded) await() {
	timer := time.AfterFunc(10*time.Millisecond, func() {
		b.mu.Lock() // held until the wait below has begun
		defer b.mu.Unlock()
		b.change.Broadcast()
	})
	defer timer.Stop()
	b.change.Wait()
}

// tell records that a connection was dropped for a new one.
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
	to    *bounded
	waits atomic.Int64 // since when it is read from without a byte, in Unix nanoseconds; 0 if it is not

	// Guarded by to.mu.
	place    *list.Element // among those that are not at work; nil while it is at work, and when it ended
	in       *list.List    // which of the two lists that is
	answered time.Time     // when its last request ended; zero if there was none
	proven   bool          // it brought a genuine delivery
	work     int           // requests that are worked on
	ended    bool
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	c.waits.Store(time.Now().UnixNano())
	n, err := c.Conn.Read(p)
	c.waits.Store(0)
	return n, err
}

// hearing is how long a new connection may send nothing. A thousand can be accepted
// before one of them is read from: when strangers arrive in a rush, they should
// wait, rather than others be dropped.
const hearing = 20 * time.Millisecond

// flushing is how long an answer may be on its way out.
const flushing = time.Second

// isSilent reports whether the server waits for the client rather than the other
// way round. While a request is worked on, net/http reads ahead: only a read that
// began after the work, or some time, shows that the answer went out. The caller
// holds the lock.
func (c *conn) isSilent(now time.Time) bool {
	waits := c.waits.Load()
	if waits == 0 {
		return false
	}
	since := time.Unix(0, waits)
	if c.answered.IsZero() {
		return now.Sub(since) >= hearing
	}
	return since.After(c.answered) || now.Sub(c.answered) >= flushing
}

// begin notes that a request is worked on.
func (c *conn) begin() {
	c.to.mu.Lock()
	defer c.to.mu.Unlock()
	c.work++
	c.unlist()
}

// done notes the end of a request. Of the proven connections, the least recently
// used go first; of the others, those that have had their answer, and then the
// oldest.
func (c *conn) done() {
	c.to.mu.Lock()
	defer c.to.mu.Unlock()
	c.work--
	if c.work > 0 || c.ended {
		return
	}
	c.answered = time.Now()
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

// CloseWrite ends what is sent: net/http uses it to let clients read an answer
// before it closes a connection whose request it did not read.
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
