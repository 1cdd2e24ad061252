package sandbox_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The list of videos and the overview of LIVEs of 2026 tell what those before them
// tell, in other fields.
func TestContentOf2026(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, region := range regions {
		to := w.midnight(t, region)
		query := span(to.AddDate(0, 0, -20), to)
		path := "/shop_videos/performance"
		old := w.every(t, region, "GET", analyticsPath+"202509"+path, query+"&page_size=100", "", "videos", byID)
		list := w.every(t, region, "GET", analyticsPath+"202605"+path, query+"&page_size=100", "", "videos", byID)
		if len(list) != len(old) || len(list) == 0 {
			t.Fatalf("%s: %d videos, %d in the older version", region, len(list), len(old))
		}
		types := map[any]int{}
		for i, o := range list {
			by := o["creator"].(object)
			types[by["author_type"]]++
			if by["user_name"] != o["username"] || (by["open_id"] == nil) != (by["author_type"] == "OFFICIAL") {
				t.Errorf("%s: %v by %v", region, o["username"], by)
			}
			delete(o, "creator")
			if fmt.Sprint(o) != fmt.Sprint(old[i]) {
				t.Errorf("%s: %v, in the older version %v", region, o, old[i])
			}
		}
		if types["OFFICIAL"] == 0 || types["AFFILIATE"] == 0 {
			t.Errorf("%s: authors %v", region, types)
		}
		overview := func(version, more string) object {
			t.Helper()
			var got struct {
				Performance struct{ Intervals []object }
			}
			w.call(t, region, "GET", analyticsPath+version+"/shop_lives/overview_performance", query+more, "").into(t, &got)
			return got.Performance.Intervals[0]
		}
		was, is := overview("202509", ""), overview("202609", "")
		if gmv := centsOf(t, sub(is, "live_gmv"), "amount"); gmv != centsOf(t, sub(was, "gmv"), "amount") || gmv != centsOf(t, sub(is, "live_attributed_gmv"), "amount")+centsOf(t, sub(is, "live_indirect_gmv"), "amount") ||
			count(is, "live_attributed_items_sold") != count(was, "items_sold") || count(is, "live_attributed_sku_orders") != count(was, "sku_orders") || is["live_ctr"] != nil {
			t.Errorf("%s: LIVEs %v, in the older version %v", region, is, was)
		}
		if own := overview("202609", "&account_type=LINKED_ACCOUNTS"); own["live_ctr"] == nil || own["show_gpm"] == nil {
			t.Errorf("%s: LIVEs of the shop: %v", region, own)
		}
	}
}

// Privileged apps read the same orders, of any shop of the seller.
func TestPrivilegedOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, region := range []string{"US", "BR"} {
		id := w.walk(t, region, "page_size=1", "")[0].ID
		var named, found struct{ Orders []object }
		w.call(t, region, "GET", "/order/202309/orders", "ids="+id, "").into(t, &named)
		w.call(t, "", "GET", "/order/202309/privileged_orders", "ids="+id, "").into(t, &found)
		for name, value := range found.Orders[0] {
			if name == "line_items" || name == "payment" || name == "recipient_address" { // their fields differ
				continue
			}
			if fmt.Sprint(value) != fmt.Sprint(named.Orders[0][name]) {
				t.Errorf("%s: %s is %v, others read %v", region, name, value, named.Orders[0][name])
			}
		}
		if a := w.call(t, "GB", "GET", "/order/202309/privileged_orders", "ids="+id, ""); a.Code == 0 {
			t.Errorf("%s: read for another shop", region)
		}
	}
}

// A creator selects among all that the shops of the market offer.
func TestSelectProducts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.everyCreator(t)[0]
	find := func(body string) []object {
		t.Helper()
		return c.walk(t, "202501/selection/products/search", "page_size=20", body, "products")
	}
	offered := map[any]object{}
	for _, o := range c.walk(t, "202405/open_collaborations/products/search", "page_size=20", `{}`, "products") {
		offered[o["id"]] = o
	}
	all := find(`{}`)
	if len(all) != len(offered) || len(all) < 5 {
		t.Fatalf("%d products, %d are offered", len(all), len(offered))
	}
	for _, o := range all {
		theirs := offered[o["id"]]
		if count(sub(o, "commission"), "rate") != count(sub(theirs, "commission"), "rate") || o["title"] != theirs["title"] ||
			count(sub(o, "market_performance"), "historical_sold_quantity") != count(theirs, "units_sold") {
			t.Errorf("%v is offered as %v", o, theirs)
		}
	}
	for sort, value := range map[string]func(o object) int64{
		"BEST_SELLERS":         func(o object) int64 { return -int64(count(sub(o, "market_performance"), "historical_sold_quantity")) },
		"LOW_PRICE":            func(o object) int64 { return centsOf(t, sub(o, "price"), "floor_price") },
		"HIGH_PRICE":           func(o object) int64 { return -centsOf(t, sub(o, "price"), "floor_price") },
		"HIGH_COMMISSION_RATE": func(o object) int64 { return -int64(count(sub(o, "commission"), "rate")) },
	} {
		list := find(fmt.Sprintf(`{"sort_params":{"sort_type":%q}}`, sort))
		if len(list) != len(all) || !slices.IsSortedFunc(list, func(a, b object) int { return int(value(a) - value(b)) }) {
			t.Errorf("%s: %v", sort, list)
		}
	}
	some := all[len(all)/2]
	rate, price := count(sub(some, "commission"), "rate"), sub(some, "price")["floor_price"]
	for filter, match := range map[string]func(o object) bool{
		fmt.Sprintf(`{"product_ids":[%q]}`, some["id"]):                                  func(o object) bool { return o["id"] == some["id"] },
		fmt.Sprintf(`{"commission_rate_range":{"rate_ge":%d,"rate_le":%d}}`, rate, rate): func(o object) bool { return count(sub(o, "commission"), "rate") == rate },
		fmt.Sprintf(`{"price_range":{"price_le":%q}}`, price): func(o object) bool {
			return centsOf(t, sub(o, "price"), "floor_price") <= centsOf(t, sub(some, "price"), "floor_price")
		},
		`{"sold_quantity_range":{"quantity_ge":1000000}}`: func(object) bool { return false },
		`{"shop_rating_range":{"rating_ge":6}}`:           func(object) bool { return false },
	} {
		want := 0
		for _, o := range all {
			if match(o) {
				want++
			}
		}
		if got := len(find(`{"filter_params":` + filter + `}`)); got != want {
			t.Errorf("%s: %d, want %d", filter, got, want)
		}
	}
}

// Whom another collaboration keeps from an invitation is told, and set free.
func TestTargetConflicts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const region, path = "US", collaborations + "202605/target_collaborations/conflicts/"
	type clash struct {
		OpenID        string `json:"creator_open_id"`
		Collaboration string `json:"existing_collaboration_id"`
		Product       string `json:"product_id"`
	}
	id := w.invite(t, region)
	shown := w.target(t, region, id)
	var creators, products []string
	for _, of := range shown["creators"].([]any) {
		creators = append(creators, of.(object)["creator_open_id"].(string))
	}
	for _, of := range shown["products"].([]any) {
		products = append(products, of.(object)["id"].(string))
	}
	raw, err := json.Marshal(object{"creator_open_id_list": creators, "product_id_list": products})
	if err != nil {
		t.Fatal(err)
	}
	check := func(want int) {
		t.Helper()
		var got struct {
			Clashes []clash `json:"conflict_items"`
			Any     bool    `json:"has_conflict"`
		}
		w.call(t, region, "POST", path+"check", "", string(raw)).into(t, &got)
		if len(got.Clashes) != want*len(products) || got.Any != (want > 0) {
			t.Errorf("%d creators are taken: %+v", want, got)
		}
		for _, found := range got.Clashes {
			if found.Collaboration != id || !slices.Contains(products, found.Product) || !slices.Contains(creators, found.OpenID) {
				t.Errorf("found %+v", found)
			}
		}
	}
	resolve := func(openID string) (failed, done []clash) {
		t.Helper()
		var got struct {
			Failed []clash `json:"failed_items"`
			Done   []clash `json:"success_items"`
		}
		w.call(t, region, "POST", path+"resolve", "", fmt.Sprintf(`{"conflict_items":[{"creator_open_id":%q,"existing_collaboration_id":%q}]}`, openID, id)).into(t, &got)
		return got.Failed, got.Done
	}
	check(len(creators))
	if failed, done := resolve(creators[0]); len(failed) != 0 || len(done) != 1 || done[0].OpenID != creators[0] || done[0].Collaboration != id {
		t.Errorf("%+v failed, %+v is done", failed, done)
	}
	check(len(creators) - 1)
	if failed, done := resolve(creators[0]); len(failed) != 1 || len(done) != 0 {
		t.Errorf("twice: %+v failed, %+v is done", failed, done)
	}
	if len(w.target(t, region, id)["creators"].([]any)) != len(creators)-1 {
		t.Error("the creator is still invited")
	}
	if a := w.call(t, region, "POST", path+"check", "", `{"creator_open_id_list":["x"],"product_id_list":["1"]}`); a.Code != 0 || strings.Contains(string(a.Data), "true") {
		t.Errorf("an unknown creator: code %d, %s", a.Code, a.Data)
	}
}

// What carriers did with an order is told by package, with its number.
func TestLogisticsTracking(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	id := w.placed(t, "GB", "TIKTOK", "AWAITING_SHIPMENT", 1)
	read := func() object {
		t.Helper()
		got := object{}
		w.call(t, "GB", "GET", "/logistics/202604/orders/"+id+"/tracking", "", "").into(t, &got)
		return got
	}
	if got := read(); got["order_id"] != id || len(got["logistics_details"].([]any)) != 0 {
		t.Errorf("before it is shipped: %v", got)
	}
	w.move(t, id, "DELIVERED")
	var same struct{ Tracking []object }
	w.call(t, "GB", "GET", "/fulfillment/202309/orders/"+id+"/tracking", "", "").into(t, &same)
	details := read()["logistics_details"].([]any)
	if len(details) != 1 {
		t.Fatalf("%d packages", len(details))
	}
	one := details[0].(object)
	tracks := one["track_list"].([]any)
	if len(tracks) != len(same.Tracking) || one["newest_tracking_no"] != w.order(t, "GB", id).LineItems[0].TrackingNumber || one["carrier_name"] == "" {
		t.Errorf("%v, the other operation tells %v", one, same.Tracking)
	}
	var names []any
	for i, at := range tracks {
		event := at.(object)
		names = append(names, event["action_code_name"])
		if event["description"] != same.Tracking[i]["description"] || event["update_time_millis"] != same.Tracking[i]["update_time_millis"] || event["tracking_no"] != one["newest_tracking_no"] {
			t.Errorf("%v, the other operation tells %v", event, same.Tracking[i])
		}
	}
	if fmt.Sprint(names) != "[signed_personally pickup_success pkg_shipped]" {
		t.Errorf("what happened: %v", names)
	}
	if a := w.call(t, "US", "GET", "/logistics/202604/orders/"+id+"/tracking", "", ""); a.Code != 21008111 {
		t.Errorf("in another shop: code %d", a.Code)
	}
}
