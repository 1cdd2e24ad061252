package platform

import (
	"net/http"
	"sync"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// Session is one run of the command: the system around it, what is kept on this
// machine, and what the run has sent so far.
type Session struct {
	*console.System

	Args []string // of the run, without the command's name

	kept   *Home                                     // nil until it is read
	Sent   *sentRequest                              // the last request of the run
	Trace  *TraceFile                                // nil: nothing is traced
	Record func(http.RoundTripper) http.RoundTripper // nil: answers are not recorded

	meter  *console.Progress // of the work under way; nil: none
	meters sync.Mutex        // guards meter
}

// NewSession returns a session that has read nothing yet.
func NewSession(sys *console.System) *Session { return &Session{System: sys} }
