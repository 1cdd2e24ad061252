package fulfillment

import (
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// labelRequest asks for a label of the platform for lines of an order.
type labelRequest struct {
	OrderID   string                `json:"order_id"`
	Lines     []string              `json:"order_line_item_ids"`
	ServiceID string                `json:"shipping_service_id"`
	Weight    *trade.MeasuredWeight `json:"weight"`
	Dimension *trade.MeasuredSize   `json:"dimension"`
}

// readLabelRequest reads the body, which has other names from version 202512 on.
func readLabelRequest(c *gate.Call, newest bool) (labelRequest, *gate.Failure) {
	if !newest {
		var in labelRequest
		f := c.Decode(&in)
		return in, f
	}
	var given struct {
		OrderID string `json:"order_id"`
		Lines   []struct {
			ID string `json:"order_line_id"`
		} `json:"order_line_item"`
		OrderIDs  []string              `json:"order_list_ids"`
		ShipType  string                `json:"ship_type"` // its values are not documented
		ServiceID string                `json:"shipping_service_id"`
		Weight    *trade.MeasuredWeight `json:"weight"`
		Dimension *trade.MeasuredSize   `json:"dimension"`
	}
	if f := c.Decode(&given); f != nil {
		return labelRequest{}, f
	}
	if given.OrderID == "" && len(given.OrderIDs) == 1 {
		given.OrderID = given.OrderIDs[0]
	}
	in := labelRequest{OrderID: given.OrderID, ServiceID: given.ServiceID, Weight: given.Weight, Dimension: given.Dimension}
	for _, line := range given.Lines {
		in.Lines = append(in.Lines, line.ID)
	}
	return in, nil
}

// check refuses measures that are sent and wrong. Both may be left out.
func (in *labelRequest) check() *gate.Failure {
	weight, size := in.Weight, in.Dimension
	if weight == nil {
		weight = &trade.MeasuredWeight{Value: "1", Unit: "GRAM"}
	}
	if size == nil {
		size = &trade.MeasuredSize{Length: "1", Width: "1", Height: "1", Unit: "CM"}
	}
	_, f := measure(weight, size)
	return f
}

// fill takes the measures that the request leaves out from the products.
func (in *labelRequest) fill(s *world.Shop, o *trade.Order, lines []string) {
	var sold []*trade.LineItem
	for _, id := range lines {
		sold = append(sold, o.Line(id))
	}
	if in.Weight == nil {
		in.Weight = weightOf(s, sold)
	}
	if in.Dimension == nil {
		in.Dimension = sizeOf(s, sold)
	}
}

// labelLines returns an order that the platform's carriers ship, and those of
// its lines that go into a package: the named ones or all that wait.
// The refusal is for the markets in which packages begin at the payment.
func labelLines(c *gate.Call, orderID string, named []string, refusal string) (*trade.Order, []string, *gate.Failure) {
	o, f := trade.FindOrder(c, orderID, codeFieldsRejected)
	if f != nil {
		return nil, nil, f
	}
	if c.Shop.Market.PackageAtPayment {
		return nil, nil, gate.Fail(codeRegionRefused, refusal)
	}
	lines, f := trade.PickLines(c.Shop, o, named)
	if f != nil {
		return nil, nil, f
	}
	if o.ShippingType != trade.ShippingTikTok {
		return nil, nil, gate.Fail(codeNoService, "order ", o.ID, " is shipped by the seller")
	}
	return o, lines, nil
}

// createPackages buys a label of the platform for lines of an order, which
// ships them. It belongs to the US.
func createPackages(c *gate.Call) *gate.Failure {
	newest := strings.HasPrefix(c.Route.Path, "/fulfillment/202512/")
	input, f := readLabelRequest(c, newest)
	if f != nil {
		return f
	}
	if input.OrderID == "" {
		return gate.Missing("order_id")
	}
	if f := input.check(); f != nil {
		return f
	}
	if f := c.WithShop(input.OrderID); f != nil {
		return f
	}
	s := c.Shop
	s.Mu.Lock()
	defer s.Mu.Unlock()
	o, lines, f := labelLines(c, input.OrderID, input.Lines, "labels are bought in the US only")
	if f != nil {
		return f
	}
	input.fill(s, o, lines)
	measured, f := measure(input.Weight, input.Dimension)
	if f != nil {
		return f
	}
	services, f := shippingServices(s, measured)
	if f != nil {
		return f
	}
	service := services[0]
	if input.ServiceID != "" {
		at := slices.IndexFunc(services, func(v trade.ShippingService) bool { return v.ID == input.ServiceID })
		if at < 0 {
			return gate.Fail(codeLabelServiceGone, "no shipping service has the id ", input.ServiceID)
		}
		service = services[at]
	}
	now := c.Now.Unix()
	p, f := trade.Wrap(s, o, lines, now)
	if f != nil {
		return f
	}
	p.Label(input.Weight, input.Dimension, &service)
	by, _ := trade.FindCarrier(s, service.ProviderID)
	trade.EndRequests(s, []string{o.ID}, now)
	trade.Arrange(s, p, by, trade.TrackingNumber(s, by), now)
	view := createdPackage{
		PackageID: p.ID, CreateTime: p.CreateTime, Weight: p.Weight, Dimension: p.Dimension, Service: bought(p.Service),
	}
	if !newest {
		view.OrderID, view.Lines = o.ID, lines
	}
	c.JSON(view)
	return nil
}

type createdPackage struct {
	PackageID  string                `json:"package_id"`
	OrderID    string                `json:"order_id,omitempty"`
	Lines      []string              `json:"order_line_item_ids,omitempty"`
	CreateTime int64                 `json:"create_time"`
	Weight     *trade.MeasuredWeight `json:"weight"`
	Dimension  *trade.MeasuredSize   `json:"dimension"`
	Service    boughtService         `json:"shipping_service_info"`
}

// schedulePackage hands lines of an order to the platform's carrier, at the
// carrier's choice of service.
func schedulePackage(c *gate.Call) *gate.Failure {
	var input struct {
		OrderID string   `json:"order_id"`
		Lines   []string `json:"order_line_item_ids"`
		shipment
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if input.OrderID == "" {
		return gate.Missing("order_id")
	}
	if f := input.validate(""); f != nil {
		return f
	}
	if f := c.WithShop(input.OrderID); f != nil {
		return f
	}
	s := c.Shop
	s.Mu.Lock()
	defer s.Mu.Unlock()
	o, lines, f := labelLines(c, input.OrderID, input.Lines, "in this market packages exist before they are shipped: ship them")
	if f != nil {
		return f
	}
	now := c.Now.Unix()
	// The slot is checked before there is a package.
	method, slot, f := handover(s, input.HandoverMethod, input.PickupSlot, now)
	if f != nil {
		return f
	}
	p, f := trade.Wrap(s, o, lines, now)
	if f != nil {
		return f
	}
	p.HandOver(method, slot)
	trade.EndRequests(s, []string{o.ID}, now)
	by := invent.Pick(trade.Of(s).Random, market.Carriers(s.Region))
	trade.Arrange(s, p, by, trade.TrackingNumber(s, by), now)
	c.JSON(struct {
		PackageID      string   `json:"package_id"`
		OrderID        string   `json:"order_id"`
		Lines          []string `json:"order_line_item_ids"`
		CreateTime     int64    `json:"create_time"`
		UpdateTime     int64    `json:"update_time"`
		HandoverMethod string   `json:"handover_method"`
		ProviderID     string   `json:"shipping_provider_id"`
		ProviderName   string   `json:"shipping_provider_name"`
		TrackingNumber string   `json:"tracking_number"`
	}{p.ID, o.ID, lines, p.CreateTime, p.UpdateTime, p.HandoverMethod, p.ProviderID, p.ProviderName, p.TrackingNumber})
	return nil
}
