package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// returnFilter is the body of the search.
type returnFilter struct {
	ReturnIDs     []string `json:"return_ids"`
	OrderIDs      []string `json:"order_ids"`
	BuyerIDs      []string `json:"buyer_user_ids"`
	Types         []string `json:"return_types"`
	Statuses      []string `json:"return_status"`
	ProposedTypes []string `json:"seller_proposed_return_type"`
	Arbitrations  []string `json:"arbitration_status"`
	CreateTimeGE  *int64   `json:"create_time_ge"`
	CreateTimeLT  *int64   `json:"create_time_lt"`
	UpdateTimeGE  *int64   `json:"update_time_ge"`
	UpdateTimeLT  *int64   `json:"update_time_lt"`
	Locale        string   `json:"locale"`
}

// partialRefund is the only type that sellers propose.
const partialRefund = "PARTIAL_REFUND"

func (f *returnFilter) matches(s *world.Shop, r *trade.ReturnRequest) bool {
	return among(f.ReturnIDs, r.ID) && among(f.OrderIDs, r.OrderID) && among(f.Types, r.Type) && among(f.Statuses, r.Status) &&
		among(f.BuyerIDs, trade.OrdersOf(s).ByID[r.OrderID].UserID) && among(f.Arbitrations, r.Arbitration) &&
		(len(f.ProposedTypes) == 0 || r.Offer > 0 && slices.Contains(f.ProposedTypes, partialRefund)) &&
		within(r.CreateTime, f.CreateTimeGE, f.CreateTimeLT) && within(r.UpdateTime, f.UpdateTimeGE, f.UpdateTimeLT)
}

func searchReturns(c *gate.Call) *gate.Failure {
	var filter returnFilter
	search := afterSaleSearch[*trade.ReturnRequest, returnView]{
		leastSize: 10,
		filter:    &filter,
		in:        func(s *world.Shop) map[string]*trade.ReturnRequest { return trade.Of(s).Returns },
		times:     func(r *trade.ReturnRequest) (string, int64, int64) { return r.ID, r.CreateTime, r.UpdateTime },
		matches:   filter.matches,
		view:      func(c *gate.Call, r *trade.ReturnRequest) returnView { return newReturnView(c, r, filter.Locale) },
		answer: func(found []returnView, end gate.PageEnd) any {
			return struct {
				Returns []returnView `json:"return_orders"`
				gate.PageEnd
			}{found, end}
		},
	}
	return search.run(c)
}

type returnView struct {
	ReturnID         string           `json:"return_id"`
	OrderID          string           `json:"order_id"`
	Type             string           `json:"return_type"`
	Status           string           `json:"return_status"`
	Role             string           `json:"role"`
	Reason           string           `json:"return_reason"`
	ReasonText       string           `json:"return_reason_text"`
	CreateTime       int64            `json:"create_time"`
	UpdateTime       int64            `json:"update_time"`
	Arbitration      string           `json:"arbitration_status,omitempty"`
	Refund           refundView       `json:"refund_amount"`
	Lines            []returnLineView `json:"return_line_items"`
	Discounts        []discountView   `json:"discount_amount"`
	ShippingFees     []returnFeeView  `json:"shipping_fee_amount"`
	Actions          []nextAction     `json:"seller_next_action_response"`
	Proposed         string           `json:"seller_proposed_return_type,omitempty"`
	Partial          *partialView     `json:"partial_refund,omitempty"`
	PartialRejected  bool             `json:"buyer_rejected_partial_refund"`
	CanKeep          bool             `json:"can_buyer_keep_item"`
	Combined         bool             `json:"is_combined_return"`
	CombinedID       string           `json:"combined_return_id"` // 0 where it is not combined, as recorded
	QuickRefund      bool             `json:"is_quick_refund"`    // no refund here comes before the goods
	PreID            string           `json:"pre_return_id,omitempty"`
	NextID           string           `json:"next_return_id,omitempty"`
	ShipmentType     string           `json:"shipment_type,omitempty"`
	HandoverMethod   string           `json:"handover_method,omitempty"`
	Method           string           `json:"return_method,omitempty"`
	ProviderID       string           `json:"return_provider_id,omitempty"`
	ProviderName     string           `json:"return_provider_name,omitempty"`
	TrackingNumber   string           `json:"return_tracking_number,omitempty"`
	Document         string           `json:"return_shipping_document_type,omitempty"`
	WarehouseAddress *fullAddress     `json:"return_warehouse_address,omitempty"`
	Reshipment       string           `json:"reshipment_order_id,omitempty"`
}

type returnLineView struct {
	ID          string     `json:"return_line_item_id"`
	LineID      string     `json:"order_line_item_id"`
	SKUID       string     `json:"sku_id"`
	SKUName     string     `json:"sku_name"`
	SellerSKU   string     `json:"seller_sku"`
	ProductName string     `json:"product_name"`
	Image       sizedImage `json:"product_image"`
	Refund      refundView `json:"refund_amount"`
}

type discountView struct {
	Currency         string `json:"currency"`
	ProductSeller    string `json:"product_seller_discount"`
	ProductPlatform  string `json:"product_platform_discount"`
	ShippingSeller   string `json:"shipping_fee_seller_discount"`
	ShippingPlatform string `json:"shipping_fee_platform_discount"`
}

type returnFeeView struct {
	Currency string `json:"currency"`
	Buyer    string `json:"buyer_paid_return_shipping_fee"`
	Seller   string `json:"seller_paid_return_shipping_fee"`
	Platform string `json:"platform_paid_return_shipping_fee"`
}

type partialView struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

type fullAddress struct {
	FullAddress string `json:"full_address"`
}

func newReturnView(c *gate.Call, r *trade.ReturnRequest, locale string) returnView {
	region, o := c.Shop.Market, trade.OrdersOf(c.Shop).ByID[r.OrderID]
	nothing := region.Money(0)
	view := returnView{
		ReturnID: r.ID, OrderID: r.OrderID, Type: r.Type, Status: r.Status, Role: r.Role,
		Reason: r.Reason, ReasonText: trade.ReasonText(r.Reason, locale), CreateTime: r.CreateTime, UpdateTime: r.UpdateTime,
		Arbitration: r.Arbitration, Refund: newRefundView(region, trade.SumOf(r.Lines)), Lines: []returnLineView{},
		Actions: []nextAction{}, CombinedID: "0", PartialRejected: r.OfferRejected, CanKeep: r.KeepsGoods,
		ShipmentType: r.ShipmentType, HandoverMethod: r.HandoverMethod,
		ProviderID: r.ProviderID, ProviderName: r.ProviderName, TrackingNumber: r.TrackingNumber, Document: r.Document, Reshipment: r.Replacement,
	}
	view.PreID, view.NextID = trade.EditsOf(c.Shop, r)
	var seller, platform int64
	for _, at := range r.Lines {
		line := o.Line(at.Line)
		seller, platform = seller+region.Cents(line.SellerDiscount), platform+region.Cents(line.PlatformDiscount)
		view.Lines = append(view.Lines, returnLineView{
			at.ID, line.ID, line.SKUID, line.SKUName, line.SellerSKU, line.ProductName, lineImage(c, line), newRefundView(region, at.Amounts),
		})
	}
	view.Discounts = []discountView{{region.Currency, region.Money(seller), region.Money(platform), nothing, nothing}}
	view.ShippingFees = []returnFeeView{{region.Currency, nothing, nothing, nothing}}
	if r.Offer > 0 {
		view.Proposed, view.Partial = partialRefund, &partialView{region.Money(r.Offer), region.Currency}
	}
	if action := sellerAction(r); action != "" {
		view.Actions = append(view.Actions, nextAction{action, r.Next})
	}
	if r.Type == trade.ReturnGoods && !r.Pending() && !r.KeepsGoods {
		view.Method = map[string]string{trade.ShipmentPlatform: "PLATFORM_SHIPPED", trade.ShipmentBuyer: "BUYER_SHIPPED"}[r.ShipmentType]
		for _, w := range c.Shop.Warehouses {
			if w.Kind == world.WarehouseReturn && w.IsDefault {
				view.WarehouseAddress = &fullAddress{w.Address.FullAddress}
			}
		}
	}
	return view
}

// sellerAction is what a request waits for the seller to do, if it does.
func sellerAction(r *trade.ReturnRequest) string {
	switch {
	case r.OfferOpen || r.Next == 0:
		return ""
	case r.Status == trade.ReplacementPending:
		return "SELLER_RESPOND_REPLACEMENT"
	case r.Status == trade.ReturnPending && r.Type == trade.ReturnRefund:
		return "SELLER_RESPOND_REFUND"
	case r.Status == trade.ReturnPending:
		return "SELLER_RESPOND_RETURN"
	case r.Status == trade.ReturnShipped:
		return "SELLER_RESPOND_RECEIVE_PACKAGE"
	}
	return ""
}
