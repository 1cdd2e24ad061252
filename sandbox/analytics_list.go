package sandbox

import (
	"slices"
	"strings"
)

// ranked is a product or a SKU in a list of analytics.
type ranked struct {
	figures
	product *product
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

func readRankingFilter(c *call) rankingFilter {
	status, _ := lookup(c.query, "product_status_filter")
	f := rankingFilter{status, c.list("category_filter"), c.list("product_ids")}
	if one, _ := lookup(c.query, "product_id"); one != "" {
		f.products = []string{one}
	}
	return f
}

// takes tells whether a product passes. A category stands for all below it.
func (f *rankingFilter) takes(p *product, known *catalog) bool {
	switch {
	case f.status == "LIVE" && p.status != productActivate, f.status == "INACTIVE" && p.status == productActivate:
		return false
	case len(f.products) > 0 && !slices.Contains(f.products, p.id):
		return false
	}
	return len(f.categories) == 0 || known.under(p.live.categoryID, f.categories...)
}

// rank works out the figures of all products, or of all SKUs: those that were
// ever on sale, and those that were sold. The caller holds the shop's lock.
func (r *report) rank(bySKU bool) []*ranked {
	all := map[string]*ranked{}
	entry := func(product, sku string) *ranked {
		id := product
		if bySKU {
			id = sku
		}
		if all[id] == nil {
			all[id] = &ranked{product: productsOf(r.shop).byID[product], number: number(id)}
		}
		return all[id]
	}
	for _, p := range productsOf(r.shop).list {
		if !p.passed {
			continue
		}
		for i := range p.live.skus {
			entry(p.id, p.live.skus[i].id)
		}
	}
	p := r.asked.within(r.available)
	sold(r.shop, p.from.in(r.zone).Unix(), p.to.in(r.zone).Unix(), func(o *order) {
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
func rankingOf(c *call, name string, bySKU bool, show func(*report, *ranked) any) *failure {
	r, f := periodReport(c, "")
	if f != nil {
		return f
	}
	page, f := c.pageOf(1, 100, 10, codeInvalidParameter)
	if f != nil {
		return f
	}
	field, _ := lookup(c.query, "sort_field")
	direction, _ := lookup(c.query, "sort_order")
	filter := readRankingFilter(c)
	scope := strings.Join([]string{
		c.route.name, r.ID, r.asked.from.String(), r.asked.to.String(), r.currency.currency, field, direction,
		filter.status, strings.Join(filter.categories, ","), strings.Join(filter.products, ","),
	}, " ")
	after, f := page.cursor(c.state.world.seed, scope)
	if f != nil {
		return f
	}
	key := func(e *ranked) cursor { return cursor{e.value(field), e.number} }
	r.mu.RLock()
	defer r.mu.RUnlock()
	list := r.rank(bySKU)
	slices.SortFunc(list, func(a, b *ranked) int { return key(a).compare(key(b)) })
	found, next, count := paginate(list, direction != "ASC", after, page.size, key,
		func(e *ranked) bool { return filter.takes(e.product, catalogOf(c.state.world)) })
	entries := make([]any, 0, len(found))
	for _, e := range found {
		entries = append(entries, show(r, e))
	}
	end := c.pageEnd(next, scope, count)
	c.json(map[string]any{
		"latest_available_date": r.latest(), name: entries,
		"next_page_token": end.NextPageToken, "total_count": end.TotalCount,
	})
	return nil
}

func getProductRanking202405(c *call) *failure {
	return rankingOf(c, "products", false, func(r *report, e *ranked) any {
		return struct {
			ID        int64      `json:"id"`
			GMV       priceMoney `json:"gmv"`
			Orders    int        `json:"orders"`
			Units     int        `json:"units_sold"`
			ClickRate string     `json:"click_through_rate"`
		}{e.number, r.money(e.gmv()), e.orders, e.units(), e.traffic().clickRate()}
	})
}

func getProductRanking(c *call) *failure {
	type overall struct {
		GMV    priceMoney `json:"gmv"`
		Items  int        `json:"items_sold"`
		Orders int        `json:"orders"`
	}
	return rankingOf(c, "products", false, func(r *report, e *ranked) any {
		return struct {
			ID      string  `json:"id"`
			Overall overall `json:"overall_performance"`
		}{e.product.id, overall{r.money(e.gmv()), e.units(), e.orders}}
	})
}

// getSKURanking answers both versions, which show the same.
func getSKURanking(c *call) *failure {
	return rankingOf(c, "skus", true, func(r *report, e *ranked) any {
		return struct {
			ID      int64      `json:"id"`
			Product int64      `json:"product_id"`
			GMV     priceMoney `json:"gmv"`
			Orders  int        `json:"sku_orders"`
			Units   int        `json:"units_sold"`
		}{e.number, e.product.number, r.money(e.gmv()), e.orders, e.units()}
	})
}
