package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestTradeWorld lets three shops trade for thirty days, 2,000 orders in all:
// buyers, sellers, carriers and the customer service do what they may and what
// they may not. At every step the world keeps its order.
func TestTradeWorld(t *testing.T) {
	t.Parallel()
	seeds := uint64(4)
	if underRace { // one world is one goroutine
		seeds = 1
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			tradeScript(t, seed, 2000, 30*24*time.Hour)
		})
	}
}

// script is a world in which things happen.
type script struct {
	*testing.T
	random
	sb    *Sandbox
	now   time.Time
	shops []*shop

	orders  map[*shop][]*order       // that were placed here
	said    map[*shop][]announcement // since they were last looked at
	heard   map[string]string        // the last announced state of orders and requests
	stock   map[int64]stockSnapshot  // the last announced stock of SKUs
	codes   map[string]int           // calls by operation and code
	numbers int
}

func tradeScript(t *testing.T, seed uint64, orders int, length time.Duration) {
	w := &script{
		T: t, random: newRandom(seed, 0xC0FFEE), now: time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC),
		orders: map[*shop][]*order{}, said: map[*shop][]announcement{}, heard: map[string]string{}, codes: map[string]int{},
		stock: map[int64]stockSnapshot{},
	}
	sb, err := New(Config{Seed: seed, Throttle: new(0.0), Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	w.sb, w.shops = sb, sb.gate.state.Load().world.shops
	for _, s := range w.shops {
		s.listen = func(eventType int, data any) { w.said[s] = append(w.said[s], announcement{eventType, data}) }
		for _, o := range ordersOf(s).byCreate {
			w.heard[o.ID] = o.Status
			w.orders[s] = append(w.orders[s], o)
		}
		for id, c := range tradeOf(s).Cancellations {
			w.heard[id] = c.Status
		}
		for id, r := range tradeOf(s).Returns {
			w.heard[id] = r.Status
		}
		w.check(s)
	}
	end := w.now.Add(length)
	for placed := 0; placed < orders && !t.Failed(); {
		left := max(0, end.Sub(w.now)) / time.Duration(orders-placed)
		w.now = w.now.Add(time.Duration(w.Int64N(int64(2*left) + 1)).Truncate(time.Second))
		w.sb.gate.present()
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
		w.sb.gate.present()
		for _, s := range w.shops {
			w.listen(s)
			w.check(s)
		}
	}
	w.settled()
	seen := map[string]int{}
	for _, s := range w.shops {
		for _, o := range ordersOf(s).byCreate {
			seen[o.Status]++
		}
		for _, c := range tradeOf(s).Cancellations {
			seen[c.Status]++
		}
		for _, r := range tradeOf(s).Returns {
			seen[r.Type+" "+r.Status]++
		}
	}
	if t.Failed() {
		t.Log(seen)
	}
	for _, want := range []string{
		orderInTransit, orderCompleted, orderCancelled, cancelComplete, cancelCancelled,
		"REFUND " + returnComplete, "REFUND " + returnCancel, "RETURN_AND_REFUND " + returnComplete, "RETURN_AND_REFUND " + returnCancel,
		"REPLACEMENT " + replacementComplete, "REPLACEMENT " + replacementRefund, "REPLACEMENT " + replacementCancel,
	} {
		if seen[want] == 0 {
			t.Errorf("nothing ended as %s: %v", want, seen)
		}
	}
	for _, r := range w.sb.gate.registry.all() {
		if domain, _, _ := strings.Cut(r.name, "."); domain != "fulfillment" && domain != "return_refund" || strings.Contains(r.name, "Bundle") || r.spec().multipart || r.shape {
			continue
		}
		if w.codes[r.name+" 0"] == 0 && r.method == "POST" {
			t.Errorf("%s never worked", r.name)
		}
	}
	if len(w.codes) < 60 {
		t.Errorf("only %d kinds of answers: %v", len(w.codes), w.codes)
	}
}

// call runs an operation as the gateway does once it has let a request in.
func (w *script) call(s *shop, method, path, query, body string) (data json.RawMessage, code int) {
	c := new(call)
	c.begin(w.sb.gate, httptest.NewRequest(method, "http://shop.test"+path+"?"+query, nil))
	c.body, c.shop, c.grant = []byte(body), s, &grant{user: &user{shops: w.shops}}
	methods, params := w.sb.gate.router.find(path)
	c.route, c.params = methods[method], params
	if f := c.route.handle(c); f != nil {
		code = f.code
	}
	w.codes[fmt.Sprint(c.route.name, " ", code)]++
	switch code {
	case codeInvalidParameter, codeReasonUnknown, codeReturnParameter: // the script sends nothing that is malformed
		w.Errorf("%s %s: %s: code %d", method, path, body, code)
	}
	return c.out[len(envelopeStart):], code
}

func (w *script) locked(s *shop, f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

func (w *script) place(s *shop) bool {
	p := placement{shippingType: pick(w.random, []string{shippingTikTok, shippingSeller})}
	for range 1 + w.IntN(3) {
		product := pick(w.random, productsOf(s).list)
		p.lines = append(p.lines, placedLine{pick(w.random, product.live.skus).id, 1 + w.IntN(2)})
	}
	if w.chance(40) { // few buyers, so that there is something to combine
		p.buyer = tradeOf(s).Buyers[w.IntN(3)].ID
	}
	var o *order
	var err error
	w.locked(s, func() { o, err = placeOrder(s, p, w.now.Unix()) })
	if err == nil {
		w.orders[s] = append(w.orders[s], o)
	}
	return err == nil
}

// count is a seller who counts the stock of a SKU, and now and then finds none.
func (w *script) count(s *shop) {
	p := pick(w.random, productsOf(s).list)
	if p.status == productFreeze || p.status == productDeleted {
		return
	}
	sku := pick(w.random, p.live.skus).id
	var places []string
	for _, at := range p.stock[sku] {
		places = append(places, fmt.Sprintf(`{"warehouse_id":%q,"quantity":%d}`, at.warehouse, max(0, w.between(-40, 150))))
	}
	w.call(s, "POST", "/product/202309/products/"+p.id+"/inventory/update", "", `{"skus":[{"id":"`+sku+`","inventory":[`+strings.Join(places, ",")+`]}]}`)
}

// recent returns an order, mostly one of the last ones.
func (w *script) recent(s *shop) *order {
	list := w.orders[s]
	return list[len(list)-1-w.IntN(min(len(list), 120))]
}

// happen lets something happen in a shop.
func (w *script) happen(s *shop) {
	o := w.recent(s)
	now := w.now.Unix()
	switch w.IntN(24) {
	case 0:
		w.count(s)
	case 1, 2, 3, 4: // buyers pay
		for range 3 {
			if o := w.recent(s); o.Status == orderUnpaid {
				w.locked(s, func() { pay(s, o, now) })
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
				case p.Status == packageProcessing && w.chance(40):
					collect(s, p, now)
				case p.Status == packageFulfilling && w.chance(3):
					lose(s, p, s.region.reason("package_lost"), now)
				case p.Status == packageFulfilling && w.chance(40):
					deliver(s, p, now)
				}
			}
		})
	case 14, 15, 16: // buyers ask
		w.locked(s, func() {
			if w.chance(40) {
				askCancel(s, o, "", now)
				return
			}
			kind := pick(w.random, []string{returnRefund, returnGoods, returnReplacement})
			if lines := returnableLines(s, o); len(lines) > 0 && w.chance(50) {
				askReturn(s, o, kind, "", lineIDs(lines[:1]), now)
				return
			}
			askReturn(s, o, kind, "", nil, now)
		})
	case 17, 18: // sellers cancel and refund
		w.begin(s, o)
	case 19, 20: // sellers answer
		for range 4 {
			w.answer(s)
		}
	case 21: // buyers, carriers and the customer service go on
		w.locked(s, func() {
			for _, id := range slices.Sorted(maps.Keys(tradeOf(s).Returns)) {
				if w.chance(30) {
					stepReturn(s, tradeOf(s).Returns[id], pick(w.random, afterSaleSteps), now)
				}
			}
			for _, id := range slices.Sorted(maps.Keys(tradeOf(s).Cancellations)) {
				if w.chance(2) {
					withdrawCancellation(s, tradeOf(s).Cancellations[id], stepWithdraw, now)
				}
			}
		})
	case 22:
		w.regroup(s)
	case 23: // buyers move, and somebody uses the control
		w.locked(s, func() {
			for range 4 {
				readdress(s, w.recent(s), now)
			}
		})
		w.locked(s, func() { bring(s, o, pick(w.random, orderStatuses), now) })
	}
}

// packages returns some packages of recent orders.
func (w *script) packages(s *shop) (list []*parcel) {
	for range 12 {
		for _, p := range packagesOf(s, w.recent(s)) {
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
func (w *script) ship(s *shop, o *order) {
	provider := carriers(s.Region)[0]
	self := fmt.Sprintf(`"shipping_provider_id":%q,"tracking_number":%q`, provider.id, w.number(provider.prefix))
	lines := ""
	if open := o.linesIn(orderAwaitingShipment); len(open) > 1 && w.chance(30) {
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
	for _, p := range packagesOf(s, o) {
		one := func() {
			w.call(s, "POST", "/fulfillment/202309/packages/"+p.ID+"/ship", "", `{"self_shipment":{`+self+`}}`)
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
	pick(w.random, ways)()
}

// regroup splits, combines and takes apart.
func (w *script) regroup(s *shop) {
	if groups := combinables(s); len(groups) > 0 && w.chance(60) {
		w.call(s, "POST", "/fulfillment/202309/packages/combine", "", `{"combinable_packages":[{"id":"`+pick(w.random, groups).id+`"}]}`)
		return
	}
	for _, p := range w.packages(s) {
		if p.Grouping == groupCombined {
			w.call(s, "POST", "/fulfillment/202309/packages/"+p.ID+"/uncombine", "", `{"order_ids":["`+pick(w.random, p.orderIDs())+`"]}`)
			return
		}
	}
	for range 20 {
		o := w.recent(s)
		if p, _ := splittable(s, o); p != nil {
			bySKU := map[string][]string{}
			for _, id := range p.lines() {
				bySKU[o.line(id).SKUID] = append(bySKU[o.line(id).SKUID], id)
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

// begin is a seller who cancels, refunds or asks goods back.
func (w *script) begin(s *shop, o *order) {
	some := ""
	if w.chance(40) {
		some = fmt.Sprintf(`,"skus":[{"sku_id":%q,"quantity":1}]`, pick(w.random, o.LineItems).SKUID)
	}
	if w.chance(40) {
		w.call(s, "POST", "/return_refund/202309/cancellations", "", `{"order_id":"`+o.ID+`","cancel_reason":"`+s.region.reason("seller_cancel_reason_out_of_stock")+`"`+some+`}`)
		return
	}
	kind := pick(w.random, []string{returnRefund, returnGoods})
	key := defaultReason(s, roleSeller, o.Status, reasonKind(kind))
	if key == "" {
		key = defaultReason(s, roleSeller, orderDelivered, reasonKind(kind))
	}
	if w.chance(30) && kind == returnRefund {
		some += fmt.Sprintf(`,"refund_total":%q`, s.region.money(w.between(1, 2000)))
	}
	w.call(s, "POST", "/return_refund/202309/refunds/calculate", "", `{"order_id":"`+o.ID+`","request_type":"`+kind+`","reason_name":"`+key+`"}`)
	w.call(s, "POST", "/return_refund/202309/returns", "", fmt.Sprintf(`{"order_id":%q,"return_type":%q,"return_reason":%q%s}`, o.ID, kind, key, some))
}

// answer is a seller who answers a request, not always with something that
// fits.
func (w *script) answer(s *shop) {
	if w.chance(30) {
		var ids []string
		for _, c := range tradeOf(s).Cancellations {
			if c.Status == cancelPending || w.chance(2) {
				ids = append(ids, c.ID)
			}
		}
		if len(ids) > 0 {
			slices.Sort(ids)
			id := pick(w.random, ids)
			if w.chance(50) {
				w.call(s, "POST", "/return_refund/202309/cancellations/"+id+"/approve", "idempotency_key="+w.number("k"), "")
				return
			}
			w.call(s, "POST", "/return_refund/202309/cancellations/"+id+"/reject", "", `{"reject_reason":"seller_reject_apply_product_has_been_packed"}`)
		}
		w.call(s, "POST", "/return_refund/202309/cancellations/search", "", "")
		return
	}
	w.call(s, "POST", "/return_refund/202309/returns/search", "", "")
	var ids []string
	for _, r := range tradeOf(s).Returns {
		if r.open() {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	slices.Sort(ids)
	r := tradeOf(s).Returns[pick(w.random, ids)]
	decision := pick(w.random, []string{approveRefund, approveReturn, approveReceived, approveReplacement, refundInstead, offerPartial})
	if w.chance(50) {
		decision = pick(w.random, map[string][]string{
			returnRefund:      {approveRefund, offerPartial},
			returnGoods:       {approveReturn, approveReceived},
			returnReplacement: {approveReplacement, refundInstead},
		}[r.Type])
	}
	more := ""
	switch {
	case decision == offerPartial:
		more = fmt.Sprintf(`,"partial_refund":{"amount":%q}`, s.region.money(w.between(1, 1500)))
	case decision == approveReturn && w.chance(30):
		more = `,"buyer_keep_item":true`
	}
	if w.chance(60) {
		w.call(s, "POST", "/return_refund/202309/returns/"+r.ID+"/approve", "", `{"decision":"`+decision+`"`+more+`}`)
		return
	}
	decision = pick(w.random, []string{rejectRefund, rejectReturn, rejectReceived, rejectReplacement})
	key := s.region.reason("reverse_reject_request_reason_4")
	if decision == rejectReceived {
		key = s.region.reason("reverse_reject_return_parcel_reason_1")
	}
	w.call(s, "POST", "/return_refund/202309/returns/"+r.ID+"/reject", "", `{"decision":"`+decision+`","reject_reason":"`+key+`"}`)
}

// listen holds what a shop announced against the state machines, and against
// what is the case now.
func (w *script) listen(s *shop) {
	s.mu.Lock()
	defer s.mu.Unlock()
	touched, counted := map[string]bool{}, map[int64]inventoryChange{}
	for _, a := range w.said[s] {
		switch data := a.Data.(type) {
		case orderStatusChange:
			from, to := w.heard[data.OrderID], data.OrderStatus
			if to == "CANCEL" {
				to = orderCancelled
			}
			legal := from == "" && to == orderUnpaid || slices.Contains(orderMoves(from), to) ||
				from == orderAwaitingShipment && slices.Contains(orderMoves(orderPartiallyShipping), to) // which nobody hears of
			if !legal {
				w.Errorf("order %s went from %s to %s", data.OrderID, from, to)
			}
			w.heard[data.OrderID] = to
			touched[data.OrderID] = true
		case cancellationChange:
			if from := w.heard[data.CancelID]; !slices.Contains(cancelMoves(from), data.Status) {
				w.Errorf("cancellation %s went from %s to %s", data.CancelID, from, data.Status)
			}
			w.heard[data.CancelID] = data.Status
		case returnChange:
			if from := w.heard[data.ReturnID]; !slices.Contains(returnMoves(data.Type, from), data.Status) {
				w.Errorf("%s %s went from %s to %s", data.Type, data.ReturnID, from, data.Status)
			}
			w.heard[data.ReturnID] = data.Status
		case inventoryChange:
			w.checkStock(data)
			counted[data.SKUID] = data
		}
	}
	w.said[s] = nil
	for _, last := range counted {
		sku := strconv.FormatInt(last.SKUID, 10)
		if owner, _ := findSKU(s, sku); countStock(owner, sku) != last.Snapshot {
			w.Errorf("SKU %s: announced %+v, there is %+v", sku, last.Snapshot, countStock(owner, sku))
		}
	}
	for id := range touched {
		w.checkOrder(s, ordersOf(s).byID[id])
	}
}

// checkStock holds a change of a stock against what was announced before it.
func (w *script) checkStock(data inventoryChange) {
	now, d := data.Snapshot, data.Detail[0]
	if before, ok := w.stock[data.SKUID]; ok && (before.Available+d.Available != now.Available || before.Committed+d.Committed != now.Committed) {
		w.Errorf("SKU %d: from %+v by %+v to %+v", data.SKUID, before, d, now)
	}
	if now.Total != now.Available+now.Committed || now.InShop != now.Total || d.Total != d.Available+d.Committed || d.Total != d.InShop {
		w.Errorf("SKU %d: %+v by %+v", data.SKUID, now, d)
	}
	w.stock[data.SKUID] = now
}

func (w *script) checkOrder(s *shop, o *order) {
	if heard := w.heard[o.ID]; heard != o.Status && !(o.Status == orderPartiallyShipping && heard == orderAwaitingShipment) {
		w.Errorf("order %s is %s, announced was %s", o.ID, o.Status, heard)
	}
	if o.Status != o.stateOfLines() {
		w.Errorf("order %s is %s, its lines are %s", o.ID, o.Status, o.stateOfLines())
	}
	last := o.CreateTime
	for _, at := range []int64{o.PaidTime, o.RTSTime, o.CollectionTime, o.DeliveryTime, o.UpdateTime} {
		if at != 0 && at < last {
			w.Errorf("order %s: times out of order: %+v", o.ID, o.orderData)
		}
		last = max(last, at)
	}
	if o.UpdateTime > w.now.Unix() {
		w.Errorf("order %s was updated in the future", o.ID)
	}
	value := orderValue(s.region, o)
	if total := s.region.cents(o.Payment.TotalAmount); value.total() != total {
		w.Errorf("order %s: the parts make %d, the total is %d", o.ID, value.total(), total)
	}
	for i := range o.LineItems {
		line := &o.LineItems[i]
		held, holds := tradeOf(s).Holds[line.ID]
		waits := line.DisplayStatus == orderUnpaid || line.DisplayStatus == orderAwaitingShipment
		if waits && (!holds || held.Shipped) || holds && !held.Shipped && !waits {
			w.Errorf("order %s: line is %s with stock %+v", o.ID, line.DisplayStatus, held)
		}
		p := tradeOf(s).Packages[line.PackageID]
		if (p == nil) != (line.PackageID == "") || p != nil && (!slices.Contains(p.lines(), line.ID) || p.Status != line.PackageStatus) {
			w.Errorf("order %s: line is in package %q, %s: %+v", o.ID, line.PackageID, line.PackageStatus, p)
		}
		if shipped := slices.Contains([]string{orderAwaitingCollection, orderInTransit, orderDelivered}, line.DisplayStatus); shipped && (p == nil || p.TrackingNumber == "") {
			w.Errorf("order %s: line is %s without a shipped package", o.ID, line.DisplayStatus)
		}
	}
}

// check looks at everything in a shop.
func (w *script) check(s *shop) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range ordersOf(s).byCreate {
		w.checkOrder(s, o)
	}
	n := len(ordersOf(s).byID)
	if !slices.IsSortedFunc(ordersOf(s).byCreate, compareCreated) || !slices.IsSortedFunc(ordersOf(s).byUpdate, compareUpdated) ||
		len(ordersOf(s).byCreate) != n || len(ordersOf(s).byUpdate) != n {
		w.Errorf("the lists of orders are in disorder")
	}
	// What lines hold is what is committed, place by place.
	committed := map[hold]int64{}
	for _, h := range tradeOf(s).Holds {
		if !h.Shipped {
			committed[h]++
		}
	}
	for _, p := range productsOf(s).list {
		for sku, places := range p.stock {
			for _, at := range places {
				if at.available < 0 || at.committed != committed[hold{Product: p.id, SKU: sku, Warehouse: at.warehouse}] {
					w.Errorf("SKU %s: %d available, %d committed, lines hold %d", sku, at.available, at.committed, committed[hold{Product: p.id, SKU: sku, Warehouse: at.warehouse}])
				}
			}
		}
	}
	// A line is in one package, and packages have lines.
	packaged := map[string]string{}
	for _, p := range tradeOf(s).Packages {
		if len(p.lines()) == 0 || p.UpdateTime < p.CreateTime {
			w.Errorf("package %+v", p)
		}
		for _, id := range p.lines() {
			if packaged[id] != "" {
				w.Errorf("line %s is in packages %s and %s", id, packaged[id], p.ID)
			}
			packaged[id] = p.ID
		}
	}
	// Money goes back once, and no more than came.
	paid := map[string]amounts{}
	for _, r := range tradeOf(s).Refunds {
		paid[r.OrderID] = paid[r.OrderID].plus(r.Amounts)
		if r.Time > w.now.Unix() || r.Amounts.total() <= 0 {
			w.Errorf("refund %+v", r)
		}
	}
	for _, o := range ordersOf(s).byCreate {
		back, value := repaid(s, o), orderValue(s.region, o)
		if back != paid[o.ID] {
			w.Errorf("order %s: requests paid %+v back, the books say %+v", o.ID, back, paid[o.ID])
		}
		rest := value.minus(back)
		if min(rest.Subtotal, rest.Tax, rest.Retail, rest.Shipping, rest.ShippingTax) < 0 || back.total() > 0 && o.PaidTime == 0 {
			w.Errorf("order %s: %+v paid back of %+v", o.ID, back, value)
		}
	}
	// What is open goes on by itself, and nothing is late.
	queue := map[deadline]bool{}
	for _, d := range tradeOf(s).Deadlines.Queue {
		if d.At <= w.now.Unix() {
			w.Errorf("deadline %+v is missed", d)
		}
		d.Turn = 0
		queue[d] = true
	}
	waits := func(at int64, kind, id string) {
		if !queue[deadline{At: at, Kind: kind, ID: id}] {
			w.Errorf("%s %s does not go on at %d", kind, id, at)
		}
	}
	for id, c := range tradeOf(s).Cancellations {
		if w.heard[id] != c.Status {
			w.Errorf("cancellation %s is %s, announced was %s", id, c.Status, w.heard[id])
		}
		if len(cancelMoves(c.Status)) > 0 {
			waits(c.Next, deadlineCancellation, id)
		}
	}
	for id, r := range tradeOf(s).Returns {
		if w.heard[id] != r.Status {
			w.Errorf("return %s is %s, announced was %s", id, r.Status, w.heard[id])
		}
		if r.open() && r.Arbitration != arbitrationRunning && !(r.Status == returnShipped && r.ArrivedTime == 0) {
			waits(r.Next, deadlineReturn, id)
		}
	}
	for _, o := range ordersOf(s).byCreate {
		switch o.Status {
		case orderUnpaid:
			waits(o.CreateTime+paymentPeriod, deadlinePayment, o.ID)
		case orderOnHold:
			waits(o.PaidTime+holdPeriod, deadlineHold, o.ID)
		case orderAwaitingShipment:
			waits(o.CancelOrderSLATime, deadlineShipment, o.ID)
		case orderAwaitingCollection:
			waits(o.CollectionDueTime, deadlineCollection, o.ID)
		case orderDelivered:
			if !afterSaleOpen(s, o) {
				waits(o.DeliveryTime+afterSalePeriod, deadlineCompletion, o.ID)
			}
		}
	}
}

// settled looks at a world in which nothing was done for two months.
func (w *script) settled() {
	for _, s := range w.shops {
		for _, o := range ordersOf(s).byCreate {
			value, back := orderValue(s.region, o), repaid(s, o)
			switch o.Status {
			case orderUnpaid, orderOnHold, orderAwaitingShipment, orderAwaitingCollection:
				w.Errorf("order %s is still %s", o.ID, o.Status)
			case orderCancelled:
				if o.paid() && back != value {
					w.Errorf("cancelled order %s: %+v paid back of %+v", o.ID, back, value)
				}
			}
		}
		for _, r := range tradeOf(s).Returns {
			if r.open() && r.Arbitration != arbitrationRunning && r.Status != returnShipped {
				w.Errorf("return %s is still %s", r.ID, r.Status)
			}
		}
	}
}
