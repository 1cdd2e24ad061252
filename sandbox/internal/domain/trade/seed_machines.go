package trade

import (
	"encoding/json"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// trade invents what belongs to the shop's orders: packages, cancellations and
// returns, and what is going to happen to them.
func (f *orderFactory) trade() {
	s := f.Shop
	stream := uint64(invent.StreamTrade) + 8*f.Index
	t := Of(s)
	random := func(i uint64) invent.Random { return invent.NewRandom(f.World.Seed, stream+i) }
	t.Random = random(0)
	t.OrderIDs = invent.IDs{Next: f.ids.Next, Random: random(1)}
	t.PackageIDs = invent.IDs{Next: f.packages.Next, Random: random(2)}
	t.AfterSaleIDs = invent.IDs{Next: world.IDAfterSales + f.Index*world.IDStride, Random: random(3)}
	*t.StockIDs = invent.IDs{Next: world.IDStockChanges + f.Index*world.IDStride, Random: random(4)}
	t.Buyers = f.buyers
	for i := range t.Buyers {
		t.Buyers[i].Place.streets = nil
	}
	t.Packages = map[string]*Parcel{}
	t.Cancellations, t.Returns = map[string]*Cancellation{}, map[string]*ReturnRequest{}
	t.Repeats, t.Bundles = map[string]json.RawMessage{}, map[string]Bundle{}
	t.index()
	delivered := 0
	for _, o := range OrdersOf(s).ByCreate {
		seedPackages(s, o)
		o.NeedUploadInvoice = invoiceNeed(s, o)
		seedDeadlines(s, o)
		seedCancellation(s, o, f.Now.Unix())
		if o.Status == OrderDelivered && !o.IsCOD {
			seedReturn(s, o, delivered, f.Now.Unix())
			delivered++
		}
	}
	s.Settle(f.Now.Unix()) // nobody listens yet to what this announces
}

// seedPackages makes the packages that stand on the lines of an order.
func seedPackages(s *world.Shop, o *Order) {
	for _, at := range o.Packages {
		p := &Parcel{
			ID: at.ID, ShippingType: o.ShippingType, Grouping: GroupDefault, PaidTime: o.Confirmed(),
			CreateTime: o.Confirmed(), UpdateTime: o.Confirmed(), Parts: []packagePart{{OrderID: o.ID}}, Scans: []Scan{},
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
		arrived := func(text string, time int64, code int) {
			if time > 0 {
				p.Scans = append(p.Scans, Scan{text, time, code})
				p.UpdateTime = time
			}
		}
		if p.Status != PackageToFulfill {
			p.ShippedTime = o.RTSTime
			if !s.Market.PackageAtPayment {
				p.CreateTime = o.RTSTime
			}
			if p.ShippingType == ShippingTikTok {
				p.HandoverMethod = HandoverDropOff
			}
			arrived("Shipment arranged with "+p.ProviderName, o.RTSTime, scanPacked)
			arrived("Collected by "+p.ProviderName, o.CollectionTime, scanCollected)
			arrived("Delivered", o.DeliveryTime, scanDelivered)
		}
		seedInvoice(s, p)
		Of(s).Packages[p.ID] = p
	}
}

// seedDeadlines schedules what happens to an order if nobody does anything.
func seedDeadlines(s *world.Shop, o *Order) {
	switch o.Status {
	case OrderUnpaid:
		s.Schedule(o.CreateTime+PaymentPeriod, DeadlinePayment, o.ID)
	case OrderOnHold:
		s.Schedule(o.Confirmed()+HoldPeriod, DeadlineHold, o.ID)
		s.Schedule(o.CancelOrderSLATime, DeadlineShipment, o.ID)
	case OrderAwaitingShipment:
		s.Schedule(o.CancelOrderSLATime, DeadlineShipment, o.ID)
	case OrderAwaitingCollection:
		s.Schedule(o.CollectionDueTime, DeadlineCollection, o.ID)
	case OrderDelivered:
		s.Schedule(o.DeliveryTime+AfterSalePeriod, DeadlineCompletion, o.ID)
	}
}

// seedCancellation makes the cancellation that an order shows.
func seedCancellation(s *world.Shop, o *Order, now int64) {
	kind, role, since, lines := CancelDirectly, o.CancellationInitiator, o.CancelTime, []string{}
	for i := range o.LineItems {
		lines = append(lines, o.LineItems[i].ID)
	}
	switch {
	case o.IsBuyerRequestCancel:
		kind, role, since = cancelByBuyer, RoleBuyer, o.RequestCancelTime
	case o.Status != OrderCancelled || o.Confirmed() == 0:
		return
	case o.RequestCancelTime > 0:
		kind, since = cancelByBuyer, o.RequestCancelTime
	}
	reason := o.CancelReason
	if reason == "" {
		reason = DefaultReason(s, RoleBuyer, o.Status, ReasonCancel)
	}
	c := &Cancellation{
		ID: Of(s).AfterSaleIDs.New(), OrderID: o.ID, Type: kind, Role: role, Reason: reason,
		Status: CancelPending, CreateTime: since, UpdateTime: since, Next: since + answerPeriod,
	}
	for i, part := range Refundable(s, o, lines) {
		c.Lines = append(c.Lines, AfterSaleLine{Of(s).AfterSaleIDs.New(), lines[i], part})
	}
	if o.Status == OrderCancelled {
		c.Status, c.UpdateTime, c.Next = CancelSuccess, o.CancelTime, o.CancelTime+RefundPeriod
		if c.Next <= now {
			c.Status, c.UpdateTime, c.Next = CancelComplete, c.Next, 0
			payBack(s, o, refundCancellation, c.ID, c.Lines, c.UpdateTime)
		}
	}
	if c.Next != 0 {
		s.Schedule(c.Next, DeadlineCancellation, c.ID)
	}
	Of(s).Cancellations[c.ID] = c
	Of(s).CancellationsOf[o.ID] = append(Of(s).CancellationsOf[o.ID], c)
	s.World.Owners.Add(s, c.ID)
}

// seedReturn lets the buyers of some delivered orders ask for something, and
// lets some of the requests go on. The requests come to all their states.
func seedReturn(s *world.Shop, o *Order, turn int, now int64) {
	type plan struct {
		kind  string
		steps []string // decisions of the seller, or steps of the others
	}
	plans := []plan{
		{kind: ReturnRefund},
		{kind: ReturnGoods},
		{kind: ReturnGoods, steps: []string{ApproveReturn}},
		{kind: ReturnGoods, steps: []string{ApproveReturn, StepShip}},
		{kind: ReturnGoods, steps: []string{ApproveReturn, StepShip, StepArrive}},
		{kind: ReturnGoods, steps: []string{ApproveReturn, StepShip, RejectReceived, StepDispute}},
		{kind: ReturnReplacement},
		{kind: ReturnRefund, steps: []string{RejectRefund}},
		{kind: ReturnRefund, steps: []string{StepWithdraw}},
		{kind: ReturnRefund, steps: []string{OfferPartial}},
		{kind: ReturnRefund, steps: []string{ApproveRefund}},
		{kind: ReturnReplacement, steps: []string{RejectReplacement}},
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
	lines := LineIDs(o.LinesIn(OrderDelivered))
	if turn%4 == 0 { // one line only
		lines = lines[:1]
	}
	id, _, f := AskReturn(s, o, chosen.kind, "", lines, at)
	if f != nil {
		return // nothing to ask for
	}
	r := Of(s).Returns[id]
	for _, step := range chosen.steps {
		at += gap
		done := ReturnRecord{Time: at, Role: RoleSeller, Event: step, Text: "The seller decided"}
		switch step {
		case ApproveReturn:
			MoveReturn(s, r, ReturnAwaitingShip, done)
		case ApproveRefund:
			MoveReturn(s, r, ReturnSuccess, done)
		case RejectRefund, RejectReceived, RejectReplacement:
			if keys := ReasonsFor(s.Market, RoleSeller, r.ReasonState(), RejectKinds(r)...); len(keys) > 0 {
				done.Reason = keys[0].Key
			}
			MoveReturn(s, r, Rejected(step), done)
		case OfferPartial:
			r.Offer, r.OfferOpen = SumOf(r.Lines).Total()/3+1, true
			record(s, r, done)
			r.Next = at + offerPeriod
			s.Schedule(r.Next, DeadlineReturn, r.ID)
		default:
			if slices.Contains(AfterSaleSteps, step) {
				StepReturn(s, r, step, at)
			}
		}
	}
}
