package replica

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
)

// newPlanCmd returns the command ttshop sync plan.
func newPlanCmd(sys *platform.Session) *cobra.Command {
	var o options
	var inbox bool
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Say what a copy would take",
		Long: `Ask the platform how much each table has and how much of it is new, and say how
many requests a copy would take: at first, and on each day from then on, with
--watch. Scopes that are missing are named. Nothing is stored.`,
		Example: "  ttshop sync plan --sandbox\n  ttshop sync plan --since -365d --tables orders,returns",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.adapt = func(c *sync.Config) { c.Hinted = inbox }
			return o.plan(cmd.Context(), sys)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	o.addSource(flags)
	flags.DurationVar(&o.Interval, "interval", sync.DefaultInterval, "the `DURATION` between turns")
	flags.BoolVar(&inbox, "inbox", false, "count what webhooks in an inbox lead to")
	flags.BoolVar(&o.JSON, "json", false, "answer in JSON")
	return cmd
}

// shopPlan is the plan of a shop.
type shopPlan struct {
	name   string
	Shop   string      `json:"shop"`
	Tables []sync.Plan `json:"tables"`
	First  int         `json:"first"`
	Daily  int         `json:"daily"`
	Budget int         `json:"budget"`
}

func (o *options) plan(ctx context.Context, sys *platform.Session) (err error) {
	if err := errors.Join(o.checkSource(), known(o.Tables)); err != nil {
		return err
	}
	g, err := o.ground(ctx, sys)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	config, err := o.config(sys, g.key)
	if err != nil {
		return err
	}
	if o.adapt != nil {
		o.adapt(&config)
	}
	planner, err := sync.NewPlanner(config)
	if err != nil {
		return err
	}
	var plans []shopPlan
	for _, s := range g.sources {
		tables, err := planner.Plan(ctx, s.shop, s.caller)
		if err != nil {
			return mending(err)
		}
		p := shopPlan{name: nameOf(s.shop), Shop: s.shop.ID, Tables: tables, Budget: o.Budget}
		for _, t := range tables {
			p.First += t.First
			p.Daily += t.Daily
		}
		plans = append(plans, p)
	}
	if o.JSON {
		return console.WriteJSON(sys.Out, plans)
	}
	return writePlans(sys.Out, console.Painter(sys.Color), plans)
}

// pace is how many requests a second a copy makes about: the platform grants more, and
// answers take a third of a second.
const pace = 3

func writePlans(w io.Writer, paint console.Painter, plans []shopPlan) error {
	var b strings.Builder
	for i, p := range plans {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s\n%s\n", paint.Bold(p.name), paint.Dim(fmt.Sprintf("%-24s%12s%16s%16s", "table", "rows", "requests first", "and on each day")))
		for _, t := range p.Tables {
			rows := "not known"
			if t.Rows >= 0 {
				rows = fmt.Sprint(t.Rows)
			}
			fmt.Fprintf(&b, "%-24s%12s%16d%16d\n", t.Stream, rows, t.First, t.Daily)
		}
		fmt.Fprintf(&b, "First %d requests, about %.1f hours at %d a second.\nThen %d a day, %.0f %% of the budget of %d.\n", p.First, float64(p.First)/pace/3600, pace, p.Daily, 100*float64(p.Daily)/float64(p.Budget), p.Budget)
		for _, t := range p.Tables {
			switch {
			case t.Missing != "":
				fmt.Fprintf(&b, "%s %s: the grant lacks %s\n", paint.Red("missing:"), t.Stream, console.Printable(t.Missing))
			case t.Error != "":
				fmt.Fprintf(&b, "%s %s: %s\n", paint.Red("failed:"), t.Stream, console.Printable(t.Error))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
