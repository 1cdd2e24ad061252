package sandbox

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// orderPage is what the page of an order shows.
type orderPage struct {
	orderData
	Shop       identity
	Now        time.Time
	Next       []string // states into which it can be brought
	Asks       []ask    // of the buyer
	Lines      []lineItem
	Packages   []packageRow
	AfterSales []afterSale
	Timeline   []moment
	Due        []moment // what happens by itself
	Warehouse  string
}

// ask is something that the buyer can want.
type ask struct{ Ask, Label string }

type packageRow struct {
	ID, Status, Provider, Tracking, Grouping string
	Units                                    int
	Shared                                   int // other orders in it
}

// afterSale is a cancellation or a return.
type afterSale struct {
	ID, Kind, Type, Status, Role, Reason, Amount string
	CreateTime, Next                             int64
	Replacement                                  string // order
	Steps                                        []string
	Records                                      []moment
}

// moment is something that happened, or will.
type moment struct {
	Time int64
	Text string
	Note string
}

func (s *site) orderView(r *http.Request) view {
	id := r.PathValue("id")
	shop := s.state.Load().world.owners.of(id)
	if shop == nil {
		return notFound("No order has this id.")
	}
	now := s.clock.Now()
	shop.mu.RLock()
	defer shop.mu.RUnlock()
	o := ordersOf(shop).byID[id]
	if o == nil {
		return notFound("No order has this id.")
	}
	data := orderPage{
		orderData: o.orderData, Shop: shop.identity, Now: now, Lines: slices.Clone(o.LineItems),
		Next: nextStates(shop, o), Asks: asks(shop, o), Timeline: timeline(o), Due: dueOf(shop, o, now.Unix()),
	}
	if at := shop.warehouse(o.WarehouseID); at != nil {
		data.Warehouse = at.name
	}
	for _, p := range packagesOf(shop, o) {
		data.Packages = append(data.Packages, packageRow{
			p.ID, p.Status, p.ProviderName, p.TrackingNumber, p.Grouping, len(p.lines()), len(p.Parts) - 1,
		})
		for _, scan := range p.Scans {
			data.Timeline = append(data.Timeline, moment{scan.Time, scan.Text, "package " + p.ID})
		}
	}
	for _, c := range tradeOf(shop).cancellationsOf[o.ID] {
		shown := afterSale{
			ID: c.ID, Kind: "Cancellation", Type: c.Type, Status: c.Status, Role: c.Role, Reason: c.Reason,
			Amount: shop.region.money(sumOf(c.Lines).total()) + " " + shop.region.currency, CreateTime: c.CreateTime, Next: c.Next,
		}
		if c.Status == cancelPending {
			shown.Steps = []string{stepWithdraw}
		}
		data.AfterSales = append(data.AfterSales, shown)
		data.Timeline = append(data.Timeline, moment{c.CreateTime, "Cancellation by the " + spoken(c.Role), c.Reason})
	}
	for _, req := range tradeOf(shop).returnsOf[o.ID] {
		shown := afterSale{
			ID: req.ID, Kind: "Return", Type: req.Type, Status: req.Status, Role: req.Role, Reason: req.Reason,
			Amount: shop.region.money(sumOf(req.Lines).total()) + " " + shop.region.currency, CreateTime: req.CreateTime, Next: req.Next,
			Replacement: req.Replacement,
		}
		possible := req.steps()
		for _, step := range afterSaleSteps {
			if possible[step] {
				shown.Steps = append(shown.Steps, step)
			}
		}
		for _, record := range req.Records {
			shown.Records = append(shown.Records, moment{record.Time, record.Text, spoken(record.Role)})
		}
		data.AfterSales = append(data.AfterSales, shown)
		data.Timeline = append(data.Timeline, shown.Records...)
	}
	slices.SortStableFunc(data.Timeline, func(a, b moment) int { return cmp.Compare(a.Time, b.Time) })
	return view{template: "order", title: "Order " + o.ID, data: data}
}

// timeline tells what happened to an order.
func timeline(o *order) []moment {
	list := []moment{{o.CreateTime, "Placed", ""}}
	for _, m := range []moment{
		{o.PaidTime, "Paid", o.PaymentMethodName}, {o.RTSTime, "Shipped", o.ShippingProvider}, {o.CollectionTime, "Collected", ""},
		{o.DeliveryTime, "Delivered", ""}, {o.RequestCancelTime, "The buyer asked to cancel", ""},
		{o.CancelTime, "Cancelled", strings.TrimSpace(spoken(o.CancellationInitiator) + " " + o.CancelReason)},
	} {
		if m.Time != 0 {
			list = append(list, m)
		}
	}
	return list
}

// dueOf tells what happens to an order by itself if nobody acts.
func dueOf(s *shop, o *order, now int64) []moment {
	due := map[string]struct{ status, text string }{
		deadlinePayment:    {orderUnpaid, "Cancelled unless it is paid"},
		deadlineHold:       {orderOnHold, "Released to the seller"},
		deadlineShipment:   {orderAwaitingShipment, "Cancelled unless it is shipped"},
		deadlineCollection: {orderAwaitingCollection, "Cancelled unless the carrier collects it"},
		deadlineCompletion: {orderDelivered, "Completed"},
	}
	var list []moment
	for _, d := range tradeOf(s).Deadlines.Queue {
		if rule := due[d.Kind]; d.ID == o.ID && rule.status == o.Status && d.At > now {
			list = append(list, moment{Time: d.At, Text: rule.text})
		}
	}
	return list
}

// asks lists what the buyer of an order can want now.
func asks(s *shop, o *order) []ask {
	var list []ask
	if refuseCancel(s, o, roleBuyer) == nil {
		list = append(list, ask{"cancel", "Buyer cancels"})
	}
	if o.Status == orderAwaitingShipment {
		list = append(list, ask{"address", "Buyer moves house"})
	}
	if len(returnableLines(s, o)) == 0 {
		return list
	}
	for _, want := range []struct{ kind, ask, label string }{
		{returnRefund, "refund", "Buyer wants a refund"},
		{returnGoods, "return", "Buyer returns the goods"},
		{returnReplacement, "replace", "Buyer wants a replacement"},
	} {
		if refuseReturn(s, o, want.kind, roleBuyer) == nil {
			list = append(list, ask{want.ask, want.label})
		}
	}
	return list
}

// stepLabel says what a step of a cancellation or return is.
func stepLabel(step string) string {
	return map[string]string{
		stepWithdraw: "Buyer withdraws", stepShip: "Buyer sends the goods", stepArrive: "Goods arrive",
		stepAcceptOffer: "Buyer takes the offer", stepRejectOffer: "Buyer refuses the offer", stepDispute: "Buyer disputes",
		stepForBuyer: "Decide for the buyer", stepForSeller: "Decide for the seller", stepClose: "Drop the dispute",
	}[step]
}

// changeOrder does what a button on the page of an order says.
func (s *site) changeOrder(r *http.Request) (string, error) {
	id := r.PathValue("id")
	done, err := "", error(nil)
	switch form := r.PostForm; {
	case form.Has("to"):
		done = "moved"
		_, err = s.steer(r, http.MethodPost, "orders/"+pathSegment(id)+"/move", map[string]string{"to": form.Get("to")})
	case form.Has("ask"):
		done = "asked"
		_, err = s.steer(r, http.MethodPost, "orders/"+pathSegment(id)+"/buyer", map[string]string{"ask": form.Get("ask")})
	case form.Has("do"):
		done = "stepped"
		_, err = s.steer(r, http.MethodPost, "aftersales/"+pathSegment(form.Get("request")), map[string]string{"do": form.Get("do")})
	default:
		err = errors.New("the form says nothing to do")
	}
	return webLink("orders/"+pathSegment(id), "done", done), err
}
