package trade

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The types of a return request.
const (
	ReturnRefund      = "REFUND"            // money without goods
	ReturnGoods       = "RETURN_AND_REFUND" // goods against money
	ReturnReplacement = "REPLACEMENT"       // the same goods again
)

// The states of refunds and returns.
const (
	ReturnPending       = "RETURN_OR_REFUND_REQUEST_PENDING"
	ReturnAwaitingShip  = "AWAITING_BUYER_SHIP"
	ReturnShipped       = "BUYER_SHIPPED_ITEM"
	ReturnRejected      = "REFUND_OR_RETURN_REQUEST_REJECT"
	ReturnGoodsRejected = "REJECT_RECEIVE_PACKAGE"
	ReturnSuccess       = "RETURN_OR_REFUND_REQUEST_SUCCESS"
	ReturnComplete      = "RETURN_OR_REFUND_REQUEST_COMPLETE"
	ReturnCancel        = "RETURN_OR_REFUND_REQUEST_CANCEL"
)

// The states of replacements.
const (
	ReplacementPending  = "REPLACEMENT_REQUEST_PENDING"
	ReplacementRejected = "REPLACEMENT_REQUEST_REJECT"
	ReplacementRefund   = "REPLACEMENT_REQUEST_REFUND_SUCCESS"
	ReplacementCancel   = "REPLACEMENT_REQUEST_CANCEL"
	ReplacementComplete = "REPLACEMENT_REQUEST_COMPLETE"
)

// The states of an arbitration between buyer and seller.
const (
	ArbitrationRunning = "IN_PROGRESS"
	arbitrationBuyer   = "SUPPORT_BUYER"
	arbitrationSeller  = "SUPPORT_SELLER"
	arbitrationClosed  = "CLOSED"
)

// Who arranges the way back of goods.
const (
	ShipmentPlatform = "PLATFORM"
	ShipmentBuyer    = "BUYER_ARRANGE"
)

// ReturnRequest is a request for a refund, a return or a replacement.
type ReturnRequest struct {
	ID             string          `json:"id"`
	OrderID        string          `json:"order_id"`
	Type           string          `json:"type"`
	Role           string          `json:"role"` // who began it
	Status         string          `json:"status"`
	Reason         string          `json:"reason"`
	Lines          []AfterSaleLine `json:"lines"`
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
	Records        []ReturnRecord  `json:"records"`      // the oldest first
}

// ReturnRecord is something that happened to a request.
type ReturnRecord struct {
	Time   int64    `json:"time"`
	Role   string   `json:"role"`
	Event  string   `json:"event"`
	Text   string   `json:"text"`
	Note   string   `json:"note"`
	Reason string   `json:"reason"`
	Images []string `json:"images"`
}

// ReturnMoves returns the states that follow a state of a type of requests.
func ReturnMoves(kind, from string) []string {
	if kind == ReturnReplacement {
		switch from {
		case "":
			return []string{ReplacementPending}
		case ReplacementPending:
			return []string{ReplacementComplete, ReplacementRefund, ReplacementRejected, ReplacementCancel}
		case ReplacementRejected:
			return []string{ReplacementComplete, ReplacementCancel}
		}
		return nil
	}
	goods := kind == ReturnGoods
	switch from {
	case "":
		if goods {
			return []string{ReturnPending, ReturnAwaitingShip}
		}
		return []string{ReturnPending, ReturnSuccess}
	case ReturnPending:
		if goods {
			return []string{ReturnAwaitingShip, ReturnSuccess, ReturnRejected, ReturnCancel}
		}
		return []string{ReturnSuccess, ReturnRejected, ReturnCancel}
	case ReturnAwaitingShip:
		return []string{ReturnShipped, ReturnCancel}
	case ReturnShipped:
		return []string{ReturnSuccess, ReturnGoodsRejected}
	case ReturnGoodsRejected:
		return []string{ReturnSuccess, ReturnCancel}
	case ReturnRejected:
		if goods {
			return []string{ReturnAwaitingShip, ReturnCancel}
		}
		return []string{ReturnSuccess, ReturnCancel}
	case ReturnSuccess:
		return []string{ReturnComplete}
	}
	return nil
}

// Open tells whether a request has not come to its end.
func (r *ReturnRequest) Open() bool { return len(ReturnMoves(r.Type, r.Status)) > 0 }

// Pending tells whether a request waits for the seller's first answer.
func (r *ReturnRequest) Pending() bool {
	return r.Status == ReturnPending || r.Status == ReplacementPending
}

// AfterSaleOpen tells whether a request about an order has not come to its end.
func AfterSaleOpen(s *world.Shop, o *Order) bool {
	return PendingCancellation(s, o.ID) != nil ||
		slices.ContainsFunc(Of(s).ReturnsOf[o.ID], (*ReturnRequest).Open)
}

// RequestInput is what a new request says.
type RequestInput struct {
	Kind, Role, Reason           string
	Lines                        []string
	Total                        *int64 // of the refund, nil: everything
	ShipmentType, HandoverMethod string
}

// NewReturn records a request of a buyer, or does what a seller began.
func NewReturn(s *world.Shop, o *Order, in RequestInput, now int64) *ReturnRequest {
	r := &ReturnRequest{
		ID: Of(s).AfterSaleIDs.New(), OrderID: o.ID, Type: in.Kind, Role: in.Role, Reason: in.Reason,
		CreateTime: now, UpdateTime: now, ShipmentType: in.ShipmentType, HandoverMethod: in.HandoverMethod,
	}
	parts := make([]Amounts, len(in.Lines))
	if in.Kind != ReturnReplacement {
		parts = Refundable(s, o, in.Lines)
	}
	if in.Total != nil {
		left := *in.Total
		for i := range parts {
			parts[i] = parts[i].upTo(left)
			left -= parts[i].Total()
		}
	}
	for i, id := range in.Lines {
		r.Lines = append(r.Lines, AfterSaleLine{Of(s).AfterSaleIDs.New(), id, parts[i]})
	}
	if in.Kind == ReturnGoods && r.ShipmentType == "" {
		r.ShipmentType = ShipmentPlatform
	}
	if r.ShipmentType == ShipmentPlatform && r.HandoverMethod == "" {
		r.HandoverMethod = HandoverDropOff
	}
	Of(s).Returns[r.ID] = r
	Of(s).ReturnsOf[o.ID] = append(Of(s).ReturnsOf[o.ID], r)
	s.World.Owners.Add(s, r.ID)
	first := map[string]string{ReturnRefund: ReturnPending, ReturnGoods: ReturnPending, ReturnReplacement: ReplacementPending}[in.Kind]
	if in.Role != RoleBuyer {
		first = map[string]string{ReturnRefund: ReturnSuccess, ReturnGoods: ReturnAwaitingShip}[in.Kind]
	}
	MoveReturn(s, r, first, ReturnRecord{Time: now, Role: in.Role, Event: "REQUEST_CREATED", Text: "Request created", Reason: in.Reason})
	return r
}

// MoveReturn moves a request to its next state, writes that down, and does
// what follows from it.
func MoveReturn(s *world.Shop, r *ReturnRequest, to string, because ReturnRecord) {
	if !slices.Contains(ReturnMoves(r.Type, r.Status), to) {
		panic("sandbox: request " + r.ID + " (" + r.Type + ") cannot go from " + r.Status + " to " + to)
	}
	now := because.Time
	r.Status, r.UpdateTime, r.Next = to, max(r.UpdateTime, now), 0
	r.OfferOpen = false
	record(s, r, because)
	switch to {
	case ReturnPending:
		r.Next = now + answerPeriod
	case ReplacementPending:
		r.Next = now + replacementPeriod
	case ReturnAwaitingShip:
		r.Next = now + buyerShippingPeriod
	case ReturnRejected, ReturnGoodsRejected, ReplacementRejected:
		r.Next = now + disputePeriod
	case ReturnSuccess:
		r.Next = now + RefundPeriod
	}
	if r.Next != 0 {
		s.Schedule(r.Next, DeadlineReturn, r.ID)
	}
	o := OrdersOf(s).ByID[r.OrderID]
	switch to {
	case ReturnComplete:
		payBack(s, o, map[string]string{ReturnRefund: refundOnly, ReturnGoods: refundReturn}[r.Type], r.ID, r.Lines, now)
	case ReplacementRefund:
		payBack(s, o, refundReplacement, r.ID, r.Lines, now)
	}
	announceReturn(s, r)
	if !r.Open() {
		afterReturn(s, o, now)
	}
}

// afterReturn ends an order that is paid back as a whole, and one whose
// after-sale period ended while a request was open.
func afterReturn(s *world.Shop, o *Order, now int64) {
	switch o.Status {
	case OrderAwaitingCollection, OrderInTransit, OrderDelivered:
		whole := OrderValue(s.Market, o)
		if o.Paid() && whole.Total() > 0 && Repaid(s, o) == whole {
			complete(s, o, now)
			return
		}
	}
	if o.Status == OrderDelivered && now >= o.DeliveryTime+AfterSalePeriod && !AfterSaleOpen(s, o) {
		complete(s, o, now)
	}
}

func record(s *world.Shop, r *ReturnRequest, what ReturnRecord) { r.Records = append(r.Records, what) }

// AdvanceReturn is what happens when nobody acts: a seller's silence agrees, a
// buyer's gives up.
func AdvanceReturn(s *world.Shop, r *ReturnRequest, now int64) {
	silence := ReturnRecord{Time: now, Role: RoleSystem, Event: "DEADLINE_PASSED", Text: "No answer in time"}
	switch r.Status {
	case ReturnPending:
		switch {
		case r.OfferOpen: // the seller has to answer once more
			r.OfferOpen, r.OfferRejected = false, true
			waitForSeller(s, r, silence)
		case r.Type == ReturnGoods:
			MoveReturn(s, r, ReturnAwaitingShip, silence)
		default:
			MoveReturn(s, r, ReturnSuccess, silence)
		}
	case ReplacementPending:
		if Replace(s, r, now) {
			MoveReturn(s, r, ReplacementComplete, silence)
			return
		}
		RefundUnreplaced(s, r, silence) // there is nothing to send
	case ReturnAwaitingShip, ReturnRejected, ReturnGoodsRejected:
		MoveReturn(s, r, ReturnCancel, silence)
	case ReplacementRejected:
		MoveReturn(s, r, ReplacementCancel, silence)
	case ReturnShipped:
		MoveReturn(s, r, ReturnSuccess, silence)
	case ReturnSuccess:
		MoveReturn(s, r, ReturnComplete, ReturnRecord{Time: now, Role: RoleSystem, Event: "REFUND_PAID", Text: "The money is with the buyer"})
	}
}

// waitForSeller gives the seller the full time to answer a request again.
func waitForSeller(s *world.Shop, r *ReturnRequest, because ReturnRecord) {
	record(s, r, because)
	r.UpdateTime = max(r.UpdateTime, because.Time)
	r.Next = because.Time + answerPeriod
	s.Schedule(r.Next, DeadlineReturn, r.ID)
}

// Replace places the order that replaces the goods of a request, if there are
// any.
func Replace(s *world.Shop, r *ReturnRequest, now int64) bool {
	o := OrdersOf(s).ByID[r.OrderID]
	p := Placement{Buyer: o.UserID, ShippingType: o.ShippingType, replaces: o}
	for _, line := range r.Lines {
		p.Lines = append(p.Lines, PlacedLine{SKU: o.Line(line.Line).SKUID, Quantity: 1})
	}
	made, err := PlaceOrder(s, p, now)
	if err != nil {
		return false
	}
	r.Replacement = made.ID
	Pay(s, made, now)
	return true
}

// RefundUnreplaced pays the buyer instead of sending goods.
func RefundUnreplaced(s *world.Shop, r *ReturnRequest, because ReturnRecord) {
	o := OrdersOf(s).ByID[r.OrderID]
	var lines []string
	for _, line := range r.Lines {
		lines = append(lines, line.Line)
	}
	for i, part := range Refundable(s, o, lines) {
		r.Lines[i].Amounts = part
	}
	MoveReturn(s, r, ReplacementRefund, because)
}

// endReturns ends the requests about an order that ends otherwise. A refund
// that is agreed on is paid anyway.
func endReturns(s *world.Shop, o *Order, now int64) {
	for _, r := range Of(s).ReturnsOf[o.ID] {
		if slices.Contains(ReturnMoves(r.Type, r.Status), ReturnCancel) {
			if r.Arbitration == ArbitrationRunning {
				r.Arbitration = arbitrationClosed
			}
			MoveReturn(s, r, ReturnCancel, ReturnRecord{Time: now, Role: RoleSystem, Event: "REQUEST_CLOSED", Text: "The order was cancelled"})
		}
	}
}

// RefuseReturn says why somebody cannot ask for this about an order.
func RefuseReturn(s *world.Shop, o *Order, kind, by string) *gate.Failure {
	var states []string
	switch kind {
	case ReturnRefund:
		states = []string{OrderAwaitingCollection, OrderInTransit, OrderDelivered}
	default: // buyers of orders on their way are listed too, in one source of two
		states = []string{OrderDelivered}
	}
	switch {
	case slices.Contains(states, o.Status) && o.Paid():
		return nil
	case o.Status == OrderCompleted:
		return gate.Fail(codeOrderEnded, "order ", o.ID, " is completed")
	case o.Status == OrderCancelled:
		return gate.Fail(codeReturnFinished, "order ", o.ID, " is cancelled")
	}
	return gate.Fail(CodeOrderState, "order ", o.ID, " is ", o.Status)
}

// ReturnableLines returns the lines of an order that a request may be about:
// those without a request that is open or has paid back the whole price.
func ReturnableLines(s *world.Shop, o *Order) []*LineItem {
	busy, claimed := map[string]bool{}, map[string]Amounts{}
	for _, r := range Of(s).ReturnsOf[o.ID] {
		for _, line := range r.Lines {
			busy[line.Line] = busy[line.Line] || r.Open()
		}
	}
	claims(s, o, func(line AfterSaleLine) { claimed[line.Line] = claimed[line.Line].Plus(line.Amounts) })
	var list []*LineItem
	for _, line := range o.LinesIn(OrderAwaitingCollection, OrderInTransit, OrderDelivered) {
		value := LineValue(s.Market, line)
		repaid := value.Subtotal > 0 && claimed[line.ID].Subtotal >= value.Subtotal
		if !busy[line.ID] && !repaid {
			list = append(list, line)
		}
	}
	return list
}

// EditsOf returns the request that a request took the place of, and the one that
// took its place: a buyer edits a request by taking it back and asking again for
// some of the same lines.
func EditsOf(s *world.Shop, r *ReturnRequest) (before, after string) {
	replaces := func(old, fresh *ReturnRequest) bool {
		return (old.Status == ReturnCancel || old.Status == ReplacementCancel) && old.UpdateTime <= fresh.CreateTime &&
			slices.ContainsFunc(fresh.Lines, func(line AfterSaleLine) bool {
				return slices.ContainsFunc(old.Lines, func(was AfterSaleLine) bool { return was.Line == line.Line })
			})
	}
	all := Of(s).ReturnsOf[r.OrderID]                                                      // in the order of their creation
	at := slices.IndexFunc(all, func(same *ReturnRequest) bool { return same.ID == r.ID }) // r may be one of the past
	for _, old := range all[:at] {
		if replaces(old, r) {
			before = old.ID
		}
	}
	for _, fresh := range slices.Backward(all[at+1:]) {
		if replaces(r, fresh) {
			after = fresh.ID
		}
	}
	return before, after
}

// ReasonKind is the kind of reasons that goes with a kind of return.
func ReasonKind(kind string) string {
	if kind == ReturnRefund {
		return reasonRefund
	}
	return reasonReturn // replacements have no list of their own
}
