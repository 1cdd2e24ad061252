// Package proxy gives a test a TCP proxy that cuts, hangs and trickles: what
// networks and overloaded machines do to connections.
package proxy

import (
	"errors"
	"io"
	"math"
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy carries connections to a target and misbehaves as it is told, open
// connections included. Its methods are safe for concurrent use.
type Proxy struct {
	listener net.Listener
	target   string
	ended    chan struct{}
	running  sync.WaitGroup

	mu       sync.Mutex
	now      behavior
	changed  chan struct{} // closed when now is another one
	conns    map[net.Conn]struct{}
	accepted int
}

// behavior is what the proxy does with what it carries. The zero value passes
// everything on.
type behavior struct {
	refuse bool
	hang   int           // connections up to this number move nothing
	limit  int64         // bytes of the target's that a connection gets before it is cut; 0: no limit
	chunk  int           // bytes of the target's at a time; 0: as they come
	every  time.Duration // between chunks
}

// New starts a proxy to the target, a HOST:PORT, on a free port of this machine.
// It ends with the test.
func New(t testing.TB, target string) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{
		listener: listener, target: target, ended: make(chan struct{}),
		changed: make(chan struct{}), conns: map[net.Conn]struct{}{},
	}
	p.running.Go(p.accept)
	t.Cleanup(func() {
		close(p.ended)
		p.listener.Close()
		p.Cut()
		p.running.Wait()
	})
	return p
}

// Addr is where the proxy listens, a HOST:PORT.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Accepted is how many connections were opened to the proxy so far.
func (p *Proxy) Accepted() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accepted
}

// Pass passes everything on, as at the start.
func (p *Proxy) Pass() { p.set(behavior{}) }

// Hang keeps connections open, new ones too, and moves nothing, like a machine that
// has stopped.
func (p *Proxy) Hang() { p.set(behavior{hang: math.MaxInt}) }

// HangOpen moves nothing on the connections that are open now and passes new ones
// on, like a network that has lost track of its connections.
func (p *Proxy) HangOpen() { p.set(behavior{hang: p.Accepted()}) }

// Refuse closes new connections at once. Open ones go on.
func (p *Proxy) Refuse() { p.set(behavior{refuse: true}) }

// Trickle passes what the target sends on in chunks of n bytes, with a pause
// before each.
func (p *Proxy) Trickle(n int, every time.Duration) { p.set(behavior{chunk: n, every: every}) }

// CutAfter cuts each connection after n bytes from the target.
func (p *Proxy) CutAfter(n int64) { p.set(behavior{limit: n}) }

// Cut resets all open connections.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // the peer sees a reset, not an end
		}
		conn.Close()
	}
}

func (p *Proxy) set(b behavior) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = b
	close(p.changed)
	p.changed = make(chan struct{})
}

// told returns what to do, and a channel that is closed when that changes.
func (p *Proxy) told() (behavior, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now, p.changed
}

func (p *Proxy) keep(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[conn] = struct{}{}
}

func (p *Proxy) drop(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, conn)
	conn.Close()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		p.accepted++
		number := p.accepted
		refuse := p.now.refuse
		p.mu.Unlock()
		if refuse {
			client.Close()
			continue
		}
		p.keep(client)
		p.running.Go(func() { p.carry(client, number) })
	}
}

// carry serves one connection.
func (p *Proxy) carry(client net.Conn, number int) {
	defer p.drop(client)
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	p.keep(server)
	defer p.drop(server)
	select {
	case <-p.ended: // Cut may have come before the connection was known
		return
	default:
	}
	var both sync.WaitGroup
	both.Go(func() { p.copy(&way{to: server, number: number}, client) })
	both.Go(func() { p.copy(&way{to: client, number: number, answers: true}, server) })
	both.Wait()
}

// way is one direction of a connection.
type way struct {
	to      net.Conn
	number  int  // of the connection
	answers bool // of the target
	sent    int64
}

// copy moves bytes one way until either side ends, and passes the end on.
func (p *Proxy) copy(w *way, from net.Conn) {
	buf, to := make([]byte, 32<<10), w.to
	for {
		n, err := from.Read(buf)
		if moveErr := p.move(w, buf[:n]); moveErr != nil {
			to.Close()
			from.Close()
			return
		}
		if err != nil {
			if tcp, ok := to.(*net.TCPConn); ok && errors.Is(err, io.EOF) {
				_ = tcp.CloseWrite()
				return
			}
			to.Close()
			return
		}
	}
}

var errCut = errors.New("cut")

// move writes b as the proxy is told, which may change in between.
func (p *Proxy) move(w *way, b []byte) error {
	for len(b) > 0 {
		now, changed := p.told()
		part := b
		if w.answers && now.limit > 0 {
			if w.sent >= now.limit {
				return errCut
			}
			part = part[:min(int64(len(part)), now.limit-w.sent)]
		}
		if w.answers && now.chunk > 0 {
			part = part[:min(len(part), now.chunk)]
			select {
			case <-time.After(now.every):
			case <-changed:
				continue
			case <-p.ended:
				return errCut
			}
		}
		if w.number <= now.hang {
			select {
			case <-changed:
				continue
			case <-p.ended:
				return errCut
			}
		}
		n, err := w.to.Write(part)
		w.sent += int64(n)
		b = b[n:]
		if err != nil {
			return err
		}
	}
	return nil
}
