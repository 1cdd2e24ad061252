package sandbox

import "time"

// registerPromotion binds the operations of promotion.
func registerPromotion(r *registry) {
	r.shopPart(func(s *shop) part { return plain("promotions", promotionsOf(s)) })
	r.review(func(s *shop, now time.Time) time.Time {
		announceActivities(s, now.Unix()) // it asks for the next look itself
		return time.Time{}
	})

	r.handle("promotion.CreateActivity", createActivity)
	r.handle("promotion.SearchActivities", searchActivities)
	r.handle("promotion.GetActivity", getActivity)
	r.handle("promotion.UpdateActivity", updateActivity)
	r.handle("promotion.DeactivateActivity", deactivateActivity)
	r.handle("promotion.UpdateActivityProduct", putActivityProducts)
	r.handle("promotion.RemoveActivityProduct", deleteActivityProducts)
	r.handle("promotion.SearchCoupons", searchCoupons)
	r.handle("promotion.GetCoupon", getCoupon)

	r.limit("page_size", limit{code: 17029001}, "promotion.SearchActivities")
	r.limit("title", limit{code: 17029002}, "promotion.CreateActivity", "promotion.UpdateActivity")
	r.limit("product_ids", limit{code: 17029046}, "promotion.RemoveActivityProduct")
	r.limit("sku_ids", limit{code: 17029046}, "promotion.RemoveActivityProduct")
}
