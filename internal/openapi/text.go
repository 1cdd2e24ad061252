package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
)

// textOf returns what is known of a field that no keyword of a schema carries.
func textOf(d *catalog.Description) string {
	if d == nil {
		return ""
	}
	all := []string{d.Text}
	if d.RequiredIf != "" {
		all = append(all, "Required if "+strings.TrimSuffix(d.RequiredIf, ".")+".")
	}
	if d.Unit != "" && d.Unit != "undocumented" {
		all = append(all, "Unit: "+d.Unit+".")
	}
	if d.Format != "" {
		all = append(all, "Format: "+d.Format+".")
	}
	if d.Sign != "" {
		all = append(all, d.Sign)
	}
	if d.Sum != "" {
		all = append(all, "Part of `"+d.Sum+"`.")
	}
	if len(d.Markets) > 0 {
		all = append(all, strings.Join(d.Markets, ", ")+" only.")
	}
	if d.Deprecated != "" {
		all = append(all, "Deprecated: "+d.Deprecated)
	}
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
}

// limitsText returns the limits of a field in requests that its keywords do not
// carry: the range of a number that is sent as text, and the default of a member
// of a body, since generators take one with a default for required.
func limitsText(same []*catalog.Field) string {
	f := same[0]
	for _, other := range same[1:] {
		if other.Default != f.Default || other.Min != f.Min || other.Max != f.Max {
			return ""
		}
	}
	var all []string
	if f.Type == catalog.String && f.Min != "" {
		all = append(all, "At least "+f.Min+".")
	}
	if f.Type == catalog.String && f.Max != "" {
		all = append(all, "At most "+f.Max+".")
	}
	if f.Default != "" && f.In == "" {
		all = append(all, "Default: `"+f.Default+"`.")
	}
	return strings.Join(all, " ")
}

// notesOf returns what surrounds a call, as paragraphs.
func notesOf(op *catalog.Operation) string {
	var paragraphs []string
	if op.Seen != "" {
		paragraphs = append(paragraphs, "Not in the official files of December 2025; seen in "+op.Seen+".")
	}
	if op.Raw {
		paragraphs = append(paragraphs, "Body and answer are left open: "+op.RawReason+".")
	}
	if n := op.Notes; n != nil {
		if n.Before != "" {
			paragraphs = append(paragraphs, "Before: "+n.Before)
		}
		if n.After != "" {
			paragraphs = append(paragraphs, "After: "+n.After)
		}
		if len(n.Webhooks) > 0 {
			paragraphs = append(paragraphs, "Webhooks: "+strings.Join(n.Webhooks, ", ")+".")
		}
	}
	if len(op.Scopes) > 0 {
		paragraphs = append(paragraphs, "Scopes: "+strings.Join(op.Scopes, ", ")+".")
	}
	return strings.Join(paragraphs, "\n\n")
}

// valuesText lists values with their meanings.
func valuesText(values []string, meanings map[string]string) string {
	var b strings.Builder
	b.WriteString("Known values; others may appear:\n")
	for _, v := range values {
		fmt.Fprintf(&b, "\n- `%s`", v)
		if text := meanings[v]; text != "" {
			b.WriteString(": " + text)
		}
	}
	return b.String()
}

// paragraphs joins those that are not empty.
func paragraphs(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "\n\n")
}

// advice returns what to do about each code that an operation lists.
func advice(known *catalog.Catalog, op *catalog.Operation) map[string]string {
	all := map[string]string{}
	for _, code := range op.Codes {
		meaning, _ := known.Code(code)
		all[fmt.Sprint(code)] = meaning.Fix
	}
	if op.Notes != nil {
		maps.Copy(all, op.Notes.Codes)
	}
	return all
}
