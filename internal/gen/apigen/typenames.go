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

// buildTypes decides the types and enums of a domain and names them.
func (d *Domain) buildTypes(names *lock.Lock, over Overrides) error {
	taken := map[string]string{"Service": "the service", "New": "the constructor"}
	var classes []*class
	tops := map[*Operation][3]map[string]*slot{}
	for _, op := range d.typed() {
		taken[op.Name+"Params"] = op.Name
		taken[op.Name+"Result"] = op.Name
		var top [3]map[string]*slot
		top[0] = collect(op, true, "params", nil, op.Params, &classes)
		top[1] = collect(op, true, "body", nil, op.Body, &classes)
		top[2] = collect(op, false, "result", nil, op.Result, &classes)
		tops[op] = top
	}
	if err := (&sharer{d, classes, names, over}).share(); err != nil {
		return err
	}
	d.types = distinct(classes)
	d.embed()
	if err := d.nameTypes(taken, names, over); err != nil {
		return err
	}
	if err := d.buildEnums(taken, tops, names, over); err != nil {
		return err
	}
	for _, c := range d.types {
		if err := c.buildMembers(); err != nil {
			return fmt.Errorf("type %s: %w", c.name, err)
		}
	}
	for _, op := range d.typed() {
		if err := op.buildMembers(tops[op]); err != nil {
			return fmt.Errorf("%s: %w", op.Name, err)
		}
	}
	d.typeNames = map[*spec.Field]string{}
	for _, c := range d.types {
		for _, u := range c.uses {
			if !c.common {
				d.typeNames[u.field] = c.name
			}
		}
	}
	for _, e := range d.enums {
		for _, s := range e.slots {
			for _, f := range s.fields {
				d.typeNames[f.Leaf()] = e.goType()
			}
		}
	}
	slices.SortFunc(d.types, func(a, b *class) int { return cmp.Compare(a.name, b.name) })
	slices.SortFunc(d.enums, func(a, b *enum) int { return cmp.Compare(a.name, b.name) })
	return nil
}

// renamed returns the override for the name of c, or "".
func (d *Domain) renamed(c *class, over Overrides) string {
	for _, u := range c.uses {
		if rename, ok := over.Types[d.Name+" "+u.where()]; ok {
			return rename.Name
		}
	}
	return ""
}

// nameTypes gives every class its name: the nearest noun, with what is around it
// in front if that is taken. Answers choose before requests.
func (d *Domain) nameTypes(taken map[string]string, names *lock.Lock, over Overrides) error {
	for _, c := range d.types {
		c.chooseNoun(over)
		for _, u := range c.uses {
			if name := names.Name(c.key(u)); name != "" {
				c.name = name
			}
		}
		if c.name == "" && !c.common {
			c.name = d.renamed(c, over)
		}
		if c.name != "" {
			if other, ok := taken[c.name]; ok {
				return fmt.Errorf("type %s of %s is the name of %s", c.name, c.uses[0].where(), other)
			}
			taken[c.name] = c.uses[0].where()
		}
	}
	rivals := map[string]int{}
	for _, c := range d.types {
		if !c.response() {
			rivals[c.noun]++
		}
	}
	order := slices.Clone(d.types)
	slices.SortStableFunc(order, func(a, b *class) int {
		if a.response() != b.response() {
			return compareBool(a.response(), b.response())
		}
		if !a.response() {
			return cmp.Or(
				cmp.Compare(b.families(), a.families()),
				cmp.Compare(len(a.uses[0].nouns), len(b.uses[0].nouns)),
				compareRank(a, b),
			)
		}
		return compareRank(a, b)
	})
	for _, c := range order {
		if c.name != "" {
			continue
		}
		for _, name := range c.candidates(rivals[c.noun]) {
			if _, ok := taken[name]; !ok && len(name) <= maxName {
				c.name = name
				break
			}
		}
		if c.name == "" {
			return fmt.Errorf("no free name of %d characters for %s; give it one in the overrides (tried %v)", maxName, c.uses[0].where(), c.candidates(rivals[c.noun]))
		}
		taken[c.name] = c.uses[0].where()
	}
	for _, c := range d.types {
		for _, u := range c.uses {
			if err := names.Claim(c.key(u), c.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// key returns what the lock has the name of c under, by one of its uses.
func (c *class) key(u *use) string {
	kind := "type"
	if c.common {
		kind = "base"
	}
	return lock.Key(kind, u.op.Domain.Name, u.where())
}

// families returns the number of operations, dates aside, that use c.
func (c *class) families() int {
	families := map[string]bool{}
	for _, u := range c.uses {
		families[u.op.Family] = true
	}
	return len(families)
}

// compareRank sorts types by who gets a contested noun: one that others embed,
// that of the newest dates, then the larger one, then the one that more operations use.
func compareRank(a, b *class) int {
	x, y := a.uses[0], b.uses[0]
	return cmp.Or(
		compareBool(a.common, b.common),
		compareBool(x.op.newest(), y.op.newest()),
		cmp.Compare(len(b.slots), len(a.slots)),
		cmp.Compare(len(b.uses), len(a.uses)),
		cmp.Compare(x.where(), y.where()),
	)
}

// chooseNoun takes the words that the nouns of all uses end in: price of
// list_price and sale_price.
func (c *class) chooseNoun(over Overrides) {
	if hint, ok := over.Shapes[c.memberNames()]; ok {
		c.noun, c.full = hint.Name, hint.Name
		return
	}
	canon := c.uses[0]
	words := strings.Split(canon.noun(), "_")
	for _, u := range c.uses {
		for len(words) > 0 && !strings.HasSuffix("_"+u.noun(), "_"+strings.Join(words, "_")) {
			words = words[1:]
		}
	}
	c.noun = strings.Join(words, "_")
	if c.noun == "" {
		c.noun = canon.noun()
	}
	c.noun = canon.qualify(c.noun)
	c.full = canon.qualify(canon.noun())
}

// qualify puts the parent's noun before one that means nothing alone.
func (u *use) qualify(noun string) string {
	if slices.Contains(vague, noun) && len(u.nouns) > 1 {
		if parent := u.nouns[len(u.nouns)-2]; head(parent) != noun {
			return parent + "_" + noun
		}
	}
	return noun
}

// vague are nouns that mean nothing without what they belong to.
var vague = []string{
	"condition", "content", "data", "detail", "field", "info", "item", "limit", "option", "range", "result", "rule",
	"status", "template", "value",
}

// candidates returns the names for c, best first. rivals is the number of request
// types that want the same noun.
func (c *class) candidates(rivals int) []string {
	n := &namer{noun: naming.Exported(c.noun), full: naming.Exported(c.full), canon: c.uses[0]}
	if c.response() {
		return n.answer(c)
	}
	return n.request(c, rivals)
}

// A namer collects names for a type.
type namer struct {
	noun, full string // of the type; what all uses share, and of the first
	canon      *use   // the first use
	names      []string
}

// answer names a type of answers: by its noun, by what is around it, by what was
// done to it, and last by the operation.
func (n *namer) answer(c *class) []string {
	op := n.canon.op
	if c.base != nil {
		n.read(op)
	}
	n.names = append(n.names, n.noun, n.full)
	if !op.newest() {
		n.names = append(n.names, n.noun+"V"+op.Version, n.full+"V"+op.Version)
	}
	if c.memberNames() == "id" {
		n.names = append(n.names, n.noun+"Ref")
	}
	if c.families() > 1 && op.Write {
		n.names = append(n.names, n.noun+"Result")
	}
	if op.Paging != nil && n.canon.path == "result."+op.Paging.Items+"[]" {
		n.read(op)
	}
	n.parents("")
	if done, ok := participles[firstWord(op.Family)]; ok {
		n.add(done)
	}
	n.of(op.noun())
	n.of(op.pathNoun())
	n.verb(trimVerb(op.Family))
	n.verb(op.Family)
	n.parents(trimVerb(op.Family))
	n.verb(op.Name)
	n.parents(op.Name)
	n.read(op)
	return append(n.names, op.Family+n.noun, op.Name+n.noun, n.noun+"V"+op.Version)
}

// read adds what an operation that reads makes of the noun.
func (n *namer) read(op *Operation) {
	switch firstWord(op.Family) {
	case "Get":
		n.names = append(n.names, n.noun+"Detail")
	case "Search", "List":
		n.names = append(n.names, "Found"+n.noun)
	}
}

// request names a type of requests. One that several operations share, or that
// nothing else competes with, has its noun; the rest are named by the operation.
func (n *namer) request(c *class, rivals int) []string {
	op := n.canon.op
	shared := c.families() > 1
	if shared || rivals <= 1 {
		n.names = append(n.names, n.noun, n.full, n.noun+"Input", n.full+"Input")
	}
	if shared {
		n.parents("")
		for _, name := range n.names[4:] {
			n.names = append(n.names, name+"Input")
		}
	}
	if strings.HasSuffix(op.Family, n.noun) {
		n.names = append(n.names, n.noun+"Input")
	}
	n.verb(op.Family)
	n.parents(op.Family)
	if op.Name != op.Family {
		n.verb(op.Name)
	}
	n.verb(trimVerb(op.Family))
	n.of(op.noun())
	n.of(op.pathNoun())
	n.verb(op.Name)
	n.parents("")
	n.parents(op.Name)
	return append(n.names, n.noun, n.noun+"Input", op.Family+n.noun, op.Name+n.noun)
}

// add puts prefix before the noun, unless the noun begins with it: Order before
// OrderLine adds nothing.
func (n *namer) add(prefix string) {
	if !strings.HasPrefix(n.noun, prefix) {
		n.names = append(n.names, naming.Join(prefix, n.noun))
	}
}

// of puts a thing in front: the products of shop_products are each a ShopProduct.
func (n *namer) of(thing string) {
	if prefix := naming.Exported(thing); strings.HasSuffix(prefix, n.noun) {
		n.names = append(n.names, prefix)
	} else {
		n.add(prefix)
	}
}

// verb puts an operation in front, unless its name already has the noun.
func (n *namer) verb(operation string) {
	if !strings.HasSuffix(operation, n.noun) && !strings.HasSuffix(operation, n.noun+"s") {
		n.add(operation)
	}
}

// parents puts what the object lies in in front, the nearest first, and in front
// of that the prefix.
func (n *namer) parents(prefix string) {
	path := ""
	nouns := n.canon.nouns
	for _, noun := range slices.Backward(nouns[:len(nouns)-1]) {
		if parent := naming.Exported(noun); path == "" || !strings.HasSuffix(parent, path) {
			path = parent + path
		}
		n.add(prefix + path)
	}
}

// participles are what operations do to the things that their answers name.
var participles = map[string]string{
	"Activate": "Activated", "Add": "Added", "Cancel": "Cancelled", "Combine": "Combined", "Create": "Created",
	"Deactivate": "Deactivated", "Delete": "Deleted", "Edit": "Edited", "Generate": "Generated", "Import": "Imported",
	"Partial": "Edited", "Publish": "Published", "Recommend": "Recommended", "Recover": "Recovered", "Remove": "Removed",
	"Replicate": "Replicated", "Split": "Split", "Sync": "Synced", "Update": "Updated", "Upload": "Uploaded",
}

func firstWord(name string) string {
	word, _, _ := strings.Cut(naming.Snake(name), "_")
	return naming.Exported(word)
}

// trimVerb drops the verb Get or Search, which says nothing about an answer.
func trimVerb(family string) string {
	for _, verb := range []string{"Get", "Search"} {
		if rest, ok := strings.CutPrefix(family, verb); ok && rest != "" {
			return rest
		}
	}
	return family
}
