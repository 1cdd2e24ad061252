package field

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// PathStep is a step into a value: the member of an object or, where name is
// empty, the item of an array.
type PathStep struct {
	Name  string
	index int // everyItem for []
}

const everyItem = -1

// ParsePath splits a path such as skus[0].price.amount. Brackets without a
// number stand for every item.
func ParsePath(path string) ([]PathStep, error) {
	var steps []PathStep
	for i, part := range strings.Split(path, ".") {
		name, brackets, indexed := strings.Cut(part, "[")
		if name == "" && (i > 0 || !indexed) {
			return nil, fmt.Errorf("%q is not a path; write it like skus[0].price.amount", path)
		}
		if name != "" {
			steps = append(steps, PathStep{Name: name})
		}
		for indexed {
			number, rest, closed := strings.Cut(brackets, "]")
			step := PathStep{index: everyItem}
			if number != "" {
				n, err := strconv.Atoi(number)
				if err != nil || n < 0 {
					return nil, fmt.Errorf("%q is not a path: %q is not an index; write it like skus[0].price.amount", path, number)
				}
				step.index = n
			}
			if !closed || rest != "" && rest[0] != '[' {
				return nil, fmt.Errorf("%q is not a path: a bracket is missing; write it like skus[0].price.amount", path)
			}
			steps = append(steps, step)
			indexed = rest != ""
			brackets = strings.TrimPrefix(rest, "[")
		}
	}
	return steps, nil
}

// Setter sets values in a body by paths.
type Setter struct {
	Free bool                                                       // take members that the catalogue does not know
	Leaf func(f *catalog.Field, path string) (value any, err error) // the value, by its field; nil where that is unknown
}

// Set returns value with the one at the steps set. Objects and arrays on the
// way are made as needed; f describes value and is nil where nothing is known.
func (s Setter) Set(value any, f *catalog.Field, steps []PathStep, path string) (any, error) {
	if len(steps) == 0 {
		return s.Leaf(f, path)
	}
	if steps[0].Name == "" {
		return s.setItem(value, f, steps, path)
	}
	return s.setMember(value, f, steps, path)
}

func (s Setter) setMember(value any, f *catalog.Field, steps []PathStep, path string) (any, error) {
	name := steps[0].Name
	object, ok := value.(map[string]any)
	if !ok && value != nil {
		return nil, fmt.Errorf("%s is not an object and has no member %s", path, name)
	}
	if object == nil {
		object = make(map[string]any)
	}
	at := name
	if path != "" {
		at = path + "." + name
	}
	var member *catalog.Field
	if f != nil {
		switch {
		case f.Type == catalog.Array:
			return nil, fmt.Errorf("%s is a list; say which item, such as %s[0].%s", path, path, name)
		case f.Type != catalog.Object:
			return nil, fmt.Errorf("%s takes %s and has no member %s", path, kindOfValue(f), name)
		}
		member = Named(f.Fields, name)
		if member == nil && len(f.Fields) > 0 && !s.Free {
			return nil, fmt.Errorf("there is no field %s%s", at, console.DidYouMean(console.Closest(name, Names(f.Fields))))
		}
	}
	set, err := s.Set(object[name], member, steps[1:], at)
	if err != nil {
		return nil, err
	}
	object[name] = set
	return object, nil
}

func (s Setter) setItem(value any, f *catalog.Field, steps []PathStep, path string) (any, error) {
	index := steps[0].index
	list, ok := value.([]any)
	if !ok && value != nil {
		return nil, fmt.Errorf("%s is not a list and has no item %d", path, index)
	}
	var item *catalog.Field
	if f != nil {
		if f.Type != catalog.Array {
			return nil, fmt.Errorf("%s takes %s, not a list", path, kindOfValue(f))
		}
		item = f.Items
	}
	switch {
	case index == everyItem: // [] appends
		index = len(list)
	case index > len(list):
		return nil, fmt.Errorf("%s[%d] leaves a gap: the list has %s so far", path, index, console.Count(len(list), "item"))
	}
	if index == len(list) {
		list = append(list, nil)
	}
	set, err := s.Set(list[index], item, steps[1:], path+"["+strconv.Itoa(index)+"]")
	if err != nil {
		return nil, err
	}
	list[index] = set
	return list, nil
}

// Names returns the names of fields.
func Names(fields []catalog.Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names
}

// ValuesAt returns what a decoded JSON value holds at a path: nothing, one
// value or, where the path says [], many.
func ValuesAt(value any, steps []PathStep) []any {
	if len(steps) == 0 {
		if value == nil {
			return nil
		}
		return []any{value}
	}
	step := steps[0]
	if step.Name != "" {
		object, _ := value.(map[string]any)
		return ValuesAt(object[step.Name], steps[1:])
	}
	list, _ := value.([]any)
	if step.index == everyItem {
		var all []any
		for _, item := range list {
			all = append(all, ValuesAt(item, steps[1:])...)
		}
		return all
	}
	if step.index >= len(list) {
		return nil
	}
	return ValuesAt(list[step.index], steps[1:])
}

// PathTo is the path to a field.
type PathTo struct {
	Path  string
	Field *catalog.Field
}

// Paths returns the paths of all fields below fields, arrays with the
// index given, such as [0].
func Paths(fields []catalog.Field, brackets string) []PathTo {
	var paths []PathTo
	var walk func(named, f *catalog.Field, path string)
	walk = func(named, f *catalog.Field, path string) {
		switch {
		case f == nil:
		case f.Type == catalog.Array:
			walk(named, f.Items, path+brackets)
		case f.Type == catalog.Object && len(f.Fields) > 0:
			for i := range f.Fields {
				walk(&f.Fields[i], &f.Fields[i], path+"."+f.Fields[i].Name)
			}
		default:
			paths = append(paths, PathTo{path, named}) // a plain item means what its list does
		}
	}
	for i := range fields {
		walk(&fields[i], &fields[i], fields[i].Name)
	}
	return paths
}
