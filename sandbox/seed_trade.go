package sandbox

import (
	"encoding/json"
	"slices"
)

// trade invents what belongs to the shop's orders: packages, cancellations and
// returns, and what is going to happen to them.
func (f *orderFactory) trade() {
	s := f.shop
	stream := uint64(streamTrade) + 8*f.index
	t := tradeOf(s)
	random := func(i uint64) random { return newRandom(f.world.seed, stream+i) }
	t.Random = random(0)
	t.OrderIDs = ids{f.ids.next, random(1)}
	t.PackageIDs = ids{f.packages.next, random(2)}
	t.AfterSaleIDs = ids{idAfterSales + f.index*idStride, random(3)}
	*t.StockIDs = ids{idStockChanges + f.index*idStride, random(4)}
	t.Buyers = f.buyers
	for i := range t.Buyers {
		t.Buyers[i].Place.streets = nil
	}
	t.Packages = map[string]*parcel{}
	t.Cancellations, t.Returns = map[string]*cancellation{}, map[string]*returnRequest{}
	t.Repeats, t.Bundles = map[string]json.RawMessage{}, map[string]bundle{}
	t.index()
	delivered := 0
	for _, o := range ordersOf(s).byCreate {
		seedPackages(s, o)
		seedDeadlines(s, o)
		seedCancellation(s, o, f.now.Unix())
		if o.Status == orderDelivered && !o.IsCOD {
			seedReturn(s, o, delivered, f.now.Unix())
			delivered++
		}
	}
	s.settle(f.now.Unix()) // nobody listens yet to what this announces
}

// seedPackages makes the packages that stand on the lines of an order.
func seedPackages(s *shop, o *order) {
	for _, at := range o.Packages {
		p := &parcel{
			ID: at.ID, ShippingType: o.ShippingType, Grouping: groupDefault, PaidTime: o.PaidTime,
			CreateTime: o.PaidTime, UpdateTime: o.PaidTime, Parts: []packagePart{{OrderID: o.ID}}, Scans: []scan{},
		}
		if len(o.Packages) > 1 {
			p.Grouping = groupSplit
		}
		for i := range o.LineItems {
			if line := &o.LineItems[i]; line.PackageID == p.ID {
				p.Parts[0].Lines = append(p.Parts[0].Lines, line.ID)
				p.Status, p.TrackingNumber = line.PackageStatus, line.TrackingNumber
				p.ProviderID, p.ProviderName = line.ShippingProviderID, line.ShippingProviderName
			}
		}
		arrived := func(text string, time int64) {
			if time > 0 {
				p.Scans = append(p.Scans, scan{text, time})
				p.UpdateTime = time
			}
		}
		if p.Status != packageToFulfill {
			p.ShippedTime = o.RTSTime
			if !s.region.packageAtPayment {
				p.CreateTime = o.RTSTime
			}
			if p.ShippingType == shippingTikTok {
				p.HandoverMethod = handoverDropOff
			}
			arrived("Shipment arranged with "+p.ProviderName, o.RTSTime)
			arrived("Collected by "+p.ProviderName, o.CollectionTime)
			arrived("Delivered", o.DeliveryTime)
		}
		tradeOf(s).Packages[p.ID] = p
	}
}

// seedDeadlines schedules what happens to an order if nobody does anything.
func seedDeadlines(s *shop, o *order) {
	switch o.Status {
	case orderUnpaid:
		s.schedule(o.CreateTime+paymentPeriod, deadlinePayment, o.ID)
	case orderOnHold:
		s.schedule(o.PaidTime+holdPeriod, deadlineHold, o.ID)
		s.schedule(o.CancelOrderSLATime, deadlineShipment, o.ID)
	case orderAwaitingShipment:
		s.schedule(o.CancelOrderSLATime, deadlineShipment, o.ID)
	case orderAwaitingCollection:
		s.schedule(o.CollectionDueTime, deadlineCollection, o.ID)
	case orderDelivered:
		s.schedule(o.DeliveryTime+afterSalePeriod, deadlineCompletion, o.ID)
	}
}

// seedCancellation makes the cancellation that an order shows.
func seedCancellation(s *shop, o *order, now int64) {
	kind, role, since, lines := cancelDirectly, o.CancellationInitiator, o.CancelTime, []string{}
	for i := range o.LineItems {
		lines = append(lines, o.LineItems[i].ID)
	}
	switch {
	case o.IsBuyerRequestCancel:
		kind, role, since = cancelByBuyer, roleBuyer, o.RequestCancelTime
	case o.Status != orderCancelled || o.PaidTime == 0:
		return
	case o.RequestCancelTime > 0:
		kind, since = cancelByBuyer, o.RequestCancelTime
	}
	reason := o.CancelReason
	if reason == "" {
		reason = defaultReason(s, roleBuyer, o.Status, reasonCancel)
	}
	c := &cancellation{
		ID: tradeOf(s).AfterSaleIDs.new(), OrderID: o.ID, Type: kind, Role: role, Reason: reason,
		Status: cancelPending, CreateTime: since, UpdateTime: since, Next: since + answerPeriod,
	}
	for i, part := range refundable(s, o, lines) {
		c.Lines = append(c.Lines, afterSaleLine{tradeOf(s).AfterSaleIDs.new(), lines[i], part})
	}
	if o.Status == orderCancelled {
		c.Status, c.UpdateTime, c.Next = cancelSuccess, o.CancelTime, o.CancelTime+refundPeriod
		if c.Next <= now {
			c.Status, c.UpdateTime, c.Next = cancelComplete, c.Next, 0
			payBack(s, o, refundCancellation, c.ID, c.Lines, c.UpdateTime)
		}
	}
	if c.Next != 0 {
		s.schedule(c.Next, deadlineCancellation, c.ID)
	}
	tradeOf(s).Cancellations[c.ID] = c
	tradeOf(s).cancellationsOf[o.ID] = append(tradeOf(s).cancellationsOf[o.ID], c)
	s.world.owners.add(s, c.ID)
}

// seedReturn lets the buyers of some delivered orders ask for something, and
// lets some of the requests go on. The requests come to all their states.
func seedReturn(s *shop, o *order, turn int, now int64) {
	type plan struct {
		kind  string
		steps []string // decisions of the seller, or steps of the others
	}
	plans := []plan{
		{kind: returnRefund},
		{kind: returnGoods},
		{kind: returnGoods, steps: []string{approveReturn}},
		{kind: returnGoods, steps: []string{approveReturn, stepShip}},
		{kind: returnGoods, steps: []string{approveReturn, stepShip, stepArrive}},
		{kind: returnGoods, steps: []string{approveReturn, stepShip, rejectReceived, stepDispute}},
		{kind: returnReplacement},
		{kind: returnRefund, steps: []string{rejectRefund}},
		{kind: returnRefund, steps: []string{stepWithdraw}},
		{kind: returnRefund, steps: []string{offerPartial}},
		{kind: returnRefund, steps: []string{approveRefund}},
		{kind: returnReplacement, steps: []string{rejectReplacement}},
	}
	if turn%2 != 0 || turn/2 >= len(plans) {
		return
	}
	chosen := plans[turn/2]
	// Steps are an hour apart and end before the present, yet not so long ago
	// that a deadline would have passed.
	const hour = 3600
	at := max(now-int64(len(chosen.steps)+1)*hour, o.DeliveryTime+1)
	gap := min(int64(hour), (now-at)/int64(len(chosen.steps)+1))
	lines := lineIDs(o.linesIn(orderDelivered))
	if turn%4 == 0 { // one line only
		lines = lines[:1]
	}
	id, _, f := askReturn(s, o, chosen.kind, "", lines, at)
	if f != nil {
		return // nothing to ask for
	}
	r := tradeOf(s).Returns[id]
	for _, step := range chosen.steps {
		at += gap
		done := returnRecord{Time: at, Role: roleSeller, Event: step, Text: "The seller decided"}
		switch step {
		case approveReturn:
			moveReturn(s, r, returnAwaitingShip, done)
		case approveRefund:
			moveReturn(s, r, returnSuccess, done)
		case rejectRefund, rejectReceived, rejectReplacement:
			to := map[string]string{rejectRefund: returnRejected, rejectReceived: returnGoodsRejected, rejectReplacement: replacementRejected}[step]
			if keys := reasonsFor(s.region, roleSeller, r.reasonState(), rejectKinds(r)...); len(keys) > 0 {
				done.Reason = keys[0].Key
			}
			moveReturn(s, r, to, done)
		case offerPartial:
			r.Offer, r.OfferOpen = sumOf(r.Lines).total()/3+1, true
			record(s, r, done)
			r.Next = at + offerPeriod
			s.schedule(r.Next, deadlineReturn, r.ID)
		default:
			if slices.Contains(afterSaleSteps, step) {
				stepReturn(s, r, step, at)
			}
		}
	}
}
