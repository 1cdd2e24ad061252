package trade

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// trade is what a shop keeps beside its products and orders: what orders hold
// of the stock, packages, cancellations and returns, the money given back and
// what is going to happen by itself. It is plain data; the lock of the shop
// guards it.
type trade struct {
	Random       invent.Random `json:"random"` // draws what is made up as orders go on
	OrderIDs     invent.IDs    `json:"order_ids"`
	PackageIDs   invent.IDs    `json:"package_ids"`
	AfterSaleIDs invent.IDs    `json:"after_sale_ids"`
	StockIDs     *invent.IDs   `json:"stock_ids"` // those of [stockMoves]

	Buyers        []buyer                    `json:"buyers"`
	Holds         map[string]Hold            `json:"holds"`    // by order line
	Packages      map[string]*Parcel         `json:"packages"` // by id
	Cancellations map[string]*Cancellation   `json:"cancellations"`
	Returns       map[string]*ReturnRequest  `json:"returns"`
	Refunds       []refund                   `json:"refunds"` // as they were paid, see payBack
	External      []ExternalReference        `json:"external"`
	Deadlines     *world.Deadlines           `json:"deadlines"` // the shop's
	Repeats       map[string]json.RawMessage `json:"repeats"`   // answers by idempotency key
	Bundles       map[string]Bundle          `json:"bundles"`

	// Indexes, rebuilt by index.
	CancellationsOf map[string][]*Cancellation  `json:"-"` // by order, in the order of their creation
	ReturnsOf       map[string][]*ReturnRequest `json:"-"`
	repeatKeys      []string                    // of Repeats, the oldest first
}

// index rebuilds what follows from the rest.
func (t *trade) index() {
	t.CancellationsOf, t.ReturnsOf = map[string][]*Cancellation{}, map[string][]*ReturnRequest{}
	for _, id := range slices.Sorted(maps.Keys(t.Cancellations)) {
		c := t.Cancellations[id]
		t.CancellationsOf[c.OrderID] = append(t.CancellationsOf[c.OrderID], c)
	}
	for _, id := range slices.Sorted(maps.Keys(t.Returns)) {
		r := t.Returns[id]
		t.ReturnsOf[r.OrderID] = append(t.ReturnsOf[r.OrderID], r)
	}
	t.repeatKeys = slices.Sorted(maps.Keys(t.Repeats)) // their age is not kept
}

// Hold is a unit of stock that an order line stands for. A combined SKU has no stock
// of its own: the line holds its parts.
type Hold struct {
	Product   string     `json:"product"`
	SKU       string     `json:"sku"`
	Warehouse string     `json:"warehouse"`
	Shipped   bool       `json:"shipped"` // no longer committed, but not collected yet
	Parts     []heldPart `json:"parts,omitempty"`
}

// stockAt returns the stock of a SKU in a warehouse. It is nil where the seller
// has taken the SKU or the warehouse out of the product since.
func stockAt(s *world.Shop, of heldPart, warehouse string) *product.Stock {
	p := product.Of(s).ByID[of.Product]
	if p == nil {
		return nil
	}
	places := p.Stock[of.SKU]
	for i := range places {
		if places[i].Warehouse == warehouse {
			return &places[i]
		}
	}
	return nil
}

// move changes the stock of all that a hold is about.
func (h Hold) move(s *world.Shop, source string, now int64, change func(at *product.Stock, count int64)) {
	for _, piece := range h.pieces() {
		if at := stockAt(s, piece, h.Warehouse); at != nil {
			stock.MoveStock(s, piece.Product, piece.SKU, source, now, func() { change(at, piece.Count) })
		}
	}
}

// takeStock reserves one unit for an order line.
func takeStock(s *world.Shop, line string, h Hold, now int64) {
	h.move(s, stock.StockOrdered, now, func(at *product.Stock, n int64) { at.Available -= n; at.Committed += n })
	Of(s).Holds[line] = h
}

// shipStock ends the reservation of a line that is shipped: the unit is packed.
func shipStock(s *world.Shop, line string, now int64) {
	h, ok := Of(s).Holds[line]
	if !ok || h.Shipped {
		return
	}
	h.move(s, stock.StockShipped, now, func(at *product.Stock, n int64) { at.Committed -= n })
	h.Shipped = true
	Of(s).Holds[line] = h
}

// giveStock puts the unit of a cancelled line back. A unit that the carrier has
// collected is gone for good.
func giveStock(s *world.Shop, line string, now int64) {
	h, ok := Of(s).Holds[line]
	if !ok {
		return
	}
	h.move(s, stock.StockCancelled, now, func(at *product.Stock, n int64) {
		at.Available += n
		if !h.Shipped {
			at.Committed -= n
		}
	})
	delete(Of(s).Holds, line)
}

// Buyer returns a buyer of the shop by id, or nil.
func (t *trade) Buyer(id string) *buyer {
	for i := range t.Buyers {
		if t.Buyers[i].ID == id {
			return &t.Buyers[i]
		}
	}
	return nil
}

// factory makes orders as the seed does, from the draws of the trade.
func factory(s *world.Shop) *orderFactory {
	return &orderFactory{
		Generator: &world.Generator{Random: Of(s).Random, World: s.World, Shop: s},
		carriers:  market.Carriers(s.Region),
	}
}

// FindOrder returns an order of the caller's shop, or fails with a code. The caller
// holds the lock.
func FindOrder(c *gate.Call, id string, code int) (*Order, *gate.Failure) {
	if o := OrdersOf(c.Shop).ByID[id]; o != nil {
		return o, nil
	}
	return nil, gate.Fail(code, "order ", id, " does not exist or is not the shop's")
}

// ExternalReference ties an order to an order of another system.
type ExternalReference struct {
	OrderID  string         `json:"order_id"`
	Platform string         `json:"platform"`
	ID       string         `json:"id"`
	Lines    []ExternalLine `json:"lines"`
}

// ExternalLine is a line of an order as another platform calls it.
type ExternalLine struct {
	ID       string `json:"id"`        // in the other system
	OriginID string `json:"origin_id"` // the order line here
}

// Of returns the trade of a shop. The shop's lock guards it.
func Of(s *world.Shop) *trade { return world.RoomIn[trade](s.Rooms) }
