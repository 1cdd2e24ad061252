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

// newAffiliateProduct shows a product. The caller holds its shop's lock.
func newAffiliateProduct(c *call, s *shop, p *product) affiliateProduct {
	return affiliateProduct{
		ID: p.id, Title: p.live.title, MainImage: mainImage(c, p), Status: affiliateStatus(p),
		Inventory: p.stockLeft(), OriginalPrice: pricesOf(s.region, p, true),
	}
}

// mainImage is where the first picture of a product can be seen.
func mainImage(c *call, p *product) string {
	if len(p.live.images) == 0 {
		return ""
	}
	return imageURL(c, p.live.images[0])
}

// affiliateStatus is the state of a product in the words of collaborations. They
// go on while it is off sale: the states that they know include that.
func affiliateStatus(p *product) string {
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

// priceSpan are the lowest and the highest price of a product, before discounts
// where original.
func priceSpan(p *product, original bool) (lowest, highest int64) {
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

func pricesOf(r *region, p *product, original bool) priceRange {
	lowest, highest := priceSpan(p, original)
	return newPriceRange(r, lowest, highest)
}

func newPriceRange(r *region, lowest, highest int64) priceRange {
	return priceRange{r.currency, r.money(highest), r.money(lowest)}
}
