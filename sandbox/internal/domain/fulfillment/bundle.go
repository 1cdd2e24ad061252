package fulfillment

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/paper"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// createBundle bundles orders that are shipped with the platform and not
// collected yet. Orders that are not are told apart.
func createBundle(c *gate.Call) *gate.Failure {
	var input struct {
		Orders         []string `json:"order_ids"`
		HandoverMethod string   `json:"handover_method"`
		PhoneTail      string   `json:"phone_tail_number"`
		ProviderID     string   `json:"shipping_provider_id"`
		TrackingNumber string   `json:"tracking_number"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	methods := []string{trade.HandoverPickup, trade.HandoverDropOff}
	switch {
	case len(input.Orders) == 0:
		return gate.Missing("order_ids")
	case input.HandoverMethod == "":
		return gate.Missing("handover_method")
	case !slices.Contains(methods, input.HandoverMethod):
		return gate.NotAllowed("handover_method", input.HandoverMethod, methods)
	}
	type place struct {
		OrderID string `json:"order_id"`
	}
	type problem struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Detail  place  `json:"detail"`
	}
	if f := c.WithShop(input.Orders[0]); f != nil {
		return f
	}
	s := c.Shop
	s.Mu.Lock()
	defer s.Mu.Unlock()
	var orders []string
	var problems []problem
	for _, id := range input.Orders {
		o, f := trade.FindOrder(c, id, codeForeignPackage)
		if f == nil && (o.Status != trade.OrderAwaitingCollection || o.ShippingType != trade.ShippingTikTok) {
			f = gate.Fail(trade.CodePackageAction, "order ", id, " is ", o.Status, " and shipped by ", o.ShippingType)
		}
		if f != nil {
			problems = append(problems, problem{f.Code, f.Message, place{id}})
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
		view.ID = trade.BundleUp(s, trade.Bundle{Orders: orders, HandoverMethod: input.HandoverMethod, TrackingNumber: input.TrackingNumber})
		view.URL = c.BaseURL() + documentPrefix + view.ID + "-BUNDLE-A6-" + documentKey(c.State.World, view.ID) + ".pdf"
	}
	c.JSON(view)
	return nil
}

// bundleLabel draws the label of a bundle.
func bundleLabel(s *world.Shop, id string, b trade.Bundle) *paper.PDF {
	const mm = 72 / 25.4
	d := &paper.PDF{Title: "Bundle " + id}
	page := d.Page(105*mm, 148*mm)
	page.Text(20, page.Height-36, 16, true, "First-mile bundle")
	page.Text(20, page.Height-52, 8, false, "SANDBOX - NOT FOR SHIPMENT")
	barcode(page, 20, page.Height-120, 250, 50, id)
	page.Text(20, page.Height-134, 10, true, id)
	page.Text(20, page.Height-156, 9, false, s.Name+", "+b.HandoverMethod)
	for i, order := range b.Orders {
		if y := page.Height - 176 - 12*float64(i); y > 20 {
			page.Text(20, y, 9, false, "Order "+order)
		}
	}
	return d
}
