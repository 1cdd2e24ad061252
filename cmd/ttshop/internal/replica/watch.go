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
	held     time.Duration          // the wait where another worker has the shop
	mine     func(shop string) bool // it is copied here
	wake     func(shop string)      // makes a shop's next turn due
	json     bool

	mu gosync.Mutex // guards the output
}

// watch copies all shops until the context ends.
func (o *syncOptions) watch(ctx context.Context, sys *platform.Session, g *ground, engine *sync.Engine) error {
	w := &watcher{sys: sys, engine: engine, interval: o.Interval, held: o.Interval, json: o.JSON}
	slots := make(chan struct{}, shopsAtOnce)
	hints := map[string]chan struct{}{}
	for _, s := range g.sources {
		hints[s.shop.ID] = make(chan struct{}, 1)
	}
	w.mine = func(shop string) bool { return hints[shop] != nil }
	w.wake = func(shop string) {
		select {
		case hints[shop] <- struct{}{}:
		default: // it is awake
		}
	}
	return o.listening(ctx, sys, w, func(ctx context.Context) error {
		if !o.JSON {
			fmt.Fprintf(sys.Out, "Copying %s of %s to %s; Ctrl-C ends it.\n", countSources(g.sources), g.text, o.shown(sys))
		}
		var work gosync.WaitGroup
		for _, s := range g.sources {
			work.Go(func() { w.shop(ctx, s, slots, hints[s.shop.ID]) })
		}
		work.Wait()
		return nil
	})
}

// listening runs f while a watcher hears what is in the inbox, if there is one.
func (o *syncOptions) listening(ctx context.Context, sys *platform.Session, w *watcher, f func(context.Context) error) (err error) {
	if o.Inbox == "" {
		return f(ctx)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	events, err := openInbox(ctx, sys, inboxURL(o.Inbox))
	if err != nil {
		return fmt.Errorf("open the inbox: %w", err)
	}
	defer func() { err = errors.Join(err, events.Close()) }()
	failed := make(chan error, 1)
	go func() {
		defer close(failed)
		if err := events.Consume(ctx, consumer, w.hear, inbox.ConsumeOptions{}); err != nil && ctx.Err() == nil {
			failed <- fmt.Errorf("read the inbox: %w", err)
			stop()
		}
	}()
	err = f(ctx)
	stop()
	return errors.Join(err, <-failed)
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
	if !w.mine(e.ShopID) {
		return nil
	}
	n, err := w.engine.Note(ctx, e.ShopID, []sync.Hint{{Shop: e.ShopID, Type: e.Type, Data: e.Data}})
	if err != nil || n == 0 {
		return err
	}
	w.wake(e.ShopID)
	return nil
}

// shop copies one shop, turn by turn.
func (w *watcher) shop(ctx context.Context, s source, slots chan struct{}, hint <-chan struct{}) {
	pause := time.Duration(0)
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		wait, next, deaf := w.turn(ctx, s, pause)
		pause = next
		<-slots
		awake := hint
		if deaf {
			awake = nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-awake:
		}
		timer.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// turn makes a turn of a shop and reports it. It returns how long the next one can
// wait, the pause that counts if that one fails as well, and whether hints cannot mend
// what is wrong.
func (w *watcher) turn(ctx context.Context, s source, pause time.Duration) (wait, next time.Duration, deaf bool) {
	began := time.Now()
	report, err := w.engine.Sync(ctx, s.shop, s.caller)
	if errors.Is(ctx.Err(), context.Canceled) {
		return 0, pause, false
	}
	switch {
	case err == nil && report.Rest && report.Err() == nil:
	case err == nil:
		wait = max(w.interval-time.Since(began), 0)
	case errors.Is(err, ttshop.ErrUnauthorized):
		wait, next, deaf = lostPause, pause, true
	case errors.Is(err, sync.ErrHeld):
		wait = w.held // another process copies it
	default:
		next = min(max(2*pause, firstPause), lastPause)
		wait, deaf = next, true
	}
	w.say(report, err, time.Since(began), wait)
	return wait, next, deaf
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
