package sandbox

import "strings"

// cannot is a refusal without a code of the platform's.
func cannot(message ...string) *failure {
	return &failure{message: strings.Join(message, "")}
}

// defaultReason returns the first reason of its kind that somebody may give.
func defaultReason(s *shop, actor, state, kind string) string {
	if list := reasonsFor(s.region, actor, state, kind); len(list) > 0 {
		return list[0].Key
	}
	return ""
}

// askCancel is a buyer who wants to cancel. Without a payment, and during the
// hold, nobody is asked; unpaid orders leave no request behind.
func askCancel(s *shop, o *order, reason string, now int64) (id, status string, f *failure) {
	if f := refuseCancel(s, o, roleBuyer); f != nil {
		return "", "", f
	}
	if reason == "" {
		reason = defaultReason(s, roleBuyer, o.Status, reasonCancel)
	} else if f := checkReason(s.region, reason, roleBuyer, o.Status, reasonCancel); f != nil {
		return "", "", f
	}
	var c *cancellation
	switch lines := lineIDs(o.linesIn(orderUnpaid, orderAwaitingShipment)); o.Status {
	case orderUnpaid:
		cancelUnpaid(s, o, roleBuyer, reason, now)
		return "", o.Status, nil
	case orderOnHold:
		c = cancelAtOnce(s, o, lines, roleBuyer, reason, now)
	default:
		c = newCancellation(s, o, cancelByBuyer, roleBuyer, reason, cancelPending, lines, now)
	}
	return c.ID, c.Status, nil
}

// askReturn is a buyer who wants money, to send goods back, or other goods. A
// refund of something that is overdue is granted at once.
func askReturn(s *shop, o *order, kind, reason string, lines []string, now int64) (id, status string, f *failure) {
	if f := refuseReturn(s, o, kind, roleBuyer); f != nil {
		return "", "", f
	}
	if reason == "" {
		reason = defaultReason(s, roleBuyer, o.Status, reasonKind(kind))
	} else if f := checkReason(s.region, reason, roleBuyer, o.Status, reasonKind(kind)); f != nil {
		return "", "", f
	}
	chosen, f := requestLines(s, o, lines, nil)
	if f != nil {
		return "", "", f
	}
	r := newReturn(s, o, requestInput{kind: kind, role: roleBuyer, reason: reason, lines: chosen}, now)
	if kind == returnRefund && o.Status == orderInTransit && now > o.DeliveryDueTime {
		moveReturn(s, r, returnSuccess, returnRecord{Time: now, Role: roleSystem, Event: "OVERDUE", Text: "The delivery is overdue"})
	}
	return r.ID, r.Status, nil
}

// What buyers, carriers and the customer service do about a request.
const (
	stepWithdraw    = "withdraw"
	stepShip        = "ship"         // the buyer sends the goods back
	stepArrive      = "arrive"       // they are at the seller's
	stepAcceptOffer = "accept_offer" // of a part of the money
	stepRejectOffer = "reject_offer"
	stepDispute     = "dispute"
	stepForBuyer    = "support_buyer"
	stepForSeller   = "support_seller"
	stepClose       = "close_dispute"
)

var afterSaleSteps = []string{
	stepWithdraw, stepShip, stepArrive, stepAcceptOffer, stepRejectOffer, stepDispute, stepForBuyer, stepForSeller, stepClose,
}

// steps tells what buyers, carriers and the customer service can do about a
// request.
func (r *returnRequest) steps() map[string]bool {
	rejected := r.Status == returnRejected || r.Status == returnGoodsRejected || r.Status == replacementRejected
	arbitrating := r.Arbitration == arbitrationRunning
	return map[string]bool{
		stepWithdraw:    r.pending(),
		stepShip:        r.Status == returnAwaitingShip,
		stepArrive:      r.Status == returnShipped && r.ArrivedTime == 0,
		stepAcceptOffer: r.OfferOpen, stepRejectOffer: r.OfferOpen,
		stepDispute:  rejected && r.Arbitration == "",
		stepForBuyer: arbitrating, stepForSeller: arbitrating, stepClose: arbitrating,
	}
}

func stepReturn(s *shop, r *returnRequest, do string, now int64) *failure {
	if !r.steps()[do] {
		return cannot("request ", r.ID, " is ", r.Status, ": no ", do)
	}
	what := func(role, event, text string) returnRecord {
		return returnRecord{Time: now, Role: role, Event: event, Text: text}
	}
	end := returnCancel
	if r.Type == returnReplacement {
		end = replacementCancel
	}
	switch do {
	case stepWithdraw:
		moveReturn(s, r, end, what(roleBuyer, "WITHDRAWN", "The buyer took the request back"))
	case stepShip:
		if r.TrackingNumber == "" {
			by := pick(tradeOf(s).Random, carriers(s.Region))
			r.ProviderID, r.ProviderName, r.TrackingNumber = by.id, by.name, trackingNumber(s, by)
		}
		moveReturn(s, r, returnShipped, what(roleBuyer, "SHIPPED", "The buyer sent the goods back"))
	case stepArrive:
		r.ArrivedTime = now
		waitForSeller(s, r, what(roleSystem, "ARRIVED", "The goods arrived"))
	case stepAcceptOffer:
		left := r.Offer
		for i := range r.Lines {
			r.Lines[i].Amounts = r.Lines[i].Amounts.upTo(left)
			left -= r.Lines[i].Amounts.total()
		}
		moveReturn(s, r, returnSuccess, what(roleBuyer, "OFFER_ACCEPTED", "The buyer took the offer"))
	case stepRejectOffer:
		r.OfferOpen, r.OfferRejected = false, true
		waitForSeller(s, r, what(roleBuyer, "OFFER_REJECTED", "The buyer refused the offer"))
	case stepDispute:
		r.Arbitration, r.Next = arbitrationRunning, 0 // the deadline is kept
		record(s, r, what(roleBuyer, "DISPUTED", "The buyer asked for a decision"))
		r.UpdateTime = max(r.UpdateTime, now)
	case stepForBuyer:
		r.Arbitration = arbitrationBuyer
		verdict := what(roleOperator, "SUPPORT_BUYER", "Decided for the buyer")
		switch {
		case r.Status == replacementRejected:
			if !replace(s, r, now) {
				r.Arbitration = arbitrationRunning
				return cannot("the goods of request ", r.ID, " are out of stock")
			}
			moveReturn(s, r, replacementComplete, verdict)
		case r.Status == returnRejected && r.Type == returnGoods:
			moveReturn(s, r, returnAwaitingShip, verdict)
		default:
			moveReturn(s, r, returnSuccess, verdict)
		}
	case stepForSeller:
		r.Arbitration = arbitrationSeller
		moveReturn(s, r, end, what(roleOperator, "SUPPORT_SELLER", "Decided for the seller"))
	case stepClose:
		// What a dropped dispute leads to is not documented. The refusal stands,
		// and the request ends as if there had been no dispute.
		r.Arbitration = arbitrationClosed
		record(s, r, what(roleOperator, "DISPUTE_CLOSED", "The dispute was dropped"))
		r.UpdateTime = max(r.UpdateTime, now)
		r.Next = now + disputePeriod
		s.schedule(r.Next, deadlineReturn, r.ID)
	}
	return nil
}

// requestLines chooses the lines of a new request: those named, or all that are
// open to one.
func requestLines(s *shop, o *order, lines []string, skus []skuCount) ([]string, *failure) {
	open := returnableLines(s, o)
	chosen, f := o.chosenLines(open, lines, skus)
	if f != nil {
		// An open request is a better reason than the lack of lines.
		for _, r := range tradeOf(s).returnsOf[o.ID] {
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
		if afterSaleOpen(s, o) {
			return nil, fail(codeReturnRunning, "a request about order ", o.ID, " is open")
		}
		return nil, fail(codeLineQuantity, "nothing is left of order ", o.ID)
	}
	return chosen, nil
}
