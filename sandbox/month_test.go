package sandbox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// month trades a while in a sandbox, with nothing but what a program outside has:
// the operations, the control endpoints and the webhooks that arrive.
type month struct {
	*world
	*rand.Rand
	t *testing.T

	before map[string]map[string]object // the orders of each market when it began, by id
	stock  map[string]map[string]skuStock
	sets   map[string]map[string][]part // the parts of combined SKUs, by market and SKU
	open   map[string][]string          // orders that still move, by market
	did    map[string]int               // what happened, and how often

	mu     sync.Mutex
	orders map[string]*lastWord // of webhooks of type 1, by order
	moved  map[string]int64     // what webhooks of type 68 say of the stock, by SKU
	heard  int                  // webhooks that arrived
}

// lastWord is what webhooks said last of an order. While the clock stands still
// much happens at one time, and arrives in any order.
type lastWord struct {
	at       int64
	statuses map[string]bool
}

// listen takes in what the sandbox says.
func (m *month) listen() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			m.t.Error(err)
		}
		var said struct {
			Type int
			Data struct {
				OrderID string      `json:"order_id"`
				Status  string      `json:"order_status"`
				Updated int64       `json:"update_time"`
				SKU     json.Number `json:"sku_id"`
				Detail  []struct {
					Available int64 `json:"total_available_quantity_delta"`
				} `json:"change_detail"`
			}
		}
		if err := json.Unmarshal(raw, &said); err != nil {
			m.t.Errorf("%v: %s", err, raw)
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		m.heard++
		switch said.Type {
		case 1:
			last := m.orders[said.Data.OrderID]
			if last == nil || last.at < said.Data.Updated {
				last = &lastWord{said.Data.Updated, map[string]bool{}}
				m.orders[said.Data.OrderID] = last
			}
			if last.at == said.Data.Updated {
				last.statuses[said.Data.Status] = true
			}
		case 68:
			for _, d := range said.Data.Detail {
				m.moved[said.Data.SKU.String()] += d.Available
			}
		}
	}))
	m.t.Cleanup(server.Close)
	m.t.Cleanup(func() {
		if err := m.Close(); err != nil {
			m.t.Error(err)
		}
	})
	m.steer(m.t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[1,68]}`, server.URL), http.StatusOK)
}

// calm waits until all that was said has arrived. A month says thousands of things:
// it gives up only when nothing comes any more.
func (m *month) calm() {
	last, since := -1, time.Now()
	for ; time.Since(since) < patience; time.Sleep(5 * time.Millisecond) {
		if len(m.deliveries(m.t, "?status=PENDING&limit=1")) == 0 {
			return
		}
		m.mu.Lock()
		if m.heard != last {
			last, since = m.heard, time.Now()
		}
		m.mu.Unlock()
	}
	m.t.Fatalf("%d webhooks arrived, the rest does not", last)
}

// all lists the orders of a market by id.
func (m *month) all(region string) map[string]object {
	list := map[string]object{}
	for _, o := range m.every(m.t, region, "POST", searchPath, "page_size=100", "", "orders", byID) {
		list[o["id"].(string)] = o
	}
	return list
}

// part is so many units of a SKU in a combined one.
type part struct {
	sku   string
	count int64
}

// takenBy lists what a line takes from the stock: its own SKU, or what that is made of.
func takenBy(line object) []part {
	list, combined := []part{}, line["combined_listing_skus"]
	if combined == nil {
		return []part{{line["sku_id"].(string), 1}}
	}
	for _, p := range combined.([]any) {
		list = append(list, part{p.(object)["sku_id"].(string), int64(count(p.(object), "sku_count"))})
	}
	return list
}

// lines lists the lines of an order.
func lines(o object) (list []object) {
	for _, line := range o["line_items"].([]any) {
		list = append(list, line.(object))
	}
	return list
}

// noted counts that something happened, or that it was refused.
func (m *month) noted(what string, code int) bool {
	if code >= 300 {
		what = "refused: " + what
	}
	m.did[what]++
	return code < 300
}

// steered asks the control endpoints for something that may be refused.
func (m *month) steered(what, path, body string, v any) bool {
	return m.noted(what, m.control(m.t, "POST", path, body, v))
}

// promoteSome runs promotions of each kind on products of a market.
func (m *month) promoteSome(region string) {
	for i, p := range m.products(m.t, region, "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`) {
		s := p.SKUs[0]
		switch i % 5 {
		case 1:
			m.runPromotion(m.t, region, "DIRECT_DISCOUNT", "PRODUCT", "", fmt.Sprintf(`{"id":%q,"quantity_limit":%d,"quantity_per_user":-1,"discount":"%d"}`, p.ID, []int64{-1, min(5, max(1, s.Inventory[0].Quantity))}[m.IntN(2)], 5+m.IntN(40)))
		case 3:
			price, err := strconv.ParseFloat(s.Price.SalePrice, 64)
			if err != nil {
				m.t.Fatal(err)
			}
			m.runPromotion(m.t, region, "FLASHSALE", "VARIATION", "", fmt.Sprintf(`{"id":%q,"quantity_limit":-1,"quantity_per_user":-1,"skus":[{"id":%q,"activity_price_amount":"%d","quantity_limit":-1,"quantity_per_user":2}]}`, p.ID, s.ID, max(int(price*0.7), 1)))
		default:
			continue
		}
		if m.did["promotions "+region]++; m.did["promotions "+region] >= 4 {
			return
		}
	}
}

// buySome places a few orders in a market.
func (m *month) buySome(region string, skus []skuView) {
	for range 1 + m.IntN(3) {
		what, more := "order", ""
		body := `{"shop_id":"` + m.shop(region).ID + `","shipping_type":"` + []string{"TIKTOK", "SELLER"}[m.IntN(2)] + `","lines":[`
		for i := range 1 + m.IntN(3) {
			if i > 0 {
				body += ","
			}
			gift := i > 0 && m.IntN(3) == 0
			if gift {
				m.did["gift"]++
			}
			body += fmt.Sprintf(`{"sku_id":%q,"quantity":%d,"is_gift":%t}`, skus[m.IntN(len(skus))].ID, 1+m.IntN(2), gift)
		}
		switch m.IntN(9) {
		case 0:
			more = noCoupon
		case 1:
			more = `,"platform_discount":"2"`
		case 2:
			more = `,"is_sample_order":true`
		case 4:
			what, more = "pre-order", fmt.Sprintf(`,"release_date":%d`, m.now.Add(time.Duration(1+m.IntN(10))*24*time.Hour).Unix())
		case 3:
			if region == "VN" {
				what, more = "order in cash", `,"is_cod":true`
			}
		case 5:
			if region == "US" || region == "GB" {
				what, more = "exchange", fmt.Sprintf(`,"exchange_source_order_id":%q`, m.delivered(region))
			}
		case 6, 7:
			for sku := range m.sets[region] { // there is one
				what, body = "combined", body+fmt.Sprintf(`,{"sku_id":%q,"quantity":%d}`, sku, 1+m.IntN(2))
			}
		}
		body += "]" + more
		var placed struct {
			ID string `json:"order_id"`
		}
		if m.steered(what, "orders", body+"}", &placed) {
			m.open[region] = append(m.open[region], placed.ID)
		}
	}
}

// delivered is the id of an order whose goods arrived.
func (m *month) delivered(region string) string {
	var page struct{ Orders []struct{ ID string } }
	m.call(m.t, region, "POST", searchPath, "page_size=50", `{"order_status":"DELIVERED"}`).into(m.t, &page)
	return page.Orders[m.IntN(len(page.Orders))].ID
}

// moveSome moves orders on, and lets buyers and sellers change their minds.
func (m *month) moveSome(region string) {
	var left []string
	for _, id := range m.open[region] {
		switch m.IntN(7) {
		case 0: // it waits
		case 1:
			var asked struct{ ID, Status string }
			if m.steered("buyer cancels", "orders/"+id+"/buyer", `{"ask":"cancel"}`, &asked) && asked.ID != "" {
				m.call(m.t, region, "POST", aftersale+"cancellations/"+asked.ID+"/"+[]string{"approve", "reject"}[m.IntN(2)], "", `{"reject_reason":"seller_reject_apply_product_has_been_packed"}`)
			}
		case 2:
			m.steered("seller cancels", "orders/"+id+"/move", `{"to":"CANCELLED"}`, nil)
		case 3, 4:
			m.steered("ships", "orders/"+id+"/move", `{"to":"`+[]string{"AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT"}[m.IntN(3)]+`"}`, nil)
		default:
			if m.steered("arrives", "orders/"+id+"/move", `{"to":"DELIVERED"}`, nil) && m.IntN(2) == 0 {
				m.complain(region, id)
				continue
			}
		}
		left = append(left, id)
	}
	m.open[region] = left[max(0, len(left)-25):] // the oldest are left to themselves
}

// complain is a buyer who wants money or other goods for what arrived.
func (m *month) complain(region, id string) {
	list := m.order(m.t, region, id).LineItems
	body := fmt.Sprintf(`{"ask":%q`, []string{"refund", "return", "replace"}[m.IntN(3)])
	if m.IntN(2) == 0 {
		body += fmt.Sprintf(`,"order_line_item_ids":[%q]`, list[m.IntN(len(list))].ID)
	}
	var asked struct{ ID, Status string }
	if !m.steered("complains", "orders/"+id+"/buyer", body+"}", &asked) {
		return
	}
	if m.IntN(5) == 0 {
		m.call(m.t, region, "POST", aftersale+"returns/"+asked.ID+"/reject", "", `{"decision":"REJECT_REFUND","reject_reason":"`+anyReject+`"}`)
		return
	}
	kind := m.returned(m.t, region, asked.ID).Type
	decision := map[string]string{"REFUND": "APPROVE_REFUND", "RETURN_AND_REFUND": "APPROVE_RETURN", "REPLACEMENT": "APPROVE_REPLACEMENT"}[kind]
	a := m.call(m.t, region, "POST", aftersale+"returns/"+asked.ID+"/approve", "", fmt.Sprintf(`{"decision":%q}`, decision))
	m.noted("approves "+kind, a.Code)
	for _, step := range []string{"ship", "arrive"} {
		m.steered("return: "+step, "aftersales/"+asked.ID, `{"do":"`+step+`"}`, nil)
	}
	if kind == "RETURN_AND_REFUND" {
		m.noted("receives", m.call(m.t, region, "POST", aftersale+"returns/"+asked.ID+"/approve", "", `{"decision":"APPROVE_RECEIVED_PACKAGE"}`).Code)
	}
}

// giveSamples answers what creators asked for.
func (m *month) giveSamples(region string) {
	for _, s := range m.samples(m.t, region, `{"status":"PENDING"}`) {
		m.noted("sample", m.call(m.t, region, "POST", collaborations+"202409/sample_applications/"+s["id"].(string)+"/review", "", `{"review_result":"APPROVE"}`).Code)
	}
}

// trade lets days pass in all markets.
func (m *month) trade(days int) {
	skus := map[string][]skuView{}
	for _, region := range regions {
		m.before[region], m.stock[region], m.sets[region] = m.all(region), m.stocks(region), m.combined(region)
		skus[region] = m.offers(m.t, region, 8)
		m.promoteSome(region)
		m.giveSamples(region)
	}
	for range days {
		for _, region := range regions {
			m.buySome(region, skus[region])
			m.moveSome(region)
		}
		m.advance(m.t, strconv.Itoa(18+m.IntN(12))+"h")
	}
}

// stocks reads the stock of a market by SKU.
func (m *month) stocks(region string) map[string]skuStock {
	body := ""
	for _, p := range m.products(m.t, region, "/product/202502/products/search", "page_size=100", `{}`) {
		if p.Status != "DELETED" {
			body += `,"` + p.ID + `"`
		}
	}
	return m.inventory(m.t, region, `{"product_ids":[`+body[1:]+`]}`)
}

// combined reads what the combined SKUs of a market are made of.
func (m *month) combined(region string) map[string][]part {
	sets := map[string][]part{}
	for _, p := range m.products(m.t, region, "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`) {
		var got object
		m.call(m.t, region, "GET", "/product/202309/products/"+p.ID, "", "").into(m.t, &got)
		for _, sku := range got["skus"].([]any) {
			list, _ := sku.(object)["combined_skus"].([]any)
			for _, of := range list {
				id := sku.(object)["id"].(string)
				sets[id] = append(sets[id], part{of.(object)["sku_id"].(string), int64(count(of.(object), "sku_count"))})
			}
		}
	}
	if len(sets) != 1 {
		m.t.Fatalf("%s: %d combined SKUs", region, len(sets))
	}
	return sets
}

// checkStock holds the stock to the lines of the orders, and the webhooks to the
// stock. A line that is cancelled before the carrier has it gives its unit back.
func (m *month) checkStock(region string, all map[string]object) {
	cancelled := map[string]float64{} // when a line was
	for _, c := range m.every(m.t, region, "POST", aftersale+"cancellations/search", "page_size=50", `{}`, "cancellations", func(o object) any { return o["cancel_id"] }) {
		for _, line := range c["cancel_line_items"].([]any) {
			if s := c["cancel_status"]; s == "CANCELLATION_REQUEST_SUCCESS" || s == "CANCELLATION_REQUEST_COMPLETE" {
				cancelled[line.(object)["order_line_item_id"].(string)] = c["create_time"].(float64)
			}
		}
	}
	want := map[string]int64{}
	for id, o := range all {
		old := map[any]any{}
		if was := m.before[region][id]; was != nil {
			for _, line := range lines(was) {
				old[line["id"]] = line["display_status"]
			}
		}
		collected, _ := o["collection_time"].(float64)
		for _, line := range lines(o) {
			was, existed := old[line["id"]]
			for _, of := range takenBy(line) {
				if !existed {
					want[of.sku] -= of.count
				}
				if line["display_status"] == "CANCELLED" && was != "CANCELLED" && (collected == 0 || cancelled[line["id"].(string)] <= collected) {
					want[of.sku] += of.count
				}
			}
		}
	}
	now := m.stocks(region)
	m.mu.Lock()
	defer m.mu.Unlock()
	changed := 0
	for sku, was := range m.stock[region] {
		if made := m.sets[region][sku]; made != nil { // so many as its parts make up
			sets := now[made[0].sku].Available / made[0].count
			for _, of := range made {
				sets = min(sets, now[of.sku].Available/of.count)
			}
			if region == "GB" && now[sku].Available != sets || now[sku].Available > sets || m.moved[sku] != 0 {
				m.t.Errorf("%s: %d of the combined SKU %s in stock, its parts make %d; webhooks told of %d", region, now[sku].Available, sku, sets, m.moved[sku])
			}
			continue
		}
		delta := now[sku].Available - was.Available
		if delta != want[sku] {
			m.t.Errorf("%s: the stock of SKU %s changed by %d, the orders make %d", region, sku, delta, want[sku])
		}
		if m.moved[sku] != delta {
			m.t.Errorf("%s: the stock of SKU %s changed by %d, webhooks told of %d", region, sku, delta, m.moved[sku])
		}
		if delta != 0 {
			changed++
		}
	}
	if changed < 3 {
		m.t.Errorf("%s: the stock of %d SKUs changed", region, changed)
	}
}

// checkWebhooks holds the last word about each order to its state.
func (m *month) checkWebhooks(region string, all map[string]object) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, o := range all {
		status := o["status"].(string)
		if status == "CANCELLED" {
			status = "CANCEL" // so it is called there
		}
		said := m.orders[id]
		if said == nil && m.before[region][id] == nil || said != nil && !said.statuses[status] {
			m.t.Errorf("%s: order %s is %s, webhooks said %v", region, id, status, said)
		}
	}
}

// repaid lists what buyers got back by order, and in a span of time.
func (m *month) repaid(region string, from, to time.Time) (byOrder map[string]int64, in int64) {
	byOrder = map[string]int64{}
	add := func(o object) {
		refund, ok := o["refund_amount"].(object)
		if !ok {
			return
		}
		amount := centsOf(m.t, refund, "refund_total")
		byOrder[o["order_id"].(string)] += amount
		if at := time.Unix(int64(o["update_time"].(float64)), 0); !at.Before(from) && at.Before(to) {
			in += amount
		}
	}
	for _, c := range m.every(m.t, region, "POST", aftersale+"cancellations/search", "page_size=50", `{}`, "cancellations", func(o object) any { return o["cancel_id"] }) {
		if c["cancel_status"] == "CANCELLATION_REQUEST_COMPLETE" {
			add(c)
		}
	}
	for _, r := range m.every(m.t, region, "POST", aftersale+"returns/search", "page_size=50", `{}`, "return_orders", func(o object) any { return o["return_id"] }) {
		if s := r["return_status"]; s == "RETURN_OR_REFUND_REQUEST_COMPLETE" || s == "REPLACEMENT_REQUEST_REFUND_SUCCESS" {
			add(r)
		}
	}
	return byOrder, in
}

// checkFinance holds statements to their transactions in every version, those to
// orders, refunds and what creators earned, and payouts to statements.
func (m *month) checkFinance(region string, all map[string]object, back map[string]int64) {
	t := m.t
	statements, _ := m.world.all(t, region, "/finance/202309/statements", "sort_field=statement_time&page_size=100", "statements")
	byOrder := map[string][]object{}
	for _, st := range statements {
		path := "/statements/" + st["id"].(string) + "/statement_transactions"
		old, whole := m.world.all(t, region, "/finance/202309"+path, "sort_field=order_create_time&page_size=100", "statement_transactions")
		newer, whole501 := m.world.all(t, region, "/finance/202501"+path, "sort_field=order_create_time&page_size=100", "transactions")
		for _, name := range []string{"settlement_amount", "fee_amount", "revenue_amount", "net_sales_amount", "shipping_cost_amount"} {
			if sum := total(t, old, name); sum != centsOf(t, st, name) || sum != centsOf(t, whole, name) {
				t.Errorf("%s: statement %v has %s %v, its transactions %d", region, st["id"], name, st[name], sum)
			}
		}
		breakdown := sub(whole501, "total_settlement_breakdown")
		for name, part := range map[string]string{"total_revenue_amount": "revenue_amount", "total_shipping_cost_amount": "shipping_cost_amount", "total_fee_tax_amount": "fee_tax_amount"} {
			if sum := total(t, newer, part); sum != centsOf(t, breakdown, name) {
				t.Errorf("%s: statement %v has %s %v, its transactions %d", region, st["id"], name, breakdown[name], sum)
			}
		}
		if sum := total(t, newer, "settlement_amount"); sum != centsOf(t, st, "settlement_amount") || sum != centsOf(t, whole501, "total_settlement_amount") || sum != centsOf(t, whole501, "payable_amount") {
			t.Errorf("%s: statement %v settles %v, its transactions %d", region, st["id"], st["settlement_amount"], sum)
		}
		for i, tx := range newer {
			if centsOf(t, tx, "revenue_amount")+centsOf(t, tx, "shipping_cost_amount")+centsOf(t, tx, "fee_tax_amount") != centsOf(t, tx, "settlement_amount") ||
				old[i]["id"] != tx["id"] || old[i]["settlement_amount"] != tx["settlement_amount"] {
				t.Errorf("%s: transaction %v, in the other version %v", region, tx, old[i])
			}
			id := tx["order_id"].(string)
			byOrder[id] = append(byOrder[id], old[i])
		}
	}
	for _, o := range all { // cash that was never paid is never booked
		if o["is_cod"] == true && o["status"] == "CANCELLED" {
			m.did["cash cancelled"]++
			if id := o["id"].(string); o["paid_time"] != nil || back[id] != 0 || byOrder[id] != nil {
				t.Errorf("%s: order %s was cancelled before it was paid in cash: paid at %v, %d given back, booked %v", region, id, o["paid_time"], back[id], byOrder[id])
			}
		}
	}
	unsettled, _ := m.world.all(t, region, "/finance/202507/orders/unsettled", "sort_field=order_create_time&page_size=100", "transactions")
	waiting := map[string]bool{}
	for _, tx := range unsettled {
		waiting[tx["order_id"].(string)] = true
	}
	refunded, discounted := 0, 0
	for id, o := range all {
		list := byOrder[id]
		isSale := o["status"] != "UNPAID" && o["status"] != "CANCELLED" && o["is_sample_order"] != true && o["is_replacement_order"] != true && o["is_exchange_order"] != true
		if isSale != (len(list) > 0 || waiting[id]) {
			t.Errorf("%s: order %s is %v, it has %d transactions, unsettled: %t", region, id, o["status"], len(list), waiting[id])
		}
		if len(list) == 0 {
			continue
		}
		payment := o["payment"].(object)
		if got, want := total(t, list, "customer_payment_amount"), centsOf(t, payment, "total_amount"); got != want {
			t.Errorf("%s: the buyer of order %s paid %d, booked is %d", region, id, want, got)
		}
		if got := -total(t, list, "seller_discount_amount"); got != centsOf(t, payment, "seller_discount") {
			t.Errorf("%s: order %s has discounts of %v, booked is %d", region, id, payment["seller_discount"], got)
		}
		if got := total(t, list, "platform_discount_amount"); got != centsOf(t, payment, "platform_discount") {
			t.Errorf("%s: the platform gave %v to order %s, booked is %d", region, payment["platform_discount"], id, got)
		}
		if got := -total(t, list, "customer_refund_amount"); got != back[id] && !waiting[id] {
			t.Errorf("%s: the buyer of order %s got %d back, booked is %d", region, id, back[id], got)
		}
		if back[id] > 0 {
			refunded++
		}
		if centsOf(t, payment, "seller_discount") > 0 && m.before[region][id] == nil {
			discounted++
		}
		if m.IntN(10) == 0 {
			m.checkByOrder(region, id, total(t, list, "settlement_amount"))
		}
	}
	if refunded < 3 || discounted < 3 {
		t.Errorf("%s: of the settled orders %d were refunded, %d discounted", region, refunded, discounted)
	}
	commissions := 0
	for _, o := range m.affiliateOrders(t, region, `{}`) {
		id := o["id"].(string)
		list := byOrder[id]
		if o["status"] != "COMPLETED" || waiting[id] {
			continue
		}
		earned := int64(0)
		for _, sku := range o["skus"].([]any) {
			earned += centsOf(t, sub(sku.(object), "actual_paid_commission"), "amount")
		}
		if got := -total(t, list, "affiliate_commission_amount"); got != earned {
			t.Errorf("%s: creators earned %d of order %s, off its statements come %d", region, earned, id, got)
		}
		commissions++
	}
	if commissions < 5 {
		t.Errorf("%s: %d orders came through creators", region, commissions)
	}
	m.checkPayouts(region, statements)
}

// checkByOrder holds what the operations on one order tell to its statements.
func (m *month) checkByOrder(region, id string, settled int64) {
	var old, newer object
	m.call(m.t, region, "GET", "/finance/202309/orders/"+id+"/statement_transactions", "", "").into(m.t, &old)
	m.call(m.t, region, "GET", "/finance/202501/orders/"+id+"/statement_transactions", "", "").into(m.t, &newer)
	whole, skus := int64(0), int64(0)
	for _, tx := range old["statement_transactions"].([]any) {
		whole += centsOf(m.t, tx.(object), "settlement_amount")
	}
	for _, sku := range newer["sku_transactions"].([]any) {
		skus += centsOf(m.t, sku.(object), "settlement_amount")
	}
	if whole != settled || skus != settled || centsOf(m.t, newer, "settlement_amount") != settled {
		m.t.Errorf("%s: order %s settles %d on statements, %d by itself, %d by its SKUs; %v", region, id, settled, whole, skus, newer["settlement_amount"])
	}
}

// checkPayouts holds the payouts and the balance to the statements.
func (m *month) checkPayouts(region string, statements []object) {
	t := m.t
	moves, _ := m.world.all(t, region, "/finance/202309/withdrawals", "types=SETTLE,WITHDRAW&page_size=100", "withdrawals")
	settled, drawn := int64(0), int64(0)
	for _, move := range moves {
		if move["type"] == "SETTLE" {
			settled += centsOf(t, move, "amount")
		} else {
			drawn += centsOf(t, move, "amount")
		}
	}
	payments, _ := m.world.all(t, region, "/finance/202309/payments", "sort_field=create_time&page_size=100", "payments")
	paid, byPayment := int64(0), map[any]int64{}
	due := int64(0)
	for _, st := range statements {
		amount := centsOf(t, st, "settlement_amount")
		byPayment[st["payment_id"]] += amount
		if st["payment_id"] != nil {
			due += amount
		}
	}
	// What is negative at the end waits for better days.
	if sum := total(t, statements, "settlement_amount"); sum != settled || drawn != due || settled > drawn {
		t.Errorf("%s: statements settle %d, of which %d are paid out; the balance got %d and gave %d", region, sum, due, settled, drawn)
	}
	for _, p := range payments {
		amount := centsOf(t, sub(p, "amount"), "value")
		if paid += amount; amount != byPayment[p["id"]] {
			t.Errorf("%s: payment %v is %d, its statements make %d", region, p["id"], amount, byPayment[p["id"]])
		}
	}
	if len(payments) > 0 && paid != drawn {
		t.Errorf("%s: %d was paid, %d drawn", region, paid, drawn)
	}
}

// checkAnalytics holds the figures to the orders and the refunds, those of videos
// and LIVEs to what creators sold.
func (m *month) checkAnalytics(region string, from, to time.Time, back int64) {
	m.agree(m.t, region, from, to, soldIn(m.t, m.walk(m.t, region, "page_size=100", ""), from, to))
	m.contentAgrees(m.t, region, from, to)
	told := int64(0)
	for _, o := range m.performance(m.t, region, "202509/shop/performance", span(from, to)+"&granularity=1D").Intervals {
		told += centsOf(m.t, sub(o, "sales", "refunds"), "amount")
	}
	if told != back {
		m.t.Errorf("%s: analytics tell of refunds of %d, buyers got %d", region, told, back)
	}
}

// A month of trade in all markets: orders at the prices of promotions, parcels,
// cancellations, returns, refunds, creators and samples. Stock, payments,
// statements, payouts, commissions, analytics and webhooks agree to the cent, and
// creators see what sellers see.
// TTSHOP_MONTHS=N trades N months of other seeds.
func TestMonthAgrees(t *testing.T) {
	t.Parallel()
	months := 1
	if text := os.Getenv("TTSHOP_MONTHS"); text != "" {
		var err error
		if months, err = strconv.Atoi(text); err != nil {
			t.Fatalf("TTSHOP_MONTHS is %q, want a number", text)
		}
	}
	for seed := range uint64(months) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			m := &month{
				world: newWorld(t, func(c *sandbox.Config) { c.Seed, c.AccessTokenTTL = 100+seed, 10*365*24*time.Hour }),
				Rand:  rand.New(rand.NewPCG(seed, 14)), t: t,
				before: map[string]map[string]object{}, stock: map[string]map[string]skuStock{}, sets: map[string]map[string][]part{}, open: map[string][]string{},
				did: map[string]int{}, orders: map[string]*lastWord{}, moved: map[string]int64{},
			}
			m.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
			m.listen()
			began := m.now
			m.trade(30)
			check := func(regions ...string) {
				m.calm()
				for _, region := range regions {
					all := m.all(region)
					midnight := m.midnight(t, region)
					from := midnight.AddDate(0, 0, -int(midnight.Sub(began).Hours()/24))
					back, in := m.repaid(region, from, midnight)
					m.checkStock(region, all)
					m.checkWebhooks(region, all)
					m.checkFinance(region, all, back)
					m.checkAnalytics(region, from, midnight, in)
				}
			}
			check(regions[m.IntN(len(regions))]) // one in the middle of it, for the time
			// Whatever was under way comes to its end.
			m.advance(t, "1200h")
			check(regions...)
			if m.creatorsAgree(t) == 0 {
				t.Error("nothing came through the creators among the users")
			}
			for _, what := range []string{"order", "pre-order", "gift", "exchange", "combined", "order in cash", "cash cancelled", "buyer cancels", "seller cancels", "ships", "arrives", "complains", "receives", "sample"} {
				if m.did[what] == 0 {
					t.Errorf("%q never happened: %v", what, m.did)
				}
			}
			if testing.Verbose() {
				t.Log(m.did)
			}
		})
	}
}
