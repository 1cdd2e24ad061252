package replica

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	gosync "sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
)

// options are those that commands share which ask the platform.
type options struct {
	place
	Shops    []string
	Tables   []string
	Since    string
	People   string
	Settle   time.Duration
	Interval time.Duration
	Budget   int
	NoAudits bool
	Sandbox  bool
	Orders   int
	JSON     bool

	adapt func(*sync.Config) // changes the configuration of engines; nil: nothing does
}

// syncOptions are the options of ttshop sync.
type syncOptions struct {
	options
	Watch   bool
	Inbox   string
	Workers bool

	extras Extras
}

// The values of --pii.
const (
	peopleHash = "hash"
	peopleKeep = "keep"
)

// NewSyncCmd returns the command ttshop sync, which starts ttshop-sync for extras.
func NewSyncCmd(sys *platform.Session) *cobra.Command { return Extras{}.NewSyncCmd(sys) }

// NewSyncCmd returns the command ttshop sync with extras.
func (e Extras) NewSyncCmd(sys *platform.Session) *cobra.Command {
	o := syncOptions{extras: e}
	cmd := &cobra.Command{
		Use:   "sync",
		Short: "Keep the data of shops in a database",
		Long: `Copy orders, packages, returns, cancellations, products, stock, warehouses,
statements and what they are made of, payments and promotions into a database:
first what has changed, then what is older, back to --since. It ends when all is
there; run again, it copies what has changed since. --watch goes on until it is
told to end, with a turn at each --interval.

Changes of the last two minutes are left for the next turn, since the platform
may show them late; --settle says otherwise. With --inbox, what "ttshop listen"
keeps of webhooks is fetched at once.

With --workers, any number of processes on any number of machines share the
shops: each has its turns in whichever process is free, and the shops of one
that dies go on in the others. This takes the program ttshop-sync, which comes
with ttshop; ttshop starts it.

People's names, addresses, phone numbers and mail are replaced by hashes with a
key of this machine, unless --pii keep is given.

With --sandbox the shops are those of a sandbox that is started for this: no
account is needed. A table that fails is reported, the others go on, and the
exit code is 1.`,
		Example: `  ttshop sync --to sqlite:demo.db --sandbox
  ttshop sync --to sqlite:shop.db --since -30d
  ttshop sync --to sqlite:people.db --tables orders,returns --pii keep
  ttshop sync --to postgres://db/shops --watch --inbox nats://127.0.0.1`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	o.place.add(flags)
	o.addSource(flags)
	flags.BoolVar(&o.Watch, "watch", false, "go on until told to end")
	flags.DurationVar(&o.Interval, "interval", sync.DefaultInterval, "with --watch, the `DURATION` between turns")
	flags.StringVar(&o.Inbox, "inbox", "", "with --watch, the `URL` of the inbox that webhooks are in")
	flags.BoolVar(&o.Workers, "workers", false, "with --watch, share the shops with other processes (PostgreSQL)")
	flags.StringVar(&o.People, "pii", peopleHash, "what becomes of people's data: `HASH-OR-KEEP`")
	o.addMaking(flags)
	flags.BoolVar(&o.JSON, "json", false, "report in JSON")
	cmd.AddCommand(newPlanCmd(sys), newStatusCmd(sys), newVerifyCmd(sys), newExportCmd(sys, e), newSchemaCmd(sys), newResetCmd(sys), newForgetCmd(sys))
	return cmd
}

// addSource binds the flags that say what is copied.
func (o *options) addSource(flags *pflag.FlagSet) {
	flags.StringSliceVar(&o.Shops, "shops", nil, "only these shops, by their `IDS`; default: all of the grant")
	flags.StringSliceVar(&o.Tables, "tables", nil, "only these `TABLES`, and those that they need")
	flags.StringVar(&o.Since, "since", "-90d", "how far back the copy goes, a `TIME` such as -90d")
	flags.DurationVar(&o.Settle, "settle", sync.DefaultSettle, "leave changes that are younger than this `DURATION` for the next turn")
	flags.IntVar(&o.Budget, "budget", sync.DefaultBudget, "`REQUESTS` per shop and day")
	flags.BoolVar(&o.NoAudits, "no-audits", false, "do not compare the copy with the source by night")
	flags.BoolVar(&o.Sandbox, "sandbox", false, "copy the shops of a sandbox that is started for this")
	flags.IntVar(&o.Orders, "orders", 0, "with --sandbox, a `NUMBER` of further old orders in each shop")
}

// config checks the options.
func (o *options) config(sys *platform.Session, key []byte) (sync.Config, error) {
	config := sync.Config{
		Streams: o.Tables, Settle: o.Settle, Budget: o.Budget, Interval: o.Interval, Turn: turn, Now: sys.Now, NoAudits: o.NoAudits,
		People: sync.People{Keep: o.People == peopleKeep, Key: key},
	}
	if o.Settle == 0 {
		config.Settle = -1
	}
	var err error
	if config.Since, err = ago(o.Since); err != nil {
		return config, console.Usagef("--since %q: %w", o.Since, err)
	}
	return config, nil
}

func (o *options) check() error {
	if err := o.place.check(); err != nil {
		return err
	}
	return o.checkSource()
}

// checkSource refuses options about the source that make no sense.
func (o *options) checkSource() error {
	o.People = cmp.Or(o.People, peopleHash)
	switch {
	case o.People != peopleHash && o.People != peopleKeep:
		return console.Usagef("--pii %q: use %s or %s", o.People, peopleHash, peopleKeep)
	case o.Settle < 0:
		return console.Usagef("--settle %s: must be 0 or more", o.Settle)
	case o.Budget < 1:
		return console.Usagef("--budget %d: must be at least 1", o.Budget)
	case o.Orders < 0 || o.Orders > 1_000_000:
		return console.Usagef("--orders %d: must be 0 to 1000000", o.Orders)
	case o.Orders > 0 && !o.Sandbox:
		return console.Usagef("--orders is for the sandbox's data and needs --sandbox")
	}
	_, err := ago(o.Since)
	if err != nil {
		return console.Usagef("--since %q: %w", o.Since, err)
	}
	return nil
}

// ago reads a span of the past: -90d, -12h.
func ago(text string) (time.Duration, error) {
	rest, ok := strings.CutPrefix(text, "-")
	if !ok {
		return 0, errors.New("use a span of the past such as -90d or -12h")
	}
	if days, ok := strings.CutSuffix(rest, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil || n == 0 {
			return 0, errors.New("use a span of the past such as -90d or -12h")
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	span, err := time.ParseDuration(rest)
	if err != nil || span <= 0 {
		return 0, errors.New("use a span of the past such as -90d or -12h")
	}
	return span, nil
}

func (o *options) ground(ctx context.Context, sys *platform.Session) (*ground, error) {
	kinds, err := sync.Kinds(o.Tables)
	if err != nil {
		return nil, err
	}
	var g *ground
	if o.Sandbox {
		g, err = sandboxGround(ctx, sys, o.Orders, kinds)
	} else {
		g, err = grantGround(ctx, sys, kinds)
	}
	if err != nil {
		return nil, err
	}
	if g.sources, err = o.chosen(g.sources); err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// chosen returns the sources that are asked for.
func (o *options) chosen(sources []source) ([]source, error) {
	var known []string
	for _, s := range sources {
		known = append(known, s.shop.ID)
	}
	for _, id := range o.Shops {
		if !slices.Contains(known, id) {
			return nil, console.Usagef("--shops %s: no grant reaches this shop; there are %s", id, strings.Join(known, ", "))
		}
	}
	if len(o.Shops) > 0 {
		sources = slices.DeleteFunc(sources, func(s source) bool { return !slices.Contains(o.Shops, s.shop.ID) })
	}
	if len(sources) == 0 {
		return nil, errors.New("no grant reaches what these tables are of: most are of shops, which ttshop shops --refresh asks the platform for; creator_orders are of creators, tap_orders and cap_orders of partners")
	}
	return sources, nil
}

// withEngine runs f with the shops and an engine over the place.
func (o *options) withEngine(ctx context.Context, sys *platform.Session, progress func(sync.Progress), f func(*ground, *sync.Engine, sync.Inspector) error) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	if err := known(o.Tables); err != nil {
		return err
	}
	g, err := o.ground(ctx, sys)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	to, err := o.open(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	config, err := o.config(sys, g.key)
	if err != nil {
		return err
	}
	config.Progress = progress
	if o.adapt != nil {
		o.adapt(&config)
	}
	engine, err := sync.New(ctx, to, config)
	if err != nil {
		return err
	}
	return f(g, engine, to)
}

// known refuses names of tables that are not there, before anything is opened.
func known(tables []string) error {
	_, schema, err := sync.Streams()
	if err != nil {
		return err
	}
	for _, name := range tables {
		if schema.Table(name) == nil {
			var names []string
			for _, t := range schema.Tables {
				if t.Parent == nil {
					names = append(names, t.Name)
				}
			}
			return console.Usagef("--tables %s: there is no such table; there are %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}

func (o *syncOptions) run(ctx context.Context, sys *platform.Session) error {
	switch {
	case o.Inbox != "" && !o.Watch:
		return console.Usagef("--inbox needs --watch: without it, a turn finds what has changed anyway")
	case o.Watch && o.Interval < time.Second:
		return console.Usagef("--interval %s: must be at least 1s", o.Interval)
	}
	if o.Workers {
		if err := o.checkWorkers(); err != nil {
			return err
		}
		if o.extras.Share == nil {
			return become(ctx, sys)
		}
	}
	if !o.Watch {
		o.Interval = 0
	}
	meter := newMeter(sys, o.JSON || o.Watch)
	stopped := gosync.OnceFunc(meter.stop)
	defer stopped()
	if o.Workers {
		o.adapt = o.shared
	}
	return o.withEngine(ctx, sys, meter.note, func(g *ground, engine *sync.Engine, _ sync.Inspector) error {
		switch {
		case o.Workers:
			return o.share(ctx, sys, g, engine)
		case o.Watch:
			return o.watch(ctx, sys, g, engine)
		}
		began := time.Now()
		reports, err := copyAll(ctx, engine, g.sources)
		stopped()
		if err != nil {
			return mending(err)
		}
		if err := o.summary(sys, g, reports, time.Since(began)); err != nil {
			return err
		}
		for _, r := range reports {
			if r.err != nil || r.report.Err() != nil {
				return &console.ExitError{Code: console.ExitFailed}
			}
		}
		return nil
	})
}

// turn is the time after which a turn of a shop begins nothing new. It is shorter than
// the time for which the shop is this process's, and others have their turn.
const turn = 45 * time.Second

// shopReport is what became of a shop.
type shopReport struct {
	report *sync.Report
	err    error // it could not go on
}

// shopsAtOnce is how many shops are copied side by side.
const shopsAtOnce = 4

// copyAll copies all shops. One that cannot go on stops no other; an error of the
// destination stops all.
func copyAll(ctx context.Context, engine *sync.Engine, sources []source) ([]shopReport, error) {
	reports := make([]shopReport, len(sources))
	slots := make(chan struct{}, shopsAtOnce)
	done := make(chan struct{}, len(sources))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	for i, s := range sources {
		go func() {
			slots <- struct{}{}
			defer func() { <-slots; done <- struct{}{} }()
			report, err := engine.Sync(ctx, s.shop, s.caller)
			for err == nil && report.Rest && report.Err() == nil {
				var more *sync.Report
				more, err = engine.Sync(ctx, s.shop, s.caller)
				report.Add(more)
			}
			reports[i] = shopReport{report, err}
			if err != nil && !errors.Is(err, ttshop.ErrUnauthorized) && !errors.Is(err, sync.ErrHeld) {
				stop(err)
			}
		}()
	}
	for range sources {
		<-done
	}
	return reports, context.Cause(ctx)
}

// mending says what to do about an error, where something can be done.
func mending(err error) error {
	switch {
	case errors.Is(err, sync.ErrFull):
		return fmt.Errorf("%w; the copy is as it was before: make room and run the command again", err)
	case errors.Is(err, ttshop.ErrUnauthorized):
		return fmt.Errorf("%w; the shop is paused until ttshop login has renewed the grant", err)
	}
	return err
}
