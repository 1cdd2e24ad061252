package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/fulfillment"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// TestTradeWorld lets three shops trade for thirty days, 2,000 orders in all:
// buyers, sellers, carriers and the customer service do what they may and what
// they may not. At every step the world keeps its order.
func TestTradeWorld(t *testing.T) {
	t.Parallel()
	seeds := uint64(4)
	all := new(outcomes)
	if UnderRace { // one world is one goroutine
		seeds = 1
	} else {
		t.Cleanup(func() { all.check(t) })
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			tradeScript(t, seed, 2000, 30*24*time.Hour, all)
		})
	}
}

// outcomes are those of all worlds: in one alone, what is rare may not happen.
type outcomes struct {
	mu    sync.Mutex
	ended map[string]int  // orders, cancellations and returns by their last status
	codes map[string]int  // calls by operation and code
	posts map[string]bool // operations that write
}

func (o *outcomes) add(ended, codes map[string]int, posts map[string]bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended == nil {
		o.ended, o.codes, o.posts = map[string]int{}, map[string]int{}, map[string]bool{}
	}
	for status, n := range ended {
		o.ended[status] += n
	}
	for code, n := range codes {
		o.codes[code] += n
	}
	maps.Copy(o.posts, posts)
}

// check fails where something never happened.
func (o *outcomes) check(t *testing.T) {
	for _, want := range []string{
		trade.OrderInTransit, trade.OrderCompleted, trade.OrderCancelled, trade.CancelComplete, trade.CancelCancelled,
		"REFUND " + trade.ReturnComplete, "REFUND " + trade.ReturnCancel, "RETURN_AND_REFUND " + trade.ReturnComplete, "RETURN_AND_REFUND " + trade.ReturnCancel,
		"REPLACEMENT " + trade.ReplacementComplete, "REPLACEMENT " + trade.ReplacementRefund, "REPLACEMENT " + trade.ReplacementCancel,
	} {
		if o.ended[want] == 0 {
			t.Errorf("nothing ended as %s: %v", want, o.ended)
		}
	}
	for name := range o.posts {
		if o.codes[name+" 0"] == 0 {
			t.Errorf("%s never worked", name)
		}
	}
	if len(o.codes) < 60 {
		t.Errorf("only %d kinds of answers: %v", len(o.codes), o.codes)
	}
}

// script is a world in which things happen.
type script struct {
	*testing.T
	invent.Random
	sb    *Sandbox
	now   time.Time
	shops []*world.Shop

	orders  map[*world.Shop][]*trade.Order // that were placed here
	said    map[*world.Shop][]announcement // since they were last looked at
	heard   map[string]string              // the last announced state of orders and requests
	stock   map[int64]stock.StockSnapshot  // the last announced stock of SKUs
	codes   map[string]int                 // calls by operation and code
	numbers int
}

func tradeScript(t *testing.T, seed uint64, orders int, length time.Duration, all *outcomes) {
	w := &script{
		T: t, Random: invent.NewRandom(seed, 0xC0FFEE), now: time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC),
		orders: map[*world.Shop][]*trade.Order{}, said: map[*world.Shop][]announcement{}, heard: map[string]string{}, codes: map[string]int{},
		stock: map[int64]stock.StockSnapshot{},
	}
	sb, err := New(Config{Seed: seed, Throttle: new(0.0), Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	w.sb, w.shops = sb, sb.gate.State.Load().World.Shops
	for _, s := range w.shops {
		s.Listen = func(eventType int, data any) { w.said[s] = append(w.said[s], announcement{eventType, data}) }
		for _, o := range trade.OrdersOf(s).ByCreate {
			w.heard[o.ID] = o.Status
			w.orders[s] = append(w.orders[s], o)
		}
		for id, c := range trade.Of(s).Cancellations {
			w.heard[id] = c.Status
		}
		for id, r := range trade.Of(s).Returns {
			w.heard[id] = r.Status
		}
		w.check(s)
	}
	end := w.now.Add(length)
	for placed := 0; placed < orders && !t.Failed(); {
		left := max(0, end.Sub(w.now)) / time.Duration(orders-placed)
		w.now = w.now.Add(time.Duration(w.Int64N(int64(2*left) + 1)).Truncate(time.Second))
		w.sb.gate.Present()
		s := w.shops[w.IntN(len(w.shops))]
		for tries := 0; !w.place(s) && tries < 50; tries++ {
			w.count(s) // the stock is used up
		}
		placed++
		for range 6 {
			w.happen(w.shops[w.IntN(len(w.shops))])
		}
		for _, s := range w.shops {
			w.listen(s)
		}
		if placed%25 == 0 {
			for _, s := range w.shops {
				w.check(s)
			}
		}
	}
	if t.Failed() {
		return
	}
	// Whatever is open ends by itself, but for what waits for a carrier or a
	// verdict.
	for range 60 {
		w.now = w.now.Add(24 * time.Hour)
		w.sb.gate.Present()
		for _, s := range w.shops {
			w.listen(s)
			w.check(s)
		}
	}
	w.settled()
	seen := map[string]int{}
	for _, s := range w.shops {
		for _, o := range trade.OrdersOf(s).ByCreate {
			seen[o.Status]++
		}
		for _, c := range trade.Of(s).Cancellations {
			seen[c.Status]++
		}
		for _, r := range trade.Of(s).Returns {
			seen[r.Type+" "+r.Status]++
		}
	}
	if t.Failed() {
		t.Log(seen)
	}
	posts := map[string]bool{}
	for _, r := range w.sb.gate.Registry.All() {
		if domain, _, _ := strings.Cut(r.Name, "."); domain != "fulfillment" && domain != "return_refund" || strings.Contains(r.Name, "Bundle") || r.Spec().Multipart || r.Shape {
			continue
		}
		if r.Method == "POST" {
			posts[r.Name] = true
		}
	}
	all.add(seen, w.codes, posts)
}

// call runs an operation as the gateway does once it has let a request in.
func (w *script) call(s *world.Shop, method, path, query, body string) (data json.RawMessage, code int) {
	c := new(gate.Call)
	c.Begin(w.sb.gate, httptest.NewRequest(method, "http://shop.test"+path+"?"+query, nil))
	c.Body, c.Shop, c.Grant = []byte(body), s, &authority.Grant{Shops: w.shops}
	methods, params := w.sb.gate.Router.Find(path)
	c.Route, c.Params = methods[method], params
	if f := c.Route.Handle(c); f != nil {
		code = f.Code
	}
	w.codes[fmt.Sprint(c.Route.Name, " ", code)]++
	switch code {
	case gate.CodeInvalidParameter, trade.CodeReasonUnknown, trade.CodeReturnParameter: // the script sends nothing that is malformed
		w.Errorf("%s %s: %s: code %d", method, path, body, code)
	}
	return c.Out[len(gate.EnvelopeStart):], code
}

func (w *script) locked(s *world.Shop, f func()) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	f()
}

func (w *script) place(s *world.Shop) bool {
	p := trade.Placement{ShippingType: invent.Pick(w.Random, []string{trade.ShippingTikTok, trade.ShippingSeller})}
	for range 1 + w.IntN(3) {
		product := invent.Pick(w.Random, product.Of(s).List)
		p.Lines = append(p.Lines, trade.PlacedLine{SKU: invent.Pick(w.Random, product.Live.SKUs).ID, Quantity: 1 + w.IntN(2)})
	}
	if w.Chance(40) { // few buyers, so that there is something to combine
		p.Buyer = trade.Of(s).Buyers[w.IntN(3)].ID
	}
	var o *trade.Order
	var err error
	w.locked(s, func() { o, err = trade.PlaceOrder(s, p, w.now.Unix()) })
	if err == nil {
		w.orders[s] = append(w.orders[s], o)
	}
	return err == nil
}

// count is a seller who counts the stock of a SKU, and now and then finds none.
func (w *script) count(s *world.Shop) {
	p := invent.Pick(w.Random, product.Of(s).List)
	if p.Status == product.ProductFreeze || p.Status == product.ProductDeleted {
		return
	}
	sku := invent.Pick(w.Random, p.Live.SKUs).ID
	var places []string
	for _, at := range p.Stock[sku] {
		places = append(places, fmt.Sprintf(`{"warehouse_id":%q,"quantity":%d}`, at.Warehouse, max(0, w.Between(-40, 150))))
	}
	w.call(s, "POST", "/product/202309/products/"+p.ID+"/inventory/update", "", `{"skus":[{"id":"`+sku+`","inventory":[`+strings.Join(places, ",")+`]}]}`)
}

// recent returns an order, mostly one of the last ones.
func (w *script) recent(s *world.Shop) *trade.Order {
	list := w.orders[s]
	return list[len(list)-1-w.IntN(min(len(list), 120))]
}

// happen lets something happen in a shop.
func (w *script) happen(s *world.Shop) {
	o := w.recent(s)
	now := w.now.Unix()
	switch w.IntN(24) {
	case 0:
		w.count(s)
	case 1, 2, 3, 4: // buyers pay
		for range 3 {
			if o := w.recent(s); o.Status == trade.OrderUnpaid {
				w.locked(s, func() { trade.Pay(s, o, now) })
			}
		}
	case 5, 6, 7, 8, 9: // sellers ship
		for range 3 {
			w.ship(s, w.recent(s))
		}
	case 10, 11, 12, 13: // carriers move
		w.locked(s, func() {
			for _, p := range w.packages(s) {
				switch {
				case p.Status == trade.PackageProcessing && w.Chance(40):
					trade.Collect(s, p, now)
				case p.Status == trade.PackageFulfilling && w.Chance(3):
					trade.Lose(s, p, s.Market.Reason("package_lost"), now)
				case p.Status == trade.PackageFulfilling && w.Chance(40):
					trade.Deliver(s, p, now)
				}
			}
		})
	case 14, 15, 16: // buyers ask
		w.locked(s, func() {
			if w.Chance(40) {
				trade.AskCancel(s, o, "", now)
				return
			}
			kind := invent.Pick(w.Random, []string{trade.ReturnRefund, trade.ReturnGoods, trade.ReturnReplacement})
			if lines := trade.ReturnableLines(s, o); len(lines) > 0 && w.Chance(50) {
				trade.AskReturn(s, o, kind, "", trade.LineIDs(lines[:1]), now)
				return
			}
			trade.AskReturn(s, o, kind, "", nil, now)
		})
	case 17, 18: // sellers cancel and refund
		w.begin(s, o)
	case 19, 20: // sellers answer
		for range 4 {
			w.answer(s)
		}
	case 21: // buyers, carriers and the customer service go on
		w.locked(s, func() {
			for _, id := range slices.Sorted(maps.Keys(trade.Of(s).Returns)) {
				if w.Chance(30) {
					trade.StepReturn(s, trade.Of(s).Returns[id], invent.Pick(w.Random, trade.AfterSaleSteps), now)
				}
			}
			for _, id := range slices.Sorted(maps.Keys(trade.Of(s).Cancellations)) {
				if w.Chance(2) {
					trade.WithdrawCancellation(s, trade.Of(s).Cancellations[id], trade.StepWithdraw, now)
				}
			}
		})
	case 22:
		w.regroup(s)
	case 23: // buyers move, and somebody uses the control
		w.locked(s, func() {
			for range 4 {
				trade.Readdress(s, w.recent(s), now)
			}
		})
		w.locked(s, func() { trade.AdvanceTo(s, o, invent.Pick(w.Random, trade.OrderStatuses), now) })
	}
}

// packages returns some packages of recent orders.
func (w *script) packages(s *world.Shop) (list []*trade.Parcel) {
	for range 12 {
		for _, p := range trade.PackagesOf(s, w.recent(s)) {
			if !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	return list
}

func (w *script) number(prefix string) string {
	w.numbers++
	return fmt.Sprint(prefix, w.numbers)
}

// ship tries one of the ways of shipping.
func (w *script) ship(s *world.Shop, o *trade.Order) {
	provider := market.Carriers(s.Region)[0]
	self := fmt.Sprintf(`"shipping_provider_id":%q,"tracking_number":%q`, provider.ID, w.number(provider.Prefix))
	lines := ""
	if open := o.LinesIn(trade.OrderAwaitingShipment); len(open) > 1 && w.Chance(30) {
		lines = `"order_line_item_ids":["` + open[0].ID + `"],`
	}
	const size = `"weight":{"value":"1","unit":"POUND"},"dimension":{"length":"9","width":"9","height":"9","unit":"INCH"}`
	ways := []func(){
		func() { w.call(s, "POST", "/fulfillment/202309/orders/"+o.ID+"/packages", "", "{"+lines+self+"}") },
		func() {
			w.call(s, "POST", "/fulfillment/202309/packages", "", `{"order_id":"`+o.ID+`",`+lines+size+"}")
		},
		func() { w.call(s, "POST", "/fulfillment/202512/packages", "", `{"order_id":"`+o.ID+`",`+size+"}") },
		func() {
			w.call(s, "POST", "/fulfillment/202309/packages/schedule", "", `{`+lines+`"order_id":"`+o.ID+`"}`)
		},
		func() {
			w.call(s, "POST", "/fulfillment/202309/orders/"+o.ID+"/shipping_services/query", "", "{"+size+"}")
		},
		func() {
			w.call(s, "POST", "/fulfillment/202309/orders/"+o.ID+"/shipping_info/update", "", "{"+self+"}")
		},
	}
	for _, p := range trade.PackagesOf(s, o) {
		one := func() {
			w.call(s, "POST", "/fulfillment/202309/packages/"+p.ID+"/ship", "", `{"self_shipment":{`+self+`}}`)
		}
		if s.Market.Invoices {
			invoice := func() {
				w.call(s, "POST", "/fulfillment/202502/invoice/upload", "", fmt.Sprintf(`{"invoices":[{"package_id":%q,"order_ids":[%q],"file_type":"XML","file":%q}]}`, p.ID, o.ID, base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "<nfe><chNFe>%044d</chNFe></nfe>", w.Int64N(1e15)))))
			}
			ways = append(ways, invoice, invoice, invoice, invoice)
		}
		ways = append(ways, one, one, one, one,
			func() {
				w.call(s, "POST", "/fulfillment/202309/packages/ship", "", `{"packages":[{"id":"1"},{"id":"`+p.ID+`","self_shipment":{`+self+`}}]}`)
			},
			func() {
				w.call(s, "POST", "/fulfillment/202309/packages/"+p.ID+"/shipping_info/update", "", "{"+self+"}")
			},
			func() {
				w.call(s, "POST", "/fulfillment/202309/packages/deliver", "", `{"packages":[{"id":"`+p.ID+`","delivery_type":"DELIVERY_SUCCESS"}]}`)
			},
			func() { w.call(s, "POST", "/fulfillment/202309/packages/search", "page_size=5", "") },
			func() {
				w.call(s, "GET", "/fulfillment/202309/packages/"+p.ID+"/shipping_documents", "document_type=SHIPPING_LABEL", "")
			},
		)
	}
	invent.Pick(w.Random, ways)()
}

// regroup splits, combines and takes apart.
func (w *script) regroup(s *world.Shop) {
	if groups := fulfillment.Combinables(s); len(groups) > 0 && w.Chance(60) {
		w.call(s, "POST", "/fulfillment/202309/packages/combine", "", `{"combinable_packages":[{"id":"`+invent.Pick(w.Random, groups).ID+`"}]}`)
		return
	}
	for _, p := range w.packages(s) {
		if p.Grouping == trade.GroupCombined {
			w.call(s, "POST", "/fulfillment/202309/packages/"+p.ID+"/uncombine", "", `{"order_ids":["`+invent.Pick(w.Random, p.OrderIDs())+`"]}`)
			return
		}
	}
	for range 20 {
		o := w.recent(s)
		if p, _ := fulfillment.Splittable(s, o); p != nil {
			bySKU := map[string][]string{}
			for _, id := range p.Lines() {
				bySKU[o.Line(id).SKUID] = append(bySKU[o.Line(id).SKUID], id)
			}
			var groups []string
			for i, sku := range slices.Sorted(maps.Keys(bySKU)) {
				groups = append(groups, fmt.Sprintf(`{"id":"%d","order_line_item_ids":["%s"]}`, i, strings.Join(bySKU[sku], `","`)))
			}
			w.call(s, "POST", "/fulfillment/202309/orders/"+o.ID+"/split", "", `{"splittable_groups":[`+strings.Join(groups, ",")+`]}`)
			return
		}
	}
}

// version returns the space of one of two versions of the after-sales, drawn.
func (w *script) version(older, newer string) string {
	if w.Chance(50) {
		older = newer
	}
	return "/return_refund/" + older + "/"
}

// begin is a seller who cancels, refunds or asks goods back.
func (w *script) begin(s *world.Shop, o *trade.Order) {
	some := ""
	if w.Chance(40) {
		some = fmt.Sprintf(`,"skus":[{"sku_id":%q,"quantity":1}]`, invent.Pick(w.Random, o.LineItems).SKUID)
	}
	if w.Chance(40) {
		w.call(s, "POST", w.version("202309", "202602")+"cancellations", "", `{"order_id":"`+o.ID+`","cancel_reason":"`+s.Market.Reason("seller_cancel_reason_out_of_stock")+`"`+some+`}`)
		return
	}
	kind := invent.Pick(w.Random, []string{trade.ReturnRefund, trade.ReturnGoods})
	key := trade.DefaultReason(s, trade.RoleSeller, o.Status, trade.ReasonKind(kind))
	if key == "" {
		key = trade.DefaultReason(s, trade.RoleSeller, trade.OrderDelivered, trade.ReasonKind(kind))
	}
	if w.Chance(30) && kind == trade.ReturnRefund {
		some += fmt.Sprintf(`,"refund_total":%q`, s.Market.Money(w.Between(1, 2000)))
	}
	w.call(s, "POST", w.version("202309", "202602")+"refunds/calculate", "", `{"order_id":"`+o.ID+`","request_type":"`+kind+`","reason_name":"`+key+`"}`)
	w.call(s, "POST", w.version("202309", "202602")+"returns", "", fmt.Sprintf(`{"order_id":%q,"return_type":%q,"return_reason":%q%s}`, o.ID, kind, key, some))
}

// answer is a seller who answers a request, not always with something that
// fits.
func (w *script) answer(s *world.Shop) {
	if w.Chance(30) {
		var ids []string
		for _, c := range trade.Of(s).Cancellations {
			if c.Status == trade.CancelPending || w.Chance(2) {
				ids = append(ids, c.ID)
			}
		}
		if len(ids) > 0 {
			slices.Sort(ids)
			id := invent.Pick(w.Random, ids)
			if w.Chance(50) {
				w.call(s, "POST", "/return_refund/202309/cancellations/"+id+"/approve", "idempotency_key="+w.number("k"), "")
				return
			}
			w.call(s, "POST", "/return_refund/202309/cancellations/"+id+"/reject", "", `{"reject_reason":"seller_reject_apply_product_has_been_packed"}`)
		}
		w.call(s, "POST", w.version("202309", "202602")+"cancellations/search", "", "")
		return
	}
	w.call(s, "POST", w.version("202309", "202602")+"returns/search", "", "")
	w.call(s, "POST", "/return_refund/202603/aftersales/search", "", "")
	w.call(s, "POST", "/return_refund/202604/rma/search", "", "")
	var ids []string
	for _, r := range trade.Of(s).Returns {
		if r.Open() {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	slices.Sort(ids)
	r := trade.Of(s).Returns[invent.Pick(w.Random, ids)]
	if w.Chance(30) {
		action := invent.Pick(w.Random, []string{"APPROVE_REQUEST", "APPROVE_RETURN_PACKAGE", "REJECT_REQUEST", "REJECT_RETURN_PACKAGE", "REFUND_INSTEAD"})
		w.call(s, "POST", w.version("202603", "202606")+"aftersales/review", "",
			`{"aftersales_request_decisions":[{"request_id":"`+r.ID+`","line_item_decisions":[{"action":"`+action+`"}]}]}`)
		return
	}
	decision := invent.Pick(w.Random, []string{trade.ApproveRefund, trade.ApproveReturn, trade.ApproveReceived, trade.ApproveReplacement, trade.RefundInstead, trade.OfferPartial})
	if w.Chance(50) {
		decision = invent.Pick(w.Random, map[string][]string{
			trade.ReturnRefund:      {trade.ApproveRefund, trade.OfferPartial},
			trade.ReturnGoods:       {trade.ApproveReturn, trade.ApproveReceived},
			trade.ReturnReplacement: {trade.ApproveReplacement, trade.RefundInstead},
		}[r.Type])
	}
	more := ""
	switch {
	case decision == trade.OfferPartial:
		more = fmt.Sprintf(`,"partial_refund":{"amount":%q}`, s.Market.Money(w.Between(1, 1500)))
	case decision == trade.ApproveReturn && w.Chance(30):
		more = `,"buyer_keep_item":true`
	}
	if w.Chance(60) {
		w.call(s, "POST", "/return_refund/202309/returns/"+r.ID+"/approve", "", `{"decision":"`+decision+`"`+more+`}`)
		return
	}
	decision = invent.Pick(w.Random, []string{trade.RejectRefund, trade.RejectReturn, trade.RejectReceived, trade.RejectReplacement})
	key := "seller_reject_apply_reason_is_unclear_or_lack_of_evidence"
	if decision == trade.RejectReceived {
		key = s.Market.Reason("reverse_reject_return_parcel_reason_1")
	}
	w.call(s, "POST", "/return_refund/202309/returns/"+r.ID+"/reject", "", `{"decision":"`+decision+`","reject_reason":"`+key+`"}`)
}

// listen holds what a shop announced against the state machines, and against
// what is the case now.
func (w *script) listen(s *world.Shop) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	touched, counted := map[string]bool{}, map[int64]stock.InventoryChange{}
	for _, a := range w.said[s] {
		switch data := a.Data.(type) {
		case trade.OrderStatusChange:
			from, to := w.heard[data.OrderID], data.OrderStatus
			if to == "CANCEL" {
				to = trade.OrderCancelled
			}
			legal := from == "" && to == trade.OrderUnpaid || slices.Contains(trade.OrderMoves(from), to) ||
				from == trade.OrderAwaitingShipment && slices.Contains(trade.OrderMoves(trade.OrderPartiallyShipping), to) // which nobody hears of
			if !legal {
				w.Errorf("order %s went from %s to %s", data.OrderID, from, to)
			}
			w.heard[data.OrderID] = to
			touched[data.OrderID] = true
		case trade.CancellationChange:
			if from := w.heard[data.CancelID]; !slices.Contains(trade.CancelMoves(from), data.Status) {
				w.Errorf("cancellation %s went from %s to %s", data.CancelID, from, data.Status)
			}
			w.heard[data.CancelID] = data.Status
		case trade.ReturnChange:
			if from := w.heard[data.ReturnID]; !slices.Contains(trade.ReturnMoves(data.Type, from), data.Status) {
				w.Errorf("%s %s went from %s to %s", data.Type, data.ReturnID, from, data.Status)
			}
			w.heard[data.ReturnID] = data.Status
		case stock.InventoryChange:
			w.checkStock(data)
			counted[data.SKUID] = data
		}
	}
	w.said[s] = nil
	for _, last := range counted {
		sku := strconv.FormatInt(last.SKUID, 10)
		if owner, _ := trade.FindSKU(s, sku); stock.CountStock(owner, sku) != last.Snapshot {
			w.Errorf("SKU %s: announced %+v, there is %+v", sku, last.Snapshot, stock.CountStock(owner, sku))
		}
	}
	for id := range touched {
		w.checkOrder(s, trade.OrdersOf(s).ByID[id])
	}
}

// checkStock holds a change of a stock against what was announced before it.
func (w *script) checkStock(data stock.InventoryChange) {
	now, d := data.Snapshot, data.Detail[0]
	if before, ok := w.stock[data.SKUID]; ok && (before.Available+d.Available != now.Available || before.Committed+d.Committed != now.Committed) {
		w.Errorf("SKU %d: from %+v by %+v to %+v", data.SKUID, before, d, now)
	}
	if now.Total != now.Available+now.Committed || now.InShop != now.Total || d.Total != d.Available+d.Committed || d.Total != d.InShop {
		w.Errorf("SKU %d: %+v by %+v", data.SKUID, now, d)
	}
	w.stock[data.SKUID] = now
}

func (w *script) checkOrder(s *world.Shop, o *trade.Order) {
	if heard := w.heard[o.ID]; heard != o.Status && !(o.Status == trade.OrderPartiallyShipping && heard == trade.OrderAwaitingShipment) {
		w.Errorf("order %s is %s, announced was %s", o.ID, o.Status, heard)
	}
	if o.Status != o.StateOfLines() {
		w.Errorf("order %s is %s, its lines are %s", o.ID, o.Status, o.StateOfLines())
	}
	last := o.CreateTime
	if o.IsCOD && o.PaidTime != o.DeliveryTime {
		w.Errorf("order %s in cash is paid at %d, delivered at %d", o.ID, o.PaidTime, o.DeliveryTime)
	}
	for _, at := range []int64{o.Confirmed(), o.RTSTime, o.CollectionTime, o.DeliveryTime, o.UpdateTime} {
		if at != 0 && at < last {
			w.Errorf("order %s: times out of order: %+v", o.ID, o.OrderData)
		}
		last = max(last, at)
	}
	if o.UpdateTime > w.now.Unix() {
		w.Errorf("order %s was updated in the future", o.ID)
	}
	value := trade.OrderValue(s.Market, o)
	if total := s.Market.Cents(o.Payment.TotalAmount); value.Total() != total {
		w.Errorf("order %s: the parts make %d, the total is %d", o.ID, value.Total(), total)
	}
	for i := range o.LineItems {
		line := &o.LineItems[i]
		held, holds := trade.Of(s).Holds[line.ID]
		waits := line.DisplayStatus == trade.OrderUnpaid || line.DisplayStatus == trade.OrderAwaitingShipment
		if waits && (!holds || held.Shipped) || holds && !held.Shipped && !waits {
			w.Errorf("order %s: line is %s with stock %+v", o.ID, line.DisplayStatus, held)
		}
		p := trade.Of(s).Packages[line.PackageID]
		if (p == nil) != (line.PackageID == "") || p != nil && (!slices.Contains(p.Lines(), line.ID) || p.Status != line.PackageStatus) {
			w.Errorf("order %s: line is in package %q, %s: %+v", o.ID, line.PackageID, line.PackageStatus, p)
		}
		if shipped := slices.Contains([]string{trade.OrderAwaitingCollection, trade.OrderInTransit, trade.OrderDelivered}, line.DisplayStatus); shipped && (p == nil || p.TrackingNumber == "") {
			w.Errorf("order %s: line is %s without a shipped package", o.ID, line.DisplayStatus)
		}
	}
}

// check looks at everything in a shop.
func (w *script) check(s *world.Shop) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	for _, o := range trade.OrdersOf(s).ByCreate {
		w.checkOrder(s, o)
	}
	n := len(trade.OrdersOf(s).ByID)
	if !slices.IsSortedFunc(trade.OrdersOf(s).ByCreate, trade.CompareCreated) || !slices.IsSortedFunc(trade.OrdersOf(s).ByUpdate, trade.CompareUpdated) ||
		len(trade.OrdersOf(s).ByCreate) != n || len(trade.OrdersOf(s).ByUpdate) != n {
		w.Errorf("the lists of orders are in disorder")
	}
	// What lines hold is what is committed, place by place.
	type spot struct{ sku, warehouse string }
	committed := map[spot]int64{}
	for _, h := range trade.Of(s).Holds {
		switch {
		case h.Shipped:
		case len(h.Parts) > 0:
			for _, part := range h.Parts {
				committed[spot{part.SKU, h.Warehouse}] += part.Count
			}
		default:
			committed[spot{h.SKU, h.Warehouse}]++
		}
	}
	for _, p := range product.Of(s).List {
		for sku, places := range p.Stock {
			for _, at := range places {
				if held := committed[spot{sku, at.Warehouse}]; at.Available < 0 || at.Committed != held {
					w.Errorf("SKU %s: %d available, %d committed, lines hold %d", sku, at.Available, at.Committed, held)
				}
			}
		}
	}
	// A line is in one package, and packages have lines.
	packaged := map[string]string{}
	for _, p := range trade.Of(s).Packages {
		if len(p.Lines()) == 0 || p.UpdateTime < p.CreateTime {
			w.Errorf("package %+v", p)
		}
		for _, id := range p.Lines() {
			if packaged[id] != "" {
				w.Errorf("line %s is in packages %s and %s", id, packaged[id], p.ID)
			}
			packaged[id] = p.ID
		}
	}
	// Money goes back once, and no more than came.
	paid := map[string]trade.Amounts{}
	for _, r := range trade.Of(s).Refunds {
		paid[r.OrderID] = paid[r.OrderID].Plus(r.Amounts)
		if r.Time > w.now.Unix() || r.Amounts.Total() <= 0 {
			w.Errorf("refund %+v", r)
		}
	}
	for _, o := range trade.OrdersOf(s).ByCreate {
		back, value := trade.Repaid(s, o), trade.OrderValue(s.Market, o)
		if back != paid[o.ID] {
			w.Errorf("order %s: requests paid %+v back, the books say %+v", o.ID, back, paid[o.ID])
		}
		rest := value.Minus(back)
		if min(rest.Subtotal, rest.Tax, rest.Retail, rest.Shipping, rest.ShippingTax) < 0 || back.Total() > 0 && o.PaidTime == 0 {
			w.Errorf("order %s: %+v paid back of %+v", o.ID, back, value)
		}
	}
	// What is open goes on by itself, and nothing is late.
	queue := map[world.Deadline]bool{}
	for _, d := range trade.Of(s).Deadlines.Queue {
		if d.At <= w.now.Unix() {
			w.Errorf("deadline %+v is missed", d)
		}
		d.Turn = 0
		queue[d] = true
	}
	waits := func(at int64, kind, id string) {
		if !queue[world.Deadline{At: at, Kind: kind, ID: id}] {
			w.Errorf("%s %s does not go on at %d", kind, id, at)
		}
	}
	for id, c := range trade.Of(s).Cancellations {
		if w.heard[id] != c.Status {
			w.Errorf("cancellation %s is %s, announced was %s", id, c.Status, w.heard[id])
		}
		if len(trade.CancelMoves(c.Status)) > 0 {
			waits(c.Next, trade.DeadlineCancellation, id)
		}
	}
	for id, r := range trade.Of(s).Returns {
		if w.heard[id] != r.Status {
			w.Errorf("return %s is %s, announced was %s", id, r.Status, w.heard[id])
		}
		if r.Open() && r.Arbitration != trade.ArbitrationRunning && !(r.Status == trade.ReturnShipped && r.ArrivedTime == 0) {
			waits(r.Next, trade.DeadlineReturn, id)
		}
	}
	for _, o := range trade.OrdersOf(s).ByCreate {
		switch o.Status {
		case trade.OrderUnpaid:
			waits(o.CreateTime+trade.PaymentPeriod, trade.DeadlinePayment, o.ID)
		case trade.OrderOnHold:
			waits(max(o.Confirmed()+trade.HoldPeriod, o.ReleaseDate), trade.DeadlineHold, o.ID)
		case trade.OrderAwaitingShipment:
			waits(o.CancelOrderSLATime, trade.DeadlineShipment, o.ID)
		case trade.OrderAwaitingCollection:
			waits(o.CollectionDueTime, trade.DeadlineCollection, o.ID)
		case trade.OrderDelivered:
			if !trade.AfterSaleOpen(s, o) {
				waits(o.DeliveryTime+trade.AfterSalePeriod, trade.DeadlineCompletion, o.ID)
			}
		}
	}
}

// settled looks at a world in which nothing was done for two months.
func (w *script) settled() {
	for _, s := range w.shops {
		for _, o := range trade.OrdersOf(s).ByCreate {
			value, back := trade.OrderValue(s.Market, o), trade.Repaid(s, o)
			switch o.Status {
			case trade.OrderUnpaid, trade.OrderOnHold, trade.OrderAwaitingShipment, trade.OrderAwaitingCollection:
				w.Errorf("order %s is still %s", o.ID, o.Status)
			case trade.OrderCancelled:
				if o.Paid() && back != value {
					w.Errorf("cancelled order %s: %+v paid back of %+v", o.ID, back, value)
				}
			}
		}
		for _, r := range trade.Of(s).Returns {
			if r.Open() && r.Arbitration != trade.ArbitrationRunning && r.Status != trade.ReturnShipped {
				w.Errorf("return %s is still %s", r.ID, r.Status)
			}
		}
	}
}
