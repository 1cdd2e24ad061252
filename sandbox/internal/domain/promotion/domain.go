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

	r.Handle("promotion.CreateActivity", createActivity)
	r.Handle("promotion.SearchActivities", searchActivities)
	r.Handle("promotion.GetActivity", getActivity)
	r.Handle("promotion.UpdateActivity", updateActivity)
	r.Handle("promotion.DeactivateActivity", deactivateActivity)
	r.Handle("promotion.UpdateActivityProduct", putActivityProducts)
	r.Handle("promotion.RemoveActivityProduct", deleteActivityProducts)
	r.Handle("promotion.SearchCoupons", searchCoupons)
	r.Handle("promotion.GetCoupon", getCoupon)

	r.Limit("page_size", gate.Limit{Code: 17029001}, "promotion.SearchActivities")
	r.Limit("title", gate.Limit{Code: 17029002}, "promotion.CreateActivity", "promotion.UpdateActivity")
	r.Limit("product_ids", gate.Limit{Code: 17029046}, "promotion.RemoveActivityProduct")
	r.Limit("sku_ids", gate.Limit{Code: 17029046}, "promotion.RemoveActivityProduct")
	r.Limit("products.skus", gate.Limit{Code: codeActivityTooMany}, "promotion.UpdateActivityProduct")
	r.Limit("discount.bmsm_discount.details", gate.Limit{Code: codeActivityField}, "promotion.CreateActivity", "promotion.UpdateActivity")
}
