package gate

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Caller is who asks, and about which shop.
type Caller struct {
	App   *authority.App
	Grant *authority.Grant
	Shop  *world.Shop // nil where the request names none
}

// actFor takes the shop that owns what a request names, or the first shop of the
// grant where the owner is nil or the caller may not act for it.
func (c *Caller) actFor(owner *world.Shop) *Failure {
	if len(c.Grant.Shops) == 0 { // creators and partners have none
		return Fail(codeIdentity, "the access token acts for no shop")
	}
	c.Shop = c.Grant.Shops[0]
	if owner != nil && slices.Contains(c.Grant.Shops, owner) {
		c.Shop = owner
	}
	return nil
}

// SellsGlobally tells whether the caller acts for a seller with shops abroad,
// who alone may have global products.
func (c *Caller) SellsGlobally() bool {
	return slices.ContainsFunc(c.Grant.Shops, func(s *world.Shop) bool { return s.SellerType == "CROSS_BORDER" })
}
