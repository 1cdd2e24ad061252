package describe

import "github.com/ttshop-go/ttshop/internal/gen/spec"

// Counts says how much of a domain is described.
type Counts struct {
	Fields, AllFields int
	Values, AllValues int
	Notes             int // operations with notes beside their summary
}

// Count counts what Apply described in d.
func Count(d *spec.Domain) Counts {
	var n Counts
	for _, op := range d.Operations {
		if op.Doc != nil {
			n.Notes++
		}
		op.WalkAll(func(_ string, f *spec.Field) {
			n.AllFields++
			n.AllValues += len(f.Leaf().Enum)
			if f.Doc != nil {
				n.Fields++
				n.Values += len(f.Doc.Values)
			}
		})
	}
	return n
}
