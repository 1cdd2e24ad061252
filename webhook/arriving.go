package webhook

import (
	"errors"
	"io"
	"sync"
)

// arriving is a body on its way. Its connection is at work from the moment when
// it has come whole.
type arriving struct {
	io.ReadCloser
	conn *conn
	left int64 // bytes that are to come; negative where the length is not told

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
