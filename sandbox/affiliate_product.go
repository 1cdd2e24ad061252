package sandbox

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

// affiliateProduct shows a product. The caller holds its shop's lock.
func (c *call) affiliateProduct(s *shop, p *product) affiliateProduct {
	return affiliateProduct{
		ID: p.id, Title: p.live.title, MainImage: c.mainImage(p), Status: p.affiliateStatus(),
		Inventory: p.stockLeft(), OriginalPrice: s.region.pricesOf(p, true),
	}
}

// mainImage is where the first picture of a product can be seen.
func (c *call) mainImage(p *product) string {
	if len(p.live.images) == 0 {
		return ""
	}
	return c.imageURL(p.live.images[0])
}

// affiliateStatus is the state of a product in the words of collaborations. They
// go on while it is off sale: the states that they know include that.
func (p *product) affiliateStatus() string {
	switch {
	case p.status == productSellerDeactivated:
		return "SELLER_DEACTIVATE"
	case p.status == productPlatformDeactivated:
		return "PLATFORM_DEACTIVATE"
	case p.status == productDeleted:
		return "DELETE"
	case p.status != productActivate:
		return "OTHER"
	case p.stockLeft() == 0:
		return "OUT_OF_STOCK"
	}
	return "LIVE"
}

// prices are the lowest and the highest price of a product, before discounts
// where original.
func (p *product) prices(original bool) (lowest, highest int64) {
	for i := range p.live.skus {
		price := p.live.skus[i].price
		if original {
			price = max(price, p.live.skus[i].listPrice)
		}
		if i == 0 || price < lowest {
			lowest = price
		}
		highest = max(highest, price)
	}
	return lowest, highest
}

func (r *region) pricesOf(p *product, original bool) priceRange {
	lowest, highest := p.prices(original)
	return r.priceRange(lowest, highest)
}

func (r *region) priceRange(lowest, highest int64) priceRange {
	return priceRange{r.currency, r.money(highest), r.money(lowest)}
}
