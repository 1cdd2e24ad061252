package sandbox

import "slices"

// nextStates lists the states into which an order can be brought in one step.
func nextStates(s *shop, o *order) []string {
	states := orderMoves(o.Status)
	return slices.DeleteFunc(states, func(to string) bool {
		switch {
		case o.Status == orderUnpaid && to == orderAwaitingShipment:
			return s.region.hold
		case to == orderOnHold:
			return !s.region.hold
		case to == orderPartiallyShipping:
			return len(o.LineItems) < 2
		case to == orderCompleted:
			return o.Status != orderDelivered // else by a refund only
		}
		return false
	})
}

// rank orders the states that an order passes one after the other.
func rank(status string) int {
	return slices.Index([]string{
		orderUnpaid, orderOnHold, orderAwaitingShipment, orderPartiallyShipping,
		orderAwaitingCollection, orderInTransit, orderDelivered, orderCompleted,
	}, status)
}

func bring(s *shop, o *order, to string, now int64) *failure {
	if to == orderCancelled {
		return bringDown(s, o, now)
	}
	if o.Status == orderCancelled || o.Status != to && rank(to) <= rank(o.Status) {
		return cannot("order ", o.ID, " is ", o.Status, " and cannot become ", to)
	}
	if to == orderOnHold && o.Status != to && !s.region.hold {
		return cannot("orders of this market are not held")
	}
	for o.Status != to {
		before := o.Status
		if f := stepOrder(s, o, to, now); f != nil {
			return f
		}
		if o.Status == before || rank(o.Status) > rank(to) {
			return cannot("order ", o.ID, " stays ", o.Status)
		}
	}
	return nil
}

// stepOrder does the next thing that happens to an order on its way to a state.
func stepOrder(s *shop, o *order, to string, now int64) *failure {
	switch o.Status {
	case orderUnpaid:
		pay(s, o, now)
	case orderOnHold:
		release(s, o, now)
	case orderAwaitingShipment, orderPartiallyShipping:
		return shipOpen(s, o, to == orderPartiallyShipping, now)
	case orderAwaitingCollection:
		for _, p := range packagesOf(s, o) {
			if p.Status == packageProcessing {
				collect(s, p, now)
			}
		}
	case orderInTransit:
		for _, p := range packagesOf(s, o) {
			if p.Status == packageFulfilling {
				deliver(s, p, now)
			}
		}
	case orderDelivered:
		if afterSaleOpen(s, o) {
			return cannot("a request about order ", o.ID, " is open")
		}
		complete(s, o, now)
	}
	return nil
}

// shipOpen ships what is open of an order, or a part of it only.
func shipOpen(s *shop, o *order, part bool, now int64) *failure {
	lines, f := pickLines(s, o, nil)
	if f != nil {
		return f
	}
	var waiting []*parcel
	for _, p := range packagesOf(s, o) {
		if p.Status == packageToFulfill {
			waiting = append(waiting, p)
		}
	}
	if part && len(waiting) < 2 {
		some := lines[:1]
		if s.region.southEastAsia { // the units of a SKU stay together
			some = slices.DeleteFunc(slices.Clone(lines), func(id string) bool { return o.line(id).SKUID != o.line(lines[0]).SKUID })
		}
		if len(some) == len(lines) || len(waiting) > 0 && waiting[0].Grouping == groupCombined {
			return cannot("order ", o.ID, " cannot be shipped in parts")
		}
		lines = some
	}
	if f := refuseShipping(s, []string{o.ID}); f != nil {
		return f
	}
	switch {
	case part && len(waiting) > 1:
		waiting = waiting[:1]
	case part || len(waiting) == 0:
		p, f := wrap(s, o, lines, now)
		if f != nil {
			return f
		}
		waiting = []*parcel{p}
	}
	for _, p := range waiting {
		if f := refuseShipping(s, p.orderIDs()); f != nil {
			return f
		}
		endRequests(s, p.orderIDs(), now)
		by := pick(tradeOf(s).Random, carriers(s.Region))
		arrange(s, p, by, trackingNumber(s, by), now)
	}
	return nil
}

// bringDown cancels an order the way it usually happens in its state: the buyer
// thinks again, the seller does not ship, the carrier loses it.
func bringDown(s *shop, o *order, now int64) *failure {
	switch o.Status {
	case orderCancelled:
		return nil
	case orderUnpaid, orderOnHold:
		_, _, f := askCancel(s, o, "", now)
		return f
	case orderAwaitingShipment:
		cancelBySystem(s, o, s.region.reason("system_cancel_order_reason_shipping_timeout"), now)
	case orderPartiallyShipping:
		if len(o.linesIn(orderDelivered)) > 0 {
			return cannot("a part of order ", o.ID, " is delivered")
		}
		cancelBySystem(s, o, s.region.reason("platform_cancel"), now)
	case orderAwaitingCollection:
		cancelBySystem(s, o, s.region.reason("system_cancel_order_untracked"), now)
	case orderInTransit:
		if len(o.linesIn(orderDelivered)) > 0 {
			return cannot("a part of order ", o.ID, " is delivered")
		}
		for _, p := range packagesOf(s, o) {
			if p.Status == packageFulfilling {
				lose(s, p, s.region.reason("package_lost"), now)
			}
		}
	default:
		return cannot("order ", o.ID, " is ", o.Status, " and cannot be cancelled")
	}
	return nil
}

// readdress sends an order that is not shipped to another address in the
// market. It leaves a package that it shares with other orders.
func readdress(s *shop, o *order, now int64) *failure {
	if o.Status != orderAwaitingShipment {
		return cannot("order ", o.ID, " is ", o.Status, ": its address is fixed or not known yet")
	}
	who, other := *tradeOf(s).buyer(o.UserID), pick(tradeOf(s).Random, tradeOf(s).Buyers)
	who.Place, who.Street = other.Place, other.Street
	o.RecipientAddress = factory(s).address(who, o.ShippingType == shippingTikTok)
	o.HasUpdatedRecipientAddress = true
	ordersOf(s).changed(o, now)
	s.emit(eventAddress, addressUpdate{o.ID, now})
	for _, p := range packagesOf(s, o) {
		if p.Grouping != groupCombined {
			continue
		}
		made := takeApart(s, p, []string{o.ID}, now)
		announcePackages(s, "ADDRESS_UPDATE_SPLIT", "ROLE_USER", now, made...)
	}
	return nil
}

func withdrawCancellation(s *shop, c *cancellation, do string, now int64) *failure {
	if do != stepWithdraw || c.Status != cancelPending {
		return cannot("cancellation ", c.ID, " is ", c.Status, ": no ", do)
	}
	moveCancellation(s, c, cancelCancelled, now)
	return nil
}
