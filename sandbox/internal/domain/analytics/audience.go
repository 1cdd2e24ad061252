package analytics

import (
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// audience is what people did who watched.
type audience struct{ views, likes, comments, shares, followers int }

func (a *audience) add(more audience) {
	a.views += more.views
	a.likes += more.likes
	a.comments += more.comments
	a.shares += more.shares
	a.followers += more.followers
}

// viewers is how many people watched: some do so more than once.
func (a audience) viewers() int { return (7*a.views + 9) / 10 }

// portion is the share of each count of the audience and the traffic that the
// part of a whole has, so that the parts add up to it.
func portion(whole, part, parts int) int { return whole*(part+1)/parts - whole*part/parts }

func (a audience) portion(part, parts int) audience {
	return audience{
		portion(a.views, part, parts), portion(a.likes, part, parts), portion(a.comments, part, parts),
		portion(a.shares, part, parts), portion(a.followers, part, parts),
	}
}

func (t traffic) portion(part, parts int) traffic {
	return traffic{portion(t.visitors, part, parts), portion(t.views, part, parts), portion(t.impressions, part, parts)}
}

// audience is all who watched. Whoever bought through content had watched it,
// and many more with them.
func (s *share) audience() audience {
	a := s.watched
	a.add(audience{views: 25 * s.visits, likes: s.visits})
	return a
}

// seen is what buyers did with content of a kind, in all.
func (f *figures) seen(kind affiliate.ContentKind) (audience, traffic) {
	return f.by[kind].audience(), f.by[kind].traffic()
}

// watch invents who watched content on a day, and what they saw of its products.
// It follows from the content and the day, and is not yet whole where the day is
// not over.
func (r *report) watch(c *affiliate.Content, d day) (audience, traffic) {
	key := invent.Mix(r.World.Seed ^ invent.FNVOf(c.ID, "watched"))
	draw := invent.Mix(key ^ uint64(d))
	from, to := d.in(r.zone).Unix(), (d + 1).in(r.zone).Unix()
	reach := 150 + int(key%1500)
	if c.Kind == affiliate.Live {
		from, to = c.Start, c.End
	} else {
		from = max(from, c.Start)
		reach = reach/(1+int(d-dayOf(c.Start, r.zone))/10) + int(draw%20)
	}
	views := reach * (50 + int(draw>>8%100)) / 100
	if passed := r.call.Now.Unix() - from; passed < to-from {
		views = int(int64(views) * max(passed, 0) / (to - from))
	}
	a := audience{views: views, likes: views * (2 + int(draw>>16%8)) / 100}
	a.comments, a.shares, a.followers = a.likes/6, a.likes/9, a.likes/20
	impressions := views * (60 + int(draw>>24%40)) / 100
	clicks := impressions * (2 + int(draw>>32%9)) / 100
	return a, traffic{(9*clicks + 9) / 10, clicks, impressions}
}

// show invents the audience of content in the figures of each day. The caller
// holds the shop's lock.
func (r *report) show(of scene, p period, at func(day) *figures) {
	for _, c := range r.contents(of, p) {
		r.showOne(&c, p, at)
	}
}

func (r *report) showOne(c *affiliate.Content, p period, at func(day) *figures) {
	first := dayOf(c.Start, r.zone)
	last := p.to
	if c.Kind == affiliate.Live {
		last = min(last, first+1)
	}
	for d := max(p.from, first); d < last; d++ {
		watched, seen := r.watch(c, d)
		part := &at(d).by[c.Kind]
		part.watched.add(watched)
		part.invented.add(seen)
	}
}

// percent is a share of a hundred.
func percent(part, of int) string {
	return strconv.FormatFloat(100*float64(part)/float64(max(of, 1)), 'f', 2, 64)
}

// perThousand is what a thousand views earned, or a thousand of something else.
func (r *report) perThousand(gmv int64, of int) promotion.PriceMoney {
	return r.money(r.thousandth(gmv, of))
}

func (r *report) thousandth(gmv int64, of int) int64 { return 1000 * gmv / int64(max(of, 1)) }

// meanPrice is what a unit cost on average.
func (r *report) meanPrice(gmv int64, units int) promotion.PriceMoney {
	return r.money((2*gmv + int64(units)) / int64(max(2*units, 1)))
}
