package sandbox

import "slices"

// Who acts. OPERATOR, the platform's customer service, exists too.
const (
	roleBuyer    = "BUYER"
	roleSeller   = "SELLER"
	roleSystem   = "SYSTEM"
	roleOperator = "OPERATOR"
)

// orderMoves returns the states that follow a state of an order.
func orderMoves(from string) []string {
	switch from {
	case orderUnpaid:
		return []string{orderOnHold, orderAwaitingShipment, orderCancelled}
	case orderOnHold:
		return []string{orderAwaitingShipment, orderCancelled}
	case orderAwaitingShipment:
		return []string{orderPartiallyShipping, orderAwaitingCollection, orderCancelled}
	case orderPartiallyShipping:
		return []string{orderAwaitingCollection, orderCancelled}
	case orderAwaitingCollection:
		return []string{orderInTransit, orderCompleted, orderCancelled}
	case orderInTransit:
		return []string{orderDelivered, orderCompleted, orderCancelled}
	case orderDelivered:
		return []string{orderCompleted}
	}
	return nil // COMPLETED and CANCELLED are final
}

// moveOrder brings an order into the next state and announces it.
func moveOrder(s *shop, o *order, to string, now int64) {
	if !slices.Contains(orderMoves(o.Status), to) {
		panic("sandbox: order " + o.ID + " cannot go from " + o.Status + " to " + to)
	}
	o.Status = to
	switch to {
	case orderAwaitingCollection:
		o.RTSTime = now
		o.CollectionDueTime = now + collectionTime
		s.schedule(o.CollectionDueTime, deadlineCollection, o.ID)
	case orderInTransit:
		o.CollectionTime = now
		o.DeliveryDueTime = now + deliveryTime
	case orderDelivered:
		o.DeliveryTime = now
		s.schedule(now+afterSalePeriod, deadlineCompletion, o.ID)
	case orderCancelled:
		o.CancelTime = now
	}
	ordersOf(s).changed(o, now)
	announceOrder(s, o, now)
}

// pay is the buyer's payment. Where the market has a hold the order waits for
// the buyer to think again.
func pay(s *shop, o *order, now int64) {
	o.paidAt(now, s.region)
	o.PaymentMethodName = factory(s).paymentMethod(o)
	o.CancelOrderSLATime = now + shipmentPeriod
	s.schedule(o.CancelOrderSLATime, deadlineShipment, o.ID)
	for _, line := range o.linesIn(orderUnpaid) {
		line.DisplayStatus = orderAwaitingShipment
	}
	if !s.region.hold {
		release(s, o, now)
		return
	}
	o.BuyerNickname, o.BuyerEmail, o.BuyerAvatar = "", "", "" // hidden during the hold
	moveOrder(s, o, orderOnHold, now)
	s.schedule(now+holdPeriod, deadlineHold, o.ID)
}

// release hands a paid order to the seller, with the address of the buyer and,
// outside the US, with one package for all lines. That the package comes with
// the end of the hold rather than before it is a choice: the documents say "at
// payment" and know nothing of holds there.
func release(s *shop, o *order, now int64) {
	if who := tradeOf(s).buyer(o.UserID); who != nil {
		o.BuyerNickname, o.BuyerEmail, o.BuyerAvatar = who.Nickname, who.Email, who.Avatar
		o.RecipientAddress = factory(s).address(*who, o.ShippingType == shippingTikTok)
	}
	if s.region.packageAtPayment {
		newPackage(s, o, lineIDs(o.linesIn(orderAwaitingShipment)), now)
	}
	moveOrder(s, o, orderAwaitingShipment, now)
}

// complete ends the after-sale period of an order.
func complete(s *shop, o *order, now int64) {
	for _, line := range o.linesIn(orderAwaitingCollection, orderInTransit, orderDelivered) {
		line.DisplayStatus = orderCompleted
		dropHold(s, line.ID)
	}
	moveOrder(s, o, orderCompleted, now)
}

// dropHold forgets the stock that a line stood for.
func dropHold(s *shop, line string) { delete(tradeOf(s).Holds, line) }

// follow brings an order into the state that follows from its lines, through
// every state on the way. The last line decides: an order is in transit when
// all of it is.
func follow(s *shop, o *order, now int64) {
	if len(orderMoves(o.Status)) == 0 {
		return
	}
	target := o.stateOfLines()
	for o.Status != target {
		next := target
		switch o.Status {
		case orderAwaitingShipment, orderPartiallyShipping:
			if target != orderPartiallyShipping && target != orderCancelled {
				next = orderAwaitingCollection
			}
		case orderAwaitingCollection:
			if target == orderDelivered {
				next = orderInTransit
			}
		}
		moveOrder(s, o, next, now)
	}
	ordersOf(s).changed(o, now)
}

// stateOfLines returns the state that the lines of an order make up, once it is
// paid and free. Cancelled lines count only where all are.
func (o *order) stateOfLines() string {
	count := map[string]int{}
	for i := range o.LineItems {
		count[o.LineItems[i].DisplayStatus]++
	}
	left := len(o.LineItems) - count[orderCancelled]
	switch {
	case left == 0:
		return orderCancelled
	case o.Status == orderUnpaid || o.Status == orderOnHold:
		return o.Status
	case count[orderAwaitingShipment] == left && o.Status != orderPartiallyShipping: // nor when the rest got lost
		return orderAwaitingShipment
	case count[orderAwaitingShipment] > 0:
		return orderPartiallyShipping
	case count[orderAwaitingCollection] > 0:
		return orderAwaitingCollection
	case count[orderInTransit] > 0:
		return orderInTransit
	case count[orderDelivered] > 0:
		return orderDelivered
	}
	return orderCompleted
}

// cancelLines cancels lines of an order: their stock comes back, their packages
// shrink or end, and with the last line the order is cancelled.
func cancelLines(s *shop, o *order, lines []string, by, reason string, now int64) {
	together(s, func() {
		for _, id := range lines {
			line := o.line(id)
			line.DisplayStatus, line.CancelUser, line.CancelReason = orderCancelled, by, reason
			giveStock(s, id, now)
		}
	})
	unpack(s, o, lines, now)
	o.IsBuyerRequestCancel = false
	if o.stateOfLines() == orderCancelled {
		o.CancelReason, o.CancellationInitiator = reason, by
		if by == roleOperator { // an order knows three initiators only
			o.CancellationInitiator = roleSystem
		}
	}
	follow(s, o, now)
}

// lineIDs returns the ids of lines.
func lineIDs(lines []*lineItem) []string {
	list := make([]string, 0, len(lines))
	for _, line := range lines {
		list = append(list, line.ID)
	}
	return list
}

// refuseShipping says why orders may not be shipped: outside the US an open
// request of the buyer stops them.
func refuseShipping(s *shop, orders []string) *failure {
	if s.region.packageAtPayment {
		for _, id := range orders {
			if pendingCancellation(s, id) != nil {
				return fail(codeAfterSaleOpen, "the buyer of order ", id, " wants to cancel: answer the request first")
			}
		}
	}
	return nil
}

// endRequests ends the open cancellation requests of orders that are shipped:
// so US sellers refuse them.
func endRequests(s *shop, orders []string, now int64) {
	for _, id := range orders {
		if c := pendingCancellation(s, id); c != nil {
			moveCancellation(s, c, cancelCancelled, now)
		}
	}
}
