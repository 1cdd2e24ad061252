package sandbox_test

import "testing"

// Reasons have a text in the language that a request names; orders have it in
// the language of the market.
func TestReasonsAreLocalised(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	id := w.placed(t, "VN", "TIKTOK", "AWAITING_SHIPMENT", 1)
	request := w.ask(t, id, "cancel", `,"reason":"ecom_order_to_ship_canceled_reason_better_price"`)
	for locale, want := range map[string]string{"": "Cheaper offer found", "vi-VN": "Tìm được giá rẻ hơn", "pt-BR": "Encontrou um preço melhor", "fr-FR": "Cheaper offer found"} {
		var got struct {
			Cancellations []struct {
				Reason string `json:"cancel_reason"`
				Text   string `json:"cancel_reason_text"`
			}
		}
		w.call(t, "VN", "POST", aftersale+"cancellations/search", "", `{"cancel_ids":["`+request+`"],"locale":"`+locale+`"}`).into(t, &got)
		if len(got.Cancellations) != 1 || got.Cancellations[0].Reason != "ecom_order_to_ship_canceled_reason_better_price" || got.Cancellations[0].Text != want {
			t.Errorf("%q: %+v, want %q", locale, got, want)
		}
	}
	var rejects struct {
		Reasons []struct{ Name, Text string }
	}
	w.call(t, "VN", "GET", aftersale+"reject_reasons", "return_or_cancel_id="+request+"&locale=vi-VN", "").into(t, &rejects)
	if len(rejects.Reasons) == 0 || rejects.Reasons[0].Text != "Đã thỏa thuận với người mua" {
		t.Errorf("reasons to refuse: %+v", rejects)
	}
	w.call(t, "VN", "POST", aftersale+"cancellations/"+request+"/approve", "", "").into(t, &struct{}{})
	var order struct {
		Orders []struct {
			Reason string `json:"cancel_reason"`
			Lines  []struct {
				Reason string `json:"cancel_reason"`
			} `json:"line_items"`
		}
	}
	w.call(t, "VN", "GET", "/order/202507/orders", "ids="+id, "").into(t, &order)
	if o := order.Orders[0]; o.Reason != "Tìm được giá rẻ hơn" || o.Lines[0].Reason != o.Reason {
		t.Errorf("order %+v", o)
	}
}

// A request that is asked again after the buyer took it back took its place.
func TestEditedReturns(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	id := w.placed(t, "GB", "TIKTOK", "DELIVERED", 2)
	lines := w.order(t, "GB", id).LineItems
	ask := func(line int) string {
		return w.ask(t, id, "return", `,"order_line_item_ids":["`+lines[line].ID+`"]`)
	}
	first := ask(0)
	w.do(t, first, "withdraw")
	other, second := ask(1), ask(0)
	for id, want := range map[string][2]string{first: {"", second}, second: {first, ""}, other: {}} {
		var got struct {
			Returns []struct {
				Pre      string `json:"pre_return_id"`
				Next     string `json:"next_return_id"`
				Handover string `json:"handover_method"`
			} `json:"return_orders"`
		}
		w.call(t, "GB", "POST", aftersale+"returns/search", "", `{"return_ids":["`+id+`"]}`).into(t, &got)
		if r := got.Returns[0]; [2]string{r.Pre, r.Next} != want || r.Handover != "DROP_OFF" {
			t.Errorf("%s: %+v, want %v", id, r, want)
		}
	}
}
