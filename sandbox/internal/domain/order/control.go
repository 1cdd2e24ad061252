package order

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

func postOrder(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		ShopID string `json:"shop_id"`
		Lines  []struct {
			SKUID    string `json:"sku_id"`
			Quantity int    `json:"quantity"`
			IsGift   bool   `json:"is_gift"`
		} `json:"lines"`
		BuyerID      string    `json:"buyer_user_id"`
		ShippingType string    `json:"shipping_type"`
		Coupons      *[]string `json:"coupon_ids"`
		Platform     string    `json:"platform_discount"`
		IsSample     bool      `json:"is_sample_order"`
		IsCOD        bool      `json:"is_cod"`
		Release      int64     `json:"release_date"`
		Exchanges    string    `json:"exchange_source_order_id"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	world, now := s.Present()
	shop := world.ShopByID(input.ShopID)
	if shop == nil {
		gate.ControlError(w, http.StatusNotFound, "no shop has this id")
		return
	}
	if !slices.Contains([]string{"", trade.ShippingTikTok, trade.ShippingSeller}, input.ShippingType) {
		gate.ControlError(w, http.StatusBadRequest, "shipping_type is TIKTOK or SELLER")
		return
	}
	off, ok := shop.Market.ParseMoney(cmp.Or(input.Platform, "0"))
	if !ok {
		gate.ControlError(w, http.StatusBadRequest, "platform_discount is an amount of "+shop.Market.Currency+", such as 2")
		return
	}
	p := trade.Placement{Buyer: input.BuyerID, ShippingType: input.ShippingType, Coupons: input.Coupons, Platform: off, Sample: input.IsSample, Cash: input.IsCOD, Release: input.Release, Exchanges: input.Exchanges}
	for _, line := range input.Lines {
		p.Lines = append(p.Lines, trade.PlacedLine{SKU: line.SKUID, Quantity: line.Quantity, Gift: line.IsGift})
	}
	shop.Mu.Lock()
	defer shop.Mu.Unlock()
	o, err := trade.PlaceOrder(shop, p, now.Unix())
	if err != nil {
		gate.ControlError(w, http.StatusConflict, err.Error())
		return
	}
	gate.ControlAnswer(w, http.StatusCreated, struct {
		ID string `json:"order_id"`
	}{o.ID})
}

func postOrderMove(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		To string `json:"to"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	if !slices.Contains(trade.OrderStatuses, input.To) {
		gate.ControlError(w, http.StatusBadRequest, "to is one of "+strings.Join(trade.OrderStatuses, ", "))
		return
	}
	status, found, f := steerOrder(s, r.PathValue("id"), input.To)
	switch {
	case !found:
		gate.ControlError(w, http.StatusNotFound, "no order has this id")
	case f != nil:
		gate.Refused(w, f)
	default:
		gate.ControlAnswer(w, http.StatusOK, struct {
			Status string `json:"status"`
		}{status})
	}
}

// steerOrder moves an order to a state the way the world would, through every
// state on the way. It returns the state that was reached, and whether there is
// such an order.
func steerOrder(s *gate.Gate, id, to string) (status string, found bool, f *gate.Failure) {
	world, now := s.Present()
	shop := world.Owners.Of(id)
	if shop == nil {
		return "", false, nil
	}
	shop.Mu.Lock()
	defer shop.Mu.Unlock()
	o := trade.OrdersOf(shop).ByID[id]
	if o == nil {
		return "", false, nil
	}
	if f = trade.AdvanceTo(shop, o, to, now.Unix()); f != nil {
		f.Message += "; it is " + o.Status
		if next := trade.NextStates(shop, o); len(next) > 0 {
			f.Message += " and can become " + strings.Join(next, " or ")
		}
	}
	return o.Status, true, f
}

func postOrderBuyer(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		Ask    string   `json:"ask"`
		Reason string   `json:"reason"`
		Lines  []string `json:"order_line_item_ids"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	kinds := map[string]string{"refund": trade.ReturnRefund, "return": trade.ReturnGoods, "replace": trade.ReturnReplacement}
	if input.Ask != "cancel" && input.Ask != "address" && kinds[input.Ask] == "" {
		gate.ControlError(w, http.StatusBadRequest, "ask is cancel, refund, return, replace or address")
		return
	}
	world, now := s.Present()
	shop := world.Owners.Of(r.PathValue("id"))
	if shop == nil {
		gate.ControlError(w, http.StatusNotFound, "no order has this id")
		return
	}
	shop.Mu.Lock()
	defer shop.Mu.Unlock()
	o := trade.OrdersOf(shop).ByID[r.PathValue("id")]
	if o == nil {
		gate.ControlError(w, http.StatusNotFound, "no order has this id")
		return
	}
	var view struct {
		ID     string `json:"id"` // of the cancellation or return, if there is one
		Status string `json:"status"`
	}
	var f *gate.Failure
	switch input.Ask {
	case "cancel":
		view.ID, view.Status, f = trade.AskCancel(shop, o, input.Reason, now.Unix())
	case "address":
		view.Status, f = o.Status, trade.Readdress(shop, o, now.Unix())
	default:
		view.ID, view.Status, f = trade.AskReturn(shop, o, kinds[input.Ask], input.Reason, input.Lines, now.Unix())
	}
	if f != nil {
		gate.Refused(w, f)
		return
	}
	gate.ControlAnswer(w, http.StatusCreated, view)
}

func postAfterSale(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		Do string `json:"do"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	if !slices.Contains(trade.AfterSaleSteps, input.Do) {
		gate.ControlError(w, http.StatusBadRequest, "do is one of "+strings.Join(trade.AfterSaleSteps, ", "))
		return
	}
	world, now := s.Present()
	id := r.PathValue("id")
	shop := world.Owners.Of(id)
	if shop == nil {
		gate.ControlError(w, http.StatusNotFound, "no cancellation or return has this id")
		return
	}
	shop.Mu.Lock()
	defer shop.Mu.Unlock()
	var status string
	var f *gate.Failure
	if c := trade.Of(shop).Cancellations[id]; c != nil {
		f = trade.WithdrawCancellation(shop, c, input.Do, now.Unix())
		status = c.Status
	} else if request := trade.Of(shop).Returns[id]; request != nil {
		f = trade.StepReturn(shop, request, input.Do, now.Unix())
		status = request.Status
	} else {
		gate.ControlError(w, http.StatusNotFound, "no cancellation or return has this id")
		return
	}
	if f != nil {
		gate.Refused(w, f)
		return
	}
	gate.ControlAnswer(w, http.StatusOK, struct {
		Status string `json:"status"`
	}{status})
}
