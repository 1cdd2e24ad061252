package sandbox

// markAsShipped ships lines of an order with the seller's own carrier. The
// operation belongs to the markets in which lines go into packages as they are
// shipped.
func markAsShipped(c *call) *failure {
	var input struct {
		Lines              []string `json:"order_line_item_ids"`
		TrackingNumber     string   `json:"tracking_number"`
		ShippingProviderID string   `json:"shipping_provider_id"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	switch {
	case input.TrackingNumber == "":
		return missing("tracking_number")
	case input.ShippingProviderID == "":
		return missing("shipping_provider_id")
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	o, f := findOrder(c, c.param(0), codeFieldsRejected)
	if f != nil {
		return f
	}
	if s.region.southEastAsia {
		return fail(codeRegionRefused, "in this market packages are shipped one by one")
	}
	lines, f := pickLines(s, o, input.Lines)
	if f != nil {
		return f
	}
	if o.ShippingType != shippingSeller {
		return fail(codeNotSellerShipped, "order ", o.ID, " is shipped by the platform")
	}
	if f := refuseShipping(s, []string{o.ID}); f != nil {
		return f
	}
	by, f := checkTracking(s, []string{o.ID}, input.ShippingProviderID, input.TrackingNumber)
	if f != nil {
		return f
	}
	now := c.now.Unix()
	p, f := wrap(s, o, lines, now)
	if f != nil {
		return f
	}
	endRequests(s, []string{o.ID}, now)
	arrange(s, p, by, input.TrackingNumber, now)
	c.json(struct {
		OrderID   string   `json:"order_id"`
		Lines     []string `json:"order_line_item_ids"`
		PackageID string   `json:"package_id"`
	}{o.ID, p.lines(), p.ID})
	return nil
}
