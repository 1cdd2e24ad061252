package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
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
