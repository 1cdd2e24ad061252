package analytics

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// productFigures202405 are the figures of a product as the version of 202405
// shows them.
type productFigures202405 struct {
	Start         string               `json:"start_date"`
	End           string               `json:"end_date"`
	GMV           promotion.PriceMoney `json:"gmv"`
	GMVBy         []moneyPart          `json:"gmv_breakdowns"`
	Orders        int                  `json:"orders"`
	Units         int                  `json:"units_sold"`
	UnitsBy       []countPart          `json:"unit_sold_breakdowns"`
	Impressions   int                  `json:"impressions"`
	ImpressionsBy []countPart          `json:"impression_breakdowns"`
	Views         int                  `json:"page_views"`
	ViewsBy       []countPart          `json:"page_view_breakdowns"`
	Visitors      int                  `json:"avg_page_visitors"`
	VisitorsBy    []countPart          `json:"avg_page_visitor_breakdowns"`
	ClickRate     string               `json:"click_through_rate"`
	ClickRateBy   []ratePart           `json:"click_through_rate_breakdowns"`
}

// clickRate is how many of the times that something was shown led to its page.
func (t traffic) clickRate() string { return rate(t.views, t.impressions) }

func showProduct202405(r *report, f *figures) productFigures202405 {
	v := productFigures202405{
		Start: f.from.String(), End: f.to.String(), GMV: r.money(f.gmv()), GMVBy: r.gmvByKind(f),
		Orders: f.orders, Units: f.units(), UnitsBy: countsByKind(f, func(part *share) int { return part.units }),
		ImpressionsBy: f.impressionsByKind(), ViewsBy: f.viewsByKind(), VisitorsBy: f.visitorsByKind(),
		ClickRate: f.traffic().clickRate(),
		ClickRateBy: byKind(f, func(kind string, part *share) ratePart {
			return ratePart{part.traffic().clickRate(), kind}
		}),
	}
	v.Impressions, v.Views, v.Visitors = total(v.ImpressionsBy), total(v.ViewsBy), total(v.VisitorsBy)
	return v
}

func getProductPerformance202405(c *gate.Call) *gate.Failure {
	return reportOn(c, goods{product: c.Param(0)}, func(r *report, of goods) *gate.Failure {
		return r.reported(showCompared(r, of, showProduct202405))
	})
}

// productFigures are the figures of a product as the version of 202509 shows
// them.
type productFigures struct {
	Start    string          `json:"start_date"`
	End      string          `json:"end_date"`
	Sales    productSales    `json:"sales"`
	Traffic  productTraffic  `json:"traffic"`
	Requests productRequests `json:"cancel_and_refunds"`
}

type productSales struct {
	GMV    promotion.PriceMoney `json:"gmv"`
	Items  int                  `json:"items_sold"`
	Orders int                  `json:"orders"`
	By     []productSalesOfKind `json:"breakdowns"`
}

type productSalesOfKind struct {
	Type  string          `json:"content_type"`
	Sales productKindSale `json:"sales"`
}

type productKindSale struct {
	Customers int                  `json:"avg_customers"`
	GMV       promotion.PriceMoney `json:"gmv"`
	Items     int                  `json:"items_sold"`
}

type productTraffic struct {
	By []productTrafficOfKind `json:"breakdowns"`
}

type productTrafficOfKind struct {
	Type    string             `json:"content_type"`
	Traffic productKindTraffic `json:"traffic"`
}

type productKindTraffic struct {
	Conversion  string `json:"avg_conversion_rate"`
	Visitors    int    `json:"avg_unique_page_views"`
	ClickRate   string `json:"ctr"`
	Impressions int    `json:"impressions"`
	Views       int    `json:"page_views"`
}

type productRequests struct {
	Cancelled    int `json:"canceled"`
	Refunded     int `json:"refunded"`
	Replacements int `json:"replacements"`
	Returned     int `json:"returned"`
}

func showProduct(r *report, f *figures) productFigures {
	return productFigures{
		Start: f.from.String(), End: f.to.String(),
		Sales: productSales{r.money(f.gmv()), f.units(), f.orders, byKind(f, func(kind string, part *share) productSalesOfKind {
			return productSalesOfKind{kind, productKindSale{f.mean(part.customers), r.money(part.gmv), part.units}}
		})},
		Traffic: productTraffic{byKind(f, func(kind string, part *share) productTrafficOfKind {
			seen := part.traffic()
			visitors := f.meanVisitors(seen)
			return productTrafficOfKind{kind, productKindTraffic{
				rate(f.mean(part.customers), visitors), visitors, seen.clickRate(), seen.impressions, seen.views,
			}}
		})},
		Requests: productRequests{f.cancelled, f.refunded, f.replaced, f.returned},
	}
}

func getProductPerformance(c *gate.Call) *gate.Failure {
	return reportOn(c, goods{product: c.Param(0)}, func(r *report, of goods) *gate.Failure {
		return r.reported(struct {
			spans[productFigures]
			acclaim
		}{spans[productFigures]{show(r, of, r.asked, showProduct)}, r.acclaim(of)})
	})
}
