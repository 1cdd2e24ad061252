package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/fulfillment"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// afterSaleList says how a search of requests is sorted and where it goes on.
type afterSaleList struct {
	field      string
	descending bool
	scope      string
	after      *gate.Cursor
}

// cursor returns the place of a request in the list.
func (l *afterSaleList) cursor(id string, created, updated int64) gate.Cursor {
	if l.field == "update_time" {
		return gate.Cursor{At: updated, ID: invent.Number(id)}
	}
	return gate.Cursor{At: created, ID: invent.Number(id)}
}

// afterSaleSearch is a search of cancellations or of returns.
type afterSaleSearch[T, V any] struct {
	leastSize int // of a page
	filter    any
	in        func(s *world.Shop) map[string]T
	times     func(T) (id string, created, updated int64)
	matches   func(s *world.Shop, v T) bool // the filter, once it is read
	view      func(c *gate.Call, v T) V
	answer    func(found []V, end gate.PageEnd) any
}

// run reads the page and the filter and answers with what is found.
func (q *afterSaleSearch[T, V]) run(c *gate.Call) *gate.Failure {
	page, list, f := afterSalePage(c, q.leastSize)
	if f != nil {
		return f
	}
	if f := c.Decode(q.filter); f != nil {
		return f
	}
	s := c.Shop
	key := func(v T) gate.Cursor { return list.cursor(q.times(v)) }
	found, next, total := gate.Paginate(c, fulfillment.Sorted(q.in(s), key), list.descending, list.after, page.Size, key,
		func(v T) bool { return q.matches(s, v) })
	views := []V{}
	for _, v := range found {
		views = append(views, q.view(c, v))
	}
	c.JSON(q.answer(views, c.PageEnd(next, list.scope, total)))
	return nil
}

// afterSalePage reads what the searches of requests have in common. They sort
// ascending unless told otherwise.
func afterSalePage(c *gate.Call, least int) (page gate.PageRequest, list afterSaleList, f *gate.Failure) {
	if page, f = c.PageOf(least, 50, 10, codeParameterRange); f != nil {
		return page, list, f
	}
	if list.field, f = c.OneOf("sort_field", "create_time", "create_time", "update_time"); f != nil {
		return page, list, f
	}
	direction, f := c.OneOf("sort_order", "ASC", "ASC", "DESC")
	if f != nil {
		return page, list, f
	}
	list.descending = direction == "DESC"
	list.scope = c.Route.Name + c.Shop.ID + list.field + direction
	list.after, f = page.Cursor(c.State.World.Seed, list.scope)
	return page, list, f
}

// oddOne returns a value that is not among those allowed, or nil.
func oddOne(values []string, allowed ...string) *string {
	for i := range values {
		if !slices.Contains(allowed, values[i]) {
			return &values[i]
		}
	}
	return nil
}

// among reports whether a filter that lists values lets one pass.
func among(values []string, value string) bool {
	return len(values) == 0 || slices.Contains(values, value)
}

// within reports whether a time lies in a range whose ends may be open.
func within(time int64, from, to *int64) bool {
	return (from == nil || time >= *from) && (to == nil || time < *to)
}
