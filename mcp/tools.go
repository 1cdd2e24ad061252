package mcp

// The properties that several tools share.
const (
	shopProperty   = `"shop":{"type":"string","description":"id, code or name; may be left out if there is one"}`
	cursorProperty = `"cursor":{"type":"string","description":"next_cursor of the last answer, alone"}`
	limitProperty  = `"limit":{"type":"integer","minimum":1,"maximum":50}`
	fieldsProperty = `"fields":{"type":"array","items":{"type":"string"},"description":"paths to keep, such as orders.id"}`
	daysProperty   = `"days":{"type":"integer","minimum":1,"maximum":90,"description":"default 7"}`
)

// allTools returns the tools. The list is static: it depends on the configuration
// alone, so that hosts may keep it.
func (s *Server) allTools() []tool {
	all := []tool{
		{
			name: "search_operations", title: "Find operations", closed: true,
			description: "Find operations of the API by a plain question. Returns names for describe_operation, call_operation, plan_write.",
			schema:      `"properties":{"question":{"type":"string","minLength":1},"limit":{"type":"integer","minimum":1,"maximum":20}},"required":["question"]`,
			handle:      s.searchOperations,
		},
		{
			name: "describe_operation", title: "Describe an operation", closed: true,
			description: "Parameters and answer of one operation. With under only what is below that path, such as skus.price.",
			schema:      `"properties":{"operation":{"type":"string","description":"such as order.GetOrderList"},"under":{"type":"string"}},"required":["operation"]`,
			handle:      s.describeOperation,
		},
		{
			name: "call_operation", title: "Call a reading operation",
			description: "Call any operation that only reads. Params of path, query and body side by side, by name.",
			schema:      `"properties":{"operation":{"type":"string"},` + shopProperty + `,"params":{"type":"object"},` + fieldsProperty + `,` + limitProperty + `,` + cursorProperty + `}`,
			handle:      s.callOperation,
		},
		{
			name: "list_shops", title: "List shops", description: "The shops that you may work for.",
			handle: s.listShops,
		},
		{
			name: "find_orders", title: "Find orders",
			description: "Orders by status, newest first. due: today finds what must be shipped by the end of today (overdue included), the most urgent first.",
			schema:      `"properties":{` + shopProperty + `,"status":{"type":"string","enum":["UNPAID","ON_HOLD","AWAITING_SHIPMENT","PARTIALLY_SHIPPING","AWAITING_COLLECTION","IN_TRANSIT","DELIVERED","COMPLETED","CANCELLED"]},"due":{"type":"string","enum":["today","overdue","tomorrow"]},"created_after":{"type":"string","description":"RFC 3339 or YYYY-MM-DD"},"created_before":{"type":"string"},` + limitProperty + `,` + cursorProperty + `}`,
			handle:      s.findOrders,
		},
		{
			name: "get_order", title: "Read an order", description: "One order with items, packages, returns and money.",
			schema: `"properties":{` + shopProperty + `,"order_id":{"type":"string","minLength":1}},"required":["order_id"]`,
			handle: s.getOrder,
		},
		{
			name: "find_products", title: "Find products", description: "Products with status, SKUs, prices and stock.",
			schema: `"properties":{` + shopProperty + `,"status":{"type":"string","enum":["ALL","DRAFT","PENDING","FAILED","ACTIVATE","SELLER_DEACTIVATED","PLATFORM_DEACTIVATED","FREEZE","DELETED"]},"seller_skus":{"type":"array","items":{"type":"string"}},` + limitProperty + `,` + cursorProperty + `}`,
			handle: s.findProducts,
		},
		{
			name: "low_stock", title: "Low stock", description: "SKUs of live products with few units left, the fewest first.",
			schema: `"properties":{` + shopProperty + `,"at_most":{"type":"integer","minimum":0,"description":"units; default 5"}}`,
			handle: s.lowStock,
		},
		{
			name: "find_returns", title: "Find returns", description: "Returns and refunds, newest first; open: true finds those that wait for the seller.",
			schema: `"properties":{` + shopProperty + `,"open":{"type":"boolean"},"order_id":{"type":"string"},` + limitProperty + `,` + cursorProperty + `}`,
			handle: s.findReturns,
		},
		{
			name: "settlement_summary", title: "Settlements", description: "Statements of the last days with their sums, and what is not settled yet.",
			schema: `"properties":{` + shopProperty + `,` + daysProperty + `}`,
			handle: s.settlementSummary,
		},
		{
			name: "shop_performance", title: "Shop performance", description: "Sales and traffic of the last days, per day and in total.",
			schema: `"properties":{` + shopProperty + `,` + daysProperty + `}`,
			handle: s.shopPerformance,
		},
		{
			name: "explain_error", title: "Explain an error", closed: true, description: "What an error code or message of the API means, and what to do.",
			schema: `"properties":{"error":{"type":"string","minLength":1,"description":"code or words"}},"required":["error"]`,
			handle: s.explainError,
		},
	}
	if s.config.ExplainSignature != nil {
		all = append(all, tool{
			name: "explain_signature", title: "Explain a signature", closed: true,
			description: "Why the signature of a request is wrong: paste it as curl, HTTP text or HAR. The server knows the secret.",
			schema:      `"properties":{"request":{"type":"string","minLength":1}},"required":["request"]`,
			handle:      s.explainSignature,
		})
	}
	if s.config.Database != nil {
		all = append(all, s.queryTool())
	}
	if s.config.AllowWrites {
		all = append(all,
			tool{
				name: "plan_write", title: "Plan a write", writes: true,
				description: "Plan a call that changes something. Sends nothing: returns the exact request, its risk, who approves, and a plan for apply_write, good for 5 minutes and once.",
				schema:      `"properties":{"operation":{"type":"string"},` + shopProperty + `,"params":{"type":"object"}},"required":["operation"]`,
				handle:      s.planWrite,
			},
			tool{
				name: "apply_write", title: "Apply a planned write", writes: true, destructive: true,
				description: "Send a planned write once it is approved. While it waits for a person, tell them how to approve, then call again.",
				schema:      `"properties":{"plan":{"type":"string","minLength":1}},"required":["plan"]`,
				handle:      s.applyWrite,
			})
	}
	for i := range all {
		if err := all[i].resolve(); err != nil {
			panic("mcp: " + err.Error()) // a test makes all of them
		}
	}
	return all
}
