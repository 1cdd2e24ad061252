package analytics

import (
	"cmp"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// acclaim is how a product was rated and what sold it best. Ratings and contents
// are told by no other operation: they are invented from the orders, so that the
// amounts agree with them. Creators are those of the affiliate orders.
type acclaim struct {
	Ratings  []starRating      `json:"ratings"`
	Contents []contentsOfKind  `json:"top_contents"`
	Creators []creatorAchieved `json:"top_creators"`
}

type starRating struct {
	Stars      string `json:"stars"`
	Count      int    `json:"count"`
	Percentage string `json:"percentage"`
}

type contentsOfKind struct {
	Type     string            `json:"type"`
	Contents []contentAchieved `json:"contents"`
}

type contentAchieved struct {
	ID    string               `json:"content_id"`
	GMV   promotion.PriceMoney `json:"gmv"`
	Items int                  `json:"items_sold"`
}

type creatorAchieved struct {
	Name    string               `json:"creator_name"`
	OpenID  string               `json:"creator_open_id"`
	Profile string               `json:"creator_profile"`
	GMV     promotion.PriceMoney `json:"gmv"`
	Items   int                  `json:"items_sold"`
}

// topEntries is how many of each kind are listed.
const topEntries = 5

// achieved is what a video, a LIVE or a creator sold.
type achieved struct {
	number int // among those of its kind
	gmv    int64
	items  int
}

// best returns those who sold most, the best first.
func best(all map[int]*achieved) []*achieved {
	list := make([]*achieved, 0, len(all))
	for _, one := range all {
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b *achieved) int {
		return cmp.Or(cmp.Compare(b.gmv, a.gmv), cmp.Compare(a.number, b.number))
	})
	return list[:min(len(list), topEntries)]
}

// acclaim works out the ratings, contents and creators of the available days
// that are asked for. The caller holds the shop's lock.
func (r *report) acclaim(of goods) acclaim {
	var stars [5]int
	rated := 0
	contents, creators := [contentKinds]map[int]*achieved{{}, {}, {}}, map[int]*achieved{}
	count := func(all map[int]*achieved, number int, gmv int64, items int) {
		if all[number] == nil {
			all[number] = &achieved{number: number}
		}
		all[number].gmv += gmv
		all[number].items += items
	}
	market, promoted := affiliate.CreatorsOf(r.World)[r.Region], affiliate.Endorsements(r.Shop)
	p := r.asked.within(r.available)
	sold(r.Shop, p.from.in(r.zone).Unix(), p.to.in(r.zone).Unix(), func(o *trade.Order) {
		var sold figures
		if sold.sell(r, o, of); sold.orders == 0 {
			return
		}
		draw := invent.FNVMixed([]string{o.ID, "acclaim"})
		if o.DeliveryTime > 0 && draw%3 == 0 { // one in three buyers has an opinion
			stars[min(2+draw>>8%5, 4)]++
			rated++
		}
		if kind := contentOf(o); kind != contentCard {
			count(contents[kind], int(draw>>16%invent.MadeUp), sold.gmv(), sold.units())
		}
		if trade.OrdersOf(r.Shop).ByID[o.ID] == nil {
			return // archived, and so no affiliate order
		}
		for _, through := range affiliate.AffiliateSKUs(o, promoted) {
			if line := through.Lines[0]; of.has(line) {
				items := len(through.Lines)
				count(creators, slices.Index(market, through.Creator), int64(items)*r.worth(line.SalePrice), items)
			}
		}
	})
	a := acclaim{Ratings: []starRating{}, Contents: []contentsOfKind{}, Creators: []creatorAchieved{}}
	for i, name := range []string{"1_STAR", "2_STAR", "3_STAR", "4_STAR", "5_STAR"} {
		a.Ratings = append(a.Ratings, starRating{name, stars[i], rate(stars[i], rated)})
	}
	for kind, noun := range []string{contentVideo: "video", contentLive: "live"} {
		list := []contentAchieved{}
		for _, one := range best(contents[kind]) {
			list = append(list, contentAchieved{r.MadeUpID(noun, one.number), r.money(one.gmv), one.items})
		}
		a.Contents = append(a.Contents, contentsOfKind{contentNames[kind], list})
	}
	for _, one := range best(creators) {
		cr := market[one.number]
		a.Creators = append(a.Creators, creatorAchieved{Name: cr.Nickname, OpenID: cr.OpenID, GMV: r.money(one.gmv), Items: one.items})
	}
	return a
}
