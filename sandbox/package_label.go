package sandbox

import (
	"slices"
	"strings"
)

// labelRequest asks for a label of the platform for lines of an order.
type labelRequest struct {
	OrderID   string          `json:"order_id"`
	Lines     []string        `json:"order_line_item_ids"`
	ServiceID string          `json:"shipping_service_id"`
	Weight    *measuredWeight `json:"weight"`
	Dimension *measuredSize   `json:"dimension"`
}

// readLabelRequest reads the body, which has other names from version 202512 on.
func readLabelRequest(c *call, newest bool) (labelRequest, *failure) {
	if !newest {
		var in labelRequest
		f := c.decode(&in)
		return in, f
	}
	var given struct {
		OrderID string `json:"order_id"`
		Lines   []struct {
			ID string `json:"order_line_id"`
		} `json:"order_line_item"`
		OrderIDs  []string        `json:"order_list_ids"`
		ShipType  string          `json:"ship_type"` // its values are not documented
		ServiceID string          `json:"shipping_service_id"`
		Weight    *measuredWeight `json:"weight"`
		Dimension *measuredSize   `json:"dimension"`
	}
	if f := c.decode(&given); f != nil {
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

// labelLines returns an order that the platform's carriers ship, and those of
// its lines that go into a package: the named ones or all that wait.
// The refusal is for the markets in which packages begin at the payment.
func labelLines(c *call, orderID string, named []string, refusal string) (*order, []string, *failure) {
	o, f := findOrder(c, orderID, codeFieldsRejected)
	if f != nil {
		return nil, nil, f
	}
	if c.shop.region.packageAtPayment {
		return nil, nil, fail(codeRegionRefused, refusal)
	}
	lines, f := pickLines(c.shop, o, named)
	if f != nil {
		return nil, nil, f
	}
	if o.ShippingType != shippingTikTok {
		return nil, nil, fail(codeNoService, "order ", o.ID, " is shipped by the seller")
	}
	return o, lines, nil
}

// createPackages buys a label of the platform for lines of an order, which
// ships them. It belongs to the US.
func createPackages(c *call) *failure {
	newest := strings.HasPrefix(c.route.path, "/fulfillment/202512/")
	input, f := readLabelRequest(c, newest)
	if f != nil {
		return f
	}
	if input.OrderID == "" {
		return missing("order_id")
	}
	measured, f := measure(input.Weight, input.Dimension)
	if f != nil {
		return f
	}
	if f := c.withShop(input.OrderID); f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	o, lines, f := labelLines(c, input.OrderID, input.Lines, "labels are bought in the US only")
	if f != nil {
		return f
	}
	services, f := shippingServices(s, measured)
	if f != nil {
		return f
	}
	service := services[0]
	if input.ServiceID != "" {
		at := slices.IndexFunc(services, func(v shippingService) bool { return v.ID == input.ServiceID })
		if at < 0 {
			return fail(codeLabelServiceGone, "no shipping service has the id ", input.ServiceID)
		}
		service = services[at]
	}
	now := c.now.Unix()
	p, f := wrap(s, o, lines, now)
	if f != nil {
		return f
	}
	p.label(input.Weight, input.Dimension, &service)
	by, _ := findCarrier(s, service.ProviderID)
	endRequests(s, []string{o.ID}, now)
	arrange(s, p, by, trackingNumber(s, by), now)
	view := createdPackage{
		PackageID: p.ID, CreateTime: p.CreateTime, Weight: p.Weight, Dimension: p.Dimension, Service: bought(p.Service),
	}
	if !newest {
		view.OrderID, view.Lines = o.ID, lines
	}
	c.json(view)
	return nil
}

type createdPackage struct {
	PackageID  string          `json:"package_id"`
	OrderID    string          `json:"order_id,omitempty"`
	Lines      []string        `json:"order_line_item_ids,omitempty"`
	CreateTime int64           `json:"create_time"`
	Weight     *measuredWeight `json:"weight"`
	Dimension  *measuredSize   `json:"dimension"`
	Service    boughtService   `json:"shipping_service_info"`
}

// schedulePackage hands lines of an order to the platform's carrier, at the
// carrier's choice of service.
func schedulePackage(c *call) *failure {
	var input struct {
		OrderID string   `json:"order_id"`
		Lines   []string `json:"order_line_item_ids"`
		shipment
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if input.OrderID == "" {
		return missing("order_id")
	}
	if f := input.validate(""); f != nil {
		return f
	}
	if f := c.withShop(input.OrderID); f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	o, lines, f := labelLines(c, input.OrderID, input.Lines, "in this market packages exist before they are shipped: ship them")
	if f != nil {
		return f
	}
	now := c.now.Unix()
	// The slot is checked before there is a package.
	method, slot, f := handover(s, input.HandoverMethod, input.PickupSlot, now)
	if f != nil {
		return f
	}
	p, f := wrap(s, o, lines, now)
	if f != nil {
		return f
	}
	p.handOver(method, slot)
	endRequests(s, []string{o.ID}, now)
	by := pick(tradeOf(s).Random, carriers(s.Region))
	arrange(s, p, by, trackingNumber(s, by), now)
	c.json(struct {
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
