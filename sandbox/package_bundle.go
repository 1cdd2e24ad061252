package sandbox

import "slices"

// createBundle bundles orders that are shipped with the platform and not
// collected yet. Orders that are not are told apart.
func createBundle(c *call) *failure {
	var input struct {
		Orders         []string `json:"order_ids"`
		HandoverMethod string   `json:"handover_method"`
		PhoneTail      string   `json:"phone_tail_number"`
		ProviderID     string   `json:"shipping_provider_id"`
		TrackingNumber string   `json:"tracking_number"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	methods := []string{handoverPickup, handoverDropOff}
	switch {
	case len(input.Orders) == 0:
		return missing("order_ids")
	case input.HandoverMethod == "":
		return missing("handover_method")
	case !slices.Contains(methods, input.HandoverMethod):
		return notAllowed("handover_method", input.HandoverMethod, methods)
	}
	type place struct {
		OrderID string `json:"order_id"`
	}
	type problem struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Detail  place  `json:"detail"`
	}
	if f := c.withShop(input.Orders[0]); f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	var orders []string
	var problems []problem
	for _, id := range input.Orders {
		o, f := findOrder(c, id, codeForeignPackage)
		if f == nil && (o.Status != orderAwaitingCollection || o.ShippingType != shippingTikTok) {
			f = fail(codePackageAction, "order ", id, " is ", o.Status, " and shipped by ", o.ShippingType)
		}
		if f != nil {
			problems = append(problems, problem{f.code, f.message, place{id}})
			continue
		}
		orders = append(orders, id)
	}
	var view struct {
		ID     string    `json:"first_mile_bundle_id,omitempty"`
		URL    string    `json:"url,omitempty"`
		Errors []problem `json:"errors,omitempty"`
	}
	view.Errors = problems
	if len(orders) > 0 {
		view.ID = bundleUp(s, bundle{Orders: orders, HandoverMethod: input.HandoverMethod, TrackingNumber: input.TrackingNumber})
		view.URL = c.baseURL() + documentPrefix + view.ID + "-BUNDLE-A6-" + documentKey(c.state.world, view.ID) + ".pdf"
	}
	c.json(view)
	return nil
}

// bundleLabel draws the label of a bundle.
func bundleLabel(s *shop, id string, b bundle) *pdf {
	const mm = 72 / 25.4
	d := &pdf{title: "Bundle " + id}
	page := d.page(105*mm, 148*mm)
	page.text(20, page.height-36, 16, true, "First-mile bundle")
	page.text(20, page.height-52, 8, false, "SANDBOX - NOT FOR SHIPMENT")
	barcode(page, 20, page.height-120, 250, 50, id)
	page.text(20, page.height-134, 10, true, id)
	page.text(20, page.height-156, 9, false, s.Name+", "+b.HandoverMethod)
	for i, order := range b.Orders {
		if y := page.height - 176 - 12*float64(i); y > 20 {
			page.text(20, y, 9, false, "Order "+order)
		}
	}
	return d
}
