package sandbox

import "slices"

// maxOrderIDs is the number of orders that one detail call reads.
const maxOrderIDs = 50

// maxWarehouseIDs bounds the warehouse filter of the order search.
const maxWarehouseIDs = 100

func validate(f *orderFilter) *failure {
	if f.OrderStatus != "" && !slices.Contains(orderStatuses, f.OrderStatus) {
		return notAllowed("order_status", f.OrderStatus, orderStatuses)
	}
	if types := []string{shippingTikTok, shippingSeller}; f.ShippingType != "" && !slices.Contains(types, f.ShippingType) {
		return notAllowed("shipping_type", f.ShippingType, types)
	}
	if len(f.WarehouseIDs) > maxWarehouseIDs {
		return fail(codeInvalidParameter, "'warehouse_ids' takes at most 100 values")
	}
	return nil
}

func searchOrders(c *call) *failure {
	// A size out of range answers with the collective code: the size is
	// required there, and the documents name no other one.
	page, f := c.page(codeInvalidParameter)
	if f != nil {
		return f
	}
	field, f := c.oneOf("sort_field", "create_time", "create_time", "update_time")
	if f != nil {
		return f
	}
	direction, f := c.oneOf("sort_order", "DESC", "ASC", "DESC")
	if f != nil {
		return f
	}
	scope := "orders " + c.shop.ID + field + direction
	after, f := page.cursor(c.state.world.seed, scope)
	if f != nil {
		return f
	}
	var filter orderFilter
	if f := c.decode(&filter); f != nil {
		return f
	}
	if f := validate(&filter); f != nil {
		return f
	}

	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	found, next, total := findOrders(c.shop, &filter, field == "update_time", direction == "DESC", after, page.size)
	c.out = append(c.out, `{"next_page_token":"`...)
	if next != nil {
		c.out = append(c.out, next.encode(c.state.world.seed, scope)...)
	}
	c.out = append(c.out, `","orders":`...)
	appendOrders(c, found, false)
	c.out = append(c.out, `,"total_count":`...)
	c.out = appendInt(c.out, total)
	c.out = append(c.out, '}')
	return nil
}

// getOrders reads orders by their ids. Unknown ids are left out of the answer,
// ids of the seller's other shops are refused.
func getOrders(c *call) *failure {
	ids := c.list("ids")
	switch {
	case len(ids) == 0:
		return missing("ids")
	case len(ids) > maxOrderIDs:
		return fail(codeInvalidParameter, "'ids' takes at most 50 values")
	}
	for _, id := range ids {
		if owner := ownerOfOrder(c.state.world, id); owner != nil && owner != c.shop {
			return fail(codeForeignOrder, "order ", id, " belongs to another shop")
		}
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	var found []*order
	for _, id := range ids {
		again := slices.ContainsFunc(found, func(o *order) bool { return o.ID == id })
		if o := orderByID(c.shop, id); o != nil && !again {
			found = append(found, o)
		}
	}
	c.out = append(c.out, `{"orders":`...)
	appendOrders(c, found, c.route.path == "/order/202507/orders")
	c.out = append(c.out, '}')
	return nil
}

// appendOrders appends a list of orders. The caller holds the shop's lock.
func appendOrders(c *call, list []*order, newest bool) {
	c.out = append(c.out, '[')
	for i, o := range list {
		if i > 0 {
			c.out = append(c.out, ',')
		}
		c.out = append(c.out, o.encoded(c.baseURL(), newest)...)
	}
	c.out = append(c.out, ']')
}
