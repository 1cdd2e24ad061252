package analytics

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// The parts of figures by the kind of content that led to them.
type (
	moneyPart struct {
		Amount   string `json:"amount"`
		Currency string `json:"currency"`
		Type     string `json:"type"`
	}

	countPart struct {
		Amount int    `json:"amount"`
		Type   string `json:"type"`
	}

	ratePart struct {
		Amount string `json:"amount"`
		Type   string `json:"type"`
	}
)

// byKind shows a figure for each kind of content.
func byKind[T any](f *figures, show func(kind string, part *share) T) []T {
	list := make([]T, 0, int(affiliate.ContentKinds))
	for i := range f.by {
		list = append(list, show(contentNames[i], &f.by[i]))
	}
	return list
}

func countsByKind(f *figures, count func(part *share) int) []countPart {
	return byKind(f, func(kind string, part *share) countPart { return countPart{count(part), kind} })
}

func (f *figures) impressionsByKind() []countPart {
	return countsByKind(f, func(part *share) int { return part.traffic().impressions })
}

func (f *figures) viewsByKind() []countPart {
	return countsByKind(f, func(part *share) int { return part.traffic().views })
}

// visitorsByKind are averages of a day.
func (f *figures) visitorsByKind() []countPart {
	return countsByKind(f, func(part *share) int { return f.meanVisitors(part.traffic()) })
}

func (r *report) gmvByKind(f *figures) []moneyPart {
	return byKind(f, func(kind string, part *share) moneyPart {
		return moneyPart{r.currency.Money(part.gmv), r.currency.Currency, kind}
	})
}

// total adds up the parts of a count.
func total(parts []countPart) (sum int) {
	for _, part := range parts {
		sum += part.Amount
	}
	return sum
}

// reportOn answers a call about what goods sold in a period.
func reportOn(c *gate.Call, of goods, answer func(r *report, of goods) *gate.Failure) *gate.Failure {
	r, f := periodReport(c, of.product+of.sku)
	if f != nil {
		return f
	}
	r.Mu.RLock()
	defer r.Mu.RUnlock()
	switch {
	case of.sku != "":
		if of.product = productOfSKU(r.Shop, of.sku); of.product == "" {
			return gate.Fail(codeAnalyticsUnknown, "the shop has no SKU ", of.sku)
		}
	case of.product != "" && product.Of(r.Shop).ByID[of.product] == nil:
		return gate.Fail(codeAnalyticsUnknown, "the shop has no product ", of.product)
	}
	return answer(r, of)
}

// reported answers a call about a period.
func (r *report) reported(performance any) *gate.Failure {
	r.call.JSON(struct {
		Latest      string `json:"latest_available_date"`
		Performance any    `json:"performance"`
	}{r.latest(), performance})
	return nil
}

// spans are the entries of an answer about a period.
type spans[T any] struct {
	Intervals []T `json:"intervals"`
}

// comparedSpans have the period of the same length before beside them, empty
// where that is not asked for.
type comparedSpans[T any] struct {
	spans[T]
	Comparison []T `json:"comparison_intervals"`
}

// show makes the entries of a period.
func show[T any](r *report, of goods, p period, entry func(*report, *figures) T) []T {
	list := r.intervals(of, p)
	entries := make([]T, 0, len(list))
	for i := range list {
		entries = append(entries, entry(r, &list[i]))
	}
	return entries
}

// showCompared makes the entries of the period that is asked for, and of the
// one before where that is asked for too.
func showCompared[T any](r *report, of goods, entry func(*report, *figures) T) comparedSpans[T] {
	both := comparedSpans[T]{spans[T]{show(r, of, r.asked, entry)}, []T{}}
	if too, _ := r.call.Flag("with_comparison"); too {
		both.Comparison = show(r, of, r.asked.before(), entry)
	}
	return both
}

// shopFigures202405 are the figures of a shop as the version of 202405 shows
// them.
type shopFigures202405 struct {
	Start         string               `json:"start_date"`
	End           string               `json:"end_date"`
	GMV           promotion.PriceMoney `json:"gmv"`
	GMVBy         []moneyPart          `json:"gmv_breakdowns"`
	OrderValue    promotion.PriceMoney `json:"avg_order_value"`
	Orders        int                  `json:"orders"`
	SKUOrders     int                  `json:"sku_orders"`
	Units         int                  `json:"units_sold"`
	Buyers        int                  `json:"buyers"`
	BuyersBy      []countPart          `json:"buyer_breakdowns"`
	Refunds       promotion.PriceMoney `json:"refunds"`
	Requests      int                  `json:"cancellations_and_returns"`
	Impressions   int                  `json:"product_impressions"`
	ImpressionsBy []countPart          `json:"product_impression_breakdowns"`
	Views         int                  `json:"product_page_views"`
	ViewsBy       []countPart          `json:"product_page_view_breakdowns"`
	Visitors      int                  `json:"avg_product_page_visitors"`
	VisitorsBy    []countPart          `json:"avg_product_page_visitor_breakdowns"`
}

func showShop202405(r *report, f *figures) shopFigures202405 {
	v := shopFigures202405{
		Start: f.from.String(), End: f.to.String(),
		GMV: r.money(f.gmv()), GMVBy: r.gmvByKind(f),
		OrderValue: r.money((2*f.gmv() + int64(f.orders)) / int64(max(2*f.orders, 1))),
		Orders:     f.orders, SKUOrders: f.skuOrders, Units: f.units(),
		Buyers: len(f.buyers), Refunds: r.money(f.refunds), Requests: f.cancelled + f.refunded + f.returned,
		ImpressionsBy: f.impressionsByKind(), ViewsBy: f.viewsByKind(), VisitorsBy: f.visitorsByKind(),
	}
	for i, kind := range contentNames {
		v.BuyersBy = append(v.BuyersBy, countPart{f.buyersBy(affiliate.ContentKind(i)), kind})
	}
	v.Impressions, v.Views, v.Visitors = total(v.ImpressionsBy), total(v.ViewsBy), total(v.VisitorsBy)
	return v
}

func getShopPerformance202405(c *gate.Call) *gate.Failure {
	return reportOn(c, goods{}, func(r *report, of goods) *gate.Failure { return r.reported(showCompared(r, of, showShop202405)) })
}

// moneyOfKind is the part of an amount as the versions since 202509 show it.
type moneyOfKind struct {
	GMV  promotion.PriceMoney `json:"gmv"`
	Type string               `json:"type"`
}

type percentageOfKind struct {
	Percentage string `json:"percentage"`
	Type       string `json:"type"`
}

type brokenDown[T any] struct {
	Overall    promotion.PriceMoney `json:"overall"`
	Breakdowns []T                  `json:"breakdowns"`
}

// shopFigures are the figures of a shop as the version of 202509 shows them.
type shopFigures struct {
	Start   string      `json:"start_date"`
	End     string      `json:"end_date"`
	Sales   shopSales   `json:"sales"`
	Traffic shopTraffic `json:"traffic"`
}

type shopSales struct {
	Customers int                          `json:"avg_customers_count"`
	GMV       brokenDown[moneyOfKind]      `json:"gmv"`
	Gross     brokenDown[percentageOfKind] `json:"gross_revenue"`
	Items     int                          `json:"items_sold"`
	Orders    int                          `json:"orders_count"`
	SKUOrders int                          `json:"sku_orders_count"`
	Refunds   promotion.PriceMoney         `json:"refunds"`
}

type shopTraffic struct {
	Visitors   int    `json:"avg_visitors"`
	Views      int    `json:"avg_page_views"`
	Conversion string `json:"avg_conversation_rate"` // spelt so by the platform
}

func showShop(r *report, f *figures) shopFigures {
	seen := f.traffic()
	visitors, customers := f.meanVisitors(seen), f.mean(f.customers)
	return shopFigures{
		Start: f.from.String(), End: f.to.String(),
		Sales: shopSales{
			Customers: customers,
			GMV: brokenDown[moneyOfKind]{r.money(f.gmv()), byKind(f, func(kind string, part *share) moneyOfKind {
				return moneyOfKind{r.money(part.gmv), kind}
			})},
			// The sandbox has no advertising.
			Gross: brokenDown[percentageOfKind]{r.money(f.gross), []percentageOfKind{{rate(1, 1), "NON_GMV_MAX"}, {rate(0, 1), "GMV_MAX"}}},
			Items: f.units(), Orders: f.orders, SKUOrders: f.skuOrders, Refunds: r.money(f.refunds),
		},
		Traffic: shopTraffic{visitors, f.mean(seen.views), rate(customers, visitors)},
	}
}

func getShopPerformance(c *gate.Call) *gate.Failure {
	return reportOn(c, goods{}, func(r *report, of goods) *gate.Failure {
		return r.reported(spans[shopFigures]{show(r, of, r.asked, showShop)})
	})
}

// shopFigures202609 are the figures of a shop as far as they were seen of the
// version of 202609.
type shopFigures202609 struct {
	Start string          `json:"start_date"`
	End   string          `json:"end_date"`
	Sales shopSales202609 `json:"sales"`
}

type shopSales202609 struct {
	Customers int                  `json:"customers_count"`
	GMV       promotion.PriceMoney `json:"gmv"`
	Orders    int                  `json:"orders_count"`
	Refunds   promotion.PriceMoney `json:"refunds"`
	Requests  int                  `json:"cancellations_and_returns"`
}

func showShop202609(r *report, f *figures) shopFigures202609 {
	return shopFigures202609{f.from.String(), f.to.String(), shopSales202609{
		len(f.buyers), r.money(f.gmv()), f.orders, r.money(f.refunds), f.cancelled + f.refunded + f.returned,
	}}
}

func getShopPerformance202609(c *gate.Call) *gate.Failure {
	return reportOn(c, goods{}, func(r *report, of goods) *gate.Failure {
		return r.reported(spans[shopFigures202609]{show(r, of, r.asked, showShop202609)})
	})
}
