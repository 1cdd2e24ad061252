package cli

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
)

// kebab returns a Go name the way commands are written: GetSKUList becomes
// get-sku-list.
func kebab(name string) string {
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

// dashed returns a name of the API, such as page_size, the way flags and
// commands are written.
func dashed(name string) string { return strings.ReplaceAll(name, "_", "-") }

// family is an operation in all its versions.
type family struct {
	name     string          // of the Go method without a version, such as GetOrderDetail
	versions []catalog.Entry // the newest first
}

// command returns what stands on the command line after ttshop.
func (f family) command() string { return dashed(f.versions[0].Domain) + " " + kebab(f.name) }

// short returns the line for lists of commands.
func (f family) short() string { return sentence(f.versions[0].Summary) }

// version returns the entry of a dated version, the newest for the empty one.
func (f family) version(date string) (catalog.Entry, bool) {
	for _, e := range f.versions {
		if date == "" || e.Version() == date {
			return e, true
		}
	}
	return catalog.Entry{}, false
}

// dates returns the versions, the newest first.
func (f family) dates() []string {
	dates := make([]string, len(f.versions))
	for i, e := range f.versions {
		dates[i] = e.Version()
	}
	return dates
}

// sentence returns a summary of the catalogue as a line of its own.
func sentence(summary string) string {
	if summary == "" {
		return ""
	}
	return strings.ToUpper(summary[:1]) + strings.TrimSuffix(summary[1:], ".")
}

// baseName returns the name of an operation without the date that all but one
// of its versions carry.
func baseName(name string) string {
	const suffix = len("V202309")
	if len(name) > suffix && name[len(name)-suffix] == 'V' && strings.Trim(name[len(name)-suffix+1:], "0123456789") == "" {
		return name[:len(name)-suffix]
	}
	return name
}

// families returns the operations of a domain by name.
func families(known *catalog.Catalog, domain string) []family {
	var all []family
	at := make(map[string]int)
	for _, e := range known.Operations(domain) {
		base := baseName(e.Name)
		i, ok := at[base]
		if !ok {
			i = len(all)
			at[base] = i
			all = append(all, family{name: base})
		}
		all[i].versions = append(all[i].versions, e)
	}
	for _, f := range all {
		slices.SortFunc(f.versions, func(a, b catalog.Entry) int { return cmp.Compare(b.Version(), a.Version()) })
	}
	slices.SortFunc(all, func(a, b family) int { return cmp.Compare(a.name, b.name) })
	return all
}

// familyOf returns the family that an operation belongs to.
func familyOf(known *catalog.Catalog, e catalog.Entry) family {
	for _, f := range families(known, e.Domain) {
		if f.name == baseName(e.Name) {
			return f
		}
	}
	return family{name: e.Name, versions: []catalog.Entry{e}}
}

// lookup finds the operation that words name: a command such as "order
// get-order-list", a name such as order.GetOrderList or GetOrderList, or a
// method and a path.
func lookup(known *catalog.Catalog, words []string) (catalog.Entry, error) {
	text := strings.Join(words, " ")
	if method, path, ok := strings.Cut(text, " "); ok && strings.HasPrefix(path, "/") {
		if e, ok := known.Find(method, path); ok {
			return e, nil
		}
		return catalog.Entry{}, usagef("the catalogue has no operation %s %s", strings.ToUpper(method), path)
	}
	plain := strings.NewReplacer(" ", ".", "/", ".", "-", "").Replace(strings.TrimPrefix(text, "ttshop "))
	if e, ok := known.ByName(plain); ok {
		return e, nil
	}
	if named := sameNames(known, plain); len(named) > 0 {
		return catalog.Entry{}, usagef("%q is the name of operations in more than one domain%s", text, didYouMean(named))
	}
	return catalog.Entry{}, usagef("the catalogue has no operation %q%s\nttshop ops search WORDS finds operations", text, didYouMean(closeOperations(known, plain)))
}

// sameNames returns the commands of the operations that share a name.
func sameNames(known *catalog.Catalog, name string) []string {
	var commands []string
	for _, e := range known.Operations("") {
		if strings.EqualFold(e.Name, name) {
			commands = append(commands, family{e.Name, []catalog.Entry{e}}.command())
		}
	}
	return commands
}

// closeOperations returns the commands of operations whose name is close to
// one that was given.
func closeOperations(known *catalog.Catalog, name string) []string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	var names []string
	commands := make(map[string]string)
	for _, e := range known.Operations("") {
		if base := baseName(e.Name); base == e.Name {
			key := strings.ToLower(base)
			names = append(names, key)
			commands[key] = family{base, []catalog.Entry{e}}.command()
		}
	}
	var found []string
	for _, near := range closest(strings.ToLower(name), names) {
		found = append(found, commands[near])
	}
	return found
}
