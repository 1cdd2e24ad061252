package gateway

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// countedBody is a body that is streamed: it counts, and gives up on a client that
// sends nothing for too long.
type countedBody struct {
	reader     io.Reader
	controller *http.ResponseController
	n          atomic.Int64
	until      time.Time // when the deadline was last set to
}

// Read implements io.Reader.
func (c *countedBody) Read(b []byte) (int, error) {
	// Not for each read: it costs a timer.
	if now := time.Now(); c.until.Sub(now) < bodyTime/2 {
		c.until = now.Add(bodyTime)
		_ = c.controller.SetReadDeadline(c.until) // a test's writer has none
	}
	n, err := c.reader.Read(b)
	c.n.Add(int64(n))
	if err != nil { // the deadline would end the wait for the platform's answer
		c.until = time.Time{}
		_ = c.controller.SetReadDeadline(time.Time{}) // likewise
	}
	return n, err
}
