package fulfillment

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// markAsShipped ships lines of an order with the seller's own carrier. The
// operation belongs to the markets in which lines go into packages as they are
// shipped.
func markAsShipped(c *gate.Call) *gate.Failure {
	var input struct {
		Lines              []string `json:"order_line_item_ids"`
		TrackingNumber     string   `json:"tracking_number"`
		ShippingProviderID string   `json:"shipping_provider_id"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	switch {
	case input.TrackingNumber == "":
		return gate.Missing("tracking_number")
	case input.ShippingProviderID == "":
		return gate.Missing("shipping_provider_id")
	}
	s := c.Shop
	o, f := trade.FindOrder(c, c.Param(0), codeFieldsRejected)
	if f != nil {
		return f
	}
	if s.Market.ByPackage {
		return gate.Fail(codeRegionRefused, "in this market packages are shipped one by one")
	}
	lines, f := trade.PickLines(s, o, input.Lines)
	if f != nil {
		return f
	}
	if o.ShippingType != trade.ShippingSeller {
		return gate.Fail(codeNotSellerShipped, "order ", o.ID, " is shipped by the platform")
	}
	if f := trade.RefuseShipping(s, []string{o.ID}); f != nil {
		return f
	}
	by, f := trade.CheckTracking(s, []string{o.ID}, input.ShippingProviderID, input.TrackingNumber)
	if f != nil {
		return f
	}
	now := c.Now.Unix()
	p, f := trade.Wrap(s, o, lines, now)
	if f != nil {
		return f
	}
	trade.EndRequests(s, []string{o.ID}, now)
	trade.Arrange(s, p, by, input.TrackingNumber, now)
	c.JSON(struct {
		OrderID   string   `json:"order_id"`
		Lines     []string `json:"order_line_item_ids"`
		PackageID string   `json:"package_id"`
	}{o.ID, p.Lines(), p.ID})
	return nil
}
