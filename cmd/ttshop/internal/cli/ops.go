package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
)

func newOpsCmd(sys *System) *cobra.Command {
	cmd := group(&cobra.Command{
		Use:   "ops",
		Short: "Find and describe operations",
		Long: `List, search and describe the operations of the API. All of it is in the
command: no network is used.`,
	})
	cmd.AddCommand(newOpsListCmd(sys), newOpsSearchCmd(sys), newOpsDescribeCmd(sys))
	return cmd
}

// opsOptions are the options of the commands below ttshop ops.
type opsOptions struct{ JSON bool }

func (o *opsOptions) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON")
}

func newOpsListCmd(sys *System) *cobra.Command {
	var o opsOptions
	cmd := &cobra.Command{
		Use:   "list [DOMAIN]",
		Short: "List the operations, all or those of a domain",
		Long: `List the operations of a domain, or of all. Each is shown by its command; --json
tells each dated version.`,
		Example: "  ttshop ops list\n  ttshop ops list order\n  ttshop ops list return_refund --json",
		Args:    takes(0, 1, "at most one domain"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return completeOperation(cmd, nil, typed)
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

func (o *opsOptions) list(sys *System, domain string) error {
	known := new(catalog.Catalog)
	domain = strings.ReplaceAll(domain, "-", "_")
	entries := known.Operations(domain)
	if len(entries) == 0 {
		return usagef("there is no domain %q%s", domain, didYouMean(closest(domain, known.Domains())))
	}
	if o.JSON {
		return writeEntries(sys, entries)
	}
	var b strings.Builder
	paint := painter(sys.Color)
	for i, name := range known.Domains() {
		if domain != "" && strings.ReplaceAll(name, "_", "") != strings.ReplaceAll(domain, "_", "") {
			continue
		}
		if domain == "" {
			if i > 0 {
				b.WriteByte('\n')
			}
			fmt.Fprintf(&b, "%s\n", paint.bold(dashed(name)))
		}
		var rows []row
		for _, f := range families(known, name) {
			rows = append(rows, row{kebab(f.name), f.short()})
		}
		writeList(&b, rows, sys.columns())
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
	command := "ttshop " + family{baseName(e.Name), []catalog.Entry{e}}.command()
	if baseName(e.Name) != e.Name {
		command += " --api-version " + e.Version()
	}
	return entryJSON{e.FullName(), e.Domain, e.Version(), e.Method, e.Path, sentence(e.Summary) + ".", command}
}

func writeEntries(sys *System, entries []catalog.Entry) error {
	list := make([]entryJSON, len(entries))
	for i, e := range entries {
		list[i] = newEntryJSON(e)
	}
	return writeJSON(sys.Out, list)
}

func newOpsSearchCmd(sys *System) *cobra.Command {
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
				return usagef("ttshop ops search takes words to look for")
			}
			return o.search(sys, strings.Join(args, " "))
		},
	}
	o.add(cmd)
	return cmd
}

func (o *opsOptions) search(sys *System, words string) error {
	known := new(catalog.Catalog)
	entries := known.Search(words)
	if o.JSON {
		return writeEntries(sys, entries)
	}
	var rows []row
	shown := make(map[string]bool)
	for _, e := range entries {
		f := family{baseName(e.Name), []catalog.Entry{e}}
		if command := f.command(); !shown[command] {
			shown[command] = true
			rows = append(rows, row{command, f.short()})
		}
	}
	if len(rows) == 0 {
		fmt.Fprintf(sys.Err, "No operation has the words %q; fewer or shorter words find more.\n", words)
		return nil
	}
	var b strings.Builder
	writeList(&b, rows, sys.columns())
	_, err := fmt.Fprint(sys.Out, b.String())
	return err
}

// writeList writes names and texts in two columns, the texts wrapped. A name
// that is too long for its column has a line of its own.
func writeList(b *strings.Builder, rows []row, columns int) {
	const indent, most = 2, 32
	longest := 0
	for _, r := range rows {
		if n := len(r.label); n <= most {
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
		b.WriteString(strings.Repeat(" ", indent) + r.label)
		if r.value == "" {
			b.WriteByte('\n')
			continue
		}
		if len(r.label) > longest {
			b.WriteString("\n" + strings.Repeat(" ", start))
		} else {
			b.WriteString(strings.Repeat(" ", start-indent-len(r.label)))
		}
		b.WriteString(strings.Join(wrap(strings.Fields(r.value), " ", columns-start), "\n"+strings.Repeat(" ", start)))
		b.WriteByte('\n')
	}
}

func newOpsDescribeCmd(sys *System) *cobra.Command {
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
		Args:              takes(1, 3, "an operation"),
		ValidArgsFunction: completeOperation,
		RunE:              func(_ *cobra.Command, args []string) error { return o.describe(sys, args) },
	}
	o.add(cmd)
	return cmd
}

func (o *opsOptions) describe(sys *System, words []string) error {
	known := new(catalog.Catalog)
	entry, err := lookup(known, words)
	if err != nil {
		return err
	}
	op, err := known.Explain(entry)
	if err != nil {
		return err
	}
	if o.JSON {
		return writeJSON(sys.Out, struct {
			entryJSON
			*catalog.Operation
		}{newEntryJSON(entry), op})
	}
	return writeDescription(sys, op, familyOf(known, entry))
}

// writeDescription writes all that is known of an operation, for people.
func writeDescription(sys *System, op *catalog.Operation, f family) error {
	var b strings.Builder
	paint := painter(sys.Color)
	fmt.Fprintf(&b, "%s\n", paint.bold(op.FullName()))
	for _, line := range wrap(strings.Fields(sentence(op.Summary)+"."), " ", sys.columns()) {
		b.WriteString(line + "\n")
	}
	fmt.Fprintf(&b, "\n%s %s\n\n", op.Method, op.Path)
	rows := []row{
		{"command", newEntryJSON(op.Entry).Command},
		{"version", op.Version() + others(f.dates(), op.Version())},
		{"writes", yesNo(op.Write)},
	}
	add := func(label, value string) {
		if value != "" {
			rows = append(rows, row{label, value})
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
	if err := writeRows(&b, paint, rows); err != nil {
		return err
	}
	writeNotes(&b, paint, op.Notes, sys.columns())
	for _, part := range []struct {
		title  string
		fields []catalog.Field
	}{{"Parameters", op.Params}, {"Body", op.Body}, {"Answer", op.Result}} {
		if len(part.fields) > 0 {
			fmt.Fprintf(&b, "\n%s\n", paint.bold(part.title))
			writeFields(&b, paint, part.fields, 1, sys.columns())
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
func writeFields(b *strings.Builder, paint painter, fields []catalog.Field, depth, columns int) {
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
		for _, fact := range facts(withoutValues(f, explained), 1000) {
			text += ", " + fact
		}
		start := len(indent) + max(column, len(f.Name)) + 2
		lines := wrap(strings.Fields(text), " ", max(columns-start, 30))
		b.WriteString(indent + paint.bold(f.Name) + strings.Repeat(" ", start-len(indent)-len(f.Name)))
		b.WriteString(strings.Join(lines, "\n"+strings.Repeat(" ", start)) + "\n")
		writeMeaning(b, f, start, columns)
		writeFields(b, paint, membersOf(f), depth+1, columns)
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
