package operation

import (
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

func TestExampleFieldsAreKnown(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for name, fields := range exampleFields() {
		entry, ok := known.ByName(name)
		if !ok {
			t.Errorf("example_fields.json: there is no operation %s", name)
			continue
		}
		op, err := known.Describe(entry)
		if err != nil {
			t.Fatal(err)
		}
		for f := range fields {
			if f == inMarket {
				continue
			}
			if field.Named(op.Params, f) == nil && field.Named(op.Body, f) == nil {
				t.Errorf("example_fields.json: %s has no field %s", name, f)
			}
		}
	}
}
