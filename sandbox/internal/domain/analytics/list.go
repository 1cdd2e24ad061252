package analytics

import (
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// ranked is a product or a SKU in a list of analytics.
type ranked struct {
	figures
	product *product.Product
	number  int64 // the id
}

// value is what a list is sorted by.
func (e *ranked) value(field string) int64 {
	switch field {
	case "orders", "order_count", "sku_orders": // of a SKU both are the same
		return int64(e.orders)
	case "items_sold", "unit_sold_count", "units_sold":
		return int64(e.units())
	case "click_through_rate":
		seen := e.traffic()
		return int64(seen.views) * 1_000_000 / int64(max(seen.impressions, 1))
	}
	return e.gmv()
}

// rankingFilter narrows a list down by what the products are like today.
type rankingFilter struct {
	status     string // LIVE, INACTIVE or ALL
	categories []string
	products   []string
}

func readRankingFilter(c *gate.Call) rankingFilter {
	status, _ := wire.Lookup(c.Query, "product_status_filter")
	f := rankingFilter{status, c.List("category_filter"), c.List("product_ids")}
	if one, _ := wire.Lookup(c.Query, "product_id"); one != "" {
		f.products = []string{one}
	}
	return f
}

// takes tells whether a product passes. A category stands for all below it.
func (f *rankingFilter) takes(p *product.Product, known *category.Catalog) bool {
	switch {
	case f.status == "LIVE" && p.Status != product.ProductActivate, f.status == "INACTIVE" && p.Status == product.ProductActivate:
		return false
	case len(f.products) > 0 && !slices.Contains(f.products, p.ID):
		return false
	}
	return len(f.categories) == 0 || known.Under(p.Live.CategoryID, f.categories...)
}

// rank works out the figures of all products, or of all SKUs: those that were
// ever on sale, and those that were sold. The caller holds the shop's lock.
func (r *report) rank(bySKU bool) []*ranked {
	all := map[string]*ranked{}
	entry := func(item, sku string) *ranked {
		id := item
		if bySKU {
			id = sku
		}
		if all[id] == nil {
			all[id] = &ranked{product: product.Of(r.Shop).ByID[item], number: invent.Number(id)}
		}
		return all[id]
	}
	for _, p := range product.Of(r.Shop).List {
		if !p.Passed {
			continue
		}
		for i := range p.Live.SKUs {
			entry(p.ID, p.Live.SKUs[i].ID)
		}
	}
	p := r.asked.within(r.available)
	sold(r.Shop, p.from.in(r.zone).Unix(), p.to.in(r.zone).Unix(), func(o *trade.Order) {
		var done []goods
		for i := range o.LineItems {
			of := goods{product: o.LineItems[i].ProductID}
			if bySKU {
				of.sku = o.LineItems[i].SKUID
			}
			if !slices.Contains(done, of) {
				done = append(done, of)
				entry(of.product, of.sku).sell(r, o, of)
			}
		}
	})
	list := make([]*ranked, 0, len(all))
	for _, one := range all {
		if !bySKU {
			r.attract(one.product, p, func(day) *figures { return &one.figures })
		}
		list = append(list, one)
	}
	return list
}

// rankingOf answers a call for a list under a name, the best first.
func rankingOf(c *gate.Call, name string, bySKU bool, show func(*report, *ranked) any) *gate.Failure {
	r, f := periodReport(c, "")
	if f != nil {
		return f
	}
	field, _ := wire.Lookup(c.Query, "sort_field")
	filter := readRankingFilter(c)
	r.Mu.RLock()
	defer r.Mu.RUnlock()
	list := slices.DeleteFunc(r.rank(bySKU), func(e *ranked) bool { return !filter.takes(e.product, category.CatalogOf(c.State.World)) })
	more := strings.Join([]string{filter.status, strings.Join(filter.categories, ","), strings.Join(filter.products, ",")}, " ")
	return rankingPage(r, name, field, more, list, func(e *ranked) gate.Cursor { return gate.Cursor{At: e.value(field), ID: e.number} }, show)
}

func getProductRanking202405(c *gate.Call) *gate.Failure {
	return rankingOf(c, "products", false, func(r *report, e *ranked) any {
		return struct {
			ID        int64                `json:"id"`
			GMV       promotion.PriceMoney `json:"gmv"`
			Orders    int                  `json:"orders"`
			Units     int                  `json:"units_sold"`
			ClickRate string               `json:"click_through_rate"`
		}{e.number, r.money(e.gmv()), e.orders, e.units(), e.traffic().clickRate()}
	})
}

func getProductRanking(c *gate.Call) *gate.Failure {
	type overall struct {
		GMV    promotion.PriceMoney `json:"gmv"`
		Items  int                  `json:"items_sold"`
		Orders int                  `json:"orders"`
	}
	return rankingOf(c, "products", false, func(r *report, e *ranked) any {
		return struct {
			ID      string  `json:"id"`
			Overall overall `json:"overall_performance"`
		}{e.product.ID, overall{r.money(e.gmv()), e.units(), e.orders}}
	})
}

// getSKURanking answers both versions, which show the same.
func getSKURanking(c *gate.Call) *gate.Failure {
	return rankingOf(c, "skus", true, func(r *report, e *ranked) any {
		return struct {
			ID      int64                `json:"id"`
			Product int64                `json:"product_id"`
			GMV     promotion.PriceMoney `json:"gmv"`
			Orders  int                  `json:"sku_orders"`
			Units   int                  `json:"units_sold"`
		}{e.number, e.product.Number, r.money(e.gmv()), e.orders, e.units()}
	})
}
