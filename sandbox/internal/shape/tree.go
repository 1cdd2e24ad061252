package shape

import (
	"slices"
	"strings"

	operations "github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

func get(o *gate.ShapeObject, name string) any {
	if i := slices.Index(o.Names, name); i >= 0 {
		return o.Values[i]
	}
	return nil
}

func set(o *gate.ShapeObject, name string, value any) {
	o.Values[slices.Index(o.Names, name)] = value
}

// object makes an object of the fields that a result has. Fields that tell
// why something failed stay empty, and are left out where nothing listed
// stands for that.
func (s *shaper) object(field *operations.Field, at *scope, path string) *gate.ShapeObject {
	o := new(gate.ShapeObject)
	for i := range field.Fields {
		member := &field.Fields[i]
		where := strings.TrimPrefix(path+"."+member.Name, ".")
		if value := s.member(member, at, where); value != nil {
			o.Names = append(o.Names, member.Name)
			o.Values = append(o.Values, value)
		}
	}
	s.balance(o, at)
	return o
}

// member makes the value of a field, or nil where it has none.
func (s *shaper) member(field *operations.Field, at *scope, path string) any {
	switch field.Type {
	case operations.Object:
		in, _ := at.in[field.Name].(map[string]any)
		inner := s.enter(at, field.Name, field, -1, in)
		if in == nil && at.parent == nil {
			inner.in = s.inputs // the only thing of the answer is the thing of the request
			if inner.id == at.id || things[kindOf(inner.noun)] || s.givenID(inner) != "" {
				inner.id = ""
				s.settle(inner)
			}
		}
		return s.object(field, inner, path)
	case operations.Array:
		return s.array(field, at, path)
	}
	return s.leaf(field, at, field.Name)
}

// array makes a list: the page that was asked for, entries that answer those
// of a list of the caller's, or a few.
func (s *shaper) array(field *operations.Field, at *scope, path string) any {
	list := []any{}
	if field.Items == nil || aboutFailure(field.Name) {
		return list
	}
	given, echoes := at.in[field.Name].([]any)
	count, first := 0, 0
	switch {
	case path == s.page.items && s.page.items != "":
		count, first = s.page.size, s.page.first
	case echoes:
		count = len(given)
	case field.Items.Type != operations.Object:
		count = 1 + int(invent.Mix(at.key^invent.FNVOf(field.Name))%2)
	case at.arrays == 0:
		count = min(3, s.available(at, field.Name))
		if n := s.givenCount(field.Name); n > 0 {
			count = n
		}
	case strings.HasSuffix(field.Name, "category_chains"):
		count = s.available(at, field.Name)
	default:
		count = min(1+int(invent.Mix(at.key^invent.FNVOf(field.Name))%2), s.available(at, field.Name))
	}
	seen := map[string]bool{}
	for i := range count {
		var in map[string]any
		var scalar any
		if echoes && i < len(given) {
			in, _ = given[i].(map[string]any)
			scalar = given[i]
		}
		switch field.Items.Type {
		case operations.Object:
			entry := s.object(field.Items, s.enter(at, field.Name, field.Items, first+i, in), path+"[]")
			// Some things have nothing to tell them apart, such as the regions of
			// a shop: they occur once.
			if text := string(entry.Append(nil)); !seen[text] || echoes || path == s.page.items {
				seen[text] = true
				list = append(list, entry)
			}
		case operations.Array: // nowhere at present
			list = append(list, []any{})
		default:
			if value, ok := fits(field.Items, scalar); ok {
				list = append(list, value)
				continue
			}
			entry := *field.Items
			entry.Name = singular(field.Name)
			inner := *at
			inner.index, inner.key = i, invent.Mix(at.key^uint64(i))
			inner.in = nil
			if value := s.leaf(&entry, &inner, entry.Name); value != nil && !slices.Contains(list, value) {
				list = append(list, value)
			}
		}
	}
	return list
}

// givenCount is the length of the list of ids that the caller sent for the
// entries of a list.
func (s *shaper) givenCount(name string) int {
	noun := singular(name)
	for _, name := range []string{noun + "_ids", "ids", kindOf(noun) + "_ids"} {
		if list, ok := s.inputs[name].([]any); ok {
			return len(list)
		}
	}
	return 0
}

// aboutFailure tells whether a field says why something went wrong: in answers
// made here everything goes well.
func aboutFailure(name string) bool {
	for _, prefix := range []string{"error", "fail", "reject", "ineligible", "invalid", "unsupported", "is_failed"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return strings.Contains(name, "_fail")
}
