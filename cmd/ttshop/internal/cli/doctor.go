package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// doctorOptions are the options of ttshop doctor.
type doctorOptions struct {
	Operations []string
	JSON       bool
}

func newDoctorCmd(sys *platform.Session) *cobra.Command {
	var o doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor [OPERATION...]",
		Short: "Check everything that calls need, and say how to fix it",
		Long: `Check configuration, secrets, credentials, token, network, clock and shop, one
line each, and say how to fix what is wrong. If operations are named, the scopes
and the shop that they need are checked, too. One call that lists the shops is
sent; nothing is changed, except that a token that is due is refreshed. The exit
code is 1 if something is wrong.`,
		Example: `  ttshop doctor
  ttshop doctor order.GetOrderList 'product search-products' --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Operations = args
			return o.run(cmd.Context(), sys)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON")
	return cmd
}

// finding is the outcome of a check.
type finding struct {
	Name   string `json:"name"`
	Status string `json:"status"` // ok, warning, failed or skipped
	Text   string `json:"text"`
	Fix    string `json:"fix,omitempty"`
}

// The outcomes.
const (
	checkOK      = "ok"
	checkWarning = "warning"
	checkFailed  = "failed"
	checkSkipped = "skipped"
)

func (o *doctorOptions) run(ctx context.Context, sys *platform.Session) error {
	var known catalog.Catalog
	operations := make([]*catalog.Operation, len(o.Operations))
	for i, name := range o.Operations {
		entry, err := field.Lookup(&known, strings.Fields(name))
		if err != nil {
			return err
		}
		if operations[i], err = known.Describe(entry); err != nil {
			return err
		}
	}
	d := &doctor{sys: sys, in: &field.Inputs{Stdin: sys.In}, say: func(finding) {}}
	if !o.JSON {
		d.say = func(f finding) { f.write(sys) }
	}
	d.examine(ctx, operations)
	if err := ctx.Err(); err != nil {
		return err
	}
	failed := 0
	for _, f := range d.findings {
		if f.Status == checkFailed {
			failed++
		}
	}
	if o.JSON {
		if err := console.WriteJSON(sys.Out, struct {
			OK     bool      `json:"ok"`
			Checks []finding `json:"checks"`
		}{failed == 0, d.findings}); err != nil {
			return err
		}
	}
	switch {
	case failed > 0 && o.JSON:
		return &console.ExitError{Code: console.ExitFailed, Err: nil}
	case failed > 0:
		return fmt.Errorf("%s failed", console.Count(failed, "check"))
	}
	return nil
}

// checkColumn is the width of the names of checks.
const checkColumn = 12

// write writes the outcome for people, on one line if it fits.
func (f finding) write(sys *platform.Session) {
	paint := console.Painter(sys.Color)
	mark := map[string]string{checkOK: paint.Green("✓"), checkWarning: "!", checkFailed: paint.Red("✗"), checkSkipped: paint.Dim("-")}[f.Status]
	indent := strings.Repeat(" ", checkColumn+2)
	columns := sys.Columns() - len(indent)
	text := strings.Join(console.Wrap(strings.Fields(console.Printable(f.Text)), " ", columns), "\n"+indent)
	fmt.Fprintf(sys.Out, "%s %-*s%s\n", mark, checkColumn, f.Name, text)
	if f.Fix != "" {
		fix := console.Wrap(strings.Fields(console.Printable("→ "+f.Fix)), " ", columns-2)
		fmt.Fprintf(sys.Out, "%s%s\n", indent, strings.Join(fix, "\n"+indent+"  "))
	}
}
