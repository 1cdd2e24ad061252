package replica

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
)

// verifyOptions are the options of ttshop sync verify.
type verifyOptions struct {
	options
	Repair bool
}

// newVerifyCmd returns the command ttshop sync verify.
func newVerifyCmd(sys *platform.Session) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:     "verify",
		Aliases: []string{"check"},
		Short:   "Compare a copy with its source",
		Long: `Read the source again, up to a closed time, and compare each row with the
copy. A difference counts once a second look has confirmed it. The exit code is
0 where the copy is equal, 1 where it is not. What it costs in requests is said
first.

--repair replaces what differs by what the source has, and marks what the source
does not have as deleted.`,
		Example: `  ttshop sync verify --to sqlite:shop.db --tables orders --since -30d
  ttshop sync check --to sqlite:shop.db --repair`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.verify(cmd.Context(), sys, cmd.Flags().Changed("since"))
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	o.place.add(flags)
	o.addSource(flags)
	flags.BoolVar(&o.Repair, "repair", false, "replace what differs by what the source has")
	flags.StringVar(&o.People, "pii", peopleHash, "what became of people's data when it was copied: `HASH-OR-KEEP`")
	flags.BoolVar(&o.JSON, "json", false, "answer in JSON")
	return cmd
}

// shopComparison is what the comparison of a shop came to.
type shopComparison struct {
	Shop   string            `json:"shop"`
	Equal  bool              `json:"equal"`
	Tables []sync.Comparison `json:"tables"`
}

func (o *verifyOptions) verify(ctx context.Context, sys *platform.Session, sinceGiven bool) error {
	audit := sync.Audit{Streams: o.Tables, Repair: o.Repair}
	if sinceGiven {
		since, err := ago(o.Since)
		if err != nil {
			return console.Usagef("--since %q: %w", o.Since, err)
		}
		audit.Since = since
	}
	meter := newMeter(sys, true)
	return o.withEngine(ctx, sys, meter.note, func(g *ground, engine *sync.Engine, _ sync.Inspector) error {
		var all []shopComparison
		equal := true
		for _, s := range g.sources {
			cost, err := engine.Cost(ctx, s.shop, audit)
			if err != nil {
				return err
			}
			if !o.JSON {
				total := 0
				for _, n := range slices.Collect(maps.Values(cost)) {
					total += n
				}
				if _, err := fmt.Fprintf(sys.Out, "%s: %d to %d requests\n", nameOf(s.shop), total, 2*total); err != nil {
					return err
				}
			}
			tables, err := engine.Verify(ctx, s.shop, s.caller, audit)
			if err != nil {
				return mending(err)
			}
			c := shopComparison{s.shop.ID, true, tables}
			for i := range tables {
				c.Equal = c.Equal && tables[i].Equal()
			}
			equal = equal && c.Equal
			all = append(all, c)
			if !o.JSON {
				if _, err := fmt.Fprint(sys.Out, comparisonText(console.Painter(sys.Color), c)); err != nil {
					return err
				}
			}
		}
		if o.JSON {
			if err := console.WriteJSON(sys.Out, all); err != nil {
				return err
			}
		}
		if !equal {
			return &console.ExitError{Code: console.ExitFailed}
		}
		return nil
	})
}

// shownIDs is how many ids are shown of a table's differences.
const shownIDs = 5

func comparisonText(paint console.Painter, c shopComparison) string {
	var b strings.Builder
	b.WriteString(paint.Dim(fmt.Sprintf("%-24s%10s%10s%10s%10s%10s", "table", "source", "here", "missing", "surplus", "different")) + "\n")
	for _, t := range c.Tables {
		fmt.Fprintf(&b, "%-24s%10d%10d%10d%10d%10d\n", t.Stream, t.Source, t.Here, len(t.Missing), len(t.Surplus), len(t.Differ))
	}
	for _, t := range c.Tables {
		for _, kind := range []struct {
			name string
			ids  []string
		}{{"missing", t.Missing}, {"surplus", t.Surplus}, {"different", t.Differ}} {
			if n := len(kind.ids); n > 0 {
				text := strings.Join(kind.ids[:min(n, shownIDs)], ", ")
				if n > shownIDs {
					text += fmt.Sprintf(" and %d more", n-shownIDs)
				}
				fmt.Fprintf(&b, "%s %s: %s\n", paint.Red(kind.name+" in"), t.Stream, console.Printable(text))
			}
		}
		if t.Repaired > 0 {
			fmt.Fprintf(&b, "%s: %s repaired\n", t.Stream, console.Count(t.Repaired, "row"))
		}
		if t.Error != "" {
			fmt.Fprintf(&b, "%s %s: %s\n", paint.Red("failed:"), t.Stream, console.Printable(t.Error))
		}
	}
	if c.Equal {
		fmt.Fprintf(&b, "%s The copy is equal to the source.\n", paint.Green("✓"))
	}
	return b.String()
}
