package trade

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// FindOrders picks a page out of all orders of the caller's shop that match, the
// way the lists of the call behave. The caller holds the lock.
func FindOrders(c *gate.Call, filter *OrderFilter, byUpdate, descending bool, after *gate.Cursor, size int) (page []*Order, next *gate.Cursor, total int) {
	all, l := OrdersOf(c.Shop), c.Listing()
	sorted, compare, key := all.ByCreate, CompareCreated, func(o *Order) gate.Cursor { return gate.Cursor{At: o.CreateTime, ID: o.Number} }
	if byUpdate {
		sorted, compare, key = all.ByUpdate, CompareUpdated, func(o *Order) gate.Cursor { return gate.Cursor{At: o.UpdateTime, ID: o.Number} }
	}
	match := filter.matches
	switch {
	case l.ShowsOld():
		sorted = gate.Earlier(&l, sorted, key)
	case l.Hides():
		match = func(o *Order) bool { return filter.matches(o) && l.Shows(o.Number, o.UpdateTime) }
	}
	from := after
	if skipped, counted := l.Skipped(after); counted {
		from = nthOrder(all.Archive, sorted, filter, byUpdate, descending, skipped, key, match)
	}
	page, next, total = gate.Pick(sorted, descending, from, size, key, match)
	old, more, count := all.Archive.search(filter, byUpdate, descending, from, size)
	if count > 0 {
		page = append(page, old...)
		slices.SortFunc(page, func(a, b *Order) int {
			if descending {
				a, b = b, a
			}
			return compare(a, b)
		})
		if len(page) > size {
			page, more = page[:size], true
		}
		if more || next != nil {
			next = new(key(page[len(page)-1]))
		}
	}
	return page, l.Next(next, after, len(page)), l.Total(total + count)
}

// nthOrder returns the key of a match, counted from 1, or that of the last one
// where there are fewer. All archived orders lie before the others in either
// order.
func nthOrder(a *archive, sorted []*Order, filter *OrderFilter, byUpdate, descending bool, n int, key func(*Order) gate.Cursor, match func(*Order) bool) *gate.Cursor {
	if n == 0 {
		return nil
	}
	young := 0
	for _, o := range sorted {
		if match(o) {
			young++
		}
	}
	old := a.matching(filter)
	if descending {
		if n <= young || old == 0 {
			return gate.Nth(sorted, true, n, key, match)
		}
		return a.nth(filter, byUpdate, old-min(n-young, old))
	}
	if n <= old {
		return a.nth(filter, byUpdate, n-1)
	}
	if at := gate.Nth(sorted, false, n-old, key, match); at != nil {
		return at
	}
	return a.nth(filter, byUpdate, old-1)
}
