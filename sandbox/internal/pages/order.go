package pages

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// orderPage is what the page of an order shows.
type orderPage struct {
	trade.OrderData
	Shop       world.Identity
	Now        time.Time
	Next       []string // states that it can reach in one step
	Asks       []ask    // of the buyer
	Lines      []trade.LineItem
	Packages   []packageRow
	AfterSales []afterSale
	Timeline   []moment
	Due        []moment // what happens by itself
	Warehouse  string
	Requests   []requestRow // that name it
	Webhooks   []deliveryRow
	AllOf      string // link to all requests that name it; "" where these are all
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

func (s *Site) orderView(r *http.Request) view {
	id := r.PathValue("id")
	shop := s.State.Load().World.Owners.Of(id)
	if shop == nil {
		return notFound("No order has this id.")
	}
	now := s.Clock.Now()
	data, ids, ok := showOrder(shop, id, now)
	if !ok {
		return notFound("No order has this id.")
	}
	var more bool
	if data.Requests, more = s.requestsAbout(ids); more {
		data.AllOf = webLink("requests", "q", id)
	}
	data.Webhooks, _ = s.webhooksAbout(ids)
	return view{template: "order", title: "Order " + id, data: data}
}

// showOrder copies what the page of an order shows, and returns the ids by which
// others name it. It is false where the shop has no such order.
func showOrder(shop *world.Shop, id string, now time.Time) (data orderPage, ids []string, ok bool) {
	shop.Mu.RLock()
	defer shop.Mu.RUnlock()
	o := trade.OrdersOf(shop).ByID[id]
	if o == nil {
		return data, nil, false
	}
	data = orderPage{
		OrderData: o.OrderData, Shop: shop.Identity, Now: now, Lines: slices.Clone(o.LineItems),
		Next: trade.NextStates(shop, o), Asks: asks(shop, o), Timeline: timeline(o), Due: dueOf(shop, o, now.Unix()),
	}
	if at := shop.Warehouse(o.WarehouseID); at != nil {
		data.Warehouse = at.Name
	}
	for _, p := range trade.PackagesOf(shop, o) {
		data.Packages = append(data.Packages, packageRow{
			p.ID, p.Status, p.ProviderName, p.TrackingNumber, p.Grouping, len(p.Lines()), len(p.Parts) - 1,
		})
		for _, scan := range p.Scans {
			data.Timeline = append(data.Timeline, moment{scan.Time, scan.Text, "package " + p.ID})
		}
	}
	for _, c := range trade.Of(shop).CancellationsOf[o.ID] {
		shown := afterSale{
			ID: c.ID, Kind: "Cancellation", Type: c.Type, Status: c.Status, Role: c.Role, Reason: c.Reason,
			Amount: shop.Market.Money(trade.SumOf(c.Lines).Total()) + " " + shop.Market.Currency, CreateTime: c.CreateTime, Next: c.Next,
		}
		if c.Status == trade.CancelPending {
			shown.Steps = []string{trade.StepWithdraw}
		}
		data.AfterSales = append(data.AfterSales, shown)
		data.Timeline = append(data.Timeline, moment{c.CreateTime, "Cancellation by the " + spoken(c.Role), c.Reason})
	}
	for _, req := range trade.Of(shop).ReturnsOf[o.ID] {
		shown := afterSale{
			ID: req.ID, Kind: "Return", Type: req.Type, Status: req.Status, Role: req.Role, Reason: req.Reason,
			Amount: shop.Market.Money(trade.SumOf(req.Lines).Total()) + " " + shop.Market.Currency, CreateTime: req.CreateTime, Next: req.Next,
			Replacement: req.Replacement,
		}
		possible := req.Steps()
		for _, step := range trade.AfterSaleSteps {
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
	return data, idsOf(shop, o), true
}

// timeline tells what happened to an order.
func timeline(o *trade.Order) []moment {
	list := []moment{{o.CreateTime, "Placed", ""}}
	for _, m := range []moment{
		{o.PaidTime, "Paid", o.PaymentMethodName}, {o.RTSTime, "Shipped", o.ShippingProvider}, {o.CollectionTime, "Collected", ""},
		{o.DeliveryTime, "Delivered", ""}, {o.RequestCancelTime, "The buyer asked to cancel", ""},
		{o.CancelTime, "Cancelled", strings.TrimSpace(spoken(o.CancellationInitiator) + " " + trade.ReasonText(o.CancelReason, "en-US"))},
	} {
		if m.Time != 0 {
			list = append(list, m)
		}
	}
	return list
}

// dueOf tells what happens to an order by itself if nobody acts.
func dueOf(s *world.Shop, o *trade.Order, now int64) []moment {
	due := map[string]struct{ status, text string }{
		trade.DeadlinePayment:    {trade.OrderUnpaid, "Cancelled unless it is paid"},
		trade.DeadlineHold:       {trade.OrderOnHold, "Released to the seller"},
		trade.DeadlineShipment:   {trade.OrderAwaitingShipment, "Cancelled unless it is shipped"},
		trade.DeadlineCollection: {trade.OrderAwaitingCollection, "Cancelled unless the carrier collects it"},
		trade.DeadlineCompletion: {trade.OrderDelivered, "Completed"},
	}
	var list []moment
	for _, d := range trade.Of(s).Deadlines.Queue {
		if rule := due[d.Kind]; d.ID == o.ID && rule.status == o.Status && d.At > now {
			list = append(list, moment{Time: d.At, Text: rule.text})
		}
	}
	return list
}

// asks lists what the buyer of an order can want now.
func asks(s *world.Shop, o *trade.Order) []ask {
	var list []ask
	if trade.RefuseCancel(s, o, trade.RoleBuyer) == nil {
		list = append(list, ask{"cancel", "Buyer cancels"})
	}
	if o.Status == trade.OrderAwaitingShipment {
		list = append(list, ask{"address", "Buyer changes address"})
	}
	if len(trade.ReturnableLines(s, o)) == 0 {
		return list
	}
	for _, want := range []struct{ kind, ask, label string }{
		{trade.ReturnRefund, "refund", "Buyer requests a refund"},
		{trade.ReturnGoods, "return", "Buyer returns the goods"},
		{trade.ReturnReplacement, "replace", "Buyer requests a replacement"},
	} {
		if trade.RefuseReturn(s, o, want.kind, trade.RoleBuyer) == nil {
			list = append(list, ask{want.ask, want.label})
		}
	}
	return list
}

// stepLabel says what a step of a cancellation or return is.
func stepLabel(step string) string {
	return map[string]string{
		trade.StepWithdraw: "Buyer withdraws", trade.StepShip: "Buyer sends the goods", trade.StepArrive: "Goods arrive",
		trade.StepAcceptOffer: "Buyer accepts the offer", trade.StepRejectOffer: "Buyer rejects the offer", trade.StepDispute: "Buyer disputes",
		trade.StepForBuyer: "Decide for the buyer", trade.StepForSeller: "Decide for the seller", trade.StepClose: "Close the dispute",
	}[step]
}

// changeOrder does what a button on the page of an order says.
func (s *Site) changeOrder(r *http.Request) (string, error) {
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
