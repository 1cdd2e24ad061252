package sandbox

import "slices"

// The states of a cancellation. Answers to a creation and the filter of the
// search spell the last one cancelCancelledShort.
const (
	cancelPending        = "CANCELLATION_REQUEST_PENDING"
	cancelSuccess        = "CANCELLATION_REQUEST_SUCCESS"
	cancelComplete       = "CANCELLATION_REQUEST_COMPLETE"
	cancelCancelled      = "CANCELLATION_REQUEST_CANCELLED"
	cancelCancelledShort = "CANCELLATION_REQUEST_CANCEL"
)

// The types of a cancellation.
const (
	cancelByBuyer  = "BUYER_CANCEL" // a request that the seller answers
	cancelDirectly = "CANCEL"
)

// cancellation is the cancellation of an order or of lines of it, asked for or
// done.
type cancellation struct {
	ID         string          `json:"id"`
	OrderID    string          `json:"order_id"`
	Type       string          `json:"type"`
	Role       string          `json:"role"` // who began it
	Status     string          `json:"status"`
	Reason     string          `json:"reason"`
	Lines      []afterSaleLine `json:"lines"`
	CreateTime int64           `json:"create_time"`
	UpdateTime int64           `json:"update_time"`
	Next       int64           `json:"next"` // when it moves on by itself; 0: never
}

func cancelMoves(from string) []string {
	switch from {
	case "":
		return []string{cancelPending, cancelSuccess}
	case cancelPending:
		return []string{cancelSuccess, cancelCancelled}
	case cancelSuccess:
		return []string{cancelComplete}
	}
	return nil
}

// newCancellation takes up a cancellation of lines of an order.
func newCancellation(s *shop, o *order, kind, role, reason, status string, lines []string, now int64) *cancellation {
	c := &cancellation{
		ID: tradeOf(s).AfterSaleIDs.new(), OrderID: o.ID, Type: kind, Role: role, Reason: reason,
		CreateTime: now, UpdateTime: now,
	}
	for i, part := range refundable(s, o, lines) {
		c.Lines = append(c.Lines, afterSaleLine{tradeOf(s).AfterSaleIDs.new(), lines[i], part})
	}
	tradeOf(s).Cancellations[c.ID] = c
	tradeOf(s).cancellationsOf[o.ID] = append(tradeOf(s).cancellationsOf[o.ID], c)
	s.world.owners.add(s, c.ID)
	moveCancellation(s, c, status, now)
	return c
}

// moveCancellation brings a cancellation into the next state, with what follows
// from it for the order.
func moveCancellation(s *shop, c *cancellation, to string, now int64) {
	if !slices.Contains(cancelMoves(c.Status), to) {
		panic("sandbox: cancellation " + c.ID + " cannot go from " + c.Status + " to " + to)
	}
	o := ordersOf(s).byID[c.OrderID]
	c.Status, c.UpdateTime, c.Next = to, max(c.UpdateTime, now), 0
	announceCancellation(s, c)
	switch to {
	case cancelPending:
		o.IsBuyerRequestCancel, o.RequestCancelTime = true, now
		ordersOf(s).changed(o, now)
		c.Next = now + answerPeriod
	case cancelSuccess:
		lines := make([]string, 0, len(c.Lines))
		for _, line := range c.Lines {
			lines = append(lines, line.Line)
		}
		cancelLines(s, o, lines, c.Role, c.Reason, now)
		c.Next = now + refundPeriod
	case cancelCancelled:
		o.IsBuyerRequestCancel = false
		ordersOf(s).changed(o, now)
	case cancelComplete:
		payBack(s, o, refundCancellation, c.ID, c.Lines, now)
	}
	if c.Next != 0 {
		s.schedule(c.Next, deadlineCancellation, c.ID)
	}
}

// advanceCancellation is what happens when nobody acts: silence agrees, and
// money arrives.
func advanceCancellation(s *shop, c *cancellation, now int64) {
	switch c.Status {
	case cancelPending:
		moveCancellation(s, c, cancelSuccess, now)
	case cancelSuccess:
		moveCancellation(s, c, cancelComplete, now)
	}
}

// pendingCancellation returns the open request to cancel an order, or nil.
func pendingCancellation(s *shop, order string) *cancellation {
	for _, c := range tradeOf(s).cancellationsOf[order] {
		if c.Status == cancelPending {
			return c
		}
	}
	return nil
}

// cancelUnpaid cancels an order that nobody paid: without a request, since
// there is nothing to pay back.
func cancelUnpaid(s *shop, o *order, by, reason string, now int64) {
	cancelLines(s, o, lineIDs(o.linesIn(orderUnpaid)), by, reason, now)
}

// cancelAtOnce cancels lines of an order without asking anybody.
func cancelAtOnce(s *shop, o *order, lines []string, by, reason string, now int64) *cancellation {
	return newCancellation(s, o, cancelDirectly, by, reason, cancelSuccess, lines, now)
}

// cancelBySystem cancels what is left of an order. An open request of the buyer
// gets its way instead.
func cancelBySystem(s *shop, o *order, reason string, now int64) {
	if c := pendingCancellation(s, o.ID); c != nil {
		moveCancellation(s, c, cancelSuccess, now)
		return
	}
	lines := lineIDs(o.linesIn(orderAwaitingShipment, orderAwaitingCollection, orderInTransit))
	endReturns(s, o, now)
	cancelAtOnce(s, o, lines, roleSystem, reason, now)
}

// refuseCancel says why an order cannot be cancelled by somebody. What the
// sources disagree about is decided here: sellers do not cancel unpaid orders,
// and orders that wait for the carrier in the US only; buyers do not cancel
// those.
func refuseCancel(s *shop, o *order, by string) *failure {
	if pendingCancellation(s, o.ID) != nil {
		return fail(codeReturnRunning, "a request to cancel order ", o.ID, " is open")
	}
	switch o.Status {
	case orderUnpaid:
		if by == roleBuyer {
			return nil
		}
	case orderOnHold, orderAwaitingShipment:
		return nil
	case orderAwaitingCollection:
		if by == roleSeller && s.Region == "US" {
			if afterSaleOpen(s, o) {
				return fail(codeReturnRunning, "a refund of order ", o.ID, " is open")
			}
			return nil
		}
		return fail(codeOnItsWay, "order ", o.ID, " is with the carrier")
	case orderInTransit:
		return fail(codeOnItsWay, "order ", o.ID, " is on its way")
	case orderCompleted:
		return fail(codeOrderEnded, "order ", o.ID, " is completed")
	case orderCancelled:
		return fail(codeReturnRunning, "order ", o.ID, " is cancelled")
	}
	return fail(codeOrderState, "order ", o.ID, " is ", o.Status)
}

// cancelReasonState is the state whose reasons hold in a state of an order.
func cancelReasonState(status string) string {
	if status == orderPartiallyShipping || status == orderAwaitingCollection {
		return orderAwaitingShipment
	}
	return status
}
