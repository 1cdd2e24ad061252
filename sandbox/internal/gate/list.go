package gate

import (
	"slices"
	"strconv"
	"strings"

	operations "github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// timedPage is the number of entries on a page where neither the caller nor the
// catalogue names one.
const timedPage = 20

// TimedList is a page of a list that is ordered by time, such as those of
// finance.
type TimedList struct {
	c          *Call
	scope      string
	Descending bool
	From, To   int64 // Unix seconds; to is 0 for no end
	size       int
	after      *Cursor
}

// TimedList reads what such lists have in common: the one value that sort_field
// may have ("" where the operation has none), the order, a range of times with
// its end left out, and the page. What else tells one list of an operation from
// another is given.
func (c *Call) TimedList(sortField, times string, more ...string) (*TimedList, *Failure) {
	l := &TimedList{c: c, size: timedPage}
	if sortField != "" {
		if _, f := c.OneOf("sort_field", sortField, sortField); f != nil {
			return nil, f
		}
	}
	order, f := c.OneOf("sort_order", "ASC", "ASC", "DESC")
	if f != nil {
		return nil, f
	}
	l.Descending = order == "DESC"
	for _, bound := range []struct {
		name string
		to   *int64
	}{{times + "_ge", &l.From}, {times + "_lt", &l.To}} {
		value, _ := wire.Lookup(c.Query, bound.name)
		if value == "" {
			continue
		}
		if *bound.to, f = seconds(bound.name, value); f != nil {
			return nil, f
		}
	}
	if i := slices.IndexFunc(c.Route.Spec().Query, func(f operations.Field) bool { return f.Name == "page_size" }); i >= 0 {
		if size, err := strconv.Atoi(c.Route.Spec().Query[i].Default); err == nil {
			l.size = size
		}
	}
	if value, _ := wire.Lookup(c.Query, "page_size"); value != "" {
		if l.size, _ = strconv.Atoi(value); l.size < 1 || l.size > 100 {
			return nil, Fail(CodeInvalidParameter, "'page_size' must be from 1 to 100")
		}
	}
	owner := c.Grant.OpenID // of lists that belong to no shop
	if c.Shop != nil {
		owner = c.Shop.ID
	}
	l.scope = strings.Join(slices.Concat([]string{c.Route.Name, owner, order}, c.Params.Values[:c.Params.Count], more), " ")
	token, _ := wire.Lookup(c.Query, "page_token")
	l.after, f = PageRequest{l.size, token}.Cursor(c.State.World.Seed, l.scope)
	return l, f
}

func seconds(name, value string) (int64, *Failure) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return 0, WrongType(name, "string", "integer")
	}
	return n, nil
}

// TimedPage picks the page out of entries in ascending order. It returns
// the token of the next page and the number of all entries.
func TimedPage[T any](l *TimedList, entries []T, key func(T) Cursor, match func(T) bool) ([]T, string, int) {
	page, next, total := Paginate(l.c, entries, l.Descending, l.after, l.size, key, match)
	if next == nil {
		return page, "", total
	}
	return page, next.Encode(l.c.State.World.Seed, l.scope), total
}
