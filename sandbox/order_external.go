package sandbox

import (
	"slices"
	"strconv"
)

// maxExternal bounds the orders of one call, and the lines of each.
const maxExternal = 100

func externalPlatforms() []string {
	return []string{
		"SHOPIFY", "WOOCOMMERCE", "BIGCOMMERCE", "MAGENTO", "SALESFORCE_COMMERCE_CLOUD", "CHANNEL_ADVISOR", "AMAZON",
		"ORDER_MANAGEMENT_SYSTEM", "WAREHOUSE_MANAGEMENT_SYSTEM", "ERP_SYSTEM",
	}
}

// externalOrder is the other system's order, in requests and answers.
type externalOrder struct {
	ID       string         `json:"id"`
	Platform string         `json:"platform"`
	Lines    []externalLine `json:"line_items"`
}

// addExternalOrders ties orders to those of other systems. An order has one
// reference per system, the last one given; whether the platform keeps several
// is not documented. What fails is told apart from what is done; its codes are
// not documented either, so those of reading an order stand in.
func addExternalOrders(c *call) *failure {
	var input struct {
		Orders []struct {
			ID       string         `json:"id"`
			External *externalOrder `json:"external_order"`
		} `json:"orders"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	switch {
	case len(input.Orders) == 0:
		return missing("orders")
	case len(input.Orders) > maxExternal:
		return fail(codeInvalidParameter, "'orders' takes at most 100 orders")
	}
	for _, o := range input.Orders {
		switch {
		case o.ID == "":
			return missing("orders.id")
		case o.External == nil:
			return missing("orders.external_order")
		case o.External.ID == "":
			return missing("orders.external_order.id")
		case o.External.Platform == "":
			return missing("orders.external_order.platform")
		case !slices.Contains(externalPlatforms(), o.External.Platform):
			return notAllowed("orders.external_order.platform", o.External.Platform, externalPlatforms())
		case len(o.External.Lines) == 0:
			return missing("orders.external_order.line_items")
		case len(o.External.Lines) > maxExternal:
			return fail(codeInvalidParameter, "'orders.external_order.line_items' takes at most 100 lines")
		}
		for _, line := range o.External.Lines {
			switch {
			case line.ID == "":
				return missing("orders.external_order.line_items.id")
			case line.OriginID == "":
				return missing("orders.external_order.line_items.origin_id")
			}
		}
	}
	type place struct {
		OrderID  string `json:"order_id"`
		External struct {
			ID       string `json:"id"`
			Platform string `json:"platform"`
		} `json:"external_order"`
	}
	type problem struct {
		Code    string `json:"code"` // a string here, and only here
		Message string `json:"message"`
		Detail  place  `json:"detail"`
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	var problems []problem
	for _, in := range input.Orders {
		o, f := findOrder(c, in.ID, codeForeignOrder)
		for _, line := range in.External.Lines {
			if f == nil && o.line(line.OriginID) == nil {
				f = fail(codeInvalidParameter, "line ", line.OriginID, " is not one of order ", o.ID)
			}
		}
		if f != nil {
			at := problem{strconv.Itoa(f.code), f.message, place{OrderID: in.ID}}
			at.Detail.External.ID, at.Detail.External.Platform = in.External.ID, in.External.Platform
			problems = append(problems, at)
			continue
		}
		ref := externalReference{in.ID, in.External.Platform, in.External.ID, in.External.Lines}
		keepExternal(s, ref)
	}
	if problems != nil {
		c.json(struct {
			Errors []problem `json:"errors"`
		}{problems})
	}
	return nil
}

// platform reads the name of another system from the query.
func platform(c *call) (string, *failure) {
	name, f := c.oneOf("platform", "", externalPlatforms()...)
	if f == nil && name == "" {
		f = missing("platform")
	}
	return name, f
}

// getExternalOrders shows the references of an order to one system.
func getExternalOrders(c *call) *failure {
	platform, f := platform(c)
	if f != nil {
		return f
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	if _, f := findOrder(c, c.param(0), codeForeignOrder); f != nil {
		return f
	}
	views := []externalOrder{}
	for _, e := range tradeOf(c.shop).External {
		if e.OrderID == c.param(0) && e.Platform == platform {
			views = append(views, externalOrder{e.ID, e.Platform, e.Lines})
		}
	}
	c.json(struct {
		External []externalOrder `json:"external_orders"`
	}{views})
	return nil
}

// searchExternalOrders finds orders by the id that another system has for them.
func searchExternalOrders(c *call) *failure {
	platform, f := platform(c)
	if f != nil {
		return f
	}
	id, _ := lookup(c.query, "external_order_id")
	if id == "" {
		return missing("external_order_id")
	}
	type view struct {
		ID       string        `json:"id"`
		External externalOrder `json:"external_order"`
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	views := []view{}
	for _, e := range tradeOf(c.shop).External {
		if e.Platform == platform && e.ID == id {
			views = append(views, view{e.OrderID, externalOrder{e.ID, e.Platform, e.Lines}})
		}
	}
	c.json(struct {
		Orders []view `json:"orders"`
	}{views})
	return nil
}
