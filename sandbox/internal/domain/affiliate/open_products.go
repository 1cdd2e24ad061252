package affiliate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// offeredProduct is a product in an open collaboration of any shop.
type offeredProduct struct {
	Chain         []category.CategoryView `json:"category_chains"`
	Commission    offeredCommission       `json:"commission"`
	DetailLink    string                  `json:"detail_link"`
	HasInventory  bool                    `json:"has_inventory"`
	ID            string                  `json:"id"`
	MainImage     string                  `json:"main_image_url"`
	OriginalPrice priceRange              `json:"original_price"`
	SaleRegion    string                  `json:"sale_region"`
	SalesPrice    priceRange              `json:"sales_price"`
	Shop          offeredBy               `json:"shop"`
	Title         string                  `json:"title"`
	UnitsSold     int64                   `json:"units_sold"`

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

// offerFilter is what searches of offered products ask for.
type offerFilter struct {
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

func (in *offerFilter) matches(p *offeredProduct) bool {
	r := market.RegionOf(p.SaleRegion)
	from, fromOK := r.ParseMoney(in.Price.From)
	to, toOK := r.ParseMoney(in.Price.To)
	return (in.Category.ID == "" || slices.ContainsFunc(p.Chain, func(at category.CategoryView) bool { return at.ID == in.Category.ID })) &&
		(in.Rate.From == nil || p.Commission.Rate >= *in.Rate.From) &&
		(in.Rate.To == nil || p.Commission.Rate < *in.Rate.To) &&
		(!fromOK || p.highest >= from) && (!toOK || p.lowest < to) && hasAllWords(p.Title, in.Title)
}

// searchOpenProducts searches what all shops of the seller's regions offer to
// creators. Only what can be bought is found.
func searchOpenProducts(c *gate.Call) *gate.Failure {
	named := c.Shop
	if f := c.WithShop(""); f != nil {
		return f
	}
	regions := []*world.Shop{named}
	if named == nil {
		regions = c.Grant.Shops
	}
	return searchOffers(c, func(region string) bool {
		return slices.ContainsFunc(regions, func(of *world.Shop) bool { return of.Region == region })
	})
}

// searchOffersForCreator searches what all shops of the creator's market offer.
func searchOffersForCreator(c *gate.Call) *gate.Failure {
	cr := acting(c)
	return searchOffers(c, func(region string) bool { return cr.region.Code == region })
}

// searchOffers searches what the shops of some regions offer to creators.
func searchOffers(c *gate.Call, in func(region string) bool) *gate.Failure {
	var filter offerFilter
	if f := c.Decode(&filter); f != nil {
		return f
	}
	fields := map[string]func(*offeredProduct) int64{
		"commission_rate":     func(p *offeredProduct) int64 { return p.Commission.Rate },
		"product_sales_price": func(p *offeredProduct) int64 { return p.lowest },
		"commission":          func(p *offeredProduct) int64 { return p.commission },
		"units_sold":          func(p *offeredProduct) int64 { return p.UnitsSold },
	}
	field, _ := wire.Lookup(c.Query, "sort_field")
	by := fields[cmp.Or(field, "commission_rate")]
	l, f := c.TimedList("", "", field)
	if f != nil {
		return f
	}
	var all []*offeredProduct
	for _, s := range c.State.World.Shops {
		if in(s.Region) {
			all = append(all, offeredProducts(c, s)...)
		}
	}
	key := func(p *offeredProduct) gate.Cursor { return gate.Cursor{At: by(p), ID: p.number} }
	slices.SortFunc(all, func(a, b *offeredProduct) int { return key(a).Compare(key(b)) })
	page, next, total := gate.TimedPage(l, all, key, filter.matches)
	c.JSON(struct {
		gate.PageEnd
		Products []*offeredProduct `json:"products"`
	}{gate.PageEnd{NextPageToken: next, TotalCount: total}, page})
	return nil
}

// hasAllWords tells whether a title has every keyword.
func hasAllWords(title string, words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool {
		return !strings.Contains(strings.ToLower(title), strings.ToLower(word))
	})
}

// offeredProducts lists what a shop offers to creators. It takes the lock.
func offeredProducts(c *gate.Call, s *world.Shop) (list []*offeredProduct) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	enroll(s, c.Now)
	sold := unitsSold(s)
	for _, o := range Of(s).Open {
		p := product.Of(s).ByID[o.Product]
		if !o.runs(c.Now.Unix()) || p.Status != product.ProductActivate {
			continue
		}
		lowest, highest := priceSpan(p, false)
		commission := commissionOf(lowest, o.Rate)
		v := &offeredProduct{
			Commission: offeredCommission{s.Market.Money(commission), s.Market.Currency, o.Rate},
			DetailLink: affiliateLink(c, "product", p.ID), HasInventory: p.StockLeft() > 0, ID: p.ID, MainImage: mainImage(c, p),
			OriginalPrice: pricesOf(s.Market, p, true), SaleRegion: s.Region, SalesPrice: pricesOf(s.Market, p, false),
			Shop: offeredBy{s.Name}, Title: p.Live.Title, UnitsSold: sold[p.ID], Chain: []category.CategoryView{},
			number: p.Number, lowest: lowest, highest: highest, commission: commission,
		}
		if node := category.CatalogOf(c.State.World).ByID[p.Live.CategoryID]; node != nil {
			v.Chain = category.CategoryViews(node.Chain(), s.Market.Locale)
		}
		list = append(list, v)
	}
	return list
}

// unitsSold counts the units of each product that buyers paid for and kept. The
// caller holds the lock.
func unitsSold(s *world.Shop) map[string]int64 {
	sold := map[string]int64{}
	for _, o := range trade.OrdersOf(s).ByCreate {
		if o.PaidTime == 0 || o.IsSampleOrder || o.IsResent() {
			continue
		}
		for i := range o.LineItems {
			if line := &o.LineItems[i]; line.DisplayStatus != trade.OrderCancelled && !line.IsGift {
				sold[line.ProductID]++
			}
		}
	}
	return sold
}

// affiliateLink is a page that stands for one of the platform's.
func affiliateLink(c *gate.Call, kind, id string) string {
	return c.BaseURL() + world.FilePrefix + kind + "-" + id + ".html"
}
