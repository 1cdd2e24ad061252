package cli

import (
	"fmt"
	"net/http"
	"sync"
)

// newTracer returns an http.RoundTripper that shows what it carries on standard
// error, without secrets.
func newTracer(sys *System, next http.RoundTripper) http.RoundTripper {
	var mu sync.Mutex // keeps the lines of an exchange together
	return &recorder{next: next, told: func(x exchange) {
		mu.Lock()
		defer mu.Unlock()
		for _, line := range x.lines() {
			fmt.Fprintln(sys.Err, line)
		}
	}}
}
