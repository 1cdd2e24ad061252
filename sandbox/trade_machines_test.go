package sandbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestOrderMachine takes orders from every state to every other one: what the
// platform knows happens, the rest is refused and changes nothing.
func TestOrderMachine(t *testing.T) {
	t.Parallel()
	line := []string{"UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED"}
	for _, region := range regions {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newTradeWorld(t)
			for i, from := range line {
				for j, to := range append(slices.Clone(line), "CANCELLED") {
					id := w.placed(t, region, "", from, 1, 1)
					status := http.StatusConflict
					switch {
					case to == "CANCELLED" && (from == "DELIVERED" || from == "COMPLETED"):
					case j >= i:
						status = http.StatusOK
					}
					w.steer(t, "POST", "orders/"+id+"/move", `{"to":"`+to+`"}`, status)
					want := from
					if status == http.StatusOK {
						want = to
					}
					if o := w.order(t, region, id); o.Status != want {
						t.Errorf("%s to %s: order is %s", from, to, o.Status)
					} else {
						checkMoney(t, region, o)
					}
				}
			}
			// Nothing leads out of the end.
			id := w.placed(t, region, "", "CANCELLED", 1)
			for _, to := range line {
				w.steer(t, "POST", "orders/"+id+"/move", `{"to":"`+to+`"}`, http.StatusConflict)
			}
		})
	}
}

// TestOrderTimes looks at the marks that every state leaves.
func TestOrderTimes(t *testing.T) {
	t.Parallel()
	for _, region := range regions {
		w := newTradeWorld(t)
		id := w.place(t, region, "", 1, 2)
		step := func(to string) order {
			w.advance(t, "1m")
			w.move(t, id, to)
			o := w.order(t, region, id)
			checkTimes(t, o, w.now.Unix())
			checkMoney(t, region, o)
			checkRecipient(t, region, o)
			if o.UpdateTime != w.now.Unix() {
				t.Errorf("%s: %s was updated at %d, not %d", region, to, o.UpdateTime, w.now.Unix())
			}
			return o
		}
		if o := w.order(t, region, id); o.Status != "UNPAID" || o.Recipient != nil || o.BuyerEmail == "" || len(o.Packages) != 0 || len(o.LineItems) != 3 {
			t.Errorf("%s: new order %+v", region, o)
		}
		if o := step("ON_HOLD"); o.BuyerEmail != "" || len(o.Packages) != 0 || !o.Held {
			t.Errorf("%s: held order %+v", region, o)
		}
		if o := step("AWAITING_SHIPMENT"); (len(o.Packages) == 1) != (region != "US") || o.BuyerEmail == "" {
			t.Errorf("%s: order to ship %+v", region, o)
		}
		for _, to := range []string{"PARTIALLY_SHIPPING", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED"} {
			o := step(to)
			checkPackages(t, region, o)
			want := 2 // a line that is shipped before the rest has a package of its own
			if region == "US" && to == "PARTIALLY_SHIPPING" {
				want = 1 // there the seller packs what ships
			}
			if len(o.Packages) != want || o.LineItems[0].TrackingNumber == "" {
				t.Errorf("%s: %s: %+v", region, to, o)
			}
		}
	}
}

// TestOrderReads finds moved orders in the search, in the order of their
// updates.
func TestOrderReads(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	first, second := w.place(t, "US", "", 1), w.place(t, "US", "", 1)
	w.advance(t, "5s")
	w.move(t, first, "IN_TRANSIT")
	all := w.walk(t, "US", "page_size=100&sort_field=update_time", "")
	if all[0].ID != first {
		t.Errorf("the order that was updated last comes later")
	}
	if !slices.IsSortedFunc(all, func(a, b order) int { return int(b.UpdateTime - a.UpdateTime) }) {
		t.Error("not sorted")
	}
	all = w.walk(t, "US", "page_size=100", "")
	if all[0].ID != second || all[1].ID != first {
		t.Errorf("new orders come later than old ones")
	}
}

// TestPlacedOrdersTakeStock follows a unit through the stock.
func TestPlacedOrdersTakeStock(t *testing.T) {
	t.Parallel()
	for _, region := range regions {
		w := newTradeWorld(t)
		sku := w.offers(t, region, 1)[0].ID
		read := func() (available, committed int64) {
			got := w.inventory(t, region, `{"sku_ids":["`+sku+`"]}`)[sku]
			return got.Available, got.Committed
		}
		available, committed := read()
		expect := func(at string, out, held int64) {
			t.Helper()
			if a, c := read(); a != available-out || c != committed+held {
				t.Errorf("%s: %s: %d available and %d committed, want %d and %d", region, at, a, c, available-out, committed+held)
			}
		}
		id := w.place(t, region, "", 3)
		expect("placed", 3, 3)
		w.move(t, id, "AWAITING_SHIPMENT")
		expect("paid", 3, 3)
		w.move(t, id, "AWAITING_COLLECTION")
		expect("shipped", 3, 0)
		w.move(t, id, "CANCELLED")
		expect("cancelled before the carrier came", 0, 0)
		id = w.placed(t, region, "", "IN_TRANSIT", 2)
		expect("collected", 2, 0)
		w.move(t, id, "CANCELLED")
		expect("lost", 2, 0)
		for _, status := range []string{"UNPAID", "AWAITING_SHIPMENT"} {
			w.move(t, w.placed(t, region, "", status, 4), "CANCELLED")
			expect("cancelled "+status, 2, 0)
		}
		// Nobody buys what is not there.
		body := fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":%d}]}`, w.shop(region).ID, sku, available)
		w.steer(t, "POST", "orders", body, http.StatusConflict)
		expect("refused", 2, 0)
	}
}

func TestPlaceRefusals(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	shop, sku := w.shop("US").ID, w.offers(t, "US", 1)[0].ID
	foreign := w.offers(t, "GB", 1)[0].ID
	for body, status := range map[string]int{
		`{"shop_id":"1","lines":[{"sku_id":"` + sku + `","quantity":1}]}`:                                   http.StatusNotFound,
		`{"shop_id":"` + shop + `"}`:                                                                        http.StatusConflict,
		`{"shop_id":"` + shop + `","lines":[{"sku_id":"` + foreign + `","quantity":1}]}`:                    http.StatusConflict,
		`{"shop_id":"` + shop + `","lines":[{"sku_id":"` + sku + `","quantity":0}]}`:                        http.StatusConflict,
		`{"shop_id":"` + shop + `","lines":[{"sku_id":"` + sku + `","quantity":201}]}`:                      http.StatusConflict,
		`{"shop_id":"` + shop + `","lines":[{"sku_id":"` + sku + `","quantity":1}],"buyer_user_id":"1"}`:    http.StatusConflict,
		`{"shop_id":"` + shop + `","lines":[{"sku_id":"` + sku + `","quantity":1}],"shipping_type":"DOVE"}`: http.StatusBadRequest,
		`{"shop_id":"` + shop + `","lines":[{"sku_id":"` + sku + `","quantity":1}],"more":1}`:               http.StatusBadRequest,
	} {
		w.steer(t, "POST", "orders", body, status)
	}
	w.steer(t, "POST", "orders/1/move", `{"to":"DELIVERED"}`, http.StatusNotFound)
	w.steer(t, "POST", "orders/"+sku+"/move", `{"to":"DELIVERED"}`, http.StatusNotFound)
	w.steer(t, "POST", "orders/1/buyer", `{"ask":"cancel"}`, http.StatusNotFound)
	w.steer(t, "POST", "aftersales/1", `{"do":"withdraw"}`, http.StatusNotFound)
	id := w.place(t, "US", "", 1)
	w.steer(t, "POST", "orders/"+id+"/move", `{"to":"NOWHERE"}`, http.StatusBadRequest)
	w.steer(t, "POST", "orders/"+id+"/buyer", `{"ask":"sing"}`, http.StatusBadRequest)
	w.steer(t, "POST", "aftersales/"+id, `{"do":"sing"}`, http.StatusBadRequest)
	w.steer(t, "POST", "aftersales/"+id, `{"do":"withdraw"}`, http.StatusNotFound)
}

// TestShippingMachine tries every way of shipping on orders in every state.
func TestShippingMachine(t *testing.T) {
	t.Parallel()
	states := []string{"UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED"}
	codes := map[string]map[string]int{
		// Shipping a package that exists.
		"ship": {
			"AWAITING_SHIPMENT": 0, "AWAITING_COLLECTION": 21011040, "IN_TRANSIT": 21011040, "DELIVERED": 21011027,
			"COMPLETED": 21011027, "CANCELLED": 21011041,
		},
		// Shipping lines of an order.
		"mark": {
			"UNPAID": 21011012, "ON_HOLD": 21011044, "AWAITING_SHIPMENT": 0, "AWAITING_COLLECTION": 21011006,
			"IN_TRANSIT": 21011006, "DELIVERED": 21011006, "COMPLETED": 21011006, "CANCELLED": 21011003,
		},
	}
	codes["label"], codes["schedule"] = codes["mark"], codes["mark"]
	for _, test := range []struct{ region, shipping, way string }{
		{"US", "TIKTOK", "label"}, {"US", "TIKTOK", "schedule"}, {"US", "SELLER", "mark"},
		{"GB", "SELLER", "mark"}, {"GB", "SELLER", "ship"}, {"GB", "TIKTOK", "ship"},
		{"VN", "SELLER", "ship"}, {"VN", "TIKTOK", "ship"},
	} {
		t.Run(test.region+"/"+test.shipping+"/"+test.way, func(t *testing.T) {
			t.Parallel()
			w := newTradeWorld(t)
			for n, from := range states {
				want, known := codes[test.way][from]
				if !known {
					continue
				}
				id := w.place(t, test.region, test.shipping, 1)
				if from == "CANCELLED" { // with a package, where there are any
					w.move(t, id, "AWAITING_SHIPMENT")
				}
				if from != "UNPAID" {
					w.move(t, id, from)
				}
				number := fmt.Sprintf("GHN%d", n)
				if test.region != "VN" {
					number = fmt.Sprintf("X%d", n)
				}
				var a *answer
				switch test.way {
				case "ship":
					body := `{"handover_method":"DROP_OFF"}`
					if test.shipping == "SELLER" {
						body = `{"self_shipment":` + selfShipment(test.region, number) + `}`
					}
					a = w.call(t, test.region, "POST", fulfillment+"packages/"+w.order(t, test.region, id).Packages[0].ID+"/ship", "", body)
				case "mark":
					a = w.call(t, test.region, "POST", fulfillment+"orders/"+id+"/packages", "", selfShipment(test.region, number))
				case "label":
					a = w.call(t, test.region, "POST", fulfillment+"packages", "", `{"order_id":"`+id+`",`+parcelSize+`}`)
				case "schedule":
					a = w.call(t, test.region, "POST", fulfillment+"packages/schedule", "", `{"order_id":"`+id+`"}`)
				}
				after := from
				if want == 0 {
					after = "AWAITING_COLLECTION"
				}
				if o := w.order(t, test.region, id); a.Code != want || o.Status != after {
					t.Errorf("%s: code %d, want %d; order is %s: %s", from, a.Code, want, o.Status, a.Message)
				}
			}
		})
	}
}

// TestShippingRefusals sends what the markets and the rules do not allow.
func TestShippingRefusals(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	ready := func(region, shipping string) (id, parcel string) {
		id = w.placed(t, region, shipping, "AWAITING_SHIPMENT", 1, 1)
		if o := w.order(t, region, id); len(o.Packages) > 0 {
			parcel = o.Packages[0].ID
		}
		return id, parcel
	}
	us, _ := ready("US", "TIKTOK")
	usOwn, _ := ready("US", "SELLER")
	gb, gbParcel := ready("GB", "TIKTOK")
	gbOwn, gbOwnParcel := ready("GB", "SELLER")
	vn, vnParcel := ready("VN", "TIKTOK")
	_, vnOwnParcel := ready("VN", "SELLER")
	asked, askedParcel := ready("GB", "TIKTOK")
	w.ask(t, asked, "cancel")
	for name, test := range map[string]struct {
		region, path, body string
		code               int
	}{
		"label outside the US":       {"GB", "packages", `{"order_id":"` + gb + `",` + parcelSize + `}`, 21008106},
		"label for own shipping":     {"US", "packages", `{"order_id":"` + usOwn + `",` + parcelSize + `}`, 21011037},
		"label of unknown order":     {"US", "packages", `{"order_id":"1",` + parcelSize + `}`, 21001001},
		"label with bad weight":      {"US", "packages", `{"order_id":"` + us + `",` + strings.Replace(parcelSize, "500", "much", 1) + `}`, 11001002},
		"label with bad unit":        {"US", "packages", `{"order_id":"` + us + `",` + strings.Replace(parcelSize, "GRAM", "STONE", 1) + `}`, invalid},
		"label too heavy":            {"US", "packages", `{"order_id":"` + us + `",` + strings.Replace(parcelSize, "500", "50000", 1) + `}`, 11021009},
		"label too long":             {"US", "packages", `{"order_id":"` + us + `",` + strings.Replace(parcelSize, `"20"`, `"500"`, 1) + `}`, 11021014},
		"label of unknown service":   {"US", "packages", `{"order_id":"` + us + `","shipping_service_id":"1",` + parcelSize + `}`, 21004008},
		"label of foreign line":      {"US", "packages", `{"order_id":"` + us + `","order_line_item_ids":["1"],` + parcelSize + `}`, 21011029},
		"services outside the US":    {"GB", "orders/" + gb + "/shipping_services/query", `{` + parcelSize + `}`, 21011037},
		"services of unknown order":  {"US", "orders/1/shipping_services/query", `{` + parcelSize + `}`, 10006402},
		"mark platform shipping":     {"GB", "orders/" + gb + "/packages", selfShipment("GB", "X1"), 21011004},
		"mark in South-East Asia":    {"VN", "orders/" + vn + "/packages", selfShipment("VN", "X1"), 21008106},
		"mark without number":        {"GB", "orders/" + gbOwn + "/packages", `{"shipping_provider_id":"1"}`, invalid},
		"mark with unknown provider": {"GB", "orders/" + gbOwn + "/packages", `{"shipping_provider_id":"1","tracking_number":"X1"}`, 21011022},
		"mark with odd number":       {"GB", "orders/" + gbOwn + "/packages", selfShipment("GB", "X-1"), 21004012},
		"mark with other's number":   {"GB", "orders/" + gbOwn + "/packages", selfShipment("GB", "H00123"), 21004015},
		"mark foreign line":          {"GB", "orders/" + gbOwn + "/packages", `{"order_line_item_ids":["1"],` + selfShipment("GB", "X1")[1:], 21011029},
		"ship unknown package":       {"GB", "packages/1/ship", `{}`, 21011028},
		"ship other shop's package":  {"GB", "packages/" + vnParcel + "/ship", `{}`, 21011028},
		"ship own without number":    {"GB", "packages/" + gbOwnParcel + "/ship", `{}`, invalid},
		"ship own without provider":  {"GB", "packages/" + gbOwnParcel + "/ship", `{"self_shipment":{"tracking_number":"X1"}}`, invalid},
		"pick up without slot":       {"GB", "packages/" + gbParcel + "/ship", `{"handover_method":"PICKUP"}`, 21011054},
		"pick up at another time":    {"GB", "packages/" + gbParcel + "/ship", `{"handover_method":"PICKUP","pickup_slot":{"start_time":1,"end_time":2}}`, 21011053},
		"unknown hand-over":          {"GB", "packages/" + gbParcel + "/ship", `{"handover_method":"CATAPULT"}`, invalid},
		"open cancellation request":  {"GB", "packages/" + askedParcel + "/ship", `{}`, 21008044},
		"document too early":         {"GB", "packages/" + gbParcel + "/shipping_documents?document_type=SHIPPING_LABEL", "", 21023035},
		"schedule outside the US":    {"GB", "packages/schedule", `{"order_id":"` + gb + `"}`, 21008106},
		"schedule without order":     {"US", "packages/schedule", `{}`, invalid},
		"deliver nothing":            {"VN", "packages/deliver", `{}`, invalid},
		"deliver oddly":              {"VN", "packages/deliver", `{"packages":[{"id":"1","delivery_type":"THROWN"}]}`, invalid},
		"fail without reason":        {"VN", "packages/deliver", `{"packages":[{"id":"1","delivery_type":"DELIVERY_FAILED"}]}`, invalid},
		"correct unshipped":          {"VN", "packages/" + vnOwnParcel + "/shipping_info/update", selfShipment("VN", "X1"), 21011043},
		"correct unshipped order":    {"US", "orders/" + usOwn + "/shipping_info/update", selfShipment("US", "X1"), 21011043},
		"correct unknown":            {"VN", "packages/1/shipping_info/update", selfShipment("VN", "X1"), 21011028},
	} {
		method := "POST"
		path, query, found := strings.Cut(test.path, "?")
		if found {
			method = "GET"
		}
		if a := w.call(t, test.region, method, fulfillment+path, query, test.body); a.Code != test.code {
			t.Errorf("%s: code %d, want %d: %s", name, a.Code, test.code, a.Message)
		}
	}
	for region, id := range map[string]string{"US": us, "GB": gb, "VN": vn} {
		if o := w.order(t, region, id); o.Status != "AWAITING_SHIPMENT" {
			t.Errorf("%s: a refusal left order %s", region, o.Status)
		}
	}
}
