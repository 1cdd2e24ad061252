package sandbox

import "slices"

// withShop finds the shop of a call that may leave it out by an id that belongs
// to a shop, and falls back to the first shop of the grant. Ids of shops that
// the caller may not act for are found by nobody.
func (c *call) withShop(id string) *failure {
	if c.shop != nil {
		return nil
	}
	if len(c.grant.shops) == 0 { // creators and partners have none
		return fail(codeIdentity, "the access token acts for no shop")
	}
	c.shop = c.grant.shops[0]
	if owner := c.state.world.owners.of(id); owner != nil && slices.Contains(c.grant.shops, owner) {
		c.shop = owner
	}
	return nil
}

// sellsGlobally tells whether the caller acts for a seller with shops abroad,
// who alone may have global products.
func (c *call) sellsGlobally() bool {
	return slices.ContainsFunc(c.grant.shops, func(s *shop) bool { return s.SellerType == "CROSS_BORDER" })
}
