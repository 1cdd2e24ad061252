package fbt

import (
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// checkShop checks what was read from a snapshot: what one thing names another
// one is.
func checkShop(s *world.Shop) error {
	f := Of(s)
	knownGood := func(name, id string) error {
		if f.good(id) == nil {
			return keep.Placed(name, fmt.Errorf("there are no goods %.40q", id))
		}
		return nil
	}
	knownWarehouse := func(id string) error {
		if f.warehouse(id) == nil {
			return keep.Placed("warehouse", fmt.Errorf("there is no warehouse %.40q", id))
		}
		return nil
	}
	lines := func(list []line) error {
		return keep.CheckEach("lines", list, func(l *line) error { return knownGood("good", l.Good) })
	}
	held := func(warehouse string, h *holding) error {
		switch {
		case h == nil:
			return keep.ErrMissing
		case h.Reserved < 0 || h.Defective < 0 || h.OnHand < h.Reserved:
			return fmt.Errorf("has %d on hand, %d reserved and %d defective", h.OnHand, h.Reserved, h.Defective)
		}
		return knownWarehouse(warehouse)
	}
	number := int64(0)
	return keep.Placed("fbt", keep.First(
		noNil("warehouses", f.Warehouses), noNil("goods", f.Goods), noNil("inbound", f.Inbound), noNil("records", f.Records), noNil("outbound", f.Outbound),
		keep.CheckIDs("goods", f.Goods, func(g **good) string { return (*g).ID }),
		keep.CheckEach("goods", f.Goods, func(g **good) error { return keep.CheckKeyed("held", (*g).Held, held) }),
		keep.CheckIDs("inbound", f.Inbound, func(o **inbound) string { return (*o).ID }),
		keep.CheckEach("inbound", f.Inbound, func(o **inbound) error {
			return keep.First(
				keep.CheckOneOf("status", (*o).Status, inboundStates...), knownWarehouse((*o).Warehouse), lines((*o).Lines),
				keep.CheckEach("batches", (*o).Batches, func(b *batch) error { return knownGood("good", b.Good) }),
			)
		}),
		keep.CheckEach("records", f.Records, func(r **record) error {
			if (*r).Number <= number {
				return keep.Placed("number", fmt.Errorf("is %d after %d", (*r).Number, number))
			}
			number = (*r).Number
			return knownGood("good", (*r).Good)
		}),
		keep.CheckIDs("outbound", f.Outbound, func(o **outbound) string { return (*o).ID }),
		keep.CheckEach("outbound", f.Outbound, func(o **outbound) error {
			return keep.First(lines((*o).Lines), noNil("parts", (*o).Parts), keep.CheckEach("parts", (*o).Parts, func(p **consignment) error {
				return keep.First(
					keep.CheckOneOf("status", (*p).Status, "", partPending, partHandled, partShipped, partHandover, partCompleted, partClosed),
					knownWarehouse((*p).Warehouse), keep.CheckID("id", (*p).ID), lines((*p).Lines),
				)
			}))
		}),
	))
}

func noNil[T any](name string, list []*T) error {
	return keep.CheckEach(name, list, func(v **T) error {
		if *v == nil {
			return keep.ErrMissing
		}
		return nil
	})
}

// sample names what a shop has for the samples of webhooks.
func sample(s *world.Shop, t event.Type) map[string][]string {
	own, names := Of(s), map[string][]string{}
	if t.Domain() != event.TypeFBTInventoryUpdate.Domain() {
		return names
	}
	if n := len(own.Warehouses); n > 0 {
		names["fbt_warehouse_id"] = []string{own.Warehouses[0].ID}
	}
	for _, g := range own.Goods {
		if len(g.SKUs) > 0 {
			names["goods_id"], names["product_id"], names["sku_id"] = []string{g.ID}, []string{g.SKUs[0].Product}, []string{g.SKUs[0].SKU}
			break
		}
	}
	if n := len(own.Inbound); n > 0 {
		names["inbound_order_id"] = []string{own.Inbound[n-1].ID}
	}
	return names
}
