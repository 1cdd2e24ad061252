package hooks

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// defaultReceiver is where ttshop listen listens unless told otherwise.
const defaultReceiver = "127.0.0.1:8090"

// listenOptions are the options of ttshop listen.
type listenOptions struct {
	Addr       string
	Path       string
	ForwardTo  string
	Exec       string
	ExecEnv    []string
	Events     []string
	Print      string
	Sandbox    string
	Register   string
	Yes        bool
	OldSecrets []string
	Tries      int
	FirstWait  time.Duration // hidden: before the second try
	Redeliver  time.Duration // hidden: until unfinished events of a process that died are handed out again

	inboxFlags
	platform.ShopFlags

	types []event.Type // nil: all
}

// NewListenCmd returns the command ttshop listen.
func NewListenCmd(sys *platform.Session) *cobra.Command {
	var o listenOptions
	cmd := &cobra.Command{
		Use:   "listen",
		Short: "Receive webhooks: verify, store, show, forward",
		Long: `Receive the platform's webhooks. Each delivery is verified, stored in an inbox
and only then answered, so that nothing answered with 200 is lost. Each event is
printed on a line and, if asked for, handed on:

  --forward-to posts it to your program, the same bytes with a valid signature
  --exec runs a command: the event on standard input, facts in TTSHOP_EVENT_…,
    and none of our secrets in its environment unless --exec-env names it

An event that is not accepted is tried again, after waits from 1 s up to 10 min,
and after --tries it becomes a dead letter; see ttshop events. A try counts when
it begins: stopping the listener costs none, killing it costs the one under way.
Events about one order or product come one after the other. A listener that was
killed resumes where it stopped. While the disk is full, deliveries are refused,
so that the platform sends them again later; the listener says so and continues
once there is room.

With --sandbox the events are those of a sandbox on this machine, and no sign-in
is needed: the command registers itself there and, at the end, restores the
former address. The platform itself delivers to public https addresses only:
point one at this machine, with a reverse proxy or a tunnel, and pass it to
--register, or set it in Partner Center.

With --print json each event is one JSON object on a line, after a first line
with the address. --events chooses what is printed and handed on; everything
received is stored.`,
		Example: `  ttshop listen --sandbox
  ttshop listen --sandbox --forward-to http://127.0.0.1:3000/webhook
  ttshop listen --sandbox --events order-status-change,12 --print json
  ttshop listen --sandbox --exec 'jq -r .data.order_id'
  ttshop listen --register https://hooks.example.com/webhook`,
		Args: console.Takes(0, 1, "at most the address of the sandbox"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := platform.SandboxWord(cmd, args, &o.Sandbox); err != nil {
				return err
			}
			return o.run(cmd.Context(), sys)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	platform.AddSandboxFlag(flags, &o.Sandbox, "receive the webhooks of the sandbox at `ADDRESS`, by default the one that runs on this machine")
	flags.StringVar(&o.ForwardTo, "forward-to", "", "post each event to `URL`")
	flags.StringVar(&o.Exec, "exec", "", "run `COMMAND` in a shell for each event")
	flags.StringArrayVar(&o.ExecEnv, "exec-env", nil, "pass the variable `NAME` to the command of --exec even though it holds a secret, such as TTSHOP_APP_SECRET; repeatable")
	flags.StringSliceVar(&o.Events, "events", nil, "the `EVENTS` to print and hand on, by name or number; default: all")
	flags.StringVar(&o.Print, "print", "table", "`HOW` to print events: table or json")
	flags.StringVar(&o.Addr, "addr", defaultReceiver, "`HOST:PORT` to listen on; port 0 picks a free one")
	flags.StringVar(&o.Path, "path", "/webhook", "the `PATH` that accepts deliveries")
	flags.StringVar(&o.Register, "register", "", "make the public `URL` that leads here the shop's address while this runs")
	flags.BoolVarP(&o.Yes, "yes", "y", false, "register at a real shop without asking")
	flags.IntVar(&o.Tries, "tries", 30, "the `NUMBER` of tries before an event becomes a dead letter; 30 take about three hours")
	o.inboxFlags.add(flags)
	o.addConsumer(flags)
	flags.StringArrayVar(&o.OldSecrets, "old-secret-file", nil, "during a rotation, also accept what is signed with the secret in `FILE`")
	o.ShopFlags.Add(flags)
	flags.DurationVar(&o.FirstWait, "first-wait", time.Second, "")
	flags.DurationVar(&o.Redeliver, "redeliver", 10*time.Second, "")
	for _, name := range []string{"first-wait", "redeliver"} {
		flags.Lookup(name).Hidden = true
	}
	completeTopics(cmd, "events")
	return cmd
}

// check refuses flags that make no sense.
func (o *listenOptions) check() (err error) {
	if o.types, err = readEventTypes(o.Events); err != nil {
		return err
	}
	switch {
	case o.Print != "table" && o.Print != "json":
		return console.Usagef("--print %s: use table or json", o.Print)
	case o.ForwardTo != "" && o.Exec != "":
		return console.Usagef("--forward-to and --exec cannot be used together; start a second listener with an --inbox of its own")
	case len(o.ExecEnv) > 0 && o.Exec == "":
		return console.Usagef("--exec-env needs --exec")
	case o.Sandbox != "" && o.Register != "":
		return console.Usagef("--register is for a real shop; with --sandbox the command registers itself")
	case !strings.HasPrefix(o.Path, "/") || strings.ContainsAny(o.Path, "?#{} "):
		return console.Usagef("--path %s: use a path such as /webhook", o.Path)
	case o.Tries < 1:
		return console.Usagef("--tries %d: must be 1 or more", o.Tries)
	case o.FirstWait <= 0 || o.Redeliver <= 0:
		return console.Usagef("--first-wait and --redeliver must be more than 0")
	}
	if _, _, err := net.SplitHostPort(o.Addr); err != nil {
		return console.Usagef("--addr %s: use HOST:PORT, such as %s", o.Addr, defaultReceiver)
	}
	if o.ForwardTo != "" {
		if err := checkTarget("--forward-to", o.ForwardTo); err != nil {
			return err
		}
	}
	return field.OneStdin(o.Readers()...)
}

// checkTarget refuses addresses that cannot be posted to.
func checkTarget(flag, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return console.Usagef("%s is not a valid address; use, for example, http://127.0.0.1:3000/webhook", flag)
	}
	return nil
}

// shownTarget returns an address for people, without the parts that may be
// secret: user and query.
func shownTarget(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that cannot be read"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// receiver is what a run of ttshop listen needs to know about where deliveries
// come from.
type receiver struct {
	app     webhook.App
	key     string
	sandbox *platform.LocalSandbox // nil: the platform
}

// from returns where deliveries come from.
func (o *listenOptions) from(ctx context.Context, sys *platform.Session, in *field.Inputs) (*receiver, error) {
	var old []string
	for _, file := range o.OldSecrets {
		secret, err := in.Secret("--old-secret-file", file)
		if err != nil {
			return nil, err
		}
		old = append(old, secret)
	}
	if o.Sandbox != "" {
		sb, err := platform.FindSandbox(ctx, sys, o.Sandbox)
		if err != nil {
			return nil, err
		}
		app, err := sb.App(old...)
		return &receiver{app, sb.Key, sb}, err
	}
	key, err := o.App.ReadKey(sys)
	if console.ExitCode(err) == console.ExitNotSignedIn {
		return nil, console.NotSignedInf("%w; or pass --sandbox for the events of a sandbox", err)
	}
	if err != nil {
		return nil, err
	}
	secret, err := o.App.Secret.Read(sys, in)
	if err != nil {
		return nil, err
	}
	app, err := webhook.NewApp(key, append([]string{secret.Reveal()}, old...)...)
	return &receiver{app, key, nil}, err
}

func (o *listenOptions) run(ctx context.Context, sys *platform.Session) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	in := &field.Inputs{Stdin: sys.In}
	from, err := o.from(ctx, sys, in)
	if err != nil {
		return err
	}
	registration, err := o.registration(ctx, sys, in, from)
	if err != nil {
		return err
	}
	address, err := o.address(sys, func() (string, error) { return from.key, nil })
	if err != nil {
		return err
	}
	hand, err := o.handOn(sys, from)
	if err != nil {
		return err
	}
	box, err := o.open(ctx, sys, address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	listening, base, err := platform.Listen(ctx, o.Addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w; --addr 127.0.0.1:0 picks a free port", err)
	}
	if err != nil {
		return err
	}
	w := &watch{
		o: o, sys: sys, from: from, box: box, hand: hand, registration: registration,
		listener: listening, url: base + o.Path, inbox: shownInbox(sys, address),
	}
	return w.run(ctx)
}
