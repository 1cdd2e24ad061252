package sandbox

import (
	"slices"
	"sync"

	operations "github.com/ttshop-go/ttshop/catalog"
)

// spec is what the catalogue says of an operation, as the gateway needs it.
type spec struct {
	*operations.Operation
	scopes    []string   // one of them is enough; none: any token will do
	cipher    cipherRule // of shop_cipher
	asset     cipherRule // of category_asset_cipher
	multipart bool
	query     []operations.Field
	limits    map[string]limit // by dotted path, see limits.go
}

// complete joins the table of operations with state and the catalogue.
func complete(table []*route) []*route {
	stateful := make(map[string]*route, len(table))
	for _, r := range table {
		stateful[r.method+" "+r.path] = r
	}
	known := new(operations.Catalog)
	entries := known.Operations("")
	all := make([]*route, 0, len(entries))
	for i, e := range entries {
		key := e.Method + " " + e.Path
		r := stateful[key]
		delete(stateful, key)
		if r == nil {
			r = &route{method: e.Method, path: e.Path, handle: answerFromShape, shape: true}
		}
		r.name, r.index = e.FullName(), i
		r.spec = sync.OnceValue(func() *spec { return newSpec(known, e, r) })
		all = append(all, r)
	}
	for key := range stateful {
		panic("sandbox: the catalogue does not know " + key)
	}
	return all
}

// newSpec reads the description of an operation. The first one of a domain
// unpacks the domain.
func newSpec(known *operations.Catalog, e operations.Entry, r *route) *spec {
	s := &spec{
		Operation: describe(known, e),
		cipher:    r.cipher,
		multipart: r.multipart,
		limits:    limitsOf(e.Method + " " + e.Path),
	}
	s.scopes = s.Scopes
	if r.scope != "" {
		s.scopes = []string{r.scope}
	}
	// Dates that state no scope ask for what the other dates ask for.
	for _, sibling := range s.Siblings {
		if len(s.scopes) > 0 {
			break
		}
		if other, ok := known.ByName(e.Domain + "." + sibling); ok {
			s.scopes = describe(known, other).Scopes
		}
	}
	if s.cipher == cipherNone {
		s.cipher = ruleOf(s.ShopCipher)
	}
	s.asset = ruleOf(s.AssetCipher)
	s.multipart = s.multipart || s.BodyType == operations.BodyMultipart
	s.query = slices.DeleteFunc(slices.Clone(s.Params), func(f operations.Field) bool { return f.In != "query" })
	return s
}

func describe(known *operations.Catalog, e operations.Entry) *operations.Operation {
	op, err := known.Describe(e)
	if err != nil {
		panic("sandbox: " + err.Error()) // it is embedded, and tested whole
	}
	return op
}

func ruleOf(r operations.Rule) cipherRule {
	switch r {
	case operations.RuleRequired:
		return cipherRequired
	case operations.RuleOptional:
		return cipherOptional
	}
	return cipherNone
}
