package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"sync"
	"time"
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

// streamArchive is clear of all other streams.
const streamArchive = 3000

// maxArchive bounds the orders of an archive. Filters that have no index take
// some bytes per order, and time in proportion.
const maxArchive = 1_000_000

// archive holds the orders that a shop completed long ago. They are made up
// from their number whenever somebody looks, so that a million of them takes no
// memory. They do not change.
type archive struct {
	count   int // guarded by the shop's lock, like the rest of its state
	factory orderFactory
	oldest  int64 // Unix seconds

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
	g := *f.generator
	offers := f.offers
	f.offers = nil
	frozen := map[*product]*product{}
	for _, of := range offers {
		p := frozen[of.product]
		if p == nil {
			p = &product{id: of.product.id, live: of.product.live.clone()}
			frozen[of.product] = p
		}
		f.offers = append(f.offers, offer{p, p.live.sku(of.sku.id), slices.Clone(of.stock)})
	}
	f.generator = &g
	f.buyers = slices.Clone(f.buyers)
	return &archive{factory: f, oldest: g.now.Add(-archiveOldest).Unix()}
}

// created returns the time of creation of order i; it rises with i.
func (a *archive) created(i int) int64 {
	return a.oldest + int64(i)*int64((archiveOldest-archiveYoungest)/time.Second)/int64(a.count)
}

// id returns the id of order i; it rises with i.
func (a *archive) id(i int) int64 {
	return int64(idArchive + a.factory.index*idStride + uint64(i)*archiveStep + 1)
}

// index returns the number of the order with an id.
func (a *archive) index(id string) (int, bool) {
	n, err := parseID(id)
	if err != nil || a.count == 0 || n < a.id(0) || n > a.id(a.count-1) || (n-a.id(0))%archiveStep != 0 {
		return 0, false
	}
	return int((n - a.id(0)) / archiveStep), true
}

// zeros is a source of ids without gaps.
type zeros struct{}

func (zeros) Uint64() uint64 { return 0 }

// order makes up order i, the same every time.
func (a *archive) order(i int) *order {
	f, g := a.factory, *a.factory.generator
	g.random = newRandom(mix(a.factory.world.seed+streamArchive+g.index), uint64(i))
	g.world = &world{owners: owners{shops: map[string]*shop{}}} // who owns archived ids is known without a list
	f.generator = &g
	dense := random{rand.New(zeros{}), nil}
	f.ids = ids{uint64(a.id(i)) - 1, dense}
	f.packages = ids{idArchivePackages + g.index*idStride + uint64(i)*archiveStep, dense}
	o := f.order(orderCompleted, time.Unix(a.created(i), 0))
	o.UpdateTime = o.CreateTime + archiveSettled
	return o
}

// find returns an order by its id, or nil.
func (a *archive) find(id string) *order {
	if i, ok := a.index(id); ok {
		return a.order(i)
	}
	return nil
}

// trait returns what filters ask for, without an index, of all orders.
func (a *archive) trait() []archiveTraits {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.traits) == a.count {
		return a.traits
	}
	a.traits = make([]archiveTraits, a.count)
	for i := range a.traits {
		o := a.order(i)
		a.traits[i] = archiveTraits{
			buyer:     uint8(slices.IndexFunc(a.factory.buyers, func(b buyer) bool { return b.ID == o.UserID })),
			warehouse: uint8(slices.IndexFunc(a.factory.shop.warehouses, func(w warehouse) bool { return w.id == o.WarehouseID })),
			seller:    o.ShippingType == shippingSeller,
		}
	}
	return a.traits
}

// search picks a page out of the orders that match. It returns the page,
// whether more follow, and the number of all matches.
func (a *archive) search(filter *orderFilter, byUpdate, descending bool, after *cursor, size int) (page []*order, more bool, total int) {
	if a.count == 0 || filter.OrderStatus != "" && filter.OrderStatus != orderCompleted || filter.IsBuyerRequestCancel != nil && *filter.IsBuyerRequestCancel {
		return nil, false, 0
	}
	first := func(that func(i int) bool) int { return sort.Search(a.count, that) }
	low, high := 0, a.count
	for _, bound := range []struct {
		at    *int64
		delay int64
		lower bool
	}{
		{filter.CreateTimeGE, 0, true}, {filter.CreateTimeLT, 0, false},
		{filter.UpdateTimeGE, archiveSettled, true}, {filter.UpdateTimeLT, archiveSettled, false},
	} {
		switch {
		case bound.at == nil:
		case bound.lower:
			low = max(low, first(func(i int) bool { return a.created(i)+bound.delay >= *bound.at }))
		default:
			high = min(high, first(func(i int) bool { return a.created(i)+bound.delay >= *bound.at }))
		}
	}
	matches := a.matcher(filter)
	from, to := low, high
	if after != nil {
		delay := int64(0)
		if byUpdate {
			delay = archiveSettled
		}
		key := func(i int) cursor { return cursor{a.created(i) + delay, a.id(i)} }
		if descending {
			to = min(to, first(func(i int) bool { return key(i).compare(*after) >= 0 }))
		} else {
			from = max(from, first(func(i int) bool { return key(i).compare(*after) > 0 }))
		}
	}
	if total = max(high-low, 0); matches != nil {
		total = 0
		for i := low; i < high; i++ {
			if matches(i) {
				total++
			}
		}
	}
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
		page = append(page, a.order(i))
	}
	return page, false, total
}

// sold calls back for every order that was paid in a range of times.
func (a *archive) sold(from, to int64, yield func(*order)) {
	i := sort.Search(a.count, func(i int) bool { return a.created(i) >= from-seedPayment })
	for ; i < a.count && a.created(i) < to; i++ {
		if o := a.order(i); o.PaidTime >= from && o.PaidTime < to {
			yield(o)
		}
	}
}

// matcher returns the part of a filter that has no index, nil where there is
// none.
func (a *archive) matcher(filter *orderFilter) func(i int) bool {
	if filter.ShippingType == "" && filter.BuyerUserID == "" && len(filter.WarehouseIDs) == 0 {
		return nil
	}
	traits := a.trait()
	return func(i int) bool {
		t := traits[i]
		return (filter.ShippingType == "" || t.seller == (filter.ShippingType == shippingSeller)) &&
			(filter.BuyerUserID == "" || a.factory.buyers[t.buyer].ID == filter.BuyerUserID) &&
			(len(filter.WarehouseIDs) == 0 || slices.Contains(filter.WarehouseIDs, a.factory.shop.warehouses[t.warehouse].id))
	}
}

// findOrders picks a page out of all orders of the shop that match. The
// caller holds the lock.
func findOrders(s *shop, filter *orderFilter, byUpdate, descending bool, after *cursor, size int) (page []*order, next *cursor, total int) {
	sorted, compare, key := ordersOf(s).byCreate, compareCreated, func(o *order) cursor { return cursor{o.CreateTime, o.number} }
	if byUpdate {
		sorted, compare, key = ordersOf(s).byUpdate, compareUpdated, func(o *order) cursor { return cursor{o.UpdateTime, o.number} }
	}
	page, next, total = paginate(sorted, descending, after, size, key, filter.matches)
	old, more, count := ordersOf(s).archive.search(filter, byUpdate, descending, after, size)
	if count == 0 {
		return page, next, total
	}
	page = append(page, old...)
	slices.SortFunc(page, func(a, b *order) int {
		if descending {
			a, b = b, a
		}
		return compare(a, b)
	})
	if len(page) > size {
		page, more = page[:size], true
	}
	if more || next != nil {
		last := key(page[len(page)-1])
		next = &last
	}
	return page, next, total + count
}

// orderByID returns an order of the shop, an archived one too, or nil. The
// caller holds the lock.
func orderByID(s *shop, id string) *order {
	return cmp.Or(ordersOf(s).byID[id], ordersOf(s).archive.find(id))
}

// ownerOfOrder returns the shop that an order belongs to, or nil.
func ownerOfOrder(w *world, id string) *shop {
	for _, s := range w.shops {
		if _, ok := ordersOf(s).archive.index(id); ok {
			return s
		}
	}
	return w.owners.of(id)
}

// archivePart holds the number of archived orders; all else about them follows
// from the seed and the time of the world.
func archivePart(s *shop) part {
	type saved struct {
		Orders int `json:"orders"`
	}
	return part{"archive",
		func() any { return saved{ordersOf(s).archive.count} },
		func(raw json.RawMessage) error {
			var given saved
			if err := unmarshal(raw, &given); err != nil {
				return err
			}
			if given.Orders < 0 || given.Orders > maxArchive {
				return fmt.Errorf("%d orders, want 0 to %d", given.Orders, maxArchive)
			}
			ordersOf(s).archive.count = given.Orders
			return nil
		}}
}
