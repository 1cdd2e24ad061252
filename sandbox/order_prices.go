package sandbox

// priceDetail is how the price of an order, or of a line, comes about. What the
// markets of the sandbox do not have, such as fees for cash or for distance, is
// left out. total is subtotal, shipping_sale_price and tax_amount together; the
// fee per delivery of some US states, which has no field, is in it too.
type priceDetail struct {
	ID                string        `json:"id,omitempty"` // of a line
	Currency          string        `json:"currency"`
	Payment           string        `json:"payment"`
	Total             string        `json:"total"`
	SKUListPrice      string        `json:"sku_list_price"`
	SKUSalePrice      string        `json:"sku_sale_price"`
	Subtotal          string        `json:"subtotal"`
	DeductionSeller   string        `json:"subtotal_deduction_seller"`
	DeductionPlatform string        `json:"subtotal_deduction_platform"`
	SubtotalTax       string        `json:"subtotal_tax_amount"`
	ShippingListPrice string        `json:"shipping_list_price"`
	ShippingSalePrice string        `json:"shipping_sale_price"`
	ShippingSeller    string        `json:"shipping_fee_deduction_seller"`
	ShippingPlatform  string        `json:"shipping_fee_deduction_platform"`
	VoucherSeller     string        `json:"voucher_deduction_seller"`
	VoucherPlatform   string        `json:"voucher_deduction_platform"`
	NetPrice          string        `json:"net_price_amount"` // without tax
	Tax               string        `json:"tax_amount"`
	TaxRate           string        `json:"tax_rate,omitempty"`
	Lines             []priceDetail `json:"line_items,omitempty"`
}

// prices are the amounts behind a price detail.
type prices struct {
	list, seller, platform, tax, retail                   int64
	shipping, shippingSeller, shippingPlatform, shipping0 int64 // shipping0: the fee that is paid
	shippingTax                                           int64
}

func newPriceDetail(r *region, p prices) priceDetail {
	sale := p.list - p.seller - p.platform
	total := sale + p.shipping0 + p.tax + p.shippingTax + p.retail
	return priceDetail{
		Currency: r.currency, Payment: r.money(total), Total: r.money(total),
		SKUListPrice: r.money(p.list), SKUSalePrice: r.money(sale), Subtotal: r.money(sale),
		DeductionSeller: r.money(p.seller), DeductionPlatform: r.money(p.platform), SubtotalTax: r.money(p.tax),
		ShippingListPrice: r.money(p.shipping), ShippingSalePrice: r.money(p.shipping0),
		ShippingSeller: r.money(p.shippingSeller), ShippingPlatform: r.money(p.shippingPlatform),
		VoucherSeller: r.money(0), VoucherPlatform: r.money(0),
		NetPrice: r.money(sale + p.shipping0 + p.retail), Tax: r.money(p.tax + p.shippingTax),
	}
}

// getPriceDetail shows how the price of an order comes about. The shipping fee
// is spread over the lines; the first one takes what does not divide.
func getPriceDetail(c *call) *failure {
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	o, f := findOrder(c, c.param(0), codeForeignOrder)
	if f != nil {
		return f
	}
	r := c.shop.region
	value := orderValue(r, o)
	cofunded := r.cents(o.Payment.ShippingFeeCofundedDiscount)
	whole := prices{
		shipping:         r.cents(o.Payment.OriginalShippingFee),
		shippingSeller:   r.cents(o.Payment.ShippingFeeSellerDiscount),
		shippingPlatform: r.cents(o.Payment.ShippingFeePlatformDiscount) + cofunded,
		shipping0:        value.Shipping, shippingTax: value.ShippingTax,
	}
	count := int64(len(o.LineItems))
	share := func(amount int64, i int) int64 {
		if part := amount / count; i > 0 {
			return part
		} else {
			return amount - part*(count-1)
		}
	}
	var lines []priceDetail
	for i := range o.LineItems {
		line := &o.LineItems[i]
		own := lineValue(r, line)
		p := prices{
			list: r.cents(line.OriginalPrice), seller: r.cents(line.SellerDiscount), platform: r.cents(line.PlatformDiscount),
			tax: own.Tax, retail: own.Retail,
			shipping: share(whole.shipping, i), shippingSeller: share(whole.shippingSeller, i),
			shippingPlatform: share(whole.shippingPlatform, i),
			shippingTax:      share(whole.shippingTax, i),
		}
		p.shipping0 = p.shipping - p.shippingSeller - p.shippingPlatform
		whole.list, whole.seller, whole.platform = whole.list+p.list, whole.seller+p.seller, whole.platform+p.platform
		whole.tax, whole.retail = whole.tax+p.tax, whole.retail+p.retail
		view := newPriceDetail(r, p)
		view.ID = line.ID
		if len(line.ItemTax) > 0 {
			view.TaxRate = line.ItemTax[0].TaxRate
		}
		lines = append(lines, view)
	}
	view := newPriceDetail(r, whole)
	view.Lines = lines
	c.json(view)
	return nil
}
