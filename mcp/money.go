package mcp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
)

// days returns how many days a question is about.
func days(n int) int {
	if n == 0 {
		return 7
	}
	return n
}

// settlementSummary answers the tool of this name.
func (s *Server) settlementSummary(ctx context.Context, c *call) (*reply, error) {
	var args struct {
		Shop string
		Days int
	}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	op, err := s.named(opStatements)
	if err != nil {
		return nil, err
	}
	shop, err := s.target(ctx, c, op, args.Shop)
	if err != nil {
		return nil, err
	}
	now := s.now().UTC()
	statements, whole, err := s.walk(ctx, c, op, shop, map[string]any{
		"sort_field": "statement_time", "sort_order": "DESC", "statement_time_ge": fmt.Sprint(now.AddDate(0, 0, -days(args.Days)).Unix()), "statement_time_lt": fmt.Sprint(now.Unix()),
	})
	if err != nil {
		return nil, err
	}
	names := []string{"revenue_amount", "fee_amount", "shipping_cost_amount", "adjustment_amount", "settlement_amount"}
	sums := map[string]map[string]ttshop.Decimal{} // by currency
	var lines []any
	for _, st := range statements {
		currency := str(st["currency"])
		if sums[currency] == nil {
			sums[currency] = map[string]ttshop.Decimal{}
		}
		line := map[string]any{"id": st["id"], "time": iso(st["statement_time"]), "payment": st["payment_status"], "paid": iso(st["payment_time"]), "currency": st["currency"]}
		for _, name := range names {
			sums[currency][name] = sums[currency][name].Add(ttshop.Decimal(str(st[name])))
			line[strings.TrimSuffix(name, "_amount")] = st[name]
		}
		lines = append(lines, prune(line))
	}
	totals := map[string]any{}
	for currency, by := range sums {
		total := map[string]any{}
		for name, v := range by {
			total[strings.TrimSuffix(name, "_amount")] = string(v)
		}
		totals[currency] = total
	}
	data := map[string]any{"shop": shop.ID, "days": days(args.Days), "count": len(lines), "totals": totals}
	if !whole {
		data["note"] = "the totals are of the newest statements only"
	}
	if unsettled := s.unsettled(ctx, c, shop); unsettled != nil {
		data["not_settled_yet_estimate"] = unsettled
	}
	c.record.Operation = opStatements
	used := size(data)
	kept := []any{}
	for _, line := range lines {
		if used += size(line) + 1; used > maxTokens-200 {
			data["omitted"] = fmt.Sprintf("%d older statements; the totals have them", len(lines)-len(kept))
			break
		}
		kept = append(kept, line)
	}
	data["statements"] = kept
	return &reply{text: fmt.Sprintf("%d statements in %d days. finance.GetTransactionsByStatement shows what is in one.", len(lines), days(args.Days)), data: data}, nil
}

// unsettled returns the estimates of what is to come, or nil where they cannot be
// read: not every market and app has them.
func (s *Server) unsettled(ctx context.Context, c *call, shop Shop) any {
	op, err := s.named(opUnsettled)
	if err != nil || s.allowed(ctx, c, op, shop) != nil {
		return nil
	}
	answer, err := s.read(ctx, c, op, shop, map[string]any{"sort_field": "order_create_time", "page_size": "1"})
	if err != nil {
		return map[string]any{"not_read": shorten(failureOf(err).Message, 120)}
	}
	return prune(map[string]any{"transactions": answer["total_count"], "revenue": answer["sum_est_revenue_amount"], "fees": answer["sum_est_fee_amount"], "settlement": answer["sum_est_settlement_amount"]})
}

// shopPerformance answers the tool of this name.
func (s *Server) shopPerformance(ctx context.Context, c *call) (*reply, error) {
	var args struct {
		Shop string
		Days int
	}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	op, err := s.named(opPerformance)
	if err != nil {
		return nil, err
	}
	shop, err := s.target(ctx, c, op, args.Shop)
	if err != nil {
		return nil, err
	}
	end := s.now().UTC()
	start := end.AddDate(0, 0, -days(args.Days))
	ask := func(granularity string) (map[string]any, error) {
		return s.read(ctx, c, op, shop, map[string]any{"start_date_ge": start.Format(time.DateOnly), "end_date_lt": end.Format(time.DateOnly), "granularity": granularity, "currency": "LOCAL"})
	}
	total, err := ask("ALL")
	if err != nil {
		return nil, err
	}
	data := map[string]any{"shop": shop.ID, "from": start.Format(time.DateOnly), "until": end.Format(time.DateOnly), "latest_available_date": total["latest_available_date"]}
	if all := list(at(total, "performance.intervals")); len(all) > 0 {
		data["total"] = all[0]
	}
	each, err := ask("1D")
	if err != nil {
		data["not_read"] = "per day: " + shorten(failureOf(err).Message, 120)
	} else {
		var daily []any
		for _, interval := range list(at(each, "performance.intervals")) {
			i := object(interval)
			sales := object(i["sales"])
			daily = append(daily, prune(map[string]any{"date": i["start_date"], "gmv": object(object(sales["gmv"])["overall"])["amount"], "gross": object(sales["gross_revenue"])["amount"], "orders": sales["orders_count"], "items": sales["items_sold"]}))
		}
		data["per_day"] = daily
	}
	small, omitted := shrink(prune(data), maxTokens-200)
	out := object(small)
	if omitted != nil {
		out["omitted"] = omitted
	}
	return &reply{text: fmt.Sprintf("%d days until %s.", days(args.Days), end.Format(time.DateOnly)), data: out}, nil
}
