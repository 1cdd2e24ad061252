package platform

import (
	"fmt"
	"net/http"
	"sync"
)

// NewTracer returns an http.RoundTripper that shows what it carries on standard
// error, without secrets.
func NewTracer(sys *Session, next http.RoundTripper) http.RoundTripper {
	var mu sync.Mutex // keeps the lines of an exchange together
	return &Recorder{Next: next, told: func(x Exchange) {
		mu.Lock()
		defer mu.Unlock()
		for _, line := range x.Lines() {
			fmt.Fprintln(sys.Err, line)
		}
	}}
}
