package analytics

import (
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// liveFigures are what all versions of the overview of LIVEs show.
type liveFigures struct {
	Start     string               `json:"start_date"`
	End       string               `json:"end_date"`
	ClickRate string               `json:"click_through_rate"`
	OrderRate string               `json:"click_to_order_rate"`
	Customers int                  `json:"customers"`
	GMV       promotion.PriceMoney `json:"gmv"`
	SKUOrders int                  `json:"sku_orders"`
}

func showLives(r *report, f *figures) liveFigures {
	watched, seen := f.seen(affiliate.Live)
	return liveFigures{
		f.from.String(), f.to.String(), percent(seen.views, watched.views), percent(f.skuOrders, seen.views),
		len(f.buyers), r.money(f.gmv()), f.skuOrders,
	}
}

type liveUnits struct {
	liveFigures
	Units int `json:"units_sold"`
}

// getLiveOverview202508 answers the older form of the operation too.
func getLiveOverview202508(c *gate.Call) *gate.Failure {
	return overview(c, affiliate.Live, func(r *report, of goods) *gate.Failure {
		return r.reported(showCompared(r, of, func(r *report, f *figures) liveUnits { return liveUnits{showLives(r, f), f.units()} }))
	})
}

type liveItems struct {
	liveFigures
	Items int `json:"items_sold"`
}

func getLiveOverview(c *gate.Call) *gate.Failure {
	return overview(c, affiliate.Live, func(r *report, of goods) *gate.Failure {
		return r.reported(spans[liveItems]{show(r, of, r.asked, func(r *report, f *figures) liveItems { return liveItems{showLives(r, f), f.units()} })})
	})
}

// liveOverview202609 are all LIVEs as the version of 202609 shows them. What is
// bought through a LIVE is bought while it is on: nothing is sold by it afterwards.
type liveOverview202609 struct {
	Start     string                `json:"start_date"`
	End       string                `json:"end_date"`
	Watching  int                   `json:"avg_viewing_duration"`
	OrderRate string                `json:"ctor_sku_order"`
	Credited  promotion.PriceMoney  `json:"live_attributed_gmv"`
	Items     int                   `json:"live_attributed_items_sold"`
	SKUOrders int                   `json:"live_attributed_sku_orders"`
	ClickRate string                `json:"live_ctr,omitempty"` // of linked accounts alone, like the last but one
	GMV       promotion.PriceMoney  `json:"live_gmv"`
	Indirect  promotion.PriceMoney  `json:"live_indirect_gmv"`
	GPM       *promotion.PriceMoney `json:"show_gpm,omitempty"`
	Views     int                   `json:"views"`
}

func getLiveOverview202609(c *gate.Call) *gate.Failure {
	linked, _ := wire.Lookup(c.Query, "account_type")
	return overview(c, affiliate.Live, func(r *report, of goods) *gate.Failure {
		return r.reported(spans[liveOverview202609]{show(r, of, r.asked, func(r *report, f *figures) liveOverview202609 {
			watched, seen := f.seen(affiliate.Live)
			gmv := r.money(f.gmv())
			v := liveOverview202609{
				Start: f.from.String(), End: f.to.String(), Watching: watching, OrderRate: percent(f.skuOrders, seen.views),
				Credited: gmv, Items: f.units(), SKUOrders: f.skuOrders, GMV: gmv, Indirect: r.money(0), Views: watched.views,
			}
			if linked == "LINKED_ACCOUNTS" {
				v.ClickRate, v.GPM = percent(seen.views, watched.views), new(r.perThousand(f.gmv(), watched.views))
			}
			return v
		})})
	})
}

// session is a LIVE in lists.
type session struct {
	End         string      `json:"end_time"`
	ID          string      `json:"id"`
	Interaction interaction `json:"interaction_performance"`
	Sales       any         `json:"sales_performance"`
	Start       string      `json:"start_time"`
	Title       string      `json:"title"`
	Username    string      `json:"username"`
}

type interaction struct {
	Average     int    `json:"acu"`
	Duration    string `json:"avg_viewing_duration"`
	ClickRate   string `json:"click_through_rate"`
	Comments    int    `json:"comments"`
	Likes       int    `json:"likes"`
	Followers   int    `json:"new_followers"`
	Peak        int    `json:"pcu"`
	Clicks      int    `json:"product_clicks"`
	Impressions int    `json:"product_impressions"`
	Shares      int    `json:"shares"`
	Viewers     int    `json:"viewers"`
	Views       int    `json:"views"`
}

// watching is how long somebody watches a LIVE on average, in seconds.
const watching = 90

// meanViewers are those who watch a LIVE at a time, as long as it lasts.
func meanViewers(c *affiliate.Content, views int) int {
	return (views*watching + int(c.End-c.Start) - 1) / int(c.End-c.Start)
}

type sessionSales struct {
	DayGMV   promotion.PriceMoney `json:"24h_live_gmv"`
	Price    promotion.PriceMoney `json:"avg_price"`
	Rate     string               `json:"click_to_order_rate"`
	Created  int                  `json:"created_sku_orders"`
	Buyers   int                  `json:"customers"`
	Products int                  `json:"different_products_sold"`
	GMV      promotion.PriceMoney `json:"gmv"`
	Added    int                  `json:"products_added"`
	Orders   int                  `json:"sku_orders"`
}

// showSession shows a LIVE. What is bought through one is bought while it is on.
func (r *report) showSession(e *performed, sales func(sessionSales) any) session {
	watched, seen := e.seen(affiliate.Live)
	mean := meanViewers(&e.Content, watched.views)
	gmv := r.money(e.gmv())
	return session{
		strconv.FormatInt(e.End, 10), e.ID, interaction{
			mean, strconv.Itoa(watching), percent(seen.views, watched.views), watched.comments, watched.likes, watched.followers,
			3 * mean, seen.views, seen.impressions, watched.shares, watched.viewers(), watched.views,
		}, sales(sessionSales{
			gmv, r.meanPrice(e.gmv(), e.units()), percent(e.skuOrders, seen.views), e.skuOrders, len(e.figures.buyers),
			len(e.sold), gmv, e.added(), e.skuOrders,
		}), strconv.FormatInt(e.Start, 10), liveTitle(r, &e.Content), e.Username(r.Shop),
	}
}

func liveTitle(r *report, c *affiliate.Content) string { return "LIVE with " + c.Username(r.Shop) }

// listLives202508 answers the older form of the operation too.
func listLives202508(c *gate.Call) *gate.Failure {
	return contentRanking(c, "live_stream_sessions", affiliate.Live, func(r *report, e *performed) any {
		return r.showSession(e, func(sales sessionSales) any {
			return struct {
				sessionSales
				Units int `json:"unit_sold"`
			}{sales, e.units()}
		})
	})
}

func listLives(c *gate.Call) *gate.Failure {
	return contentRanking(c, "live_stream_sessions", affiliate.Live, func(r *report, e *performed) any {
		return r.showSession(e, func(sales sessionSales) any {
			return struct {
				sessionSales
				Items int `json:"items_sold"`
			}{sales, e.units()}
		})
	})
}
