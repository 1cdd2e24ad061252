package gate

import (
	"slices"
	"strings"

	operations "github.com/ttshop-go/ttshop/catalog"
)

// Spec is what the catalogue says of an operation, as the gateway needs it.
type Spec struct {
	*operations.Operation
	AnyScope  []string   // one of them is enough; none: any token will do
	Cipher    cipherRule // of shop_cipher
	asset     cipherRule // of category_asset_cipher
	Multipart bool
	Query     []operations.Field
	limits    map[string]Limit // by dotted path
}

// newSpec reads the description of an operation. The first one of a domain
// unpacks the domain.
func newSpec(known *operations.Catalog, r *Route) *Spec {
	s := &Spec{
		Operation: describe(known, r.entry),
		limits:    r.limits,
	}
	s.AnyScope = s.Scopes
	// Dates that state no scope ask for what the other dates ask for.
	for _, sibling := range s.Siblings {
		if len(s.AnyScope) > 0 {
			break
		}
		if other, ok := known.ByName(r.entry.Domain + "." + sibling); ok {
			s.AnyScope = describe(known, other).Scopes
		}
	}
	s.Cipher = ruleOf(s.ShopCipher)
	s.asset = ruleOf(s.AssetCipher)
	s.Multipart = s.BodyType == operations.BodyMultipart
	s.Query = slices.DeleteFunc(slices.Clone(s.Params), func(f operations.Field) bool { return f.In != "query" })
	s.checkLimits(r.Name)
	if r.hold != holdNothing && s.Cipher != cipherRequired {
		panic("sandbox: " + r.Name + " can come without a shop, so its handler has to find and lock it")
	}
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

// forOthers tells whether only partners or creators can have the scopes that the
// operation asks for: scopes begin with the kind of user that grants them.
func (s *Spec) forOthers() bool {
	return len(s.AnyScope) > 0 && !slices.ContainsFunc(s.AnyScope, func(scope string) bool {
		return !strings.HasPrefix(scope, "partner.") && !strings.HasPrefix(scope, "creator.")
	})
}
