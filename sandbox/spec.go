package sandbox

import (
	"slices"

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
	limits    map[string]limit // by dotted path
}

// newSpec reads the description of an operation. The first one of a domain
// unpacks the domain.
func newSpec(known *operations.Catalog, r *route) *spec {
	s := &spec{
		Operation: describe(known, r.entry),
		limits:    r.limits,
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
		if other, ok := known.ByName(r.entry.Domain + "." + sibling); ok {
			s.scopes = describe(known, other).Scopes
		}
	}
	s.cipher = ruleOf(s.ShopCipher)
	if r.needsCipher {
		s.cipher = cipherRequired
	}
	s.asset = ruleOf(s.AssetCipher)
	s.multipart = s.BodyType == operations.BodyMultipart
	s.query = slices.DeleteFunc(slices.Clone(s.Params), func(f operations.Field) bool { return f.In != "query" })
	s.checkLimits(r.name)
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
