// Package spec holds the model of the API that the generator works from: what
// the operations are, which fields they take and answer, and nothing else.
//
// The model is stored as one JSON file per domain below spec/operations. The
// importer writes these files, the generator only reads them. Types, kinds,
// cipher rules and forms of a body are the catalogue's.
package spec

import "github.com/ttshop-go/ttshop/catalog"

// A Domain is the set of operations whose path starts with the same segment.
type Domain struct {
	Name       string       `json:"domain"`
	Operations []*Operation `json:"operations"` // by path, then method
}

// An Operation is one method of one dated path.
type Operation struct {
	Method  string `json:"method"`
	Path    string `json:"path"`    // with {names} in braces
	Title   string `json:"title"`   // title of the official page
	Version string `json:"version"` // six digits, year and month

	Scopes         []string         `json:"scopes,omitempty"`                // empty when unknown
	ShopCipher     catalog.Rule     `json:"shop_cipher,omitempty"`           //
	AssetCipher    catalog.Rule     `json:"category_asset_cipher,omitempty"` //
	Write          bool             `json:"write,omitempty"`                 // changes something on the platform
	IdempotencyKey string           `json:"idempotency_key,omitempty"`       // "query:name" or "body:name"
	Paging         *catalog.Paging  `json:"paging,omitempty"`
	BodyType       catalog.BodyType `json:"body_type,omitempty"`
	MaxBody        int64            `json:"max_body,omitempty"` // bytes; 0 when only the gateway's limit applies

	Params []*Field `json:"params,omitempty"` // path and query, without the client's own
	Body   []*Field `json:"body,omitempty"`
	Result []*Field `json:"result,omitempty"` // fields of data
	Codes  []int    `json:"codes,omitempty"`  // business codes that the page lists

	Seen string `json:"seen,omitempty"` // where an operation was seen that the official files lack, with its grade
	Raw  string `json:"raw,omitempty"`  // why it has no method of its own; empty for one that has

	Sunset *catalog.Sunset `json:"sunset,omitempty"` // from spec/additions; nil while no end is announced

	Doc *catalog.Notes `json:"-"` // from spec/descriptions; nil if nothing is noted
}

// Key names the operation: method, space, path.
func (op *Operation) Key() string { return op.Method + " " + op.Path }

// A Field is a parameter or a member of an object, with all that is known about it.
type Field struct {
	Name     string       `json:"name,omitempty"` // empty for the items of an array
	In       string       `json:"in,omitempty"`   // "path" or "query", for parameters only
	Type     catalog.Type `json:"type"`
	Format   string       `json:"format,omitempty"` // int8 … int64 for integers
	Kind     catalog.Kind `json:"kind,omitempty"`
	Required bool         `json:"required,omitempty"`

	Enum      []string `json:"enum,omitempty"` // values in the order of the source
	Default   string   `json:"default,omitempty"`
	Min       string   `json:"min,omitempty"` // inclusive
	Max       string   `json:"max,omitempty"` // inclusive
	MinLength int      `json:"min_length,omitempty"`
	MaxLength int      `json:"max_length,omitempty"` // characters
	MaxItems  int      `json:"max_items,omitempty"`

	Seen string `json:"seen,omitempty"` // where a field was seen that the official files lack, with its grade

	Items  *Field   `json:"items,omitempty"`  // arrays
	Fields []*Field `json:"fields,omitempty"` // objects, by name

	Doc *catalog.Description `json:"-"` // from spec/descriptions; nil if there is none yet
}

// Object returns the field that holds the members: f itself or its items, however
// deep the arrays nest. It is nil if the innermost value is not an object.
func (f *Field) Object() *Field {
	for f.Type == catalog.Array {
		f = f.Items
	}
	if f.Type == catalog.Object {
		return f
	}
	return nil
}

// Leaf returns f, or the innermost items when f is an array.
func (f *Field) Leaf() *Field {
	for f.Type == catalog.Array {
		f = f.Items
	}
	return f
}

// Find returns the field of that name, or nil.
func Find(fields []*Field, name string) *Field {
	for _, f := range fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Walk calls visit for every field below fields with its path: names joined by
// dots, "[]" after an array.
func Walk(prefix string, fields []*Field, visit func(path string, f *Field)) {
	for _, f := range fields {
		path := f.Name
		if prefix != "" {
			path = prefix + "." + f.Name
		}
		visit(path, f)
		for inner := f; inner != nil; inner = inner.Items {
			if inner.Type == catalog.Array {
				path += "[]"
			}
			if inner.Type == catalog.Object {
				Walk(path, inner.Fields, visit)
			}
		}
	}
}

// WalkAll calls visit for every field of op; the path starts with "query", "path",
// "body" or "result".
func (op *Operation) WalkAll(visit func(path string, f *Field)) {
	for _, f := range op.Params {
		Walk(f.In, []*Field{f}, visit)
	}
	Walk("body", op.Body, visit)
	Walk("result", op.Result, visit)
}
