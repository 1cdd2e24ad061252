package stock

import (
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// eventInventoryChanged is the type of the webhook that tells every change of
// a stock with its cause.
const eventInventoryChanged = 68

// Why a stock changes. The list is open, and of an order that is cancelled no
// document says how it is called.
const (
	stockSet       = "manual_adjustment"
	StockOrdered   = "order_created"
	StockShipped   = "order_shipped"
	StockCancelled = "order_cancelled"
)

// InventoryChange is the data of type 68. Its ids are numbers, as in the
// delivery that was recorded.
type InventoryChange struct {
	EventID    string         `json:"event_id"`
	OccurredAt string         `json:"occurred_at"`
	SellerID   int64          `json:"seller_id"`
	ProductID  int64          `json:"product_id"`
	SKUID      int64          `json:"sku_id"`
	Snapshot   StockSnapshot  `json:"quantity_snapshot_after_change"`
	Detail     []changeDetail `json:"change_detail"`
}

// StockSnapshot counts a SKU in all warehouses of the shop. Nothing is locked
// for campaigns or creators here, so what is in the shop is all there is.
type StockSnapshot struct {
	Total     int64 `json:"total_quantity"`
	Available int64 `json:"total_available_quantity"`
	Committed int64 `json:"total_committed_quantity"`
	InShop    int64 `json:"in_shop_quantity"`
	Campaign  int64 `json:"campaign_locked_quantity"`
	Creator   int64 `json:"creator_locked_quantity"`
}

// changeDetail is one cause; what has not changed is left out.
type changeDetail struct {
	IdempotencyKey string `json:"idempotency_key"`
	Source         string `json:"trigger_source"`
	OccurredAt     string `json:"occurred_at"`
	Total          int64  `json:"total_quantity_delta,omitempty"`
	Available      int64  `json:"total_available_quantity_delta,omitempty"`
	Committed      int64  `json:"total_committed_quantity_delta,omitempty"`
	InShop         int64  `json:"in_shop_quantity_delta,omitempty"`
}

// bareInventoryChange is type 68 as the documents show it: the whole body,
// without an envelope, and with ids as text.
type bareInventoryChange struct {
	EventID    string         `json:"event_id"`
	OccurredAt string         `json:"occurred_at"`
	SellerID   string         `json:"seller_id"`
	ProductID  string         `json:"product_id"`
	SKUID      string         `json:"sku_id"`
	Snapshot   StockSnapshot  `json:"quantity_snapshot_after_change"`
	Detail     []changeDetail `json:"change_detail"`
}

func (c *InventoryChange) bare() bareInventoryChange {
	text := func(id int64) string { return strconv.FormatInt(id, 10) }
	return bareInventoryChange{c.EventID, c.OccurredAt, text(c.SellerID), text(c.ProductID), text(c.SKUID), c.Snapshot, c.Detail}
}

// sellerNumber is the id of a seller in type 68, which no operation shows.
func sellerNumber(openID string) int64 {
	h := fnv.New64a()
	h.Write([]byte(openID))
	return world.IDSellers + int64(h.Sum64()%world.IDStride)
}

// lowStock is the stock at which the warning of a low stock is given. The
// platform lets sellers choose it.
const lowStock = 10

func stockLevel(available int64) string {
	switch {
	case available <= 0:
		return "OUT_OF_STOCK"
	case available <= lowStock:
		return "LOW_STOCK"
	}
	return "SUFFICIENT_STOCK"
}

// CountStock counts what a shop has of a SKU, in all warehouses.
func CountStock(p *product.Product, sku string) (s StockSnapshot) {
	for _, at := range p.Stock[sku] {
		s.Available, s.Committed = s.Available+at.Available, s.Committed+at.Committed
	}
	s.InShop = s.Available + s.Committed
	s.Total = s.InShop
	return s
}

// stockMove is a change of the stock of a SKU that is still to be announced.
type stockMove struct {
	product *product.Product
	sku     string
	source  string
	before  StockSnapshot
	time    int64
}

// Together runs a change of several units and announces it as one for each SKU.
// The caller holds the shop's lock.
func Together(s *world.Shop, change func()) {
	own := MovesOf(s)
	own.open = []stockMove{}
	change()
	moves := own.open
	own.open = nil
	for i := range moves {
		announceStock(s, &moves[i])
	}
}

// MoveStock changes the stock of a SKU and announces the change, and also where
// the SKU runs low, runs out or recovers. Combined SKUs follow it without a word:
// no document says that they are told of. The caller holds the shop's lock.
func MoveStock(s *world.Shop, item, sku, source string, now int64, change func()) {
	p := product.Of(s).ByID[item]
	move := stockMove{p, sku, source, CountStock(p, sku), now}
	change()
	product.Combine(s)
	switch {
	case MovesOf(s).open == nil:
		announceStock(s, &move)
	case !slices.ContainsFunc(MovesOf(s).open, func(m stockMove) bool { return m.product == p && m.sku == sku }):
		MovesOf(s).open = append(MovesOf(s).open, move)
	}
}

func announceStock(s *world.Shop, m *stockMove) {
	before, after := m.before, CountStock(m.product, m.sku)
	product, sku, source, now := m.product.ID, m.sku, m.source, m.time
	if before == after {
		return
	}
	if level := stockLevel(after.Available); level != stockLevel(before.Available) {
		s.Emit(eventInventoryStatus, InventoryStatusChange{
			ProductID: product, SKUID: sku, Status: level,
			Reason:       stockAlert{"REALTIME", lowStock},
			Distribution: stockDistribution{Total: after.Total, Available: after.Available, Committed: after.Committed},
			UpdateTime:   now,
		})
	}
	if !s.World.Inhabited() {
		return
	}
	at := time.Unix(now, 0).UTC().Format("2006-01-02T15:04:05.000000000Z")
	s.Emit(eventInventoryChanged, InventoryChange{
		EventID: MovesOf(s).IDs.New(), OccurredAt: at,
		SellerID: sellerNumber(s.Owner), ProductID: m.product.Number, SKUID: invent.Number(sku), Snapshot: after,
		Detail: []changeDetail{{
			IdempotencyKey: MovesOf(s).IDs.New(), Source: source, OccurredAt: at,
			Total: after.Total - before.Total, Available: after.Available - before.Available,
			Committed: after.Committed - before.Committed, InShop: after.InShop - before.InShop,
		}},
	})
}

const eventInventoryStatus = 27

// InventoryStatusChange is the data of type 27.
type InventoryStatusChange struct {
	ProductID    string            `json:"product_id"`
	SKUID        string            `json:"sku_id"`
	Reason       stockAlert        `json:"trigger_reason"`
	Status       string            `json:"current_inventory_status"`
	Distribution stockDistribution `json:"inventory_distribution"`
	UpdateTime   int64             `json:"update_time"`
}

type stockAlert struct {
	Type      string `json:"alert_type"`
	Threshold int64  `json:"low_stock_threshold"`
}

type stockDistribution struct {
	Total           int64 `json:"total_quantity"` // of the other four
	Available       int64 `json:"available_quantity"`
	CreatorReserved int64 `json:"creator_reserved_quantity"`
	Campaign        int64 `json:"campaign_reserved_quantity"`
	Committed       int64 `json:"committed_quantity"`
}

// bareInventory returns the body of type 68 as the documents show it. Data of
// another shape, from a trigger, stays as it is.
func bareInventory(data json.RawMessage) any {
	var change InventoryChange
	if err := wire.DecodeStrict(data, &change); err != nil {
		return data
	}
	return change.bare()
}
