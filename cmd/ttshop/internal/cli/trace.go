package cli

import (
	"fmt"
	"net/http"
	"sync"
)

// tracer is an http.RoundTripper that shows what it carries on standard error,
// without secrets.
type tracer struct {
	sys *System
	mu  sync.Mutex // keeps the lines of an exchange together
	recorder
}

// RoundTrip implements http.RoundTripper.
func (t *tracer) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.recorder.RoundTrip(req)
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range t.take() {
		for _, line := range x.lines() {
			fmt.Fprintln(t.sys.Err, line)
		}
	}
	return resp, err
}
