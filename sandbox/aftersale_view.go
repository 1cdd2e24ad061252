package sandbox

type sizedImage struct {
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

func lineImage(c *call, line *lineItem) sizedImage {
	view := sizedImage{URL: imageURL(c, line.SKUImage)}
	if info := imagesOf(c.state.world).get(line.SKUImage); info != nil {
		view.Width, view.Height = info.width, info.height
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

func newRefundView(r *region, a amounts) refundView {
	return refundView{r.currency, r.money(a.total()), r.money(a.Subtotal), r.money(a.Shipping), r.money(a.Tax + a.ShippingTax), r.money(a.Retail)}
}
