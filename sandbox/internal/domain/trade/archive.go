package trade

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The archive lies between these ages when the world is made. Orders of other
// states and the completed ones of the world itself are younger.
const (
	archiveOldest   = 850 * 24 * time.Hour
	archiveYoungest = 120 * 24 * time.Hour
)

// archiveSettled is how long after its creation the last change of an archived
// order was, in seconds: later than anything else that happened to it. That it
// is the same for all makes the order by creation the order by update too.
const archiveSettled = 17 * 24 * 3600

// Ids of the archive are lower than those of the world. Each order has
// archiveStep of them, for itself and its lines.
const (
	idArchive         = 570_000_000_000_000_000
	idArchivePackages = 1151_000_000_000_000_000
	archiveStep       = 16
)

// MaxArchive bounds the orders of an archive. Filters that have no index take
// some bytes per order, and time in proportion.
const MaxArchive = 1_000_000

// archive holds the orders that a shop completed long ago. They are made up
// from their number whenever somebody looks, so that a million of them takes no
// memory. They do not change.
type archive struct {
	Count   int // guarded by the shop's lock, like the rest of its state
	Factory orderFactory
	Oldest  int64 // Unix seconds

	mu     sync.Mutex
	traits []archiveTraits // see trait
}

// archiveTraits are what filters ask for without an index.
type archiveTraits struct {
	buyer     uint8 // its number
	warehouse uint8 // its number
	seller    bool  // the seller ships
}

// newArchive returns the empty archive of a shop whose orders a factory made.
// Goods keep the name and the price that they had then.
func newArchive(f orderFactory) *archive {
	g := *f.Generator
	offers := f.Offers
	f.Offers = nil
	frozen := map[*product.Product]*product.Product{}
	for _, of := range offers {
		p := frozen[of.Product]
		if p == nil {
			p = &product.Product{ID: of.Product.ID, Live: of.Product.Live.Clone()}
			frozen[of.Product] = p
		}
		f.Offers = append(f.Offers, product.Offer{Product: p, SKU: p.Live.SKU(of.SKU.ID), Stock: slices.Clone(of.Stock)})
	}
	f.Generator = &g
	f.buyers = slices.Clone(f.buyers)
	return &archive{Factory: f, Oldest: g.Now.Add(-archiveOldest).Unix()}
}

// created returns the time of creation of order i; it rises with i.
func (a *archive) created(i int) int64 {
	return a.Oldest + int64(i)*int64((archiveOldest-archiveYoungest)/time.Second)/int64(a.Count)
}

// id returns the id of order i; it rises with i.
func (a *archive) id(i int) int64 {
	return int64(idArchive + a.Factory.Index*world.IDStride + uint64(i)*archiveStep + 1)
}

// index returns the number of the order with an id.
func (a *archive) index(id string) (int, bool) {
	n, err := invent.ParseID(id)
	if err != nil || a.Count == 0 || n < a.id(0) || n > a.id(a.Count-1) || (n-a.id(0))%archiveStep != 0 {
		return 0, false
	}
	return int((n - a.id(0)) / archiveStep), true
}

// zeros is a source of ids without gaps.
type zeros struct{}

func (zeros) Uint64() uint64 { return 0 }

// Order makes up order i, the same every time.
func (a *archive) Order(i int) *Order {
	f, g := a.Factory, *a.Factory.Generator
	g.Random = invent.NewRandom(invent.Mix(a.Factory.World.Seed+invent.StreamArchive+g.Index), uint64(i))
	g.World = &world.World{Owners: world.Owners{Shops: map[string]*world.Shop{}}} // who owns archived ids is known without a list
	f.Generator = &g
	dense := invent.Random{Rand: rand.New(zeros{}), Source: nil}
	f.ids = invent.IDs{Next: uint64(a.id(i)) - 1, Random: dense}
	f.packages = invent.IDs{Next: idArchivePackages + g.Index*world.IDStride + uint64(i)*archiveStep, Random: dense}
	o := f.order(OrderCompleted, time.Unix(a.created(i), 0))
	o.UpdateTime = o.CreateTime + archiveSettled
	return o
}

// find returns an order by its id, or nil.
func (a *archive) find(id string) *Order {
	if i, ok := a.index(id); ok {
		return a.Order(i)
	}
	return nil
}

// trait returns what filters ask for, without an index, of all orders.
func (a *archive) trait() []archiveTraits {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.traits) == a.Count {
		return a.traits
	}
	a.traits = make([]archiveTraits, a.Count)
	for i := range a.traits {
		o := a.Order(i)
		a.traits[i] = archiveTraits{
			buyer:     uint8(slices.IndexFunc(a.Factory.buyers, func(b buyer) bool { return b.ID == o.UserID })),
			warehouse: uint8(slices.IndexFunc(a.Factory.Shop.Warehouses, func(w world.Warehouse) bool { return w.ID == o.WarehouseID })),
			seller:    o.ShippingType == ShippingSeller,
		}
	}
	return a.traits
}

// span returns the numbers of the orders in the ranges of time of a filter, the
// last one excluded.
func (a *archive) span(filter *OrderFilter) (low, high int) {
	if a.Count == 0 || filter.OrderStatus != "" && filter.OrderStatus != OrderCompleted || filter.IsBuyerRequestCancel != nil && *filter.IsBuyerRequestCancel {
		return 0, 0
	}
	low, high = 0, a.Count
	for _, bound := range []struct {
		at    *int64
		delay int64
		lower bool
	}{
		{filter.CreateTimeGE, 0, true}, {filter.CreateTimeLT, 0, false},
		{filter.UpdateTimeGE, archiveSettled, true}, {filter.UpdateTimeLT, archiveSettled, false},
	} {
		if bound.at == nil {
			continue
		}
		at := sort.Search(a.Count, func(i int) bool { return a.created(i)+bound.delay >= *bound.at })
		if bound.lower {
			low = max(low, at)
		} else {
			high = min(high, at)
		}
	}
	return low, max(low, high)
}

// key returns the place of order i in a list.
func (a *archive) key(i int, byUpdate bool) gate.Cursor {
	at := a.created(i)
	if byUpdate {
		at += archiveSettled
	}
	return gate.Cursor{At: at, ID: a.id(i)}
}

// matching returns the number of the orders that match.
func (a *archive) matching(filter *OrderFilter) int {
	low, high := a.span(filter)
	matches := a.matcher(filter)
	if matches == nil || low == high {
		return high - low
	}
	total := 0
	for i := low; i < high; i++ {
		if matches(i) {
			total++
		}
	}
	return total
}

// nth returns the place of a match, counted from 0 and the oldest one, or nil.
func (a *archive) nth(filter *OrderFilter, byUpdate bool, n int) *gate.Cursor {
	low, high := a.span(filter)
	matches := a.matcher(filter)
	if matches == nil && n >= 0 && n < high-low {
		return new(a.key(low+n, byUpdate))
	}
	for i := low; matches != nil && n >= 0 && i < high; i++ {
		if !matches(i) {
			continue
		}
		if n == 0 {
			return new(a.key(i, byUpdate))
		}
		n--
	}
	return nil
}

// search picks a page out of the orders that match. It returns the page,
// whether more follow, and the number of all matches.
func (a *archive) search(filter *OrderFilter, byUpdate, descending bool, after *gate.Cursor, size int) (page []*Order, more bool, total int) {
	low, high := a.span(filter)
	if low == high {
		return nil, false, 0
	}
	matches := a.matcher(filter)
	from, to := low, high
	if after != nil {
		first := func(that func(gate.Cursor) bool) int {
			return sort.Search(a.Count, func(i int) bool { return that(a.key(i, byUpdate)) })
		}
		if descending {
			to = min(to, first(func(k gate.Cursor) bool { return k.Compare(*after) >= 0 }))
		} else {
			from = max(from, first(func(k gate.Cursor) bool { return k.Compare(*after) > 0 }))
		}
	}
	total = a.matching(filter)
	for n := range to - from {
		i := from + n
		if descending {
			i = to - 1 - n
		}
		if matches != nil && !matches(i) {
			continue
		}
		if len(page) == size {
			return page, true, total
		}
		page = append(page, a.Order(i))
	}
	return page, false, total
}

// Sold calls back for every order that was paid in a range of times.
func (a *archive) Sold(from, to int64, yield func(*Order)) {
	longest := int64(seedPayment)
	if a.Factory.Shop.Market.COD {
		longest = seedDelivery
	}
	i := sort.Search(a.Count, func(i int) bool { return a.created(i) >= from-longest })
	for ; i < a.Count && a.created(i) < to; i++ {
		if o := a.Order(i); o.PaidTime >= from && o.PaidTime < to {
			yield(o)
		}
	}
}

// matcher returns the part of a filter that has no index, nil where there is
// none.
func (a *archive) matcher(filter *OrderFilter) func(i int) bool {
	if filter.ShippingType == "" && filter.BuyerUserID == "" && len(filter.WarehouseIDs) == 0 {
		return nil
	}
	traits := a.trait()
	return func(i int) bool {
		t := traits[i]
		return (filter.ShippingType == "" || filter.ShippingType == map[bool]string{true: ShippingSeller, false: ShippingTikTok}[t.seller]) &&
			(filter.BuyerUserID == "" || a.Factory.buyers[t.buyer].ID == filter.BuyerUserID) &&
			(len(filter.WarehouseIDs) == 0 || slices.Contains(filter.WarehouseIDs, a.Factory.Shop.Warehouses[t.warehouse].ID))
	}
}

// OrderByID returns an order of the shop, an archived one too, or nil. The
// caller holds the lock.
func OrderByID(s *world.Shop, id string) *Order {
	return cmp.Or(OrdersOf(s).ByID[id], OrdersOf(s).Archive.find(id))
}

// OwnerOfOrder returns the shop that an order belongs to, or nil.
func OwnerOfOrder(w *world.World, id string) *world.Shop {
	for _, s := range w.Shops {
		if _, ok := OrdersOf(s).Archive.index(id); ok {
			return s
		}
	}
	return w.Owners.Of(id)
}

// archivePart holds the number of archived orders; all else about them follows
// from the seed and the time of the world.
func archivePart(s *world.Shop) keep.Part {
	type saved struct {
		Orders int `json:"orders"`
	}
	return keep.Part{Name: "archive",
		Save: func() any { return saved{OrdersOf(s).Archive.Count} },
		Load: func(raw json.RawMessage) error {
			var given saved
			if err := keep.Decode(raw, &given); err != nil {
				return err
			}
			if given.Orders < 0 || given.Orders > MaxArchive {
				return fmt.Errorf("%d orders, want 0 to %d", given.Orders, MaxArchive)
			}
			OrdersOf(s).Archive.Count = given.Orders
			return nil
		}}
}
