package operation

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// onlyFields leaves only the fields at some paths in an operation, with their
// members and the objects that they are in. A path may be the end of a longer one, so that
// rts_time is orders.rts_time. An unknown one is an error.
func onlyFields(op *catalog.Operation, paths []string) error {
	var known []string
	unmet := make(map[string]bool)
	for _, path := range paths {
		unmet[strings.TrimSpace(path)] = true
	}
	names := func(at string) bool {
		found := false
		for _, path := range paths {
			if path = strings.TrimSpace(path); path != "" && (at == path || strings.HasSuffix(at, "."+path)) {
				delete(unmet, path)
				found = true
			}
		}
		return found
	}
	var filter func(fields []catalog.Field, parent string) []catalog.Field
	filter = func(fields []catalog.Field, parent string) []catalog.Field {
		var kept []catalog.Field
		for i := range fields {
			f := fields[i]
			at := strings.TrimPrefix(parent+"."+f.Name, ".")
			known = append(known, at)
			members := filter(field.MembersOf(&f), at)
			switch {
			case names(at):
				kept = append(kept, f)
			case len(members) > 0:
				kept = append(kept, withMembers(f, members))
			}
		}
		return kept
	}
	op.Params, op.Body, op.Result = filter(op.Params, ""), filter(op.Body, ""), filter(op.Result, "")
	for _, path := range paths {
		if path = strings.TrimSpace(path); unmet[path] {
			return console.Usagef("--fields: %s has no field %q; ttshop ops describe shows all of them%s", op.FullName(), path, console.DidYouMean(closePaths(path, known)))
		}
	}
	return nil
}

// withMembers returns a copy of a field, or of an array of objects, with other
// members.
func withMembers(f catalog.Field, members []catalog.Field) catalog.Field {
	if f.Type == catalog.Array && f.Items != nil {
		items := withMembers(*f.Items, members)
		f.Items = &items
		return f
	}
	f.Fields = members
	return f
}

// closePaths returns the paths that a mistyped one may have meant: those close
// to it, or whose last name is close to its last.
func closePaths(path string, known []string) []string {
	if near := console.Closest(path, known); len(near) > 0 {
		return near
	}
	last := func(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }
	lasts := make([]string, len(known))
	for i, at := range known {
		lasts[i] = last(at)
	}
	var found []string // all that end so: which one was meant is not known
	for _, name := range console.Closest(last(path), lasts) {
		for i, at := range known {
			if lasts[i] == name && !slices.Contains(found, at) {
				found = append(found, at)
			}
		}
	}
	return found
}

// completeFields completes the last of the paths of --fields, each with what
// the field means.
func completeFields(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	const alone = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	known := new(catalog.Catalog)
	entry, err := field.Lookup(known, args)
	if err != nil {
		return nil, alone
	}
	op, err := known.Explain(entry)
	if err != nil {
		return nil, alone
	}
	head := typed[:strings.LastIndexByte(typed, ',')+1]
	var words []string
	var walk func(fields []catalog.Field, parent string)
	walk = func(fields []catalog.Field, parent string) {
		for i := range fields {
			at := strings.TrimPrefix(parent+"."+fields[i].Name, ".")
			words = append(words, console.Suggestion(head+at, field.About(&fields[i])))
			walk(field.MembersOf(&fields[i]), at)
		}
	}
	walk(op.Params, "")
	walk(op.Body, "")
	walk(op.Result, "")
	return words, alone
}
