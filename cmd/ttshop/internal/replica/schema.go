package replica

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/postgres"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// schemaOptions are the options of ttshop sync schema.
type schemaOptions struct {
	place
	Dialect string
	Diff    bool
	Diagram bool
	Tables  []string
}

// The dialects of ttshop sync schema.
const (
	dialectSQLite   = "sqlite"
	dialectPostgres = "postgres"
)

// newSchemaCmd returns the command ttshop sync schema.
func newSchemaCmd(sys *platform.Session) *cobra.Command {
	var o schemaOptions
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Show the tables of a copy",
		Long: `Show the statements that make the tables. With --diff, show what the next
ttshop sync adds to a copy that an earlier version made; it exits with 1 where
that is something. With --diagram, show tables and keys as a diagram for
Mermaid, which GitHub and many editors draw.`,
		Example: "  ttshop sync schema --dialect postgres\n  ttshop sync schema --diagram --tables orders,returns\n  ttshop sync schema --diff --to sqlite:shop.db",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.Dialect, "dialect", dialectSQLite, "the `DATABASE` that the statements are for: sqlite or postgres")
	flags.BoolVar(&o.Diff, "diff", false, "show what a copy lacks; needs --to")
	o.add(flags)
	flags.BoolVar(&o.Diagram, "diagram", false, "show a diagram for Mermaid")
	flags.StringSliceVar(&o.Tables, "tables", nil, "only these `TABLES`, with their children")
	return cmd
}

func (o *schemaOptions) run(ctx context.Context, sys *platform.Session) error {
	if err := known(o.Tables); err != nil {
		return err
	}
	_, schema, err := sync.Streams()
	if err != nil {
		return err
	}
	var tables []*sync.Table
	for _, t := range schema.Tables {
		parent := t.Parent != nil && slices.Contains(o.Tables, t.Parent.Name)
		if len(o.Tables) == 0 || parent || slices.Contains(o.Tables, t.Name) {
			tables = append(tables, t)
		}
	}
	switch {
	case o.Diff:
		return o.diff(ctx, sys, tables)
	case o.Diagram:
		_, err := io.WriteString(sys.Out, diagram(tables))
		return err
	case o.Dialect != dialectSQLite && o.Dialect != dialectPostgres:
		return console.Usagef("--dialect %q: use %s or %s", o.Dialect, dialectSQLite, dialectPostgres)
	}
	var b strings.Builder
	for i, t := range tables {
		if i > 0 {
			b.WriteByte('\n')
		}
		if o.Dialect == dialectPostgres {
			b.WriteString(postgres.DDL(postgres.DefaultSchema, t, postgres.RawJSON))
		} else {
			b.WriteString(sqlite.DDL(t))
		}
	}
	_, err = io.WriteString(sys.Out, b.String())
	return err
}

// diff shows what a copy lacks.
func (o *schemaOptions) diff(ctx context.Context, sys *platform.Session, tables []*sync.Table) error {
	lacks := false
	err := o.inspect(ctx, func(d sync.Inspector, _ *sync.Schema) error {
		have, err := d.Columns(ctx)
		if err != nil {
			return err
		}
		var b strings.Builder
		for _, t := range tables {
			columns, ok := have[t.Name]
			if !ok {
				fmt.Fprintf(&b, "+ table %s\n", t.Name)
				continue
			}
			for _, c := range t.Columns {
				if _, ok := columns[c.Name]; !ok {
					fmt.Fprintf(&b, "+ column %s.%s, a %s\n", t.Name, c.Name, c.Type)
				}
			}
		}
		if lacks = b.Len() > 0; !lacks {
			b.WriteString("The copy has all tables and columns.\n")
		}
		_, err = io.WriteString(sys.Out, b.String())
		return err
	})
	if err == nil && lacks {
		return &console.ExitError{Code: console.ExitFailed}
	}
	return err
}

// diagram shows tables with their keys, and which belongs to which.
func diagram(tables []*sync.Table) string {
	var b strings.Builder
	b.WriteString("erDiagram\n")
	for _, t := range tables {
		fmt.Fprintf(&b, "  %s {\n    text shop_id PK\n", t.Name)
		for _, c := range t.Columns {
			if slices.Contains(t.Key, c.Name) {
				fmt.Fprintf(&b, "    %s %s PK\n", c.Type, c.Name)
			}
		}
		for _, c := range t.Columns {
			if !slices.Contains(t.Key, c.Name) && (strings.HasSuffix(c.Name, "_id") || c.Name == "status" || strings.HasSuffix(c.Name, "_time") && len(c.Path) == 1) {
				fmt.Fprintf(&b, "    %s %s\n", c.Type, c.Name)
			}
		}
		b.WriteString("  }\n")
	}
	for _, t := range tables {
		if t.Parent != nil {
			fmt.Fprintf(&b, "  %s ||--o{ %s : has\n", t.Parent.Name, t.Name)
		}
	}
	return b.String()
}
