package analytics

import (
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// traffic is what orders do not tell: who looked and did not buy.
type traffic struct{ visitors, views, impressions int }

func (t *traffic) add(more traffic) {
	t.visitors += more.visitors
	t.views += more.views
	t.impressions += more.impressions
}

// traffic is what was seen in all. Whoever bought a product had seen it.
func (s *share) traffic() traffic {
	t := s.invented
	t.add(traffic{s.visits, 2 * s.visits, 20 * s.visits})
	return t
}

// traffic is what was seen by all kinds of content.
func (f *figures) traffic() (sum traffic) {
	for i := range f.by {
		sum.add(f.by[i].traffic())
	}
	return sum
}

// meanVisitors is the average of a day, rounded up so that there are not fewer
// visitors than customers.
func (f *figures) meanVisitors(of traffic) int {
	days := max(f.days, 1)
	return (of.visitors + days - 1) / days
}

// attractAll invents the traffic of the goods in the figures of each day. Nobody
// counts that of SKUs.
func (r *report) attractAll(of goods, p period, at func(day) *figures) {
	for _, item := range product.Of(r.Shop).List {
		if of.sku == "" && (of.product == "" || item.ID == of.product) {
			r.attract(item, p, at)
		}
	}
}

// attract invents the traffic of a product since it is there, if it ever came
// on sale. It follows from shop, product and day.
func (r *report) attract(item *product.Product, p period, at func(day) *figures) {
	if !item.Passed {
		return
	}
	key := invent.Mix(r.World.Seed ^ invent.FNVOf(r.ID, item.ID, "traffic"))
	for d := max(p.from, dayOf(item.Created, r.zone)); d < p.to; d++ {
		by := &at(d).by
		for kind := range by {
			draw := invent.Mix(key ^ uint64(d)<<2 ^ uint64(kind))
			visitors := 8 + int(draw%40)
			views := visitors + int(draw>>8%40)
			by[kind].invented.add(traffic{visitors, views, views * (12 + int(draw>>16%28))})
		}
	}
}

// rate is a share between 0 and 1.
func rate(part, of int) string {
	return strconv.FormatFloat(float64(part)/float64(max(of, 1)), 'f', 4, 64)
}
