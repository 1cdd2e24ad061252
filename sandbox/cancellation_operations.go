package sandbox

import "strings"

// cancelOrder is the seller's cancellation of an order, or of lines of it where
// the market allows that for goods that are out of stock.
func cancelOrder(c *call) *failure {
	var input struct {
		OrderID string     `json:"order_id"`
		Reason  string     `json:"cancel_reason"`
		Lines   []string   `json:"order_line_item_ids"`
		SKUs    []skuCount `json:"skus"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	switch {
	case input.OrderID == "":
		return missing("order_id")
	case input.Reason == "":
		return missing("cancel_reason")
	}
	if f := checkSKUs(input.SKUs); f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	o, f := findOrder(c, input.OrderID, codeNotPermitted)
	if f != nil {
		return f
	}
	open := o.linesIn(orderAwaitingShipment)
	if o.Status == orderAwaitingCollection {
		open = o.linesIn(orderAwaitingCollection)
	}
	partial := len(input.Lines)+len(input.SKUs) > 0
	// The open lines of an order that is shipped in part can go one by one.
	if f := refuseCancel(s, o, roleSeller); f != nil && !(partial && o.Status == orderPartiallyShipping && f.code == codeOrderState) {
		return f
	}
	if f := checkReason(s.region, input.Reason, roleSeller, cancelReasonState(o.Status), reasonCancel); f != nil {
		return f
	}
	lines := lineIDs(open)
	if partial {
		chosen, f := o.chosenLines(open, input.Lines, input.SKUs)
		if f != nil {
			return f
		}
		outOfStock := strings.Contains(input.Reason, "out_of_stock")
		if whole := len(chosen) == len(o.LineItems); !whole && (!s.region.lineCancel || !outOfStock || o.Status == orderAwaitingCollection) {
			return fail(codeNoLineCancel, "single lines are cancelled in the US and GB only, before they are shipped and as out of stock")
		}
		lines = chosen
	}
	made := cancelAtOnce(s, o, lines, roleSeller, input.Reason, c.now.Unix())
	c.json(struct {
		ID     string `json:"cancel_id"`
		Status string `json:"cancel_status"`
	}{made.ID, made.Status})
	return nil
}

// findCancellation returns a cancellation of the caller's shop.
func findCancellation(c *call, id string) (*cancellation, *failure) {
	if found := tradeOf(c.shop).Cancellations[id]; found != nil {
		return found, nil
	}
	return nil, fail(codeOrderUnknown, "cancellation ", id, " does not exist or is not the shop's")
}

func approveCancellation(c *call) *failure {
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	return repeat(c, func() *failure {
		found, f := findCancellation(c, c.param(0))
		if f != nil {
			return f
		}
		switch found.Status {
		case cancelPending:
		case cancelCancelled:
			return fail(codeAlreadyCancelled, "cancellation ", found.ID, " was refused or taken back")
		default:
			return fail(codeApproveState, "cancellation ", found.ID, " is ", found.Status)
		}
		moveCancellation(c.shop, found, cancelSuccess, c.now.Unix())
		return nil
	})
}

func rejectCancellation(c *call) *failure {
	var input rejection
	if f := c.decode(&input); f != nil {
		return f
	}
	if f := input.validate(); f != nil {
		return f
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	return repeat(c, func() *failure {
		found, f := findCancellation(c, c.param(0))
		if f != nil {
			return f
		}
		switch found.Status {
		case cancelPending:
		case cancelCancelled:
			return fail(codeRejectState, "cancellation ", found.ID, " was refused or taken back")
		default:
			return fail(codeAlreadyApproved, "cancellation ", found.ID, " is ", found.Status)
		}
		if f := checkReason(c.shop.region, input.Reason, roleSeller, found.Status, reasonRejectCancel); f != nil {
			return f
		}
		moveCancellation(c.shop, found, cancelCancelled, c.now.Unix())
		return nil
	})
}
