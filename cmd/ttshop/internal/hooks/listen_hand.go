package hooks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/webhook"
)

// handOver is how handing on an event ended.
type handOver struct {
	status int // of the answer; 0 if there was none
	took   time.Duration
	err    error
}

// handOverKey is the context key of the hand-over under way.
type handOverKey struct{}

// statusNoter is an http.RoundTripper that notes the status of the answer in the
// hand-over of the request's context.
type statusNoter struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (n statusNoter) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := n.next.RoundTrip(r)
	if over, ok := r.Context().Value(handOverKey{}).(*handOver); ok && err == nil {
		over.status = res.StatusCode
	}
	return res, err
}

// forwardClient returns the client that posts events to a program.
func forwardClient() *http.Client {
	return &http.Client{
		Transport:     statusNoter{http.DefaultTransport.(*http.Transport).Clone()},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// handle hands an event on and prints how that ended. Events that no delivery
// brought are shown first.
func (w *watch) handle(ctx context.Context, e *webhook.Event) error {
	line := newEventLine(0, e)
	if e.Meta.Attempt == 1 && (e.Meta.Replayed || e.Meta.Reconciled) {
		w.show(line)
	}
	if w.hand == nil {
		return nil
	}
	var over handOver
	begun := time.Now()
	over.err = w.hand(context.WithValue(ctx, handOverKey{}, &over), e)
	over.took = time.Since(begun)
	if ctx.Err() == nil { // the listener ends: the event is not given up
		w.showHanded(line, over, e.Meta.Attempt)
	}
	if over.err == nil && e.Meta.Attempt > 1 {
		w.tell("%s %s was accepted at try %d", e.Type, e.Object(), e.Meta.Attempt)
	}
	return over.err
}

// ended returns how a hand-over ended for people: 200, 4 ms.
func (o handOver) ended(exec bool) string {
	return fmt.Sprintf("%s, %s", o.outcome(exec), shortSpan(o.took))
}

func (o handOver) outcome(command bool) string {
	if exit, ok := errors.AsType[*exec.ExitError](o.err); ok {
		return exit.ProcessState.String()
	}
	switch {
	case o.status > 0:
		return fmt.Sprint(o.status)
	case o.err == nil && command:
		return "exit status 0"
	case console.ConnectionRefused(o.err):
		return "connection refused"
	case errors.Is(o.err, context.DeadlineExceeded):
		return "no answer in time"
	case command:
		return "failed"
	}
	return "no answer"
}

// shortSpan returns a length of time in one unit.
func shortSpan(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// showHanded prints how handing on an event ended, and what comes next. Programs
// that read JSON are told by the exit of their own work.
func (w *watch) showHanded(l EventLine, over handOver, try int) {
	if w.o.Print == "json" {
		return
	}
	text := over.ended(w.o.Exec != "")
	switch {
	case over.err == nil:
	case try >= w.o.Tries:
		text += "; given up, see ttshop events dead"
	default:
		text += fmt.Sprintf("; try %d of %d in %s", try+1, w.o.Tries, shortSpan(w.backoff(try)))
	}
	w.print(w.screen().handed(w.sys.Now(), text, over.err == nil, l))
}
