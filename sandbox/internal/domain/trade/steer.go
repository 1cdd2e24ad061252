package trade

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// NextStates lists the states that an order can reach in one step.
func NextStates(s *world.Shop, o *Order) []string {
	states := OrderMoves(o.Status)
	return slices.DeleteFunc(states, func(to string) bool {
		switch {
		case o.Status == OrderUnpaid && to == OrderAwaitingShipment:
			return true // after the hold
		case to == OrderPartiallyShipping:
			return len(o.LineItems) < 2
		case to == OrderCompleted:
			return o.Status != OrderDelivered // else by a refund only
		}
		return false
	})
}

// rank orders the states that an order passes one after the other.
func rank(status string) int {
	return slices.Index([]string{
		OrderUnpaid, OrderOnHold, OrderAwaitingShipment, OrderPartiallyShipping,
		OrderAwaitingCollection, OrderInTransit, OrderDelivered, OrderCompleted,
	}, status)
}

// AdvanceTo moves an order to a state, through every state on the way.
func AdvanceTo(s *world.Shop, o *Order, to string, now int64) *gate.Failure {
	if to == OrderCancelled {
		return cancelAs(s, o, now)
	}
	if o.Status == OrderCancelled || o.Status != to && rank(to) <= rank(o.Status) {
		return Cannot("order ", o.ID, " is ", o.Status, " and cannot become ", to)
	}
	for o.Status != to {
		before := o.Status
		if f := stepOrder(s, o, to, now); f != nil {
			return f
		}
		if o.Status == before || rank(o.Status) > rank(to) {
			return Cannot("order ", o.ID, " stays ", o.Status)
		}
	}
	return nil
}

// stepOrder does the next thing that happens to an order on its way to a state.
func stepOrder(s *world.Shop, o *Order, to string, now int64) *gate.Failure {
	switch o.Status {
	case OrderUnpaid:
		Pay(s, o, now)
	case OrderOnHold:
		release(s, o, now)
	case OrderAwaitingShipment, OrderPartiallyShipping:
		return shipOpen(s, o, to == OrderPartiallyShipping, now)
	case OrderAwaitingCollection:
		for _, p := range PackagesOf(s, o) {
			if p.Status == PackageProcessing {
				Collect(s, p, now)
			}
		}
	case OrderInTransit:
		for _, p := range PackagesOf(s, o) {
			if p.Status == PackageFulfilling {
				Deliver(s, p, now)
			}
		}
	case OrderDelivered:
		if AfterSaleOpen(s, o) {
			return Cannot("a request about order ", o.ID, " is open")
		}
		complete(s, o, now)
	}
	return nil
}

// shipOpen ships what is open of an order, or a part of it only.
func shipOpen(s *world.Shop, o *Order, part bool, now int64) *gate.Failure {
	lines, f := PickLines(s, o, nil)
	if f != nil {
		return f
	}
	var waiting []*Parcel
	for _, p := range PackagesOf(s, o) {
		if p.Status == PackageToFulfill {
			waiting = append(waiting, p)
		}
	}
	if part && len(waiting) < 2 {
		some := lines[:1]
		if s.Market.ByPackage { // the units of a SKU stay together
			some = slices.DeleteFunc(slices.Clone(lines), func(id string) bool { return o.Line(id).SKUID != o.Line(lines[0]).SKUID })
		}
		if len(some) == len(lines) || len(waiting) > 0 && waiting[0].Grouping == GroupCombined {
			return Cannot("order ", o.ID, " cannot be shipped in parts")
		}
		lines = some
	}
	if f := RefuseShipping(s, []string{o.ID}); f != nil {
		return f
	}
	switch {
	case part && len(waiting) > 1:
		waiting = waiting[:1]
	case part || len(waiting) == 0:
		p, f := Wrap(s, o, lines, now)
		if f != nil {
			return f
		}
		waiting = []*Parcel{p}
	}
	for _, p := range waiting {
		if f := RefuseShipping(s, p.OrderIDs()); f != nil {
			return f
		}
		invoiceAll(s, p, now)
		EndRequests(s, p.OrderIDs(), now)
		by := invent.Pick(Of(s).Random, market.Carriers(s.Region))
		Arrange(s, p, by, TrackingNumber(s, by), now)
	}
	return nil
}

// cancelAs cancels an order the way it usually happens in its state: the buyer
// changes their mind, the seller does not ship, the carrier loses it.
func cancelAs(s *world.Shop, o *Order, now int64) *gate.Failure {
	switch o.Status {
	case OrderCancelled:
		return nil
	case OrderUnpaid, OrderOnHold:
		_, _, f := AskCancel(s, o, "", now)
		return f
	case OrderAwaitingShipment:
		cancelBySystem(s, o, s.Market.Reason("system_cancel_order_reason_shipping_timeout"), now)
	case OrderPartiallyShipping:
		if len(o.LinesIn(OrderDelivered)) > 0 {
			return Cannot("a part of order ", o.ID, " is delivered")
		}
		cancelBySystem(s, o, s.Market.Reason("platform_cancel"), now)
	case OrderAwaitingCollection:
		cancelBySystem(s, o, s.Market.Reason("system_cancel_order_untracked"), now)
	case OrderInTransit:
		if len(o.LinesIn(OrderDelivered)) > 0 {
			return Cannot("a part of order ", o.ID, " is delivered")
		}
		for _, p := range PackagesOf(s, o) {
			if p.Status == PackageFulfilling {
				Lose(s, p, s.Market.Reason("package_lost"), now)
			}
		}
	default:
		return Cannot("order ", o.ID, " is ", o.Status, " and cannot be cancelled")
	}
	return nil
}

// Readdress sends an order that is not shipped to another address in the
// market. It leaves a package that it shares with other orders.
func Readdress(s *world.Shop, o *Order, now int64) *gate.Failure {
	if o.Status != OrderAwaitingShipment {
		return Cannot("order ", o.ID, " is ", o.Status, ": its address is fixed or not known yet")
	}
	who, other := *Of(s).Buyer(o.UserID), invent.Pick(Of(s).Random, Of(s).Buyers)
	who.Place, who.Street = other.Place, other.Street
	o.RecipientAddress = factory(s).address(who, o.ShippingType == ShippingTikTok)
	o.HasUpdatedRecipientAddress = true
	OrdersOf(s).changed(o, now)
	s.Emit(eventAddress, addressUpdate{o.ID, now})
	for _, p := range PackagesOf(s, o) {
		if p.Grouping != GroupCombined {
			continue
		}
		made := TakeApart(s, p, []string{o.ID}, now)
		AnnouncePackages(s, "ADDRESS_UPDATE_SPLIT", "ROLE_USER", now, made...)
	}
	return nil
}

// WithdrawCancellation is a buyer who takes a cancellation request back.
func WithdrawCancellation(s *world.Shop, c *Cancellation, do string, now int64) *gate.Failure {
	if do != StepWithdraw || c.Status != CancelPending {
		return Cannot("cancellation ", c.ID, " is ", c.Status, ": no ", do)
	}
	MoveCancellation(s, c, CancelCancelled, now)
	return nil
}
