package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

type sizedImage struct {
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

func lineImage(c *gate.Call, line *trade.LineItem) sizedImage {
	view := sizedImage{URL: media.ImageURL(c, line.SKUImage)}
	if info := media.ImagesOf(c.State.World).Get(line.SKUImage); info != nil {
		view.Width, view.Height = info.Width, info.Height
	}
	return view
}

// nextAction is what the seller has to do, and until when.
type nextAction struct {
	Action   string `json:"action"`
	Deadline int64  `json:"deadline"`
}

type refundView struct {
	Currency string `json:"currency"`
	Total    string `json:"refund_total"`
	Subtotal string `json:"refund_subtotal"`
	Shipping string `json:"refund_shipping_fee"`
	Tax      string `json:"refund_tax"`
	Retail   string `json:"retail_delivery_fee"`
}

func newRefundView(r *market.Region, a trade.Amounts) refundView {
	return refundView{r.Currency, r.Money(a.Total()), r.Money(a.Subtotal), r.Money(a.Shipping), r.Money(a.Tax + a.ShippingTax), r.Money(a.Retail)}
}
