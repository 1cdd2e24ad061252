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
	fields     map[string]bool // wire names of all fields
	typeNames  map[*spec.Field]string
}

// TypeName returns the name of the type that d has for f, an object or a string
// with known values; it is empty for all else.
func (d *Domain) TypeName(f *spec.Field) string { return d.typeNames[f] }

// An Operation becomes one method.
type Operation struct {
	*spec.Operation
	Domain *Domain
	Name   string // GetOrderDetailV202309
	Family string // GetOrderDetail: the name without its date
	// Siblings are the other dates of the operation, newest first.
	Siblings []*Operation
	Summary  string // in our words; may be empty

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
	Types      map[string]Rename  `json:"types"`      // by domain, space, location
	Enums      map[string]Rename  `json:"enums"`      // by domain, space, location
	Shapes     map[string]Rename  `json:"shapes"`     // by the names of the members, joined by commas
	Summaries  map[string]string  `json:"-"`          // by operation key
	Examples   map[string]Example `json:"-"`          // by domain
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
		domain := &Domain{Name: d.Name, Package: strings.ReplaceAll(d.Name, "_", "")}
		if err := domain.nameOperations(d, names, over); err != nil {
			return nil, fmt.Errorf("domain %s: %w", d.Name, err)
		}
		if err := domain.buildTypes(names, over); err != nil {
			return nil, fmt.Errorf("domain %s: %w", d.Name, err)
		}
		domain.nameFields()
		api.Domains = append(api.Domains, domain)
	}
	return api, nil
}

// nameOperations names the operations of one domain. Those of one title are one
// family: the newest has the bare name unless an older one was published with it.
func (d *Domain) nameOperations(from *spec.Domain, names *lock.Lock, over Overrides) error {
	families := map[string][]*Operation{}
	for _, s := range from.Operations {
		op := &Operation{Operation: s, Domain: d, Family: naming.Operation(s.Title), Summary: over.Summaries[s.Key()]}
		if rename, ok := over.Operations[d.Name+" "+s.Title]; ok {
			op.Family = rename.Name
		}
		d.Operations = append(d.Operations, op)
		families[op.Family] = append(families[op.Family], op)
	}
	taken := map[string]*Operation{}
	for _, op := range d.Operations {
		if name := names.Name(lock.Key("operation", d.Name, op.Key())); name != "" {
			op.Name = name
			taken[name] = op
		}
	}
	for _, family := range families {
		slices.SortFunc(family, func(a, b *Operation) int {
			return cmp.Or(cmp.Compare(b.Version, a.Version), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
		})
		for _, op := range family {
			for _, name := range []string{op.Family, op.Family + "V" + op.Version} {
				if op.Name == "" && taken[name] == nil {
					op.Name = name
					taken[name] = op
				}
			}
			if op.Name == "" {
				return fmt.Errorf("%s: the name %s and its dated form are taken", op.Key(), op.Family)
			}
			if err := names.Claim(lock.Key("operation", d.Name, op.Key()), op.Name); err != nil {
				return err
			}
			for _, other := range family {
				if other != op {
					op.Siblings = append(op.Siblings, other)
				}
			}
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
	words := strings.Split(naming.Snake(op.Family), "_")
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
