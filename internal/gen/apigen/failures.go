package apigen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
	"github.com/ttshop-go/ttshop/internal/partial"
)

// itemError is the one type of the root package for the failures of items.
const itemError = "ttshop.ItemError"

// failure reports whether u is an entry of a list of failures, or lies in one.
func (u *use) failure() bool {
	return slices.ContainsFunc(partial.Lists(), func(list string) bool {
		at := "result." + list + "[]"
		return u.path == at || strings.HasPrefix(u.path, at+".")
	})
}

// hidden reports whether c is a part of failures only, for which the root package
// has a type.
func (c *class) hidden() bool {
	return !slices.ContainsFunc(c.uses, func(u *use) bool { return !u.failure() })
}

// shown returns the types of d that its package declares.
func (d *Domain) shown() []*class {
	return slices.DeleteFunc(slices.Clone(d.types), (*class).hidden)
}

// printFailed prints the method Failed of an answer that tells what failed.
func (op *Operation) printFailed(w *writer) {
	var parts []string
	for _, m := range op.result {
		if slices.Contains(partial.Parts(), m.wire) {
			parts = append(parts, "r."+m.name)
		}
	}
	if parts == nil {
		return
	}
	w.comment("Failed returns nil or the items that failed although the call succeeded, as [ttshop.ItemErrors].")
	w.printf("func (r *%sResult) Failed() error {\n\treturn ttshop.FailedItems(op%s.Name, %s)\n}\n\n", op.Name, op.Name, strings.Join(parts, ", "))
}

// fails reports whether an answer tells what failed.
func (op *Operation) fails() bool {
	return slices.ContainsFunc(op.result, func(m *member) bool { return slices.Contains(partial.Parts(), m.wire) })
}

// failureIDs returns the sentence about the ids that failures in s name.
func (s *slot) failureIDs() string {
	var names []string
	entry := s.fields[0].Object()
	for _, f := range entry.Fields {
		inner := []*spec.Field{f}
		if f.Name == "detail" {
			inner = f.Fields
		}
		for _, f := range inner {
			if f.Type == catalog.String && f.Name != "code" && f.Name != "message" && f.Name != "fail_reason" {
				names = append(names, `"`+f.Name+`"`)
			}
		}
	}
	if names == nil {
		return ""
	}
	slices.Sort(names)
	return fmt.Sprintf("Their IDs have %s.", enumerate(names))
}

// failures reports whether a slot holds failures of items.
func (s *slot) failures() bool {
	return s.object != nil && s.find().hidden() && len(s.find().uses[0].nouns) == 1
}
