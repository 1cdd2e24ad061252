// Package trade is the machine of orders, packages, cancellations, returns and
// refunds. It alone writes to them: the operations of order, fulfillment and
// returnrefund ask it, and so do its own deadlines.
package trade

import (
	"encoding/json"
	"errors"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// Register says what a snapshot keeps of the trade, and what comes of its
// deadlines. It has no operations: those of order, fulfillment and returnrefund
// work on it.
func Register(r *gate.Registry) {
	r.ShopPart(
		ordersPart,
		archivePart,
		tradePart,
	)
	r.ShopCheck(checkShop)
	r.Sample(sampleOrders)
	registerDeadlines(r)
}

// tradePart holds the trade of a shop, with the deadlines of all its domains.
func tradePart(s *world.Shop) keep.Part {
	return keep.Part{Name: "trade",
		Save: func() any { return Of(s) },
		Load: func(raw json.RawMessage) error {
			fresh := trade{Deadlines: new(world.Deadlines), StockIDs: new(invent.IDs)}
			if err := keep.Decode(raw, &fresh); err != nil {
				return err
			}
			if fresh.Deadlines == nil || fresh.StockIDs == nil {
				return errors.New("deadlines and stock_ids must not be null")
			}
			if err := checkBuyers(fresh.Buyers); err != nil {
				return err
			}
			*s.Deadlines, *Of(s).StockIDs = *fresh.Deadlines, *fresh.StockIDs
			fresh.Deadlines, fresh.StockIDs = s.Deadlines, Of(s).StockIDs
			*Of(s) = fresh
			Of(s).index()
			return nil
		}}
}

// sampleOrders names orders and packages for samples of webhooks.
func sampleOrders(s *world.Shop, _ event.Type) map[string][]string {
	own := map[string][]string{}
	for i := len(OrdersOf(s).ByCreate) - 1; i >= 0 && len(own["order_id"]) < 2; i-- {
		o := OrdersOf(s).ByCreate[i]
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
