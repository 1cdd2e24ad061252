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

// describeOptions are the options of ttshop ops describe.
type describeOptions struct {
	opsOptions
	Fields  []string
	Example bool
}

func newOpsDescribeCmd(sys *platform.Session) *cobra.Command {
	var o describeOptions
	cmd := &cobra.Command{
		Use:   "describe OPERATION",
		Short: "Show all that is known about an operation",
		Long: `Show all that the catalogue knows about an operation: method, path and versions,
scopes, ciphers, error codes, and each field of request and answer with its
type, values, limits and meaning. The operation is given as a command, a name,
the name that it has in Go, or a method and a path; a name with a date, such as
GetOrderDetailV202309, is that version.

--fields shows only some fields, by their path or the end of it, with what they
hold. --example shows a request that a sandbox accepts, with ids of its data,
and an answer.`,
		Example: `  ttshop ops describe order get-order-list
  ttshop ops describe GetOrderDetailV202309
  ttshop ops describe order.Search
  ttshop ops describe order get-order-detail --fields rts_time,orders.payment
  ttshop ops describe order get-order-list --example
  ttshop ops describe GET /authorization/202309/shops --json`,
		Args:              console.Takes(1, 3, "an operation"),
		ValidArgsFunction: field.CompleteOperation,
		RunE:              func(_ *cobra.Command, args []string) error { return o.describe(sys, args) },
	}
	o.add(cmd)
	flags := cmd.Flags()
	flags.StringSliceVar(&o.Fields, "fields", nil, "show only the fields at these `PATHS`, separated by commas")
	flags.BoolVar(&o.Example, "example", false, "show a request that the sandbox accepts, and an answer")
	_ = cmd.RegisterFlagCompletionFunc("fields", completeFields) // the flag exists
	return cmd
}

func (o *describeOptions) describe(sys *platform.Session, words []string) error {
	known := new(catalog.Catalog)
	entry, err := field.Lookup(known, words)
	if err != nil {
		return err
	}
	op, err := known.Explain(entry)
	if err != nil {
		return err
	}
	if o.Example {
		if len(o.Fields) > 0 {
			return console.Usagef("--example and --fields cannot be used together")
		}
		return showExample(sys, op, o.JSON)
	}
	if len(o.Fields) > 0 {
		if err := onlyFields(op, o.Fields); err != nil {
			return err
		}
	}
	if o.JSON {
		return console.WriteJSON(sys.Out, struct {
			entryJSON
			*catalog.Operation
		}{newEntryJSON(entry), op})
	}
	return writeDescription(sys, op, field.FamilyOf(known, entry))
}

// writeDescription writes all that is known about an operation, for people.
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
		{Label: "Go", Value: op.GoFullName()},
		{Label: "version", Value: op.Version() + others(f.Dates(), op.Version())},
		{Label: "writes", Value: yesNo(op.Write)},
	}
	add := func(label, value string) {
		if value != "" {
			rows = append(rows, console.Row{Label: label, Value: value})
		}
	}
	if end := op.End; end != nil {
		add("ends", end.Date+" ("+end.Source+", grade "+end.Grade+")")
		add("successor", end.Successor)
	}
	if op.Seen != "" {
		add("seen in", op.Seen+"; not in the official files of December 2025")
	}
	if op.Raw {
		add("raw only", op.RawReason+"; call it by its path")
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

// others names the other versions of the family.
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
