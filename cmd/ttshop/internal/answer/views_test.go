package answer

import (
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// TestViews checks that the tables show fields that the catalogue knows.
func TestViews(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for name, v := range views() {
		entry, ok := known.ByName(name)
		if !ok {
			t.Errorf("%s is not an operation", name)
			continue
		}
		for _, e := range field.FamilyOf(known, entry).Versions {
			op, err := known.Describe(e)
			if err != nil {
				t.Fatal(err)
			}
			if v.Noun == "" {
				t.Errorf("%s: no noun", name)
			}
			for _, c := range v.Columns {
				for _, path := range c.Paths {
					steps, err := field.ParsePath(path)
					if err != nil {
						t.Fatal(err)
					}
					if f, err := FieldAt(ItemFields(op), steps); err != nil || f == nil {
						t.Errorf("%s: column %s: %v", e.FullName(), path, err)
					}
				}
			}
		}
	}
}
