package spec

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
)

// A Change is one difference between two specs.
type Change struct {
	Op   string // '+' added, '-' removed, '~' changed
	What string
}

// Diff compares two specs: operations, fields with their types, enum values.
// A new or removed operation is reported once, without its fields.
func Diff(from, to []*Domain) []Change {
	was, is := index(from), index(to)
	var changes []Change
	for _, key := range union(was, is) {
		a, b := was[key], is[key]
		switch {
		case a == nil:
			changes = append(changes, Change{"+", key + " (" + b.Title + ")"})
		case b == nil:
			changes = append(changes, Change{"-", key + " (" + a.Title + ")"})
		default:
			changes = append(changes, diffOperation(key, a, b)...)
		}
	}
	return changes
}

func diffOperation(key string, a, b *Operation) []Change {
	var changes []Change
	if a.Title != b.Title {
		changes = append(changes, Change{"~", fmt.Sprintf("%s title %s → %s", key, a.Title, b.Title)})
	}
	if (a.Sunset == nil) != (b.Sunset == nil) || a.Sunset != nil && *a.Sunset != *b.Sunset {
		changes = append(changes, Change{"~", key + " sunset"})
	}
	if a.Seen != b.Seen || a.Raw != b.Raw {
		changes = append(changes, Change{"~", key + " evidence"})
	}
	was, is := fieldsByPath(a), fieldsByPath(b)
	for _, path := range union(was, is) {
		f, g := was[path], is[path]
		switch {
		case f == nil:
			changes = append(changes, Change{"+", key + " " + path + " " + g.typeString()})
			continue
		case g == nil:
			changes = append(changes, Change{"-", key + " " + path + " " + f.typeString()})
			continue
		}
		if f.typeString() != g.typeString() {
			changes = append(changes, Change{"~", fmt.Sprintf("%s %s type %s → %s", key, path, f.typeString(), g.typeString())})
		}
		if f.Required != g.Required {
			changes = append(changes, Change{"~", fmt.Sprintf("%s %s required %t → %t", key, path, f.Required, g.Required)})
		}
		for _, v := range f.Leaf().Enum {
			if !slices.Contains(g.Leaf().Enum, v) {
				changes = append(changes, Change{"-", key + " " + path + " value " + v})
			}
		}
		for _, v := range g.Leaf().Enum {
			if !slices.Contains(f.Leaf().Enum, v) {
				changes = append(changes, Change{"+", key + " " + path + " value " + v})
			}
		}
	}
	return changes
}

// Report writes the changes, one a line, with their count.
func Report(w io.Writer, changes []Change) error {
	count := map[string]int{}
	var b strings.Builder
	for _, c := range changes {
		count[c.Op]++
		b.WriteString(c.Op + " " + c.What + "\n")
	}
	if _, err := fmt.Fprintf(w, "%s%d added, %d removed, %d changed\n", b.String(), count["+"], count["-"], count["~"]); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func (f *Field) typeString() string {
	if f.Type == catalog.Array {
		return "[]" + f.Items.typeString()
	}
	parts := []string{string(f.Type)}
	if f.Format != "" {
		parts = append(parts, f.Format)
	}
	if f.Kind != "" {
		parts = append(parts, string(f.Kind))
	}
	return strings.Join(parts, " ")
}

func index(domains []*Domain) map[string]*Operation {
	ops := map[string]*Operation{}
	for _, d := range domains {
		for _, op := range d.Operations {
			ops[op.Key()] = op
		}
	}
	return ops
}

func fieldsByPath(op *Operation) map[string]*Field {
	fields := map[string]*Field{}
	op.WalkAll(func(path string, f *Field) { fields[path] = f })
	return fields
}

func union[V any](a, b map[string]V) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.Compact(keys)
}
