package replica

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	gosync "sync"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// consumer is the name under which a copy keeps its place in an inbox.
const consumer = "sync"

// The waits after a turn that failed.
const (
	firstPause = 5 * time.Second
	lastPause  = 5 * time.Minute
	lostPause  = 10 * time.Minute // of a shop whose grant is lost
)

// watcher keeps shops current.
type watcher struct {
	sys      *platform.Session
	engine   *sync.Engine
	interval time.Duration
	slots    chan struct{}            // of shops that are copied at a time
	wake     map[string]chan struct{} // by shop: a hint came
	json     bool

	mu gosync.Mutex // guards the output
}

// watch copies all shops until the context ends.
func (o *syncOptions) watch(ctx context.Context, sys *platform.Session, g *ground, engine *sync.Engine) (err error) {
	w := &watcher{sys: sys, engine: engine, interval: o.Interval, json: o.JSON, slots: make(chan struct{}, shopsAtOnce), wake: map[string]chan struct{}{}}
	for _, s := range g.sources {
		w.wake[s.shop.ID] = make(chan struct{}, 1)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var work gosync.WaitGroup
	failed := make(chan error, 1)
	if o.Inbox != "" {
		events, err := openInbox(ctx, sys, inboxURL(o.Inbox))
		if err != nil {
			return fmt.Errorf("open the inbox: %w", err)
		}
		defer func() { err = errors.Join(err, events.Close()) }()
		work.Go(func() {
			if err := events.Consume(ctx, consumer, w.hear, inbox.ConsumeOptions{}); err != nil && ctx.Err() == nil {
				failed <- fmt.Errorf("read the inbox: %w", err)
				stop()
			}
		})
	}
	if !o.JSON {
		fmt.Fprintf(sys.Out, "Copying %s of %s to %s; Ctrl-C ends it.\n", console.Count(len(g.sources), "shop"), g.text, o.shown(sys))
	}
	for _, s := range g.sources {
		work.Go(func() { w.shop(ctx, s) })
	}
	work.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// openInbox opens the inbox that webhooks are in. A folder is served by a program of
// ours, unless another process serves it.
func openInbox(ctx context.Context, sys *platform.Session, address string) (*inbox.Inbox, error) {
	options := []inbox.Option{inbox.WithLogger(slog.New(console.NewPeopleLog(sys.System)))}
	if strings.HasPrefix(address, "file:") {
		path, err := sys.FindProgram(ctx, "ttshop-inbox")
		options = append(options, inbox.WithEngine(inbox.Program(func(context.Context) (string, error) { return path, err })))
	}
	return inbox.Open(ctx, address, options...)
}

// inboxURL takes a folder for the URL of one.
func inboxURL(place string) string {
	if strings.Contains(place, "://") || strings.HasPrefix(place, "file:") {
		return place
	}
	if folder, err := filepath.Abs(place); err == nil {
		place = folder
	}
	return "file:" + place
}

// hear notes what an event says has changed. It is acknowledged once that is stored.
func (w *watcher) hear(ctx context.Context, e *webhook.Event) error {
	wake, mine := w.wake[e.ShopID]
	if !mine {
		return nil
	}
	n, err := w.engine.Note(ctx, e.ShopID, []sync.Hint{{Shop: e.ShopID, Type: e.Type, Data: e.Data}})
	if err != nil || n == 0 {
		return err
	}
	select {
	case wake <- struct{}{}:
	default: // it is awake
	}
	return nil
}

// shop copies one shop, turn by turn.
func (w *watcher) shop(ctx context.Context, s source) {
	pause := time.Duration(0)
	for {
		wake := w.wake[s.shop.ID]
		select {
		case w.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		wait, began := w.interval, time.Now()
		report, err := w.engine.Sync(ctx, s.shop, s.caller)
		<-w.slots
		if ctx.Err() != nil {
			return
		}
		switch {
		case err == nil && report.Rest && report.Err() == nil:
			wait, pause = 0, 0
		case err == nil:
			wait, pause = max(w.interval-time.Since(began), 0), 0
		case errors.Is(err, ttshop.ErrUnauthorized):
			wait, wake = lostPause, nil // hints do not mend it
		case errors.Is(err, sync.ErrHeld):
			pause = 0 // another process copies it
		default:
			pause = min(max(2*pause, firstPause), lastPause)
			wait, wake = pause, nil
		}
		w.say(report, err, time.Since(began), wait)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-wake:
		}
		timer.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// say reports a turn that did something, or failed.
func (w *watcher) say(report *sync.Report, err error, took, wait time.Duration) {
	t := report.Tally
	problem := errors.Join(err, report.Err())
	if t.Inserted+t.Changed+t.Deleted == 0 && problem == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.json {
		line := struct {
			At       string     `json:"at"`
			Shop     string     `json:"shop"`
			Rows     sync.Tally `json:"rows"`
			Requests int        `json:"requests"`
			Seconds  float64    `json:"seconds"`
			Error    string     `json:"error,omitempty"`
		}{w.sys.Now().UTC().Format(time.RFC3339), report.Shop.ID, t, report.Requests, took.Seconds(), ""}
		if problem != nil {
			line.Error = problem.Error()
		}
		_ = console.WriteJSON(w.sys.Out, line) // whoever reads has gone; the copy goes on
		return
	}
	at := w.sys.Now().UTC().Format(time.TimeOnly)
	if t.Inserted+t.Changed+t.Deleted > 0 {
		fmt.Fprintf(w.sys.Out, "%s shop %s: %d new, %d changed, %d deleted, %s\n", at, report.Shop.ID, t.Inserted, t.Changed, t.Deleted, console.Count(report.Requests, "request"))
	}
	if problem != nil {
		fmt.Fprintf(w.sys.Out, "%s shop %s: %s; next try in %s\n", at, report.Shop.ID, console.Printable(mending(problem).Error()), wait.Round(time.Second))
	}
}
