// Package apigen writes the Go packages below api from the spec: it gives every
// operation, object and enum its Go name, decides which shapes share a type and
// prints the source.
package apigen

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/internal/gen/lock"
	"github.com/ttshop-go/ttshop/internal/gen/naming"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// maxName is the maximum length of a type name.
const maxName = 40

// An API is the whole API with its Go names.
type API struct {
	Examples map[string]Example // by domain
	Domains  []*Domain
}

// A Domain becomes one package.
type Domain struct {
	Name       string // as in the path: customer_service
	Package    string // customerservice
	Operations []*Operation
	types      []*class
	enums      []*enum
	fields     map[string]bool   // wire names of all fields
	foreign    map[string]string // methods of other domains, by the official names of their operations
	typeNames  map[*spec.Field]string
	fills      map[string]Fill
	codes      []namedCode
}

// TypeName returns the name of the type that d has for f, an object or a string
// with known values, as the package of d writes it; it is empty for all else.
func (d *Domain) TypeName(f *spec.Field) string { return d.typeNames[f] }

// An Operation becomes one method.
type Operation struct {
	*spec.Operation
	Domain   *Domain
	Official string // name in the catalogue, after the title: GetOrderDetailV202309
	Name     string // name of the Go method: GetV202309
	Family   string // Get: the name without its date
	// Siblings are the other dates of the operation, newest first.
	Siblings []*Operation
	// Dates are the other operations of its title, newest first.
	Dates   []*Operation
	Summary string // in our words; may be empty

	official string // GetOrderDetail

	params []*member
	result []*member
}

// Link returns the address of the official page.
func (op *Operation) Link() string {
	return "https://partner.tiktokshop.com/docv2/page/" + naming.Kebab(op.Title) + "-" + op.Version
}

// Overrides are the hand-written names and sentences.
type Overrides struct {
	Operations map[string]Rename  `json:"operations"` // by domain, space, title
	Methods    Methods            `json:"-"`
	Types      map[string]Rename  `json:"types"`  // by domain, space, location
	Enums      map[string]Rename  `json:"enums"`  // by domain, space, location
	Shapes     map[string]Rename  `json:"shapes"` // by the names of the members, joined by commas
	Fills      map[string]Fill    `json:"-"`      // by method and path without date, space, parameter
	Summaries  map[string]string  `json:"-"`      // by operation key
	Examples   map[string]Example `json:"-"`      // by domain
}

// A Rename is a name and the reason for it.
type Rename struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// New names everything in domains. Names that the lock holds are kept, new ones
// are claimed there.
func New(domains []*spec.Domain, names *lock.Lock, over Overrides) (*API, error) {
	api := &API{Examples: over.Examples}
	for _, d := range domains {
		domain := &Domain{Name: d.Name, Package: strings.ReplaceAll(d.Name, "_", ""), fills: over.Fills}
		if err := domain.nameOperations(d, names, over); err != nil {
			return nil, fmt.Errorf("domain %s: %w", d.Name, err)
		}
		if err := domain.buildTypes(names, over); err != nil {
			return nil, fmt.Errorf("domain %s: %w", d.Name, err)
		}
		api.Domains = append(api.Domains, domain)
	}
	api.nameForeign()
	for _, d := range api.Domains {
		d.nameFields()
	}
	return api, nil
}

// Methods are the rules and the choices for the names of Go methods.
type Methods struct {
	Domains map[string]naming.MethodRule `json:"domains"`
	Names   map[string]Rename            `json:"names"` // by domain, space, official name without its date
}

// nameOperations gives the operations of one domain the names that the catalogue
// and the methods have for them.
func (d *Domain) nameOperations(from *spec.Domain, names *lock.Lock, over Overrides) error {
	for _, s := range from.Operations {
		op := &Operation{Operation: s, Domain: d, official: naming.Operation(s.Title), Summary: over.Summaries[s.Key()]}
		if rename, ok := over.Operations[d.Name+" "+s.Title]; ok {
			op.official = rename.Name
		}
		op.Family = over.Methods.Domains[d.Name].Method(op.official, op.Path)
		if choice, ok := over.Methods.Names[d.Name+" "+op.official]; ok {
			op.Family = choice.Name
		}
		d.Operations = append(d.Operations, op)
	}
	err := d.date("operation", names, func(op *Operation) string { return op.official }, func(op *Operation, name string, others []*Operation) {
		op.Official, op.Dates = name, others
	})
	if err != nil {
		return err
	}
	err = d.date("method", names, func(op *Operation) string { return op.Family }, func(op *Operation, name string, others []*Operation) {
		op.Name, op.Siblings = name, others
	})
	if err != nil {
		return err
	}
	for _, op := range d.Operations {
		if !naming.Verb(op.Family) {
			return fmt.Errorf("%s: the method %s begins with no verb; give it a name in spec/overrides/methods.json", op.Key(), op.Family)
		}
		for _, other := range op.Siblings {
			if other.official != op.official && undated(other.Path) != undated(op.Path) {
				return fmt.Errorf("%s and %s are both %s; name one of them in spec/overrides/methods.json", op.Key(), other.Key(), op.Family)
			}
		}
	}
	return nil
}

// date names the operations that share the name of a family: the newest has it
// alone unless an older one was published with it, and the rest carry their date.
func (d *Domain) date(kind string, names *lock.Lock, family func(*Operation) string, set func(op *Operation, name string, others []*Operation)) error {
	families := map[string][]*Operation{}
	taken := map[string]bool{}
	for _, op := range d.Operations {
		families[family(op)] = append(families[family(op)], op)
		taken[names.Name(lock.Key(kind, d.Name, op.Key()))] = true
	}
	for base, members := range families {
		slices.SortFunc(members, func(a, b *Operation) int {
			return cmp.Or(cmp.Compare(b.Version, a.Version), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
		})
		for i, op := range members {
			key := lock.Key(kind, d.Name, op.Key())
			name := names.Name(key)
			for _, free := range []string{base, base + "V" + op.Version} {
				if name == "" && !taken[free] {
					name = free
				}
			}
			if name == "" {
				return fmt.Errorf("%s: the name %s and its dated form are taken", op.Key(), base)
			}
			taken[name] = true
			if err := names.Claim(key, name); err != nil {
				return err
			}
			set(op, name, slices.Delete(slices.Clone(members), i, i+1))
		}
	}
	return nil
}

// typed returns the operations that become methods: all but those of which too
// little is known.
func (d *Domain) typed() []*Operation {
	return slices.DeleteFunc(slices.Clone(d.Operations), func(op *Operation) bool { return op.Raw != "" })
}

// newest reports whether no sibling of op is newer.
func (op *Operation) newest() bool {
	return !slices.ContainsFunc(op.typedSiblings(), func(s *Operation) bool { return s.Version > op.Version })
}

// noun returns what the operation is about in snake case: the items of its
// pages, or its name without the verb.
func (op *Operation) noun() string {
	if op.Paging != nil && op.Paging.Items != "" {
		return naming.Singular(lastSegment(op.Paging.Items))
	}
	words := strings.Split(naming.Snake(op.official), "_")
	if words[0] == "gs" || words[0] == "global" {
		return op.pathNoun()
	}
	if len(words) > 2 && words[0] == "partial" {
		words = words[1:]
	}
	if len(words) > 1 {
		words = words[1:]
	}
	for len(words) > 1 && slices.Contains([]string{"list", "detail", "details", "info"}, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return naming.Singular(strings.Join(words, "_"))
}

func lastSegment(path string) string {
	return path[strings.LastIndexByte(path, '.')+1:]
}

// pathVerbs are the last path segments that say what to do rather than to what.
var pathVerbs = []string{
	"activate", "add", "approve", "batch", "bind_local_products", "calculate", "callback", "combine", "confirm", "deactivate",
	"deliver", "diagnose_optimize", "enable", "filter", "generate", "generate_batch", "global_replicate", "identify", "import",
	"link", "listing_check", "optimize", "partial_edit", "pin", "publish", "query", "read", "recommend", "recover", "reject",
	"research", "review", "schedule", "search", "ship", "single_query", "split", "standardize", "sync", "top", "uncombine",
	"unpin", "update", "upload",
}

// pathNoun returns the singular of the last segment of the path that is neither a
// parameter nor a verb.
func (op *Operation) pathNoun() string {
	segments := strings.Split(op.Path, "/")
	for _, s := range slices.Backward(segments) {
		if !strings.HasPrefix(s, "{") && !slices.Contains(pathVerbs, s) {
			return naming.Singular(s)
		}
	}
	return ""
}
