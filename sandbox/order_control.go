package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

func (s *gatehouse) postOrder(w http.ResponseWriter, r *http.Request) {
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
	o, err := shop.place(p, now.Unix())
	if err != nil {
		controlError(w, http.StatusConflict, err.Error())
		return
	}
	controlAnswer(w, http.StatusCreated, struct {
		ID string `json:"order_id"`
	}{o.ID})
}

func (s *gatehouse) postOrderMove(w http.ResponseWriter, r *http.Request) {
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
	status, found, f := s.moveOrder(r.PathValue("id"), input.To)
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

// moveOrder brings an order into a state the way the world would, through every
// state on the way. It returns the state that was reached, and whether there is
// such an order.
func (s *gatehouse) moveOrder(id, to string) (status string, found bool, f *failure) {
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
	if f = shop.bring(o, to, now.Unix()); f != nil {
		f.message += "; it is " + o.Status
		if next := shop.nextStates(o); len(next) > 0 {
			f.message += " and can become " + strings.Join(next, " or ")
		}
	}
	return o.Status, true, f
}

// nextStates lists the states into which an order can be brought in one step.
func (s *shop) nextStates(o *order) []string {
	states := orderMoves(o.Status)
	return slices.DeleteFunc(states, func(to string) bool {
		switch {
		case o.Status == orderUnpaid && to == orderAwaitingShipment:
			return s.region.hold
		case to == orderOnHold:
			return !s.region.hold
		case to == orderPartiallyShipping:
			return len(o.LineItems) < 2
		case to == orderCompleted:
			return o.Status != orderDelivered // else by a refund only
		}
		return false
	})
}

// rank orders the states that an order passes one after the other.
func rank(status string) int {
	return slices.Index([]string{
		orderUnpaid, orderOnHold, orderAwaitingShipment, orderPartiallyShipping,
		orderAwaitingCollection, orderInTransit, orderDelivered, orderCompleted,
	}, status)
}

func (s *shop) bring(o *order, to string, now int64) *failure {
	if to == orderCancelled {
		return s.bringDown(o, now)
	}
	if o.Status == orderCancelled || o.Status != to && rank(to) <= rank(o.Status) {
		return cannot("order ", o.ID, " is ", o.Status, " and cannot become ", to)
	}
	if to == orderOnHold && o.Status != to && !s.region.hold {
		return cannot("orders of this market are not held")
	}
	for o.Status != to {
		before := o.Status
		if f := s.step(o, to, now); f != nil {
			return f
		}
		if o.Status == before || rank(o.Status) > rank(to) {
			return cannot("order ", o.ID, " stays ", o.Status)
		}
	}
	return nil
}

// step does the next thing that happens to an order on its way to a state.
func (s *shop) step(o *order, to string, now int64) *failure {
	switch o.Status {
	case orderUnpaid:
		s.pay(o, now)
	case orderOnHold:
		s.release(o, now)
	case orderAwaitingShipment, orderPartiallyShipping:
		return s.shipOpen(o, to == orderPartiallyShipping, now)
	case orderAwaitingCollection:
		for _, p := range s.packagesOf(o) {
			if p.Status == packageProcessing {
				s.collect(p, now)
			}
		}
	case orderInTransit:
		for _, p := range s.packagesOf(o) {
			if p.Status == packageFulfilling {
				s.deliver(p, now)
			}
		}
	case orderDelivered:
		if s.afterSaleOpen(o) {
			return cannot("a request about order ", o.ID, " is open")
		}
		s.complete(o, now)
	}
	return nil
}

// shipOpen ships what is open of an order, or a part of it only.
func (s *shop) shipOpen(o *order, part bool, now int64) *failure {
	lines, f := s.pickLines(o, nil)
	if f != nil {
		return f
	}
	var waiting []*parcel
	for _, p := range s.packagesOf(o) {
		if p.Status == packageToFulfill {
			waiting = append(waiting, p)
		}
	}
	if part && len(waiting) < 2 {
		some := lines[:1]
		if s.region.southEastAsia { // the units of a SKU stay together
			some = slices.DeleteFunc(slices.Clone(lines), func(id string) bool { return o.line(id).SKUID != o.line(lines[0]).SKUID })
		}
		if len(some) == len(lines) || len(waiting) > 0 && waiting[0].Grouping == groupCombined {
			return cannot("order ", o.ID, " cannot be shipped in parts")
		}
		lines = some
	}
	if f := s.refuseShipping([]string{o.ID}); f != nil {
		return f
	}
	switch {
	case part && len(waiting) > 1:
		waiting = waiting[:1]
	case part || len(waiting) == 0:
		p, f := s.wrap(o, lines, now)
		if f != nil {
			return f
		}
		waiting = []*parcel{p}
	}
	for _, p := range waiting {
		if f := s.refuseShipping(p.orderIDs()); f != nil {
			return f
		}
		s.endRequests(p.orderIDs(), now)
		by := pick(tradeOf(s).Random, carriers(s.Region))
		s.arrange(p, by, s.trackingNumber(by), now)
	}
	return nil
}

// bringDown cancels an order the way it usually happens in its state: the buyer
// thinks again, the seller does not ship, the carrier loses it.
func (s *shop) bringDown(o *order, now int64) *failure {
	switch o.Status {
	case orderCancelled:
		return nil
	case orderUnpaid, orderOnHold:
		_, _, f := s.askCancel(o, "", now)
		return f
	case orderAwaitingShipment:
		s.cancelBySystem(o, s.region.reason("system_cancel_order_reason_shipping_timeout"), now)
	case orderPartiallyShipping:
		if len(o.linesIn(orderDelivered)) > 0 {
			return cannot("a part of order ", o.ID, " is delivered")
		}
		s.cancelBySystem(o, s.region.reason("platform_cancel"), now)
	case orderAwaitingCollection:
		s.cancelBySystem(o, s.region.reason("system_cancel_order_untracked"), now)
	case orderInTransit:
		if len(o.linesIn(orderDelivered)) > 0 {
			return cannot("a part of order ", o.ID, " is delivered")
		}
		for _, p := range s.packagesOf(o) {
			if p.Status == packageFulfilling {
				s.lose(p, s.region.reason("package_lost"), now)
			}
		}
	default:
		return cannot("order ", o.ID, " is ", o.Status, " and cannot be cancelled")
	}
	return nil
}

// readdress sends an order that is not shipped to another address in the
// market. It leaves a package that it shares with other orders.
func (s *shop) readdress(o *order, now int64) *failure {
	if o.Status != orderAwaitingShipment {
		return cannot("order ", o.ID, " is ", o.Status, ": its address is fixed or not known yet")
	}
	who, other := *tradeOf(s).buyer(o.UserID), pick(tradeOf(s).Random, tradeOf(s).Buyers)
	who.Place, who.Street = other.Place, other.Street
	o.RecipientAddress = s.factory().address(who, o.ShippingType == shippingTikTok)
	o.HasUpdatedRecipientAddress = true
	ordersOf(s).changed(o, now)
	s.emit(eventAddress, addressUpdate{o.ID, now})
	for _, p := range s.packagesOf(o) {
		if p.Grouping != groupCombined {
			continue
		}
		made := s.takeApart(p, []string{o.ID}, now)
		s.announcePackages("ADDRESS_UPDATE_SPLIT", "ROLE_USER", now, made...)
	}
	return nil
}

func (s *gatehouse) postOrderBuyer(w http.ResponseWriter, r *http.Request) {
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
		view.ID, view.Status, f = shop.askCancel(o, input.Reason, now.Unix())
	case "address":
		view.Status, f = o.Status, shop.readdress(o, now.Unix())
	default:
		view.ID, view.Status, f = shop.askReturn(o, kinds[input.Ask], input.Reason, input.Lines, now.Unix())
	}
	if f != nil {
		refused(w, f)
		return
	}
	controlAnswer(w, http.StatusCreated, view)
}

func (s *gatehouse) postAfterSale(w http.ResponseWriter, r *http.Request) {
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
		f = shop.withdrawCancellation(c, input.Do, now.Unix())
		status = c.Status
	} else if request := tradeOf(shop).Returns[id]; request != nil {
		f = shop.stepReturn(request, input.Do, now.Unix())
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

func (s *shop) withdrawCancellation(c *cancellation, do string, now int64) *failure {
	if do != stepWithdraw || c.Status != cancelPending {
		return cannot("cancellation ", c.ID, " is ", c.Status, ": no ", do)
	}
	s.moveCancellation(c, cancelCancelled, now)
	return nil
}
