package order

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
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
	ID       string               `json:"id"`
	Platform string               `json:"platform"`
	Lines    []trade.ExternalLine `json:"line_items"`
}

// addExternalOrders ties orders to those of other systems. An order has one
// reference per system, the last one given; whether the platform keeps several
// is not documented. What fails is told apart from what is done; its codes are
// not documented either, so those of reading an order stand in.
func addExternalOrders(c *gate.Call) *gate.Failure {
	var input struct {
		Orders []struct {
			ID       string         `json:"id"`
			External *externalOrder `json:"external_order"`
		} `json:"orders"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	switch {
	case len(input.Orders) == 0:
		return gate.Missing("orders")
	case len(input.Orders) > maxExternal:
		return gate.Fail(gate.CodeInvalidParameter, "'orders' takes at most 100 orders")
	}
	for _, o := range input.Orders {
		switch {
		case o.ID == "":
			return gate.Missing("orders.id")
		case o.External == nil:
			return gate.Missing("orders.external_order")
		case o.External.ID == "":
			return gate.Missing("orders.external_order.id")
		case o.External.Platform == "":
			return gate.Missing("orders.external_order.platform")
		case !slices.Contains(externalPlatforms(), o.External.Platform):
			return gate.NotAllowed("orders.external_order.platform", o.External.Platform, externalPlatforms())
		case len(o.External.Lines) == 0:
			return gate.Missing("orders.external_order.line_items")
		case len(o.External.Lines) > maxExternal:
			return gate.Fail(gate.CodeInvalidParameter, "'orders.external_order.line_items' takes at most 100 lines")
		}
		for _, line := range o.External.Lines {
			switch {
			case line.ID == "":
				return gate.Missing("orders.external_order.line_items.id")
			case line.OriginID == "":
				return gate.Missing("orders.external_order.line_items.origin_id")
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
	s := c.Shop
	var problems []problem
	for _, in := range input.Orders {
		o, f := trade.FindOrder(c, in.ID, trade.CodeForeignOrder)
		for _, line := range in.External.Lines {
			if f == nil && o.Line(line.OriginID) == nil {
				f = gate.Fail(gate.CodeInvalidParameter, "line ", line.OriginID, " is not one of order ", o.ID)
			}
		}
		if f != nil {
			at := problem{strconv.Itoa(f.Code), f.Message, place{OrderID: in.ID}}
			at.Detail.External.ID, at.Detail.External.Platform = in.External.ID, in.External.Platform
			problems = append(problems, at)
			continue
		}
		ref := trade.ExternalReference{OrderID: in.ID, Platform: in.External.Platform, ID: in.External.ID, Lines: in.External.Lines}
		trade.KeepExternal(s, ref)
	}
	if problems != nil {
		c.JSON(struct {
			Errors []problem `json:"errors"`
		}{problems})
	}
	return nil
}

// platform reads the name of another system from the query.
func platform(c *gate.Call) (string, *gate.Failure) {
	name, f := c.OneOf("platform", "", externalPlatforms()...)
	if f == nil && name == "" {
		f = gate.Missing("platform")
	}
	return name, f
}

// getExternalOrders shows the references of an order to one system.
func getExternalOrders(c *gate.Call) *gate.Failure {
	platform, f := platform(c)
	if f != nil {
		return f
	}
	if _, f := trade.FindOrder(c, c.Param(0), trade.CodeForeignOrder); f != nil {
		return f
	}
	views := []externalOrder{}
	for _, e := range trade.Of(c.Shop).External {
		if e.OrderID == c.Param(0) && e.Platform == platform {
			views = append(views, externalOrder{e.ID, e.Platform, e.Lines})
		}
	}
	c.JSON(struct {
		External []externalOrder `json:"external_orders"`
	}{views})
	return nil
}

// searchExternalOrders finds orders by the id that another system has for them.
func searchExternalOrders(c *gate.Call) *gate.Failure {
	platform, f := platform(c)
	if f != nil {
		return f
	}
	id, _ := wire.Lookup(c.Query, "external_order_id")
	if id == "" {
		return gate.Missing("external_order_id")
	}
	type view struct {
		ID       string        `json:"id"`
		External externalOrder `json:"external_order"`
	}
	views := []view{}
	for _, e := range trade.Of(c.Shop).External {
		if e.Platform == platform && e.ID == id {
			views = append(views, view{e.OrderID, externalOrder{e.ID, e.Platform, e.Lines}})
		}
	}
	c.JSON(struct {
		Orders []view `json:"orders"`
	}{views})
	return nil
}
