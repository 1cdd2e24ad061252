package sandbox_test

import (
	"net/http"
	"testing"
)

// An order that is paid in cash is confirmed at once and paid with the delivery.
// Cancelled before that, it was never paid: there is nothing to refund, and
// nothing on statements.
func TestCashOnDelivery(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	place := func(region string) string { // some goods cannot be paid so
		for _, sku := range w.offers(t, region, 5) {
			var placed struct {
				ID string `json:"order_id"`
			}
			body := `{"shop_id":"` + w.shop(region).ID + `","is_cod":true,"coupon_ids":[],"lines":[{"sku_id":"` + sku.ID + `","quantity":2}]}`
			if w.control(t, "POST", "orders", body, &placed) == http.StatusCreated {
				return placed.ID
			}
		}
		return ""
	}
	if id := place("GB"); id != "" {
		t.Errorf("order %s is paid in cash where nobody takes it", id)
	}
	unsettled := func(id string) (count int) {
		list, _ := w.all(t, "VN", "/finance/202507/orders/unsettled", "sort_field=order_create_time&page_size=100", "transactions")
		for _, entry := range list {
			if entry["order_id"] == id {
				count++
			}
		}
		return count
	}
	id := place("VN")
	o := w.order(t, "VN", id)
	if o.Status != "ON_HOLD" || !o.IsCOD || o.PaidTime != 0 {
		t.Errorf("placed: %+v", o)
	}
	w.move(t, id, "IN_TRANSIT")
	if o = w.order(t, "VN", id); o.PaidTime != 0 || unsettled(id) != 1 {
		t.Errorf("on its way: paid at %d, %d times unsettled", o.PaidTime, unsettled(id))
	}
	w.move(t, id, "CANCELLED")
	w.advance(t, "1h")
	o, list := w.order(t, "VN", id), w.cancellations(t, "VN", id)
	if o.PaidTime != 0 || o.CancelReason != "Kiện hàng bị thất lạc" || len(list) != 1 || list[0].Refund != nil || list[0].Reason != "package_lost" || unsettled(id) != 0 {
		t.Errorf("lost on its way: %+v, cancellations %+v, %d times unsettled", o, list, unsettled(id))
	}

	id = place("VN")
	w.move(t, id, "AWAITING_SHIPMENT")
	if a := w.sellerCancel(t, "VN", id, "seller_cancel_reason_out_of_stock"); a.Code != 0 {
		t.Fatalf("code %d: %s", a.Code, a.Message)
	}
	w.advance(t, "1h")
	o, list = w.order(t, "VN", id), w.cancellations(t, "VN", id)
	if o.PaidTime != 0 || o.CancelReason != "Hết hàng" || len(list) != 1 || list[0].Refund != nil || list[0].Status != "CANCELLATION_REQUEST_COMPLETE" {
		t.Errorf("cancelled by the seller: %+v, cancellations %+v", o, list)
	}

	id = place("VN")
	w.move(t, id, "DELIVERED")
	if o = w.order(t, "VN", id); o.PaidTime == 0 || o.PaidTime != o.Delivery {
		t.Errorf("delivered at %d, paid at %d", o.Delivery, o.PaidTime)
	}
	w.ask(t, id, "refund")
}
