package gateway

import (
	"fmt"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
)

// operation is an operation of the catalogue in the form that the client takes.
type operation struct {
	ttshop.Operation
	maxBody   int64
	multipart bool
}

// operations are all operations, by full name.
type operations struct {
	catalog *catalog.Catalog
	byName  map[string]*operation
}

func newOperations(c *catalog.Catalog) (*operations, error) {
	o := &operations{catalog: c, byName: map[string]*operation{}}
	for _, e := range c.Operations("") {
		op, err := c.Describe(e)
		if err != nil {
			return nil, fmt.Errorf("gateway: %w", err)
		}
		o.byName[e.FullName()] = &operation{
			Operation: ttshop.Operation{
				Name: e.FullName(), Method: e.Method, Path: e.Path, Read: !op.Write,
				ShopCipher: cipherRule(op.ShopCipher), AssetCipher: cipherRule(op.AssetCipher),
				IdempotencyKey: op.IdempotencyKey, Scope: strings.Join(op.Scopes, ", "), Check: op.Check,
			},
			maxBody: op.MaxBody, multipart: op.BodyType == catalog.BodyMultipart,
		}
	}
	return o, nil
}

func cipherRule(r catalog.Rule) ttshop.CipherRule {
	switch r {
	case catalog.RuleRequired:
		return ttshop.CipherRequired
	case catalog.RuleOptional:
		return ttshop.CipherOptional
	}
	return ttshop.CipherNone
}

// find returns the operation that a method and a filled-in path are of, or nil.
func (o *operations) find(method, path string) *operation {
	entry, ok := o.catalog.Find(method, path)
	if !ok || entry.Method != method {
		return nil
	}
	return o.byName[entry.FullName()]
}
