package sandbox

import (
	"cmp"
	"slices"
	"strings"
)

// offeredProduct is a product in an open collaboration of any shop.
type offeredProduct struct {
	Chain         []categoryView    `json:"category_chains"`
	Commission    offeredCommission `json:"commission"`
	DetailLink    string            `json:"detail_link"`
	HasInventory  bool              `json:"has_inventory"`
	ID            string            `json:"id"`
	MainImage     string            `json:"main_image_url"`
	OriginalPrice priceRange        `json:"original_price"`
	SaleRegion    string            `json:"sale_region"`
	SalesPrice    priceRange        `json:"sales_price"`
	Shop          offeredBy         `json:"shop"`
	Title         string            `json:"title"`
	UnitsSold     int64             `json:"units_sold"`

	number          int64 // the id
	lowest, highest int64 // prices
	commission      int64
}

type offeredCommission struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	Rate     int64  `json:"rate"`
}

type offeredBy struct {
	Name string `json:"name"`
}

// searchOpenProducts searches what all shops of the seller's regions offer to
// creators. Only what can be bought is found.
func searchOpenProducts(c *call) *failure {
	var in struct {
		Category struct {
			ID string `json:"id"`
		} `json:"category"`
		Rate struct {
			From *int64 `json:"rate_ge"`
			To   *int64 `json:"rate_lt"`
		} `json:"commission_rate_range"`
		Price struct {
			From string `json:"amount_ge"`
			To   string `json:"amount_lt"`
		} `json:"sales_price_range"`
		Title []string `json:"title_keywords"`
	}
	if f := c.decode(&in); f != nil {
		return f
	}
	named := c.shop
	if f := c.withShop(""); f != nil {
		return f
	}
	fields := map[string]func(*offeredProduct) int64{
		"commission_rate":     func(p *offeredProduct) int64 { return p.Commission.Rate },
		"product_sales_price": func(p *offeredProduct) int64 { return p.lowest },
		"commission":          func(p *offeredProduct) int64 { return p.commission },
		"units_sold":          func(p *offeredProduct) int64 { return p.UnitsSold },
	}
	field, _ := lookup(c.query, "sort_field")
	by := fields[cmp.Or(field, "commission_rate")]
	l, f := c.financeList("", "", field)
	if f != nil {
		return f
	}
	regions := []*shop{named}
	if named == nil {
		regions = c.grant.shops
	}
	var all []*offeredProduct
	for _, s := range c.state.world.shops {
		if slices.ContainsFunc(regions, func(of *shop) bool { return of.Region == s.Region }) {
			all = append(all, offeredProducts(c, s)...)
		}
	}
	key := func(p *offeredProduct) cursor { return cursor{by(p), p.number} }
	slices.SortFunc(all, func(a, b *offeredProduct) int { return key(a).compare(key(b)) })
	page, next, total := financePageOf(l, all, key, func(p *offeredProduct) bool {
		r := regionOf(p.SaleRegion)
		from, fromOK := r.parseMoney(in.Price.From)
		to, toOK := r.parseMoney(in.Price.To)
		return (in.Category.ID == "" || slices.ContainsFunc(p.Chain, func(at categoryView) bool { return at.ID == in.Category.ID })) &&
			(in.Rate.From == nil || p.Commission.Rate >= *in.Rate.From) &&
			(in.Rate.To == nil || p.Commission.Rate < *in.Rate.To) &&
			(!fromOK || p.highest >= from) && (!toOK || p.lowest < to) && hasAllWords(p.Title, in.Title)
	})
	c.json(struct {
		pageEnd
		Products []*offeredProduct `json:"products"`
	}{pageEnd{next, total}, page})
	return nil
}

// hasAllWords tells whether a title has every keyword.
func hasAllWords(title string, words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool {
		return !strings.Contains(strings.ToLower(title), strings.ToLower(word))
	})
}

// offeredProducts lists what a shop offers to creators. It takes the lock.
func offeredProducts(c *call, s *shop) (list []*offeredProduct) {
	s.mu.Lock()
	defer s.mu.Unlock()
	enroll(s, c.now)
	sold := unitsSold(s)
	for _, o := range affiliateOf(s).Open {
		p := productsOf(s).byID[o.Product]
		settleProduct(s, p, c.now)
		if !o.runs(c.now.Unix()) || p.status != productActivate {
			continue
		}
		lowest, highest := priceSpan(p, false)
		commission := commissionOf(lowest, o.Rate)
		v := &offeredProduct{
			Commission: offeredCommission{s.region.money(commission), s.region.currency, o.Rate},
			DetailLink: affiliateLink(c, "product", p.id), HasInventory: p.stockLeft() > 0, ID: p.id, MainImage: mainImage(c, p),
			OriginalPrice: pricesOf(s.region, p, true), SaleRegion: s.Region, SalesPrice: pricesOf(s.region, p, false),
			Shop: offeredBy{s.Name}, Title: p.live.title, UnitsSold: sold[p.id], Chain: []categoryView{},
			number: p.number, lowest: lowest, highest: highest, commission: commission,
		}
		if node := catalogOf(c.state.world).byID[p.live.categoryID]; node != nil {
			v.Chain = categoryViews(node.chain(), s.region.locale)
		}
		list = append(list, v)
	}
	return list
}

// unitsSold counts the units of each product that buyers paid for and kept. The
// caller holds the lock.
func unitsSold(s *shop) map[string]int64 {
	sold := map[string]int64{}
	for _, o := range ordersOf(s).byCreate {
		if o.PaidTime == 0 || o.IsSampleOrder {
			continue
		}
		for i := range o.LineItems {
			if line := &o.LineItems[i]; line.DisplayStatus != orderCancelled {
				sold[line.ProductID]++
			}
		}
	}
	return sold
}

// affiliateLink is a page that stands for one of the platform's.
func affiliateLink(c *call, kind, id string) string {
	return c.baseURL() + filePrefix + kind + "-" + id + ".html"
}
