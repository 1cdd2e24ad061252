package sandbox_test

import (
	"fmt"
	"net/http"
	"testing"
)

// kindOfOrder is what orders say of how they came about.
type kindOfOrder struct {
	Status    string
	OrderType string `json:"order_type"`
	Created   int64  `json:"create_time"`
	Paid      int64  `json:"paid_time"`
	Release   int64  `json:"release_date"`
	ShipBy    int64  `json:"rts_sla_time"`
	CancelBy  int64  `json:"cancel_order_sla_time"`
	Lines     []struct {
		SKUType string `json:"sku_type"`
	} `json:"line_items"`
}

func (w *world) kind(t *testing.T, region, id string) kindOfOrder {
	t.Helper()
	var found struct{ Orders []kindOfOrder }
	w.call(t, region, "GET", "/order/202507/orders", "ids="+id, "").into(t, &found)
	if len(found.Orders) != 1 {
		t.Fatalf("%d orders have the id %s", len(found.Orders), id)
	}
	return found.Orders[0]
}

// A pre-order waits for its release, paid, and is due from then on.
func TestPreOrder(t *testing.T) {
	t.Parallel()
	const hour, day = 3600, 24 * 3600
	for _, region := range []string{"US", "GB", "VN", "BR"} {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newTradeWorld(t)
			sku := w.offers(t, region, 1)[0].ID
			place := func(more string, want int) string {
				t.Helper()
				var placed struct {
					ID string `json:"order_id"`
				}
				body := fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":1}]%s}`, w.shop(region).ID, sku, more)
				if status := w.control(t, "POST", "orders", body, &placed); status != want {
					t.Fatalf("%s: status %d", more, status)
				}
				return placed.ID
			}
			release := w.kind(t, region, place("", http.StatusCreated)).Created + 10*day
			onTime := fmt.Sprintf(`,"release_date":%d`, release)
			place(`,"release_date":1`, http.StatusConflict)
			place(onTime+`,"is_cod":true`, http.StatusConflict)
			place(onTime+`,"is_sample_order":true`, http.StatusConflict)

			early, late := place(onTime, http.StatusCreated), place(onTime, http.StatusCreated)
			w.move(t, early, "ON_HOLD")
			w.move(t, late, "ON_HOLD")
			w.advance(t, "25h")
			o := w.kind(t, region, late)
			if o.Status != "ON_HOLD" || o.OrderType != "PRE_ORDER" || o.Lines[0].SKUType != "PRE_ORDER" || o.Release != release ||
				o.Paid == 0 || o.Paid >= release-9*day || o.ShipBy != release+48*hour || o.CancelBy != release+96*hour {
				t.Errorf("a day after the payment: %+v, released at %d", o, release)
			}
			w.move(t, early, "AWAITING_SHIPMENT")
			if o = w.kind(t, region, early); o.Release >= release-8*day || o.ShipBy != o.Release+48*hour || o.CancelBy != o.Release+96*hour {
				t.Errorf("released ahead of its date: %+v", o)
			}
			w.advance(t, "216h")
			if o = w.kind(t, region, late); o.Status != "AWAITING_SHIPMENT" || o.ShipBy != release+48*hour {
				t.Errorf("after the release: %+v", o)
			}
			if o = w.kind(t, region, early); o.Status != "CANCELLED" {
				t.Errorf("not shipped in time: %+v", o)
			}
			w.advance(t, "96h")
			if o = w.kind(t, region, late); o.Status != "CANCELLED" || o.Paid >= release {
				t.Errorf("never shipped: %+v", o)
			}
		})
	}
}

// A gift costs nothing, takes stock and travels with what was bought. Nothing
// is paid back for it.
func TestGifts(t *testing.T) {
	t.Parallel()
	for _, region := range []string{"US", "VN"} {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newTradeWorld(t)
			skus := w.offers(t, region, 2)
			place := func(format string, want int, args ...any) string {
				t.Helper()
				var placed struct {
					ID string `json:"order_id"`
				}
				body := fmt.Sprintf(`{"shop_id":%q,"coupon_ids":[],"platform_discount":"1","lines":[`+format+`]}`, append([]any{w.shop(region).ID}, args...)...)
				if status := w.control(t, "POST", "orders", body, &placed); status != want {
					t.Fatalf("%s: status %d", body, status)
				}
				return placed.ID
			}
			place(`{"sku_id":%q,"quantity":1,"is_gift":true}`, http.StatusConflict, skus[0].ID)
			held := func() int64 {
				var left int64
				for _, p := range w.products(t, region, "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`) {
					for _, s := range p.SKUs {
						for _, at := range s.Inventory {
							if s.ID == skus[1].ID {
								left += at.Quantity
							}
						}
					}
				}
				return left
			}
			before := held()
			id := place(`{"sku_id":%q,"quantity":2,"is_gift":true},{"sku_id":%q,"quantity":1}`, http.StatusCreated, skus[1].ID, skus[0].ID)
			if left := held(); left != before-2 {
				t.Errorf("two gifts took %d of %d", before-left, before)
			}
			w.move(t, id, "DELIVERED")
			for _, o := range w.every(t, region, "POST", searchPath, "page_size=100", "", "orders", byID) {
				if o["id"] != id {
					continue
				}
				list, sum := lines(o), int64(0)
				for i, line := range list {
					free := i < 2
					if line["is_gift"] != free || (line["sale_price"] == "0") != free || (line["original_price"] == "0") != free ||
						(centsOf(t, line, "gift_retail_price") > 0) != free || line["package_id"] != list[0]["package_id"] {
						t.Errorf("line %d: %v", i, line)
					}
					sum += centsOf(t, line, "sale_price")
				}
				if len(list) != 3 || sum != centsOf(t, o["payment"].(object), "sub_total") {
					t.Errorf("%d lines of %d: %v", len(list), sum, o["payment"])
				}
				w.ask(t, id, "refund", fmt.Sprintf(`,"order_line_item_ids":[%q]`, list[2]["id"]))
				back := w.ask(t, id, "refund", fmt.Sprintf(`,"order_line_item_ids":[%q]`, list[0]["id"]))
				if got := w.returned(t, region, back); len(got.Lines) != 1 || got.Refund["refund_total"] != "0" {
					t.Errorf("asked back for a gift: %+v", got)
				}
			}
		})
	}
}

// An exchange sends other goods for those of a delivered order to its buyer, and
// nothing is paid or earned by it.
func TestExchange(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	for _, region := range []string{"US", "GB", "VN"} {
		source := w.placed(t, region, "TIKTOK", "IN_TRANSIT", 1)
		var placed struct {
			ID string `json:"order_id"`
		}
		body := fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":1}],"exchange_source_order_id":%q}`, w.shop(region).ID, w.offers(t, region, 2)[1].ID, source)
		if status := w.control(t, "POST", "orders", body, nil); status != http.StatusConflict {
			t.Errorf("%s: exchanged on its way: status %d", region, status)
		}
		w.move(t, source, "DELIVERED")
		status := w.control(t, "POST", "orders", body, &placed)
		if region == "VN" {
			if status != http.StatusConflict {
				t.Errorf("exchanged in VN: status %d", status)
			}
			continue
		}
		if status != http.StatusCreated {
			t.Fatalf("%s: status %d", region, status)
		}
		w.move(t, placed.ID, "DELIVERED")
		var got struct{ Orders []object }
		w.call(t, region, "GET", "/order/202507/orders", "ids="+placed.ID, "").into(t, &got)
		o := got.Orders[0]
		if o["is_exchange_order"] != true || o["exchange_source_order_id"] != source || o["user_id"] != w.order(t, region, source).UserID ||
			o["payment"].(object)["total_amount"] != "0" || o["is_replacement_order"] != false {
			t.Errorf("%s: %v", region, o)
		}
		list, _ := w.all(t, region, "/finance/202507/orders/unsettled", "sort_field=order_create_time&page_size=100", "transactions")
		for _, entry := range list {
			if entry["order_id"] == placed.ID {
				t.Errorf("%s: an exchange is settled: %v", region, entry)
			}
		}
	}
}
