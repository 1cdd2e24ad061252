package order

import (
	"encoding/json"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// maxOrderIDs is the number of orders that one detail call reads.
const maxOrderIDs = 50

// maxWarehouseIDs bounds the warehouse filter of the order search.
const maxWarehouseIDs = 100

// validate refuses unlisted values, unlike other searches: the platform was seen to do
// so with sort_order. That it does with status and shipping type is inferred.
func validate(f *trade.OrderFilter) *gate.Failure {
	if f.OrderStatus != "" && !slices.Contains(trade.OrderStatuses, f.OrderStatus) {
		return gate.NotAllowed("order_status", f.OrderStatus, trade.OrderStatuses)
	}
	if types := []string{trade.ShippingTikTok, trade.ShippingSeller}; f.ShippingType != "" && !slices.Contains(types, f.ShippingType) {
		return gate.NotAllowed("shipping_type", f.ShippingType, types)
	}
	if len(f.WarehouseIDs) > maxWarehouseIDs {
		return gate.Fail(gate.CodeInvalidParameter, "'warehouse_ids' takes at most 100 values")
	}
	return nil
}

func searchOrders(c *gate.Call) *gate.Failure {
	// A size out of range answers with the collective code: the size is
	// required there, and the documents name no other one.
	page, f := c.Page(gate.CodeInvalidParameter)
	if f != nil {
		return f
	}
	field, f := c.OneOf("sort_field", "create_time", "create_time", "update_time")
	if f != nil {
		return f
	}
	usual := "DESC"
	if c.Gate.Settings.OldestOrdersFirst {
		usual = "ASC"
	}
	direction, f := c.OneOf("sort_order", usual, "ASC", "DESC")
	if f != nil {
		return f
	}
	scope := "orders " + c.Shop.ID + field + direction
	after, f := page.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	var filter trade.OrderFilter
	if f := c.Decode(&filter); f != nil {
		return f
	}
	if f := validate(&filter); f != nil {
		return f
	}

	found, next, total := trade.FindOrders(c, &filter, field == "update_time", direction == "DESC", after, page.Size)
	c.Out = append(c.Out, `{"next_page_token":"`...)
	if next != nil {
		c.Out = append(c.Out, next.Encode(c.State.World.Seed, scope)...)
	}
	c.Out = append(c.Out, `","orders":`...)
	appendOrders(c, found, false, false)
	c.Out = append(c.Out, `,"total_count":`...)
	c.Out = gate.AppendInt(c.Out, total)
	c.Out = append(c.Out, '}')
	return nil
}

// getOrders reads orders by their ids. Unknown ids are left out of the answer,
// ids of the seller's other shops are refused.
func getOrders(c *gate.Call) *gate.Failure {
	found, f := namedOrders(c)
	if f != nil {
		return f
	}
	c.Out = append(c.Out, `{"orders":`...)
	appendOrders(c, found, c.Route.Path == "/order/202507/orders", true)
	c.Out = append(c.Out, '}')
	return nil
}

// getPrivilegedOrders shows the same, with the fields that its page has.
func getPrivilegedOrders(c *gate.Call) *gate.Failure {
	if f := c.WithShop(append(c.List("ids"), "")[0]); f != nil {
		return f
	}
	c.Shop.Mu.RLock()
	defer c.Shop.Mu.RUnlock()
	found, f := namedOrders(c)
	if f != nil {
		return f
	}
	orders := []json.RawMessage{}
	for _, o := range found {
		orders = append(orders, o.Encoded(c.Shop.Market, c.BaseURL(), false))
	}
	c.JSONAs(struct {
		Orders []json.RawMessage `json:"orders"`
	}{orders})
	return nil
}

// namedOrders finds the orders that a request names. The caller holds the lock.
func namedOrders(c *gate.Call) ([]*trade.Order, *gate.Failure) {
	ids := c.List("ids")
	switch {
	case len(ids) == 0:
		return nil, gate.Missing("ids")
	case len(ids) > maxOrderIDs:
		return nil, gate.Fail(gate.CodeInvalidParameter, "'ids' takes at most 50 values")
	}
	for _, id := range ids {
		if owner := trade.OwnerOfOrder(c.State.World, id); owner != nil && owner != c.Shop {
			return nil, gate.Fail(trade.CodeForeignOrder, "order ", id, " belongs to another shop")
		}
	}
	var found []*trade.Order
	for _, id := range ids {
		again := slices.ContainsFunc(found, func(o *trade.Order) bool { return o.ID == id })
		if o := trade.OrderByID(c.Shop, id); o != nil && !again {
			found = append(found, o)
		}
	}
	return found, nil
}

// appendOrders appends a list of orders. The caller holds the shop's lock.
func appendOrders(c *gate.Call, list []*trade.Order, newest, detail bool) {
	lists := c.Gate.Lists.Get()
	detail = detail && lists.OrderDetailFields
	blankBefore := c.Now.AddDate(0, 0, -lists.BlankAddressDays).Unix()
	c.Out = append(c.Out, '[')
	for i, o := range list {
		if i > 0 {
			c.Out = append(c.Out, ',')
		}
		blank := lists.BlankAddressDays > 0 && o.CreateTime < blankBefore
		if detail || blank {
			c.Out = append(c.Out, o.EncodedWith(c.Shop.Market, c.BaseURL(), newest, detail, blank)...)
			continue
		}
		c.Out = append(c.Out, o.Encoded(c.Shop.Market, c.BaseURL(), newest)...)
	}
	c.Out = append(c.Out, ']')
}
