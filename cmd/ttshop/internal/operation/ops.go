package operation

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// NewOpsCmd returns the command ttshop ops.
func NewOpsCmd(sys *platform.Session) *cobra.Command {
	cmd := console.Group(&cobra.Command{
		Use:   "ops",
		Short: "Find and describe operations",
		Long: `List, search and describe the operations of the API. All of it is in the
command: no network is used.`,
	})
	cmd.AddCommand(newOpsListCmd(sys), newOpsSearchCmd(sys), newOpsDescribeCmd(sys), newOpsOpenAPICmd(sys))
	return cmd
}

// opsOptions are the options of the commands below ttshop ops.
type opsOptions struct{ JSON bool }

func (o *opsOptions) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON")
}

func newOpsListCmd(sys *platform.Session) *cobra.Command {
	var o opsOptions
	cmd := &cobra.Command{
		Use:   "list [DOMAIN]",
		Short: "List the operations, all or those of a domain",
		Long: `List the operations of a domain, or of all. Each is shown by its command; --json
tells each dated version.`,
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
	domain = strings.ReplaceAll(domain, "-", "_")
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
			fmt.Fprintf(&b, "%s\n", paint.Bold(field.Dashed(name)))
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

// entryJSON is an operation as machines get it from lists.
type entryJSON struct {
	Name    string `json:"name"`
	Domain  string `json:"domain"`
	Version string `json:"version"`
	Method  string `json:"method"`
	Path    string `json:"path"`
	Summary string `json:"summary"`
	Command string `json:"command"`
}

func newEntryJSON(e catalog.Entry) entryJSON {
	command := "ttshop " + field.Family{Name: field.BaseName(e.Name), Versions: []catalog.Entry{e}}.Command()
	if field.BaseName(e.Name) != e.Name {
		command += " --api-version " + e.Version()
	}
	return entryJSON{e.FullName(), e.Domain, e.Version(), e.Method, e.Path, field.Sentence(e.Summary) + ".", command}
}

func writeEntries(sys *platform.Session, entries []catalog.Entry) error {
	list := make([]entryJSON, len(entries))
	for i, e := range entries {
		list[i] = newEntryJSON(e)
	}
	return console.WriteJSON(sys.Out, list)
}

func newOpsSearchCmd(sys *platform.Session) *cobra.Command {
	var o opsOptions
	cmd := &cobra.Command{
		Use:   "search WORDS",
		Short: "Find operations by words",
		Long: `Find the operations that have every word in their name, path or summary, the
best first. Words match from their beginning: "ord" finds orders.`,
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

// WriteList writes names and texts in two columns, the texts wrapped. A name
// that is too long for its column has a line of its own.
func WriteList(b *strings.Builder, rows []console.Row, columns int) {
	const indent, most = 2, 32
	longest := 0
	for _, r := range rows {
		if n := len(r.Label); n <= most {
			longest = max(longest, n)
		}
	}
	if columns < 2*most { // a narrow terminal: the text goes below
		longest = 2
	}
	if longest == 0 {
		longest = most
	}
	start := indent + longest + 2
	for _, r := range rows {
		b.WriteString(strings.Repeat(" ", indent) + r.Label)
		if r.Value == "" {
			b.WriteByte('\n')
			continue
		}
		if len(r.Label) > longest {
			b.WriteString("\n" + strings.Repeat(" ", start))
		} else {
			b.WriteString(strings.Repeat(" ", start-indent-len(r.Label)))
		}
		b.WriteString(strings.Join(console.Wrap(strings.Fields(r.Value), " ", columns-start), "\n"+strings.Repeat(" ", start)))
		b.WriteByte('\n')
	}
}

func newOpsDescribeCmd(sys *platform.Session) *cobra.Command {
	var o opsOptions
	cmd := &cobra.Command{
		Use:   "describe OPERATION",
		Short: "Tell all that is known of an operation",
		Long: `Tell all that the catalogue knows of an operation: method, path and versions,
scopes, ciphers, error codes, and each field of request and answer with its
type, values, limits and meaning. The operation is given as a command, a name,
or a method and a path; a name with a date, such as GetOrderDetailV202309, is
that version.`,
		Example: `  ttshop ops describe order get-order-list
  ttshop ops describe GetOrderDetailV202309
  ttshop ops describe GET /authorization/202309/shops --json`,
		Args:              console.Takes(1, 3, "an operation"),
		ValidArgsFunction: field.CompleteOperation,
		RunE:              func(_ *cobra.Command, args []string) error { return o.describe(sys, args) },
	}
	o.add(cmd)
	return cmd
}

func (o *opsOptions) describe(sys *platform.Session, words []string) error {
	known := new(catalog.Catalog)
	entry, err := field.Lookup(known, words)
	if err != nil {
		return err
	}
	op, err := known.Explain(entry)
	if err != nil {
		return err
	}
	if o.JSON {
		return console.WriteJSON(sys.Out, struct {
			entryJSON
			*catalog.Operation
		}{newEntryJSON(entry), op})
	}
	return writeDescription(sys, op, field.FamilyOf(known, entry))
}

// writeDescription writes all that is known of an operation, for people.
func writeDescription(sys *platform.Session, op *catalog.Operation, f field.Family) error {
	var b strings.Builder
	paint := console.Painter(sys.Color)
	fmt.Fprintf(&b, "%s\n", paint.Bold(op.FullName()))
	for _, line := range console.Wrap(strings.Fields(field.Sentence(op.Summary)+"."), " ", sys.Columns()) {
		b.WriteString(line + "\n")
	}
	fmt.Fprintf(&b, "\n%s %s\n\n", op.Method, op.Path)
	rows := []console.Row{
		{Label: "command", Value: newEntryJSON(op.Entry).Command},
		{Label: "version", Value: op.Version() + others(f.Dates(), op.Version())},
		{Label: "writes", Value: yesNo(op.Write)},
	}
	add := func(label, value string) {
		if value != "" {
			rows = append(rows, console.Row{Label: label, Value: value})
		}
	}
	add("scopes", strings.Join(op.Scopes, ", "))
	add("shop cipher", string(op.ShopCipher))
	add("asset cipher", string(op.AssetCipher))
	if op.Paging != nil {
		add("pages", "of "+op.Paging.Items+", by "+strings.ReplaceAll(op.Paging.Token, ":", " "))
	}
	add("idempotency", strings.ReplaceAll(op.IdempotencyKey, ":", " "))
	add("body", string(op.BodyType))
	codes := make([]string, len(op.Codes))
	for i, code := range op.Codes {
		codes[i] = strconv.Itoa(code)
	}
	add("error codes", strings.Join(codes, ", "))
	add("page", op.Page)
	if err := console.WriteRows(&b, paint, rows); err != nil {
		return err
	}
	writeNotes(&b, paint, op.Notes, sys.Columns())
	for _, part := range []struct {
		title  string
		fields []catalog.Field
	}{{"Parameters", op.Params}, {"Body", op.Body}, {"Answer", op.Result}} {
		if len(part.fields) > 0 {
			fmt.Fprintf(&b, "\n%s\n", paint.Bold(part.title))
			writeFields(&b, paint, part.fields, 1, sys.Columns())
		}
	}
	_, err := fmt.Fprint(sys.Out, b.String())
	return err
}

// others names the versions besides one.
func others(dates []string, date string) string {
	var rest []string
	for _, d := range dates {
		if d != date {
			rest = append(rest, d)
		}
	}
	if len(rest) == 0 {
		return ""
	}
	return "; there are also " + strings.Join(rest, ", ")
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// writeFields writes fields as a tree.
func writeFields(b *strings.Builder, paint console.Painter, fields []catalog.Field, depth, columns int) {
	const longest = 24 // names that others line up with
	indent, column := strings.Repeat("  ", depth), 0
	for _, f := range fields {
		if len(f.Name) <= longest {
			column = max(column, len(f.Name))
		}
	}
	for i := range fields {
		f := &fields[i]
		text := typeOf(f)
		if f.In != "" {
			text += ", " + f.In
		}
		explained := f.Description != nil && len(f.Description.Values) > 0
		for _, fact := range field.Facts(withoutValues(f, explained), 1000) {
			text += ", " + fact
		}
		start := len(indent) + max(column, len(f.Name)) + 2
		lines := console.Wrap(strings.Fields(text), " ", max(columns-start, 30))
		b.WriteString(indent + paint.Bold(f.Name) + strings.Repeat(" ", start-len(indent)-len(f.Name)))
		b.WriteString(strings.Join(lines, "\n"+strings.Repeat(" ", start)) + "\n")
		writeMeaning(b, f, start, columns)
		writeFields(b, paint, field.MembersOf(f), depth+1, columns)
	}
}

// typeOf names the type of a field: string, integer of Unix seconds, array of
// objects.
func typeOf(f *catalog.Field) string {
	switch {
	case f.Type == catalog.Array && f.Items != nil:
		return "array of " + typeOf(f.Items)
	case f.Kind == catalog.KindUnix:
		return string(f.Type) + " (Unix seconds)"
	case f.Kind == catalog.KindUnixMilli:
		return string(f.Type) + " (Unix milliseconds)"
	case f.Kind == catalog.KindDecimal:
		return string(f.Type) + " (decimal amount)"
	}
	return string(f.Type)
}
