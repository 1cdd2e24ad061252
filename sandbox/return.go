package sandbox

import "slices"

// The types of a return request.
const (
	returnRefund      = "REFUND"            // money without goods
	returnGoods       = "RETURN_AND_REFUND" // goods against money
	returnReplacement = "REPLACEMENT"       // the same goods again
)

// The states of refunds and returns.
const (
	returnPending       = "RETURN_OR_REFUND_REQUEST_PENDING"
	returnAwaitingShip  = "AWAITING_BUYER_SHIP"
	returnShipped       = "BUYER_SHIPPED_ITEM"
	returnRejected      = "REFUND_OR_RETURN_REQUEST_REJECT"
	returnGoodsRejected = "REJECT_RECEIVE_PACKAGE"
	returnSuccess       = "RETURN_OR_REFUND_REQUEST_SUCCESS"
	returnComplete      = "RETURN_OR_REFUND_REQUEST_COMPLETE"
	returnCancel        = "RETURN_OR_REFUND_REQUEST_CANCEL"
)

// The states of replacements.
const (
	replacementPending  = "REPLACEMENT_REQUEST_PENDING"
	replacementRejected = "REPLACEMENT_REQUEST_REJECT"
	replacementRefund   = "REPLACEMENT_REQUEST_REFUND_SUCCESS"
	replacementCancel   = "REPLACEMENT_REQUEST_CANCEL"
	replacementComplete = "REPLACEMENT_REQUEST_COMPLETE"
)

// The states of an arbitration between buyer and seller.
const (
	arbitrationRunning = "IN_PROGRESS"
	arbitrationBuyer   = "SUPPORT_BUYER"
	arbitrationSeller  = "SUPPORT_SELLER"
	arbitrationClosed  = "CLOSED"
)

// Who arranges the way back of goods.
const (
	shipmentPlatform = "PLATFORM"
	shipmentBuyer    = "BUYER_ARRANGE"
)

// returnRequest is a request for a refund, a return or a replacement.
type returnRequest struct {
	ID             string          `json:"id"`
	OrderID        string          `json:"order_id"`
	Type           string          `json:"type"`
	Role           string          `json:"role"` // who began it
	Status         string          `json:"status"`
	Reason         string          `json:"reason"`
	Lines          []afterSaleLine `json:"lines"`
	CreateTime     int64           `json:"create_time"`
	UpdateTime     int64           `json:"update_time"`
	Next           int64           `json:"next"` // when it moves on by itself; 0: never
	Arbitration    string          `json:"arbitration"`
	Offer          int64           `json:"offer"`          // a partial refund, 0: none
	OfferOpen      bool            `json:"offer_open"`     // the buyer has not answered
	OfferRejected  bool            `json:"offer_rejected"` // the buyer wants more
	KeepsGoods     bool            `json:"keeps_goods"`
	ShipmentType   string          `json:"shipment_type"`
	HandoverMethod string          `json:"handover_method"`
	ProviderID     string          `json:"provider_id"`
	ProviderName   string          `json:"provider_name"`
	TrackingNumber string          `json:"tracking_number"`
	Document       string          `json:"document"`     // QR_CODE where the seller sent one
	ArrivedTime    int64           `json:"arrived_time"` // of the goods at the seller
	Replacement    string          `json:"replacement"`  // the order that replaces the goods
	Records        []returnRecord  `json:"records"`      // the oldest first
}

// returnRecord is something that happened to a request.
type returnRecord struct {
	Time   int64    `json:"time"`
	Role   string   `json:"role"`
	Event  string   `json:"event"`
	Text   string   `json:"text"`
	Note   string   `json:"note"`
	Reason string   `json:"reason"`
	Images []string `json:"images"`
}

// returnMoves returns the states that follow a state of a type of requests.
func returnMoves(kind, from string) []string {
	if kind == returnReplacement {
		switch from {
		case "":
			return []string{replacementPending}
		case replacementPending:
			return []string{replacementComplete, replacementRefund, replacementRejected, replacementCancel}
		case replacementRejected:
			return []string{replacementComplete, replacementCancel}
		}
		return nil
	}
	goods := kind == returnGoods
	switch from {
	case "":
		if goods {
			return []string{returnPending, returnAwaitingShip}
		}
		return []string{returnPending, returnSuccess}
	case returnPending:
		if goods {
			return []string{returnAwaitingShip, returnSuccess, returnRejected, returnCancel}
		}
		return []string{returnSuccess, returnRejected, returnCancel}
	case returnAwaitingShip:
		return []string{returnShipped, returnCancel}
	case returnShipped:
		return []string{returnSuccess, returnGoodsRejected}
	case returnGoodsRejected:
		return []string{returnSuccess, returnCancel}
	case returnRejected:
		if goods {
			return []string{returnAwaitingShip, returnCancel}
		}
		return []string{returnSuccess, returnCancel}
	case returnSuccess:
		return []string{returnComplete}
	}
	return nil
}

// open tells whether a request has not come to its end.
func (r *returnRequest) open() bool { return len(returnMoves(r.Type, r.Status)) > 0 }

// pending tells whether a request waits for the seller's first answer.
func (r *returnRequest) pending() bool {
	return r.Status == returnPending || r.Status == replacementPending
}

// afterSaleOpen tells whether a request about an order has not come to its end.
func afterSaleOpen(s *shop, o *order) bool {
	return pendingCancellation(s, o.ID) != nil ||
		slices.ContainsFunc(tradeOf(s).returnsOf[o.ID], (*returnRequest).open)
}

// requestInput is what a new request says.
type requestInput struct {
	kind, role, reason           string
	lines                        []string
	total                        *int64 // of the refund, nil: everything
	shipmentType, handoverMethod string
}

// newReturn takes up a request of a buyer, or does what a seller began.
func newReturn(s *shop, o *order, in requestInput, now int64) *returnRequest {
	r := &returnRequest{
		ID: tradeOf(s).AfterSaleIDs.new(), OrderID: o.ID, Type: in.kind, Role: in.role, Reason: in.reason,
		CreateTime: now, UpdateTime: now, ShipmentType: in.shipmentType, HandoverMethod: in.handoverMethod,
	}
	parts := make([]amounts, len(in.lines))
	if in.kind != returnReplacement {
		parts = refundable(s, o, in.lines)
	}
	if in.total != nil {
		left := *in.total
		for i := range parts {
			parts[i] = parts[i].upTo(left)
			left -= parts[i].total()
		}
	}
	for i, id := range in.lines {
		r.Lines = append(r.Lines, afterSaleLine{tradeOf(s).AfterSaleIDs.new(), id, parts[i]})
	}
	if in.kind == returnGoods && r.ShipmentType == "" {
		r.ShipmentType = shipmentPlatform
	}
	tradeOf(s).Returns[r.ID] = r
	tradeOf(s).returnsOf[o.ID] = append(tradeOf(s).returnsOf[o.ID], r)
	s.world.owners.add(s, r.ID)
	first := map[string]string{returnRefund: returnPending, returnGoods: returnPending, returnReplacement: replacementPending}[in.kind]
	if in.role != roleBuyer {
		first = map[string]string{returnRefund: returnSuccess, returnGoods: returnAwaitingShip}[in.kind]
	}
	moveReturn(s, r, first, returnRecord{Time: now, Role: in.role, Event: "REQUEST_CREATED", Text: "Request created", Reason: in.reason})
	return r
}

// moveReturn brings a request into the next state, writes that down, and does
// what follows from it.
func moveReturn(s *shop, r *returnRequest, to string, because returnRecord) {
	if !slices.Contains(returnMoves(r.Type, r.Status), to) {
		panic("sandbox: request " + r.ID + " (" + r.Type + ") cannot go from " + r.Status + " to " + to)
	}
	now := because.Time
	r.Status, r.UpdateTime, r.Next = to, max(r.UpdateTime, now), 0
	r.OfferOpen = false
	record(s, r, because)
	switch to {
	case returnPending:
		r.Next = now + answerPeriod
	case replacementPending:
		r.Next = now + replacementPeriod
	case returnAwaitingShip:
		r.Next = now + buyerShippingPeriod
	case returnRejected, returnGoodsRejected, replacementRejected:
		r.Next = now + disputePeriod
	case returnSuccess:
		r.Next = now + refundPeriod
	}
	if r.Next != 0 {
		s.schedule(r.Next, deadlineReturn, r.ID)
	}
	o := ordersOf(s).byID[r.OrderID]
	switch to {
	case returnComplete:
		payBack(s, o, map[string]string{returnRefund: refundOnly, returnGoods: refundReturn}[r.Type], r.ID, r.Lines, now)
	case replacementRefund:
		payBack(s, o, refundReplacement, r.ID, r.Lines, now)
	}
	announceReturn(s, r)
	if !r.open() {
		afterReturn(s, o, now)
	}
}

// afterReturn ends an order that is paid back as a whole, and one whose
// after-sale period ended while a request was open.
func afterReturn(s *shop, o *order, now int64) {
	switch o.Status {
	case orderAwaitingCollection, orderInTransit, orderDelivered:
		whole := orderValue(s.region, o)
		if o.paid() && whole.total() > 0 && repaid(s, o) == whole {
			complete(s, o, now)
			return
		}
	}
	if o.Status == orderDelivered && now >= o.DeliveryTime+afterSalePeriod && !afterSaleOpen(s, o) {
		complete(s, o, now)
	}
}

func record(s *shop, r *returnRequest, what returnRecord) { r.Records = append(r.Records, what) }

// advanceReturn is what happens when nobody acts: a seller's silence agrees, a
// buyer's gives up.
func advanceReturn(s *shop, r *returnRequest, now int64) {
	silence := returnRecord{Time: now, Role: roleSystem, Event: "DEADLINE_PASSED", Text: "No answer in time"}
	switch r.Status {
	case returnPending:
		switch {
		case r.OfferOpen: // the seller has to answer once more
			r.OfferOpen, r.OfferRejected = false, true
			waitForSeller(s, r, silence)
		case r.Type == returnGoods:
			moveReturn(s, r, returnAwaitingShip, silence)
		default:
			moveReturn(s, r, returnSuccess, silence)
		}
	case replacementPending:
		if replace(s, r, now) {
			moveReturn(s, r, replacementComplete, silence)
			return
		}
		refundUnreplaced(s, r, silence) // there is nothing to send
	case returnAwaitingShip, returnRejected, returnGoodsRejected:
		moveReturn(s, r, returnCancel, silence)
	case replacementRejected:
		moveReturn(s, r, replacementCancel, silence)
	case returnShipped:
		moveReturn(s, r, returnSuccess, silence)
	case returnSuccess:
		moveReturn(s, r, returnComplete, returnRecord{Time: now, Role: roleSystem, Event: "REFUND_PAID", Text: "The money is with the buyer"})
	}
}

// waitForSeller gives the seller the full time to answer a request anew.
func waitForSeller(s *shop, r *returnRequest, because returnRecord) {
	record(s, r, because)
	r.UpdateTime = max(r.UpdateTime, because.Time)
	r.Next = because.Time + answerPeriod
	s.schedule(r.Next, deadlineReturn, r.ID)
}

// replace places the order that replaces the goods of a request, if there are
// any.
func replace(s *shop, r *returnRequest, now int64) bool {
	o := ordersOf(s).byID[r.OrderID]
	p := placement{buyer: o.UserID, shippingType: o.ShippingType, replaces: o}
	for _, line := range r.Lines {
		p.lines = append(p.lines, placedLine{o.line(line.Line).SKUID, 1})
	}
	made, err := placeOrder(s, p, now)
	if err != nil {
		return false
	}
	r.Replacement = made.ID
	pay(s, made, now)
	return true
}

// refundUnreplaced pays the buyer instead of sending goods.
func refundUnreplaced(s *shop, r *returnRequest, because returnRecord) {
	o := ordersOf(s).byID[r.OrderID]
	var lines []string
	for _, line := range r.Lines {
		lines = append(lines, line.Line)
	}
	for i, part := range refundable(s, o, lines) {
		r.Lines[i].Amounts = part
	}
	moveReturn(s, r, replacementRefund, because)
}

// endReturns ends the requests about an order that ends otherwise. A refund
// that is agreed on is paid all the same.
func endReturns(s *shop, o *order, now int64) {
	for _, r := range tradeOf(s).returnsOf[o.ID] {
		if slices.Contains(returnMoves(r.Type, r.Status), returnCancel) {
			if r.Arbitration == arbitrationRunning {
				r.Arbitration = arbitrationClosed
			}
			moveReturn(s, r, returnCancel, returnRecord{Time: now, Role: roleSystem, Event: "REQUEST_CLOSED", Text: "The order was cancelled"})
		}
	}
}

// refuseReturn says why somebody cannot ask for this about an order.
func refuseReturn(s *shop, o *order, kind, by string) *failure {
	var states []string
	switch kind {
	case returnRefund:
		states = []string{orderAwaitingCollection, orderInTransit, orderDelivered}
	default: // buyers of orders on their way are listed too, in one source of two
		states = []string{orderDelivered}
	}
	switch {
	case slices.Contains(states, o.Status) && o.paid():
		return nil
	case o.Status == orderCompleted:
		return fail(codeOrderEnded, "order ", o.ID, " is completed")
	case o.Status == orderCancelled:
		return fail(codeReturnFinished, "order ", o.ID, " is cancelled")
	}
	return fail(codeOrderState, "order ", o.ID, " is ", o.Status)
}

// returnableLines returns the lines of an order that a request may be about:
// those without a request that is open or has brought the whole price back.
func returnableLines(s *shop, o *order) []*lineItem {
	busy, claimed := map[string]bool{}, map[string]amounts{}
	for _, r := range tradeOf(s).returnsOf[o.ID] {
		for _, line := range r.Lines {
			busy[line.Line] = busy[line.Line] || r.open()
		}
	}
	claims(s, o, func(line afterSaleLine) { claimed[line.Line] = claimed[line.Line].plus(line.Amounts) })
	var list []*lineItem
	for _, line := range o.linesIn(orderAwaitingCollection, orderInTransit, orderDelivered) {
		value := lineValue(s.region, line)
		repaid := value.Subtotal > 0 && claimed[line.ID].Subtotal >= value.Subtotal
		if !busy[line.ID] && !repaid {
			list = append(list, line)
		}
	}
	return list
}

// return kinds and the reasons that go with them.
func reasonKind(kind string) string {
	if kind == returnRefund {
		return reasonRefund
	}
	return reasonReturn // replacements have no list of their own
}
