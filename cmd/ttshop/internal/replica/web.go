package replica

import (
	"context"
	"errors"
	"fmt"
	"net"
	gosync "sync"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/consolepage"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
)

// serveStatus serves the status as a page until the context ends.
func (o *statusOptions) serveStatus(ctx context.Context, sys *platform.Session, d sync.Inspector) error {
	if _, _, err := net.SplitHostPort(o.Listen); err != nil {
		return console.Usagef("--listen %s: use HOST:PORT, such as 127.0.0.1:8099", o.Listen)
	}
	listener, address, err := platform.Listen(ctx, o.Listen)
	if err != nil {
		return err
	}
	if platform.Exposed(listener) {
		_ = listener.Close() // nobody was answered
		return console.Usagef("other machines can reach --listen %s, and nobody has to sign in: use a loopback address", o.Listen)
	}
	address += "/console"
	if o.JSON {
		err = console.WriteJSON(sys.Out, struct {
			URL string `json:"url"`
		}{address})
	} else {
		_, err = fmt.Fprintf(sys.Out, "The status is at %s; Ctrl-C ends it.\n", address)
	}
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	w := &observer{budget: o.Budget, look: func(ctx context.Context) ([]shopStatus, error) { return statusOf(ctx, d, sys.Now()) }, now: sys.Now}
	page := &consolepage.Page{Title: "ttshop sync", Seek: "shop, table, error", Panels: w.panels(o.shown(sys))}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var sampling gosync.WaitGroup
	sampling.Go(func() { w.sample(ctx) })
	err = platform.Serve(ctx, listener, consolepage.Local(page))
	cancel()
	sampling.Wait()
	return err
}

// The samples of an observer: an hour of them.
const (
	sampleTime = 10 * time.Second
	maxSamples = 360
)

// observer looks at a copy, for the page and, in between, for its plots.
type observer struct {
	budget int
	look   func(context.Context) ([]shopStatus, error)
	now    func() time.Time

	mu      gosync.Mutex
	shops   []shopStatus
	failed  error
	next    time.Time // before it, the last look will do
	samples []sample
}

// sample is what a look found, in numbers.
type sample struct {
	At             time.Time
	Worst, Half    float64 // seconds, of the tables that follow changes
	Rows, Requests int64   // since the copy began
}

// status returns the last look, or a new one where that is old. Counting the rows of a
// large copy takes a database a while: it is left alone for ten times as long.
func (w *observer) status(ctx context.Context) ([]shopStatus, error) {
	const fresh, rest = time.Second, 10
	w.mu.Lock()
	defer w.mu.Unlock()
	began := w.now()
	if began.Before(w.next) {
		return w.shops, w.failed
	}
	w.shops, w.failed = w.look(ctx)
	end := w.now()
	w.next = end.Add(max(fresh, rest*end.Sub(began)))
	if w.failed == nil {
		w.samples = append(w.samples, sampleOf(w.shops, began))
		w.samples = w.samples[max(0, len(w.samples)-maxSamples):]
	}
	return w.shops, w.failed
}

// sample looks now and then, whether anybody has the page open or not.
func (w *observer) sample(ctx context.Context) {
	ticker := time.NewTicker(sampleTime)
	defer ticker.Stop()
	for {
		_, _ = w.status(ctx) // whoever opens the page sees the error
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// history returns the samples.
func (w *observer) history() []sample {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]sample(nil), w.samples...)
}
