package apigen

import (
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// A Fill is what a parameter is sent as if it is left empty.
type Fill struct {
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

// FillKey returns what a parameter is called in the overrides: method, path with *
// for the date, name.
func FillKey(op *spec.Operation, f *spec.Field) string {
	return op.Method + " " + date.ReplaceAllString(op.Path, "/*/") + " " + f.Name
}

// unknownPage is the page size where an operation demands one and no source says
// which: all known ranges have it.
const unknownPage = "10"

// fill returns what a query parameter that the operation requires is sent as if it
// is left empty: what the overrides say, the largest page, or the default. It is
// empty where only the caller knows.
func (op *Operation) fill(f *spec.Field) string {
	switch chosen, ok := op.Domain.fills[FillKey(op.Operation, f)]; {
	case ok:
		return chosen.Value
	case !f.Required || f.In != "query" || f.Type == catalog.Array:
		return ""
	case f.Name == "page_size" && f.Max != "":
		return f.Max
	case f.Default != "":
		return f.Default
	case f.Name == "page_size":
		return unknownPage
	}
	return ""
}
