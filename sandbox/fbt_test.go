package sandbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// fbtGood is a good as the search shows it.
type fbtGood struct {
	ID        string
	Name      string
	Reference string `json:"reference_code"`
	SKUs      []struct {
		ID      string
		Matched bool
		Product struct{ ID string }
	} `json:"skus"`
	Confirmed *struct{} `json:"warehouse_confirmation_info"`
}

func (w *world) goods(t testing.TB, region, filter string) []fbtGood {
	t.Helper()
	var list struct{ Goods []fbtGood }
	w.call(t, region, "POST", "/fbt/202409/goods/search", "page_size=100", filter).into(t, &list)
	return list.Goods
}

// fbtStock is the stock of a good in all warehouses.
type fbtStock struct{ total, reserved, available, defective, transit int64 }

func (w *world) fbtStock(t testing.TB, region, good string) (sum fbtStock) {
	t.Helper()
	var list struct {
		Inventory []struct {
			Goods struct {
				ID   string
				SKUs []struct{ ID string } `json:"skus"`
			}
			Transit int64            `json:"in_transit_quantity"`
			OnHand  map[string]int64 `json:"on_hand_detail"`
		}
	}
	w.call(t, region, "POST", "/fbt/202408/inventory/search", "page_size=100", fmt.Sprintf(`{"goods_ids":[%q]}`, good)).into(t, &list)
	for _, at := range list.Inventory {
		if at.Goods.ID != good {
			t.Fatalf("asked for %s, got %s", good, at.Goods.ID)
		}
		sum.total += at.OnHand["total_quantity"]
		sum.reserved += at.OnHand["reserved_quantity"]
		sum.available += at.OnHand["available_quantity"]
		sum.defective += at.OnHand["unfulfillable_quantity"]
		sum.transit += at.Transit
	}
	if sum.available != sum.total-sum.reserved {
		t.Errorf("stock %+v does not add up", sum)
	}
	return sum
}

type fbtInbound struct {
	ID       string
	Arrived  int64 `json:"actual_arrive_time"`
	Expected int64 `json:"expect_arrive_time"`
	Log      []struct {
		Status string `json:"order_status"`
		Time   int64  `json:"operate_time"`
	} `json:"order_operation_logs"`
	Planned []struct {
		ID       string
		Quantity int64
	} `json:"planned_goods"`
	Batches []struct {
		GoodsID   string `json:"goods_id"`
		Normal    int64  `json:"normal_quantity"`
		Defective int64  `json:"defective_quantity"`
	} `json:"received_batches"`
}

func (w *world) fbtInbound(t testing.TB, region, id string) fbtInbound {
	t.Helper()
	var list struct {
		Orders []fbtInbound `json:"inbound_orders"`
	}
	w.call(t, region, "GET", "/fbt/202409/inbound_orders", "ids="+id+",1", "").into(t, &list)
	if len(list.Orders) != 1 || list.Orders[0].ID != id {
		t.Fatalf("inbound order %s: %+v", id, list)
	}
	return list.Orders[0]
}

func (w *world) inbound(t testing.TB, region, good string, quantity int) string {
	t.Helper()
	var made struct{ ID string }
	decode(t, w.steer(t, "POST", "fbt/inbound_orders", fmt.Sprintf(`{"shop_id":%q,"goods":[{"id":%q,"quantity":%d}]}`, w.shop(region).ID, good, quantity), http.StatusCreated), &made)
	return made.ID
}

func (w *world) moveInbound(t testing.TB, id, to, more string, status int) {
	t.Helper()
	w.steer(t, "POST", "fbt/inbound_orders/"+id, `{"to":"`+to+`"`+more+`}`, status)
}

// An inbound order goes through its states by hand and by itself; what is counted
// in is on hand, is recorded, and is told of.
func TestFBTInbound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := w.goods(t, "US", "")[0]
	before := w.fbtStock(t, "US", good.ID)
	id := w.inbound(t, "US", good.ID, 30)
	if got := w.fbtStock(t, "US", good.ID); got != before {
		t.Errorf("announced stock is there: %+v, before %+v", got, before)
	}
	r := newReceiver(t, w)
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[21,24]}`, r.URL), http.StatusOK)
	w.moveInbound(t, id, "RECEIVED", "", http.StatusConflict)
	w.moveInbound(t, id, "READY_TO_SHIP", "", http.StatusOK)
	w.moveInbound(t, id, "TO_BE_RECEIVED", "", http.StatusOK)
	if got := r.next(t); got.Type != 21 || got.Data["inbound_order_id"] != "IBR"+id || got.Data["order_status"] != "TO_BE_RECEIVED" || got.SellerOpenID == "" {
		t.Errorf("announced %+v", got)
	}
	if got := w.fbtStock(t, "US", good.ID); got.transit != before.transit+30 {
		t.Errorf("on its way: %+v, before %+v", got, before)
	}
	w.moveInbound(t, id, "ARRIVED_HUB", "", http.StatusOK)
	if got := r.next(t); got.Data["order_status"] != "ARRIVE_HUB" {
		t.Errorf("announced %+v", got)
	}
	w.moveInbound(t, id, "RECEIVING", "", http.StatusOK)
	r.next(t)
	w.moveInbound(t, id, "PARTIALLY_RECEIVED", fmt.Sprintf(`,"received":[{"id":%q,"normal":20,"defective":20}]`, good.ID), http.StatusConflict)
	w.moveInbound(t, id, "PARTIALLY_RECEIVED", "", http.StatusConflict)
	w.moveInbound(t, id, "PARTIALLY_RECEIVED", fmt.Sprintf(`,"received":[{"id":%q,"normal":20,"defective":1}]`, good.ID), http.StatusOK)
	told := map[int]map[string]any{} // in any order
	for range 2 {
		got := r.next(t)
		told[got.Type] = got.Data
	}
	if told[21]["order_status"] != "PARTIALLY_RECEIVED" || told[24]["goods_id"] != good.ID || told[24]["sku_id"] != good.SKUs[0].ID {
		t.Errorf("announced %+v", told)
	}
	if got := w.fbtStock(t, "US", good.ID); got != (fbtStock{before.total + 20, before.reserved, before.available + 20, before.defective + 1, before.transit + 9}) {
		t.Errorf("part is in: %+v, before %+v", got, before)
	}
	w.advance(t, "60h") // the rest is counted
	o := w.fbtInbound(t, "US", id)
	if last := o.Log[len(o.Log)-1]; last.Status != "RECEIVED" || len(o.Batches) != 2 || o.Batches[1].Normal != 9 || o.Arrived == 0 {
		t.Errorf("%+v", o)
	}
	if got := w.fbtStock(t, "US", good.ID); got.total != before.total+29 || got.transit != before.transit {
		t.Errorf("all is in: %+v, before %+v", got, before)
	}
	var records struct {
		Records []struct {
			Kind  string `json:"inventory_goods_type"`
			By    int64  `json:"changed_quantity"`
			From  int64  `json:"initial_on_hand_quantity"`
			To    int64  `json:"final_on_hand_quantity"`
			Order struct{ ID, Type string }
		} `json:"inventory_records"`
		Total int `json:"total_count"`
	}
	w.call(t, "", "POST", "/fbt/202410/inventory_records/search", "page_size=3", fmt.Sprintf(`{"goods_ids":[%q]}`, good.ID)).into(t, &records)
	var kinds []string
	for _, r := range records.Records {
		if r.To-r.From != r.By || r.Order.ID != id || r.Order.Type != "INBOUND_ORDER" {
			t.Errorf("record %+v", r)
		}
		kinds = append(kinds, fmt.Sprint(r.Kind, " ", r.By))
	}
	if want := []string{"NORMAL 9", "DEFECTIVE 1", "NORMAL 20"}; !slices.Equal(kinds, want) || records.Total <= 3 {
		t.Errorf("records %v of %d, want %v of more", kinds, records.Total, want)
	}
}

// An inbound order that is sent comes by itself, day after day.
func TestFBTInboundComes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.AccessTokenTTL = 90 * 24 * time.Hour })
	good := w.goods(t, "US", "")[1]
	id := w.inbound(t, "US", good.ID, 5)
	w.moveInbound(t, id, "READY_TO_SHIP", "", http.StatusOK)
	w.advance(t, "100h")
	if o := w.fbtInbound(t, "US", id); len(o.Log) != 2 {
		t.Errorf("the seller sends nothing, and it moves: %+v", o)
	}
	w.moveInbound(t, id, "TO_BE_RECEIVED", "", http.StatusOK)
	state := w.Snapshot()
	w.advance(t, "30h")
	if err := w.Restore(state); err != nil {
		t.Fatal(err)
	}
	w.advance(t, "260h")
	var states []string
	for _, l := range w.fbtInbound(t, "US", id).Log {
		states = append(states, l.Status)
	}
	if want := []string{"WORKING", "READY_TO_SHIP", "TO_BE_RECEIVED", "DELIVERED", "RECEIVING", "RECEIVED"}; !slices.Equal(states, want) {
		t.Errorf("went through %v, want %v", states, want)
	}
	another := w.inbound(t, "US", good.ID, 5)
	w.moveInbound(t, another, "CANCELLED", "", http.StatusOK)
	w.moveInbound(t, another, "READY_TO_SHIP", "", http.StatusConflict)
}

// A seller takes part in a market, has goods and matches them with SKUs.
func TestFBTMerchant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	regions := func() string {
		t.Helper()
		return string(w.call(t, "US", "GET", "/fbt/202409/merchants/onboarded_regions", "", "").Data)
	}
	if got := regions(); got != `{"onboarded_regions":[{"region_code":"US"}]}` {
		t.Errorf("regions %s", got)
	}
	gb := w.shop("GB").ID
	r := newReceiver(t, w)
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[22,23]}`, r.URL), http.StatusOK)
	w.steer(t, "POST", "fbt/goods", `{"shop_id":"`+gb+`","name":"Tin","reference_code":"T-1"}`, http.StatusConflict)
	w.steer(t, "POST", "fbt/onboard", `{"shop_id":"`+gb+`"}`, http.StatusOK)
	if got := r.next(t); got.Type != 22 || len(got.Data["onboarded_regions"].([]any)) != 2 {
		t.Errorf("announced %+v", got)
	}
	if got := regions(); got != `{"onboarded_regions":[{"region_code":"US"},{"region_code":"GB"}]}` {
		t.Errorf("regions %s", got)
	}
	var made struct{ ID string }
	decode(t, w.steer(t, "POST", "fbt/goods", `{"shop_id":"`+gb+`","name":"Tin","reference_code":"T-1"}`, http.StatusCreated), &made)
	w.steer(t, "POST", "fbt/goods", `{"shop_id":"`+gb+`","name":"Tin","reference_code":"T-1"}`, http.StatusConflict)
	sku := w.product(t, "GB", w.create(t, "GB", w.newDraft(t, "GB")), "").SKUs[0].ID
	w.steer(t, "POST", "fbt/goods/"+made.ID+"/match", `{"sku_id":"`+sku+`"}`, http.StatusOK)
	if got := r.next(t); got.Type != 23 || got.Data["match_type"] != "MATCH" || got.Data["sku_id"] != sku || got.Data["product_type"] != "LOCAL" {
		t.Errorf("announced %+v", got)
	}
	for _, filter := range []string{`{"sku_ids":["` + sku + `"]}`, `{"reference_codes":["T-1"]}`, `{"goods_ids":["` + made.ID + `"]}`} {
		if list := w.goods(t, "GB", filter); len(list) != 1 || list[0].ID != made.ID || len(list[0].SKUs) != 1 || !list[0].SKUs[0].Matched {
			t.Errorf("%s: %+v", filter, list)
		}
	}
	if list := w.goods(t, "GB", `{"sku_ids":["1"]}`); len(list) != 0 {
		t.Errorf("found %+v", list)
	}
	w.steer(t, "POST", "fbt/goods/"+made.ID+"/match", `{"sku_id":"`+sku+`"}`, http.StatusConflict)
	w.steer(t, "POST", "fbt/goods/"+made.ID+"/match", `{"sku_id":"`+sku+`","detach":true}`, http.StatusOK)
	if got := r.next(t); got.Data["match_type"] != "UNMATCH" {
		t.Errorf("announced %+v", got)
	}
	w.steer(t, "POST", "fbt/goods/1/match", `{"sku_id":"`+sku+`"}`, http.StatusNotFound)
	w.steer(t, "POST", "fbt/onboard", `{"shop_id":"1"}`, http.StatusNotFound)

	var list struct {
		Warehouses []struct {
			ID        string `json:"fbt_warehouse_id"`
			Addresses []struct {
				Region string `json:"region_code"`
			}
		}
	}
	w.call(t, "", "GET", "/fbt/202408/warehouses", "", "").into(t, &list)
	var seen []string
	for _, at := range list.Warehouses {
		seen = append(seen, at.Addresses[0].Region)
	}
	if want := []string{"US", "US", "GB"}; !slices.Equal(seen, want) {
		t.Errorf("warehouses in %v, want %v", seen, want)
	}
}

const consignee = `"consignee":{"name":"Sam Doe","phone_number":"5550100","email":"sam@example.org","address":{"address_line_1":"1 Elm St","city":"Reno","state_or_region":"NV","postal_code":"89501","country_code":"US"}}`

// An order of another channel reserves goods, takes them out when it is shipped
// and gives them back when it is cancelled before.
func TestFBTMultiChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const path = "/fbt/202601/mcf_outbound_orders"
	good := w.goods(t, "US", "")[0].ID
	before := w.fbtStock(t, "US", good)
	order := func(external string, quantity int64) string {
		return fmt.Sprintf(`{"external_order_id":%q,"goods":[{"id":%q,"quantity":%d}],%s}`, external, good, quantity, consignee)
	}
	type view struct {
		Order struct {
			ID    string `json:"mcf_order_id"`
			Parts []struct {
				ID, Status, Carrier string
				Tracking            string `json:"tracking_number"`
			} `json:"consign_orders"`
		} `json:"mcf_order"`
	}
	look := func(id string) (v view) {
		t.Helper()
		w.call(t, "US", "GET", path, "mcf_order_id="+id, "").into(t, &v)
		return v
	}
	for name, body := range map[string]string{
		"too many": order("W-0", 51), "none": order("W-0", 0), "no id": order("", 1), "no goods": `{"external_order_id":"W",` + consignee + `}`,
		"no address": strings.Replace(order("W-0", 1), "1 Elm St", "", 1), "unknown goods": strings.Replace(order("W-0", 1), good, "1", 1),
	} {
		if a := w.call(t, "US", "POST", path, "", body); a.Code != 36009004 {
			t.Errorf("%s: code %d", name, a.Code)
		}
	}
	if got := w.fbtStock(t, "US", good); got != before {
		t.Errorf("refusals changed %+v to %+v", before, got)
	}
	var made, second view
	w.call(t, "US", "POST", path, "", order("W-1", 4)).into(t, &made)
	if a := w.call(t, "US", "POST", path, "", order("W-1", 4)); a.Code == 0 {
		t.Error("the same order twice")
	}
	if got := w.fbtStock(t, "US", good); got.reserved != before.reserved+4 || got.total != before.total {
		t.Errorf("reserved: %+v, before %+v", got, before)
	}
	if v := look(made.Order.ID); len(v.Order.Parts) != 0 {
		t.Errorf("split at once: %+v", v)
	}
	w.advance(t, "15m")
	if v := look(made.Order.ID); len(v.Order.Parts) != 1 || v.Order.Parts[0].Status != "PENDING" || v.Order.Parts[0].Carrier != "" {
		t.Errorf("split: %+v", v)
	}
	w.call(t, "US", "POST", path, "", order("W-2", 3)).into(t, &second)
	w.advance(t, "15m")
	part := look(second.Order.ID).Order.Parts[0].ID
	cancel := func(part string) int {
		return w.call(t, "US", "POST", path+"/cancel", "", fmt.Sprintf(`{"mcf_order_id":%q,"consign_orders":[{"id":%q}]}`, second.Order.ID, part)).Code
	}
	if code := cancel("1"); code != 36009004 {
		t.Errorf("a consignment that is not there: code %d", code)
	}
	if code := cancel(part); code != 0 || look(second.Order.ID).Order.Parts[0].Status != "CLOSED" {
		t.Errorf("cancelled: code %d", code)
	}
	w.advance(t, "26h")
	if v := look(made.Order.ID); v.Order.Parts[0].Status != "SHIPPED" || v.Order.Parts[0].Tracking == "" {
		t.Errorf("shipped: %+v", v)
	}
	if got := w.fbtStock(t, "US", good); got.total != before.total-4 || got.reserved != before.reserved {
		t.Errorf("shipped: %+v, before %+v", got, before)
	}
	second = made
	if code := cancel(look(made.Order.ID).Order.Parts[0].ID); code != 36009004 {
		t.Errorf("cancel after shipping: code %d", code)
	}
	w.advance(t, "100h")
	if v := look(made.Order.ID); v.Order.Parts[0].Status != "COMPLETED" {
		t.Errorf("at the end: %+v", v)
	}
	if got := string(w.call(t, "US", "GET", "/fbt/202601/merchants/mcf_status", "", "").Data); got != `{"mcf_status":{"is_mcf":1}}` {
		t.Errorf("status %s", got)
	}
	if got := string(w.call(t, "VN", "GET", "/fbt/202601/merchants/mcf_status", "", "").Data); got != `{"mcf_status":{"is_mcf":0}}` {
		t.Errorf("status in VN %s", got)
	}
	var free struct {
		List []struct {
			ID        string `json:"goods_id"`
			Available int64  `json:"available_qty"`
		} `json:"goods_inventory_list"`
	}
	w.call(t, "US", "POST", "/fbt/202601/mcf/goods/inventory/search", "", fmt.Sprintf(`{"goods":[{"goods_id":%q},{"goods_id":"1"}]}`, good)).into(t, &free)
	if len(free.List) != 1 || free.List[0].Available != w.fbtStock(t, "US", good).available {
		t.Errorf("%+v", free)
	}
}
