package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

// financePage is the number of entries on a page where the caller names none.
const financePage = 20

// financeList reads what the lists of finance have in common: the one value
// that sort_field may have ("" where the operation has none), the order, a
// range of times with its end left out, and the page. What else tells one list
// of an operation from another is given.
type financeList struct {
	c          *call
	scope      string
	descending bool
	from, to   int64 // Unix seconds; to is 0 for no end
	size       int
	after      *cursor
}

func (c *call) financeList(sortField, times string, more ...string) (*financeList, *failure) {
	l := &financeList{c: c, size: financePage}
	if sortField != "" {
		if _, f := c.oneOf("sort_field", sortField, sortField); f != nil {
			return nil, f
		}
	}
	order, f := c.oneOf("sort_order", "ASC", "ASC", "DESC")
	if f != nil {
		return nil, f
	}
	l.descending = order == "DESC"
	for name, bound := range map[string]*int64{times + "_ge": &l.from, times + "_lt": &l.to} {
		value, _ := lookup(c.query, name)
		if value == "" {
			continue
		}
		if *bound, f = c.seconds(name, value); f != nil {
			return nil, f
		}
	}
	if value, _ := lookup(c.query, "page_size"); value != "" {
		if l.size, _ = strconv.Atoi(value); l.size < 1 || l.size > 100 {
			return nil, fail(codeInvalidParameter, "'page_size' must be from 1 to 100")
		}
	}
	l.scope = strings.Join(slices.Concat([]string{c.route.name, c.shop.ID, order}, c.params.values[:c.params.count], more), " ")
	token, _ := lookup(c.query, "page_token")
	l.after, f = pageRequest{l.size, token}.cursor(c.state.world.seed, l.scope)
	return l, f
}

func (c *call) seconds(name, value string) (int64, *failure) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return 0, wrongType(name, "string", "integer")
	}
	return n, nil
}

// financePageOf picks the page out of entries in ascending order. It returns
// the token of the next page and the number of all entries.
func financePageOf[T any](l *financeList, entries []T, key func(T) cursor, match func(T) bool) ([]T, string, int) {
	page, next, total := paginate(entries, l.descending, l.after, l.size, key, match)
	if next == nil {
		return page, "", total
	}
	return page, next.encode(l.c.state.world.seed, l.scope), total
}
