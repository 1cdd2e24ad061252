package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/catalog"
)

// fieldFlag is a flag for a field of an operation; it implements pflag.Value.
// What its texts mean is looked at when the request is built.
type fieldFlag struct {
	name   string // of the flag
	field  *catalog.Field
	param  bool // the field is in path or query
	member bool // the field is in the body
	texts  []string
}

// fieldFlags returns a flag for each field of the operation: those of the path,
// then those that are required, then the others. A name that stands both in
// the query and in the body is one flag.
func fieldFlags(op *catalog.Operation) []*fieldFlag {
	var all []*fieldFlag
	byName := make(map[string]*fieldFlag)
	add := func(f *catalog.Field, member bool) {
		flag := byName[f.Name]
		if flag == nil {
			flag = &fieldFlag{name: dashed(f.Name), field: f}
			byName[f.Name] = flag
			all = append(all, flag)
		}
		flag.param, flag.member = flag.param || !member, flag.member || member
	}
	for _, wanted := range []func(*catalog.Field) bool{
		func(f *catalog.Field) bool { return f.In == "path" },
		func(f *catalog.Field) bool { return f.Required },
		func(*catalog.Field) bool { return true },
	} {
		for i := range op.Params {
			if f := &op.Params[i]; wanted(f) {
				add(f, false)
			}
		}
		for i := range op.Body {
			if f := &op.Body[i]; wanted(f) {
				add(f, true)
			}
		}
	}
	return all
}

func (f *fieldFlag) add(flags *pflag.FlagSet, op *catalog.Operation) {
	flag := flags.VarPF(f, f.name, "", f.usage(op))
	if f.field.Type == catalog.Boolean {
		flag.NoOptDefVal = "true"
	}
}

// usage returns the line about the flag.
func (f *fieldFlag) usage(op *catalog.Operation) string {
	const mostValues = 12
	about := *f.field
	made := "" // what happens to a field that the command fills in
	switch {
	case op.Paging != nil && f.field.Name == afterColon(op.Paging.Size):
		made = "otherwise " + strconv.Itoa(pageSize(f.field, false, 0))
		about.Default = ""
	case op.IdempotencyKey != "" && f.field.Name == afterColon(op.IdempotencyKey):
		made = "otherwise a fresh one"
	}
	about.Required = about.Required && made == ""
	words := facts(&about, mostValues)
	if f.isList() {
		words = append(words, "values parted by commas")
	}
	if made != "" {
		words = append(words, made)
	}
	return strings.Join(words, "; ")
}

// afterColon returns the name in a place of the catalogue such as
// query:page_size.
func afterColon(place string) string {
	_, name, _ := strings.Cut(place, ":")
	return name
}

// isList reports whether the flag takes values parted by commas.
func (f *fieldFlag) isList() bool { return f.field.Type == catalog.Array && !f.readsFiles() }

// readsFiles reports whether the flag takes JSON, which may stand in a file.
func (f *fieldFlag) readsFiles() bool {
	switch f.field.Type {
	case catalog.Object:
		return true
	case catalog.Array:
		return f.field.Items == nil || f.field.Items.Type == catalog.Object || f.field.Items.Type == catalog.Array
	}
	return false
}

// Set implements pflag.Value. A flag for a list can be repeated.
func (f *fieldFlag) Set(text string) error {
	if f.field.Type != catalog.Array {
		f.texts = nil
	}
	f.texts = append(f.texts, text)
	return nil
}

// String implements pflag.Value.
func (f *fieldFlag) String() string { return strings.Join(f.texts, ",") }

// Type implements pflag.Value: what the help text shows after the flag.
func (f *fieldFlag) Type() string {
	switch {
	case f.field.Type == catalog.Boolean:
		return "bool"
	case f.field.Type == catalog.File:
		return "FILE"
	case f.field.Kind == catalog.KindUnix, f.field.Kind == catalog.KindUnixMilli:
		return "TIME"
	case f.field.Kind == catalog.KindDecimal:
		return "AMOUNT"
	case f.field.Type == catalog.Integer, f.field.Type == catalog.Number:
		return "NUMBER"
	case f.readsFiles():
		return "JSON"
	case f.isList():
		return "LIST"
	case len(f.field.Enum) > 0:
		return "VALUE"
	}
	return "TEXT"
}

// given reports whether the command line has the flag.
func (f *fieldFlag) given() bool { return f.texts != nil }

// value returns the JSON value that the flag gives.
func (f *fieldFlag) value(in *inputs, now time.Time) (any, error) {
	var list []any
	for _, text := range f.texts {
		if f.readsFiles() {
			b, err := in.body("--"+f.name, text)
			if err != nil {
				return nil, err
			}
			text = string(b)
		}
		value, err := parseField(f.field, text, now)
		if err != nil {
			return nil, usagef("--%s: %w", f.name, err)
		}
		more, ok := value.([]any)
		if !ok {
			return value, nil
		}
		list = append(list, more...)
	}
	if list == nil {
		list = []any{} // not null
	}
	return list, nil
}

// queryText returns a value as it stands in a path or query.
func queryText(value any) string {
	if list, ok := value.([]any); ok {
		parts := make([]string, len(list))
		for i, item := range list {
			parts[i] = queryText(item)
		}
		return strings.Join(parts, ",")
	}
	return fmt.Sprint(value)
}
