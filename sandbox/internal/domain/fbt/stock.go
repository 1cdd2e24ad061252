package fbt

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// The causes of changes that happen here.
const (
	causeInbound = "INBOUND_ORDER"
	causeConsign = "CONSIGN_ORDER"
)

// book changes the stock on hand and keeps a record of it.
func book(s *world.Shop, g *good, warehouse, kind string, change int64, orderID, orderType string, now int64) {
	if change == 0 {
		return
	}
	own, h := Of(s), g.in(warehouse)
	at := &h.OnHand
	if kind == kindDefective {
		at = &h.Defective
	}
	before := *at
	*at += change
	number := int64(1)
	if n := len(own.Records); n > 0 {
		number = own.Records[n-1].Number + 1
	}
	own.Records = append(own.Records, &record{
		Number: number, Warehouse: warehouse, Good: g.ID, Kind: kind, Initial: before, Final: *at,
		OrderID: orderID, OrderType: orderType, Created: now,
	})
}

// onHand is the stock of a good in a warehouse, without what is on its way or
// damaged.
type onHand struct {
	Total     int64 `json:"total_quantity"`
	Reserved  int64 `json:"reserved_quantity"`
	Available int64 `json:"available_quantity"`
}

func (h *holding) view() onHand { return onHand{h.OnHand, h.Reserved, h.OnHand - h.Reserved} }

type inventoryUpdate struct {
	GoodsID   string           `json:"goods_id"`
	SKUID     string           `json:"sku_id"`
	Inventory []warehouseStock `json:"fbt_warehouse_inventory"`
	Time      int64            `json:"update_time"`
}

type warehouseStock struct {
	Warehouse string `json:"fbt_warehouse_id"`
	OnHand    onHand `json:"on_hand_detail"`
}

// announceStock tells of the stock of a good, once for each SKU that it is sold
// as. A good that is sold as none is not told of: the notification names a SKU.
func announceStock(s *world.Shop, g *good, now int64) {
	stock := []warehouseStock{}
	for _, w := range Of(s).Warehouses {
		if h := g.Held[w.ID]; h != nil {
			stock = append(stock, warehouseStock{w.ID, h.view()})
		}
	}
	for _, m := range g.SKUs {
		s.Emit(int(event.TypeFBTInventoryUpdate), inventoryUpdate{g.ID, m.SKU, stock, now})
	}
}

type goodsMatch struct {
	Match     string `json:"match_type"`
	Kind      string `json:"product_type"`
	GoodsID   string `json:"goods_id"`
	ProductID string `json:"product_id"`
	SKUID     string `json:"sku_id"`
	Time      int64  `json:"update_time"`
}

// announceMatch tells that a good is sold as a SKU, or no longer. The products of
// a shop are local ones.
func announceMatch(s *world.Shop, g *good, m match, kind string, now int64) {
	s.Emit(int(event.TypeGoodsMatch), goodsMatch{kind, "LOCAL", g.ID, m.Product, m.SKU, now})
}

// matched finds the good that a SKU is matched with, or nil.
func (f *shop) matched(sku string) *good {
	i := slices.IndexFunc(f.Goods, func(g *good) bool { return slices.ContainsFunc(g.SKUs, func(m match) bool { return m.SKU == sku }) })
	if i < 0 {
		return nil
	}
	return f.Goods[i]
}
