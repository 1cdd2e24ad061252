package policy

import (
	"fmt"
	"strconv"
)

// Rule is a kind of rule that decides about a call.
type Rule string

// The rules, in the order in which they are tried. All but the last refuse.
const (
	RuleUnknownKey Rule = "unknown-key" // nobody has this key
	RuleRevoked    Rule = "revoked"     // the key was revoked
	RuleExpired    Rule = "expired"     // the key, or this credential of it, has ended
	RuleCatalogue  Rule = "catalogue"   // the catalogue has no such operation
	RuleDeny       Rule = "deny"        // a pattern denies the operation
	RuleDefault    Rule = "default"     // no pattern allows the operation
	RuleReadOnly   Rule = "read-only"   // the key may only read, and the operation writes
	RuleGrant      Rule = "grant"       // the key may not act for this creator or partner
	RuleShop       Rule = "shop"        // the key may not act for this shop
	RuleAccount    Rule = "account"     // the operation would act for shops that the key may not use
	RuleAllow      Rule = "allow"       // a pattern allows the operation
)

// Decision is what the rules say about a call, and which of them said it.
type Decision struct {
	Allowed   bool
	Rule      Rule
	Pattern   string // of the rule; empty where the rule has none
	Key       string // name of the key; empty for an unknown one
	Operation string
	Shop      string // id of the shop that decided, for shop and account
	Write     bool   // the operation changes something on the platform
}

// String says in one sentence what was decided and why. It names no secret.
func (d Decision) String() string {
	key := "key " + d.Key
	switch d.Rule {
	case RuleUnknownKey:
		return "no client has this key"
	case RuleRevoked:
		return key + " was revoked"
	case RuleExpired:
		return key + " has expired"
	case RuleCatalogue:
		return "the catalogue has no such operation"
	case RuleDeny:
		return fmt.Sprintf("%s: deny %q forbids %s", key, d.Pattern, d.Operation)
	case RuleDefault:
		return fmt.Sprintf("%s: nothing allows %s", key, d.Operation)
	case RuleReadOnly:
		return fmt.Sprintf("%s may only read, and %s writes", key, d.Operation)
	case RuleGrant:
		return key + " may not act for this creator or partner"
	case RuleShop:
		if d.Shop == "" {
			return key + " may not act without a shop"
		}
		return key + " may not act for shop " + strconv.Quote(d.Shop)
	case RuleAccount:
		return fmt.Sprintf("%s: %s names no shop and acts for the whole account, which has shop %q, too", key, d.Operation, d.Shop)
	}
	return fmt.Sprintf("%s: allow %q permits %s", key, d.Pattern, d.Operation)
}
