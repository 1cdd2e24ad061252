package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// The helpers here act on orders as the world beyond the API does.

// newTradeWorld returns a sandbox whose tokens outlive every deadline.
func newTradeWorld(t testing.TB) *world {
	t.Helper()
	return newWorld(t, func(c *sandbox.Config) { c.AccessTokenTTL = 10 * 365 * 24 * time.Hour })
}

// offers returns SKUs of a region that have stock.
func (w *world) offers(t testing.TB, region string, count int) []skuView {
	t.Helper()
	var list []skuView
	for _, p := range w.products(t, region, "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`) {
		for _, s := range p.SKUs {
			stock := int64(0)
			for _, at := range s.Inventory {
				stock = max(stock, at.Quantity)
			}
			if stock >= 20 {
				list = append(list, s)
				break
			}
		}
		if len(list) == count {
			return list
		}
	}
	t.Fatalf("%s: fewer than %d SKUs with stock", region, count)
	return nil
}

// placing is an order that a test places.
type placing struct {
	ShopID       string       `json:"shop_id"`
	Lines        []placedLine `json:"lines"`
	BuyerID      string       `json:"buyer_user_id,omitempty"`
	ShippingType string       `json:"shipping_type,omitempty"`
}

type placedLine struct {
	SKUID    string `json:"sku_id"`
	Quantity int    `json:"quantity"`
}

// place places an order of so many units of each of the first SKUs with stock.
func (w *world) place(t testing.TB, region, shippingType string, quantities ...int) string {
	t.Helper()
	p := placing{ShopID: w.shop(region).ID, ShippingType: shippingType}
	for i, s := range w.offers(t, region, len(quantities)) {
		p.Lines = append(p.Lines, placedLine{s.ID, quantities[i]})
	}
	return w.placeAs(t, p)
}

func (w *world) placeAs(t testing.TB, p placing) string {
	t.Helper()
	body, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var made struct {
		OrderID string `json:"order_id"`
	}
	decode(t, w.steer(t, "POST", "orders", string(body), http.StatusCreated), &made)
	return made.OrderID
}

func decode(t testing.TB, raw []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("%v: %.200s", err, raw)
	}
}

// move takes an order to a state.
func (w *world) move(t testing.TB, id, to string) {
	t.Helper()
	var got struct{ Status string }
	decode(t, w.steer(t, "POST", "orders/"+id+"/move", `{"to":"`+to+`"}`, http.StatusOK), &got)
	if got.Status != to {
		t.Fatalf("order %s moved to %s, not %s", id, got.Status, to)
	}
}

// placed places an order and takes it to a state.
func (w *world) placed(t testing.TB, region, shippingType, status string, quantities ...int) string {
	t.Helper()
	id := w.place(t, region, shippingType, quantities...)
	if status != "UNPAID" {
		w.move(t, id, status)
	}
	return id
}

// ask is a buyer who asks for something. It returns the id of the request.
func (w *world) ask(t testing.TB, order, what string, more ...string) string {
	t.Helper()
	body := `{"ask":"` + what + `"` + strings.Join(more, "") + `}`
	var got struct{ ID, Status string }
	decode(t, w.steer(t, "POST", "orders/"+order+"/buyer", body, http.StatusCreated), &got)
	return got.ID
}

// do is what somebody else does about a request. It returns the new state.
func (w *world) do(t testing.TB, request, step string) string {
	t.Helper()
	var got struct{ Status string }
	decode(t, w.steer(t, "POST", "aftersales/"+request, `{"do":"`+step+`"}`, http.StatusOK), &got)
	return got.Status
}

// order reads an order.
func (w *world) order(t testing.TB, region, id string) order {
	t.Helper()
	var got struct{ Orders []order }
	w.call(t, region, "GET", "/order/202309/orders", "ids="+id, "").into(t, &got)
	if len(got.Orders) != 1 {
		t.Fatalf("%d orders have the id %s", len(got.Orders), id)
	}
	return got.Orders[0]
}

// advance moves the clock.
func (w *world) advance(t testing.TB, duration string) {
	t.Helper()
	var got struct{ Now int64 }
	decode(t, w.steer(t, "POST", "clock", `{"advance":"`+duration+`"}`, http.StatusOK), &got)
	w.now = time.Unix(got.Now, 0)
}

type cancellation struct {
	ID       string `json:"cancel_id"`
	OrderID  string `json:"order_id"`
	Type     string `json:"cancel_type"`
	Status   string `json:"cancel_status"`
	Role     string
	Reason   string            `json:"cancel_reason"`
	Refund   map[string]string `json:"refund_amount"`
	Created  int64             `json:"create_time"`
	Updated  int64             `json:"update_time"`
	Lines    []struct{}        `json:"cancel_line_items"`
	Deadline []struct {
		Action   string
		Deadline int64
	} `json:"seller_next_action_response"`
}

// cancellations reads the cancellations of an order.
func (w *world) cancellations(t testing.TB, region, order string) []cancellation {
	t.Helper()
	var got struct{ Cancellations []cancellation }
	w.call(t, region, "POST", "/return_refund/202309/cancellations/search", "", `{"order_ids":["`+order+`"]}`).into(t, &got)
	return got.Cancellations
}

type returned struct {
	ID          string `json:"return_id"`
	OrderID     string `json:"order_id"`
	Type        string `json:"return_type"`
	Status      string `json:"return_status"`
	Role        string
	Arbitration string            `json:"arbitration_status"`
	Refund      map[string]string `json:"refund_amount"`
	Partial     struct{ Amount string }
	Rejected    bool   `json:"buyer_rejected_partial_refund"`
	Method      string `json:"return_method"`
	Tracking    string `json:"return_tracking_number"`
	Lines       []struct {
		Refund map[string]string `json:"refund_amount"`
	} `json:"return_line_items"`
	Actions []struct {
		Action   string
		Deadline int64
	} `json:"seller_next_action_response"`
}

// returned reads a return.
func (w *world) returned(t testing.TB, region, id string) returned {
	t.Helper()
	var got struct {
		Returns []returned `json:"return_orders"`
	}
	w.call(t, region, "POST", "/return_refund/202309/returns/search", "", `{"return_ids":["`+id+`"]}`).into(t, &got)
	if len(got.Returns) != 1 {
		t.Fatalf("%d returns have the id %s", len(got.Returns), id)
	}
	return got.Returns[0]
}

const (
	fulfillment = "/fulfillment/202309/"
	aftersale   = "/return_refund/202309/"
)

// reason returns a key that a seller may give in a region.
func reason(region, key string) string {
	if region == "GB" {
		return key + "_uk"
	}
	return key
}

const parcelSize = `"weight":{"value":"500","unit":"GRAM"},"dimension":{"length":"20","width":"15","height":"10","unit":"CM"}`

// Shipping providers of the regions.
var providers = map[string]string{"US": "7117858858072016686", "GB": "6965790118209833730", "VN": "6841743441349706241", "BR": "7336145010211432198"}

func selfShipment(region, number string) string {
	return fmt.Sprintf(`{"shipping_provider_id":%q,"tracking_number":%q}`, providers[region], number)
}

// trade makes every operation of orders, packages and requests answer once.
func (w *world) trade(t *testing.T, check func(region, method, path, query, body string)) {
	t.Helper()
	us := w.placed(t, "US", "TIKTOK", "AWAITING_SHIPMENT", 2, 1)
	check("US", "GET", "/order/202407/orders/"+us+"/price_detail", "", "")
	line := w.order(t, "US", us).LineItems[0].ID
	check("US", "POST", "/order/202406/orders/external_orders", "", `{"orders":[{"id":"`+us+`","external_order":{"id":"A1","platform":"SHOPIFY","line_items":[{"id":"1","origin_id":"`+line+`"}]}},
		{"id":"1","external_order":{"id":"A2","platform":"SHOPIFY","line_items":[{"id":"1","origin_id":"2"}]}}]}`)
	check("US", "GET", "/order/202406/orders/"+us+"/external_orders", "platform=SHOPIFY", "")
	check("US", "POST", "/order/202406/orders/external_order_search", "platform=SHOPIFY&external_order_id=A1", "")
	check("US", "POST", fulfillment+"orders/"+us+"/shipping_services/query", "", `{`+parcelSize+`}`)
	check("US", "GET", fulfillment+"orders/"+us+"/handover_time_slots", "", "")
	check("US", "POST", fulfillment+"packages", "", `{"order_id":"`+us+`","order_line_item_ids":["`+line+`"],`+parcelSize+`}`)
	check("US", "POST", "/fulfillment/202512/packages", "", `{"order_id":"`+us+`",`+parcelSize+`}`)
	packages := w.order(t, "US", us).Packages
	check("US", "GET", fulfillment+"packages/"+packages[0].ID, "", "")
	check("US", "GET", fulfillment+"packages/"+packages[0].ID+"/shipping_documents", "document_type=SHIPPING_LABEL", "")
	check("US", "GET", fulfillment+"packages/"+packages[0].ID+"/handover_time_slots", "", "")
	check("US", "POST", fulfillment+"packages/schedule", "", `{"order_id":"`+w.placed(t, "US", "TIKTOK", "AWAITING_SHIPMENT", 1)+`","handover_method":"DROP_OFF"}`)
	check("US", "GET", fulfillment+"orders/"+us+"/tracking", "", "")
	check("US", "POST", "/fulfillment/202407/bundles", "", `{"order_ids":["`+us+`","1"],"handover_method":"PICKUP"}`)
	check("US", "POST", "/fulfillment/202510/first_mile_bundle", "", `{"order_ids":["`+us+`","1"],"handover_method":"PICKUP"}`)
	own := w.placed(t, "US", "SELLER", "AWAITING_SHIPMENT", 1)
	check("US", "POST", fulfillment+"orders/"+own+"/packages", "", selfShipment("US", "9400111"))
	check("US", "POST", fulfillment+"orders/"+own+"/shipping_info/update", "", selfShipment("US", "9400112"))
	check("US", "GET", "/fulfillment/202508/tts_tracking_validation", "tracking_number=9400112", "")
	own = w.placed(t, "US", "SELLER", "AWAITING_COLLECTION", 1)
	check("US", "POST", fulfillment+"packages/"+w.order(t, "US", own).Packages[0].ID+"/shipping_info/update", "", selfShipment("US", "9400113"))

	vn := w.placed(t, "VN", "", "AWAITING_SHIPMENT", 1, 1)
	buyer := w.order(t, "VN", vn).UserID
	check("VN", "GET", fulfillment+"orders/split_attributes", "order_ids="+vn, "")
	lines := w.order(t, "VN", vn).LineItems
	check("VN", "POST", fulfillment+"orders/"+vn+"/split", "", fmt.Sprintf(`{"splittable_groups":[{"id":"1","order_line_item_ids":[%q]},{"id":"2","order_line_item_ids":[%q]}]}`, lines[0].ID, lines[1].ID))
	check("VN", "POST", fulfillment+"packages/"+w.order(t, "VN", vn).Packages[0].ID+"/ship", "", `{}`)
	check("VN", "POST", fulfillment+"packages/ship", "", `{"packages":[{"id":"`+w.order(t, "VN", vn).Packages[1].ID+`"},{"id":"1"}]}`)
	sku := w.offers(t, "VN", 1)[0].ID
	for range 2 {
		w.move(t, w.placeAs(t, placing{ShopID: w.shop("VN").ID, BuyerID: buyer, ShippingType: "SELLER", Lines: []placedLine{{sku, 1}}}), "AWAITING_SHIPMENT")
	}
	check("VN", "GET", fulfillment+"combinable_packages/search", "page_size=50", "")
	check("VN", "POST", fulfillment+"packages/combine", "", `{"combinable_packages":[{"id":"`+w.combinable(t, "VN", buyer)+`"},{"id":"1"}]}`)
	whole := w.orderOf(t, "VN", buyer, "COMBINED").Packages[0].ID
	check("VN", "POST", fulfillment+"packages/"+whole+"/uncombine", "", "{}")
	check("VN", "POST", fulfillment+"packages/deliver", "", `{"packages":[{"id":"1","delivery_type":"DELIVERY_SUCCESS"}]}`)

	for _, region := range regions {
		check(region, "POST", fulfillment+"packages/search", "page_size=50", "")
		check(region, "GET", "/order/202507/orders", "ids="+w.placed(t, region, "", "DELIVERED", 1, 2), "")
		seller := reason(region, "seller_cancel_reason_out_of_stock")
		check(region, "POST", aftersale+"cancellations", "", `{"order_id":"`+w.placed(t, region, "", "AWAITING_SHIPMENT", 1)+`","cancel_reason":"`+seller+`"}`)
		order := w.placed(t, region, "", "AWAITING_SHIPMENT", 1)
		check(region, "GET", aftersale+"orders/"+order+"/aftersale_eligibility", "", "")
		check(region, "GET", "/return_refund/202512/orders/"+order+"/aftersale_eligibility", "initiate_aftersale_user=BUYER", "")
		check(region, "POST", aftersale+"refunds/calculate", "", `{"order_id":"`+order+`","request_type":"CANCEL","reason_name":"`+seller+`"}`)
		cancel := w.ask(t, order, "cancel")
		check(region, "POST", aftersale+"cancellations/search", "page_size=50", "")
		check(region, "GET", aftersale+"reject_reasons", "return_or_cancel_id="+cancel, "")
		check(region, "POST", aftersale+"cancellations/"+cancel+"/reject", "", `{"reject_reason":"seller_reject_apply_product_has_been_packed"}`)
		check(region, "POST", aftersale+"cancellations/"+w.ask(t, order, "cancel")+"/approve", "", "")

		order = w.placed(t, region, "", "DELIVERED", 1, 1)
		check(region, "GET", "/return_refund/202512/orders/"+order+"/aftersale_eligibility", "initiate_aftersale_user=BUYER", "")
		refund := w.ask(t, order, "refund")
		check(region, "POST", aftersale+"returns/"+refund+"/approve", "", `{"decision":"OFFER_PARTIAL_REFUND","partial_refund":{"amount":"1","currency":"`+w.currency(region)+`"}}`)
		check(region, "POST", aftersale+"returns/search", "page_size=50", "")
		w.do(t, refund, "reject_offer")
		check(region, "POST", aftersale+"returns/"+refund+"/reject", "", `{"decision":"REJECT_REFUND","reject_reason":"`+anyReject+`","comment":"No","images":[{"image_id":"x"}]}`)
		check(region, "GET", aftersale+"returns/"+refund+"/records", "", "")
		back := w.ask(t, w.placed(t, region, "", "DELIVERED", 1), "return")
		check(region, "POST", aftersale+"returns/"+back+"/approve", "", `{"decision":"APPROVE_RETURN"}`)
		w.do(t, back, "ship")
		check(region, "POST", aftersale+"returns/search", "page_size=50&sort_order=DESC", "")
		order = w.placed(t, region, "", "DELIVERED", 1)
		w.do(t, w.ask(t, order, "replace"), "withdraw")
		check(region, "POST", aftersale+"returns", "", `{"order_id":"`+order+`","return_type":"REFUND","return_reason":"`+reason(region, "ecom_order_delivered_refund_reason_wrong_product_seller")+`"}`)
	}
}

func (w *world) currency(region string) string {
	return map[string]string{"US": "USD", "GB": "GBP", "VN": "VND", "BR": "BRL"}[region]
}

// combinable returns the id of the packages of a buyer that may become one.
func (w *world) combinable(t testing.TB, region, buyer string) string {
	t.Helper()
	var got struct {
		Packages []struct {
			ID     string
			Orders []string `json:"order_ids"`
		} `json:"combinable_packages"`
	}
	w.call(t, region, "GET", fulfillment+"combinable_packages/search", "page_size=50", "").into(t, &got)
	for _, g := range got.Packages {
		if w.order(t, region, g.Orders[0]).UserID == buyer {
			return g.ID
		}
	}
	t.Fatalf("nothing to combine in %+v", got)
	return ""
}

// orderOf returns an order of a buyer that is split or combined.
func (w *world) orderOf(t testing.TB, region, buyer, tag string) order {
	t.Helper()
	all := w.walk(t, region, "page_size=100", `{"buyer_user_id":"`+buyer+`"}`)
	at := slices.IndexFunc(all, func(o order) bool { return o.Tag == tag })
	if at < 0 {
		t.Fatalf("no order of %s is %s", buyer, tag)
	}
	return all[at]
}
