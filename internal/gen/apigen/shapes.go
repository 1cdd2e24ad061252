package apigen

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/lock"
	"github.com/ttshop-go/ttshop/internal/gen/naming"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// A use is one object in the request or the answer of one operation.
type use struct {
	op      *Operation
	request bool
	path    string   // body.skus[], result.orders[].line_items[]
	nouns   []string // singular names from the outermost object to this one
	field   *spec.Field
	holder  *spec.Field // the member that has it, an array maybe
	parent  *use        // the object around it; nil at the top
	class   *class
}

func (u *use) noun() string { return u.nouns[len(u.nouns)-1] }

func (u *use) where() string { return u.op.Key() + " " + u.path }

// A class is a set of uses that share one Go type.
type class struct {
	uses    []*use
	slots   map[string]*slot
	base    *class // embedded: what it shares with others; nil for most
	common  bool   // it is embedded only, and answers no use by itself
	noun    string // snake case, what all uses have in common
	full    string // snake case, of the first use
	name    string
	members []*member
}

// A slot is one member of a class: all fields of that name.
type slot struct {
	name   string
	fields []*spec.Field // of the uses that have it
	object *class        // nil for scalars
	enum   *enum         // nil where values are free
}

func (s *slot) base() string { return signature(s.fields[0]) }

// required reports whether every use of the class requires the field.
func (s *slot) required(of int) bool {
	return len(s.fields) == of && !slices.ContainsFunc(s.fields, func(f *spec.Field) bool { return !f.Required })
}

// signature is the type of a field as far as two fields of one Go type must agree.
func signature(f *spec.Field) string {
	prefix := ""
	for f.Type == catalog.Array {
		prefix += "[]"
		f = f.Items
	}
	return prefix + string(f.Type)
}

func (c *class) request() bool {
	return slices.ContainsFunc(c.uses, func(u *use) bool { return u.request })
}

func (c *class) response() bool {
	return slices.ContainsFunc(c.uses, func(u *use) bool { return !u.request })
}

// find follows merges to the class that a slot stands for now.
func (s *slot) find() *class {
	if s.object == nil {
		return nil
	}
	return s.object.uses[0].class
}

// collect makes a class of its own for every object below fields.
func collect(op *Operation, request bool, path string, parent *use, fields []*spec.Field, all *[]*class) map[string]*slot {
	slots := map[string]*slot{}
	for _, f := range fields {
		s := &slot{name: f.Name, fields: []*spec.Field{f}}
		if obj := f.Object(); obj != nil {
			noun, at := f.Name, path+"."+f.Name
			if f.Type == catalog.Array {
				noun = naming.Singular(noun)
			}
			for inner := f; inner.Type == catalog.Array; inner = inner.Items {
				at += "[]"
			}
			u := &use{op: op, request: request, path: at, nouns: []string{noun}, field: obj, holder: f, parent: parent}
			if parent != nil {
				u.nouns = append(slices.Clone(parent.nouns), noun)
			}
			c := &class{uses: []*use{u}}
			u.class = c
			*all = append(*all, c)
			c.slots = collect(op, request, at, u, obj.Fields, all)
			s.object = c
		}
		slots[f.Name] = s
	}
	return slots
}

// compatible reports whether a and b contradict each other nowhere: what both have,
// both have with the same type.
func compatible(a, b *class) bool {
	if a == b {
		return true
	}
	for name, s := range a.slots {
		t := b.slots[name]
		if t == nil {
			continue
		}
		if s.base() != t.base() || s.object != nil && !compatible(s.find(), t.find()) {
			return false
		}
	}
	return true
}

// equal reports whether a and b have the same members of the same types.
func equal(a, b *class) bool {
	if a == b {
		return true
	}
	if len(a.slots) != len(b.slots) {
		return false
	}
	for name, s := range a.slots {
		t := b.slots[name]
		if t == nil || s.base() != t.base() || s.object != nil && !equal(s.find(), t.find()) {
			return false
		}
	}
	return true
}

// merge makes a and b one class, and with them the classes of their members.
func merge(a, b *class) *class {
	if a == b {
		return a
	}
	for _, u := range b.uses {
		u.class = a
	}
	a.uses = append(a.uses, b.uses...)
	for _, name := range slices.Sorted(maps.Keys(b.slots)) {
		t := b.slots[name]
		s := a.slots[name]
		if s == nil {
			a.slots[name] = t
			continue
		}
		s.fields = append(s.fields, t.fields...)
		if s.object != nil {
			merge(s.find(), t.find())
		}
	}
	return a
}

// shape describes an object as far as equal shapes share a type.
func shape(f *spec.Field) string {
	var b strings.Builder
	for _, m := range f.Fields {
		fmt.Fprintf(&b, "%s:%s", m.Name, signature(m))
		if obj := m.Object(); obj != nil {
			fmt.Fprintf(&b, "{%s}", shape(obj))
		}
		b.WriteByte(',')
	}
	return b.String()
}

// plain reports whether a type for an answer serves a request too: it has
// nothing that a request must be able to leave out as distinct from its zero value.
func plain(f *spec.Field) bool {
	return !slices.ContainsFunc(f.Fields, func(m *spec.Field) bool { return m.Leaf().Type != catalog.String })
}

// head returns the last word of a noun: price of list_price.
func head(noun string) string { return noun[strings.LastIndexByte(noun, '_')+1:] }

// A sharer merges the classes of a domain that become one type, so that no type
// has a field that one of its operations never fills:
//
//   - those that the lock or the overrides give one name;
//   - equal shapes under nouns with the same last word, requests and answers
//     apart unless the shape is plain in both;
//   - equal shapes that the overrides give a noun of their own, such as amount
//     and currency.
//
// Of the rest, answers that have most of their members in common embed them.
type sharer struct {
	domain  *Domain
	classes []*class // one for each use; merges leave them in place
	names   *lock.Lock
	over    Overrides
}

func (s *sharer) share() error {
	if err := s.settled(); err != nil {
		return err
	}
	s.group(func(u *use) string {
		return fmt.Sprint(u.request, " ", head(u.noun()), " ", shape(u.field))
	})
	// Only now join requests and answers: otherwise what an answer was merged
	// with would reach the request.
	s.group(func(u *use) string {
		if !plain(u.field) || u.class.memberNames() != memberNames(u.field) {
			return ""
		}
		return head(u.noun()) + " " + shape(u.field)
	})
	s.hinted()
	return nil
}

// settled merges what the lock or the overrides give one name. If that no longer
// fits together, a person has to decide.
func (s *sharer) settled() error {
	first := map[string]*class{}
	for _, c := range s.classes {
		c = c.uses[0].class
		name := cmp.Or(s.locked(c), s.domain.renamed(c, s.over))
		if name == "" {
			continue
		}
		if first[name] == nil {
			first[name] = c
			continue
		}
		other := first[name].uses[0].class
		if !compatible(other, c) {
			return fmt.Errorf("type %s: %s and %s no longer agree; give one of them its own type with an override", name, other.uses[0].where(), c.uses[0].where())
		}
		merge(other, c)
	}
	return nil
}

// locked returns the name that the lock has for c, or "".
func (s *sharer) locked(c *class) string {
	for _, u := range c.uses {
		if name := s.names.Name(lock.Key("type", s.domain.Name, u.where())); name != "" {
			return name
		}
	}
	return ""
}

// try merges a and b if their members are equal and their settled names allow it.
func (s *sharer) try(a, b *class) {
	a, b = a.uses[0].class, b.uses[0].class
	if a == b || !equal(a, b) {
		return
	}
	if x, y := s.locked(a), s.locked(b); x != "" && y != "" && x != y {
		return
	}
	if s.domain.renamed(a, s.over) != s.domain.renamed(b, s.over) {
		return
	}
	merge(a, b)
}

// group tries to merge the uses that have the same key; those with an empty one
// stay out.
func (s *sharer) group(key func(u *use) string) {
	s.groupIf(func(_, _ *class) bool { return true }, key)
}

func (s *sharer) groupIf(may func(a, b *class) bool, key func(u *use) string) {
	first := map[string]*class{}
	for _, c := range s.classes {
		k := key(c.uses[0])
		switch {
		case k == "":
		case first[k] == nil:
			first[k] = c
		case may(first[k].uses[0].class, c.uses[0].class):
			s.try(first[k], c)
		}
	}
}

// hinted tries to merge the shapes that have a noun of their own.
func (s *sharer) hinted() {
	first := map[string]*class{}
	for _, c := range s.classes {
		c = c.uses[0].class
		hint, ok := s.over.Shapes[c.memberNames()]
		if !ok {
			continue
		}
		key := fmt.Sprint(hint.Name, " ", c.request() && !plain(c.uses[0].field))
		if first[key] == nil {
			first[key] = c
		} else {
			s.try(first[key], c)
		}
	}
}

func memberNames(f *spec.Field) string {
	var names []string
	for _, m := range f.Fields {
		names = append(names, m.Name)
	}
	return strings.Join(names, ",")
}

func (c *class) memberNames() string {
	return strings.Join(slices.Sorted(maps.Keys(c.slots)), ",")
}

// distinct returns the classes that are left after the merges, in the order of
// their first use.
func distinct(classes []*class) []*class {
	seen := map[*class]bool{}
	var out []*class
	for _, c := range classes {
		c = c.uses[0].class
		if !seen[c] {
			seen[c] = true
			slices.SortStableFunc(c.uses, compareUses)
			out = append(out, c)
		}
	}
	return out
}

// compareUses brings the use that a type is best named after to the front: in an
// answer, of the newest date, near the top.
func compareUses(a, b *use) int {
	return cmp.Or(
		compareBool(b.request, a.request),
		compareBool(a.op.newest(), b.op.newest()),
		cmp.Compare(len(a.nouns), len(b.nouns)),
		cmp.Compare(b.op.Version, a.op.Version),
		cmp.Compare(a.where(), b.where()),
	)
}

// compareBool sorts true first.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
