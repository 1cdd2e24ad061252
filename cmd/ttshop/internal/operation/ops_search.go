package operation

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

func newOpsSearchCmd(sys *platform.Session) *cobra.Command {
	var o opsOptions
	cmd := &cobra.Command{
		Use:   "search WORDS",
		Short: "Find operations by words",
		Long: `Find the operations that have every word in their name, path or summary, best
first. Words match from their beginning: "ord" finds orders.`,
		Example: "  ttshop ops search stock update\n  ttshop ops search refund --json",
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return console.Usagef("ttshop ops search takes words to look for")
			}
			return o.search(sys, strings.Join(args, " "))
		},
	}
	o.add(cmd)
	return cmd
}

func (o *opsOptions) search(sys *platform.Session, words string) error {
	known := new(catalog.Catalog)
	entries := known.Search(words)
	if o.JSON {
		return writeEntries(sys, entries)
	}
	var rows []console.Row
	shown := make(map[string]bool)
	for _, e := range entries {
		f := field.Family{Name: field.BaseName(e.Name), Versions: []catalog.Entry{e}}
		if command := f.Command(); !shown[command] {
			shown[command] = true
			rows = append(rows, console.Row{Label: command, Value: f.Short()})
		}
	}
	if len(rows) == 0 {
		fmt.Fprintf(sys.Err, "No operation has the words %q; fewer or shorter words find more.\n", words)
		return nil
	}
	var b strings.Builder
	WriteList(&b, rows, sys.Columns())
	_, err := fmt.Fprint(sys.Out, b.String())
	return err
}
