package gate

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// WithShop finds the shop of a call that may leave it out by an id that belongs
// to a shop, and falls back to the first shop of the grant. Ids of shops that
// the caller may not act for are found by nobody.
func (c *Call) WithShop(id string) *Failure {
	if c.Shop != nil {
		return nil
	}
	if len(c.Grant.Shops) == 0 { // creators and partners have none
		return Fail(codeIdentity, "the access token acts for no shop")
	}
	c.Shop = c.Grant.Shops[0]
	if owner := c.State.World.Owners.Of(id); owner != nil && slices.Contains(c.Grant.Shops, owner) {
		c.Shop = owner
	}
	return nil
}

// SellsGlobally tells whether the caller acts for a seller with shops abroad,
// who alone may have global products.
func (c *Call) SellsGlobally() bool {
	return slices.ContainsFunc(c.Grant.Shops, func(s *world.Shop) bool { return s.SellerType == "CROSS_BORDER" })
}
