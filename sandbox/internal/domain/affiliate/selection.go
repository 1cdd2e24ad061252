package affiliate

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

// selectedProduct is a product that a creator may choose to promote.
type selectedProduct struct {
	Brand      string             `json:"brand_name"`
	Commission selectedCommission `json:"commission"`
	ID         string             `json:"id"`
	Image      string             `json:"main_image_url"`
	Market     soldSoFar          `json:"market_performance"`
	Price      selectedPrice      `json:"price"`
	Review     selectedReview     `json:"review"`
	Shop       selectedShop       `json:"shop"`
	Stock      selectedStock      `json:"stock"`
	Title      string             `json:"title"`

	offer *offeredProduct
}

type (
	selectedCommission struct {
		Amount string `json:"amount"`
		Rate   int64  `json:"rate"`
	}
	soldSoFar struct {
		Quantity int64 `json:"historical_sold_quantity"`
	}
	selectedPrice struct {
		Ceiling  string `json:"ceiling_price"`
		Currency string `json:"currency"`
		Floor    string `json:"floor_price"`
	}
	selectedReview struct {
		Count int    `json:"count"`
		Score string `json:"overall_score"`
	}
	selectedShop struct {
		Logo   string `json:"logo_url"`
		Name   string `json:"name"`
		Rating string `json:"rating"`
	}
	selectedStock struct {
		Quantity int64 `json:"quantity"`
	}
)

// score invents a rating out of five, the same for the same thing.
func score(of ...string) string {
	return strconv.FormatFloat(4+float64(invent.FNVMixed(of)%10)/10, 'f', 1, 64)
}

// selectionFilter is what a creator looks for. Pools of products have no documented
// meaning.
type selectionFilter struct {
	Categories []string `json:"category_ids"`
	Rate       struct {
		From *int64 `json:"rate_ge"`
		To   *int64 `json:"rate_le"`
	} `json:"commission_rate_range"`
	Pools []string `json:"pool_ids"`
	Price struct {
		From string `json:"price_ge"`
		To   string `json:"price_le"`
	} `json:"price_range"`
	Products []string `json:"product_ids"`
	Rating   struct {
		From *int64 `json:"rating_ge"`
		To   *int64 `json:"rating_le"`
	} `json:"shop_rating_range"`
	Sold struct {
		From *int64 `json:"quantity_ge"`
		To   *int64 `json:"quantity_le"`
	} `json:"sold_quantity_range"`
	Title string `json:"title_keyword"`
}

// within tells whether a value lies in a range whose ends may be open.
func within[T cmp.Ordered](value T, from, to *T) bool {
	return (from == nil || value >= *from) && (to == nil || value <= *to)
}

func (in *selectionFilter) matches(p *selectedProduct) bool {
	r := market.RegionOf(p.offer.SaleRegion)
	from, fromOK := r.ParseMoney(in.Price.From)
	to, toOK := r.ParseMoney(in.Price.To)
	rating, err := strconv.ParseFloat(p.Shop.Rating, 64)
	if err != nil {
		panic("sandbox: " + err.Error()) // it was written here
	}
	inCategory := len(in.Categories) == 0 || slices.ContainsFunc(p.offer.Chain, func(at category.CategoryView) bool { return slices.Contains(in.Categories, at.ID) })
	return inCategory && within(p.Commission.Rate, in.Rate.From, in.Rate.To) && within(p.Market.Quantity, in.Sold.From, in.Sold.To) &&
		(in.Rating.From == nil || rating >= float64(*in.Rating.From)) && (in.Rating.To == nil || rating <= float64(*in.Rating.To)) &&
		(!fromOK || p.offer.highest >= from) && (!toOK || p.offer.lowest <= to) &&
		(len(in.Products) == 0 || slices.Contains(in.Products, p.ID)) && hasAllWords(p.Title, []string{in.Title})
}

// selectionOrders are how a creator may sort, by what counts and whether the most
// comes first. What the platform recommends is what sold best.
var selectionOrders = map[string]struct {
	by   func(*offeredProduct) int64
	most bool
}{
	"RECOMMENDED":          {func(p *offeredProduct) int64 { return p.UnitsSold }, true},
	"BEST_SELLERS":         {func(p *offeredProduct) int64 { return p.UnitsSold }, true},
	"LOW_PRICE":            {func(p *offeredProduct) int64 { return p.lowest }, false},
	"HIGH_PRICE":           {func(p *offeredProduct) int64 { return p.lowest }, true},
	"NEWLY_RELEASED":       {func(p *offeredProduct) int64 { return p.number }, true},
	"HIGH_COMMISSION_RATE": {func(p *offeredProduct) int64 { return p.Commission.Rate }, true},
}

// selectProducts pages through what all shops of the creator's market offer.
func selectProducts(c *gate.Call) *gate.Failure {
	var in struct {
		Filter selectionFilter `json:"filter_params"`
		Sort   struct {
			Type string `json:"sort_type"`
		} `json:"sort_params"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	order, known := selectionOrders[cmp.Or(in.Sort.Type, "RECOMMENDED")]
	if !known {
		order = selectionOrders["RECOMMENDED"]
	}
	l, f := c.TimedList("", "", in.Sort.Type)
	if f != nil {
		return f
	}
	l.Descending = order.most
	cr := acting(c)
	var all []*selectedProduct
	for _, s := range c.State.World.Shops {
		if s.Region != cr.region.Code {
			continue
		}
		for _, p := range offeredProducts(c, s) {
			s.Mu.RLock()
			of := product.Of(s).ByID[p.ID]
			v := &selectedProduct{
				Commission: selectedCommission{p.Commission.Amount, p.Commission.Rate}, ID: p.ID, Image: p.MainImage,
				Market: soldSoFar{p.UnitsSold}, Price: selectedPrice{s.Market.Money(p.highest), s.Market.Currency, s.Market.Money(p.lowest)},
				Review: selectedReview{int(p.UnitsSold / 3), score("review", p.ID)},
				Shop:   selectedShop{affiliateLink(c, "shop", s.ID), s.Name, score("shop", s.ID)}, Stock: selectedStock{of.StockLeft()}, Title: p.Title, offer: p,
			}
			if b := category.BrandsOf(c.State.World).Get(of.Live.BrandID); b != nil {
				v.Brand = b.Name
			}
			s.Mu.RUnlock()
			all = append(all, v)
		}
	}
	key := func(p *selectedProduct) gate.Cursor { return gate.Cursor{At: order.by(p.offer), ID: p.offer.number} }
	slices.SortFunc(all, func(a, b *selectedProduct) int { return key(a).Compare(key(b)) })
	page, next, total := gate.TimedPage(l, all, key, in.Filter.matches)
	c.JSON(struct {
		gate.PageEnd
		Products []*selectedProduct `json:"products"`
	}{gate.PageEnd{NextPageToken: next, TotalCount: total}, page})
	return nil
}
