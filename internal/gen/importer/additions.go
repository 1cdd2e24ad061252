package importer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// addedField is a field that the package lacks and the platform answers with.
// Seen says where, with the grade of the evidence.
type addedField struct {
	Type   catalog.Type `json:"type"` // "unknown" where no source says: such a field stays out of the spec
	Format string       `json:"format"`
	Kind   catalog.Kind `json:"kind"`
	Items  catalog.Type `json:"items"` // of an array
	Like   string       `json:"like"`  // the field whose members it has: operation key, space, path
	Enum   []string     `json:"enum"`
	Seen   string       `json:"seen"`
	shape  *spec.Field  // of Like
	used   bool
}

// unknownType marks a field that is known by name only.
const unknownType catalog.Type = "unknown"

// copyShapes finds the members of the additions that are like another field.
func (o *overrides) copyShapes(domains []*spec.Domain) error {
	fields := map[string]*spec.Field{}
	for _, d := range domains {
		for _, op := range d.Operations {
			op.WalkAll(func(path string, f *spec.Field) { fields[op.Key()+" "+path] = f })
		}
	}
	for key, added := range o.additions {
		if added.Like == "" {
			continue
		}
		from := fields[added.Like]
		if from == nil {
			return fmt.Errorf("addition %s: there is no %s", key, added.Like)
		}
		data, err := spec.Encode(from)
		if err != nil {
			return err
		}
		added.shape = new(spec.Field)
		if err := spec.DecodeStrict(data, added.shape); err != nil {
			return fmt.Errorf("addition %s: %w", key, err)
		}
	}
	return nil
}

// addFields enters the additions of op. An addition whose place does not exist, or
// is taken because the package has caught up, stays unused and so is an error.
func (o *overrides) addFields(op *spec.Operation) {
	var keys []string
	for key := range o.additions {
		if strings.HasPrefix(key, op.Key()+" ") {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys) // an object comes before its members
	for _, key := range keys {
		if o.additions[key].Type == unknownType {
			o.additions[key].used = true
			continue
		}
		space, path, _ := strings.Cut(strings.TrimPrefix(key, op.Key()+" "), ".")
		into := map[string]*[]*spec.Field{"query": &op.Params, "body": &op.Body, "result": &op.Result}[space]
		names := strings.Split(strings.ReplaceAll(path, "[]", ""), ".")
		for _, name := range names[:len(names)-1] {
			if into == nil {
				break
			}
			parent := spec.Find(*into, name)
			if parent = objectOf(parent); parent == nil {
				into = nil
				break
			}
			into = &parent.Fields
		}
		if name := names[len(names)-1]; into != nil && spec.Find(*into, name) == nil {
			o.additions[key].used = true
			f := o.additions[key].field(name)
			if space == "query" {
				f.In = space
			}
			*into = append(*into, f)
			slices.SortFunc(*into, func(a, b *spec.Field) int { return strings.Compare(a.Name, b.Name) })
		}
	}
}

func objectOf(f *spec.Field) *spec.Field {
	if f == nil {
		return nil
	}
	return f.Object()
}

func (a *addedField) field(name string) *spec.Field {
	f := &spec.Field{Name: name, Type: a.Type, Format: a.Format, Kind: a.Kind, Seen: a.Seen}
	if a.Type == catalog.Array {
		f.Items = &spec.Field{Type: a.Items}
	}
	f.Leaf().Enum = a.Enum
	if a.shape != nil {
		f.Fields, f.Items = a.shape.Fields, a.shape.Items
	}
	return f
}
