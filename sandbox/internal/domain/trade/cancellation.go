package trade

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The states of a cancellation. Answers to a creation and the filter of the
// search spell the last one CancelCancelledShort.
const (
	CancelPending        = "CANCELLATION_REQUEST_PENDING"
	CancelSuccess        = "CANCELLATION_REQUEST_SUCCESS"
	CancelComplete       = "CANCELLATION_REQUEST_COMPLETE"
	CancelCancelled      = "CANCELLATION_REQUEST_CANCELLED"
	CancelCancelledShort = "CANCELLATION_REQUEST_CANCEL"
)

// The types of a cancellation.
const (
	cancelByBuyer  = "BUYER_CANCEL" // a request that the seller answers
	CancelDirectly = "CANCEL"
)

// Cancellation is the cancellation of an order or of lines of it, asked for or
// done.
type Cancellation struct {
	ID         string          `json:"id"`
	OrderID    string          `json:"order_id"`
	Type       string          `json:"type"`
	Role       string          `json:"role"` // who began it
	Status     string          `json:"status"`
	Reason     string          `json:"reason"`
	Lines      []AfterSaleLine `json:"lines"`
	CreateTime int64           `json:"create_time"`
	UpdateTime int64           `json:"update_time"`
	Next       int64           `json:"next"` // when it moves on by itself; 0: never
}

// CancelMoves lists the states that follow a state of a cancellation.
func CancelMoves(from string) []string {
	switch from {
	case "":
		return []string{CancelPending, CancelSuccess}
	case CancelPending:
		return []string{CancelSuccess, CancelCancelled}
	case CancelSuccess:
		return []string{CancelComplete}
	}
	return nil
}

// newCancellation records a cancellation of lines of an order.
func newCancellation(s *world.Shop, o *Order, kind, role, reason, status string, lines []string, now int64) *Cancellation {
	c := &Cancellation{
		ID: Of(s).AfterSaleIDs.New(), OrderID: o.ID, Type: kind, Role: role, Reason: reason,
		CreateTime: now, UpdateTime: now,
	}
	for i, part := range Refundable(s, o, lines) {
		c.Lines = append(c.Lines, AfterSaleLine{Of(s).AfterSaleIDs.New(), lines[i], part})
	}
	Of(s).Cancellations[c.ID] = c
	Of(s).CancellationsOf[o.ID] = append(Of(s).CancellationsOf[o.ID], c)
	s.World.Owners.Add(s, c.ID)
	MoveCancellation(s, c, status, now)
	return c
}

// MoveCancellation moves a cancellation to its next state, with what follows
// from it for the order.
func MoveCancellation(s *world.Shop, c *Cancellation, to string, now int64) {
	if !slices.Contains(CancelMoves(c.Status), to) {
		panic("sandbox: cancellation " + c.ID + " cannot go from " + c.Status + " to " + to)
	}
	o := OrdersOf(s).ByID[c.OrderID]
	c.Status, c.UpdateTime, c.Next = to, max(c.UpdateTime, now), 0
	announceCancellation(s, c)
	switch to {
	case CancelPending:
		o.IsBuyerRequestCancel, o.RequestCancelTime = true, now
		OrdersOf(s).changed(o, now)
		c.Next = now + answerPeriod
	case CancelSuccess:
		lines := make([]string, 0, len(c.Lines))
		for _, line := range c.Lines {
			lines = append(lines, line.Line)
		}
		cancelLines(s, o, lines, c.Role, c.Reason, now)
		c.Next = now + RefundPeriod
	case CancelCancelled:
		o.IsBuyerRequestCancel = false
		OrdersOf(s).changed(o, now)
	case CancelComplete:
		payBack(s, o, refundCancellation, c.ID, c.Lines, now)
	}
	if c.Next != 0 {
		s.Schedule(c.Next, DeadlineCancellation, c.ID)
	}
}

// AdvanceCancellation is what happens when nobody acts: silence agrees, and
// money arrives.
func AdvanceCancellation(s *world.Shop, c *Cancellation, now int64) {
	switch c.Status {
	case CancelPending:
		MoveCancellation(s, c, CancelSuccess, now)
	case CancelSuccess:
		MoveCancellation(s, c, CancelComplete, now)
	}
}

// PendingCancellation returns the open request to cancel an order, or nil.
func PendingCancellation(s *world.Shop, order string) *Cancellation {
	for _, c := range Of(s).CancellationsOf[order] {
		if c.Status == CancelPending {
			return c
		}
	}
	return nil
}

// CancelUnpaid cancels an order that nobody paid: without a request, since
// there is nothing to pay back.
func CancelUnpaid(s *world.Shop, o *Order, by, reason string, now int64) {
	cancelLines(s, o, LineIDs(o.LinesIn(OrderUnpaid)), by, reason, now)
}

// CancelAtOnce cancels lines of an order without asking anybody.
func CancelAtOnce(s *world.Shop, o *Order, lines []string, by, reason string, now int64) *Cancellation {
	return newCancellation(s, o, CancelDirectly, by, reason, CancelSuccess, lines, now)
}

// cancelBySystem cancels what is left of an order. An open request of the buyer
// is granted instead.
func cancelBySystem(s *world.Shop, o *Order, reason string, now int64) {
	if c := PendingCancellation(s, o.ID); c != nil {
		MoveCancellation(s, c, CancelSuccess, now)
		return
	}
	lines := LineIDs(o.LinesIn(OrderAwaitingShipment, OrderAwaitingCollection, OrderInTransit))
	endReturns(s, o, now)
	CancelAtOnce(s, o, lines, RoleSystem, reason, now)
}

// RefuseCancel says why an order cannot be cancelled by somebody. What the
// sources disagree about is decided here: sellers do not cancel unpaid orders,
// and orders that wait for the carrier in the US only; buyers do not cancel
// those.
func RefuseCancel(s *world.Shop, o *Order, by string) *gate.Failure {
	if PendingCancellation(s, o.ID) != nil {
		return gate.Fail(CodeReturnRunning, "a request to cancel order ", o.ID, " is open")
	}
	switch o.Status {
	case OrderUnpaid:
		if by == RoleBuyer {
			return nil
		}
	case OrderOnHold, OrderAwaitingShipment:
		return nil
	case OrderAwaitingCollection:
		if by == RoleSeller && s.Region == "US" {
			if AfterSaleOpen(s, o) {
				return gate.Fail(CodeReturnRunning, "a refund of order ", o.ID, " is open")
			}
			return nil
		}
		return gate.Fail(codeOnItsWay, "order ", o.ID, " is with the carrier")
	case OrderInTransit:
		return gate.Fail(codeOnItsWay, "order ", o.ID, " is on its way")
	case OrderCompleted:
		return gate.Fail(codeOrderEnded, "order ", o.ID, " is completed")
	case OrderCancelled:
		return gate.Fail(CodeReturnRunning, "order ", o.ID, " is cancelled")
	}
	return gate.Fail(CodeOrderState, "order ", o.ID, " is ", o.Status)
}

// CancelReasonState is the state whose reasons hold in a state of an order.
func CancelReasonState(status string) string {
	if status == OrderPartiallyShipping || status == OrderAwaitingCollection {
		return OrderAwaitingShipment
	}
	return status
}
