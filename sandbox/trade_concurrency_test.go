package sandbox_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// TestConcurrentTrade lets many callers act on the same orders at once. Every
// order ends in one state only, and no unit of stock is lost.
func TestConcurrentTrade(t *testing.T) {
	t.Parallel()
	const callers, orders = 8, 6
	w := newTradeWorld(t)
	type target struct{ region, id, sku string }
	var targets []target
	before := map[string]int64{}
	for i := range orders {
		region := regions[i%len(regions)]
		sku := w.offers(t, region, 1)[0].ID
		stock := w.inventory(t, region, `{"sku_ids":["`+sku+`"]}`)[sku]
		if i < len(regions) {
			before[sku] = stock.Available
		}
		targets = append(targets, target{region, w.placed(t, region, "SELLER", "AWAITING_SHIPMENT", 1), sku})
	}
	var cancelled sync.Map
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			for i := range targets {
				at := targets[(caller+i)%len(targets)]
				switch (caller + i) % 4 {
				case 0:
					if a := w.sellerCancel(t, at.region, at.id, "seller_cancel_reason_out_of_stock"); a.Code == 0 {
						if _, twice := cancelled.LoadOrStore(at.id, true); twice {
							t.Errorf("order %s was cancelled twice", at.id)
						}
					}
				case 1:
					w.call(t, at.region, "POST", fulfillment+"orders/"+at.id+"/packages", "", selfShipment(at.region, fmt.Sprintf("X%d%d", caller, i)))
				case 2:
					w.control(t, "POST", "orders/"+at.id+"/buyer", `{"ask":"cancel"}`, nil)
				case 3:
					w.call(t, at.region, "POST", fulfillment+"packages/search", "page_size=5", "")
					w.call(t, at.region, "POST", aftersale+"cancellations/search", "", "")
				}
				w.call(t, at.region, "POST", searchPath, "page_size=20&sort_field=update_time", "")
			}
		})
	}
	wg.Wait()
	for _, at := range targets {
		o := w.order(t, at.region, at.id)
		if _, gone := cancelled.Load(at.id); gone != (o.Status == "CANCELLED") {
			t.Errorf("order %s is %s, was cancelled: %t", at.id, o.Status, gone)
		}
		w.steer(t, "POST", "orders/"+at.id+"/buyer", `{"ask":"sing"}`, http.StatusBadRequest)
		if o.Status != "CANCELLED" {
			before[at.sku]--
		}
	}
	for _, at := range targets {
		if got := w.inventory(t, at.region, `{"sku_ids":["`+at.sku+`"]}`)[at.sku].Available; got != before[at.sku] {
			t.Errorf("SKU %s: %d in stock, want %d", at.sku, got, before[at.sku])
		}
	}
}
