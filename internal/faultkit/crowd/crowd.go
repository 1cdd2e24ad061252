// Package crowd gives a test a crowd of strangers: clients that open connections
// to a server, say little or nothing and stay.
package crowd

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Crowd is a number of open connections. Its methods are safe for concurrent
// use.
type Crowd struct {
	running  sync.WaitGroup
	leaving  chan struct{}
	open     atomic.Int64
	opened   atomic.Int64
	answered atomic.Int64

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	left  bool
}

// Options configure what strangers do. With the zero value they open a connection
// and stay silent.
type Options struct {
	// Hello is what each of them sends at once.
	Hello string
	// Again is how long a stranger whose connection was ended waits before it
	// opens another one; zero means that it does not.
	Again time.Duration
}

// New opens n connections to address and returns when each has been opened once.
// The strangers leave when the test ends.
func New(t testing.TB, address string, n int, o Options) *Crowd {
	t.Helper()
	c := &Crowd{leaving: make(chan struct{}), conns: map[net.Conn]struct{}{}}
	t.Cleanup(c.Leave)
	const doors = 64 // how many come at once, so that the backlog of the server holds them
	for first := range doors {
		if first >= n {
			break
		}
		c.running.Go(func() {
			for i := first; i < n; i += doors {
				conn := c.dial(address, o)
				c.running.Go(func() { c.stay(conn, address, o) })
			}
		})
	}
	deadline := time.Now().Add(time.Minute)
	for c.opened.Load() < int64(n) {
		if time.Now().After(deadline) {
			t.Fatalf("only %d of %d strangers got a connection to %s", c.opened.Load(), n, address)
		}
		time.Sleep(time.Millisecond)
	}
	return c
}

// Open is how many connections are open now.
func (c *Crowd) Open() int { return int(c.open.Load()) }

// Answered is how many connections got a byte from the server.
func (c *Crowd) Answered() int { return int(c.answered.Load()) }

// Leave closes all connections.
func (c *Crowd) Leave() {
	c.mu.Lock()
	if !c.left {
		c.left = true
		close(c.leaving)
	}
	for conn := range c.conns {
		conn.Close()
	}
	c.mu.Unlock()
	c.running.Wait()
}

// dial opens a connection and sends the hello; nil if that failed.
func (c *Crowd) dial(address string, o Options) net.Conn {
	conn, err := net.DialTimeout("tcp", address, 10*time.Second)
	if err != nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left {
		conn.Close()
		return nil
	}
	c.conns[conn] = struct{}{}
	c.open.Add(1)
	c.opened.Add(1)
	_, _ = io.WriteString(conn, o.Hello) // a failure shows when the connection is read
	return conn
}

// stay waits for the end of a connection, and opens another if the options ask for
// it.
func (c *Crowd) stay(conn net.Conn, address string, o Options) {
	for {
		if conn != nil {
			c.wait(conn)
		}
		if o.Again <= 0 {
			return
		}
		select {
		case <-c.leaving:
			return
		case <-time.After(o.Again):
			conn = c.dial(address, o)
		}
	}
}

func (c *Crowd) wait(conn net.Conn) {
	var one [1]byte
	if n, _ := conn.Read(one[:]); n > 0 {
		c.answered.Add(1)
		_, _ = io.Copy(io.Discard, conn)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.conns, conn)
	conn.Close()
	c.open.Add(-1)
}
