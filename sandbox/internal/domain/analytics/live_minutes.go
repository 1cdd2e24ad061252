package analytics

import (
	"cmp"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// minutesPage is how many minutes a page has: the operation takes no size.
const minutesPage = 60

// minute is a minute of a LIVE.
type minute struct {
	Conversion   minuteConversion   `json:"conversion"`
	End          int64              `json:"end_time"`
	Interactions minuteInteractions `json:"interactions"`
	Sales        minuteSales        `json:"sales"`
	Start        int64              `json:"start_time"`
	Traffic      minuteTraffic      `json:"traffic"`
}

type (
	minuteConversion struct {
		Price   promotion.PriceMoney `json:"avg_price"`
		Rate    orderRates           `json:"click_to_order_rate"`
		Created int                  `json:"created_sku_orders"`
		GPM     minuteGPM            `json:"gpm"`
		SKURate string               `json:"sku_order_rate"`
	}

	orderRates struct {
		Main string `json:"main_order_ctor"`
		SKU  string `json:"sku_order_ctor"`
	}

	minuteGPM struct {
		Show  string `json:"show_gpm"`
		Watch string `json:"watch_gpm"`
	}

	minuteInteractions struct {
		CommentRate string `json:"comment_rate"`
		Comments    int    `json:"comments"`
		FollowRate  string `json:"follow_rate"`
		LikeRate    string `json:"like_rate"`
		Likes       int    `json:"likes"`
		Followers   int    `json:"new_followers"`
		ShareRate   string `json:"share_rate"`
		Shares      int    `json:"shares"`
	}

	minuteSales struct {
		Customers  int                  `json:"customers"`
		GMV        promotion.PriceMoney `json:"gmv"`
		Items      int                  `json:"items_sold"`
		MainOrders int                  `json:"main_orders"`
		SKUOrders  int                  `json:"sku_orders"`
	}

	minuteTraffic struct {
		ClickRate   string `json:"ctr"`
		EnterRate   string `json:"enter_room_rate"`
		Impressions int    `json:"impressions"`
		Clicks      int    `json:"product_clicks"`
		Shown       int    `json:"product_impressions"`
		Viewers     int    `json:"viewers"`
		Views       int    `json:"views"`
	}
)

// shownTo is how often a LIVE was offered to those who then watched it.
func (a audience) shownTo() int { return 4 * a.views }

func (r *report) showMinute(f *figures, from, to int64) minute {
	watched, seen := f.seen(affiliate.Live)
	gmv := f.gmv()
	return minute{
		minuteConversion{
			r.meanPrice(gmv, f.units()), orderRates{percent(f.orders, seen.views), percent(f.skuOrders, seen.views)}, f.skuOrders,
			minuteGPM{r.perThousand(gmv, watched.shownTo()).Amount, r.perThousand(gmv, watched.views).Amount}, percent(f.skuOrders, watched.shownTo()),
		}, to, minuteInteractions{
			percent(watched.comments, watched.views), watched.comments, percent(watched.followers, watched.views), percent(watched.likes, watched.views),
			watched.likes, watched.followers, percent(watched.shares, watched.views), watched.shares,
		}, minuteSales{len(f.buyers), r.money(gmv), f.units(), f.orders, f.skuOrders}, from, minuteTraffic{
			percent(seen.views, seen.impressions), percent(watched.views, watched.shownTo()), watched.shownTo(), seen.views, seen.impressions,
			watched.viewers(), watched.views,
		},
	}
}

// ownLive finds the LIVE that the path names: one that is over, of the shop's own
// account.
func ownLive(c *gate.Call, answer func(r *report, of *affiliate.Content) *gate.Failure) *gate.Failure {
	r, f := newReport(c, "")
	if f != nil {
		return f
	}
	r.Mu.RLock()
	defer r.Mu.RUnlock()
	of, f := r.content(affiliate.Live, c.Param(0))
	switch {
	case f != nil:
		return f
	case of.By != nil:
		return gate.Fail(codeAnalyticsUnknown, "LIVE ", of.ID, " is not one of the shop's own account")
	case of.End > c.Now.Unix():
		return gate.Fail(codeAnalyticsUnknown, "LIVE ", of.ID, " is still on")
	}
	return answer(r, of)
}

// minutes works out the figures of each minute of a LIVE, and their beginnings.
func (r *report) minutes(of *affiliate.Content) ([]figures, []int64) {
	var times []int64
	for at := of.Start; at < of.End; at += 60 {
		times = append(times, at)
	}
	list := r.sales(append(times, of.End), through(of))
	watched, seen := r.watch(of, dayOf(of.Start, r.zone))
	for i := range list {
		part := &list[i].by[affiliate.Live]
		part.watched, part.invented = watched.portion(i, len(list)), seen.portion(i, len(list))
	}
	return list, times
}

func getLiveMinutes(c *gate.Call) *gate.Failure {
	return ownLive(c, func(r *report, of *affiliate.Content) *gate.Failure {
		token, _ := wire.Lookup(c.Query, "page_token")
		scope := c.Route.Name + " " + of.ID + " " + r.currency.Currency
		after, f := gate.PageRequest{Size: minutesPage, Token: token}.Cursor(c.State.World.Seed, scope)
		if f != nil {
			return f
		}
		list, times := r.minutes(of)
		var whole figures
		for i := range list {
			whole.add(&list[i])
		}
		page, next, count := gate.Paginate(c, times, false, after, minutesPage, func(at int64) gate.Cursor { return gate.Cursor{At: at} }, func(int64) bool { return true })
		type overall struct {
			Duration    int64                `json:"duration"`
			End         int64                `json:"end_time"`
			GMV         promotion.PriceMoney `json:"gmv"`
			Impressions int                  `json:"impressions"`
			Items       int                  `json:"items_sold"`
			Title       string               `json:"live_title"`
			Start       int64                `json:"start_time"`
			Viewers     int                  `json:"unique_viewers"`
		}
		type answer struct {
			Intervals []minute `json:"intervals"`
			Overall   overall  `json:"overall"`
		}
		watched, _ := whole.seen(affiliate.Live)
		shown := answer{[]minute{}, overall{
			of.End - of.Start, of.End, r.money(whole.gmv()), watched.shownTo(), whole.units(), liveTitle(r, of), of.Start, watched.viewers(),
		}}
		for _, at := range page {
			shown.Intervals = append(shown.Intervals, r.showMinute(&list[(at-of.Start)/60], at, min(at+60, of.End)))
		}
		c.JSON(struct {
			gate.PageEnd
			Performance answer `json:"performance"`
		}{c.PageEnd(next, scope, count), shown})
		return nil
	})
}

// liveProduct is a product that a LIVE sold.
type liveProduct struct {
	ID      string             `json:"id"`
	Name    string             `json:"name"`
	Sales   liveProductSales   `json:"sales"`
	Traffic liveProductTraffic `json:"traffic"`

	gmv int64
}

type (
	liveProductSales struct {
		Price      promotion.PriceMoney `json:"avg_price"`
		Created    int                  `json:"created_sku_orders"`
		Customers  int                  `json:"customers"`
		GMV        promotion.PriceMoney `json:"direct_gmv"`
		Items      int                  `json:"items_sold"`
		MainOrders int                  `json:"main_orders"`
		Payment    string               `json:"payment_rate"`
		SKUOrders  int                  `json:"sku_orders"`
	}

	liveProductTraffic struct {
		Added       int        `json:"add_to_cart_count"`
		Rate        orderRates `json:"click_to_order_rate"`
		ClickRate   string     `json:"ctr"`
		GPM         watchGPM   `json:"gpm"`
		Impressions int        `json:"product_impressions"`
		Clicks      int        `json:"produt_clicks"` // spelt so by the platform
	}

	watchGPM struct {
		Watch string `json:"watch_gpm"`
	}
)

// value is what the list is sorted by.
func (p *liveProduct) value(field string) int64 {
	switch field {
	case "items_sold":
		return int64(p.Sales.Items)
	case "customers":
		return int64(p.Sales.Customers)
	case "created_sku_orders", "sku_orders":
		return int64(p.Sales.SKUOrders)
	case "main_orders":
		return int64(p.Sales.MainOrders)
	case "product_impressions":
		return int64(p.Traffic.Impressions)
	case "produt_clicks":
		return int64(p.Traffic.Clicks)
	}
	return p.gmv
}

// listLiveProducts ranks what a LIVE sold. What it showed of a product is spread
// over those evenly.
func listLiveProducts(c *gate.Call) *gate.Failure {
	return ownLive(c, func(r *report, of *affiliate.Content) *gate.Failure {
		var ids []string
		sold(r.Shop, of.Start, of.End, func(o *trade.Order) {
			led := r.leads().Of(o)
			for i := range o.LineItems {
				line := &o.LineItems[i]
				if lead := led(line); lead.ID == of.ID && !slices.Contains(ids, line.ProductID) {
					ids = append(ids, line.ProductID)
				}
			}
		})
		slices.Sort(ids)
		list := make([]*liveProduct, 0, len(ids))
		watched, invented := r.watch(of, dayOf(of.Start, r.zone))
		for i, id := range ids {
			through := through(of)
			through.product = id
			f := r.sales([]int64{of.Start, of.End}, through)[0]
			part := &f.by[affiliate.Live]
			part.watched, part.invented = watched.portion(i, len(ids)), invented.portion(i, len(ids))
			views, seen := f.seen(affiliate.Live)
			list = append(list, &liveProduct{
				ID: id, Name: product.Of(r.Shop).ByID[id].Live.Title, gmv: f.gmv(),
				Sales: liveProductSales{
					r.meanPrice(f.gmv(), f.units()), f.skuOrders, len(f.buyers), r.money(f.gmv()), f.units(), f.orders, percent(f.orders, f.orders), f.skuOrders,
				},
				Traffic: liveProductTraffic{
					f.skuOrders + seen.views/10, orderRates{percent(f.orders, seen.views), percent(f.skuOrders, seen.views)}, percent(seen.views, seen.impressions),
					watchGPM{r.perThousand(f.gmv(), views.views).Amount}, seen.impressions, seen.views,
				},
			})
		}
		field, _ := wire.Lookup(c.Query, "sort_field")
		direction, _ := wire.Lookup(c.Query, "sort_order")
		slices.SortFunc(list, func(a, b *liveProduct) int {
			order := cmp.Or(cmp.Compare(a.value(field), b.value(field)), cmp.Compare(a.ID, b.ID))
			if direction != "ASC" {
				return -order
			}
			return order
		})
		c.JSON(struct {
			Products []*liveProduct `json:"products"`
		}{list})
		return nil
	})
}
