package apigen

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/internal/gen/lock"
	"github.com/ttshop-go/ttshop/internal/gen/naming"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// An enum becomes a named string type with constants.
type enum struct {
	name   string
	values []enumValue
	owners []string // Type.Field, for the comment
	slots  []*slot  // the members that have it
}

type enumValue struct {
	name, value string
}

// An enumUse is one member, of a type or of an operation, that lists its values.
type enumUse struct {
	slot    *slot
	owner   *class     // nil for members of operations
	op      *Operation // the operation, or the first that uses the type
	where   []string   // locations for the lock
	noun    string     // snake case, with the owner's noun where the field's is generic
	parent  string     // snake case noun of the owner
	values  []string
	request bool
	result  *enum
}

// generic are field names that mean nothing without their owner.
var generic = []string{
	"action", "age", "category", "code", "condition", "detail", "field", "format", "key", "kind",
	"label", "level", "method", "mode", "name", "operator", "option", "permission", "reason", "result",
	"role", "scope", "source", "star", "state", "status", "tag", "tier", "type", "unit", "version", "file_type",
}

// Codes of languages, currencies and regions are standards of their own; a type
// with the few that one field lists would only be in the way.
var (
	languageCode = regexp.MustCompile(`^[a-z]{2}(?:-[A-Z]{2})?$`)
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
	regionCode   = regexp.MustCompile(`^[A-Z]{2}$`)
)

func standardCodes(field string, values []string) bool {
	all := func(pattern *regexp.Regexp) bool {
		return !slices.ContainsFunc(values, func(v string) bool { return !pattern.MatchString(v) })
	}
	return all(languageCode) || all(regionCode) && strings.Contains(field, "region") || all(currencyCode) && strings.Contains(field, "currency")
}

// values returns the enum values of a slot, those of its first use first.
func (s *slot) values() []string {
	var values []string
	for _, f := range s.fields {
		for _, v := range f.Leaf().Enum {
			if !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
	}
	if standardCodes(s.name, values) {
		return nil
	}
	return values
}

// buildEnums finds the enums of a domain, merges those of the same name that belong
// together and gives the rest distinct names.
func (d *Domain) buildEnums(taken map[string]string, tops map[*Operation][3]map[string]*slot, names *lock.Lock, over Overrides) error {
	uses := d.enumUses(tops)
	groups := map[string]*enum{}
	kept := map[string]map[string]bool{}
	claim := func(u *enumUse, name string) {
		e := groups[name]
		if e == nil {
			e = &enum{name: name}
			groups[name] = e
			kept[name] = map[string]bool{}
			taken[name] = u.where[0]
		}
		for _, v := range u.values {
			if !kept[name][v] {
				kept[name][v] = true
				e.values = append(e.values, enumValue{value: v})
			}
		}
		u.result = e
	}
	// Settled names come first, so that new enums find them.
	for _, u := range uses {
		for _, w := range u.where {
			name := names.Name(lock.Key("enum", d.Name, w))
			if name == "" {
				name = over.Enums[d.Name+" "+w].Name
			}
			if name != "" {
				if _, ok := taken[name]; ok && groups[name] == nil {
					return fmt.Errorf("enum %s of %s is the name of %s", name, w, taken[name])
				}
				claim(u, name)
				break
			}
		}
	}
	for _, u := range uses {
		if u.result != nil {
			continue
		}
		if e := twin(uses, u); e != nil {
			claim(u, e.name)
			continue
		}
		for _, name := range u.candidates(d) {
			if e := groups[name]; e != nil && !related(e, u.values) {
				continue
			}
			if _, ok := taken[name]; ok && groups[name] == nil || len(name) > maxName {
				continue
			}
			claim(u, name)
			break
		}
		if u.result == nil {
			return fmt.Errorf("no free name for the enum at %s (tried %v)", u.where[0], u.candidates(d))
		}
	}
	for _, u := range uses {
		for _, w := range u.where {
			if err := names.Claim(lock.Key("enum", d.Name, w), u.result.name); err != nil {
				return err
			}
		}
		u.slot.enum = u.result
		u.result.slots = append(u.result.slots, u.slot)
		owner := "[" + u.op.Name + "Params]"
		switch {
		case u.owner != nil:
			owner = "[" + u.owner.name + "]"
		case !u.request:
			owner = "[" + u.op.Name + "Result]"
		}
		u.result.owners = append(u.result.owners, owner+"."+naming.Exported(u.slot.name))
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		if err := groups[name].nameConstants(taken); err != nil {
			return err
		}
		d.enums = append(d.enums, groups[name])
	}
	return nil
}

// enumUses returns the members that list values: those of types first, the
// larger sets first.
func (d *Domain) enumUses(tops map[*Operation][3]map[string]*slot) []*enumUse {
	var uses []*enumUse
	add := func(s *slot, owner *class, op *Operation, parent string, where []string, request bool) {
		values := s.values()
		if len(values) == 0 {
			return
		}
		u := &enumUse{slot: s, owner: owner, op: op, parent: parent, where: where, values: values, request: request, noun: naming.Singular(s.name)}
		if slices.Contains(generic, u.noun) {
			u.noun = parent + "_" + u.noun
		}
		uses = append(uses, u)
	}
	for _, c := range d.types {
		for _, name := range slices.Sorted(maps.Keys(c.slots)) {
			s := c.slots[name]
			var where []string
			for _, u := range c.uses {
				if spec.Find(u.field.Fields, name) != nil {
					where = append(where, u.where()+"."+name)
				}
			}
			add(s, c, c.uses[0].op, c.noun, where, !c.response())
		}
	}
	for _, op := range d.typed() {
		for i, part := range []string{"params", "body", "result"} {
			top := tops[op][i]
			for _, name := range slices.Sorted(maps.Keys(top)) {
				add(top[name], nil, op, op.noun(), []string{op.Key() + " " + part + "." + name}, part != "result")
			}
		}
	}
	uses = append(uses, d.echoes(uses)...)
	slices.SortStableFunc(uses, func(a, b *enumUse) int {
		return cmp.Or(
			compareBool(!a.request, !b.request),
			compareBool(a.owner != nil, b.owner != nil),
			compareBool(a.op.newest(), b.op.newest()),
			cmp.Compare(len(b.values), len(a.values)),
			cmp.Compare(len(a.noun), len(b.noun)),
			cmp.Compare(a.where[0], b.where[0]),
		)
	})
	return uses
}

// echoes finds the members of answers that the source describes without values
// although the request for the same thing lists them: the platform of an external
// order is the same enum in requests and answers.
func (d *Domain) echoes(known []*enumUse) []*enumUse {
	sets := map[string][]*enumUse{}
	for _, u := range known {
		if u.owner != nil {
			key := u.owner.noun + "." + u.slot.name
			sets[key] = append(sets[key], u)
		}
	}
	var echoes []*enumUse
	for _, c := range d.types {
		for _, name := range slices.Sorted(maps.Keys(c.slots)) {
			s := c.slots[name]
			from := sets[c.noun+"."+name]
			if len(from) != 1 || from[0].slot == s || !from[0].request || c.request() ||
				strings.TrimLeft(s.base(), "[]") != "string" || s.fields[0].Leaf().Kind != "" || len(s.fields[0].Leaf().Enum) > 0 {
				continue
			}
			echo := *from[0]
			echo.slot, echo.owner, echo.request, echo.op = s, c, false, c.uses[0].op
			echo.where = nil
			for _, u := range c.uses {
				if spec.Find(u.field.Fields, name) != nil {
					echo.where = append(echo.where, u.where()+"."+name)
				}
			}
			echoes = append(echoes, &echo)
		}
	}
	return echoes
}

// twin returns the enum of a field with the same name and the same values.
func twin(uses []*enumUse, u *enumUse) *enum {
	for _, other := range uses {
		if e := other.result; e != nil && other.slot.name == u.slot.name && len(other.values) == len(u.values) && len(u.values) > 1 &&
			!slices.ContainsFunc(u.values, func(v string) bool { return !slices.Contains(other.values, v) }) {
			return e
		}
	}
	return nil
}

// related reports whether values belong to e: one holds the other, or most are
// common.
func related(e *enum, values []string) bool {
	common := 0
	for _, v := range e.values {
		if slices.Contains(values, v.value) {
			common++
		}
	}
	union := len(e.values) + len(values) - common
	return common == min(len(values), len(e.values)) || 5*common >= 3*union
}

// candidates returns the names for an enum, best first.
func (u *enumUse) candidates(d *Domain) []string {
	domain := naming.Exported(naming.Singular(d.Name))
	name := naming.Exported(u.noun)
	field := naming.Exported(naming.Singular(u.slot.name))
	parent := naming.Exported(u.parent)
	family := trimVerb(u.op.Family)
	var list []string
	// In package order the status of an order is a Status.
	if name == domain+"Status" {
		list = append(list, "Status")
	}
	list = append(list, name)
	add := func(prefix, name string) {
		if !strings.HasPrefix(name, prefix) {
			list = append(list, naming.Join(prefix, name))
		}
	}
	add(parent, field)
	if u.owner != nil {
		add(u.owner.name, field)
	}
	add(parent, name)
	// The plural of the thing itself would be all the difference.
	if naming.Exported(naming.Singular(naming.Snake(family))) != parent {
		add(family, name)
	}
	add(u.op.Family, name)
	add(u.op.Name, name)
	return append(list, u.op.Name+parent+field)
}

// nameConstants names the values. Two that differ only in spelling are one
// constant: the one that is spelled right, or else the first.
func (e *enum) nameConstants(taken map[string]string) error {
	seen := map[string]int{} // where in values
	var values []enumValue
	for _, v := range e.values {
		// AGE_RANGE_18_24 of an AgeRange does not say it twice.
		v.name = e.name + strings.TrimPrefix(naming.Constant(v.value), e.name)
		if at, ok := seen[v.name]; ok {
			if naming.Misspelled(values[at].value) && !naming.Misspelled(v.value) {
				values[at] = v
			}
			continue
		}
		seen[v.name] = len(values)
		if other, ok := taken[v.name]; ok {
			return fmt.Errorf("constant %s is the name of %s", v.name, other)
		}
		taken[v.name] = "a value of " + e.name
		values = append(values, v)
	}
	e.values = values
	return nil
}
