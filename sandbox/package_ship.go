package sandbox

import (
	"slices"
	"strings"
)

// shipment is how a package is to be shipped.
type shipment struct {
	HandoverMethod string        `json:"handover_method"`
	PickupSlot     *slotInput    `json:"pickup_slot"`
	SelfShipment   *selfShipment `json:"self_shipment"`
}

type slotInput struct {
	StartTime int64 `json:"start_time"`
	EndTime   int64 `json:"end_time"`
}

type selfShipment struct {
	TrackingNumber     string `json:"tracking_number"`
	ShippingProviderID string `json:"shipping_provider_id"`
}

func (in *shipment) validate(prefix string) *failure {
	if methods := []string{handoverPickup, handoverDropOff}; in.HandoverMethod != "" && !slices.Contains(methods, in.HandoverMethod) {
		return notAllowed(prefix+"handover_method", in.HandoverMethod, methods)
	}
	if self := in.SelfShipment; self != nil {
		switch {
		case self.TrackingNumber == "":
			return missing(prefix + "self_shipment.tracking_number")
		case self.ShippingProviderID == "":
			return missing(prefix + "self_shipment.shipping_provider_id")
		}
	}
	return nil
}

// shipPackage arranges the shipment of one package.
func shipPackage(c *call) *failure {
	var input shipment
	if f := c.decode(&input); f != nil {
		return f
	}
	if f := input.validate(""); f != nil {
		return f
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	return c.shop.ship(c.param(0), &input, c.now.Unix())
}

// packageError is the failure of one package of a batch. The others are done.
type packageError struct {
	Code    int               `json:"code"`
	Message string            `json:"message"`
	Detail  packageErrorPlace `json:"detail"`
}

type packageErrorPlace struct {
	PackageID string `json:"package_id"`
}

// packageErrors answers a batch: with code 0 whatever became of its parts.
func (c *call) packageErrors(list []packageError) {
	if list == nil {
		return
	}
	c.json(struct {
		Errors []packageError `json:"errors"`
	}{list})
}

// shipPackages arranges the shipment of several packages. What fails is told
// apart from what is done.
func shipPackages(c *call) *failure {
	var input struct {
		Packages []struct {
			ID string `json:"id"`
			shipment
		} `json:"packages"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if len(input.Packages) == 0 {
		return missing("packages")
	}
	for i := range input.Packages {
		p := &input.Packages[i]
		if p.ID == "" {
			return missing("packages.id")
		}
		if f := p.validate("packages."); f != nil {
			return f
		}
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	var problems []packageError
	for i := range input.Packages {
		p := &input.Packages[i]
		if f := c.shop.ship(p.ID, &p.shipment, c.now.Unix()); f != nil {
			problems = append(problems, packageError{f.code, f.message, packageErrorPlace{p.ID}})
		}
	}
	c.packageErrors(problems)
	return nil
}

// ship arranges the shipment of a package, with a carrier of the platform or
// with that of the seller.
func (s *shop) ship(id string, in *shipment, now int64) *failure {
	p := s.trade.Packages[id]
	if p == nil {
		return fail(codeShopForeignPackage, "package ", id, " does not exist or is not the shop's")
	}
	switch p.Status {
	case packageCancelled:
		return fail(codeShipCancelled, "package ", id, " is cancelled with its order")
	case packageProcessing, packageFulfilling:
		return fail(codePackageShipped, "package ", id, " is shipped already")
	case packageCompleted:
		return fail(codePackageDelivered, "package ", id, " is delivered already")
	}
	if f := s.refuseShipping(p.orderIDs()); f != nil {
		return f
	}
	if p.ShippingType == shippingSeller {
		if in.SelfShipment == nil {
			return missing("self_shipment")
		}
		by, f := s.checkTracking(p.orderIDs(), in.SelfShipment.ShippingProviderID, in.SelfShipment.TrackingNumber)
		if f != nil {
			return f
		}
		s.endRequests(p.orderIDs(), now)
		s.arrange(p, by, in.SelfShipment.TrackingNumber, now)
		return nil
	}
	if f := s.handover(p, in.HandoverMethod, in.PickupSlot, now); f != nil {
		return f
	}
	s.endRequests(p.orderIDs(), now)
	by := pick(s.trade.Random, carriers(s.Region))
	s.arrange(p, by, s.trackingNumber(by), now)
	return nil
}

// handover notes how the carrier gets a package. Where the market does not
// honour the method, as in South-East Asia, it is ignored.
func (s *shop) handover(p *parcel, method string, slot *slotInput, now int64) *failure {
	if method == "" {
		method = handoverDropOff
		if slot != nil {
			method = handoverPickup
		}
	}
	if s.region.southEastAsia {
		p.HandoverMethod = method
		return nil
	}
	if method == handoverPickup {
		if slot == nil {
			return fail(codeSlotMissing, "a pick-up needs 'pickup_slot'")
		}
		wanted := pickupWindow{slot.StartTime, slot.EndTime}
		if !slices.ContainsFunc(s.region.pickupSlots(now), func(free pickupSlot) bool { return free.Available && free.pickupWindow == wanted }) {
			return fail(codeSlotWrong, "'pickup_slot' is not one of the free slots")
		}
		p.PickupSlot = &wanted
	}
	p.HandoverMethod = method
	return nil
}

// refuseShipping says why orders may not be shipped: outside the US an open
// request of the buyer stops them.
func (s *shop) refuseShipping(orders []string) *failure {
	if s.region.packageAtPayment {
		for _, id := range orders {
			if s.pendingCancellation(id) != nil {
				return fail(codeAfterSaleOpen, "the buyer of order ", id, " wants to cancel: answer the request first")
			}
		}
	}
	return nil
}

// endRequests ends the open cancellation requests of orders that are shipped:
// so US sellers refuse them.
func (s *shop) endRequests(orders []string, now int64) {
	for _, id := range orders {
		if c := s.pendingCancellation(id); c != nil {
			s.moveCancellation(c, cancelCancelled, now)
		}
	}
}

// pickLines returns the lines of an order that a shipping call is about: those
// named, or all that are open.
func (s *shop) pickLines(o *order, named []string) ([]string, *failure) {
	switch o.Status {
	case orderUnpaid:
		return nil, fail(codeTradeRules, "order ", o.ID, " is not paid")
	case orderOnHold:
		return nil, fail(codeOrderHeld, "order ", o.ID, " is on hold, wait for the end of the hold")
	case orderCancelled:
		return nil, fail(codePackageAction, "order ", o.ID, " is cancelled")
	case orderAwaitingShipment, orderPartiallyShipping:
	default:
		return nil, fail(codeOrderShipped, "order ", o.ID, " is shipped already")
	}
	open := lineIDs(o.linesIn(orderAwaitingShipment))
	if len(named) == 0 {
		return open, nil
	}
	var chosen []string
	for _, id := range named {
		switch line := o.line(id); {
		case line == nil:
			return nil, fail(codeLineForeign, "line ", id, " is not one of order ", o.ID)
		case line.DisplayStatus != orderAwaitingShipment:
			return nil, fail(codeLineShipped, "line ", id, " is ", line.DisplayStatus)
		case !slices.Contains(chosen, id):
			chosen = append(chosen, id)
		}
	}
	return chosen, nil
}

// wrap puts lines into one package that is ready to ship. In the US packages
// begin here; elsewhere the lines are in one already, which splits where only
// some of them go.
func (s *shop) wrap(o *order, lines []string, now int64) (*parcel, *failure) {
	var at []*parcel
	for _, id := range lines {
		if p := s.trade.Packages[o.line(id).PackageID]; p != nil && !slices.Contains(at, p) {
			at = append(at, p)
		}
	}
	switch {
	case len(at) == 0:
		return s.newPackage(o, lines, now), nil
	case len(at) > 1:
		return nil, fail(codeSeveralPackages, "order ", o.ID, " has several packages, name the lines of one")
	}
	p := at[0]
	if len(p.lines()) == len(lines) {
		return p, nil
	}
	part := &p.Parts[0] // orders are not combined where this is done
	part.Lines = slices.DeleteFunc(part.Lines, func(id string) bool { return slices.Contains(lines, id) })
	p.Grouping, p.UpdateTime = groupSplit, max(p.UpdateTime, now)
	split := s.newPackage(o, lines, now)
	split.Grouping = groupSplit
	s.stamp(p, now)
	s.announcePackages("SPLIT", "ROLE_SELLER", now, p, split)
	return split, nil
}

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
	o, f := c.order(c.param(0), codeFieldsRejected)
	if f != nil {
		return f
	}
	if s.region.southEastAsia {
		return fail(codeRegionRefused, "in this market packages are shipped one by one")
	}
	lines, f := s.pickLines(o, input.Lines)
	if f != nil {
		return f
	}
	if o.ShippingType != shippingSeller {
		return fail(codeNotSellerShipped, "order ", o.ID, " is shipped by the platform")
	}
	if f := s.refuseShipping([]string{o.ID}); f != nil {
		return f
	}
	by, f := s.checkTracking([]string{o.ID}, input.ShippingProviderID, input.TrackingNumber)
	if f != nil {
		return f
	}
	now := c.now.Unix()
	p, f := s.wrap(o, lines, now)
	if f != nil {
		return f
	}
	s.endRequests([]string{o.ID}, now)
	s.arrange(p, by, input.TrackingNumber, now)
	c.json(struct {
		OrderID   string   `json:"order_id"`
		Lines     []string `json:"order_line_item_ids"`
		PackageID string   `json:"package_id"`
	}{o.ID, p.lines(), p.ID})
	return nil
}

// createPackages buys a label of the platform for lines of an order, which
// ships them. It belongs to the US.
func createPackages(c *call) *failure {
	var input struct {
		OrderID   string          `json:"order_id"`
		Lines     []string        `json:"order_line_item_ids"`
		ServiceID string          `json:"shipping_service_id"`
		Weight    *measuredWeight `json:"weight"`
		Dimension *measuredSize   `json:"dimension"`
	}
	newest := strings.HasPrefix(c.route.path, "/fulfillment/202512/")
	if newest {
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
			return f
		}
		if given.OrderID == "" && len(given.OrderIDs) == 1 {
			given.OrderID = given.OrderIDs[0]
		}
		input.OrderID, input.ServiceID, input.Weight, input.Dimension = given.OrderID, given.ServiceID, given.Weight, given.Dimension
		for _, line := range given.Lines {
			input.Lines = append(input.Lines, line.ID)
		}
	} else if f := c.decode(&input); f != nil {
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
	o, f := c.order(input.OrderID, codeFieldsRejected)
	if f != nil {
		return f
	}
	if s.region.packageAtPayment {
		return fail(codeRegionRefused, "labels are bought in the US only")
	}
	lines, f := s.pickLines(o, input.Lines)
	if f != nil {
		return f
	}
	if o.ShippingType != shippingTikTok {
		return fail(codeNoService, "order ", o.ID, " is shipped by the seller")
	}
	services, f := s.shippingServices(measured)
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
	p, f := s.wrap(o, lines, now)
	if f != nil {
		return f
	}
	p.Weight, p.Dimension, p.Service = input.Weight, input.Dimension, &service
	by, _ := s.carrier(service.ProviderID)
	s.endRequests([]string{o.ID}, now)
	s.arrange(p, by, s.trackingNumber(by), now)
	view := createdPackage{
		PackageID: p.ID, CreateTime: p.CreateTime, Weight: p.Weight, Dimension: p.Dimension, Service: p.Service.bought(),
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
	o, f := c.order(input.OrderID, codeFieldsRejected)
	if f != nil {
		return f
	}
	if s.region.packageAtPayment {
		return fail(codeRegionRefused, "in this market packages exist before they are shipped: ship them")
	}
	lines, f := s.pickLines(o, input.Lines)
	if f != nil {
		return f
	}
	if o.ShippingType != shippingTikTok {
		return fail(codeNoService, "order ", o.ID, " is shipped by the seller")
	}
	now := c.now.Unix()
	// The slot is checked before there is a package.
	var given parcel
	if f := s.handover(&given, input.HandoverMethod, input.PickupSlot, now); f != nil {
		return f
	}
	p, f := s.wrap(o, lines, now)
	if f != nil {
		return f
	}
	p.HandoverMethod, p.PickupSlot = given.HandoverMethod, given.PickupSlot
	s.endRequests([]string{o.ID}, now)
	by := pick(s.trade.Random, carriers(s.Region))
	s.arrange(p, by, s.trackingNumber(by), now)
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
