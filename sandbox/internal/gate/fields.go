package gate

import (
	"bytes"
	"encoding/json"
	"slices"

	operations "github.com/ttshop-go/ttshop/catalog"
)

// JSONAs sets the data of the answer, less the fields that this version of the
// operation does not have.
func (c *Call) JSONAs(v any) {
	var data any
	decoder := json.NewDecoder(bytes.NewReader(AppendJSON(nil, v)))
	decoder.UseNumber() // ids can be numbers that a float does not hold
	if err := decoder.Decode(&data); err != nil {
		panic("sandbox: an answer does not decode: " + err.Error()) // it was written here
	}
	c.JSON(onlyFields(c.Route.Spec().Result, data))
}

// onlyFields drops the members of objects that are not listed.
func onlyFields(fields []operations.Field, data any) any {
	switch data := data.(type) {
	case []any:
		for i := range data {
			data[i] = onlyFields(fields, data[i])
		}
	case map[string]any:
		for name, value := range data {
			i := slices.IndexFunc(fields, func(f operations.Field) bool { return f.Name == name })
			if i < 0 {
				delete(data, name)
				continue
			}
			below := fields[i].Fields
			if fields[i].Items != nil {
				below = fields[i].Items.Fields
			}
			data[name] = onlyFields(below, value)
		}
	}
	return data
}
