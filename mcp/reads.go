package mcp

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
)

// The operations that the tools for common questions are made of.
const (
	opOrders       = "order.GetOrderList"
	opOrder        = "order.GetOrderDetail"
	opProducts     = "product.SearchProducts"
	opReturns      = "return_refund.SearchReturns"
	opOrderMoney   = "finance.GetTransactionsByOrder"
	opStatements   = "finance.GetStatements"
	opUnsettled    = "finance.GetUnsettledTransactions"
	opPerformance  = "analytics.GetShopPerformance"
	maxWalkedPages = 20 // that one answer is made of
	walkedSize     = 100
)

// named returns an operation that the server itself calls.
func (s *Server) named(name string) (*catalog.Operation, error) {
	e, ok := s.catalog.ByName(name)
	if !ok {
		return nil, fmt.Errorf("the catalogue has no operation %s", name)
	}
	return s.catalog.Describe(e)
}

// when reads a time of an argument.
func when(name, value string) (int64, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, value); err == nil {
			return t.Unix(), nil
		}
	}
	return 0, &Failure{Class: "arguments", Message: fmt.Sprintf("%s: %q is not a time", name, value), Next: "use YYYY-MM-DD or RFC 3339, such as 2026-11-28T09:00:00Z"}
}

// iso returns a time of the platform for people; zero is left out.
func iso(v any) any {
	seconds := unix(v)
	if seconds == 0 {
		return nil
	}
	return time.Unix(seconds, 0).UTC().Format("2006-01-02T15:04Z")
}

func unix(v any) int64 {
	switch v := v.(type) {
	case json.Number:
		n, err := v.Int64()
		if err == nil {
			return n
		}
	case string:
		return unix(json.Number(v))
	}
	return 0
}

func list(v any) []any {
	items, _ := v.([]any) // anything else: none
	return items
}

func object(v any) map[string]any {
	o, _ := v.(map[string]any) // anything else: nothing
	return o
}

func str(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// orderLine is an order in a list: what it is, when it is due, what is in it.
func orderLine(o map[string]any) any {
	line := map[string]any{
		"id": o["id"], "status": o["status"], "created": iso(o["create_time"]), "ship_by": iso(shipBy(o)),
		"total": money(object(o["payment"])["total_amount"], object(o["payment"])["currency"]), "items": items(list(o["line_items"])),
		"message": o["buyer_message"], "shipping": o["shipping_type"],
	}
	for _, flag := range []string{"is_buyer_request_cancel", "is_on_hold_order", "is_cod"} {
		if on, ok := o[flag].(bool); ok && on {
			line[strings.TrimSuffix(strings.TrimPrefix(flag, "is_"), "_order")] = true
		}
	}
	var packages []any
	for _, p := range list(o["packages"]) {
		packages = append(packages, object(p)["id"])
	}
	line["packages"] = packages
	return prune(line)
}

// shipBy returns when an order has to be shipped.
func shipBy(o map[string]any) any {
	for _, name := range []string{"rts_sla_time", "shipping_due_time", "tts_sla_time"} {
		if unix(o[name]) != 0 {
			return o[name]
		}
	}
	return nil
}

func money(amount, currency any) any {
	if str(amount) == "" {
		return nil
	}
	return strings.TrimSpace(str(amount) + " " + str(currency))
}

// items counts the lines of an order by SKU.
func items(lines []any) []any {
	var order []string
	count := map[string]int{}
	first := map[string]map[string]any{}
	for _, l := range lines {
		line := object(l)
		key := str(line["sku_id"])
		if count[key]++; count[key] == 1 {
			order = append(order, key)
			first[key] = line
		}
	}
	var all []any
	for _, key := range order {
		line := first[key]
		all = append(all, prune(map[string]any{"sku": line["sku_id"], "seller_sku": line["seller_sku"], "name": shorten(str(line["product_name"]), 48), "variant": line["sku_name"], "quantity": count[key]}))
	}
	return all
}

// findOrders answers the tool of this name.
func (s *Server) findOrders(ctx context.Context, c *call) (*reply, error) {
	var args struct {
		Shop, Status, Due string
		CreatedAfter      string `json:"created_after"`
		CreatedBefore     string `json:"created_before"`
		Limit             int
		Cursor            string
	}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	op, err := s.named(opOrders)
	if err != nil {
		return nil, err
	}
	p := page{Tool: c.tool.name, Op: opOrders, Client: c.caller.name, Shop: args.Shop, Limit: args.Limit}
	params := map[string]any{}
	if args.Cursor != "" {
		if p, err = s.resume(c, args.Cursor); err != nil {
			return nil, err
		}
		if len(p.Fields) == 1 { // how urgent they are
			args.Due = p.Fields[0]
		}
	} else {
		for name, value := range map[string]string{"create_time_ge": args.CreatedAfter, "create_time_lt": args.CreatedBefore} {
			if value != "" {
				if params[name], err = when(name, value); err != nil {
					return nil, err
				}
			}
		}
		if args.Status != "" {
			params["order_status"] = args.Status
		}
		if p.Params, err = json.Marshal(params); err != nil {
			return nil, err
		}
	}
	shop, err := s.target(ctx, c, op, p.Shop)
	if err != nil {
		return nil, err
	}
	if args.Due != "" {
		return s.dueOrders(ctx, c, op, shop, args.Due, p)
	}
	return s.pageOf(ctx, c, op, shop, p, orderLine)
}

// dueOrders answers with the orders that have to be shipped until a time.
func (s *Server) dueOrders(ctx context.Context, c *call, op *catalog.Operation, shop Shop, due string, p page) (*reply, error) {
	now := s.now().UTC()
	end := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC).AddDate(0, 0, 1)
	switch due {
	case "overdue":
		end = now
	case "tomorrow":
		end = end.AddDate(0, 0, 1)
	}
	var orders []map[string]any
	complete := true
	for _, status := range []string{"AWAITING_SHIPMENT", "PARTIALLY_SHIPPING"} {
		found, whole, err := s.walk(ctx, c, op, shop, map[string]any{"order_status": status})
		if err != nil {
			return nil, err
		}
		complete = complete && whole
		for _, o := range found {
			if at := unix(shipBy(o)); at != 0 && at < end.Unix() {
				orders = append(orders, o)
			}
		}
	}
	slices.SortStableFunc(orders, func(a, b map[string]any) int { return cmp.Compare(unix(shipBy(a)), unix(shipBy(b))) })
	p.Fields = []string{due}
	rest := map[string]any{"total_count": len(orders), "until": iso(json.Number(fmt.Sprint(end.Unix())))}
	if !complete {
		rest["note"] = fmt.Sprintf("only the first %d waiting orders were looked at", maxWalkedPages*walkedSize)
	}
	limit := p.Limit
	if limit == 0 {
		limit = defaultLimit
	}
	skip := min(p.Skip, len(orders))
	shaped := make([]any, 0, limit)
	for _, o := range orders[skip:min(len(orders), skip+limit)] {
		shaped = append(shaped, orderLine(o))
	}
	return s.listedFrom(op, shop, rest, shaped, p, skip, len(orders))
}

// listedFrom is listed for a list that was put together here: total is its length.
func (s *Server) listedFrom(op *catalog.Operation, shop Shop, rest map[string]any, items []any, p page, skip, total int) (*reply, error) {
	r, err := s.listed(op, shop, rest, items, "", p, skip, true)
	if err != nil {
		return nil, err
	}
	name := op.Paging.Items[strings.LastIndexByte(op.Paging.Items, '.')+1:]
	if told := skip + len(list(r.data[name])); r.data["next_cursor"] == nil && told < total {
		p.Skip, p.Shop = told, shop.ID
		if r.data["next_cursor"], err = s.seals.Seal(cursorPurpose, p); err != nil {
			return nil, err
		}
		r.text += " There are more: call again with next_cursor."
	}
	return r, nil
}

// walk reads the pages of an operation, and reports whether it read all.
func (s *Server) walk(ctx context.Context, c *call, op *catalog.Operation, shop Shop, params map[string]any) (all []map[string]any, whole bool, err error) {
	token := ""
	for range maxWalkedPages {
		p := page{Token: token, Limit: walkedSize}
		asked := make(map[string]any, len(params)+2)
		for name, value := range params {
			asked[name] = value
		}
		setPage(op, asked, &p)
		answer, err := s.read(ctx, c, op, shop, asked)
		if err != nil {
			return nil, false, err
		}
		for _, item := range list(at(answer, op.Paging.Items)) {
			all = append(all, object(item))
		}
		next, _ := at(answer, op.Paging.Next).(string)
		if next == "" || next == token {
			return all, true, nil
		}
		token = next
	}
	return all, false, nil
}

// getOrder answers the tool of this name.
func (s *Server) getOrder(ctx context.Context, c *call) (*reply, error) {
	var args struct {
		Shop    string
		OrderID string `json:"order_id"`
	}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	op, err := s.named(opOrder)
	if err != nil {
		return nil, err
	}
	shop, err := s.target(ctx, c, op, args.Shop)
	if err != nil {
		return nil, err
	}
	answer, err := s.read(ctx, c, op, shop, map[string]any{"ids": []any{args.OrderID}})
	if err != nil {
		return nil, err
	}
	found := list(answer["orders"])
	if len(found) == 0 {
		return nil, &Failure{Class: "not_found", Message: "the shop has no order " + args.OrderID, Next: "check the id and the shop"}
	}
	o := object(found[0])
	data := object(orderLine(o))
	for _, name := range []string{"payment", "recipient_address", "buyer_nickname", "user_id", "seller_note", "delivery_option_name", "cancel_reason", "tracking_number", "shipping_provider", "warehouse_id"} {
		data[name] = o[name]
	}
	// What follows needs rights that a key or an app may lack: the order is told anyway.
	var omitted []string
	part := func(name, operation string, params map[string]any, pick func(map[string]any) any) {
		other, err := s.named(operation)
		if err == nil {
			err = s.allowed(ctx, c, other, shop)
		}
		var answer map[string]any
		if err == nil {
			answer, err = s.read(ctx, c, other, shop, params)
		}
		if err != nil {
			omitted = append(omitted, name+": "+shorten(failureOf(err).Message, 120))
			return
		}
		data[name] = pick(answer)
	}
	part("returns", opReturns, map[string]any{"order_ids": []any{args.OrderID}, "page_size": "10"}, func(a map[string]any) any {
		var all []any
		for _, r := range list(a["return_orders"]) {
			all = append(all, returnLine(object(r)))
		}
		return all
	})
	part("settlement", opOrderMoney, map[string]any{"order_id": args.OrderID}, func(a map[string]any) any {
		return prune(map[string]any{"currency": a["currency"], "revenue": a["revenue_amount"], "fees_and_tax": a["fee_and_tax_amount"], "shipping_cost": a["shipping_cost_amount"], "settlement": a["settlement_amount"]})
	})
	if omitted != nil {
		data["not_read"] = omitted
	}
	c.record.Operation = opOrder
	small, left := shrink(prune(data), maxTokens-200)
	out := map[string]any{"shop": shop.ID, "order": small}
	if left != nil {
		out["omitted"] = left
	}
	return &reply{text: "Order " + args.OrderID + ", " + str(o["status"]) + ".", data: out}, nil
}

// returnLine is a return in a list.
func returnLine(r map[string]any) any {
	var lines []any
	for _, l := range list(r["return_line_items"]) {
		line := object(l)
		lines = append(lines, prune(map[string]any{"name": shorten(str(line["product_name"]), 48), "sku": line["sku_id"], "line": line["order_line_item_id"]}))
	}
	refund := object(r["refund_amount"])
	return prune(map[string]any{
		"return_id": r["return_id"], "order_id": r["order_id"], "status": r["return_status"], "type": r["return_type"], "created": iso(r["create_time"]),
		"reason": r["return_reason_text"], "refund": money(refund["refund_total"], refund["currency"]), "items": lines, "next": nextActions(list(r["seller_next_action_response"])),
	})
}

// nextActions tells what the seller may do about a return, and until when.
func nextActions(actions []any) []any {
	var all []any
	for _, a := range actions {
		action := object(a)
		all = append(all, prune(map[string]any{"action": action["action"], "until": iso(action["deadline"])}))
	}
	return all
}

// findReturns answers the tool of this name.
func (s *Server) findReturns(ctx context.Context, c *call) (*reply, error) {
	var args struct {
		Shop    string
		Open    bool
		OrderID string `json:"order_id"`
		Limit   int
		Cursor  string
	}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	params := map[string]any{}
	if args.OrderID != "" {
		params["order_ids"] = []any{args.OrderID}
	}
	if args.Open {
		params["return_status"] = []any{"RETURN_OR_REFUND_REQUEST_PENDING", "BUYER_SHIPPED_ITEM"}
	}
	return s.simpleList(ctx, c, opReturns, args.Shop, params, args.Limit, args.Cursor, returnLine)
}

// simpleList answers with a page of an operation.
func (s *Server) simpleList(ctx context.Context, c *call, operation, ref string, params map[string]any, limit int, cursor string, shape func(map[string]any) any) (*reply, error) {
	op, err := s.named(operation)
	if err != nil {
		return nil, err
	}
	p := page{Tool: c.tool.name, Op: operation, Client: c.caller.name, Shop: ref, Limit: limit}
	if cursor != "" {
		p, err = s.resume(c, cursor)
	} else {
		p.Params, err = json.Marshal(params)
	}
	if err != nil {
		return nil, err
	}
	shop, err := s.target(ctx, c, op, p.Shop)
	if err != nil {
		return nil, err
	}
	return s.pageOf(ctx, c, op, shop, p, shape)
}

// productLine is a product in a list.
func productLine(p map[string]any) any {
	var skus []any
	for _, k := range list(p["skus"]) {
		sku := object(k)
		price := object(sku["price"])
		skus = append(skus, prune(map[string]any{"id": sku["id"], "seller_sku": sku["seller_sku"], "price": money(cmp.Or(str(price["sale_price"]), str(price["tax_exclusive_price"])), price["currency"]), "stock": stockOf(sku)}))
	}
	return prune(map[string]any{
		"id": p["id"], "title": shorten(str(p["title"]), 80), "status": p["status"], "quality": p["listing_quality_tier"], "skus": skus,
		"audit": object(p["audit"])["status"], "why": p["product_sync_fail_reasons"],
	})
}

// stockOf returns the units of a SKU in all warehouses.
func stockOf(sku map[string]any) int64 {
	total := int64(0)
	for _, i := range list(sku["inventory"]) {
		total += unix(object(i)["quantity"])
	}
	return total
}

// findProducts answers the tool of this name.
func (s *Server) findProducts(ctx context.Context, c *call) (*reply, error) {
	var args struct {
		Shop, Status string
		SellerSKUs   []any `json:"seller_skus"`
		Limit        int
		Cursor       string
	}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	params := map[string]any{}
	if args.Status != "" {
		params["status"] = args.Status
	}
	if len(args.SellerSKUs) > 0 {
		params["seller_skus"] = args.SellerSKUs
	}
	return s.simpleList(ctx, c, opProducts, args.Shop, params, args.Limit, args.Cursor, productLine)
}

// lowStock answers the tool of this name.
func (s *Server) lowStock(ctx context.Context, c *call) (*reply, error) {
	args := struct {
		Shop   string
		AtMost *int64 `json:"at_most"`
	}{}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	most := int64(5)
	if args.AtMost != nil {
		most = *args.AtMost
	}
	op, err := s.named(opProducts)
	if err != nil {
		return nil, err
	}
	shop, err := s.target(ctx, c, op, args.Shop)
	if err != nil {
		return nil, err
	}
	products, whole, err := s.walk(ctx, c, op, shop, map[string]any{"status": "ACTIVATE"})
	if err != nil {
		return nil, err
	}
	type low struct {
		left int64
		line any
	}
	var found []low
	for _, p := range products {
		for _, k := range list(p["skus"]) {
			sku := object(k)
			if left := stockOf(sku); left <= most {
				found = append(found, low{left, prune(map[string]any{"product_id": p["id"], "title": shorten(str(p["title"]), 60), "sku": sku["id"], "seller_sku": sku["seller_sku"], "left": left})})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b low) int { return cmp.Compare(a.left, b.left) })
	data := map[string]any{"shop": shop.ID, "at_most": most, "total": len(found)}
	var lines []any
	used := size(data)
	for _, f := range found {
		if used += size(f.line) + 1; used > maxTokens-200 {
			data["omitted"] = fmt.Sprintf("%d SKUs with more units left: ask with a lower at_most", len(found)-len(lines))
			break
		}
		lines = append(lines, f.line)
	}
	data["skus"] = lines
	if lines == nil {
		data["skus"] = []any{}
	}
	if !whole {
		data["note"] = fmt.Sprintf("only the first %d products were looked at", maxWalkedPages*walkedSize)
	}
	return &reply{text: fmt.Sprintf("%d SKUs of live products have at most %d units.", len(found), most), data: data}, nil
}
