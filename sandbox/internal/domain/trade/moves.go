package trade

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Who acts. OPERATOR, the platform's customer service, exists too.
const (
	RoleBuyer    = "BUYER"
	RoleSeller   = "SELLER"
	RoleSystem   = "SYSTEM"
	RoleOperator = "OPERATOR"
)

// OrderMoves returns the states that follow a state of an order.
func OrderMoves(from string) []string {
	switch from {
	case OrderUnpaid:
		return []string{OrderOnHold, OrderAwaitingShipment, OrderCancelled}
	case OrderOnHold:
		return []string{OrderAwaitingShipment, OrderCancelled}
	case OrderAwaitingShipment:
		return []string{OrderPartiallyShipping, OrderAwaitingCollection, OrderCancelled}
	case OrderPartiallyShipping:
		return []string{OrderAwaitingCollection, OrderCancelled}
	case OrderAwaitingCollection:
		return []string{OrderInTransit, OrderCompleted, OrderCancelled}
	case OrderInTransit:
		return []string{OrderDelivered, OrderCompleted, OrderCancelled}
	case OrderDelivered:
		return []string{OrderCompleted}
	}
	return nil // COMPLETED and CANCELLED are final
}

// moveOrder moves an order to its next state and announces it.
func moveOrder(s *world.Shop, o *Order, to string, now int64) {
	if !slices.Contains(OrderMoves(o.Status), to) {
		panic("sandbox: order " + o.ID + " cannot go from " + o.Status + " to " + to)
	}
	o.Status = to
	switch to {
	case OrderAwaitingCollection:
		o.RTSTime = now
		o.CollectionDueTime = now + collectionTime
		s.Schedule(o.CollectionDueTime, DeadlineCollection, o.ID)
	case OrderInTransit:
		o.CollectionTime = now
		o.DeliveryDueTime = now + deliveryTime
	case OrderDelivered:
		o.DeliveryTime = now
		o.collectCash()
		s.Schedule(now+AfterSalePeriod, DeadlineCompletion, o.ID)
	case OrderCancelled:
		o.CancelTime = now
	}
	o.NeedUploadInvoice = invoiceNeed(s, o)
	OrdersOf(s).changed(o, now)
	announceOrder(s, o, now)
}

// Pay is the buyer's payment, or the promise to pay in cash. Where the market has a hold the order waits for
// the buyer to think again.
func Pay(s *world.Shop, o *Order, now int64) {
	o.confirm(now, s.Market)
	o.PaymentMethodName = factory(s).paymentMethod(o)
	o.CancelOrderSLATime = max(now, o.ReleaseDate) + ShipmentPeriod
	s.Schedule(o.CancelOrderSLATime, DeadlineShipment, o.ID)
	for _, line := range o.LinesIn(OrderUnpaid) {
		line.DisplayStatus = OrderAwaitingShipment
	}
	o.BuyerNickname, o.BuyerEmail, o.BuyerAvatar = "", "", "" // hidden during the hold
	moveOrder(s, o, OrderOnHold, now)
	s.Schedule(max(now+HoldPeriod, o.ReleaseDate), DeadlineHold, o.ID)
}

// release hands a paid order to the seller, with the address of the buyer and,
// outside the US, with one package for all lines. That the package comes with
// the end of the hold rather than before it is a choice: the documents say "at
// payment" and know nothing of holds there. A pre-order that is released ahead of
// its date is due from then on.
func release(s *world.Shop, o *Order, now int64) {
	if o.ReleaseDate > now {
		o.ReleaseDate = now
		o.dueFrom(now, s.Market)
		o.CancelOrderSLATime = now + ShipmentPeriod
		s.Schedule(o.CancelOrderSLATime, DeadlineShipment, o.ID)
	}
	if who := Of(s).Buyer(o.UserID); who != nil {
		o.BuyerNickname, o.BuyerEmail, o.BuyerAvatar = who.Nickname, who.Email, who.Avatar
		o.RecipientAddress = factory(s).address(*who, o.ShippingType == ShippingTikTok)
		o.taxpayer(s.Market, *who)
	}
	if s.Market.PackageAtPayment {
		newPackage(s, o, LineIDs(o.LinesIn(OrderAwaitingShipment)), now)
	}
	moveOrder(s, o, OrderAwaitingShipment, now)
}

// complete ends the after-sale period of an order.
func complete(s *world.Shop, o *Order, now int64) {
	for _, line := range o.LinesIn(OrderAwaitingCollection, OrderInTransit, OrderDelivered) {
		line.DisplayStatus = OrderCompleted
		dropHold(s, line.ID)
	}
	moveOrder(s, o, OrderCompleted, now)
}

// dropHold forgets the stock that a line stood for.
func dropHold(s *world.Shop, line string) { delete(Of(s).Holds, line) }

// follow moves an order to the state that follows from its lines, through
// every state on the way. The last line decides: an order is in transit when
// all of it is.
func follow(s *world.Shop, o *Order, now int64) {
	if len(OrderMoves(o.Status)) == 0 {
		return
	}
	target := o.StateOfLines()
	for o.Status != target {
		next := target
		switch o.Status {
		case OrderAwaitingShipment, OrderPartiallyShipping:
			if target != OrderPartiallyShipping && target != OrderCancelled {
				next = OrderAwaitingCollection
			}
		case OrderAwaitingCollection:
			if target == OrderDelivered {
				next = OrderInTransit
			}
		}
		moveOrder(s, o, next, now)
	}
	OrdersOf(s).changed(o, now)
}

// StateOfLines returns the state that the lines of an order make up, once it is
// paid and free. Cancelled lines count only where all are.
func (o *Order) StateOfLines() string {
	count := map[string]int{}
	for i := range o.LineItems {
		count[o.LineItems[i].DisplayStatus]++
	}
	left := len(o.LineItems) - count[OrderCancelled]
	switch {
	case left == 0:
		return OrderCancelled
	case o.Status == OrderUnpaid || o.Status == OrderOnHold:
		return o.Status
	case count[OrderAwaitingShipment] == left && o.Status != OrderPartiallyShipping: // nor when the rest got lost
		return OrderAwaitingShipment
	case count[OrderAwaitingShipment] > 0:
		return OrderPartiallyShipping
	case count[OrderAwaitingCollection] > 0:
		return OrderAwaitingCollection
	case count[OrderInTransit] > 0:
		return OrderInTransit
	case count[OrderDelivered] > 0:
		return OrderDelivered
	}
	return OrderCompleted
}

// cancelLines cancels lines of an order: their stock comes back, their packages
// shrink or end, and with the last line the order is cancelled.
func cancelLines(s *world.Shop, o *Order, lines []string, by, reason string, now int64) {
	stock.Together(s, func() {
		for _, id := range lines {
			line := o.Line(id)
			line.DisplayStatus, line.CancelUser, line.CancelReason = OrderCancelled, by, reason
			giveStock(s, id, now)
		}
	})
	unpack(s, o, lines, now)
	o.IsBuyerRequestCancel = false
	if o.StateOfLines() == OrderCancelled {
		o.CancelReason, o.CancellationInitiator = reason, by
		if by == RoleOperator { // an order knows three initiators only
			o.CancellationInitiator = RoleSystem
		}
	}
	follow(s, o, now)
}

// LineIDs returns the ids of lines.
func LineIDs(lines []*LineItem) []string {
	list := make([]string, 0, len(lines))
	for _, line := range lines {
		list = append(list, line.ID)
	}
	return list
}

// RefuseShipping says why orders may not be shipped: outside the US an open
// request of the buyer stops them.
func RefuseShipping(s *world.Shop, orders []string) *gate.Failure {
	if s.Market.PackageAtPayment {
		for _, id := range orders {
			if PendingCancellation(s, id) != nil {
				return gate.Fail(codeAfterSaleOpen, "the buyer of order ", id, " wants to cancel: answer the request first")
			}
		}
	}
	return nil
}

// EndRequests ends the open cancellation requests of orders that are shipped:
// so US sellers refuse them.
func EndRequests(s *world.Shop, orders []string, now int64) {
	for _, id := range orders {
		if c := PendingCancellation(s, id); c != nil {
			MoveCancellation(s, c, CancelCancelled, now)
		}
	}
}
