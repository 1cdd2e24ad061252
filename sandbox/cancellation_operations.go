package sandbox

import (
	"slices"
	"strings"
)

// skuCount names units by their SKU instead of by their lines.
type skuCount struct {
	SKUID    string `json:"sku_id"`
	Quantity int64  `json:"quantity"`
}

// chosenLines returns the lines that a request names by lines or by SKUs, out of
// those that are open to it. Naming none names none.
func (o *order) chosenLines(open []*lineItem, lines []string, skus []skuCount) ([]string, *failure) {
	var chosen []string
	for _, id := range lines {
		if !slices.ContainsFunc(open, func(l *lineItem) bool { return l.ID == id }) {
			return nil, fail(codeLineQuantity, "line ", id, " of order ", o.ID, " is not open to this")
		}
		if !slices.Contains(chosen, id) {
			chosen = append(chosen, id)
		}
	}
	if len(lines) > 0 {
		return chosen, nil
	}
	for _, want := range skus {
		count := int64(0)
		for _, line := range open {
			if line.SKUID == want.SKUID && count < want.Quantity && !slices.Contains(chosen, line.ID) {
				chosen = append(chosen, line.ID)
				count++
			}
		}
		if count < want.Quantity {
			return nil, fail(codeLineQuantity, "order ", o.ID, " has fewer units of SKU ", want.SKUID)
		}
	}
	return chosen, nil
}

func checkSKUs(skus []skuCount) *failure {
	for _, sku := range skus {
		switch {
		case sku.SKUID == "":
			return missing("skus.sku_id")
		case sku.Quantity < 1:
			return fail(codeReturnParameter, "'skus.quantity' must be at least 1")
		}
	}
	return nil
}

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
	o, f := c.order(input.OrderID, codeNotPermitted)
	if f != nil {
		return f
	}
	open := o.linesIn(orderAwaitingShipment)
	if o.Status == orderAwaitingCollection {
		open = o.linesIn(orderAwaitingCollection)
	}
	partial := len(input.Lines)+len(input.SKUs) > 0
	// The open lines of an order that is shipped in part can go one by one.
	if f := s.refuseCancel(o, roleSeller); f != nil && !(partial && o.Status == orderPartiallyShipping && f.code == codeOrderState) {
		return f
	}
	if f := s.region.checkReason(input.Reason, roleSeller, cancelReasonState(o.Status), reasonCancel); f != nil {
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
	made := s.cancelAtOnce(o, lines, roleSeller, input.Reason, c.now.Unix())
	c.json(struct {
		ID     string `json:"cancel_id"`
		Status string `json:"cancel_status"`
	}{made.ID, made.Status})
	return nil
}

// cancellation returns a cancellation of the caller's shop.
func (c *call) cancellation(id string) (*cancellation, *failure) {
	if found := c.shop.trade.Cancellations[id]; found != nil {
		return found, nil
	}
	return nil, fail(codeOrderUnknown, "cancellation ", id, " does not exist or is not the shop's")
}

func approveCancellation(c *call) *failure {
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	return c.repeat(func() *failure {
		found, f := c.cancellation(c.param(0))
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
		c.shop.moveCancellation(found, cancelSuccess, c.now.Unix())
		return nil
	})
}

// rejection is the body of a refusal.
type rejection struct {
	Decision string `json:"decision"`
	Reason   string `json:"reject_reason"`
	Comment  string `json:"comment"`
	Images   []struct {
		ID       string `json:"image_id"`
		MIMEType string `json:"mime_type"`
		Width    int64  `json:"width"`
		Height   int64  `json:"height"`
	} `json:"images"`
}

func (in *rejection) validate() *failure {
	if in.Reason == "" {
		return missing("reject_reason")
	}
	for _, image := range in.Images {
		if image.ID == "" {
			return missing("images.image_id")
		}
	}
	return nil
}

// imageIDs returns the images of a refusal.
func (in *rejection) imageIDs() []string {
	var list []string
	for _, image := range in.Images {
		list = append(list, image.ID)
	}
	return list
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
	return c.repeat(func() *failure {
		found, f := c.cancellation(c.param(0))
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
		if f := c.shop.region.checkReason(input.Reason, roleSeller, found.Status, reasonRejectCancel); f != nil {
			return f
		}
		c.shop.moveCancellation(found, cancelCancelled, c.now.Unix())
		return nil
	})
}

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

// oddOne returns a value that is not among those allowed, or nil.
func oddOne(values []string, allowed ...string) *string {
	for i := range values {
		if !slices.Contains(allowed, values[i]) {
			return &values[i]
		}
	}
	return nil
}

// among reports whether a filter that lists values lets one pass.
func among(values []string, value string) bool {
	return len(values) == 0 || slices.Contains(values, value)
}

// within reports whether a time lies in a range whose ends may be open.
func within(time int64, from, to *int64) bool {
	return (from == nil || time >= *from) && (to == nil || time < *to)
}

func searchCancellations(c *call) *failure {
	// The documents allow 1 to 50; a live service was seen to ask for 10 at least.
	page, list, f := c.afterSalePage(1)
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
	key := func(v *cancellation) cursor {
		if list.field == "update_time" {
			return cursor{v.UpdateTime, number(v.ID)}
		}
		return cursor{v.CreateTime, number(v.ID)}
	}
	found, next, total := paginate(sorted(s.trade.Cancellations, key), list.descending, list.after, page.size, key, func(v *cancellation) bool {
		status := v.Status
		if status == cancelCancelled && slices.Contains(filter.Statuses, cancelCancelledShort) {
			status = cancelCancelledShort
		}
		return among(filter.CancelIDs, v.ID) && among(filter.OrderIDs, v.OrderID) && among(filter.Types, v.Type) &&
			among(filter.Statuses, status) && among(filter.BuyerIDs, s.orders.byID[v.OrderID].UserID) &&
			within(v.CreateTime, filter.CreateTimeGE, filter.CreateTimeLT) && within(v.UpdateTime, filter.UpdateTimeGE, filter.UpdateTimeLT)
	})
	views := []cancellationView{}
	for _, v := range found {
		views = append(views, c.cancellationView(v))
	}
	c.json(struct {
		Cancellations []cancellationView `json:"cancellations"`
		pageEnd
	}{views, c.pageEnd(next, list.scope, total)})
	return nil
}

// afterSaleList says how a search of requests is sorted and where it goes on.
type afterSaleList struct {
	field      string
	descending bool
	scope      string
	after      *cursor
}

// afterSalePage reads what the searches of requests have in common. They sort
// ascending unless told otherwise.
func (c *call) afterSalePage(least int) (page pageRequest, list afterSaleList, f *failure) {
	if page, f = c.pageOf(least, 50, 10, codeParameterRange); f != nil {
		return page, list, f
	}
	if list.field, f = c.oneOf("sort_field", "create_time", "create_time", "update_time"); f != nil {
		return page, list, f
	}
	direction, f := c.oneOf("sort_order", "ASC", "ASC", "DESC")
	if f != nil {
		return page, list, f
	}
	list.descending = direction == "DESC"
	list.scope = c.route.name + c.shop.ID + list.field + direction
	list.after, f = page.cursor(c.state.world.seed, list.scope)
	return page, list, f
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

type sizedImage struct {
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// nextAction is what the seller has to do, and until when.
type nextAction struct {
	Action   string `json:"action"`
	Deadline int64  `json:"deadline"`
}

type refundView struct {
	Currency string `json:"currency"`
	Total    string `json:"refund_total"`
	Subtotal string `json:"refund_subtotal"`
	Shipping string `json:"refund_shipping_fee"`
	Tax      string `json:"refund_tax"`
	Retail   string `json:"retail_delivery_fee"`
}

func (r *region) refundView(a amounts) refundView {
	return refundView{r.currency, r.money(a.total()), r.money(a.Subtotal), r.money(a.Shipping), r.money(a.Tax + a.ShippingTax), r.money(a.Retail)}
}

func (c *call) lineImage(line *lineItem) sizedImage {
	view := sizedImage{URL: c.imageURL(line.SKUImage)}
	if info := c.state.world.images.get(line.SKUImage); info != nil {
		view.Width, view.Height = info.width, info.height
	}
	return view
}

func (c *call) cancellationView(v *cancellation) cancellationView {
	r, o := c.shop.region, c.shop.orders.byID[v.OrderID]
	view := cancellationView{
		CancelID: v.ID, OrderID: v.OrderID, Type: v.Type, Status: v.Status, Role: v.Role,
		Reason: v.Reason, ReasonText: reasonText(v.Reason), CreateTime: v.CreateTime, UpdateTime: v.UpdateTime,
		Refund: r.refundView(sumOf(v.Lines)), Lines: []cancellationLineView{}, Actions: []nextAction{},
	}
	if view.Role == roleOperator { // unknown to this list
		view.Role = roleSystem
	}
	for _, at := range v.Lines {
		line := o.line(at.Line)
		view.Lines = append(view.Lines, cancellationLineView{
			at.ID, line.ID, line.SKUID, line.SKUName, line.SellerSKU, line.ProductName, c.lineImage(line), r.refundView(at.Amounts),
		})
	}
	if v.Status == cancelPending {
		view.Actions = append(view.Actions, nextAction{"SELLER_RESPOND_CANCEL", v.Next})
	}
	return view
}
