package apigen

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/naming"
)

// A member is one field of a Go struct.
type member struct {
	name    string // Go
	typ     string // Go
	tag     string
	comment string   // beside the field, without slashes; may be empty
	docs    []string // paragraphs above it; if there are some, comment is empty
	wire    string   // the name on the wire
}

// placement says where a member of a request goes.
type placement int

const (
	inAnswer placement = iota
	inJSON
	inPath
	inQuery
	inForm
	inFile
)

// goType returns the type of the values of a slot without pointers.
func (s *slot) goType() (string, error) {
	arrays := ""
	f := s.fields[0]
	for f.Type == catalog.Array {
		arrays += "[]"
		f = f.Items
	}
	switch typ := s.scalar(); {
	case s.name == "page_size", s.name == "total_count" && f.Type == catalog.Integer:
		return "int", nil // int32 in one operation, int64 in the next, or text
	case s.failures():
		return arrays + itemError, nil
	case f.Type == catalog.Object:
		return arrays + s.find().name, nil
	case s.enum != nil:
		return arrays + s.enum.goType(), nil
	case typ != "":
		return arrays + typ, nil
	}
	typ, err := s.plainType()
	return arrays + typ, err
}

// member builds the Go field of a slot; of is the number of uses that its owner
// has.
func (s *slot) member(where placement, required bool, fill string) (*member, error) {
	typ, err := s.goType()
	if err != nil {
		return nil, err
	}
	m := &member{name: naming.Exported(s.name), wire: s.name, typ: typ}
	base := strings.TrimLeft(typ, "[]")
	list := base != typ
	option := ",omitempty"
	if required {
		option = ""
	}
	switch where {
	case inAnswer:
		absent := "omitzero"
		if typ == "ttshop.Decimal" {
			absent = "omitempty" // omitzero would take an amount of 0.00 for absent
		}
		m.tag = fmt.Sprintf(`json:"%s,%s"`, s.name, absent)
	case inJSON:
		switch {
		case list:
			// An empty list is a distinct value; nil would be sent as null.
			option = ",omitzero"
		case !required && s.name != "page_size" && (s.object != nil || number(base)):
			m.typ = "*" + typ
		}
		m.tag = fmt.Sprintf(`json:"%s%s"`, s.name, option)
	case inPath:
		m.tag = fmt.Sprintf(`path:"%s" json:"-"`, s.name)
	case inQuery, inForm:
		if !required && !list && s.name != "page_size" && number(base) {
			m.typ = "*" + typ
		}
		if fill != "" {
			option = ",default=" + fill
		}
		key := "query"
		if where == inForm {
			key = "form"
		}
		m.tag = fmt.Sprintf(`%s:"%s%s" json:"-"`, key, s.name, option)
	case inFile:
		m.tag = fmt.Sprintf(`file:"%s" json:"-"`, s.name)
	}
	if m.docs = s.paragraphs(where != inAnswer, required && fill == ""); m.docs == nil {
		m.comment = s.comment(where != inAnswer, required && fill == "")
	}
	if fill != "" {
		m.say("Left empty, it is sent as " + quoted(fill) + ".")
	}
	return m, nil
}

// say adds a sentence to the comment of m.
func (m *member) say(text string) {
	if m.docs != nil {
		m.docs[0] += " " + text
		return
	}
	m.docs = []string{strings.TrimSpace(sentenceOrNone(m.comment) + " " + text)}
	m.comment = ""
}

// buildMembers makes the fields of a type: id first, the rest by name, as the
// source has them.
func (c *class) buildMembers() error {
	where := inAnswer
	if c.request() {
		where = inJSON
	}
	if c.base != nil {
		c.members = append(c.members, &member{typ: c.base.name})
	}
	for _, name := range sortedNames(c.slots) {
		s := c.slots[name]
		m, err := s.member(where, c.request() && s.required(len(c.uses)), "")
		if err != nil {
			return err
		}
		c.members = append(c.members, m)
	}
	return unique(c.members)
}

// buildMembers makes the fields of Params and Result. Required ones come first.
func (op *Operation) buildMembers(top [3]map[string]*slot) error {
	type placed struct {
		*member
		required bool
		rank     int
	}
	var params []placed
	add := func(s *slot, where placement, required bool, rank int) error {
		fill := ""
		if where == inQuery {
			fill = op.fill(s.fields[0])
		}
		m, err := s.member(where, required, fill)
		if err != nil {
			return err
		}
		params = append(params, placed{m, required, rank})
		return nil
	}
	for i, f := range op.Params {
		where, rank := inQuery, 1000+i
		if f.In == "path" {
			where, rank = inPath, strings.Index(op.Path, "{"+f.Name+"}")-1000
		}
		if err := add(top[0][f.Name], where, f.Required, rank); err != nil {
			return err
		}
	}
	names := map[string]string{}
	for _, p := range params {
		names[p.name] = p.wire
	}
	for i, name := range sortedNames(top[1]) {
		s := top[1][name]
		f := s.fields[0]
		where := inJSON
		if op.BodyType == catalog.BodyMultipart {
			where = inForm
			if f.Type == catalog.File {
				where = inFile
			}
		}
		if err := add(s, where, f.Required, 2000+i); err != nil {
			return err
		}
		// The few names that the query or the path also has.
		if p := params[len(params)-1]; names[p.name] != "" {
			p.name += "Body"
			if p.docs != nil {
				p.docs[0] += " It goes into the body."
			} else {
				p.comment = strings.TrimSuffix("in the body, "+p.comment, ", ")
			}
		}
	}
	slices.SortStableFunc(params, func(a, b placed) int {
		if a.required != b.required {
			return compareBool(a.required, b.required)
		}
		return a.rank - b.rank
	})
	for _, p := range params {
		op.params = append(op.params, p.member)
	}
	for _, name := range sortedNames(top[2]) {
		m, err := top[2][name].member(inAnswer, false, "")
		if err != nil {
			return err
		}
		op.result = append(op.result, m)
	}
	if err := unique(op.params); err != nil {
		return err
	}
	return unique(op.result)
}

// unique refuses two fields of one Go name. One that has it only because its
// spelling was corrected gives way: one date misspells what the next does not.
func unique(members []*member) error {
	count := map[string]int{}
	for _, m := range members {
		count[m.name]++
	}
	seen := map[string]string{}
	for _, m := range members {
		if count[m.name] > 1 && naming.AsSpelled(m.wire) != naming.Exported(m.wire) {
			m.name = naming.AsSpelled(m.wire)
		}
		if other, ok := seen[m.name]; ok {
			return fmt.Errorf("fields %s and %s are both %s", other, m.wire, m.name)
		}
		seen[m.name] = m.wire
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func sortedNames(slots map[string]*slot) []string {
	names := slices.Sorted(maps.Keys(slots))
	if i := slices.Index(names, "id"); i > 0 {
		names = slices.Insert(slices.Delete(names, i, i+1), 0, "id")
	}
	return names
}
