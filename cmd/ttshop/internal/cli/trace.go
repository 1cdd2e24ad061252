package cli

import (
	"fmt"
	"net/http"
)

// tracer is an http.RoundTripper that shows what it carries on standard error,
// without secrets.
type tracer struct {
	sys *System
	recorder
}

// RoundTrip implements http.RoundTripper.
func (t *tracer) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.recorder.RoundTrip(req)
	for _, x := range t.take() {
		for _, line := range x.lines() {
			fmt.Fprintln(t.sys.Err, line)
		}
	}
	return resp, err
}
