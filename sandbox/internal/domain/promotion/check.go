package promotion

import (
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// checkShop checks the promotions of a shop that was read from a snapshot.
func checkShop(s *world.Shop) error {
	all := Of(s)
	return keep.Placed("promotions", keep.First(
		keep.CheckIDs("activities", all.Activities, func(a **activity) string { return (*a).ID }),
		keep.CheckIDs("coupons", all.Coupons, func(c *coupon) string { return c.ID }),
		keep.CheckEach("activities", all.Activities, func(a **activity) error {
			return keep.CheckEach("products", (*a).Products, func(p *activityProduct) error {
				return keep.First(
					product.CheckProduct(s, "id", p.ID),
					keep.Placed("price", s.Market.CheckMoney(p.Price)),
					keep.CheckEach("skus", p.SKUs, func(i *activityItem) error {
						return keep.First(keep.CheckID("id", i.ID), keep.Placed("price", s.Market.CheckMoney(i.Price)))
					}),
				)
			})
		}),
		keep.CheckEach("coupons", all.Coupons, func(c *coupon) error {
			if c.Amount < 0 || c.MinSpend < 0 || c.Percent < 0 || c.Percent > 100 {
				return fmt.Errorf("takes %d or %d%% off from %d on, want nothing below 0 and no more than 100%%", c.Amount, c.Percent, c.MinSpend)
			}
			return nil
		}),
	))
}
