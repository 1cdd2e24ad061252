package sandbox_test

import (
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// sellerCancel is the seller's cancellation of a whole order.
func (w *world) sellerCancel(t testing.TB, region, order, key string) *answer {
	t.Helper()
	return w.call(t, region, "POST", aftersale+"cancellations", "", `{"order_id":"`+order+`","cancel_reason":"`+reason(region, key)+`"}`)
}

// TestWhoMayCancel asks buyers and sellers to cancel orders in every state.
func TestWhoMayCancel(t *testing.T) {
	t.Parallel()
	states := []string{"UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED"}
	seller := map[string]int{
		"UNPAID": 25001003, "ON_HOLD": 0, "AWAITING_SHIPMENT": 0, "PARTIALLY_SHIPPING": 25001003, "AWAITING_COLLECTION": 25001045,
		"IN_TRANSIT": 25001045, "DELIVERED": 25001003, "COMPLETED": 25001051, "CANCELLED": 25001011,
	}
	buyer := map[string]int{"UNPAID": http.StatusCreated, "ON_HOLD": http.StatusCreated, "AWAITING_SHIPMENT": http.StatusCreated}
	for _, region := range regions {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newTradeWorld(t)
			for _, status := range states {
				want := seller[status]
				if status == "AWAITING_COLLECTION" && region == "US" {
					want = 0
				}
				id := w.placed(t, region, "", status, 1, 1)
				a := w.sellerCancel(t, region, id, "seller_cancel_reason_out_of_stock")
				if a.Code != want {
					t.Errorf("seller at %s: code %d, want %d: %s", status, a.Code, want, a.Message)
				}
				if after := w.order(t, region, id).Status; want == 0 && after != "CANCELLED" || want != 0 && after != status {
					t.Errorf("seller at %s: order is %s", status, after)
				}
				id = w.placed(t, region, "", status, 1, 1)
				answer := buyer[status]
				if answer == 0 {
					answer = http.StatusConflict
				}
				w.steer(t, "POST", "orders/"+id+"/buyer", `{"ask":"cancel"}`, answer)
				after := map[string]string{"UNPAID": "CANCELLED", "ON_HOLD": "CANCELLED"}[status]
				if after == "" {
					after = status
				}
				if got := w.order(t, region, id); got.Status != after || got.RequestCancel != (status == "AWAITING_SHIPMENT") {
					t.Errorf("buyer at %s: order %s, asked %t", status, got.Status, got.RequestCancel)
				}
			}
		})
	}
}

// TestCancellationMachine walks every way of a cancellation and refuses the
// rest.
func TestCancellationMachine(t *testing.T) {
	t.Parallel()
	const pending, success, complete, cancelled = "CANCELLATION_REQUEST_PENDING", "CANCELLATION_REQUEST_SUCCESS", "CANCELLATION_REQUEST_COMPLETE", "CANCELLATION_REQUEST_CANCELLED"
	for _, region := range regions {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newTradeWorld(t)
			reject := `{"reject_reason":"seller_reject_apply_product_has_been_packed"}`
			approve := func(id string, want int) {
				t.Helper()
				if a := w.call(t, region, "POST", aftersale+"cancellations/"+id+"/approve", "", ""); a.Code != want {
					t.Errorf("approve: code %d, want %d: %s", a.Code, want, a.Message)
				}
			}
			refuse := func(id string, want int) {
				t.Helper()
				if a := w.call(t, region, "POST", aftersale+"cancellations/"+id+"/reject", "", reject); a.Code != want {
					t.Errorf("reject: code %d, want %d: %s", a.Code, want, a.Message)
				}
			}
			expect := func(order, kind, role, status, orderStatus string) cancellation {
				t.Helper()
				list := w.cancellations(t, region, order)
				if len(list) == 0 {
					t.Fatalf("order %s has no cancellations", order)
				}
				c := list[len(list)-1]
				if c.Type != kind || c.Role != role || c.Status != status {
					t.Errorf("cancellation %+v, want %s of %s, %s", c, kind, role, status)
				}
				if got := w.order(t, region, order).Status; got != orderStatus {
					t.Errorf("order is %s, want %s", got, orderStatus)
				}
				return c
			}
			order := func() string { return w.placed(t, region, "", "AWAITING_SHIPMENT", 1) }

			id := order()
			c := w.ask(t, id, "cancel")
			got := expect(id, "BUYER_CANCEL", "BUYER", pending, "AWAITING_SHIPMENT")
			if len(got.Deadline) != 1 || got.Deadline[0].Deadline != w.now.Add(48*time.Hour).Unix() || got.Deadline[0].Action != "SELLER_RESPOND_CANCEL" {
				t.Errorf("the seller has to %+v", got.Deadline)
			}
			if a := w.sellerCancel(t, region, id, "seller_cancel_reason_out_of_stock"); a.Code != 25001011 {
				t.Errorf("cancelled beside a request: code %d", a.Code)
			}
			approve(c, 0)
			got = expect(id, "BUYER_CANCEL", "BUYER", success, "CANCELLED")
			if got.Refund["refund_total"] != w.order(t, region, id).Payment["total_amount"] {
				t.Errorf("refund %v of %v", got.Refund, w.order(t, region, id).Payment)
			}
			approve(c, 25011012)
			refuse(c, 25020010)
			w.advance(t, "10m")
			expect(id, "BUYER_CANCEL", "BUYER", complete, "CANCELLED")
			approve(c, 25011012)

			id = order()
			c = w.ask(t, id, "cancel")
			refuse(c, 0)
			expect(id, "BUYER_CANCEL", "BUYER", cancelled, "AWAITING_SHIPMENT")
			approve(c, 25020009)
			refuse(c, 25011011)
			c = w.ask(t, id, "cancel") // once more
			if status := w.do(t, c, "withdraw"); status != cancelled {
				t.Errorf("withdrawn: %s", status)
			}
			w.steer(t, "POST", "aftersales/"+c, `{"do":"withdraw"}`, http.StatusConflict)
			w.steer(t, "POST", "aftersales/"+c, `{"do":"ship"}`, http.StatusConflict)

			id = order() // silence agrees
			w.ask(t, id, "cancel")
			w.advance(t, "47h59m59s")
			expect(id, "BUYER_CANCEL", "BUYER", pending, "AWAITING_SHIPMENT")
			w.advance(t, "1s")
			expect(id, "BUYER_CANCEL", "BUYER", success, "CANCELLED")

			id = order() // the seller does not ship
			w.advance(t, "96h")
			got = expect(id, "CANCEL", "SYSTEM", success, "CANCELLED")
			if got.Reason != reason(region, "system_cancel_order_reason_shipping_timeout") || got.Updated != w.now.Unix() {
				t.Errorf("cancellation %+v", got)
			}

			id = w.placed(t, region, "", "AWAITING_COLLECTION", 1) // the carrier does not come
			w.advance(t, "121h")
			got = expect(id, "CANCEL", "SYSTEM", complete, "CANCELLED")
			if o := w.order(t, region, id); got.Updated != start.Unix()+o.CancelTime-start.Unix()+600 || o.CancelledBy != "SYSTEM" {
				t.Errorf("cancelled %d, paid back %d", o.CancelTime, got.Updated)
			}

			id = w.place(t, region, "", 1) // nobody pays
			w.advance(t, "24h")
			if o := w.order(t, region, id); o.Status != "CANCELLED" || o.CancelTime != w.now.Unix() || o.CancelReason != map[string]string{"VN": "Đã quá hạn thanh toán", "BR": "O prazo de pagamento passou", "US": "Payment deadline passed", "GB": "Payment deadline passed"}[region] || len(w.cancellations(t, region, id)) != 0 {
				t.Errorf("unpaid order %+v", o)
			}

			if region != "VN" { // the buyer thinks again, and nobody is asked
				id = w.placed(t, region, "", "ON_HOLD", 1)
				w.ask(t, id, "cancel")
				expect(id, "CANCEL", "BUYER", success, "CANCELLED")
				id = w.placed(t, region, "", "ON_HOLD", 1)
				w.advance(t, "59m59s")
				if got := w.order(t, region, id).Status; got != "ON_HOLD" {
					t.Errorf("held order is %s", got)
				}
				w.advance(t, "1s")
				if got := w.order(t, region, id).Status; got != "AWAITING_SHIPMENT" {
					t.Errorf("released order is %s", got)
				}
			}
			if region == "US" { // shipping refuses
				id = order()
				w.ask(t, id, "cancel")
				w.call(t, region, "POST", fulfillment+"packages", "", `{"order_id":"`+id+`",`+parcelSize+`}`).into(t, &struct{}{})
				expect(id, "BUYER_CANCEL", "BUYER", cancelled, "AWAITING_COLLECTION")
				id = w.placed(t, region, "", "AWAITING_COLLECTION", 1)
				if a := w.sellerCancel(t, region, id, "seller_cancel_reason_out_of_stock"); a.Code != 0 {
					t.Errorf("code %d", a.Code)
				}
				expect(id, "CANCEL", "SELLER", success, "CANCELLED")
			}
		})
	}
}

func TestCancelReasons(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	for name, test := range map[string]struct {
		region, status, reason string
		code                   int
	}{
		"unknown":              {"US", "AWAITING_SHIPMENT", "because", 25001014},
		"other market's":       {"US", "AWAITING_SHIPMENT", "seller_cancel_reason_out_of_stock_uk", 25001014},
		"the buyer's":          {"US", "AWAITING_SHIPMENT", "ecom_order_to_ship_canceled_reason_no_longer_needed", 25001015},
		"the system's":         {"GB", "AWAITING_SHIPMENT", "package_lost_uk", 25001015},
		"withdrawn":            {"VN", "AWAITING_SHIPMENT", "seller_cancel_paid_reason_address_not_deliver", 25001020},
		"not withdrawn":        {"US", "AWAITING_SHIPMENT", "seller_cancel_paid_reason_address_not_deliver", 0},
		"of another state":     {"US", "AWAITING_SHIPMENT", "seller_cancel_unpaid_reason_wrong_price", 25001021},
		"of another action":    {"US", "AWAITING_SHIPMENT", "seller_shipped_refund_package_lost", 25001014},
		"none":                 {"US", "AWAITING_SHIPMENT", "", invalid},
		"right in the hold":    {"GB", "ON_HOLD", "seller_cancel_reason_out_of_stock_uk", 0},
		"right at the carrier": {"US", "AWAITING_COLLECTION", "seller_cancel_reason_out_of_stock", 0},
	} {
		id := w.placed(t, test.region, "", test.status, 1)
		a := w.call(t, test.region, "POST", aftersale+"cancellations", "", `{"order_id":"`+id+`","cancel_reason":"`+test.reason+`"}`)
		if a.Code != test.code {
			t.Errorf("%s: code %d, want %d: %s", name, a.Code, test.code, a.Message)
		}
	}
	id := w.placed(t, "US", "", "AWAITING_SHIPMENT", 1)
	c := w.ask(t, id, "cancel")
	for key, code := range map[string]int{
		"because":                           25001014,
		"reverse_reject_request_reason_1":   25001057,
		"seller_cancel_reason_out_of_stock": 25001016,
		"":                                  invalid,
		"seller_reject_apply_product_has_been_packed_not_at_all": 25001014,
	} {
		if a := w.call(t, "US", "POST", aftersale+"cancellations/"+c+"/reject", "", `{"reject_reason":"`+key+`"}`); a.Code != code {
			t.Errorf("reject with %q: code %d, want %d", key, a.Code, code)
		}
	}
	var got struct{ Reasons []struct{ Name, Text string } }
	w.call(t, "US", "GET", aftersale+"reject_reasons", "return_or_cancel_id="+c, "").into(t, &got)
	for _, r := range got.Reasons {
		other := w.ask(t, w.placed(t, "US", "", "AWAITING_SHIPMENT", 1), "cancel")
		if a := w.call(t, "US", "POST", aftersale+"cancellations/"+other+"/reject", "", `{"reject_reason":"`+r.Name+`"}`); a.Code != 0 || r.Text == "" {
			t.Errorf("listed reason %q: code %d", r.Name, a.Code)
		}
	}
	if len(got.Reasons) < 3 {
		t.Errorf("reasons %v", got.Reasons)
	}
	for path, code := range map[string]int{"cancellations/1/approve": 25007006, "returns/1/approve": invalid} {
		if a := w.call(t, "US", "POST", aftersale+path, "", "{}"); a.Code != code {
			t.Errorf("%s: code %d", path, a.Code)
		}
	}
}

// TestLineCancellation cancels an order bit by bit: the money adds up.
func TestLineCancellation(t *testing.T) {
	t.Parallel()
	for _, region := range regions {
		w := newTradeWorld(t)
		id := w.placed(t, region, "", "AWAITING_SHIPMENT", 2, 1)
		o := w.order(t, region, id)
		key := reason(region, "seller_cancel_reason_out_of_stock")
		send := func(more string) *answer {
			return w.call(t, region, "POST", aftersale+"cancellations", "", `{"order_id":"`+id+`","cancel_reason":"`+key+`"`+more+`}`)
		}
		one := `,"skus":[{"sku_id":"` + o.LineItems[0].SKUID + `","quantity":1}]`
		if region == "VN" || region == "BR" {
			if a := send(one); a.Code != 25005010 {
				t.Errorf("%s: code %d", region, a.Code)
			}
			continue
		}
		for more, code := range map[string]int{
			`,"skus":[{"sku_id":"` + o.LineItems[0].SKUID + `","quantity":3}]`: 25005011,
			`,"skus":[{"sku_id":"1","quantity":1}]`:                            25005011,
			`,"skus":[{"sku_id":"1","quantity":0}]`:                            25001001,
			`,"skus":[{"quantity":1}]`:                                         invalid,
			`,"order_line_item_ids":["1"]`:                                     25005011,
		} {
			if a := send(more); a.Code != code {
				t.Errorf("%s %s: code %d, want %d: %s", region, more, a.Code, code, a.Message)
			}
		}
		wrong := w.call(t, region, "POST", aftersale+"cancellations", "", `{"order_id":"`+id+`","cancel_reason":"`+reason(region, "seller_cancel_reason_wrong_price")+`"`+one+`}`)
		if wrong.Code != 25005010 {
			t.Errorf("%s: a line for the wrong price: code %d", region, wrong.Code)
		}
		send(one).into(t, &struct{}{})
		if got := w.order(t, region, id); got.Status != "AWAITING_SHIPMENT" || got.LineItems[0].DisplayStatus != "CANCELLED" || got.LineItems[0].PackageID != "" {
			t.Errorf("%s: order %+v", region, got)
		}
		w.move(t, id, "PARTIALLY_SHIPPING")
		send(`,"order_line_item_ids":["`+w.openLine(t, region, id)+`"]`).into(t, &struct{}{})
		if got := w.order(t, region, id); got.Status != "AWAITING_COLLECTION" {
			t.Errorf("%s: order is %s", region, got.Status)
		}
		w.move(t, id, "CANCELLED")
		w.advance(t, "10m")
		sum := new(big.Rat)
		for _, c := range w.cancellations(t, region, id) {
			if c.Status != "CANCELLATION_REQUEST_COMPLETE" {
				t.Errorf("%s: cancellation %+v", region, c)
			}
			sum.Add(sum, amount(t, c.Refund["refund_total"]))
		}
		if paid := amount(t, o.Payment["total_amount"]); sum.Cmp(paid) != 0 {
			t.Errorf("%s: %s paid back of %s", region, sum.FloatString(2), paid.FloatString(2))
		}
	}
}

func (w *world) openLine(t testing.TB, region, id string) string {
	for _, line := range w.order(t, region, id).LineItems {
		if line.DisplayStatus == "AWAITING_SHIPMENT" {
			return line.ID
		}
	}
	t.Fatal("no line is open")
	return ""
}

// The states of returns, shortly.
const (
	rPending  = "RETURN_OR_REFUND_REQUEST_PENDING"
	rAwaiting = "AWAITING_BUYER_SHIP"
	rShipped  = "BUYER_SHIPPED_ITEM"
	rRejected = "REFUND_OR_RETURN_REQUEST_REJECT"
	rRefused  = "REJECT_RECEIVE_PACKAGE"
	rSuccess  = "RETURN_OR_REFUND_REQUEST_SUCCESS"
	rComplete = "RETURN_OR_REFUND_REQUEST_COMPLETE"
	rCancel   = "RETURN_OR_REFUND_REQUEST_CANCEL"
	pPending  = "REPLACEMENT_REQUEST_PENDING"
	pRejected = "REPLACEMENT_REQUEST_REJECT"
	pRefund   = "REPLACEMENT_REQUEST_REFUND_SUCCESS"
	pCancel   = "REPLACEMENT_REQUEST_CANCEL"
	pComplete = "REPLACEMENT_REQUEST_COMPLETE"
)

// TestReturnMachine takes requests of every type to every state and tries
// everything there that sellers, buyers, carriers and the customer service do,
// and waiting too.
func TestReturnMachine(t *testing.T) {
	t.Parallel()
	type edges map[string]string // what is done to the state that follows; what is not listed is refused
	machines := map[string]struct {
		reach map[string][]string // the way to a state
		edges map[string]edges
	}{
		"refund": {
			map[string][]string{
				rPending: nil, rRejected: {"REJECT_REFUND"}, rSuccess: {"APPROVE_REFUND"}, rComplete: {"APPROVE_REFUND", "10m"},
				rCancel: {"withdraw"}, "offered": {"OFFER_PARTIAL_REFUND"}, "disputed": {"REJECT_REFUND", "dispute"},
				"closed": {"REJECT_REFUND", "dispute", "close_dispute"},
			},
			map[string]edges{
				rPending: {"APPROVE_REFUND": rSuccess, "REJECT_REFUND": rRejected, "OFFER_PARTIAL_REFUND": rPending, "withdraw": rCancel, "48h": rSuccess},
				// An offer that is not answered in time is an offer refused.
				"offered":  {"REJECT_REFUND": rRejected, "withdraw": rCancel, "accept_offer": rSuccess, "reject_offer": rPending, "96h": rSuccess},
				rRejected:  {"dispute": rRejected, "48h": rCancel},
				"disputed": {"support_buyer": rSuccess, "support_seller": rCancel, "close_dispute": rRejected},
				"closed":   {"48h": rCancel},
				rSuccess:   {"10m": rComplete},
			},
		},
		"return": {
			map[string][]string{
				rPending: nil, rAwaiting: {"APPROVE_RETURN"}, rShipped: {"APPROVE_RETURN", "ship"}, "arrived": {"APPROVE_RETURN", "ship", "arrive"},
				rRejected: {"REJECT_RETURN"}, "disputed": {"REJECT_RETURN", "dispute"}, rRefused: {"APPROVE_RETURN", "ship", "REJECT_RECEIVED_PACKAGE"},
				"refusal disputed": {"APPROVE_RETURN", "ship", "REJECT_RECEIVED_PACKAGE", "dispute"},
				rSuccess:           {"APPROVE_RETURN", "ship", "APPROVE_RECEIVED_PACKAGE"}, rComplete: {"KEEP_ITEM", "10m"}, rCancel: {"withdraw"},
			},
			map[string]edges{
				rPending:           {"APPROVE_RETURN": rAwaiting, "KEEP_ITEM": rSuccess, "REJECT_RETURN": rRejected, "withdraw": rCancel, "48h": rAwaiting},
				rAwaiting:          {"ship": rShipped, "240h": rCancel},
				rShipped:           {"arrive": rShipped, "APPROVE_RECEIVED_PACKAGE": rSuccess, "REJECT_RECEIVED_PACKAGE": rRefused},
				"arrived":          {"APPROVE_RECEIVED_PACKAGE": rSuccess, "REJECT_RECEIVED_PACKAGE": rRefused, "48h": rSuccess},
				rRejected:          {"dispute": rRejected, "48h": rCancel},
				"disputed":         {"support_buyer": rAwaiting, "support_seller": rCancel, "close_dispute": rRejected},
				rRefused:           {"dispute": rRefused, "48h": rCancel},
				"refusal disputed": {"support_buyer": rSuccess, "support_seller": rCancel, "close_dispute": rRefused},
				rSuccess:           {"10m": rComplete},
			},
		},
		"replace": {
			map[string][]string{
				pPending: nil, pRejected: {"REJECT_REPLACEMENT"}, pRefund: {"ISSUE_REPLACEMENT_REFUND"}, pComplete: {"APPROVE_REPLACEMENT"},
				pCancel: {"withdraw"}, "disputed": {"REJECT_REPLACEMENT", "dispute"},
			},
			map[string]edges{
				pPending: {
					"APPROVE_REPLACEMENT": pComplete, "ISSUE_REPLACEMENT_REFUND": pRefund, "REJECT_REPLACEMENT": pRejected,
					"withdraw": pCancel, "24h": pComplete,
				},
				pRejected:  {"dispute": pRejected, "48h": pCancel},
				"disputed": {"support_buyer": pComplete, "support_seller": pCancel, "close_dispute": pRejected},
			},
		},
	}
	everything := []string{
		"APPROVE_REFUND", "APPROVE_RETURN", "KEEP_ITEM", "APPROVE_RECEIVED_PACKAGE", "APPROVE_REPLACEMENT", "ISSUE_REPLACEMENT_REFUND", "OFFER_PARTIAL_REFUND",
		"REJECT_REFUND", "REJECT_RETURN", "REJECT_RECEIVED_PACKAGE", "REJECT_REPLACEMENT",
		"withdraw", "ship", "arrive", "accept_offer", "reject_offer", "dispute", "support_buyer", "support_seller", "close_dispute",
	}
	for _, region := range regions {
		for ask, machine := range machines {
			t.Run(region+"/"+ask, func(t *testing.T) {
				t.Parallel()
				w := newTradeWorld(t)
				// act does something and tells whether it was accepted.
				act := func(id, what string) (bool, int) {
					if duration, err := time.ParseDuration(what); err == nil {
						w.advance(t, duration.String())
						return true, 0
					}
					decision, more := what, ""
					switch what {
					case "KEEP_ITEM":
						decision, more = "APPROVE_RETURN", `,"buyer_keep_item":true`
					case "OFFER_PARTIAL_REFUND":
						more = `,"partial_refund":{"amount":"1","currency":"` + w.currency(region) + `"}`
					}
					path := "/approve"
					switch what[:3] {
					case "REJ":
						path = "/reject"
						key := anyReject
						if what == "REJECT_RECEIVED_PACKAGE" {
							key = reason(region, "reverse_reject_return_parcel_reason_1")
						}
						more = `,"reject_reason":"` + key + `"`
					case "APP", "KEE", "ISS", "OFF":
					default:
						r := w.control(t, "POST", "aftersales/"+id, `{"do":"`+what+`"}`, nil)
						return r == http.StatusOK, r
					}
					a := w.call(t, region, "POST", aftersale+"returns/"+id+path, "", `{"decision":"`+decision+`"`+more+`}`)
					return a.Code == 0, a.Code
				}
				fresh := func(state string) string {
					id := w.ask(t, w.placed(t, region, "", "DELIVERED", 1), ask)
					for _, what := range machine.reach[state] {
						if ok, code := act(id, what); !ok {
							t.Fatalf("%s: on the way: %s: %d", state, what, code)
						}
					}
					return id
				}
				for state := range machine.reach {
					// Whatever is refused leaves the request alone.
					id := fresh(state)
					before := w.returned(t, region, id)
					if real := machine.edges[state]; real == nil && len(before.Actions) > 0 {
						t.Errorf("%s waits for %v", state, before.Actions)
					}
					for _, what := range everything {
						if machine.edges[state][what] != "" {
							continue
						}
						if ok, _ := act(id, what); ok {
							t.Fatalf("%s: %s was accepted", state, what)
						}
						if after := w.returned(t, region, id); after.Status != before.Status || after.Arbitration != before.Arbitration {
							t.Fatalf("%s: %s was refused and left %s", state, what, after.Status)
						}
					}
					for what, next := range machine.edges[state] {
						id := fresh(state)
						if ok, code := act(id, what); !ok {
							t.Errorf("%s: %s: %d", state, what, code)
						}
						if got := w.returned(t, region, id).Status; got != next {
							t.Errorf("%s: %s leads to %s, not %s", state, what, got, next)
						}
					}
				}
			})
		}
	}
}

// TestReturnCodes tells the refusals of a seller's decision apart.
func TestReturnCodes(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	ask := func(what string, steps ...string) string {
		id := w.ask(t, w.placed(t, "US", "", "DELIVERED", 1), what)
		for _, step := range steps {
			if step[0] >= 'a' {
				w.do(t, id, step)
				continue
			}
			verb := "/approve"
			if step[:3] == "REJ" {
				verb = "/reject"
			}
			w.call(t, "US", "POST", aftersale+"returns/"+id+verb, "", step2body(step)).into(t, &struct{}{})
		}
		return id
	}
	for name, test := range map[string]struct {
		id, verb, body string
		code           int
	}{
		"unknown":                   {"1", "approve", step2body("APPROVE_REFUND"), 25007006},
		"no decision":               {ask("refund"), "approve", `{}`, invalid},
		"unknown decision":          {ask("refund"), "approve", step2body("APPROVE_EVERYTHING"), invalid},
		"decision of another type":  {ask("refund"), "approve", step2body("APPROVE_RETURN"), 25020004},
		"refusal of another type":   {ask("return"), "reject", step2body("REJECT_REFUND"), 25020004},
		"twice":                     {ask("refund", "APPROVE_REFUND"), "approve", step2body("APPROVE_REFUND"), 25011012},
		"taken back":                {ask("refund", "withdraw"), "approve", step2body("APPROVE_REFUND"), 25020009},
		"received too early":        {ask("return"), "approve", step2body("APPROVE_RECEIVED_PACKAGE"), 25011013},
		"refused too early":         {ask("return"), "reject", step2body("REJECT_RECEIVED_PACKAGE"), 25020012},
		"refused too late":          {ask("return", "APPROVE_RETURN", "ship", "APPROVE_RECEIVED_PACKAGE"), "reject", step2body("REJECT_RECEIVED_PACKAGE"), 25020011},
		"rejected too late":         {ask("refund", "APPROVE_REFUND"), "reject", step2body("REJECT_REFUND"), 25020010},
		"rejected when taken back":  {ask("refund", "withdraw"), "reject", step2body("REJECT_REFUND"), 25001003},
		"in arbitration":            {ask("refund", "REJECT_REFUND", "dispute"), "approve", step2body("APPROVE_REFUND"), 25011010},
		"rejected in arbitration":   {ask("refund", "REJECT_REFUND", "dispute"), "reject", step2body("REJECT_REFUND"), 25011010},
		"offer open":                {ask("refund", "OFFER_PARTIAL_REFUND"), "approve", step2body("APPROVE_REFUND"), 25007007},
		"offer too late":            {ask("refund", "APPROVE_REFUND"), "approve", step2body("OFFER_PARTIAL_REFUND"), 25011032},
		"offer without amount":      {ask("refund"), "approve", `{"decision":"OFFER_PARTIAL_REFUND"}`, invalid},
		"offer of all and more":     {ask("refund"), "approve", `{"decision":"OFFER_PARTIAL_REFUND","partial_refund":{"amount":"100000"}}`, 25005005},
		"offer in other money":      {ask("refund"), "approve", `{"decision":"OFFER_PARTIAL_REFUND","partial_refund":{"amount":"1","currency":"EUR"}}`, 25001001},
		"offer of nothing":          {ask("refund"), "approve", `{"decision":"OFFER_PARTIAL_REFUND","partial_refund":{"amount":"0"}}`, 25001001},
		"keep what is not returned": {ask("refund"), "approve", `{"decision":"APPROVE_REFUND","buyer_keep_item":true}`, 25001001},
		"reason of another refusal": {ask("return"), "reject", `{"decision":"REJECT_RETURN","reject_reason":"reverse_reject_return_parcel_reason_1"}`, 25001057},
		"reason of no refusal":      {ask("return"), "reject", `{"decision":"REJECT_RETURN","reject_reason":"package_lost"}`, 25001016},
		"withdrawn reason":          {ask("return"), "reject", `{"decision":"REJECT_RETURN","reject_reason":"reverse_reject_request_reason_1"}`, 25001020},
		"unknown reason":            {ask("return"), "reject", `{"decision":"REJECT_RETURN","reject_reason":"no"}`, 25001014},
		"no reason":                 {ask("return"), "reject", `{"decision":"REJECT_RETURN"}`, invalid},
		"image without id":          {ask("return"), "reject", `{"decision":"REJECT_RETURN","reject_reason":"no","images":[{}]}`, invalid},
	} {
		if a := w.call(t, "US", "POST", aftersale+"returns/"+test.id+"/"+test.verb, "", test.body); a.Code != test.code {
			t.Errorf("%s: code %d, want %d: %s", name, a.Code, test.code, a.Message)
		}
	}
}

// anyReject refuses refunds and returns in all markets.
const anyReject = "seller_reject_apply_reason_is_unclear_or_lack_of_evidence"

func step2body(step string) string {
	body := `{"decision":"` + step + `"`
	switch step {
	case "REJECT_REFUND", "REJECT_RETURN":
		body += `,"reject_reason":"` + anyReject + `"`
	case "REJECT_RECEIVED_PACKAGE":
		body += `,"reject_reason":"reverse_reject_return_parcel_reason_1"`
	case "OFFER_PARTIAL_REFUND":
		body += `,"partial_refund":{"amount":"0.5","currency":"USD"}`
	}
	return body + "}"
}

// TestWhoMayReturn asks sellers and buyers for refunds and returns of orders in
// every state.
func TestWhoMayReturn(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	for status, want := range map[string]struct {
		refund, goods int // the seller's codes
		buyerRefund   bool
	}{
		"UNPAID": {25001003, 25001003, false}, "ON_HOLD": {25001003, 25001003, false}, "AWAITING_SHIPMENT": {25001003, 25001003, false},
		"AWAITING_COLLECTION": {0, 25001003, true}, "IN_TRANSIT": {0, 25001003, true}, "DELIVERED": {0, 0, true},
		"COMPLETED": {25001051, 25001051, false}, "CANCELLED": {25001010, 25001010, false},
	} {
		for _, kind := range []string{"REFUND", "RETURN_AND_REFUND"} {
			key, code, first := "seller_shipped_refund_package_lost", want.refund, rSuccess
			if status == "DELIVERED" {
				key = "ecom_order_delivered_refund_reason_damaged_seller"
			}
			if kind == "RETURN_AND_REFUND" {
				key, code, first = "seller_ecom_delivered_return_refund_reason1", want.goods, rAwaiting
			}
			id := w.placed(t, "US", "", status, 1)
			a := w.call(t, "US", "POST", aftersale+"returns", "", `{"order_id":"`+id+`","return_type":"`+kind+`","return_reason":"`+key+`"}`)
			if a.Code != code {
				t.Errorf("seller's %s at %s: code %d, want %d: %s", kind, status, a.Code, code, a.Message)
			} else if code == 0 {
				var made struct {
					ID     string `json:"return_id"`
					Status string `json:"return_status"`
				}
				a.into(t, &made)
				if got := w.returned(t, "US", made.ID); made.Status != first || got.Role != "SELLER" || got.Type != kind {
					t.Errorf("seller's %s at %s: %+v, %+v", kind, status, made, got)
				}
			}
		}
		for _, ask := range []string{"refund", "return", "replace"} {
			answer := http.StatusConflict
			if status == "DELIVERED" || ask == "refund" && want.buyerRefund {
				answer = http.StatusCreated
			}
			w.steer(t, "POST", "orders/"+w.placed(t, "US", "", status, 1)+"/buyer", `{"ask":"`+ask+`"}`, answer)
		}
	}
	id := w.placed(t, "US", "", "DELIVERED", 2)
	for name, test := range map[string]struct {
		more string
		code int
	}{
		"too much":         {`,"refund_total":"99999"`, 25005005},
		"no amount":        {`,"refund_total":"lots"`, 25001001},
		"other money":      {`,"refund_total":"1","currency":"EUR"`, 25001001},
		"too many":         {`,"skus":[{"sku_id":"` + w.order(t, "US", id).LineItems[0].SKUID + `","quantity":3}]`, 25005011},
		"unknown line":     {`,"order_line_item_ids":["1"]`, 25005011},
		"unknown type":     {`,"return_type":"SWAP"`, invalid},
		"unknown shipment": {`,"shipment_type":"PIGEON"`, invalid},
		"unknown hand":     {`,"handover_method":"PIGEON"`, invalid},
		"wrong reason":     {`,"return_reason":"seller_shipped_refund_package_lost"`, 25001021},
		"buyer's reason":   {`,"return_reason":"ecom_order_delivered_refund_reason_defective"`, 25001015},
		"unknown order":    {`,"order_id":"1"`, 25020005},
		"no order":         {`,"order_id":""`, invalid},
		"no reason":        {`,"return_reason":""`, invalid},
	} {
		// The last of two equal members counts.
		body := `{"order_id":"` + id + `","return_type":"REFUND","return_reason":"ecom_order_delivered_refund_reason_damaged_seller"` + test.more + `}`
		if a := w.call(t, "US", "POST", aftersale+"returns", "", body); a.Code != test.code {
			t.Errorf("%s: code %d, want %d: %s", name, a.Code, test.code, a.Message)
		}
	}
}

// TestRefundsAddUp gives money back in parts until nothing is left.
func TestRefundsAddUp(t *testing.T) {
	t.Parallel()
	for _, region := range regions {
		w := newTradeWorld(t)
		id := w.placed(t, region, "", "DELIVERED", 2, 1)
		o := w.order(t, region, id)
		paid, sum := amount(t, o.Payment["total_amount"]), new(big.Rat)
		key := reason(region, "ecom_order_delivered_refund_reason_damaged_seller")
		calculated := func(more string) string {
			var got struct {
				Amount map[string]string `json:"order_refund_amount"`
			}
			w.call(t, region, "POST", aftersale+"refunds/calculate", "", `{"order_id":"`+id+`","request_type":"REFUND","reason_name":"`+key+`"`+more+`}`).into(t, &got)
			return got.Amount["refund_total"]
		}
		give := func(more string) returned {
			t.Helper()
			var made struct {
				ID string `json:"return_id"`
			}
			w.call(t, region, "POST", aftersale+"returns", "", `{"order_id":"`+id+`","return_type":"REFUND","return_reason":"`+key+`"`+more+`}`).into(t, &made)
			r := w.returned(t, region, made.ID)
			lines := new(big.Rat)
			for _, line := range r.Lines {
				lines.Add(lines, amount(t, line.Refund["refund_total"]))
			}
			if lines.Cmp(amount(t, r.Refund["refund_total"])) != 0 {
				t.Errorf("%s: the lines make up %s of %v", region, lines.FloatString(2), r.Refund)
			}
			sum.Add(sum, lines)
			w.advance(t, "10m")
			return r
		}
		if all := calculated(""); amount(t, all).Cmp(paid) != 0 {
			t.Errorf("%s: %s is refundable of %s", region, all, paid.FloatString(2))
		}
		one := `,"skus":[{"sku_id":"` + o.LineItems[0].SKUID + `","quantity":1}]`
		want := calculated(one)
		if r := give(one); r.Refund["refund_total"] != want || amount(t, want).Cmp(paid) >= 0 {
			t.Errorf("%s: refund %v, calculated %s", region, r.Refund, want)
		}
		give(`,"order_line_item_ids":["` + o.LineItems[2].ID + `"],"refund_total":"1"`)
		if got := w.order(t, region, id).Status; got != "DELIVERED" {
			t.Errorf("%s: partly refunded order is %s", region, got)
		}
		open := w.ask(t, id, "refund", `,"order_line_item_ids":["`+o.LineItems[1].ID+`"]`)
		a := w.call(t, region, "POST", aftersale+"returns", "", `{"order_id":"`+id+`","return_type":"REFUND","return_reason":"`+key+`","order_line_item_ids":["`+o.LineItems[1].ID+`"]}`)
		if a.Code != 25001011 {
			t.Errorf("%s: refund beside a request: code %d", region, a.Code)
		}
		w.do(t, open, "withdraw")
		give("")
		if sum.Cmp(paid) != 0 {
			t.Errorf("%s: %s paid back of %s", region, sum.FloatString(2), paid.FloatString(2))
		}
		if got := w.order(t, region, id).Status; got != "COMPLETED" {
			t.Errorf("%s: refunded order is %s", region, got)
		}
		if left := calculated(""); amount(t, left).Sign() != 0 {
			t.Errorf("%s: %s left", region, left)
		}
	}
}

// TestFullRefundCompletes gives everything back of orders on their way.
func TestFullRefundCompletes(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	for _, status := range []string{"AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED"} {
		id := w.placed(t, "GB", "", status, 1)
		r := w.ask(t, id, "refund")
		w.call(t, "GB", "POST", aftersale+"returns/"+r+"/approve", "", `{"decision":"APPROVE_REFUND"}`).into(t, &struct{}{})
		if got := w.order(t, "GB", id).Status; got != status {
			t.Errorf("%s before the money: %s", status, got)
		}
		w.advance(t, "10m")
		if got := w.order(t, "GB", id).Status; got != "COMPLETED" {
			t.Errorf("%s after the money: %s", status, got)
		}
	}
	// A refund of what is overdue needs nobody.
	id := w.placed(t, "GB", "", "IN_TRANSIT", 1)
	w.advance(t, "481h")
	if got := w.returned(t, "GB", w.ask(t, id, "refund")); got.Status != rSuccess {
		t.Errorf("overdue: %s", got.Status)
	}
}

// TestCompletionWaits lets an order stay delivered while a request is open.
func TestCompletionWaits(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	alone, asked := w.placed(t, "US", "", "DELIVERED", 1), w.placed(t, "US", "", "DELIVERED", 1)
	w.advance(t, "359h")
	r := w.ask(t, asked, "return")
	w.steer(t, "POST", "orders/"+asked+"/move", `{"to":"COMPLETED"}`, http.StatusConflict)
	w.advance(t, "1h")
	if one, two := w.order(t, "US", alone).Status, w.order(t, "US", asked).Status; one != "COMPLETED" || two != "DELIVERED" {
		t.Errorf("orders are %s and %s", one, two)
	}
	w.do(t, r, "withdraw")
	if got := w.order(t, "US", asked).Status; got != "COMPLETED" {
		t.Errorf("order is %s", got)
	}
}

// TestReplacement sends goods again.
func TestReplacement(t *testing.T) {
	t.Parallel()
	for _, region := range regions {
		w := newTradeWorld(t)
		w.advance(t, "720h") // the orders of the seed have come to rest
		id := w.placed(t, region, "", "DELIVERED", 1)
		o := w.order(t, region, id)
		before := w.inventory(t, region, `{"sku_ids":["`+o.LineItems[0].SKUID+`"]}`)[o.LineItems[0].SKUID].Available
		r := w.ask(t, id, "replace")
		w.advance(t, "24h")
		var made order
		for _, other := range w.walk(t, region, "page_size=100", `{"buyer_user_id":"`+o.UserID+`"}`) {
			if other.Replaces == id {
				made = other
			}
		}
		if amount(t, made.Payment["total_amount"]).Sign() != 0 || made.LineItems[0].SKUID != o.LineItems[0].SKUID || made.CreateTime != w.now.Unix() {
			t.Errorf("%s: replacement %+v", region, made)
		}
		if after := w.inventory(t, region, `{"sku_ids":["`+o.LineItems[0].SKUID+`"]}`)[o.LineItems[0].SKUID].Available; after != before-1 {
			t.Errorf("%s: stock went from %d to %d", region, before, after)
		}
		if got := w.returned(t, region, r).Status; got != pComplete {
			t.Errorf("%s: request is %s", region, got)
		}
		// Without goods there is money.
		id = w.placed(t, region, "", "DELIVERED", 1)
		o = w.order(t, region, id)
		r = w.ask(t, id, "replace")
		w.empty(t, region, o.LineItems[0].ProductID, o.LineItems[0].SKUID)
		a := w.call(t, region, "POST", aftersale+"returns/"+r+"/approve", "", `{"decision":"APPROVE_REPLACEMENT"}`)
		if a.Code != 25001044 {
			t.Errorf("%s: replaced without stock: code %d", region, a.Code)
		}
		w.advance(t, "24h")
		if got := w.returned(t, region, r); got.Status != pRefund || got.Refund["refund_total"] != o.Payment["total_amount"] {
			t.Errorf("%s: request %+v", region, got)
		}
		if got := w.order(t, region, id).Status; got != "COMPLETED" {
			t.Errorf("%s: order is %s", region, got)
		}
	}
}

// empty sets the stock of a SKU to nothing.
func (w *world) empty(t testing.TB, region, product, sku string) {
	t.Helper()
	var got struct {
		Inventory []struct {
			SKUs []struct {
				Places []struct {
					WarehouseID string `json:"warehouse_id"`
				} `json:"warehouse_inventory"`
			} `json:"skus"`
		}
	}
	w.call(t, region, "POST", "/product/202309/inventory/search", "", `{"sku_ids":["`+sku+`"]}`).into(t, &got)
	places := ""
	for i, at := range got.Inventory[0].SKUs[0].Places {
		if i > 0 {
			places += ","
		}
		places += fmt.Sprintf(`{"warehouse_id":%q,"quantity":0}`, at.WarehouseID)
	}
	var data struct{ Errors []any }
	w.call(t, region, "POST", productsPath+"/"+product+"/inventory/update", "", `{"skus":[{"id":"`+sku+`","inventory":[`+places+`]}]}`).into(t, &data)
	if len(data.Errors) > 0 {
		t.Fatal(data.Errors)
	}
}

// TestIdempotencyKeys repeats decisions.
func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	id := w.placed(t, "US", "", "DELIVERED", 1)
	body := `{"order_id":"` + id + `","return_type":"REFUND","return_reason":"ecom_order_delivered_refund_reason_damaged_seller"}`
	create := func(key string) *answer {
		return w.call(t, "US", "POST", aftersale+"returns", "idempotency_key="+key, body)
	}
	first, again, other := create("k1"), create("k1"), create("k2")
	if first.Code != 0 || string(first.Data) != string(again.Data) || other.Code != 25001011 {
		t.Errorf("first %s, again %s, with another key %d", first.Data, again.Data, other.Code)
	}
	if a := create(url.QueryEscape(string(make([]byte, 256)))); a.Code != invalid {
		t.Errorf("long key: code %d", a.Code)
	}
	c := w.ask(t, w.placed(t, "US", "", "AWAITING_SHIPMENT", 1), "cancel")
	for i, want := range []int{0, 0, 25011012} {
		key := "idempotency_key=k"
		if i == 2 {
			key = "idempotency_key=other"
		}
		if a := w.call(t, "US", "POST", aftersale+"cancellations/"+c+"/approve", key, ""); a.Code != want {
			t.Errorf("try %d: code %d, want %d", i, a.Code, want)
		}
	}
}

// TestAfterSalePages walks the lists.
func TestAfterSalePages(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	for path, list := range map[string]string{"cancellations/search": "cancellations", "returns/search": "return_orders"} {
		walk := func(query string) (ids []string) {
			for token := ""; ; {
				var page map[string]any
				w.call(t, "GB", "POST", aftersale+path, query+"&page_token="+url.QueryEscape(token), "").into(t, &page)
				for _, item := range page[list].([]any) {
					for _, key := range []string{"cancel_id", "return_id"} {
						if id, ok := item.(map[string]any)[key]; ok {
							ids = append(ids, id.(string))
						}
					}
				}
				if token = page["next_page_token"].(string); token == "" {
					if len(ids) != int(page["total_count"].(float64)) {
						t.Errorf("%s: %d of %v", path, len(ids), page["total_count"])
					}
					return ids
				}
			}
		}
		up, down := walk("page_size=50"), walk("page_size=10&sort_order=DESC")
		if len(up) != len(down) || len(up) < 5 || up[0] != down[len(down)-1] {
			t.Errorf("%s: %d up, %d down", path, len(up), len(down))
		}
		if n := len(walk("sort_field=update_time")); n != len(up) {
			t.Errorf("%s: %d by update", path, n)
		}
		sizes := map[string]int{"51": 98001004, "0": 98001004, "x": invalid, "10": 0}
		if list == "return_orders" {
			sizes["9"] = 98001004
		} else {
			sizes["1"] = 0
		}
		for size, code := range sizes {
			if a := w.call(t, "GB", "POST", aftersale+path, "page_size="+size, ""); a.Code != code {
				t.Errorf("%s: page_size %s: code %d, want %d", path, size, a.Code, code)
			}
		}
	}
	var got struct{ Cancellations []cancellation }
	for _, spelling := range []string{"CANCELLATION_REQUEST_CANCEL", "CANCELLATION_REQUEST_CANCELLED"} {
		id := w.placed(t, "GB", "", "AWAITING_SHIPMENT", 1)
		w.do(t, w.ask(t, id, "cancel"), "withdraw")
		w.call(t, "GB", "POST", aftersale+"cancellations/search", "", `{"order_ids":["`+id+`"],"cancel_status":["`+spelling+`"]}`).into(t, &got)
		if len(got.Cancellations) != 1 || got.Cancellations[0].Status != "CANCELLATION_REQUEST_CANCELLED" {
			t.Errorf("%s: %+v", spelling, got)
		}
	}
}

// TestEligibility asks what could be asked for.
func TestEligibility(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	for status, want := range map[string][3]bool{ // CANCEL, refund, return
		"UNPAID": {true, false, false}, "AWAITING_SHIPMENT": {true, false, false}, "IN_TRANSIT": {false, true, false},
		"DELIVERED": {false, true, true}, "COMPLETED": {false, false, false},
	} {
		id := w.placed(t, "US", "", status, 2, 1)
		var got struct {
			SKUs []struct {
				Lines []struct {
					Type    string   `json:"request_type"`
					OK      bool     `json:"eligible"`
					Code    int      `json:"ineligible_code"`
					Lines   []string `json:"order_line_items_ids"`
					Reasons []string `json:"available_reason_names"`
				} `json:"line_item_eligibility"`
			} `json:"sku_eligibility"`
		}
		w.call(t, "US", "GET", "/return_refund/202512/orders/"+id+"/aftersale_eligibility", "initiate_aftersale_user=BUYER", "").into(t, &got)
		if len(got.SKUs) != 2 {
			t.Fatalf("%+v", got)
		}
		for i, kind := range []string{"CANCEL", "RETURN", "RETURN_AND_REFUND"} {
			at := got.SKUs[0].Lines[i]
			if at.Type != kind || at.OK != want[i] || (at.Code == 0) != want[i] || len(at.Lines) != 2 || want[i] != (len(at.Reasons) > 0) {
				t.Errorf("%s: %s: %+v", status, kind, at)
			}
		}
	}
	id := w.place(t, "US", "", 1)
	for query, code := range map[string]int{"initiate_aftersale_user=CARRIER": invalid, "request_types=SWAP": invalid, "request_types=CANCEL": 0} {
		if a := w.call(t, "US", "GET", "/return_refund/202512/orders/"+id+"/aftersale_eligibility", query, ""); a.Code != code {
			t.Errorf("%s: code %d", query, a.Code)
		}
	}
}
