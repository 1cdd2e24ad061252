package sandbox

import (
	"encoding/json"
	"errors"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// registerTrade says what a snapshot keeps of the trade, and what comes of its
// deadlines. It has no operations: those of order, fulfillment and returnrefund
// work on it.
func registerTrade(r *registry) {
	r.shopPart(
		ordersPart,
		archivePart,
		tradePart,
	)
	r.sample(sampleOrders)
	registerDeadlines(r)
}

// tradePart holds the trade of a shop, with the deadlines of all its domains.
func tradePart(s *shop) part {
	return part{"trade",
		func() any { return tradeOf(s) },
		func(raw json.RawMessage) error {
			fresh := trade{Deadlines: new(deadlines), StockIDs: new(ids)}
			if err := unmarshal(raw, &fresh); err != nil {
				return err
			}
			if fresh.Deadlines == nil || fresh.StockIDs == nil {
				return errors.New("deadlines and stock_ids must not be null")
			}
			*s.deadlines, *tradeOf(s).StockIDs = *fresh.Deadlines, *fresh.StockIDs
			fresh.Deadlines, fresh.StockIDs = s.deadlines, tradeOf(s).StockIDs
			*tradeOf(s) = fresh
			tradeOf(s).index()
			return nil
		}}
}

// sampleOrders names orders and packages for samples of webhooks.
func sampleOrders(s *shop, _ event.Type) map[string][]string {
	own := map[string][]string{}
	for i := len(ordersOf(s).byCreate) - 1; i >= 0 && len(own["order_id"]) < 2; i-- {
		o := ordersOf(s).byCreate[i]
		if len(o.Packages) > 0 {
			own["order_id"] = append(own["order_id"], o.ID)
			own["package_id"] = append(own["package_id"], o.Packages[0].ID)
		}
	}
	for _, alias := range []string{"main_order_id", "order_ids", "order_id_list"} {
		own[alias] = own["order_id"]
	}
	return own
}
