package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

func postOrder(s *gatehouse, w http.ResponseWriter, r *http.Request) {
	var input struct {
		ShopID string `json:"shop_id"`
		Lines  []struct {
			SKUID    string `json:"sku_id"`
			Quantity int    `json:"quantity"`
		} `json:"lines"`
		BuyerID      string `json:"buyer_user_id"`
		ShippingType string `json:"shipping_type"`
	}
	if !controlBody(w, r, &input) {
		return
	}
	world, now := s.present()
	shop := world.shopByID(input.ShopID)
	if shop == nil {
		controlError(w, http.StatusNotFound, "no shop has this id")
		return
	}
	if !slices.Contains([]string{"", shippingTikTok, shippingSeller}, input.ShippingType) {
		controlError(w, http.StatusBadRequest, "shipping_type is TIKTOK or SELLER")
		return
	}
	p := placement{buyer: input.BuyerID, shippingType: input.ShippingType}
	for _, line := range input.Lines {
		p.lines = append(p.lines, placedLine{line.SKUID, line.Quantity})
	}
	shop.mu.Lock()
	defer shop.mu.Unlock()
	o, err := placeOrder(shop, p, now.Unix())
	if err != nil {
		controlError(w, http.StatusConflict, err.Error())
		return
	}
	controlAnswer(w, http.StatusCreated, struct {
		ID string `json:"order_id"`
	}{o.ID})
}

func postOrderMove(s *gatehouse, w http.ResponseWriter, r *http.Request) {
	var input struct {
		To string `json:"to"`
	}
	if !controlBody(w, r, &input) {
		return
	}
	if !slices.Contains(orderStatuses, input.To) {
		controlError(w, http.StatusBadRequest, "to is one of "+strings.Join(orderStatuses, ", "))
		return
	}
	status, found, f := steerOrder(s, r.PathValue("id"), input.To)
	switch {
	case !found:
		controlError(w, http.StatusNotFound, "no order has this id")
	case f != nil:
		refused(w, f)
	default:
		controlAnswer(w, http.StatusOK, struct {
			Status string `json:"status"`
		}{status})
	}
}

// steerOrder brings an order into a state the way the world would, through every
// state on the way. It returns the state that was reached, and whether there is
// such an order.
func steerOrder(s *gatehouse, id, to string) (status string, found bool, f *failure) {
	world, now := s.present()
	shop := world.owners.of(id)
	if shop == nil {
		return "", false, nil
	}
	shop.mu.Lock()
	defer shop.mu.Unlock()
	o := ordersOf(shop).byID[id]
	if o == nil {
		return "", false, nil
	}
	if f = bring(shop, o, to, now.Unix()); f != nil {
		f.message += "; it is " + o.Status
		if next := nextStates(shop, o); len(next) > 0 {
			f.message += " and can become " + strings.Join(next, " or ")
		}
	}
	return o.Status, true, f
}

func postOrderBuyer(s *gatehouse, w http.ResponseWriter, r *http.Request) {
	var input struct {
		Ask    string   `json:"ask"`
		Reason string   `json:"reason"`
		Lines  []string `json:"order_line_item_ids"`
	}
	if !controlBody(w, r, &input) {
		return
	}
	kinds := map[string]string{"refund": returnRefund, "return": returnGoods, "replace": returnReplacement}
	if input.Ask != "cancel" && input.Ask != "address" && kinds[input.Ask] == "" {
		controlError(w, http.StatusBadRequest, "ask is cancel, refund, return, replace or address")
		return
	}
	world, now := s.present()
	shop := world.owners.of(r.PathValue("id"))
	if shop == nil {
		controlError(w, http.StatusNotFound, "no order has this id")
		return
	}
	shop.mu.Lock()
	defer shop.mu.Unlock()
	o := ordersOf(shop).byID[r.PathValue("id")]
	if o == nil {
		controlError(w, http.StatusNotFound, "no order has this id")
		return
	}
	var view struct {
		ID     string `json:"id"` // of the cancellation or return, if there is one
		Status string `json:"status"`
	}
	var f *failure
	switch input.Ask {
	case "cancel":
		view.ID, view.Status, f = askCancel(shop, o, input.Reason, now.Unix())
	case "address":
		view.Status, f = o.Status, readdress(shop, o, now.Unix())
	default:
		view.ID, view.Status, f = askReturn(shop, o, kinds[input.Ask], input.Reason, input.Lines, now.Unix())
	}
	if f != nil {
		refused(w, f)
		return
	}
	controlAnswer(w, http.StatusCreated, view)
}

func postAfterSale(s *gatehouse, w http.ResponseWriter, r *http.Request) {
	var input struct {
		Do string `json:"do"`
	}
	if !controlBody(w, r, &input) {
		return
	}
	if !slices.Contains(afterSaleSteps, input.Do) {
		controlError(w, http.StatusBadRequest, "do is one of "+strings.Join(afterSaleSteps, ", "))
		return
	}
	world, now := s.present()
	id := r.PathValue("id")
	shop := world.owners.of(id)
	if shop == nil {
		controlError(w, http.StatusNotFound, "no cancellation or return has this id")
		return
	}
	shop.mu.Lock()
	defer shop.mu.Unlock()
	var status string
	var f *failure
	if c := tradeOf(shop).Cancellations[id]; c != nil {
		f = withdrawCancellation(shop, c, input.Do, now.Unix())
		status = c.Status
	} else if request := tradeOf(shop).Returns[id]; request != nil {
		f = stepReturn(shop, request, input.Do, now.Unix())
		status = request.Status
	} else {
		controlError(w, http.StatusNotFound, "no cancellation or return has this id")
		return
	}
	if f != nil {
		refused(w, f)
		return
	}
	controlAnswer(w, http.StatusOK, struct {
		Status string `json:"status"`
	}{status})
}
