package hooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// How long the end of ttshop listen may take: the former address has to be put
// back over the network.
const restoreTime = 15 * time.Second

// watch is a run of ttshop listen.
type watch struct {
	o            *listenOptions
	sys          *platform.Session
	from         *receiver
	box          *inbox.Inbox
	hand         webhook.EventFunc // nil: events are printed and no more
	registration registration      // nil: the address is registered elsewhere
	listener     net.Listener
	url          string // where deliveries are accepted on this machine
	inbox        string // where they are kept, for people

	strays strays
	mu     sync.Mutex // of the output
	fail   context.CancelCauseFunc
}

// open opens the inbox. This process serves it, so that short-lived commands can
// look into it meanwhile.
func (o *listenOptions) open(ctx context.Context, sys *platform.Session, address string) (*inbox.Inbox, error) {
	options := append(inboxOptions(sys, inboxEngine(ctx, sys, address)), inbox.WithHosting())
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	// Other commands hold it briefly, another listener for as long as it runs.
	first, giveUp := context.WithTimeout(ctx, 10*time.Second)
	defer giveUp()
	box, err := inbox.Open(first, address, options...)
	if errors.Is(err, inbox.ErrInUse) && ctx.Err() == nil {
		return nil, fmt.Errorf("the inbox %s is in use, probably by another ttshop listen; end that one or pass --inbox DIR", shownInbox(sys, address))
	}
	return box, err
}

// handOn returns what is done with each event, nil for nothing.
func (o *listenOptions) handOn(sys *platform.Session, from *receiver) (webhook.EventFunc, error) {
	switch {
	case o.ForwardTo != "":
		return inbox.Forward(o.ForwardTo, inbox.ForwardOptions{App: from.app, Client: forwardClient()})
	case o.Exec != "":
		shell := []string{"sh", "-c", o.Exec}
		if runtime.GOOS == "windows" {
			shell = []string{"cmd", "/C", o.Exec}
		}
		env := []string{} // not nil, which would mean that of the process
		if sys.Environ != nil {
			env = commandEnv(sys.Environ(), o.ExecEnv)
		}
		return inbox.Exec(shell, inbox.ExecOptions{Out: sys.CommandOut(), Env: env})
	}
	return nil, nil
}

// run accepts deliveries and hands events on until ctx ends.
func (w *watch) run(ctx context.Context) (err error) {
	ctx, w.fail = context.WithCancelCause(ctx)
	defer w.fail(nil)
	serving, stopServing := context.WithCancel(context.WithoutCancel(ctx))
	defer stopServing()
	var running sync.WaitGroup
	var served, consumed error
	log := slog.New(console.NewPeopleLog(w.sys.System))
	receiver := w.receiver(log)
	running.Go(func() {
		served = platform.ServeStrangers(serving, w.listener, w.handler(receiver), log)
		served = errors.Join(served, receiver.Shutdown(context.WithoutCancel(serving)))
		if served != nil {
			w.fail(served)
		}
	})
	restore := func() error { return nil }
	if w.registration != nil {
		undo, registerErr := w.registration.register(ctx, w.url)
		if registerErr != nil {
			w.fail(registerErr)
			err = registerErr
		}
		restore = undo
	}
	if err == nil {
		if err = w.ready(); err != nil {
			w.fail(err)
		}
	}
	running.Go(func() {
		if consumed = w.box.Consume(ctx, w.o.Consumer, w.handle, w.consuming()); consumed != nil {
			w.fail(consumed)
		}
	})
	<-ctx.Done()
	// Deliveries under way are still accepted while the address is restored.
	restoreErr := restore()
	stopServing()
	running.Wait()
	if cause := context.Cause(ctx); err == nil && errors.Is(cause, console.ErrReaderGone) {
		err = cause
	}
	return errors.Join(err, restoreErr, served, consumed)
}

// consuming returns how events are handed on.
func (w *watch) consuming() inbox.ConsumeOptions {
	return inbox.ConsumeOptions{
		Types: w.o.types, Ordered: true, Tries: w.o.Tries, Redeliver: w.o.Redeliver,
		Backoff: w.backoff,
	}
}

// backoff returns how long to wait after a try that failed.
func (w *watch) backoff(try int) time.Duration {
	return min(w.o.FirstWait<<min(try-1, 20), 10*time.Minute)
}

// receiver accepts deliveries.
func (w *watch) receiver(log *slog.Logger) *webhook.Handler {
	options := []webhook.Option{webhook.WithInbox(w), webhook.WithLogger(log)}
	if w.from.sandbox != nil {
		options = append(options, webhook.WithClock(w.sandboxNow))
	}
	return webhook.NewHandler(w.from.app, options...)
}

// handler answers deliveries at the path and reports other requests.
func (w *watch) handler(receiver http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(w.o.Path, receiver)
	if w.o.Path == "/" {
		return mux
	}
	mux.HandleFunc("/", func(answer http.ResponseWriter, r *http.Request) {
		if others, tell := w.strays.note(w.sys.Now()); tell {
			also := ""
			if others > 0 {
				also = fmt.Sprintf(", and %d others", others)
			}
			w.tell("a request to %s%s; deliveries are accepted at %s", console.Shorten(console.Printable(r.URL.Path), 80), also, w.o.Path)
		}
		http.NotFound(answer, r)
	})
	return mux
}

// strays counts requests that are not for the receiver, and has one a minute
// reported. The zero value is ready to use.
type strays struct {
	mu     sync.Mutex
	told   time.Time
	others int // since then
}

// note counts a request and says whether to report it; others is the number of
// requests since the last one reported.
func (s *strays) note(now time.Time) (others int, tell bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.told) < time.Minute {
		s.others++
		return 0, false
	}
	others = s.others
	s.told, s.others = now, 0
	return others, true
}

// sandboxNow returns the time on the sandbox's clock, which may have been moved
// by days: the age of an event is measured by the clock of its sender.
func (w *watch) sandboxNow() time.Time {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if health, err := w.from.sandbox.Health(ctx); err == nil {
		return health.Now
	}
	return w.sys.Now()
}

// Put implements webhook.Inbox: it stores the event and shows it.
func (w *watch) Put(ctx context.Context, e *webhook.Event) (fresh bool, err error) {
	kept := *e
	kept.Meta.Received = w.sys.Now()
	if w.from.sandbox != nil {
		// A restarted sandbox numbers its notifications from the beginning:
		// the same id may be another event.
		sum := sha256.Sum256(e.Meta.Raw)
		kept.Meta.Key += ":" + hex.EncodeToString(sum[:8])
	}
	id, fresh, err := w.box.Store(ctx, &kept)
	if err != nil {
		return false, err
	}
	switch {
	case fresh && (w.o.types == nil || slices.Contains(w.o.types, e.Type)):
		w.show(newEventLine(id, &kept))
	case !fresh:
		w.tell("%s %s came again; it is already there, as number %d", e.Type, e.Object(), id)
	}
	return fresh, nil
}

// show prints an event.
func (w *watch) show(l EventLine) {
	if w.o.Print != "json" {
		w.print(w.screen().event(l))
		return
	}
	var line strings.Builder
	if err := console.WriteJSON(&line, l); err != nil {
		w.fail(fmt.Errorf("print an event: %w", err))
		return
	}
	w.print(strings.TrimSuffix(line.String(), "\n"))
}

// screen returns the screen that events are printed on.
func (w *watch) screen() eventScreen {
	return eventScreen{w.sys.Terminal.Columns, console.Painter(w.sys.Color)}
}

// print prints a line. If nothing reads the output any more, the command ends.
func (w *watch) print(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := fmt.Fprintln(w.sys.Out, line); err != nil {
		w.fail(fmt.Errorf("print an event: %w", err))
	}
}

// tell writes a line for people.
func (w *watch) tell(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintf(w.sys.Err, "ttshop: "+format+"\n", args...)
}

// ready reports that deliveries are accepted, and where.
func (w *watch) ready() error {
	if platform.Exposed(w.listener) {
		w.tell("other machines can reach this address, too; all they can do there is deliver signed events")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	registered := ""
	if w.registration != nil {
		registered = w.registration.where()
	}
	forwardTo := ""
	if w.o.ForwardTo != "" {
		forwardTo = shownTarget(w.o.ForwardTo)
	}
	if w.o.Print == "json" {
		return console.WriteJSON(w.sys.Out, struct {
			Listening  string `json:"listening"`
			Registered string `json:"registered"`
			Inbox      string `json:"inbox"`
			ForwardTo  string `json:"forward_to,omitempty"`
		}{w.url, registered, w.inbox, forwardTo})
	}
	rows := []console.Row{{Label: "listening", Value: w.url}}
	if registered != "" {
		rows = append(rows, console.Row{Label: "registered", Value: registered})
	}
	rows = append(rows, console.Row{Label: "inbox", Value: w.inbox})
	switch {
	case w.o.ForwardTo != "":
		rows = append(rows, console.Row{Label: "forward to", Value: forwardTo})
	case w.o.Exec != "":
		rows = append(rows, console.Row{Label: "for each", Value: w.o.Exec})
	}
	var b strings.Builder
	if err := console.WriteRows(&b, console.Painter(false), rows); err != nil {
		return err
	}
	if w.registration == nil {
		b.WriteString(w.advice())
	}
	if w.from.sandbox != nil {
		b.WriteString("Ctrl-C ends it. Raise an event with: ttshop trigger ORDER_STATUS_CHANGE\n")
	}
	if _, err := fmt.Fprintln(w.sys.Err, b.String()); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w.sys.Out, w.screen().head())
	return err
}

// advice says how to have the platform's deliveries reach this machine.
func (w *watch) advice() string {
	return `
The platform delivers to public https addresses only, by name and without a
port. Point one at ` + w.url + `, with a reverse proxy or a tunnel
that leaves the body and the header Authorization unchanged. Then register it,
for the shop in use and while this runs:

  ttshop listen --register https://hooks.example.com` + w.o.Path + `

or permanently with ttshop webhooks set --all, or for all shops of the app in
Partner Center.
`
}
