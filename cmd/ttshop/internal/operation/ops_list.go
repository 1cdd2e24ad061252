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

func newOpsListCmd(sys *platform.Session) *cobra.Command {
	var o opsOptions
	cmd := &cobra.Command{
		Use:   "list [DOMAIN]",
		Short: "List the operations, all or those of a domain",
		Long: `List the operations of a domain, or of all domains, by their commands. A
version that is marked "raw only" is known too little for named fields: call it
by its path, with ttshop call. --json lists each dated version.`,
		Example: "  ttshop ops list\n  ttshop ops list order\n  ttshop ops list return_refund --json",
		Args:    console.Takes(0, 1, "at most one domain"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return field.CompleteOperation(cmd, nil, typed)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			domain := ""
			if len(args) == 1 {
				domain = args[0]
			}
			return o.list(sys, domain)
		},
	}
	o.add(cmd)
	return cmd
}

func (o *opsOptions) list(sys *platform.Session, domain string) error {
	known := new(catalog.Catalog)
	domain = field.CommandDomain(domain)
	entries := known.Operations(domain)
	if len(entries) == 0 {
		return console.Usagef("there is no domain %q%s", domain, console.DidYouMean(console.Closest(domain, known.Domains())))
	}
	if o.JSON {
		return writeEntries(sys, entries)
	}
	var b strings.Builder
	paint := console.Painter(sys.Color)
	for i, name := range known.Domains() {
		if domain != "" && strings.ReplaceAll(name, "_", "") != strings.ReplaceAll(domain, "_", "") {
			continue
		}
		if domain == "" {
			if i > 0 {
				b.WriteByte('\n')
			}
			fmt.Fprintf(&b, "%s\n", paint.Bold(field.DomainCommand(name)))
		}
		var rows []console.Row
		for _, f := range field.Families(known, name) {
			rows = append(rows, console.Row{Label: field.Kebab(f.Name), Value: f.Short()})
		}
		WriteList(&b, rows, sys.Columns())
	}
	_, err := fmt.Fprint(sys.Out, b.String())
	return err
}
