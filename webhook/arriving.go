package webhook

import (
	"errors"
	"io"
	"sync"
)

// arriving is a body being received. Its connection counts as at work once the
// body is complete.
type arriving struct {
	io.ReadCloser
	conn *conn
	left int64 // bytes still to come; negative if the length is unknown

	mu       sync.Mutex // a handler may leave a goroutine behind that reads
	whole    bool
	finished bool
}

// Read implements io.Reader.
func (a *arriving) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.left > 0 {
		a.left -= int64(n)
	}
	if (a.left == 0 || errors.Is(err, io.EOF)) && !a.whole && !a.finished {
		a.whole = true
		a.conn.begin()
	}
	return n, err
}

// answered ends the work and reports whether the body had come whole.
func (a *arriving) answered() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.finished = true
	if a.whole {
		a.conn.done()
	}
	return a.whole
}
