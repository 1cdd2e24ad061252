package sandbox

import "slices"

// afterSaleList says how a search of requests is sorted and where it goes on.
type afterSaleList struct {
	field      string
	descending bool
	scope      string
	after      *cursor
}

// cursor returns the place of a request in the list.
func (l *afterSaleList) cursor(id string, created, updated int64) cursor {
	if l.field == "update_time" {
		return cursor{updated, number(id)}
	}
	return cursor{created, number(id)}
}

// afterSalePage reads what the searches of requests have in common. They sort
// ascending unless told otherwise.
func afterSalePage(c *call, least int) (page pageRequest, list afterSaleList, f *failure) {
	if page, f = c.pageOf(least, 50, 10, codeParameterRange); f != nil {
		return page, list, f
	}
	if list.field, f = c.oneOf("sort_field", "create_time", "create_time", "update_time"); f != nil {
		return page, list, f
	}
	direction, f := c.oneOf("sort_order", "ASC", "ASC", "DESC")
	if f != nil {
		return page, list, f
	}
	list.descending = direction == "DESC"
	list.scope = c.route.name + c.shop.ID + list.field + direction
	list.after, f = page.cursor(c.state.world.seed, list.scope)
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
