package importer

import (
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// addedField is a field that the package lacks and the platform answers with.
// Seen says where, with the grade of the evidence.
type addedField struct {
	Type   catalog.Type `json:"type"`
	Format string       `json:"format"`
	Kind   catalog.Kind `json:"kind"`
	Items  catalog.Type `json:"items"` // of an array
	Seen   string       `json:"seen"`
	used   bool
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
		space, path, _ := strings.Cut(strings.TrimPrefix(key, op.Key()+" "), ".")
		into := map[string]*[]*spec.Field{"params": &op.Params, "body": &op.Body, "result": &op.Result}[space]
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
			*into = append(*into, o.additions[key].field(name))
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
	return f
}
