package sandbox

import (
	"math"
	"slices"
)

// upgradeCategories starts moving the products of the shop to the newer tree.
// It takes as long as a review. Both trees are the same here, so nothing is to
// be seen of it afterwards.
func upgradeCategories(c *call) *failure {
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	switch {
	case !slices.Contains(c.shop.region.categoryVersions, "v1"):
		return fail(codeUpgradeRefused, "the categories of the shop are of the newer tree already")
	case c.now.Unix() < productsOf(c.shop).upgradeEnds:
		return fail(codeUpgradeRunning, "an earlier upgrade of the categories still runs")
	}
	productsOf(c.shop).upgradeEnds = math.MaxInt64
	if c.shop.auditDelay >= 0 {
		productsOf(c.shop).upgradeEnds = c.now.Add(c.shop.auditDelay).Unix()
	}
	return nil
}
