// Package analytics answers with figures of shops, products, SKUs, videos and
// LIVEs that follow from orders and from what creators sold. It has no state of
// its own.
package analytics

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Register binds the operations of analytics.
func Register(r *gate.Registry) {
	// The request may leave the shop out; an id says which one to lock.
	r.Handle("analytics.GetShopPerformanceV202405", getShopPerformance202405)
	r.Handle("analytics.GetShopPerformance", getShopPerformance)
	r.Handle("analytics.GetShopPerformanceV202609", getShopPerformance202609)
	r.Handle("analytics.GetShopPerformancePerHour", getShopHours)
	r.Handle("analytics.GetShopProductPerformanceListV202405", getProductRanking202405)
	r.Handle("analytics.GetShopProductPerformanceList", getProductRanking)
	r.Handle("analytics.GetShopProductPerformanceDetailV202405", getProductPerformance202405)
	r.Handle("analytics.GetShopProductPerformanceDetail", getProductPerformance)
	r.Handle("analytics.GetShopSKUPerformanceListV202406", getSKURanking)
	r.Handle("analytics.GetShopSKUPerformanceList", getSKURanking)
	r.Handle("analytics.GetShopSKUPerformanceV202406", getSKUPerformance202406)
	r.Handle("analytics.GetShopSKUPerformance", getSKUPerformance)

	r.Handle("analytics.GetShopVideoPerformanceOverviewV202409", getVideoOverview202409)
	r.Handle("analytics.GetShopVideoPerformanceOverview", getVideoOverview)
	r.Handle("analytics.GetShopVideoPerformanceListV202409", listVideos202409)
	r.Handle("analytics.GetShopVideoPerformanceList", listVideos)
	r.Handle("analytics.GetShopVideoPerformanceListV202605", listVideos202605)
	r.Handle("analytics.GetShopVideoPerformanceDetailsV202409", getVideo202409)
	r.Handle("analytics.GetShopVideoPerformanceDetails", getVideo)
	r.Handle("analytics.GetShopVideoProductPerformanceListV202409", listVideoProducts)
	r.Handle("analytics.GetShopVideoProductPerformanceList", listVideoProducts)
	r.Handle("analytics.GetShopLivePerformanceOverviewV202503", getLiveOverview202508)
	r.Handle("analytics.GetShopLivePerformanceOverviewV202508", getLiveOverview202508)
	r.Handle("analytics.GetShopLivePerformanceOverview", getLiveOverview)
	r.Handle("analytics.GetShopLivePerformanceOverviewV202609", getLiveOverview202609)
	r.Handle("analytics.GetShopLivePerformanceListV202505", listLives202508)
	r.Handle("analytics.GetShopLivePerformanceListV202508", listLives202508)
	r.Handle("analytics.GetShopLivePerformanceList", listLives)
	r.Handle("analytics.GetShopLivePerformancePerMinutes", getLiveMinutes)
	r.Handle("analytics.GetShopLiveProductsPerformanceList", listLiveProducts)
}
