package field

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// Flag is a flag for a field of an operation; it implements pflag.Value.
// Its texts are parsed when the request is built.
type Flag struct {
	Name   string // of the flag
	Field  *catalog.Field
	Param  bool // the field is in path or query
	Member bool // the field is in the body
	Texts  []string
}

// Flags returns a flag for each field of the operation: those of the path,
// then those that are required, then the others. A name that is both in
// the query and in the body is one flag.
func Flags(op *catalog.Operation) []*Flag {
	var all []*Flag
	byName := make(map[string]*Flag)
	add := func(f *catalog.Field, member bool) {
		flag := byName[f.Name]
		if flag == nil {
			flag = &Flag{Name: Dashed(f.Name), Field: f}
			byName[f.Name] = flag
			all = append(all, flag)
		}
		flag.Param, flag.Member = flag.Param || !member, flag.Member || member
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

// Add binds the flag of a field.
func (f *Flag) Add(flags *pflag.FlagSet, op *catalog.Operation) {
	flag := flags.VarPF(f, f.Name, "", f.usage(op))
	if f.Field.Type == catalog.Boolean {
		flag.NoOptDefVal = "true"
	}
}

// usage returns the line about the flag.
func (f *Flag) usage(op *catalog.Operation) string {
	const mostValues = 12
	about := *f.Field
	made := "" // what happens to a field that the command fills in
	switch {
	case op.Paging != nil && f.Field.Name == AfterColon(op.Paging.Size):
		made = "by default " + strconv.Itoa(PageSize(f.Field, false, 0))
		about.Default = ""
	case op.IdempotencyKey != "" && f.Field.Name == AfterColon(op.IdempotencyKey):
		made = "by default a new one"
	}
	about.Required = about.Required && made == ""
	words := Facts(&about, mostValues)
	if f.IsList() {
		words = append(words, "comma-separated values")
	}
	if IsDate(f.Field) {
		words = append(words, "such as 2026-01-31, or -7d")
	}
	if made != "" {
		words = append(words, made)
	}
	return strings.Join(words, "; ")
}

// AfterColon returns the name in a place of the catalogue such as
// query:page_size.
func AfterColon(place string) string {
	_, name, _ := strings.Cut(place, ":")
	return name
}

// IsList reports whether the flag takes comma-separated values.
func (f *Flag) IsList() bool { return f.Field.Type == catalog.Array && !f.ReadsFiles() }

// ReadsFiles reports whether the flag takes JSON, which may stand in a file.
func (f *Flag) ReadsFiles() bool {
	switch f.Field.Type {
	case catalog.Object:
		return true
	case catalog.Array:
		return f.Field.Items == nil || f.Field.Items.Type == catalog.Object || f.Field.Items.Type == catalog.Array
	}
	return false
}

// Set implements pflag.Value. A flag for a list can be repeated.
func (f *Flag) Set(text string) error {
	if f.Field.Type != catalog.Array {
		f.Texts = nil
	}
	f.Texts = append(f.Texts, text)
	return nil
}

// String implements pflag.Value.
func (f *Flag) String() string { return strings.Join(f.Texts, ",") }

// Type implements pflag.Value: what the help text shows after the flag.
func (f *Flag) Type() string {
	switch {
	case f.Field.Type == catalog.Boolean:
		return "bool"
	case f.Field.Type == catalog.File:
		return "FILE"
	case f.Field.Kind == catalog.KindUnix, f.Field.Kind == catalog.KindUnixMilli:
		return "TIME"
	case IsDate(f.Field):
		return "DATE"
	case f.Field.Kind == catalog.KindDecimal:
		return "AMOUNT"
	case f.Field.Type == catalog.Integer, f.Field.Type == catalog.Number:
		return "NUMBER"
	case f.ReadsFiles():
		return "JSON"
	case f.IsList():
		return "LIST"
	case len(f.Field.Enum) > 0:
		return "VALUE"
	}
	return "TEXT"
}

// Given reports whether the command line has the flag.
func (f *Flag) Given() bool { return f.Texts != nil }

// Value returns the JSON value that the flag gives.
func (f *Flag) Value(in *Inputs, now time.Time) (any, error) {
	var list []any
	for _, text := range f.Texts {
		if f.ReadsFiles() {
			b, err := in.Body("--"+f.Name, text)
			if err != nil {
				return nil, err
			}
			text = string(b)
		}
		value, err := ParseField(f.Field, text, now)
		if err != nil {
			return nil, console.Usagef("--%s: %w", f.Name, err)
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

// QueryText returns a value as it stands in a path or query.
func QueryText(value any) string {
	if list, ok := value.([]any); ok {
		parts := make([]string, len(list))
		for i, item := range list {
			parts[i] = QueryText(item)
		}
		return strings.Join(parts, ",")
	}
	return fmt.Sprint(value)
}

// Complete returns the known values of the field, with what they mean where
// described, the same field, has a description.
func (f *Flag) Complete(typed string, described *catalog.Field) []string {
	if f.IsList() {
		return CompleteLast(typed, Suggestions(described))
	}
	return Suggestions(described)
}

// CompleteLast completes the last of comma-separated values.
func CompleteLast(typed string, values []string) []string {
	head := typed[:strings.LastIndexByte(typed, ',')+1]
	whole := make([]string, len(values))
	for i, value := range values {
		whole[i] = head + value
	}
	return whole
}

// PageSize returns the size of pages that suits a walk up to limit items, 0
// for all, or a single page. Where the catalogue knows no limit it is one that
// every operation takes.
func PageSize(f *catalog.Field, walking bool, limit int) int {
	const usual, unknown = 20, 10
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0 // the catalogue tells none
		}
		return n
	}
	most, size := number(f.Max), number(f.Default)
	switch {
	case len(f.Enum) > 0 && (walking || size == 0):
		size = number(f.Enum[0])
		for _, value := range f.Enum {
			if walking {
				size = max(size, number(value))
			}
		}
		return size // no other is taken, not even a smaller one
	case walking && most > 0:
		size = most
	case size > 0:
	case most > 0:
		size = min(usual, most)
	default:
		size = unknown
	}
	if walking && limit > 0 {
		size = min(size, limit)
	}
	return max(size, number(f.Min))
}
