package sandbox

// registerAnalytics binds the operations of analytics.
func registerAnalytics(r *registry) {
	r.handle("analytics.GetShopPerformanceV202405", getShopPerformance202405)
	r.handle("analytics.GetShopPerformance", getShopPerformance)
	r.handle("analytics.GetShopPerformancePerHour", getShopHours)
	r.handle("analytics.GetShopProductPerformanceListV202405", getProductRanking202405)
	r.handle("analytics.GetShopProductPerformanceList", getProductRanking)
	r.handle("analytics.GetShopProductPerformanceDetailV202405", getProductPerformance202405)
	r.handle("analytics.GetShopProductPerformanceDetail", getProductPerformance)
	r.handle("analytics.GetShopSKUPerformanceListV202406", getSKURanking)
	r.handle("analytics.GetShopSKUPerformanceList", getSKURanking)
	r.handle("analytics.GetShopSKUPerformanceV202406", getSKUPerformance202406)
	r.handle("analytics.GetShopSKUPerformance", getSKUPerformance)
}
