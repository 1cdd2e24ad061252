package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

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
	Locale       string   `json:"locale"` // of the texts; English where it is left out
}

func (f *cancellationFilter) matches(s *world.Shop, v *trade.Cancellation) bool {
	status := v.Status
	if status == trade.CancelCancelled && slices.Contains(f.Statuses, trade.CancelCancelledShort) {
		status = trade.CancelCancelledShort
	}
	return among(f.CancelIDs, v.ID) && among(f.OrderIDs, v.OrderID) && among(f.Types, v.Type) &&
		among(f.Statuses, status) && among(f.BuyerIDs, trade.OrdersOf(s).ByID[v.OrderID].UserID) &&
		within(v.CreateTime, f.CreateTimeGE, f.CreateTimeLT) && within(v.UpdateTime, f.UpdateTimeGE, f.UpdateTimeLT)
}

func searchCancellations(c *gate.Call) *gate.Failure {
	var filter cancellationFilter
	search := afterSaleSearch[*trade.Cancellation, cancellationView]{
		// The documents allow 1 to 50; a live service was seen to ask for 10 at least.
		leastSize: 1,
		filter:    &filter,
		in:        func(s *world.Shop) map[string]*trade.Cancellation { return trade.Of(s).Cancellations },
		times:     func(v *trade.Cancellation) (string, int64, int64) { return v.ID, v.CreateTime, v.UpdateTime },
		matches:   filter.matches,
		view: func(c *gate.Call, v *trade.Cancellation) cancellationView {
			return newCancellationView(c, v, filter.Locale)
		},
		answer: func(found []cancellationView, end gate.PageEnd) any {
			return struct {
				Cancellations []cancellationView `json:"cancellations"`
				gate.PageEnd
			}{found, end}
		},
	}
	return search.run(c)
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
	Refund     *refundView            `json:"refund_amount,omitempty"` // not of what was to be paid in cash
	Lines      []cancellationLineView `json:"cancel_line_items"`
	Replenish  bool                   `json:"should_replenish_stock"`
	Actions    []nextAction           `json:"seller_next_action_response"`
}

type cancellationLineView struct {
	ID          string      `json:"cancel_line_item_id"`
	LineID      string      `json:"order_line_item_id"`
	SKUID       string      `json:"sku_id"`
	SKUName     string      `json:"sku_name"`
	SellerSKU   string      `json:"seller_sku"`
	ProductName string      `json:"product_name"`
	Image       sizedImage  `json:"product_image"`
	Refund      *refundView `json:"refund_amount,omitempty"`
}

func newCancellationView(c *gate.Call, v *trade.Cancellation, locale string) cancellationView {
	r, o := c.Shop.Market, trade.OrdersOf(c.Shop).ByID[v.OrderID]
	view := cancellationView{
		CancelID: v.ID, OrderID: v.OrderID, Type: v.Type, Status: v.Status, Role: v.Role,
		Reason: v.Reason, ReasonText: trade.ReasonText(v.Reason, locale), CreateTime: v.CreateTime, UpdateTime: v.UpdateTime,
		Lines: []cancellationLineView{}, Actions: []nextAction{},
		Replenish: o.CollectionTime == 0 || v.CreateTime < o.CollectionTime,
	}
	if view.Role == trade.RoleOperator { // unknown to this list
		view.Role = trade.RoleSystem
	}
	sum := trade.SumOf(v.Lines)
	refund := func(a trade.Amounts) *refundView {
		if o.IsCOD && sum.Total() == 0 { // as recorded: nothing was paid
			return nil
		}
		return new(newRefundView(r, a))
	}
	view.Refund = refund(sum)
	for _, at := range v.Lines {
		line := o.Line(at.Line)
		view.Lines = append(view.Lines, cancellationLineView{
			at.ID, line.ID, line.SKUID, line.SKUName, line.SellerSKU, line.ProductName, lineImage(c, line), refund(at.Amounts),
		})
	}
	if v.Status == trade.CancelPending {
		view.Actions = append(view.Actions, nextAction{"SELLER_RESPOND_CANCEL", v.Next})
	}
	return view
}
