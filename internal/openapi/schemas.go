package openapi

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
)

// A use is one object in the request or the answer of an operation.
type use struct {
	field   *catalog.Field
	op      *catalog.Operation
	request bool
}

// A group is the uses of a Go type that require the same members. It becomes a
// component: what Go leaves to the caller a document has to state.
type group struct {
	domain, goType string
	need           string // what the uses require, see need
	uses           []use
	name           string
}

// values are the uses of a Go type of known values.
type values struct {
	known    []string
	meanings map[string]string
}

// schemas makes the components for the objects and the values of operations.
type schemas struct {
	groups map[string]*group  // by domain, type and need
	order  []*group           // as they were first met
	values map[string]*values // by component
}

func typeKey(domain, goType, need string) string { return domain + "." + goType + " " + need }

// need says which members an object requires, at any depth; it is empty where
// none is required.
func need(f *catalog.Field) string {
	var parts []string
	for i := range f.Fields {
		m := &f.Fields[i]
		part := ""
		if m.Required {
			part = "!"
		}
		if leaf := leafOf(m); leaf.Type == catalog.Object {
			if below := need(leaf); below != "" {
				part += "{" + below + "}"
			}
		}
		if part != "" {
			parts = append(parts, m.Name+part)
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}

func leafOf(f *catalog.Field) *catalog.Field {
	for f.Type == catalog.Array && f.Items != nil {
		f = f.Items
	}
	return f
}

// collect notes the types of an operation.
func (s *schemas) collect(op *catalog.Operation) {
	for i, fields := range [][]catalog.Field{op.Params, op.Body, op.Result} {
		s.collectFields(op, i < 2, fields)
	}
}

func (s *schemas) collectFields(op *catalog.Operation, request bool, fields []catalog.Field) {
	for i := range fields {
		f := leafOf(&fields[i])
		switch {
		case f.Type == catalog.Object && f.GoType != "":
			key := typeKey(op.Domain, f.GoType, need(f))
			g := s.groups[key]
			if g == nil {
				g = &group{domain: op.Domain, goType: f.GoType, need: need(f)}
				s.groups[key] = g
				s.order = append(s.order, g)
			}
			g.uses = append(g.uses, use{f, op, request})
		case f.GoType != "":
			s.collectValues(op.Domain, &fields[i])
		}
		s.collectFields(op, request, f.Fields)
	}
}

// valuesName returns the name of the component for a type of known values, which
// package ttshop may declare for all domains.
func valuesName(domain, goType string) string {
	if strings.Contains(goType, ".") {
		return goType
	}
	return domain + "." + goType
}

func (s *schemas) collectValues(domain string, f *catalog.Field) {
	leaf := leafOf(f)
	name := valuesName(domain, leaf.GoType)
	v := s.values[name]
	if v == nil {
		v = &values{meanings: map[string]string{}}
		s.values[name] = v
	}
	for _, value := range leaf.Enum {
		if !slices.Contains(v.known, value) {
			v.known = append(v.known, value)
		}
	}
	for _, d := range []*catalog.Description{f.Description, leaf.Description} {
		if d != nil {
			maps.Copy(v.meanings, d.Values)
		}
	}
}

// name names the groups. Of several for one Go type the one of answers has its
// name, or the one with the most uses; the others are named after the operation
// that uses them first.
func (s *schemas) name() {
	byType := map[string][]*group{}
	for _, g := range s.order {
		key := typeKey(g.domain, g.goType, "")
		byType[key] = append(byType[key], g)
	}
	taken := map[string]bool{}
	for name := range s.values {
		taken[name] = true
	}
	for _, key := range slices.Sorted(maps.Keys(byType)) {
		groups := byType[key]
		slices.SortStableFunc(groups, func(a, b *group) int {
			return cmp.Or(compareBool(a.answers(), b.answers()), cmp.Compare(len(b.uses), len(a.uses)))
		})
		for i, g := range groups {
			g.name = g.domain + "." + g.goType
			if i > 0 {
				g.name += "Of" + g.uses[0].op.Name
			}
			for n, base := 2, g.name; taken[g.name]; n++ {
				g.name = base + strconv.Itoa(n)
			}
			taken[g.name] = true
		}
	}
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

// answers reports whether an answer has the type.
func (g *group) answers() bool {
	return slices.ContainsFunc(g.uses, func(u use) bool { return !u.request })
}

// add adds the components to all.
func (s *schemas) add(all map[string]*Schema) error {
	for name, v := range s.values {
		all[name] = &Schema{Type: "string", Values: v.known, Description: valuesText(v.known, v.meanings)}
	}
	for _, g := range s.order {
		members := map[string][]*catalog.Field{}
		for _, u := range g.uses {
			for i := range u.field.Fields {
				m := &u.field.Fields[i]
				members[m.Name] = append(members[m.Name], m)
			}
		}
		schema, err := s.object(g.domain, members, len(g.uses), !g.answers())
		if err != nil {
			return fmt.Errorf("type %s: %w", g.name, err)
		}
		all[g.name] = schema
	}
	return nil
}

// fields returns the schema of an object with fields of its own.
func (s *schemas) fields(domain string, fields []catalog.Field, request bool) (*Schema, error) {
	members := map[string][]*catalog.Field{}
	for i := range fields {
		members[fields[i].Name] = []*catalog.Field{&fields[i]}
	}
	return s.object(domain, members, 1, request)
}

func (s *schemas) object(domain string, members map[string][]*catalog.Field, uses int, request bool) (*Schema, error) {
	schema := &Schema{Type: "object"}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		same := members[name]
		if len(same) == uses && !slices.ContainsFunc(same, func(f *catalog.Field) bool { return !f.Required }) {
			schema.Required = append(schema.Required, name)
		}
		member, err := s.value(domain, same, request)
		if err != nil {
			return nil, fmt.Errorf("member %s: %w", name, err)
		}
		if schema.Properties == nil {
			schema.Properties = map[string]*Schema{}
		}
		schema.Properties[name] = member
	}
	return schema, nil
}

// value returns the schema of a field that several uses of a type have. Limits
// hold for requests only: an answer beyond them is an answer.
func (s *schemas) value(domain string, same []*catalog.Field, request bool) (*Schema, error) {
	f := same[0]
	schema := &Schema{}
	if d := usual(same); d != nil {
		schema.Description = textOf(d)
		schema.Deprecated = d.Deprecated != ""
		if d.Unit != "undocumented" {
			schema.Unit = d.Unit
		}
		schema.Markets = d.Markets
	}
	if request {
		schema.Description = strings.TrimSpace(schema.Description + " " + limitsText(same))
	}
	switch {
	case f.Type == catalog.Array:
		if f.Items == nil {
			return nil, fmt.Errorf("an array without items")
		}
		schema.Type = "array"
		var items []*catalog.Field
		for _, other := range same {
			items = append(items, other.Items)
		}
		var err error
		if schema.Items, err = s.value(domain, items, request); err != nil {
			return nil, err
		}
		if request {
			schema.MaxItems = loosest(same, func(f *catalog.Field) int { return f.MaxItems })
		}
		return schema, nil
	case f.Type == catalog.Object:
		if g := s.groups[typeKey(domain, f.GoType, need(f))]; g != nil && f.GoType != "" {
			schema.Ref = ref(g.name)
			return schema, nil
		}
		return nil, fmt.Errorf("an object without a Go type")
	case f.GoType != "":
		schema.Ref = ref(valuesName(domain, f.GoType))
		return schema, nil
	case f.Type == catalog.File:
		schema.Type, schema.Format, schema.ContentMediaType = "string", "binary", "application/octet-stream"
		return schema, nil
	}
	schema.Type, schema.Kind = string(f.Type), string(f.Kind)
	for _, other := range same {
		for _, v := range other.Enum {
			if !slices.Contains(schema.Values, v) {
				schema.Values = append(schema.Values, v)
			}
		}
		// int8 here and int64 there: the widest holds both.
		if len(other.Format) > len(schema.Format) || len(other.Format) == len(schema.Format) && other.Format > schema.Format {
			schema.Format = other.Format
		}
	}
	if len(schema.Values) > 0 {
		schema.Description = paragraphs(schema.Description, valuesText(schema.Values, meanings(same)))
	}
	if request {
		limit(schema, same)
	}
	return schema, nil
}

func meanings(same []*catalog.Field) map[string]string {
	all := map[string]string{}
	for _, f := range same {
		if f.Description != nil {
			maps.Copy(all, f.Description.Values)
		}
	}
	return all
}

// limit sets the limits that all uses of a field have.
func limit(schema *Schema, same []*catalog.Field) {
	if schema.Type == "string" {
		schema.MaxLength = loosest(same, func(f *catalog.Field) int { return f.MaxLength })
		if len(same) == 1 {
			schema.MinLength = same[0].MinLength
		}
	}
	if schema.Type != "integer" && schema.Type != "number" || len(same) > 1 {
		return
	}
	schema.Minimum, schema.Maximum = json.Number(same[0].Min), json.Number(same[0].Max)
}

// loosest returns the highest limit, or zero where one use has none.
func loosest(same []*catalog.Field, of func(*catalog.Field) int) int {
	highest := 0
	for _, f := range same {
		if of(f) == 0 {
			return 0
		}
		highest = max(highest, of(f))
	}
	return highest
}

// usual returns the description that most of the fields have.
func usual(same []*catalog.Field) *catalog.Description {
	count := map[string]int{}
	var best *catalog.Description
	for _, f := range same {
		if f.Description == nil {
			continue
		}
		count[f.Description.Text]++
		if best == nil || count[f.Description.Text] > count[best.Text] {
			best = f.Description
		}
	}
	return best
}

func ref(schema string) string { return "#/components/schemas/" + schema }
