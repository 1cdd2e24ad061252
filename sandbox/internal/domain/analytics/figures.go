package analytics

import (
	"slices"
	"sort"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// contentNames are the kinds of content in the words of analytics.
var contentNames = [affiliate.ContentKinds]string{affiliate.Video: "VIDEO", affiliate.Live: "LIVE", affiliate.Card: "PRODUCT_CARD"}

// goods are what figures are about: the shop where it is empty, one of its
// products or one of its SKUs, and the content through which they were sold.
type goods struct {
	product, sku string
	through      scene
}

func (g goods) has(line *trade.LineItem) bool {
	return (g.product == "" || line.ProductID == g.product) && (g.sku == "" || line.SKUID == g.sku)
}

// share is the part that one kind of content has in the figures.
type share struct {
	gmv       int64 // in the smallest unit
	units     int
	visits    int // that ended with a purchase: orders by product
	customers int // of each day, added up
	invented  traffic
	watched   audience
}

// figures are those of a span of time.
type figures struct {
	period
	days      int // that have figures
	gross     int64
	refunds   int64 // of the shop: products do not show them
	orders    int
	skuOrders int
	customers int              // of each day, added up
	buyers    map[string]uint8 // by id: the kinds of content, one bit each
	by        [affiliate.ContentKinds]share

	cancelled, refunded, returned, replaced int // requests that were granted
}

func (f *figures) gmv() (sum int64) {
	for i := range f.by {
		sum += f.by[i].gmv
	}
	return sum
}

func (f *figures) units() (sum int) {
	for i := range f.by {
		sum += f.by[i].units
	}
	return sum
}

// buyersBy counts the buyers that came by a kind of content.
func (f *figures) buyersBy(kind affiliate.ContentKind) (count int) {
	for _, kinds := range f.buyers {
		if kinds>>kind&1 == 1 {
			count++
		}
	}
	return count
}

// sell takes in what an order has of the goods. GMV is what the buyers paid for
// the goods, whatever became of them; shipping and taxes are not in it.
func (f *figures) sell(r *report, o *trade.Order, of goods) {
	found := false
	led := r.leads().Of(o)
	for i := range o.LineItems {
		line := &o.LineItems[i]
		if line.IsGift || !of.has(line) {
			continue
		}
		through := led(line)
		if !of.through.takes(&through) {
			continue
		}
		found = true
		part := &f.by[through.Kind]
		part.gmv += r.worth(line.SalePrice)
		f.gross += r.worth(line.OriginalPrice)
		part.units++
		before := o.LineItems[:i]
		if !slices.ContainsFunc(before, func(l trade.LineItem) bool { return !l.IsGift && l.SKUID == line.SKUID }) {
			f.skuOrders++
		}
		if !slices.ContainsFunc(before, func(l trade.LineItem) bool { return !l.IsGift && l.ProductID == line.ProductID }) {
			part.visits++
		}
		if f.buyers == nil {
			f.buyers = map[string]uint8{}
		}
		f.buyers[o.UserID] |= 1 << through.Kind
	}
	if found {
		f.orders++
	}
}

// add joins figures of two spans. A buyer of both counts once.
func (f *figures) add(g *figures) {
	f.days += g.days
	f.gross += g.gross
	f.refunds += g.refunds
	f.orders += g.orders
	f.skuOrders += g.skuOrders
	f.customers += g.customers
	f.cancelled += g.cancelled
	f.refunded += g.refunded
	f.returned += g.returned
	f.replaced += g.replaced
	if f.buyers == nil {
		f.buyers = map[string]uint8{}
	}
	for id, kinds := range g.buyers {
		f.buyers[id] |= kinds
	}
	for i := range f.by {
		part, more := &f.by[i], &g.by[i]
		part.gmv += more.gmv
		part.units += more.units
		part.visits += more.visits
		part.customers += more.customers
		part.invented.add(more.invented)
		part.watched.add(more.watched)
	}
}

// sold calls back for every order that was paid in a range of times. Samples and
// what is sent again free of charge were not sold. The caller holds the shop's
// lock.
func sold(s *world.Shop, from, to int64, yield func(*trade.Order)) {
	for _, o := range trade.OrdersOf(s).ByCreate {
		if o.PaidTime > 0 && o.PaidTime >= from && o.PaidTime < to && !o.IsResent() && !o.IsSampleOrder {
			yield(o)
		}
	}
	trade.OrdersOf(s).Archive.Sold(from, to, func(o *trade.Order) {
		if !o.IsSampleOrder {
			yield(o)
		}
	})
}

// sales works out the figures between each two of the times that follow each
// other, which rise. The caller holds the shop's lock.
func (r *report) sales(times []int64, of goods) []figures {
	list := make([]figures, len(times)-1)
	at := func(time int64) *figures {
		i := sort.Search(len(times), func(i int) bool { return times[i] > time }) - 1
		if i < 0 || i >= len(list) {
			return nil
		}
		return &list[i]
	}
	sold(r.Shop, times[0], times[len(list)], func(o *trade.Order) { at(o.PaidTime).sell(r, o, of) })
	for i := range list {
		f := &list[i]
		f.days, f.customers = 1, len(f.buyers)
		for kind := range f.by {
			f.by[kind].customers = f.buyersBy(affiliate.ContentKind(kind))
		}
	}
	for i := range trade.Of(r.Shop).Refunds {
		back := &trade.Of(r.Shop).Refunds[i]
		if f := at(back.Time); f != nil {
			f.refunds += r.convert(back.Amounts.Total())
		}
	}
	for _, c := range trade.Of(r.Shop).Cancellations {
		if f := at(c.CreateTime); f != nil && (c.Status == trade.CancelSuccess || c.Status == trade.CancelComplete) && concerns(r.Shop, c.OrderID, c.Lines, of) {
			f.cancelled++
		}
	}
	for _, back := range trade.Of(r.Shop).Returns {
		if f := at(back.CreateTime); f != nil && concerns(r.Shop, back.OrderID, back.Lines, of) {
			f.grant(back)
		}
	}
	return list
}

// grant counts a request if it had success.
func (f *figures) grant(r *trade.ReturnRequest) {
	switch r.Status {
	case trade.ReplacementComplete:
		f.replaced++
	case trade.ReplacementRefund:
		f.refunded++
	case trade.ReturnSuccess, trade.ReturnComplete:
		if r.Type == trade.ReturnGoods {
			f.returned++
		} else {
			f.refunded++
		}
	}
}

// concerns tells whether a request is about the goods.
func concerns(s *world.Shop, order string, lines []trade.AfterSaleLine, of goods) bool {
	return slices.ContainsFunc(lines, func(l trade.AfterSaleLine) bool { return of.has(trade.OrdersOf(s).ByID[order].Line(l.Line)) })
}

// daily works out the figures of each available day of a period. The caller
// holds the shop's lock.
func (r *report) daily(of goods, p period) []figures {
	p = p.within(r.available)
	times := make([]int64, 0, p.to-p.from+1)
	for d := p.from; d <= p.to; d++ {
		times = append(times, d.in(r.zone).Unix())
	}
	list := r.sales(times, of)
	for i := range list {
		list[i].period = period{p.from + day(i), p.from + day(i) + 1}
	}
	at := func(d day) *figures { return &list[d-p.from] }
	if of.through.only() {
		r.show(of.through, p, at)
	} else {
		r.attractAll(of, p, at)
	}
	return list
}

// intervals works out what an answer lists of a period: its available days
// where they are asked for, or the period as a whole. The caller holds the
// shop's lock.
func (r *report) intervals(of goods, p period) []figures {
	list := r.daily(of, p)
	if granularity, _ := wire.Lookup(r.call.Query, "granularity"); granularity == "1D" {
		return list
	}
	whole := figures{period: p}
	for i := range list {
		whole.add(&list[i])
	}
	return []figures{whole}
}

// mean is the average of a sum over the days of the figures, rounded.
func (f *figures) mean(sum int) int { return (2*sum + f.days) / max(2*f.days, 1) }
