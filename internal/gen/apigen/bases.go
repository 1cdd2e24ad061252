package apigen

import (
	"slices"

	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// A base is worth a type of its own if it has this many members, and this share of
// those of every type that embeds it.
const (
	baseMembers = 12
	baseShare   = 0.85
)

// embed gives answers that show the same thing, but not all the same of it, an
// embedded type with what they have in common: an order as a search finds it and
// in full. It is worth it where one program meets several of them, those that the
// newest dates of different operations answer with.
func (d *Domain) embed() {
	var clusters [][]*class
	for _, c := range d.types {
		if c.request() || c.hidden() {
			continue
		}
		found := false
		for i, cluster := range clusters {
			if cluster[0].uses[0].noun() == c.uses[0].noun() && worthBase(append(slices.Clone(cluster), c)) {
				clusters[i] = append(cluster, c)
				found = true
				break
			}
		}
		if !found {
			clusters = append(clusters, []*class{c})
		}
	}
	for _, cluster := range clusters {
		if newestFamilies(cluster) > 1 {
			d.types = append(d.types, newBase(cluster))
		}
	}
}

// newestFamilies returns how many operations answer with a type of the cluster in
// their newest date, each type counted once.
func newestFamilies(cluster []*class) int {
	n := 0
	for _, c := range cluster {
		if slices.ContainsFunc(c.uses, func(u *use) bool { return u.op.newest() }) {
			n++
		}
	}
	return n
}

// inCommon returns the names of the members that all classes have, of one type.
func inCommon(cluster []*class) []string {
	var names []string
	for _, name := range sortedKeys(cluster[0].slots) {
		first := cluster[0].slots[name]
		differs := func(c *class) bool {
			s := c.slots[name]
			return s == nil || s.base() != first.base() || s.find() != first.find()
		}
		if !slices.ContainsFunc(cluster[1:], differs) {
			names = append(names, name)
		}
	}
	return names
}

func worthBase(cluster []*class) bool {
	common := float64(len(inCommon(cluster)))
	return common >= baseMembers && !slices.ContainsFunc(cluster, func(c *class) bool {
		return common < baseShare*float64(len(c.slots))
	})
}

// newBase moves what the classes have in common to one that they embed.
func newBase(cluster []*class) *class {
	base := &class{common: true, slots: map[string]*slot{}}
	for _, c := range cluster {
		base.uses = append(base.uses, c.uses...)
		c.base = base
	}
	slices.SortStableFunc(base.uses, compareUses)
	for _, name := range inCommon(cluster) {
		s := *cluster[0].slots[name]
		s.fields = nil
		for _, c := range cluster {
			s.fields = append(s.fields, c.slots[name].fields...)
			delete(c.slots, name)
		}
		base.slots[name] = &s
	}
	return base
}

// phantoms returns the members of a type, written Type.Member, that one of its uses
// does not have.
func (c *class) phantoms() []string {
	var list []string
	for _, name := range sortedKeys(c.slots) {
		if slices.ContainsFunc(c.uses, func(u *use) bool { return spec.Find(u.field.Fields, name) == nil }) {
			list = append(list, c.name+"."+name)
		}
	}
	return list
}

// embedders returns links to the types that embed c.
func (d *Domain) embedders(c *class) []string {
	var names []string
	for _, other := range d.types {
		if other.base == c {
			names = append(names, "["+other.name+"]")
		}
	}
	return names
}
