package analytics

import (
	"cmp"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// acclaim is how a product was rated and what sold it best. Ratings are told by no
// other operation: they are invented from the orders.
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
	id    string
	gmv   int64
	items int
}

// best returns those who sold most, the best first.
func best(all map[string]*achieved) []*achieved {
	list := make([]*achieved, 0, len(all))
	for _, one := range all {
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b *achieved) int {
		return cmp.Or(cmp.Compare(b.gmv, a.gmv), cmp.Compare(a.id, b.id))
	})
	return list[:min(len(list), topEntries)]
}

// acclaim works out the ratings, contents and creators of the available days
// that are asked for. The caller holds the shop's lock.
func (r *report) acclaim(of goods) acclaim {
	var stars [5]int
	rated := 0
	contents, creators := [affiliate.ContentKinds]map[string]*achieved{{}, {}, {}}, map[string]*achieved{}
	count := func(all map[string]*achieved, id string, gmv int64) {
		if all[id] == nil {
			all[id] = &achieved{id: id}
		}
		all[id].gmv += gmv
		all[id].items++
	}
	p := r.asked.within(r.available)
	sold(r.Shop, p.from.in(r.zone).Unix(), p.to.in(r.zone).Unix(), func(o *trade.Order) {
		led := r.leads().Of(o)
		found := false
		for i := range o.LineItems {
			line := &o.LineItems[i]
			if line.IsGift || !of.has(line) {
				continue
			}
			found = true
			through, gmv := led(line), r.worth(line.SalePrice)
			count(contents[through.Kind], through.ID, gmv)
			if through.By != nil {
				count(creators, through.By.OpenID, gmv)
			}
		}
		draw := invent.FNVMixed([]string{o.ID, "acclaim"})
		if found && o.DeliveryTime > 0 && draw%3 == 0 { // one in three buyers has an opinion
			stars[min(2+draw>>8%5, 4)]++
			rated++
		}
	})
	a := acclaim{Ratings: []starRating{}, Contents: []contentsOfKind{}, Creators: []creatorAchieved{}}
	for i, name := range []string{"1_STAR", "2_STAR", "3_STAR", "4_STAR", "5_STAR"} {
		a.Ratings = append(a.Ratings, starRating{name, stars[i], rate(stars[i], rated)})
	}
	for _, kind := range []affiliate.ContentKind{affiliate.Video, affiliate.Live} {
		list := []contentAchieved{}
		for _, one := range best(contents[kind]) {
			list = append(list, contentAchieved{one.id, r.money(one.gmv), one.items})
		}
		a.Contents = append(a.Contents, contentsOfKind{contentNames[kind], list})
	}
	for _, one := range best(creators) {
		name := affiliate.NicknameOf(r.Shop, one.id)
		a.Creators = append(a.Creators, creatorAchieved{Name: name, OpenID: one.id, GMV: r.money(one.gmv), Items: one.items})
	}
	return a
}
