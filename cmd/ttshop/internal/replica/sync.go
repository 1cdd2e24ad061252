package replica

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
)

// syncOptions are the options of ttshop sync.
type syncOptions struct {
	place
	Shops   []string
	Tables  []string
	Since   string
	People  string
	Settle  time.Duration
	Budget  int
	Sandbox bool
	Orders  int
	JSON    bool
}

// The values of --pii.
const (
	peopleHash = "hash"
	peopleKeep = "keep"
)

// NewSyncCmd returns the command ttshop sync.
func NewSyncCmd(sys *platform.Session) *cobra.Command {
	var o syncOptions
	cmd := &cobra.Command{
		Use:   "sync",
		Short: "Keep the data of shops in a database",
		Long: `Copy orders, packages, returns, cancellations, products, stock, warehouses,
statements and what they are made of into a database: first what has changed,
then what is older, back to --since. It ends when all is there; run again, it
copies what has changed since.

Changes of the last two minutes are left for the next run, since the platform
may show them late; --settle says otherwise.

People's names, addresses, phone numbers and mail are replaced by hashes with a
key of this machine, unless --pii keep is given.

With --sandbox the shops are those of a sandbox that is started for this: no
account is needed. A table that fails is reported, the others go on, and the
exit code is 1.`,
		Example: `  ttshop sync --to sqlite:shop.db --sandbox
  ttshop sync --to sqlite:shop.db --since -30d
  ttshop sync --to sqlite:shop.db --tables orders,returns --pii keep`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.To, "to", "", "`PLACE` of the copy: sqlite:FILE")
	flags.StringSliceVar(&o.Shops, "shops", nil, "only these shops, by their `IDS`; default: all of the grant")
	flags.StringSliceVar(&o.Tables, "tables", nil, "only these `TABLES`, and those that they need")
	flags.StringVar(&o.Since, "since", "-90d", "how far back the copy goes, a `TIME` such as -90d")
	flags.StringVar(&o.People, "pii", peopleHash, "what becomes of people's data: `HASH-OR-KEEP`")
	flags.DurationVar(&o.Settle, "settle", sync.DefaultSettle, "leave changes that are younger than this `DURATION` for the next run")
	flags.IntVar(&o.Budget, "budget", sync.DefaultBudget, "`REQUESTS` per shop and day")
	flags.StringVar(&o.Raw, "raw", rawJSON, "keep the `JSON` that rows were made of: json or none")
	flags.BoolVar(&o.History, "history", false, "append each version of a row to TABLE_history")
	flags.BoolVar(&o.Sandbox, "sandbox", false, "copy the shops of a sandbox that is started for this")
	flags.IntVar(&o.Orders, "orders", 0, "with --sandbox, a `NUMBER` of further old orders in each shop")
	flags.BoolVar(&o.JSON, "json", false, "report in JSON")
	return cmd
}

// config checks the options.
func (o *syncOptions) config(sys *platform.Session, key []byte) (sync.Config, error) {
	config := sync.Config{
		Streams: o.Tables, Settle: o.Settle, Budget: o.Budget, Now: sys.Now,
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

func (o *syncOptions) check() error {
	if err := o.place.check(); err != nil {
		return err
	}
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

func (o *syncOptions) ground(ctx context.Context, sys *platform.Session) (*ground, error) {
	var g *ground
	var err error
	if o.Sandbox {
		g, err = sandboxGround(ctx, sys, o.Orders)
	} else {
		g, err = grantGround(ctx, sys)
	}
	if err != nil {
		return nil, err
	}
	if len(o.Shops) > 0 {
		var known []string
		for _, s := range g.sources {
			known = append(known, s.shop.ID)
		}
		for _, id := range o.Shops {
			if !slices.Contains(known, id) {
				return nil, errors.Join(console.Usagef("--shops %s: no grant reaches this shop; there are %s", id, strings.Join(known, ", ")), g.close())
			}
		}
		g.sources = slices.DeleteFunc(g.sources, func(s source) bool { return !slices.Contains(o.Shops, s.shop.ID) })
	}
	if len(g.sources) == 0 {
		return nil, errors.Join(errors.New("the grant covers no shops; ttshop shops --refresh asks the platform for them"), g.close())
	}
	return g, nil
}

func (o *syncOptions) run(ctx context.Context, sys *platform.Session) (err error) {
	if err := o.check(); err != nil {
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
	meter := newMeter(sys, o.JSON)
	config.Progress = meter.note
	engine, err := sync.New(ctx, to, config)
	if err != nil {
		return err
	}
	began := time.Now()
	reports, err := copyAll(ctx, engine, g.sources)
	meter.stop()
	elapsed := time.Since(began)
	if err != nil {
		return mending(err)
	}
	if err := o.summary(sys, g, reports, elapsed); err != nil {
		return err
	}
	for _, r := range reports {
		if r.err != nil || r.report.Err() != nil {
			return &console.ExitError{Code: console.ExitFailed}
		}
	}
	return nil
}

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
