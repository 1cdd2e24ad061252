package sandbox_test

import "testing"

// TestVersionsOf2026 takes what has older versions through those of 2026.
func TestVersionsOf2026(t *testing.T) {
	t.Parallel()
	const region, dated = "GB", "/return_refund/202602/"
	w := newTradeWorld(t)
	succeed := func(method, path, query, body string, into any) {
		t.Helper()
		w.call(t, region, method, path, query, body).into(t, into)
	}

	var cancelled struct {
		Status string `json:"cancel_status"`
	}
	order := w.placed(t, region, "", "AWAITING_SHIPMENT", 1)
	succeed("POST", dated+"cancellations", "", `{"order_id":"`+order+`","cancel_reason":"`+reason(region, "seller_cancel_reason_out_of_stock")+`"}`, &cancelled)
	if got := w.order(t, region, order).Status; got != "CANCELLED" || cancelled.Status == "" {
		t.Errorf("the order is %s, the cancellation %q", got, cancelled.Status)
	}

	order = w.placed(t, region, "", "DELIVERED", 1)
	var open struct {
		SKUs []struct {
			Lines []struct {
				Reasons []string `json:"available_reason_names"`
				List    []struct {
					ID string `json:"order_line_item_id"`
				} `json:"order_line_list"`
			} `json:"line_item_eligibility"`
		} `json:"sku_eligibility"`
	}
	succeed("GET", dated+"orders/"+order+"/aftersale_eligibility", "initiate_aftersale_user=SELLER", "", &open)
	if len(open.SKUs) != 1 || open.SKUs[0].Lines[0].List[0].ID != w.order(t, region, order).LineItems[0].ID {
		t.Errorf("eligibility %+v", open)
	}
	asked := w.ask(t, order, "refund")
	succeed("POST", "/return_refund/202603/aftersales/review", "", `{"aftersales_request_decisions":[{"request_id":"`+asked+`","line_item_decisions":[{"action":"APPROVE_REQUEST"}]}]}`, new(any))
	if got := w.returned(t, region, asked).Status; got == rPending {
		t.Errorf("after the review the return is %s", got)
	}

	var made struct {
		ID string `json:"return_id"`
	}
	order = w.placed(t, region, "", "DELIVERED", 1)
	succeed("POST", dated+"returns", "", `{"order_id":"`+order+`","return_type":"REFUND","return_reason":"`+reason(region, "ecom_order_delivered_refund_reason_damaged_seller")+`"}`, &made)
	if got := w.returned(t, region, made.ID); got.ID != made.ID {
		t.Errorf("the return is %+v", got)
	}

	talk := w.turn(t, `{"shop_id":"`+w.shop(region).ID+`","text":"Hello"}`)
	succeed("POST", "/customer_service/202606/conversations/"+talk+"/messages", "", `{"type":"TEXT","content":"{\"content\":\"Hello\"}","sender_role":"ROBOT"}`, new(any))
	if a := w.call(t, region, "POST", "/customer_service/202606/conversations/"+talk+"/messages", "", `{"type":"TEXT","content":"{\"content\":\"Hello\"}","sender_role":"BUYER"}`); a.Code == 0 {
		t.Error("the seller speaks as the buyer")
	}
}
