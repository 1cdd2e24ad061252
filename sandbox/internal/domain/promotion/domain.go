// Package promotion has the promotions and coupons of a shop.
package promotion

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Register binds the operations of promotion.
func Register(r *gate.Registry) {
	r.ShopPart(func(s *world.Shop) keep.Part { return keep.Plain("promotions", Of(s)) })
	r.ShopCheck(checkShop)
	r.Deadline(deadlineActivity, turnActivity)
	r.Restored(scheduleActivities)

	r.Write("promotion.CreateActivity", createActivity)
	r.Read("promotion.SearchActivities", searchActivities)
	r.Read("promotion.GetActivity", getActivity)
	r.Write("promotion.UpdateActivity", updateActivity)
	r.Write("promotion.DeactivateActivity", deactivateActivity)
	r.Write("promotion.UpdateActivityProduct", putActivityProducts)
	r.Write("promotion.RemoveActivityProduct", deleteActivityProducts)
	r.Read("promotion.SearchCoupons", searchCoupons)
	r.Read("promotion.GetCoupon", getCoupon)

	r.Limit("page_size", gate.Limit{Code: 17029001}, "promotion.SearchActivities")
	r.Limit("title", gate.Limit{Code: 17029002}, "promotion.CreateActivity", "promotion.UpdateActivity")
	r.Limit("product_ids", gate.Limit{Code: 17029046}, "promotion.RemoveActivityProduct")
	r.Limit("sku_ids", gate.Limit{Code: 17029046}, "promotion.RemoveActivityProduct")
	r.Limit("products.skus", gate.Limit{Code: codeActivityTooMany}, "promotion.UpdateActivityProduct")
	r.Limit("discount.bmsm_discount.details", gate.Limit{Code: codeActivityField}, "promotion.CreateActivity", "promotion.UpdateActivity")
}
