package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// streamTrade is where the random streams of the trade of the shops begin,
// beyond those of the shops themselves.
const streamTrade = 1 << 16

// trade is what a shop keeps beside its products and orders: what orders hold
// of the stock, packages, cancellations and returns, the money given back and
// what is going to happen by itself. It is plain data; the lock of the shop
// guards it.
type trade struct {
	Random       random `json:"random"` // draws what is made up as orders go on
	OrderIDs     ids    `json:"order_ids"`
	PackageIDs   ids    `json:"package_ids"`
	AfterSaleIDs ids    `json:"after_sale_ids"`
	StockIDs     *ids   `json:"stock_ids"` // those of [stockMoves]

	Buyers        []buyer                    `json:"buyers"`
	Holds         map[string]hold            `json:"holds"`    // by order line
	Packages      map[string]*parcel         `json:"packages"` // by id
	Cancellations map[string]*cancellation   `json:"cancellations"`
	Returns       map[string]*returnRequest  `json:"returns"`
	Refunds       []refund                   `json:"refunds"` // as they were paid, see payBack
	External      []externalReference        `json:"external"`
	Deadlines     *deadlines                 `json:"deadlines"` // the shop's
	Repeats       map[string]json.RawMessage `json:"repeats"`   // answers by idempotency key
	Bundles       map[string]bundle          `json:"bundles"`

	// Indexes, rebuilt by index.
	cancellationsOf map[string][]*cancellation // by order, in the order of their creation
	returnsOf       map[string][]*returnRequest
}

// index rebuilds what follows from the rest.
func (t *trade) index() {
	t.cancellationsOf, t.returnsOf = map[string][]*cancellation{}, map[string][]*returnRequest{}
	for _, id := range slices.Sorted(maps.Keys(t.Cancellations)) {
		c := t.Cancellations[id]
		t.cancellationsOf[c.OrderID] = append(t.cancellationsOf[c.OrderID], c)
	}
	for _, id := range slices.Sorted(maps.Keys(t.Returns)) {
		r := t.Returns[id]
		t.returnsOf[r.OrderID] = append(t.returnsOf[r.OrderID], r)
	}
}

// hold is a unit of stock that an order line stands for.
type hold struct {
	Product   string `json:"product"`
	SKU       string `json:"sku"`
	Warehouse string `json:"warehouse"`
	Shipped   bool   `json:"shipped"` // no longer committed, but not collected yet
}

// stockAt returns the stock that a hold is about. It is nil where the seller
// has taken the SKU or the warehouse out of the product since.
func stockAt(s *shop, h hold) *stock {
	p := productsOf(s).byID[h.Product]
	if p == nil {
		return nil
	}
	places := p.stock[h.SKU]
	for i := range places {
		if places[i].warehouse == h.Warehouse {
			return &places[i]
		}
	}
	return nil
}

// takeStock reserves one unit for an order line.
func takeStock(s *shop, line string, h hold, now int64) {
	if at := stockAt(s, h); at != nil {
		moveStock(s, h.Product, h.SKU, stockOrdered, now, func() { at.available--; at.committed++ })
	}
	tradeOf(s).Holds[line] = h
}

// shipStock ends the reservation of a line that is shipped: the unit is packed.
func shipStock(s *shop, line string, now int64) {
	h, ok := tradeOf(s).Holds[line]
	if !ok || h.Shipped {
		return
	}
	if at := stockAt(s, h); at != nil {
		moveStock(s, h.Product, h.SKU, stockShipped, now, func() { at.committed-- })
	}
	h.Shipped = true
	tradeOf(s).Holds[line] = h
}

// giveStock puts the unit of a cancelled line back. A unit that the carrier has
// collected is gone for good.
func giveStock(s *shop, line string, now int64) {
	h, ok := tradeOf(s).Holds[line]
	if !ok {
		return
	}
	if at := stockAt(s, h); at != nil {
		moveStock(s, h.Product, h.SKU, stockCancelled, now, func() {
			at.available++
			if !h.Shipped {
				at.committed--
			}
		})
	}
	delete(tradeOf(s).Holds, line)
}

// buyer returns a buyer of the shop by id, or nil.
func (t *trade) buyer(id string) *buyer {
	for i := range t.Buyers {
		if t.Buyers[i].ID == id {
			return &t.Buyers[i]
		}
	}
	return nil
}

// factory makes orders as the seed does, from the draws of the trade.
func factory(s *shop) *orderFactory {
	return &orderFactory{
		generator: &generator{random: tradeOf(s).Random, world: s.world, shop: s},
		carriers:  carriers(s.Region),
	}
}

// repeat answers a call whose idempotency key was used before as it was
// answered then, and otherwise does the work and keeps its answer. Whether the
// platform replays or refuses is not documented; to replay is what the key is
// for. A failure is not kept.
func repeat(c *call, work func() *failure) *failure {
	key, _ := lookup(c.query, "idempotency_key")
	if len(key) > maxRepeatKey {
		return fail(codeInvalidParameter, "'idempotency_key' takes at most 255 characters")
	}
	if key == "" {
		return work()
	}
	key = c.route.name + " " + strings.Join(c.params.values[:c.params.count], " ") + " " + key
	if answer, ok := tradeOf(c.shop).Repeats[key]; ok {
		c.out = append(c.out, answer...)
		return nil
	}
	start := len(c.out)
	if f := work(); f != nil {
		return f
	}
	answer := slices.Clone(c.out[start:])
	if len(answer) == 0 {
		answer = []byte("{}")
	}
	tradeOf(c.shop).Repeats[key] = answer
	return nil
}

// maxRepeatKey is the length of an idempotency key.
const maxRepeatKey = 255

// findOrder returns an order of the caller's shop, or fails with a code. The caller
// holds the lock.
func findOrder(c *call, id string, code int) (*order, *failure) {
	if o := ordersOf(c.shop).byID[id]; o != nil {
		return o, nil
	}
	return nil, fail(code, "order ", id, " does not exist or is not the shop's")
}

// externalReference ties an order to an order of another system.
type externalReference struct {
	OrderID  string         `json:"order_id"`
	Platform string         `json:"platform"`
	ID       string         `json:"id"`
	Lines    []externalLine `json:"lines"`
}

type externalLine struct {
	ID       string `json:"id"`        // in the other system
	OriginID string `json:"origin_id"` // the order line here
}

// tradeOf returns the trade of a shop. The shop's lock guards it.
func tradeOf(s *shop) *trade { return roomIn[trade](s.rooms) }
