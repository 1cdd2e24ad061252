package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/fulfillment"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The parts of an answer that the searches of 2026 leave out unless they are
// asked for. Without a list everything is there, which no source settles.
const (
	partLines   = "LINE_ITEMS"
	partReturns = "SKU_RETURN_REQUESTS"
	partRMAs    = "RETURN_MERCHANDISE_AUTHORIZATIONS"
)

// reviewSearch is the body of the searches of 2026, which have their page in it.
// Each return is a request of its own here, with the id of the return; once the
// goods may come back, it has one authorization, with the same id again. Goods on
// their way back have no package of their own.
type reviewSearch struct {
	Filters struct {
		RequestIDs      []string `json:"aftersales_request_ids"`
		RequestStatuses []string `json:"aftersales_request_statuses"`
		RMAIDs          []string `json:"rma_ids"`
		RMAStatuses     []string `json:"statuses"`
		PackageIDs      []string `json:"package_ids"`
		OrderIDs        []string `json:"main_order_ids"`
		BuyerIDs        []string `json:"buyer_ids"`
		Types           []string `json:"return_types"`
		Time            struct {
			CreateTimeGE *int64 `json:"create_time_ge"`
			CreateTimeLT *int64 `json:"create_time_lt"`
			UpdateTimeGE *int64 `json:"update_time_ge"`
			UpdateTimeLT *int64 `json:"update_time_lt"`
		} `json:"time"`
	} `json:"filters"`
	Pagination struct {
		Size  *int   `json:"page_size"`
		Token string `json:"page_token"`
	} `json:"pagination"`
	Sort struct {
		Field string `json:"sort_field"`
		Order string `json:"sort_order"`
	} `json:"sort"`
	Parts []string `json:"whitelisted_data_fields"`
}

func (in *reviewSearch) matches(s *world.Shop, r *trade.ReturnRequest) bool {
	f, t := &in.Filters, &in.Filters.Time
	return among(f.RequestIDs, r.ID) && among(f.RMAIDs, r.ID) && among(f.OrderIDs, r.OrderID) && among(f.Types, r.Type) &&
		among(f.RequestStatuses, r.Status) && among(f.RMAStatuses, r.Status) && len(f.PackageIDs) == 0 &&
		among(f.BuyerIDs, trade.OrdersOf(s).ByID[r.OrderID].UserID) &&
		within(r.CreateTime, t.CreateTimeGE, t.CreateTimeLT) && within(r.UpdateTime, t.UpdateTimeGE, t.UpdateTimeLT)
}

// wants reports whether a part is to be in the answer.
func (in *reviewSearch) wants(part string) bool { return among(in.Parts, part) }

// pick reads the body and returns the page of the requests that it asks for.
func (in *reviewSearch) pick(c *gate.Call, match func(*trade.ReturnRequest) bool, parts ...string) ([]*trade.ReturnRequest, gate.PageEnd, *gate.Failure) {
	none := gate.PageEnd{}
	if f := c.Decode(in); f != nil {
		return nil, none, f
	}
	for _, e := range []struct {
		name    string
		value   *string
		allowed []string
	}{
		{"sort.sort_field", &in.Sort.Field, []string{"create_time", "update_time"}},
		{"sort.sort_order", &in.Sort.Order, []string{"ASC", "DESC"}},
	} {
		if *e.value == "" {
			*e.value = e.allowed[0]
		}
		if !slices.Contains(e.allowed, *e.value) {
			return nil, none, gate.NotAllowed(e.name, *e.value, e.allowed)
		}
	}
	if bad := oddOne(in.Parts, parts...); bad != nil {
		return nil, none, gate.NotAllowed("whitelisted_data_fields", *bad, parts)
	}
	page := gate.PageRequest{Size: 10, Token: in.Pagination.Token}
	if size := in.Pagination.Size; size != nil {
		if page.Size = *size; page.Size < 1 || page.Size > 50 {
			return nil, none, gate.Fail(codeParameterRange, "'pagination.page_size' must be from 1 to 50")
		}
	}
	s := c.Shop
	list := afterSaleList{field: in.Sort.Field, descending: in.Sort.Order == "DESC", scope: c.Route.Name + s.ID + in.Sort.Field + in.Sort.Order}
	var f *gate.Failure
	if list.after, f = page.Cursor(c.State.World.Seed, list.scope); f != nil {
		return nil, none, f
	}
	key := func(r *trade.ReturnRequest) gate.Cursor { return list.cursor(r.ID, r.CreateTime, r.UpdateTime) }
	found, next, total := gate.Paginate(c, fulfillment.Sorted(trade.Of(s).Returns, key), list.descending, list.after, page.Size, key,
		func(r *trade.ReturnRequest) bool { return in.matches(s, r) && match(r) })
	return found, c.PageEnd(next, list.scope, total), nil
}

// authorized reports whether goods may come back, or came.
func authorized(r *trade.ReturnRequest) bool {
	sent := []string{trade.ReturnAwaitingShip, trade.ReturnShipped, trade.ReturnGoodsRejected, trade.ReturnSuccess, trade.ReturnComplete}
	return r.Type == trade.ReturnGoods && !r.KeepsGoods && slices.Contains(sent, r.Status)
}

type reviewLine struct {
	OrderID  string `json:"main_order_id"`
	Line     string `json:"return_line_item_id"`
	SKUID    string `json:"sku_id"`
	ReturnID string `json:"sku_return_request_id"`
}

type authorization struct {
	ID        string          `json:"id"`
	RequestID string          `json:"aftersales_request_id"`
	Status    string          `json:"status"`
	Lines     []reviewLine    `json:"line_items,omitempty"`
	Returns   []skuReturnView `json:"sku_return_requests,omitempty"`
}

func (in *reviewSearch) authorizationOf(s *world.Shop, r *trade.ReturnRequest) authorization {
	a := authorization{ID: r.ID, RequestID: r.ID, Status: r.Status}
	if in.wants(partLines) {
		a.Lines = reviewLines(s, r)
	}
	return a
}

func reviewLines(s *world.Shop, r *trade.ReturnRequest) []reviewLine {
	var list []reviewLine
	o := trade.OrdersOf(s).ByID[r.OrderID]
	for _, line := range r.Lines {
		list = append(list, reviewLine{r.OrderID, line.ID, o.Line(line.Line).SKUID, r.ID})
	}
	return list
}

// searchAftersales searches what buyers asked for.
func searchAftersales(c *gate.Call) *gate.Failure {
	type view struct {
		ID       string          `json:"id"`
		Status   string          `json:"status"`
		Lines    []reviewLine    `json:"line_items,omitempty"`
		Returns  []skuReturnView `json:"sku_return_requests,omitempty"`
		Packages []authorization `json:"return_merchandise_authorizations,omitempty"`
	}
	var in reviewSearch
	found, end, f := in.pick(c, func(*trade.ReturnRequest) bool { return true }, partLines, partReturns, partRMAs)
	if f != nil {
		return f
	}
	views := []view{}
	for _, r := range found {
		v := view{ID: r.ID, Status: r.Status}
		if in.wants(partLines) {
			v.Lines = reviewLines(c.Shop, r)
		}
		if in.wants(partReturns) {
			v.Returns = []skuReturnView{newSKUReturnView(c, r)}
		}
		if in.wants(partRMAs) && authorized(r) {
			v.Packages = []authorization{in.authorizationOf(c.Shop, r)}
		}
		views = append(views, v)
	}
	c.JSON(struct {
		Requests []view `json:"aftersales_requests"`
		gate.PageEnd
	}{views, end})
	return nil
}

// searchAuthorizations searches the packages that may come back.
func searchAuthorizations(c *gate.Call) *gate.Failure {
	var in reviewSearch
	found, end, f := in.pick(c, authorized, partLines, partReturns)
	if f != nil {
		return f
	}
	views := []authorization{}
	for _, r := range found {
		a := in.authorizationOf(c.Shop, r)
		if in.wants(partReturns) {
			a.Returns = []skuReturnView{newSKUReturnView(c, r)}
		}
		views = append(views, a)
	}
	c.JSON(struct {
		Packages []authorization `json:"return_merchandise_authorizations"`
		gate.PageEnd
	}{views, end})
	return nil
}

// skuReturnView is a return as the searches of 2026 show it: like SearchReturns,
// with some members named or made otherwise.
type skuReturnView struct {
	returnView
	KeepsItem   bool                 `json:"buyer_keep_item"`
	Discount    reviewDiscount       `json:"discount"`
	ShippingFee reviewFee            `json:"shipping_fee"`
	Partial     *reviewPartialRefund `json:"partial_refund_amount,omitempty"`

	// These hide the members of returnView that are not there any more.
	NoKeep      *bool `json:"can_buyer_keep_item,omitempty"`
	NoDiscounts *bool `json:"discount_amount,omitempty"`
	NoFees      *bool `json:"shipping_fee_amount,omitempty"`
	NoPartial   *bool `json:"partial_refund,omitempty"`
}

func newSKUReturnView(c *gate.Call, r *trade.ReturnRequest) skuReturnView {
	locale, _ := wire.Lookup(c.Query, "locale")
	v := skuReturnView{returnView: newReturnView(c, r, locale), KeepsItem: r.KeepsGoods}
	d, fee := v.Discounts[0], v.ShippingFees[0]
	v.Discount = reviewDiscount{d.ProductSeller, d.ProductPlatform, d.ShippingSeller, d.ShippingPlatform}
	v.ShippingFee = reviewFee{fee.Buyer, fee.Seller, fee.Platform}
	if offer := v.returnView.Partial; offer != nil {
		v.Partial = &reviewPartialRefund{offer.Currency, offer.Amount}
	}
	return v
}

type reviewDiscount struct {
	ProductSeller    string `json:"product_seller_discount"`
	ProductPlatform  string `json:"product_platform_discount"`
	ShippingSeller   string `json:"shipping_fee_seller_discount"`
	ShippingPlatform string `json:"shipping_fee_platform_discount"`
}

type reviewFee struct {
	Buyer    string `json:"buyer_paid_return_shipping_fee_amount"`
	Seller   string `json:"seller_paid_return_shipping_fee_amount"`
	Platform string `json:"platform_paid_return_shipping_fee_amount"`
}

type reviewPartialRefund struct {
	Currency string `json:"currency"`
	Total    string `json:"partial_refund_total"`
}
