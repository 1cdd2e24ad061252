package affiliate

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// affiliateProduct is a product as collaborations show it.
type affiliateProduct struct {
	ID            string     `json:"id"`
	Title         string     `json:"title"`
	MainImage     string     `json:"main_image_url"`
	Status        string     `json:"status"`
	Inventory     int64      `json:"inventory"`
	OriginalPrice priceRange `json:"original_price"`
}

type priceRange struct {
	Currency string `json:"currency"`
	Maximum  string `json:"maximum_amount"`
	Minimum  string `json:"minimum_amount"`
}

// newAffiliateProduct shows a product. The caller holds its shop's lock.
func newAffiliateProduct(c *gate.Call, s *world.Shop, p *product.Product) affiliateProduct {
	return affiliateProduct{
		ID: p.ID, Title: p.Live.Title, MainImage: mainImage(c, p), Status: affiliateStatus(p),
		Inventory: p.StockLeft(), OriginalPrice: pricesOf(s.Market, p, true),
	}
}

// mainImage is where the first picture of a product can be seen.
func mainImage(c *gate.Call, p *product.Product) string {
	if len(p.Live.Images) == 0 {
		return ""
	}
	return media.ImageURL(c, p.Live.Images[0])
}

// affiliateStatus is the state of a product in the words of collaborations. They
// go on while it is off sale: the states that they know include that.
func affiliateStatus(p *product.Product) string {
	switch {
	case p.Status == product.ProductSellerDeactivated:
		return "SELLER_DEACTIVATE"
	case p.Status == product.ProductPlatformDeactivated:
		return "PLATFORM_DEACTIVATE"
	case p.Status == product.ProductDeleted:
		return "DELETE"
	case p.Status != product.ProductActivate:
		return "OTHER"
	case p.StockLeft() == 0:
		return "OUT_OF_STOCK"
	}
	return "LIVE"
}

// priceSpan are the lowest and the highest price of a product, before discounts
// where original.
func priceSpan(p *product.Product, original bool) (lowest, highest int64) {
	for i := range p.Live.SKUs {
		price := p.Live.SKUs[i].Price
		if original {
			price = max(price, p.Live.SKUs[i].ListPrice)
		}
		if i == 0 || price < lowest {
			lowest = price
		}
		highest = max(highest, price)
	}
	return lowest, highest
}

func pricesOf(r *market.Region, p *product.Product, original bool) priceRange {
	lowest, highest := priceSpan(p, original)
	return newPriceRange(r, lowest, highest)
}

func newPriceRange(r *market.Region, lowest, highest int64) priceRange {
	return priceRange{r.Currency, r.Money(highest), r.Money(lowest)}
}
