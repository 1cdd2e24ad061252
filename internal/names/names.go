// Package names knows how the names of operations are made and ordered.
package names

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
)

// Kebab returns a Go name the way commands are written: GetSKUList becomes
// get-sku-list.
func Kebab(name string) string {
	upper := func(i int) bool { return i < len(name) && name[i] >= 'A' && name[i] <= 'Z' }
	plural := func(i int) bool { return i < len(name) && name[i] == 's' && (i+1 == len(name) || upper(i+1)) }
	var b strings.Builder
	for i := range len(name) {
		if i > 0 && upper(i) && (!upper(i-1) || i+1 < len(name) && !upper(i+1) && !plural(i+1)) {
			b.WriteByte('-')
		}
		b.WriteByte(name[i])
	}
	return strings.ToLower(b.String())
}

// Sentence returns a summary of the catalogue as a line of its own.
func Sentence(summary string) string {
	if summary == "" {
		return ""
	}
	return strings.ToUpper(summary[:1]) + strings.TrimSuffix(summary[1:], ".")
}

// Base returns the name of an operation without the date that all but one
// of its versions carry.
func Base(name string) string {
	const suffix = len("V202309")
	if len(name) > suffix && name[len(name)-suffix] == 'V' && strings.Trim(name[len(name)-suffix+1:], "0123456789") == "" {
		return name[:len(name)-suffix]
	}
	return name
}

// CompareVersions orders the versions of an operation: the newest first, those of
// which little is known last.
func CompareVersions(a, b catalog.Entry) int {
	if a.Raw != b.Raw {
		return map[bool]int{false: -1, true: 1}[a.Raw]
	}
	return cmp.Compare(b.Version(), a.Version())
}

// Newest returns each operation in its newest version, ordered by name.
func Newest(entries []catalog.Entry) []catalog.Entry {
	newest := make(map[string]catalog.Entry)
	for _, e := range entries {
		name := e.Domain + "." + Base(e.Name)
		if have, ok := newest[name]; !ok || CompareVersions(e, have) < 0 {
			newest[name] = e
		}
	}
	all := make([]catalog.Entry, 0, len(newest))
	for _, e := range newest {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b catalog.Entry) int {
		return cmp.Or(cmp.Compare(a.Domain, b.Domain), cmp.Compare(Base(a.Name), Base(b.Name)))
	})
	return all
}
