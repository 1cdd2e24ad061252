package analytics

import (
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// performed is a video or a LIVE in a list, with what it did in a period.
type performed struct {
	affiliate.Content
	figures
	sold  []string          // products
	byDay map[buyerDay]bool // who bought
}

// buyerDay is a buyer on a day.
type buyerDay struct {
	buyer string
	day   day
}

// added is how many products a LIVE showed: more than it sold.
func (e *performed) added() int {
	return len(e.sold) + int(invent.FNVMixed([]string{e.ID, "added"})%5)
}

// value is what a list is sorted by.
func (r *report) value(e *performed, field string) int64 {
	watched, seen := e.seen(e.Kind)
	switch field {
	case "sku_orders":
		return int64(e.skuOrders)
	case "items_sold", "units_sold", "unit_sold":
		return int64(e.units())
	case "views":
		return int64(watched.views)
	case "click_through_rate":
		return int64(seen.views) * 1_000_000 / int64(max(watched.views, 1))
	case "gpm":
		return r.thousandth(e.gmv(), watched.views)
	case "avg_customers":
		return int64(e.mean(e.customers))
	case "customers":
		return int64(len(e.figures.buyers))
	case "products_added":
		return int64(e.added())
	case "different_products_sold":
		return int64(len(e.sold))
	}
	return e.gmv()
}

// perform works out what each video or LIVE did in the period that is asked for.
// The caller holds the shop's lock.
func (r *report) perform(of scene) []*performed {
	p := r.asked.within(r.available)
	all := map[string]*performed{}
	entry := func(c *affiliate.Content) *performed {
		if all[c.ID] == nil {
			all[c.ID] = &performed{Content: *c, figures: figures{period: p, days: int(p.to - p.from)}, byDay: map[buyerDay]bool{}}
		}
		return all[c.ID]
	}
	for _, c := range r.contents(of, p) {
		e := entry(&c)
		r.showOne(&c, p, func(day) *figures { return &e.figures })
	}
	sold(r.Shop, p.from.in(r.zone).Unix(), p.to.in(r.zone).Unix(), func(o *trade.Order) {
		led := r.leads().Of(o)
		var done []string
		for i := range o.LineItems {
			line := &o.LineItems[i]
			c := led(line)
			if !of.takes(&c) {
				continue
			}
			e := entry(&c)
			if !slices.Contains(e.sold, line.ProductID) {
				e.sold = append(e.sold, line.ProductID)
			}
			e.byDay[buyerDay{o.UserID, dayOf(o.PaidTime, r.zone)}] = true
			if !slices.Contains(done, c.ID) {
				done = append(done, c.ID)
				e.sell(r, o, through(&c))
			}
		}
	})
	list := make([]*performed, 0, len(all))
	for _, e := range all {
		e.customers = len(e.byDay)
		list = append(list, e)
	}
	return list
}

// contentRanking answers a call for a list of videos or LIVEs under a name, the
// best first.
func contentRanking(c *gate.Call, name string, kind affiliate.ContentKind, show func(*report, *performed) any) *gate.Failure {
	r, f := periodReport(c, "")
	if f != nil {
		return f
	}
	of := readScene(c, kind)
	r.Mu.RLock()
	defer r.Mu.RUnlock()
	field, _ := wire.Lookup(c.Query, "sort_field")
	return rankingPage(r, name, field, of.accounts, r.perform(of),
		func(e *performed) gate.Cursor { return gate.Cursor{At: r.value(e, field), ID: invent.Number(e.ID)} }, show)
}

// rankingPage answers with a page of a list that is sorted by a field, the highest
// first unless the call asks otherwise.
func rankingPage[T any](r *report, name, field, more string, list []T, key func(T) gate.Cursor, show func(*report, T) any) *gate.Failure {
	c := r.call
	page, f := c.PageOf(1, 100, 10, gate.CodeInvalidParameter)
	if f != nil {
		return f
	}
	direction, _ := wire.Lookup(c.Query, "sort_order")
	scope := strings.Join([]string{
		c.Route.Name, r.ID, r.asked.from.String(), r.asked.to.String(), r.currency.Currency, field, direction, more,
	}, " ")
	after, f := page.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	slices.SortFunc(list, func(a, b T) int { return key(a).Compare(key(b)) })
	found, next, count := gate.Paginate(c, list, direction != "ASC", after, page.Size, key, func(T) bool { return true })
	entries := make([]any, 0, len(found))
	for _, e := range found {
		entries = append(entries, show(r, e))
	}
	end := c.PageEnd(next, scope, count)
	c.JSON(map[string]any{
		"latest_available_date": r.latest(), name: entries,
		"next_page_token": end.NextPageToken, "total_count": end.TotalCount,
	})
	return nil
}
