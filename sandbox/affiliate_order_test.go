package sandbox_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
)

// affiliateOrders lists the orders of a shop that came through creators.
func (w *world) affiliateOrders(t *testing.T, region, body string) []object {
	t.Helper()
	return w.every(t, region, "POST", collaborations+"202410/orders/search", "page_size=7", body, "orders", byID)
}

// samples lists the sample applications of a shop.
func (w *world) samples(t *testing.T, region, body string) []object {
	t.Helper()
	return w.every(t, region, "POST", collaborations+"202508/sample_applications/search", "page_size=3", body, "sample_applications", byID)
}

// unitsOf counts the lines of an order of a product at a price.
func unitsOf(order object, product, price any) (count int) {
	for _, line := range order["line_items"].([]any) {
		if l := line.(object); l["product_id"] == product && l["sale_price"] == price {
			count++
		}
	}
	return count
}

// Affiliate orders are orders of the shop: ids, times, prices and currency are
// theirs, and the commission is the rate times the base.
func TestAffiliateOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, region := range regions {
		known := map[any]bool{}
		for _, o := range w.openCollaborations(t, region, `{}`) {
			known[o["id"]] = true
		}
		for _, o := range append(w.targets(t, region, "VALID"), w.targets(t, region, "COMPLETED")...) {
			known[o["id"]] = true
		}
		list := w.affiliateOrders(t, region, `{}`)
		all := map[any]object{}
		for _, o := range w.every(t, region, "POST", searchPath, "page_size=100", "", "orders", byID) {
			all[o["id"]] = o
		}
		if len(list) < 20 || len(list) > len(all)/2 {
			t.Errorf("%s: %d of %d orders came through creators", region, len(list), len(all))
		}
		statuses := map[any]int{}
		for _, o := range list {
			statuses[o["status"]]++
			order := all[o["id"]]
			if o["create_time"] != order["create_time"] || fmt.Sprint(o["delivery_time"]) != fmt.Sprint(order["delivery_time"]) {
				t.Errorf("order %v: %v, %v", o["id"], o, order)
			}
			want := map[any]any{"COMPLETED": "COMPLETED", "CANCELLED": "CANCELLED"}[order["status"]]
			if want == nil {
				want = "PROCESSING"
			}
			if o["status"] != want {
				t.Errorf("order %v is %v, its affiliate side %v", o["id"], order["status"], o["status"])
			}
			for _, s := range o["skus"].([]any) {
				checkAffiliateSKU(t, order, s.(object), known)
			}
		}
		if len(statuses) != 3 {
			t.Errorf("%s: %v", region, statuses)
		}
		checkAffiliateFilters(t, w, region, list)
	}
}

// The creators in the analytics of a product are those of the affiliate orders,
// with what they sold.
func TestTopCreatorsAgree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	midnight := w.midnight(t, "GB")
	from := midnight.AddDate(0, 0, -60)
	paid := map[any]bool{}
	for _, o := range w.walk(t, "GB", "page_size=100", "") {
		paid[o.ID] = o.PaidTime >= from.Unix() && o.PaidTime < midnight.Unix()
	}
	openIDs := map[any]any{}
	for _, cr := range w.creators(t, "GB", `{}`) {
		openIDs[cr["username"]] = cr["creator_open_id"]
	}
	sold := map[string]map[any]int64{} // by product and open id
	for _, o := range w.affiliateOrders(t, "GB", `{}`) {
		if !paid[o["id"]] {
			continue
		}
		for _, s := range o["skus"].([]any) {
			sku := s.(object)
			product := sku["product_id"].(string)
			if sold[product] == nil {
				sold[product] = map[any]int64{}
			}
			sold[product][openIDs[sku["creator_username"]]] += centsOf(t, sku["estimated_commission_base"].(object), "amount")
		}
	}
	if len(sold) < 3 {
		t.Fatalf("creators sold %d products", len(sold))
	}
	for product, want := range sold {
		top := w.performance(t, "GB", "202509/shop_products/"+product+"/performance", span(from, midnight)).Creators
		if len(top) != min(len(want), 5) {
			t.Errorf("product %s: %d creators, want %d", product, len(top), len(want))
		}
		for _, cr := range top {
			if got := centsOf(t, cr["gmv"].(object), "amount"); got != want[cr["creator_open_id"]] || got == 0 {
				t.Errorf("product %s: %v, the orders say %v", product, cr, want)
			}
		}
	}
}

// checkAffiliateSKU holds a SKU against the order.
func checkAffiliateSKU(t *testing.T, order, sku object, known map[any]bool) {
	t.Helper()
	amount := func(name string) int64 {
		o, _ := sku[name].(object)
		if o == nil || o["currency"] != order["payment"].(object)["currency"] {
			t.Fatalf("order %v: %s is %v", order["id"], name, o)
		}
		return centsOf(t, o, "amount")
	}
	smallest := int64(1)
	if order["payment"].(object)["currency"] == "VND" {
		smallest = 100 // centsOf knows two decimals
	}
	quantity := int64(sku["quantity"].(float64))
	if units := unitsOf(order, sku["product_id"], sku["price"].(object)["amount"]); int64(units) < quantity {
		t.Errorf("order %v has %d units, its affiliate side %d", order["id"], units, quantity)
	}
	rate, err := strconv.ParseInt(sku["commission_rate"].(string), 10, 64)
	if err != nil || rate < 100 || rate > 8000 {
		t.Errorf("rate %v", sku["commission_rate"])
	}
	base := amount("estimated_commission_base")
	if base != quantity*amount("price") || amount("estimated_paid_commission") != (base/smallest*rate+5000)/10000*smallest {
		t.Errorf("order %v: %v", order["id"], sku)
	}
	if sku["actual_commission_base"] != nil {
		actual := amount("actual_commission_base")
		if actual > base || amount("actual_paid_commission") != (actual/smallest*rate+5000)/10000*smallest || order["status"] == "CANCELLED" && actual != 0 {
			t.Errorf("order %v: %v", order["id"], sku)
		}
	}
	open, target := sku["open_collaboration_id"], sku["target_collaboration_id"]
	if (open == nil) == (target == nil) || !known[open] && !known[target] {
		t.Errorf("order %v came through %v and %v", order["id"], open, target)
	}
}

// checkAffiliateFilters holds the filters and the older date against the list.
func checkAffiliateFilters(t *testing.T, w *world, region string, list []object) {
	t.Helper()
	middle := list[len(list)/2]["create_time"].(float64)
	program := list[0]["skus"].([]any)[0].(object)
	id := program["open_collaboration_id"]
	if id == nil {
		id = program["target_collaboration_id"]
	}
	for body, fits := range map[string]func(object) bool{
		fmt.Sprintf(`{"create_time_ge":%.0f}`, middle): func(o object) bool { return o["create_time"].(float64) >= middle },
		fmt.Sprintf(`{"create_time_lt":%.0f}`, middle): func(o object) bool { return o["create_time"].(float64) < middle },
		fmt.Sprintf(`{"program_id":%q}`, id): func(o object) bool {
			for _, s := range o["skus"].([]any) {
				if s.(object)["open_collaboration_id"] == id || s.(object)["target_collaboration_id"] == id {
					return true
				}
			}
			return false
		},
	} {
		want := 0
		for _, o := range list {
			if fits(o) {
				want++
			}
		}
		if got := w.affiliateOrders(t, region, body); len(got) != want || want == 0 || want == len(list) {
			t.Errorf("%s: %s: %d orders, want %d of %d", region, body, len(got), want, len(list))
		}
	}
	older := w.every(t, region, "POST", collaborations+"202405/orders/search", "page_size=50", "", "orders", byID)
	if len(older) != len(list) || older[0]["id"] != list[0]["id"] || len(older[0]["line_items"].([]any)) == 0 {
		t.Errorf("%s: the older date has %d orders, the newer %d", region, len(older), len(list))
	}
}

// An order that a buyer places now comes through creators like the others, its
// commission is final when it is over, and what was refunded earns none.
func TestAffiliateOrderEnds(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	find := func(id string) object {
		for _, o := range w.affiliateOrders(t, "GB", fmt.Sprintf(`{"create_time_ge":%d}`, start.Unix())) {
			if o["id"] == id {
				return o
			}
		}
		return nil
	}
	sku := func(o object) object { return o["skus"].([]any)[0].(object) }
	var product string
	for _, o := range w.openCollaborations(t, "GB", `{}`) {
		if p := o["product"].(object); o["showcase_creator_count"] != 0.0 && p["status"] == "LIVE" && p["inventory"].(float64) > 40 {
			product = p["id"].(string)
		}
	}
	p := placing{ShopID: w.shop("GB").ID}
	for _, s := range w.product(t, "GB", product, "").SKUs {
		if s.Inventory[0].Quantity > 15 {
			p.Lines = []placedLine{{s.ID, 1}}
		}
	}
	var kept, refunded string
	for range 15 {
		id := w.placeAs(t, p)
		w.move(t, id, "DELIVERED")
		switch {
		case find(id) == nil:
		case kept == "":
			kept = id
		default:
			refunded = id
		}
		if refunded != "" {
			break
		}
	}
	if refunded == "" {
		t.Fatal("no order came through a creator")
	}
	if o := find(kept); o["status"] != "PROCESSING" || sku(o)["actual_commission_base"] != nil {
		t.Errorf("on its way: %v", o)
	}
	back := w.ask(t, refunded, "refund")
	w.call(t, "GB", "POST", aftersale+"returns/"+back+"/approve", "", `{"decision":"APPROVE_REFUND"}`).into(t, &object{})
	w.advance(t, "400h")
	if o := find(kept); o["status"] != "COMPLETED" || fmt.Sprint(sku(o)["actual_commission_base"]) != fmt.Sprint(sku(o)["estimated_commission_base"]) || sku(o)["refunded_quantity"] != 0.0 {
		t.Errorf("kept: %v", o)
	}
	if o := find(refunded); o["status"] != "COMPLETED" || sku(o)["actual_paid_commission"].(object)["amount"] != "0" || sku(o)["refunded_quantity"] != 1.0 || sku(o)["returned_quantity"] != 0.0 {
		t.Errorf("refunded: %v", o)
	}
}

// Sample applications are found and decided, and end with their time or with
// the collaboration.
func TestSampleApplications(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	pending := w.samples(t, "GB", `{"status":"PENDING"}`)
	var open []object // for the seller to decide
	agency := ""
	for _, s := range pending {
		if s["partner_name"] == nil {
			open = append(open, s)
		} else {
			agency = s["id"].(string)
		}
	}
	if len(w.samples(t, "GB", `{}`)) != 8 || len(open) != 3 || agency == "" {
		t.Fatalf("%d applications wait, %d for the seller", len(pending), len(open))
	}
	review := func(date, id, body string) *answer {
		return w.call(t, "GB", "POST", collaborations+date+"/sample_applications/"+id+"/review", "", body)
	}
	status := func(s object) any {
		for _, now := range w.every(t, "GB", "POST", collaborations+"202409/sample_applications/search", "", `{"product_id":"`+s["product"].(object)["id"].(string)+`"}`, "sample_applications", byID) {
			if now["id"] == s["id"] {
				return now["status"]
			}
		}
		return nil
	}
	first, second, third := open[0], open[1], open[2]
	for name, tt := range map[string]struct {
		id, body string
		code     int
	}{
		"no reason": {first["id"].(string), `{"review_result":"REJECT"}`, 36009004},
		"agency":    {agency, `{"review_result":"APPROVE"}`, 16022020},
		"unknown":   {"77", `{"review_result":"APPROVE"}`, 36009004},
	} {
		if got := review("202507", tt.id, tt.body); got.Code != tt.code {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	// A quota of none leaves nothing to give.
	product := first["product"].(object)["id"].(string)
	rule := func(quota int) {
		w.call(t, "GB", "POST", collaborations+"202410/open_collaborations/sample_rules", "",
			fmt.Sprintf(`{"product_id":%q,"sample_rule":{"activate_status":"ACTIVATE","is_sample_time_unlimited":true,"sample_quota":%d}}`, product, quota)).into(t, &object{})
	}
	rule(0)
	if got := review("202507", first["id"].(string), `{"review_result":"APPROVE"}`); got.Code != 36009004 {
		t.Errorf("beyond the quota: %d", got.Code)
	}
	rule(3)
	review("202507", first["id"].(string), `{"review_result":"APPROVE"}`).into(t, &object{})
	if status(first) != "AWAITING_SHIPMENT" {
		t.Errorf("approved: %v", status(first))
	}
	var rules struct {
		Rules []object `json:"sample_rules"`
	}
	w.call(t, "GB", "GET", collaborations+"202410/open_collaborations/sample_rules", "product_ids="+product, "").into(t, &rules)
	if rules.Rules[0]["available_quantity"] != 2.0 {
		t.Errorf("%v", rules.Rules)
	}
	review("202409", second["id"].(string), `{"review_result":"REJECT","reject_reason":"OTHER"}`).into(t, &object{})
	if status(second) != "REJECT_CANCELLED" {
		t.Errorf("rejected: %v", status(second))
	}
	if got := review("202507", second["id"].(string), `{"review_result":"APPROVE"}`); got.Code != 36009004 {
		t.Errorf("decided twice: %d", got.Code)
	}
	w.advance(t, "170h")
	if status(third) != "OVERDUE_CANCELLED" {
		t.Errorf("after its time: %v", status(third))
	}
}

// An application for a product that is no longer promoted ends with it.
func TestSampleApplicationEnds(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	s := w.samples(t, "US", `{"status":"PENDING"}`)[0]
	product := s["product"].(object)["id"].(string)
	w.call(t, "US", "DELETE", collaborations+"202409/open_collaborations/products/"+product, "", "").into(t, &object{})
	w.advance(t, "25h")
	creator := s["creator"].(object)
	got := w.samples(t, "US", fmt.Sprintf(`{"creator_user_oepn_id":%q,"username":%q,"title":%q,"status":"DEL_OPEN_COLLAB"}`, creator["creator_open_id"], creator["username"], s["product"].(object)["title"]))
	if len(got) != 1 || got[0]["id"] != s["id"] {
		t.Errorf("%v", got)
	}
}
