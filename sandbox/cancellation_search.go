package sandbox

import "slices"

// cancellationFilter is the body of the search.
type cancellationFilter struct {
	CancelIDs    []string `json:"cancel_ids"`
	OrderIDs     []string `json:"order_ids"`
	BuyerIDs     []string `json:"buyer_user_ids"`
	Types        []string `json:"cancel_types"`
	Statuses     []string `json:"cancel_status"`
	CreateTimeGE *int64   `json:"create_time_ge"`
	CreateTimeLT *int64   `json:"create_time_lt"`
	UpdateTimeGE *int64   `json:"update_time_ge"`
	UpdateTimeLT *int64   `json:"update_time_lt"`
	Locale       string   `json:"locale"` // of the texts, which are English here
}

func (f *cancellationFilter) validate() *failure {
	if bad := oddOne(f.Types, cancelDirectly, cancelByBuyer); bad != nil {
		return notAllowed("cancel_types", *bad, []string{cancelDirectly, cancelByBuyer})
	}
	statuses := []string{cancelPending, cancelSuccess, cancelCancelledShort, cancelComplete}
	// The spelling of the answers is taken as well.
	if bad := oddOne(f.Statuses, append(statuses, cancelCancelled)...); bad != nil {
		return notAllowed("cancel_status", *bad, statuses)
	}
	return nil
}

func searchCancellations(c *call) *failure {
	// The documents allow 1 to 50; a live service was seen to ask for 10 at least.
	page, list, f := afterSalePage(c, 1)
	if f != nil {
		return f
	}
	var filter cancellationFilter
	if f := c.decode(&filter); f != nil {
		return f
	}
	if f := filter.validate(); f != nil {
		return f
	}
	s := c.shop
	s.mu.RLock()
	defer s.mu.RUnlock()
	key := func(v *cancellation) cursor { return list.cursor(v.ID, v.CreateTime, v.UpdateTime) }
	found, next, total := paginate(sorted(tradeOf(s).Cancellations, key), list.descending, list.after, page.size, key, func(v *cancellation) bool {
		status := v.Status
		if status == cancelCancelled && slices.Contains(filter.Statuses, cancelCancelledShort) {
			status = cancelCancelledShort
		}
		return among(filter.CancelIDs, v.ID) && among(filter.OrderIDs, v.OrderID) && among(filter.Types, v.Type) &&
			among(filter.Statuses, status) && among(filter.BuyerIDs, ordersOf(s).byID[v.OrderID].UserID) &&
			within(v.CreateTime, filter.CreateTimeGE, filter.CreateTimeLT) && within(v.UpdateTime, filter.UpdateTimeGE, filter.UpdateTimeLT)
	})
	views := []cancellationView{}
	for _, v := range found {
		views = append(views, newCancellationView(c, v))
	}
	c.json(struct {
		Cancellations []cancellationView `json:"cancellations"`
		pageEnd
	}{views, c.pageEnd(next, list.scope, total)})
	return nil
}

type cancellationView struct {
	CancelID   string                 `json:"cancel_id"`
	OrderID    string                 `json:"order_id"`
	Type       string                 `json:"cancel_type"`
	Status     string                 `json:"cancel_status"`
	Role       string                 `json:"role"`
	Reason     string                 `json:"cancel_reason"`
	ReasonText string                 `json:"cancel_reason_text"`
	CreateTime int64                  `json:"create_time"`
	UpdateTime int64                  `json:"update_time"`
	Refund     refundView             `json:"refund_amount"`
	Lines      []cancellationLineView `json:"cancel_line_items"`
	Actions    []nextAction           `json:"seller_next_action_response"`
}

type cancellationLineView struct {
	ID          string     `json:"cancel_line_item_id"`
	LineID      string     `json:"order_line_item_id"`
	SKUID       string     `json:"sku_id"`
	SKUName     string     `json:"sku_name"`
	SellerSKU   string     `json:"seller_sku"`
	ProductName string     `json:"product_name"`
	Image       sizedImage `json:"product_image"`
	Refund      refundView `json:"refund_amount"`
}

func newCancellationView(c *call, v *cancellation) cancellationView {
	r, o := c.shop.region, ordersOf(c.shop).byID[v.OrderID]
	view := cancellationView{
		CancelID: v.ID, OrderID: v.OrderID, Type: v.Type, Status: v.Status, Role: v.Role,
		Reason: v.Reason, ReasonText: reasonText(v.Reason), CreateTime: v.CreateTime, UpdateTime: v.UpdateTime,
		Refund: newRefundView(r, sumOf(v.Lines)), Lines: []cancellationLineView{}, Actions: []nextAction{},
	}
	if view.Role == roleOperator { // unknown to this list
		view.Role = roleSystem
	}
	for _, at := range v.Lines {
		line := o.line(at.Line)
		view.Lines = append(view.Lines, cancellationLineView{
			at.ID, line.ID, line.SKUID, line.SKUName, line.SellerSKU, line.ProductName, lineImage(c, line), newRefundView(r, at.Amounts),
		})
	}
	if v.Status == cancelPending {
		view.Actions = append(view.Actions, nextAction{"SELLER_RESPOND_CANCEL", v.Next})
	}
	return view
}
