package order

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

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

func newPriceDetail(r *market.Region, p prices) priceDetail {
	sale := p.list - p.seller - p.platform
	total := sale + p.shipping0 + p.tax + p.shippingTax + p.retail
	return priceDetail{
		Currency: r.Currency, Payment: r.Money(total), Total: r.Money(total),
		SKUListPrice: r.Money(p.list), SKUSalePrice: r.Money(sale), Subtotal: r.Money(sale),
		DeductionSeller: r.Money(p.seller), DeductionPlatform: r.Money(p.platform), SubtotalTax: r.Money(p.tax),
		ShippingListPrice: r.Money(p.shipping), ShippingSalePrice: r.Money(p.shipping0),
		ShippingSeller: r.Money(p.shippingSeller), ShippingPlatform: r.Money(p.shippingPlatform),
		VoucherSeller: r.Money(0), VoucherPlatform: r.Money(0),
		NetPrice: r.Money(sale + p.shipping0 + p.retail), Tax: r.Money(p.tax + p.shippingTax),
	}
}

// getPriceDetail shows how the price of an order comes about. The shipping fee
// is spread over the lines; the first one takes what does not divide.
func getPriceDetail(c *gate.Call) *gate.Failure {
	o, f := trade.FindOrder(c, c.Param(0), trade.CodeForeignOrder)
	if f != nil {
		return f
	}
	r := c.Shop.Market
	value := trade.OrderValue(r, o)
	cofunded := r.Cents(o.Payment.ShippingFeeCofundedDiscount)
	whole := prices{
		shipping:         r.Cents(o.Payment.OriginalShippingFee),
		shippingSeller:   r.Cents(o.Payment.ShippingFeeSellerDiscount),
		shippingPlatform: r.Cents(o.Payment.ShippingFeePlatformDiscount) + cofunded,
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
		own := trade.LineValue(r, line)
		p := prices{
			list: r.Cents(line.OriginalPrice), seller: r.Cents(line.SellerDiscount), platform: r.Cents(line.PlatformDiscount),
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
	c.JSON(view)
	return nil
}
