package sandbox

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"slices"
)

// requestLines chooses the lines of a new request: those named, or all that are
// open to one.
func (s *shop) requestLines(o *order, lines []string, skus []skuCount) ([]string, *failure) {
	open := s.returnableLines(o)
	chosen, f := o.chosenLines(open, lines, skus)
	if f != nil {
		// An open request is a better reason than the lack of lines.
		for _, r := range s.trade.returnsOf[o.ID] {
			if r.open() {
				return nil, fail(codeReturnRunning, "request ", r.ID, " about order ", o.ID, " is open")
			}
		}
		return nil, f
	}
	if len(lines)+len(skus) == 0 {
		chosen = lineIDs(open)
	}
	if len(chosen) == 0 {
		if s.afterSaleOpen(o) {
			return nil, fail(codeReturnRunning, "a request about order ", o.ID, " is open")
		}
		return nil, fail(codeLineQuantity, "nothing is left of order ", o.ID)
	}
	return chosen, nil
}

// createReturn is the seller's refund, or the seller's return for a buyer.
func createReturn(c *call) *failure {
	var input struct {
		OrderID        string     `json:"order_id"`
		Type           string     `json:"return_type"`
		Reason         string     `json:"return_reason"`
		Lines          []string   `json:"order_line_item_ids"`
		SKUs           []skuCount `json:"skus"`
		Total          string     `json:"refund_total"`
		Currency       string     `json:"currency"`
		ShipmentType   string     `json:"shipment_type"`
		HandoverMethod string     `json:"handover_method"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	types, shipments := []string{returnRefund, returnGoods}, []string{shipmentPlatform, shipmentBuyer}
	methods := []string{handoverDropOff, handoverPickup}
	switch {
	case input.OrderID == "":
		return missing("order_id")
	case input.Type == "":
		return missing("return_type")
	case !slices.Contains(types, input.Type):
		return notAllowed("return_type", input.Type, types)
	case input.Reason == "":
		return missing("return_reason")
	case input.ShipmentType != "" && !slices.Contains(shipments, input.ShipmentType):
		return notAllowed("shipment_type", input.ShipmentType, shipments)
	case input.HandoverMethod != "" && !slices.Contains(methods, input.HandoverMethod):
		return notAllowed("handover_method", input.HandoverMethod, methods)
	}
	if f := checkSKUs(input.SKUs); f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	return c.repeat(func() *failure {
		o, f := c.order(input.OrderID, codeNotPermitted)
		if f != nil {
			return f
		}
		if f := s.refuseReturn(o, input.Type, roleSeller); f != nil {
			return f
		}
		if f := s.region.checkReason(input.Reason, roleSeller, o.Status, reasonKind(input.Type)); f != nil {
			return f
		}
		lines, f := s.requestLines(o, input.Lines, input.SKUs)
		if f != nil {
			return f
		}
		request := requestInput{
			kind: input.Type, role: roleSeller, reason: input.Reason, lines: lines,
			shipmentType: input.ShipmentType, handoverMethod: input.HandoverMethod,
		}
		if input.Total != "" {
			total, f := s.checkAmount(input.Total, input.Currency)
			if f != nil {
				return f
			}
			var most amounts
			for _, part := range s.refundable(o, lines) {
				most = most.plus(part)
			}
			if total > most.total() {
				return fail(codeRefundTooLarge, "'refund_total' is more than the ", s.region.money(most.total()), " that are left")
			}
			request.total = &total
		}
		made := s.newReturn(o, request, c.now.Unix())
		c.json(struct {
			ID     string `json:"return_id"`
			Status string `json:"return_status"`
		}{made.ID, made.Status})
		return nil
	})
}

// checkAmount reads an amount of money in a request.
func (s *shop) checkAmount(amount, currency string) (int64, *failure) {
	if currency != "" && currency != s.region.currency {
		return 0, fail(codeReturnParameter, "'currency' must be ", s.region.currency)
	}
	n, ok := s.region.parseMoney(amount)
	if !ok || n <= 0 {
		return 0, fail(codeReturnParameter, "the amount ", amount, " is not one of ", s.region.currency)
	}
	return n, nil
}

// returnRequest returns a request of the caller's shop.
func (c *call) returnRequest(id string) (*returnRequest, *failure) {
	if found := c.shop.trade.Returns[id]; found != nil {
		return found, nil
	}
	return nil, fail(codeOrderUnknown, "return ", id, " does not exist or is not the shop's")
}

// The decisions of a seller.
const (
	approveRefund      = "APPROVE_REFUND"
	approveReturn      = "APPROVE_RETURN"
	approveReceived    = "APPROVE_RECEIVED_PACKAGE"
	approveReplacement = "APPROVE_REPLACEMENT"
	refundInstead      = "ISSUE_REPLACEMENT_REFUND"
	offerPartial       = "OFFER_PARTIAL_REFUND"

	rejectRefund      = "REJECT_REFUND"
	rejectReturn      = "REJECT_RETURN"
	rejectReceived    = "REJECT_RECEIVED_PACKAGE"
	rejectReplacement = "REJECT_REPLACEMENT"
)

// approveReturnRequest is the seller's consent.
func approveReturnRequest(c *call) *failure {
	var input struct {
		Decision  string `json:"decision"`
		KeepsItem bool   `json:"buyer_keep_item"`
		Partial   *struct {
			Amount   string `json:"amount"`
			Currency string `json:"currency"`
		} `json:"partial_refund"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	kindOf := map[string]string{
		approveRefund: returnRefund, offerPartial: returnRefund, approveReturn: returnGoods, approveReceived: returnGoods,
		approveReplacement: returnReplacement, refundInstead: returnReplacement,
	}
	decisions := []string{approveRefund, approveReturn, approveReceived, approveReplacement, refundInstead, offerPartial}
	switch {
	case input.Decision == "":
		return missing("decision")
	case kindOf[input.Decision] == "":
		return notAllowed("decision", input.Decision, decisions)
	case input.KeepsItem && input.Decision != approveReturn:
		return fail(codeReturnParameter, "'buyer_keep_item' goes with the decision ", approveReturn, " only")
	case input.Decision == offerPartial && input.Partial == nil:
		return missing("partial_refund")
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	return c.repeat(func() *failure {
		r, f := c.returnRequest(c.param(0))
		if f != nil {
			return f
		}
		now := c.now.Unix()
		switch {
		case r.Arbitration == arbitrationRunning:
			return fail(codeArbitrating, "an arbitration about return ", r.ID, " is running")
		case kindOf[input.Decision] != r.Type:
			return fail(codeDecisionType, "decision ", input.Decision, " is none for a ", r.Type)
		case r.Status == returnCancel || r.Status == replacementCancel:
			return fail(codeAlreadyCancelled, "return ", r.ID, " was taken back or closed")
		case input.Decision == approveReceived && r.Status != returnShipped:
			return fail(codeReceiveState, "return ", r.ID, " is ", r.Status)
		case input.Decision == offerPartial && !r.pending():
			return fail(codePartialState, "return ", r.ID, " is ", r.Status)
		case input.Decision != approveReceived && !r.pending():
			return fail(codeApproveState, "return ", r.ID, " is ", r.Status)
		case r.OfferOpen:
			return fail(codeNegotiating, "the buyer has not answered the offer of return ", r.ID)
		}
		done := returnRecord{Time: now, Role: roleSeller, Event: input.Decision, Text: "The seller agreed"}
		switch input.Decision {
		case approveRefund, approveReceived:
			s.moveReturn(r, returnSuccess, done)
		case approveReturn:
			if r.KeepsGoods = input.KeepsItem; r.KeepsGoods {
				s.moveReturn(r, returnSuccess, done)
				return nil
			}
			s.moveReturn(r, returnAwaitingShip, done)
		case approveReplacement:
			if !s.replace(r, now) {
				return fail(codeReturnState, "the goods of return ", r.ID, " are out of stock")
			}
			s.moveReturn(r, replacementComplete, done)
		case refundInstead:
			s.refundReplacement(r, done)
		case offerPartial:
			amount, f := s.checkAmount(input.Partial.Amount, input.Partial.Currency)
			if f != nil {
				return f
			}
			if most := sumOf(r.Lines).total(); amount >= most {
				return fail(codeRefundTooLarge, "a partial refund is less than ", s.region.money(most))
			}
			r.Offer, r.OfferOpen, r.OfferRejected = amount, true, false
			done.Text = "The seller offered a part of the money"
			s.record(r, done)
			r.UpdateTime = max(r.UpdateTime, now)
			r.Next = now + offerPeriod
			s.schedule(r.Next, deadlineReturn, r.ID)
		}
		return nil
	})
}

// rejectReturnRequest is the seller's refusal of a request, or of the goods.
func rejectReturnRequest(c *call) *failure {
	var input rejection
	if f := c.decode(&input); f != nil {
		return f
	}
	kindOf := map[string]string{
		rejectRefund: returnRefund, rejectReturn: returnGoods, rejectReceived: returnGoods, rejectReplacement: returnReplacement,
	}
	switch {
	case input.Decision == "":
		return missing("decision")
	case kindOf[input.Decision] == "":
		return notAllowed("decision", input.Decision, []string{rejectRefund, rejectReturn, rejectReceived, rejectReplacement})
	}
	if f := input.validate(); f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	return c.repeat(func() *failure {
		r, f := c.returnRequest(c.param(0))
		if f != nil {
			return f
		}
		received := input.Decision == rejectReceived
		approved := r.Status == returnSuccess || r.Status == returnComplete || r.Status == replacementComplete || r.Status == replacementRefund
		switch {
		case r.Arbitration == arbitrationRunning:
			return fail(codeArbitrating, "an arbitration about return ", r.ID, " is running")
		case kindOf[input.Decision] != r.Type:
			return fail(codeDecisionType, "decision ", input.Decision, " is none for a ", r.Type)
		case received && approved:
			return fail(codeAlreadyReceived, "the goods of return ", r.ID, " were accepted")
		case received && r.Status != returnShipped:
			return fail(codeRefuseReceiveState, "return ", r.ID, " is ", r.Status)
		case !received && (approved || r.Status == returnAwaitingShip || r.Status == returnShipped || r.Status == returnGoodsRejected):
			return fail(codeAlreadyApproved, "return ", r.ID, " is ", r.Status)
		case !received && !r.pending():
			return fail(codeOrderState, "return ", r.ID, " is ", r.Status)
		}
		if f := s.region.checkReason(input.Reason, roleSeller, r.reasonState(), rejectKinds(r)...); f != nil {
			return f
		}
		to := returnRejected
		switch {
		case received:
			to = returnGoodsRejected
		case r.Type == returnReplacement:
			to = replacementRejected
		}
		s.moveReturn(r, to, returnRecord{
			Time: c.now.Unix(), Role: roleSeller, Event: input.Decision, Text: "The seller refused",
			Note: input.Comment, Reason: input.Reason, Images: input.imageIDs(),
		})
		return nil
	})
}

// rejectKinds returns the kinds of reasons with which a request is refused in
// its state. Replacements have no list of their own; those of refunds and
// returns stand in.
func rejectKinds(r *returnRequest) []string {
	switch {
	case r.Type == returnRefund:
		return []string{reasonRejectRefund}
	case r.Type == returnReplacement:
		return []string{reasonRejectReturn, reasonRejectRefund}
	case r.Status == returnShipped:
		return []string{reasonRejectPackage}
	}
	return []string{reasonRejectReturn}
}

// reasonState is the state under which the reasons of a refusal are listed.
func (r *returnRequest) reasonState() string {
	if r.Status == replacementPending {
		return returnPending
	}
	return r.Status
}

// getRejectReasons lists the reasons with which a request could be refused now.
func getRejectReasons(c *call) *failure {
	id, _ := lookup(c.query, "return_or_cancel_id")
	if id == "" {
		return missing("return_or_cancel_id")
	}
	type view struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}
	s := c.shop
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []reason
	if found := s.trade.Cancellations[id]; found != nil {
		list = s.region.reasonsFor(roleSeller, found.Status, reasonRejectCancel)
	} else if r := s.trade.Returns[id]; r != nil {
		list = s.region.reasonsFor(roleSeller, r.reasonState(), rejectKinds(r)...)
	} else {
		return fail(codeOrderUnknown, "no cancellation or return of the shop has the id ", id)
	}
	views := []view{}
	for _, e := range list {
		if !slices.Contains(views, view{e.Key, e.Text}) {
			views = append(views, view{e.Key, e.Text})
		}
	}
	c.json(struct {
		Reasons []view `json:"reasons"`
	}{views})
	return nil
}

// returnFilter is the body of the search.
type returnFilter struct {
	ReturnIDs     []string `json:"return_ids"`
	OrderIDs      []string `json:"order_ids"`
	BuyerIDs      []string `json:"buyer_user_ids"`
	Types         []string `json:"return_types"`
	Statuses      []string `json:"return_status"`
	ProposedTypes []string `json:"seller_proposed_return_type"`
	Arbitrations  []string `json:"arbitration_status"`
	CreateTimeGE  *int64   `json:"create_time_ge"`
	CreateTimeLT  *int64   `json:"create_time_lt"`
	UpdateTimeGE  *int64   `json:"update_time_ge"`
	UpdateTimeLT  *int64   `json:"update_time_lt"`
	Locale        string   `json:"locale"`
}

// partialRefund is the only type that sellers propose.
const partialRefund = "PARTIAL_REFUND"

func (f *returnFilter) validate() *failure {
	for _, list := range []struct {
		name            string
		values, allowed []string
	}{
		{"return_types", f.Types, []string{returnRefund, returnGoods, returnReplacement}},
		{"return_status", f.Statuses, []string{
			returnPending, returnRejected, returnAwaitingShip, returnShipped, returnGoodsRejected, returnSuccess, returnCancel,
			returnComplete, "AWAITING_BUYER_RESPONSE",
			replacementPending, replacementRejected, replacementRefund, replacementCancel, replacementComplete,
		}},
		{"seller_proposed_return_type", f.ProposedTypes, []string{partialRefund}},
		{"arbitration_status", f.Arbitrations, []string{arbitrationRunning, arbitrationBuyer, arbitrationSeller, arbitrationClosed}},
	} {
		if bad := oddOne(list.values, list.allowed...); bad != nil {
			return notAllowed(list.name, *bad, list.allowed)
		}
	}
	return nil
}

func (f *returnFilter) matches(s *shop, r *returnRequest) bool {
	return among(f.ReturnIDs, r.ID) && among(f.OrderIDs, r.OrderID) && among(f.Types, r.Type) && among(f.Statuses, r.Status) &&
		among(f.BuyerIDs, s.orders.byID[r.OrderID].UserID) && among(f.Arbitrations, r.Arbitration) &&
		(len(f.ProposedTypes) == 0 || r.Offer > 0) &&
		within(r.CreateTime, f.CreateTimeGE, f.CreateTimeLT) && within(r.UpdateTime, f.UpdateTimeGE, f.UpdateTimeLT)
}

func searchReturns(c *call) *failure {
	page, list, f := c.afterSalePage(10)
	if f != nil {
		return f
	}
	var filter returnFilter
	if f := c.decode(&filter); f != nil {
		return f
	}
	if f := filter.validate(); f != nil {
		return f
	}
	s := c.shop
	s.mu.RLock()
	defer s.mu.RUnlock()
	key := func(r *returnRequest) cursor {
		if list.field == "update_time" {
			return cursor{r.UpdateTime, number(r.ID)}
		}
		return cursor{r.CreateTime, number(r.ID)}
	}
	found, next, total := paginate(sorted(s.trade.Returns, key), list.descending, list.after, page.size, key,
		func(r *returnRequest) bool { return filter.matches(s, r) })
	views := []returnView{}
	for _, r := range found {
		views = append(views, c.returnView(r))
	}
	c.json(struct {
		Returns []returnView `json:"return_orders"`
		pageEnd
	}{views, c.pageEnd(next, list.scope, total)})
	return nil
}

type returnView struct {
	ReturnID         string           `json:"return_id"`
	OrderID          string           `json:"order_id"`
	Type             string           `json:"return_type"`
	Status           string           `json:"return_status"`
	Role             string           `json:"role"`
	Reason           string           `json:"return_reason"`
	ReasonText       string           `json:"return_reason_text"`
	CreateTime       int64            `json:"create_time"`
	UpdateTime       int64            `json:"update_time"`
	Arbitration      string           `json:"arbitration_status,omitempty"`
	Refund           refundView       `json:"refund_amount"`
	Lines            []returnLineView `json:"return_line_items"`
	Discounts        []discountView   `json:"discount_amount"`
	ShippingFees     []returnFeeView  `json:"shipping_fee_amount"`
	Actions          []nextAction     `json:"seller_next_action_response"`
	Proposed         string           `json:"seller_proposed_return_type,omitempty"`
	Partial          *partialView     `json:"partial_refund,omitempty"`
	PartialRejected  bool             `json:"buyer_rejected_partial_refund"`
	CanKeep          bool             `json:"can_buyer_keep_item"`
	Combined         bool             `json:"is_combined_return"`
	ShipmentType     string           `json:"shipment_type,omitempty"`
	HandoverMethod   string           `json:"handover_method,omitempty"`
	Method           string           `json:"return_method,omitempty"`
	ProviderID       string           `json:"return_provider_id,omitempty"`
	ProviderName     string           `json:"return_provider_name,omitempty"`
	TrackingNumber   string           `json:"return_tracking_number,omitempty"`
	Document         string           `json:"return_shipping_document_type,omitempty"`
	WarehouseAddress *fullAddress     `json:"return_warehouse_address,omitempty"`
}

type returnLineView struct {
	ID          string     `json:"return_line_item_id"`
	LineID      string     `json:"order_line_item_id"`
	SKUID       string     `json:"sku_id"`
	SKUName     string     `json:"sku_name"`
	SellerSKU   string     `json:"seller_sku"`
	ProductName string     `json:"product_name"`
	Image       sizedImage `json:"product_image"`
	Refund      refundView `json:"refund_amount"`
}

type discountView struct {
	Currency         string `json:"currency"`
	ProductSeller    string `json:"product_seller_discount"`
	ProductPlatform  string `json:"product_platform_discount"`
	ShippingSeller   string `json:"shipping_fee_seller_discount"`
	ShippingPlatform string `json:"shipping_fee_platform_discount"`
}

type returnFeeView struct {
	Currency string `json:"currency"`
	Buyer    string `json:"buyer_paid_return_shipping_fee"`
	Seller   string `json:"seller_paid_return_shipping_fee"`
	Platform string `json:"platform_paid_return_shipping_fee"`
}

type partialView struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

type fullAddress struct {
	FullAddress string `json:"full_address"`
}

func (c *call) returnView(r *returnRequest) returnView {
	region, o := c.shop.region, c.shop.orders.byID[r.OrderID]
	nothing := region.money(0)
	view := returnView{
		ReturnID: r.ID, OrderID: r.OrderID, Type: r.Type, Status: r.Status, Role: r.Role,
		Reason: r.Reason, ReasonText: reasonText(r.Reason), CreateTime: r.CreateTime, UpdateTime: r.UpdateTime,
		Arbitration: r.Arbitration, Refund: region.refundView(sumOf(r.Lines)), Lines: []returnLineView{},
		Actions: []nextAction{}, PartialRejected: r.OfferRejected, CanKeep: r.KeepsGoods,
		ShipmentType: r.ShipmentType, HandoverMethod: r.HandoverMethod,
		ProviderID: r.ProviderID, ProviderName: r.ProviderName, TrackingNumber: r.TrackingNumber, Document: r.Document,
	}
	var seller, platform int64
	for _, at := range r.Lines {
		line := o.line(at.Line)
		seller, platform = seller+region.cents(line.SellerDiscount), platform+region.cents(line.PlatformDiscount)
		view.Lines = append(view.Lines, returnLineView{
			at.ID, line.ID, line.SKUID, line.SKUName, line.SellerSKU, line.ProductName, c.lineImage(line), region.refundView(at.Amounts),
		})
	}
	view.Discounts = []discountView{{region.currency, region.money(seller), region.money(platform), nothing, nothing}}
	view.ShippingFees = []returnFeeView{{region.currency, nothing, nothing, nothing}}
	if r.Offer > 0 {
		view.Proposed, view.Partial = partialRefund, &partialView{region.money(r.Offer), region.currency}
	}
	if action := r.sellerAction(); action != "" {
		view.Actions = append(view.Actions, nextAction{action, r.Next})
	}
	if r.Type == returnGoods && !r.pending() && !r.KeepsGoods {
		view.Method = map[string]string{shipmentPlatform: "PLATFORM_SHIPPED", shipmentBuyer: "BUYER_SHIPPED"}[r.ShipmentType]
		for _, w := range c.shop.warehouses {
			if w.kind == warehouseReturn && w.isDefault {
				view.WarehouseAddress = &fullAddress{w.address.FullAddress}
			}
		}
	}
	return view
}

// sellerAction is what a request waits for the seller to do, if it does.
func (r *returnRequest) sellerAction() string {
	switch {
	case r.OfferOpen || r.Next == 0:
		return ""
	case r.Status == replacementPending:
		return "SELLER_RESPOND_REPLACEMENT"
	case r.Status == returnPending && r.Type == returnRefund:
		return "SELLER_RESPOND_REFUND"
	case r.Status == returnPending:
		return "SELLER_RESPOND_RETURN"
	case r.Status == returnShipped:
		return "SELLER_RESPOND_RECEIVE_PACKAGE"
	}
	return ""
}

// getReturnRecords tells what happened to a request, the oldest first. The
// names of the events are not documented; those here are the decisions and a
// few words of ours.
func getReturnRecords(c *call) *failure {
	type view struct {
		CreateTime  int64        `json:"create_time"`
		Description string       `json:"description"`
		Event       string       `json:"event"`
		Images      []sizedImage `json:"images"`
		Note        string       `json:"note"`
		ReasonText  string       `json:"reason_text"`
		Role        string       `json:"role"`
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	r, f := c.returnRequest(c.param(0))
	if f != nil {
		return f
	}
	views := []view{}
	for _, what := range r.Records {
		v := view{what.Time, what.Text, what.Event, []sizedImage{}, what.Note, reasonText(what.Reason), what.Role}
		for _, uri := range what.Images {
			image := sizedImage{URL: c.imageURL(uri)}
			if info := c.state.world.images.get(uri); info != nil {
				image.Width, image.Height = info.width, info.height
			}
			v.Images = append(v.Images, image)
		}
		views = append(views, v)
	}
	c.json(struct {
		Records []view `json:"records"`
	}{views})
	return nil
}

// calculateRefund tells what a cancellation or a return would pay back.
func calculateRefund(c *call) *failure {
	var input struct {
		OrderID string     `json:"order_id"`
		Type    string     `json:"request_type"`
		Reason  string     `json:"reason_name"`
		Lines   []string   `json:"order_line_item_ids"`
		SKUs    []skuCount `json:"skus"`
		// How goods come back changes nothing about the money here.
		Shipment string `json:"shipment_type"`
		Handover string `json:"handover_method"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	types := []string{cancelDirectly, returnRefund, returnGoods}
	shipments, methods := []string{shipmentPlatform, shipmentBuyer}, []string{handoverDropOff, handoverPickup}
	switch {
	case input.Shipment != "" && !slices.Contains(shipments, input.Shipment):
		return notAllowed("shipment_type", input.Shipment, shipments)
	case input.Handover != "" && !slices.Contains(methods, input.Handover):
		return notAllowed("handover_method", input.Handover, methods)
	case input.OrderID == "":
		return missing("order_id")
	case input.Type == "":
		return missing("request_type")
	case !slices.Contains(types, input.Type):
		return notAllowed("request_type", input.Type, types)
	case input.Reason == "":
		return missing("reason_name")
	}
	if f := checkSKUs(input.SKUs); f != nil {
		return f
	}
	s := c.shop
	s.mu.RLock()
	defer s.mu.RUnlock()
	o, f := c.order(input.OrderID, codeOrderUnknown)
	if f != nil {
		return f
	}
	open := o.linesIn(orderUnpaid, orderAwaitingShipment, orderAwaitingCollection)
	if input.Type != cancelDirectly {
		open = s.returnableLines(o)
	}
	lines, f := o.chosenLines(open, input.Lines, input.SKUs)
	if f != nil {
		f.code = codeReturnParameter // the one code for what is wrong with a request
		return f
	}
	if len(input.Lines)+len(input.SKUs) == 0 {
		lines = lineIDs(open)
	}
	var sum amounts
	for _, part := range s.refundable(o, lines) {
		sum = sum.plus(part)
	}
	c.json(struct {
		Amount refundView `json:"order_refund_amount"`
	}{s.region.refundView(sum)})
	return nil
}

// getEligibility tells, SKU by SKU, what could be asked for about an order. The
// word for a refund without return is RETURN here.
func getEligibility(c *call) *failure {
	by, f := c.oneOf("initiate_aftersale_user", roleSeller, roleSeller, roleBuyer)
	if f != nil {
		return f
	}
	wanted := c.list("request_types")
	types := []string{cancelDirectly, returnRefund, returnGoods}
	if bad := oddOne(wanted, types...); bad != nil {
		return notAllowed("request_types", *bad, types)
	}
	if f := c.withShop(c.param(0)); f != nil {
		return f
	}
	newest := c.route.path == "/return_refund/202512/orders/{order_id}/aftersale_eligibility"
	type view struct {
		Type    string   `json:"request_type"`
		OK      bool     `json:"eligible"`
		Code    int      `json:"ineligible_code"`
		Why     string   `json:"ineligible_reason"`
		Lines   []string `json:"order_line_items_ids"`
		Reasons []string `json:"available_reason_names,omitempty"`
	}
	type skuView struct {
		SKUID string `json:"sku_id"`
		Lines []view `json:"line_item_eligibility"`
	}
	s := c.shop
	s.mu.RLock()
	defer s.mu.RUnlock()
	o, f := c.order(c.param(0), codeOrderUnknown)
	if f != nil {
		return f
	}
	linesOf := map[string][]string{}
	var skus []string
	for i := range o.LineItems {
		line := &o.LineItems[i]
		if linesOf[line.SKUID] == nil {
			skus = append(skus, line.SKUID)
		}
		linesOf[line.SKUID] = append(linesOf[line.SKUID], line.ID)
	}
	returnable := lineIDs(s.returnableLines(o))
	views := []skuView{}
	for _, sku := range skus {
		at := skuView{SKUID: sku, Lines: []view{}}
		for _, kind := range types {
			if !among(wanted, kind) {
				continue
			}
			v := view{Type: kind, Lines: linesOf[sku]}
			if kind == returnRefund {
				v.Type = "RETURN"
			}
			var f *failure
			var keys []reason
			if kind == cancelDirectly {
				f = s.refuseCancel(o, by)
				keys = s.region.reasonsFor(by, cancelReasonState(o.Status), reasonCancel)
			} else {
				f = s.refuseReturn(o, kind, by)
				if f == nil && !slices.ContainsFunc(linesOf[sku], func(id string) bool { return slices.Contains(returnable, id) }) {
					f = fail(codeReturnRunning, "a request about this SKU is open or done")
				}
				keys = s.region.reasonsFor(by, o.Status, reasonKind(kind))
			}
			if v.OK = f == nil; !v.OK {
				v.Code, v.Why = f.code, f.message
			} else if newest {
				for _, e := range keys {
					v.Reasons = append(v.Reasons, e.Key)
				}
			}
			at.Lines = append(at.Lines, v)
		}
		views = append(views, at)
	}
	c.json(struct {
		SKUs []skuView `json:"sku_eligibility"`
	}{views})
	return nil
}

// uploadReturnDocument gives the buyer a label, or a provider and a number, to
// send goods back with.
func uploadReturnDocument(c *call) *failure {
	ids := c.list("return_ids")
	if len(ids) == 0 {
		return missing("return_ids")
	}
	fields, f := c.formValues()
	if f != nil {
		return f
	}
	if f := c.withShop(ids[0]); f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*returnRequest
	for _, id := range ids {
		r, f := c.returnRequest(id)
		if f != nil {
			return f
		}
		if r.Status != returnAwaitingShip {
			return fail(codeOrderState, "return ", id, " is ", r.Status)
		}
		found = append(found, r)
	}
	by, known := s.carrier(fields["return_provider_id"])
	if !known && fields["return_provider_id"] != "" {
		return fail(codeReturnParameter, "'return_provider_id' names no shipping provider of the market")
	}
	for _, r := range found {
		if known {
			r.ProviderID, r.ProviderName = by.id, by.name
		}
		if number := fields["tracking_number"]; number != "" {
			r.TrackingNumber = number
		}
		if _, sent := fields["return_qr_code"]; sent {
			r.Document = "QR_CODE"
		}
		r.UpdateTime = max(r.UpdateTime, c.now.Unix())
		s.record(r, returnRecord{Time: c.now.Unix(), Role: roleSeller, Event: "SHIPPING_DOCUMENT", Text: "The seller sent a shipping document"})
	}
	return nil
}

// formValues reads the fields of a form. Of files it reads that they are there.
func (c *call) formValues() (map[string]string, *failure) {
	fields := map[string]string{}
	if len(c.body) == 0 {
		return fields, nil
	}
	_, parameters, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" {
		return nil, fail(codeInvalidParameter, "the body is not a form")
	}
	reader := multipart.NewReader(bytes.NewReader(c.body), parameters["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, nil
		}
		if err != nil {
			return nil, fail(codeInvalidParameter, "the body is not a form")
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, fail(codeInvalidParameter, "the body is not a form")
		}
		fields[part.FormName()] = ""
		if part.FileName() == "" {
			fields[part.FormName()] = string(value)
		}
	}
}
