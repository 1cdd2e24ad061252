package product

import (
	"math"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// upgradeCategories starts moving the products of the shop to the newer tree.
// It takes as long as a review. Both trees are the same here, so nothing is to
// be seen of it afterwards.
func upgradeCategories(c *gate.Call) *gate.Failure {
	switch {
	case !slices.Contains(c.Shop.Market.CategoryVersions, "v1"):
		return gate.Fail(codeUpgradeRefused, "the categories of the shop are of the newer tree already")
	case c.Now.Unix() < Of(c.Shop).upgradeEnds:
		return gate.Fail(codeUpgradeRunning, "an earlier upgrade of the categories still runs")
	}
	Of(c.Shop).upgradeEnds = math.MaxInt64
	if c.Shop.AuditDelay >= 0 {
		Of(c.Shop).upgradeEnds = c.Now.Add(c.Shop.AuditDelay).Unix()
	}
	return nil
}
