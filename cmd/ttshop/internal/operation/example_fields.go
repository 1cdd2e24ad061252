package operation

import (
	_ "embed"
	"encoding/json"
	"sync"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

//go:embed example_fields.json
var exampleFieldsFile []byte

// exampleFields are fields that an example needs beyond those that the catalogue
// calls required, by operation, with their values; null is a value that is made up.
var exampleFields = sync.OnceValue(func() map[string]map[string]*string {
	var fields map[string]map[string]*string
	if err := json.Unmarshal(exampleFieldsFile, &fields); err != nil {
		panic("example_fields.json: " + err.Error()) // a test reads it
	}
	return fields
})

// exampleFlag returns the value of a flag in an example, and whether the example
// has the flag.
func (o *operationOptions) exampleFlag(f *field.Flag) (text string, needed bool) {
	name := f.Field.Name
	given, listed := exampleFields()[o.op.FullName()][name]
	switch {
	case listed && given != nil:
		return *given, true
	case listed:
		value, ok := newRequestExample(o.withWords()).Body[name]
		if !ok {
			return exampleText(f.Field), true
		}
		if _, isText := value.(string); isText {
			return field.QueryText(value), true
		}
		b, err := json.Marshal(value)
		if err != nil {
			return err.Error(), true // maps, lists and texts can be encoded
		}
		return string(b), true
	case name == field.AfterColon(o.op.IdempotencyKey), o.op.Paging != nil && name == field.AfterColon(o.op.Paging.Size):
		return "", false
	}
	return exampleText(f.Field), f.Field.Required || f.Field.In == "path"
}
