package analytics

import (
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// overview answers a call that sums up content of a kind. It may ask for today as
// it goes, and then the dates count for nothing.
func overview(c *gate.Call, kind affiliate.ContentKind, answer func(r *report, of goods) *gate.Failure) *gate.Failure {
	now, f := c.Flag("today")
	if f != nil {
		return f
	}
	read := periodReport
	if now {
		read = newReport
	}
	r, f := read(c, "")
	if f != nil {
		return f
	}
	if now {
		r.asked, r.available.to = period{r.today, r.today + 1}, r.today+1
	}
	r.Mu.RLock()
	defer r.Mu.RUnlock()
	return answer(r, goods{through: readScene(c, kind)})
}

// videoOverview202409 is what all videos did.
type videoOverview202409 struct {
	Start     string               `json:"start_date"`
	End       string               `json:"end_date"`
	GMV       promotion.PriceMoney `json:"gmv"`
	SKUOrders int                  `json:"sku_orders"`
	Units     int                  `json:"units_sold"`
	ClickRate string               `json:"click_through_rate"`
}

func getVideoOverview202409(c *gate.Call) *gate.Failure {
	return overview(c, affiliate.Video, func(r *report, of goods) *gate.Failure {
		return r.reported(showCompared(r, of, func(r *report, f *figures) videoOverview202409 {
			watched, seen := f.seen(affiliate.Video)
			return videoOverview202409{f.from.String(), f.to.String(), r.money(f.gmv()), f.skuOrders, f.units(), rate(seen.views, watched.views)}
		}))
	})
}

type videoOverview struct {
	Start       string               `json:"start_date"`
	End         string               `json:"end_date"`
	GMV         promotion.PriceMoney `json:"gmv"`
	SKUOrders   int                  `json:"sku_orders"`
	Customers   int                  `json:"avg_customers"`
	Clicks      int                  `json:"product_clicks"`
	Impressions int                  `json:"product_impressions"`
	ClickRate   string               `json:"click_through_rate"`
}

func getVideoOverview(c *gate.Call) *gate.Failure {
	return overview(c, affiliate.Video, func(r *report, of goods) *gate.Failure {
		return r.reported(spans[videoOverview]{show(r, of, r.asked, func(r *report, f *figures) videoOverview {
			watched, seen := f.seen(affiliate.Video)
			return videoOverview{
				f.from.String(), f.to.String(), r.money(f.gmv()), f.skuOrders, f.mean(f.customers),
				seen.views, seen.impressions, rate(seen.views, watched.views),
			}
		})})
	})
}

// namedProduct is a product in the list of a video.
type namedProduct struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// videoFigures are what the versions of the list of videos have in common.
type videoFigures struct {
	ClickRate string               `json:"click_through_rate"`
	GMV       promotion.PriceMoney `json:"gmv"`
	ID        string               `json:"id"`
	Products  []namedProduct       `json:"products"`
	SKUOrders int                  `json:"sku_orders"`
	Title     string               `json:"title"`
	Username  string               `json:"username"`
	Posted    string               `json:"video_post_time"`
	Views     int                  `json:"views"`
}

func (r *report) productName(id string) string { return product.Of(r.Shop).ByID[id].Live.Title }

func postTime(at int64) string { return time.Unix(at, 0).UTC().Format(time.RFC3339) }

func (r *report) showVideo(e *performed) videoFigures {
	watched, seen := e.seen(affiliate.Video)
	name := r.productName(e.Product)
	return videoFigures{
		rate(seen.views, watched.views), r.money(e.gmv()), e.ID, []namedProduct{{e.Product, name}}, e.skuOrders,
		name, e.Username(r.Shop), postTime(e.Start), watched.views,
	}
}

func listVideos202409(c *gate.Call) *gate.Failure {
	return contentRanking(c, "videos", affiliate.Video, func(r *report, e *performed) any {
		return struct {
			videoFigures
			Units int `json:"units_sold"`
		}{r.showVideo(e), e.units()}
	})
}

// listedVideo is a video as the newer versions of the list show it.
type listedVideo struct {
	videoFigures
	Customers int                  `json:"avg_customers"`
	Duration  int                  `json:"duration"`
	GPM       promotion.PriceMoney `json:"gpm"`
	Tags      []string             `json:"hash_tags"`
	Items     int                  `json:"items_sold"`
}

func (r *report) listVideo(e *performed) listedVideo {
	watched, _ := e.seen(affiliate.Video)
	return listedVideo{
		r.showVideo(e), e.mean(e.customers), 15 + int(invent.FNVMixed([]string{e.ID, "duration"})%75),
		r.perThousand(e.gmv(), watched.views), []string{"shop", "finds"}, e.units(),
	}
}

func listVideos(c *gate.Call) *gate.Failure {
	return contentRanking(c, "videos", affiliate.Video, func(r *report, e *performed) any { return r.listVideo(e) })
}

// author is whose video it is. The shop's own account has no open id here.
type author struct {
	Type     string `json:"author_type"`
	Nickname string `json:"nick_name"`
	OpenID   string `json:"open_id,omitempty"`
	Username string `json:"user_name"`
}

func listVideos202605(c *gate.Call) *gate.Failure {
	return contentRanking(c, "videos", affiliate.Video, func(r *report, e *performed) any {
		by := author{Type: "OFFICIAL", Nickname: r.Name, Username: e.Username(r.Shop)}
		if e.By != nil {
			by.Type, by.Nickname, by.OpenID = "AFFILIATE", e.By.Nickname, e.By.OpenID
		}
		return struct {
			listedVideo
			By author `json:"creator"`
		}{r.listVideo(e), by}
	})
}

// engagement is what viewers of a video did since it was posted.
type engagement struct {
	Comments int `json:"total_comments"`
	Likes    int `json:"total_likes"`
	Shares   int `json:"total_shares"`
	Views    int `json:"total_views"`
}

// engaged adds up all days of a video that have figures.
func (r *report) engaged(c *affiliate.Content) engagement {
	var f figures
	for _, one := range r.daily(through(c), period{dayOf(c.Start, r.zone), r.available.to}) {
		f.add(&one)
	}
	a, _ := f.seen(affiliate.Video)
	return engagement{a.comments, a.likes, a.shares, a.views}
}

// buyersADay is a mean with two decimals.
func (f *figures) buyersADay() string {
	return strconv.FormatFloat(float64(f.customers)/float64(max(f.days, 1)), 'f', 2, 64)
}

type videoDetails202409 struct {
	Start     string               `json:"start_date"`
	End       string               `json:"end_date"`
	GMV       promotion.PriceMoney `json:"gmv"`
	ClickRate string               `json:"click_through_rate"`
	Buyers    string               `json:"daily_avg_buyers"`
	Views     int                  `json:"views"`
}

func getVideo202409(c *gate.Call) *gate.Failure {
	return onContent(c, affiliate.Video, func(r *report, of *affiliate.Content) *gate.Failure {
		c.JSON(struct {
			Engagement  engagement `json:"engagement_data"`
			Latest      string     `json:"latest_available_date"`
			Performance any        `json:"performance"`
		}{r.engaged(of), r.latest(), struct {
			comparedSpans[videoDetails202409]
			Posted string `json:"video_post_time"`
		}{showCompared(r, through(of), func(r *report, f *figures) videoDetails202409 {
			watched, seen := f.seen(affiliate.Video)
			return videoDetails202409{f.from.String(), f.to.String(), r.money(f.gmv()), rate(seen.views, watched.views), f.buyersADay(), watched.views}
		}), postTime(of.Start)}})
		return nil
	})
}

type (
	videoDetails struct {
		Start   string       `json:"start_date"`
		End     string       `json:"end_date"`
		Sales   videoSales   `json:"sales"`
		Traffic videoTraffic `json:"traffic"`
	}

	videoSales struct {
		By      []videoProductSale `json:"breakdowns"`
		Overall videoSale          `json:"overall"`
	}

	videoProductSale struct {
		Product string `json:"product_id"`
		videoSale
	}

	videoSale struct {
		ClickRate   string               `json:"ctr"`
		Customers   int                  `json:"customers"`
		GMV         promotion.PriceMoney `json:"gmv"`
		GPM         promotion.PriceMoney `json:"gpm"`
		Items       int                  `json:"items_sold"`
		Clicks      int                  `json:"product_clicks"`
		Impressions int                  `json:"product_impressions"`
	}

	videoTraffic struct {
		Comments  int `json:"comments"`
		Likes     int `json:"likes"`
		Followers int `json:"new_followers"`
		Shares    int `json:"shares"`
		Views     int `json:"views"`
	}
)

func getVideo(c *gate.Call) *gate.Failure {
	return onContent(c, affiliate.Video, func(r *report, of *affiliate.Content) *gate.Failure {
		return r.reported(struct {
			spans[videoDetails]
			Viewers []affiliate.ViewerProfile `json:"viewer_profile"`
		}{spans[videoDetails]{show(r, through(of), r.asked, func(r *report, f *figures) videoDetails {
			watched, seen := f.seen(affiliate.Video)
			whole := videoSale{
				seen.clickRate(), len(f.buyers), r.money(f.gmv()), r.perThousand(f.gmv(), watched.views), f.units(), seen.views, seen.impressions,
			}
			return videoDetails{
				f.from.String(), f.to.String(), videoSales{[]videoProductSale{{of.Product, whole}}, whole},
				videoTraffic{watched.comments, watched.likes, watched.followers, watched.shares, watched.views},
			}
		})}, of.Viewers(r.Shop)})
	})
}

// videoProduct is a product that a video sold.
type videoProduct struct {
	Buyers string               `json:"daily_avg_buyers"`
	GMV    promotion.PriceMoney `json:"gmv"`
	ID     string               `json:"id"`
	Name   string               `json:"name"`
	Units  int                  `json:"units_sold"`
}

// listVideoProducts ranks the products of a video, which is about one.
func listVideoProducts(c *gate.Call) *gate.Failure {
	return onContent(c, affiliate.Video, func(r *report, of *affiliate.Content) *gate.Failure {
		var f figures
		for _, one := range r.daily(through(of), r.asked) {
			f.add(&one)
		}
		return rankingPage(r, "products", "", of.ID, []*figures{&f},
			func(*figures) gate.Cursor { return gate.Cursor{At: f.gmv(), ID: invent.Number(of.Product)} },
			func(r *report, f *figures) any {
				return videoProduct{f.buyersADay(), r.money(f.gmv()), of.Product, r.productName(of.Product), f.units()}
			})
	})
}
