package trade

import (
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Cannot is a refusal without a code of the platform's.
func Cannot(message ...string) *gate.Failure {
	return &gate.Failure{Message: strings.Join(message, "")}
}

// DefaultReason returns the first reason of its kind that somebody may give.
func DefaultReason(s *world.Shop, actor, state, kind string) string {
	if list := ReasonsFor(s.Market, actor, state, kind); len(list) > 0 {
		return list[0].Key
	}
	return ""
}

// AskCancel is a buyer who wants to cancel. Without a payment, and during the
// hold, nobody is asked; unpaid orders leave no request behind.
func AskCancel(s *world.Shop, o *Order, reason string, now int64) (id, status string, f *gate.Failure) {
	if f := RefuseCancel(s, o, RoleBuyer); f != nil {
		return "", "", f
	}
	if reason == "" {
		reason = DefaultReason(s, RoleBuyer, o.Status, ReasonCancel)
	} else if f := CheckReason(s.Market, reason, RoleBuyer, o.Status, ReasonCancel); f != nil {
		return "", "", f
	}
	var c *Cancellation
	switch lines := LineIDs(o.LinesIn(OrderUnpaid, OrderAwaitingShipment)); o.Status {
	case OrderUnpaid:
		CancelUnpaid(s, o, RoleBuyer, reason, now)
		return "", o.Status, nil
	case OrderOnHold:
		c = CancelAtOnce(s, o, lines, RoleBuyer, reason, now)
	default:
		c = newCancellation(s, o, cancelByBuyer, RoleBuyer, reason, CancelPending, lines, now)
	}
	return c.ID, c.Status, nil
}

// AskReturn is a buyer who wants money, to send goods back, or other goods. A
// refund of something that is overdue is granted at once.
func AskReturn(s *world.Shop, o *Order, kind, reason string, lines []string, now int64) (id, status string, f *gate.Failure) {
	if f := RefuseReturn(s, o, kind, RoleBuyer); f != nil {
		return "", "", f
	}
	if reason == "" {
		reason = DefaultReason(s, RoleBuyer, o.Status, ReasonKind(kind))
	} else if f := CheckReason(s.Market, reason, RoleBuyer, o.Status, ReasonKind(kind)); f != nil {
		return "", "", f
	}
	chosen, f := RequestLines(s, o, lines, nil)
	if f != nil {
		return "", "", f
	}
	r := NewReturn(s, o, RequestInput{Kind: kind, Role: RoleBuyer, Reason: reason, Lines: chosen}, now)
	if kind == ReturnRefund && o.Status == OrderInTransit && now > o.DeliveryDueTime {
		MoveReturn(s, r, ReturnSuccess, ReturnRecord{Time: now, Role: RoleSystem, Event: "OVERDUE", Text: "The delivery is overdue"})
	}
	return r.ID, r.Status, nil
}

// What buyers, carriers and the customer service do about a request.
const (
	StepWithdraw    = "withdraw"
	StepShip        = "ship"         // the buyer sends the goods back
	StepArrive      = "arrive"       // they are at the seller's
	StepAcceptOffer = "accept_offer" // of a part of the money
	StepRejectOffer = "reject_offer"
	StepDispute     = "dispute"
	StepForBuyer    = "support_buyer"
	StepForSeller   = "support_seller"
	StepClose       = "close_dispute"
)

// AfterSaleSteps are what buyers, carriers and the platform do about a request.
var AfterSaleSteps = []string{
	StepWithdraw, StepShip, StepArrive, StepAcceptOffer, StepRejectOffer, StepDispute, StepForBuyer, StepForSeller, StepClose,
}

// Steps tells what buyers, carriers and the customer service can do about a
// request.
func (r *ReturnRequest) Steps() map[string]bool {
	rejected := r.Status == ReturnRejected || r.Status == ReturnGoodsRejected || r.Status == ReplacementRejected
	arbitrating := r.Arbitration == ArbitrationRunning
	return map[string]bool{
		StepWithdraw:    r.Pending(),
		StepShip:        r.Status == ReturnAwaitingShip,
		StepArrive:      r.Status == ReturnShipped && r.ArrivedTime == 0,
		StepAcceptOffer: r.OfferOpen, StepRejectOffer: r.OfferOpen,
		StepDispute:  rejected && r.Arbitration == "",
		StepForBuyer: arbitrating, StepForSeller: arbitrating, StepClose: arbitrating,
	}
}

// StepReturn does the next thing that happens to a return.
func StepReturn(s *world.Shop, r *ReturnRequest, do string, now int64) *gate.Failure {
	if !r.Steps()[do] {
		return Cannot("request ", r.ID, " is ", r.Status, ": no ", do)
	}
	what := func(role, event, text string) ReturnRecord {
		return ReturnRecord{Time: now, Role: role, Event: event, Text: text}
	}
	end := ReturnCancel
	if r.Type == ReturnReplacement {
		end = ReplacementCancel
	}
	switch do {
	case StepWithdraw:
		MoveReturn(s, r, end, what(RoleBuyer, "WITHDRAWN", "The buyer took the request back"))
	case StepShip:
		if r.TrackingNumber == "" {
			by := invent.Pick(Of(s).Random, market.Carriers(s.Region))
			r.ProviderID, r.ProviderName, r.TrackingNumber = by.ID, by.Name, TrackingNumber(s, by)
		}
		MoveReturn(s, r, ReturnShipped, what(RoleBuyer, "SHIPPED", "The buyer sent the goods back"))
	case StepArrive:
		r.ArrivedTime = now
		waitForSeller(s, r, what(RoleSystem, "ARRIVED", "The goods arrived"))
	case StepAcceptOffer:
		left := r.Offer
		for i := range r.Lines {
			r.Lines[i].Amounts = r.Lines[i].Amounts.upTo(left)
			left -= r.Lines[i].Amounts.Total()
		}
		MoveReturn(s, r, ReturnSuccess, what(RoleBuyer, "OFFER_ACCEPTED", "The buyer took the offer"))
	case StepRejectOffer:
		r.OfferOpen, r.OfferRejected = false, true
		waitForSeller(s, r, what(RoleBuyer, "OFFER_REJECTED", "The buyer refused the offer"))
	case StepDispute:
		r.Arbitration, r.Next = ArbitrationRunning, 0 // the deadline is kept
		record(s, r, what(RoleBuyer, "DISPUTED", "The buyer asked for a decision"))
		r.UpdateTime = max(r.UpdateTime, now)
	case StepForBuyer:
		r.Arbitration = arbitrationBuyer
		verdict := what(RoleOperator, "SUPPORT_BUYER", "Decided for the buyer")
		switch {
		case r.Status == ReplacementRejected:
			if !Replace(s, r, now) {
				r.Arbitration = ArbitrationRunning
				return Cannot("the goods of request ", r.ID, " are out of stock")
			}
			MoveReturn(s, r, ReplacementComplete, verdict)
		case r.Status == ReturnRejected && r.Type == ReturnGoods:
			MoveReturn(s, r, ReturnAwaitingShip, verdict)
		default:
			MoveReturn(s, r, ReturnSuccess, verdict)
		}
	case StepForSeller:
		r.Arbitration = arbitrationSeller
		MoveReturn(s, r, end, what(RoleOperator, "SUPPORT_SELLER", "Decided for the seller"))
	case StepClose:
		// What a dropped dispute leads to is not documented. The refusal stands,
		// and the request ends as if there had been no dispute.
		r.Arbitration = arbitrationClosed
		record(s, r, what(RoleOperator, "DISPUTE_CLOSED", "The dispute was dropped"))
		r.UpdateTime = max(r.UpdateTime, now)
		r.Next = now + disputePeriod
		s.Schedule(r.Next, DeadlineReturn, r.ID)
	}
	return nil
}

// RequestLines chooses the lines of a new request: those named, or all that are
// open to one.
func RequestLines(s *world.Shop, o *Order, lines []string, skus []SKUCount) ([]string, *gate.Failure) {
	open := ReturnableLines(s, o)
	chosen, f := o.ChosenLines(open, lines, skus)
	if f != nil {
		// An open request is a better reason than the lack of lines.
		for _, r := range Of(s).ReturnsOf[o.ID] {
			if r.Open() {
				return nil, gate.Fail(CodeReturnRunning, "request ", r.ID, " about order ", o.ID, " is open")
			}
		}
		return nil, f
	}
	if len(lines)+len(skus) == 0 {
		chosen = LineIDs(open)
	}
	if len(chosen) == 0 {
		if AfterSaleOpen(s, o) {
			return nil, gate.Fail(CodeReturnRunning, "a request about order ", o.ID, " is open")
		}
		return nil, gate.Fail(codeLineQuantity, "nothing is left of order ", o.ID)
	}
	return chosen, nil
}
