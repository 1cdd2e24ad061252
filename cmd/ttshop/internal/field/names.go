package field

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/internal/names"
)

// Kebab returns a Go name the way commands are written: GetSKUList becomes
// get-sku-list.
func Kebab(name string) string { return names.Kebab(name) }

// Dashed returns a name of the API, such as page_size, the way flags and
// commands are written.
func Dashed(name string) string { return strings.ReplaceAll(name, "_", "-") }

// openDomain is the command of the domain open: ttshop open is another one.
const openDomain = "open-platform"

// DomainCommand returns the command of a domain such as return_refund.
func DomainCommand(domain string) string {
	if domain == "open" {
		return openDomain
	}
	return Dashed(domain)
}

// CommandDomain returns the domain of a command such as return-refund.
func CommandDomain(command string) string {
	if Dashed(command) == openDomain {
		return "open"
	}
	return strings.ReplaceAll(command, "-", "_")
}

// Family is an operation in all its versions.
type Family struct {
	Name     string          // without a version, such as GetOrderDetail
	Versions []catalog.Entry // the newest first, those that are raw only last
}

// Command returns what stands on the command line after ttshop.
func (f Family) Command() string { return DomainCommand(f.Versions[0].Domain) + " " + Kebab(f.Name) }

// Aliases returns the other words for the command of one of all the families of a
// domain: its name, its short name where no other family has that, and names that
// people guess.
func (f Family) Aliases(all []Family) []string {
	aliases := []string{f.Name}
	short := BaseName(f.Versions[0].GoName)
	taken := func(other Family) bool {
		return strings.EqualFold(other.Name, short) || other.Name < f.Name && BaseName(other.Versions[0].GoName) == short
	}
	if !slices.ContainsFunc(all, taken) {
		aliases = append(aliases, Kebab(short), short)
	}
	for _, guess := range f.guessed(all) {
		if !slices.Contains(aliases, guess) {
			aliases = append(aliases, guess)
		}
	}
	return aliases
}

// Short returns the line for lists of commands.
func (f Family) Short() string {
	short := Sentence(f.Versions[0].Summary)
	var marks []string
	for _, e := range f.Versions {
		if e.Sunset != "" {
			marks = append(marks, e.Version()+" ends "+e.Sunset)
		}
		if e.Raw {
			marks = append(marks, e.Version()+" raw only")
		}
	}
	if len(marks) > 0 {
		short += " (" + strings.Join(marks, ", ") + ")"
	}
	return short
}

// Version returns the entry of a dated version, the newest for the empty one.
func (f Family) Version(date string) (catalog.Entry, bool) {
	for _, e := range f.Versions {
		if date == "" || e.Version() == date {
			return e, true
		}
	}
	return catalog.Entry{}, false
}

// Dates returns the versions, the newest first.
func (f Family) Dates() []string {
	dates := make([]string, len(f.Versions))
	for i, e := range f.Versions {
		dates[i] = e.Version()
	}
	return dates
}

// Sentence returns a summary of the catalogue as a line of its own.
func Sentence(summary string) string { return names.Sentence(summary) }

// BaseName returns the name of an operation without the date that all but one
// of its versions carry.
func BaseName(name string) string { return names.Base(name) }

// Families returns the operations of a domain by name.
func Families(known *catalog.Catalog, domain string) []Family {
	var all []Family
	at := make(map[string]int)
	for _, e := range known.Operations(domain) {
		base := BaseName(e.Name)
		i, ok := at[base]
		if !ok {
			i = len(all)
			at[base] = i
			all = append(all, Family{Name: base})
		}
		all[i].Versions = append(all[i].Versions, e)
	}
	for _, f := range all {
		slices.SortFunc(f.Versions, names.CompareVersions)
	}
	slices.SortFunc(all, func(a, b Family) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// FamilyOf returns the family that an operation belongs to.
func FamilyOf(known *catalog.Catalog, e catalog.Entry) Family {
	for _, f := range Families(known, e.Domain) {
		if f.Name == BaseName(e.Name) {
			return f
		}
	}
	return Family{Name: e.Name, Versions: []catalog.Entry{e}}
}

// Lookup finds the operation that words name: a command such as "order
// get-order-list", a name such as order.GetOrderList, GetOrderList or
// order.Search, or a method and a path.
func Lookup(known *catalog.Catalog, words []string) (catalog.Entry, error) {
	if len(words) > 1 && Dashed(words[0]) == openDomain {
		words = append([]string{CommandDomain(words[0])}, words[1:]...)
	}
	text := strings.Join(words, " ")
	if method, path, ok := strings.Cut(text, " "); ok && strings.HasPrefix(path, "/") {
		if e, ok := known.Find(method, path); ok {
			return e, nil
		}
		return catalog.Entry{}, console.Usagef("the catalogue has no operation %s %s", strings.ToUpper(method), path)
	}
	plain := strings.NewReplacer(" ", ".", "/", ".", "-", "").Replace(strings.TrimPrefix(text, "ttshop "))
	if e, ok := known.ByName(plain); ok {
		return e, nil
	}
	if named := SameNames(known, plain); len(named) > 0 {
		return catalog.Entry{}, console.Usagef("%q is the name of operations in more than one domain%s", text, console.DidYouMean(named))
	}
	return catalog.Entry{}, console.Usagef("the catalogue has no operation %q%s\nttshop ops search WORDS finds operations", text, console.DidYouMean(CloseOperations(known, plain)))
}

// SameNames returns the commands of the operations that share a name.
func SameNames(known *catalog.Catalog, name string) []string {
	var commands []string
	for _, e := range known.Operations("") {
		if strings.EqualFold(e.Name, name) {
			commands = append(commands, Family{e.Name, []catalog.Entry{e}}.Command())
		}
	}
	return commands
}

// CloseOperations returns the commands of operations whose name is close to
// one that was given.
func CloseOperations(known *catalog.Catalog, name string) []string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	var keys []string
	commands := make(map[string]string)
	for _, e := range known.Operations("") {
		if base := BaseName(e.Name); base == e.Name {
			key := strings.ToLower(base)
			keys = append(keys, key)
			commands[key] = Family{base, []catalog.Entry{e}}.Command()
		}
	}
	var found []string
	for _, near := range console.Closest(strings.ToLower(name), keys) {
		found = append(found, commands[near])
	}
	return found
}

// CompleteOperation completes an operation as the command line has it: domain,
// then operation.
func CompleteOperation(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var words []string
	switch len(args) {
	case 0:
		for _, domain := range Domains() {
			words = append(words, DomainCommand(domain.Label)+"\t"+domain.Value)
		}
	case 1:
		for _, f := range Families(new(catalog.Catalog), CommandDomain(args[0])) {
			words = append(words, fmt.Sprintf("%s\t%s", Kebab(f.Name), f.Short()))
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}
