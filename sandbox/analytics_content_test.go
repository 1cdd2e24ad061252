package sandbox_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// earned is what content of a kind sold.
type earned struct {
	gmv   int64
	units int
}

// throughCreators adds up by kind of content and by content what affiliate orders
// sold that were paid in a range of days.
func (w *world) throughCreators(t *testing.T, region string, from, to time.Time) map[string]map[string]earned {
	t.Helper()
	paid := map[any]bool{}
	for _, o := range w.walk(t, region, "page_size=100", "") {
		paid[o.ID] = o.PaidTime >= from.Unix() && o.PaidTime < to.Unix()
	}
	made := map[string]map[string]earned{"VIDEO": {}, "LIVE": {}, "SHOP": {}}
	for _, o := range w.affiliateOrders(t, region, `{}`) {
		if !paid[o["id"]] {
			continue
		}
		for _, s := range o["skus"].([]any) {
			sku := s.(object)
			by, id := made[sku["content_type"].(string)], sku["content_id"].(string)
			e := by[id]
			by[id] = earned{e.gmv + centsOf(t, sub(sku, "estimated_commission_base"), "amount"), e.units + count(sku, "quantity")}
		}
	}
	return made
}

// contentAgrees holds the figures of videos and LIVEs to those of the shop and to
// the affiliate orders, and every version to every other.
func (w *world) contentAgrees(t *testing.T, region string, from, to time.Time) {
	t.Helper()
	query := span(from, to)
	shop := w.performance(t, region, "202405/shop/performance", query).Intervals[0]
	whole := func(list any, kind string) float64 {
		for _, part := range list.([]any) {
			if o := part.(object); o["type"] == kind {
				switch amount := o["amount"].(type) {
				case float64:
					return amount
				case string:
					return float64(centsOf(t, o, "amount"))
				}
			}
		}
		t.Fatalf("no %s in %v", kind, list)
		return 0
	}
	made := w.throughCreators(t, region, from, to)
	for kind, v := range map[string]struct{ overviews, lists, items, own, creators string }{
		"VIDEO": {"202409/shop_videos 202509/shop_videos", "202409/shop_videos 202509/shop_videos", "videos", "LINKED_ACCOUNTS OFFICIAL_ACCOUNTS", "AFFILIATES AFFILIATE_ACCOUNTS"},
		"LIVE":  {"202503/shop_lives 202508/shop_lives 202509/shop_lives", "202505/shop_lives 202508/shop_lives 202509/shop_lives", "live_stream_sessions", "OFFICIAL_ACCOUNTS OFFICIAL_ACCOUNTS OFFICIAL_ACCOUNTS", "AFFILIATE_ACCOUNTS AFFILIATE_ACCOUNTS AFFILIATE_ACCOUNTS"},
	} {
		want, through := int64(whole(shop["gmv_breakdowns"], kind)), int64(0)
		for _, e := range made[kind] {
			through += e.gmv
		}
		check := func(what string, got, want int64) {
			t.Helper()
			if got != want {
				t.Errorf("%s, %s, %s: %s is %d, want %d", region, query, kind, what, got, want)
			}
		}
		gmv := func(list []object) (sum int64) {
			for _, o := range list {
				if sales, ok := o["sales_performance"].(object); ok {
					o = sales
				}
				sum += centsOf(t, sub(o, "gmv"), "amount")
			}
			return sum
		}
		for i, path := range strings.Fields(v.overviews) {
			method := map[bool]string{true: "POST", false: "GET"}[path == "202503/shop_lives"]
			ask := func(more string) []object {
				t.Helper()
				var data struct {
					Performance struct{ Intervals []object }
				}
				w.call(t, region, method, analyticsPath+path+"/overview_performance", query+more, "").into(t, &data)
				return data.Performance.Intervals
			}
			check(path, gmv(ask("")), want)
			check(path+" by day", gmv(ask("&granularity=1D")), want)
			check(path+" of creators", gmv(ask("&account_type="+strings.Fields(v.creators)[i])), through)
			check(path+" of the shop", gmv(ask("&account_type="+strings.Fields(v.own)[i])), want-through)
		}
		for i, path := range strings.Fields(v.lists) {
			method := map[bool]string{true: "POST", false: "GET"}[path == "202505/shop_lives"]
			list := w.every(t, region, method, analyticsPath+path+"/performance", query+"&page_size=100", "", v.items, byID)
			check("the list of "+path, gmv(list), want)
			if path == "202505/shop_lives" {
				continue // it knows no affiliates
			}
			list = w.every(t, region, method, analyticsPath+path+"/performance", query+"&page_size=40&account_type="+strings.Fields(v.creators)[i], "", v.items, byID)
			check("the list of creators of "+path, gmv(list), through)
			for _, o := range list {
				e := made[kind][o["id"].(string)]
				sales := o
				if kind == "LIVE" {
					sales = sub(o, "sales_performance")
				}
				units := 0
				for _, name := range []string{"units_sold", "unit_sold", "items_sold"} {
					if sales[name] != nil {
						units = count(sales, name)
					}
				}
				if got := (earned{gmv([]object{o}), units}); got != e {
					t.Errorf("%s, %s: %v sold %v, the orders say %v", region, path, o["id"], got, e)
				}
			}
		}
	}
}

// What videos and LIVEs sold is what the shop's figures and the affiliate orders
// say of them.
func TestContentAgrees(t *testing.T) {
	t.Parallel()
	for i, region := range regions {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(c *sandbox.Config) { c.Seed = uint64(40 + i) }, withOrders(40))
			midnight := w.midnight(t, region)
			for _, days := range []int{1, 40} {
				w.contentAgrees(t, region, midnight.AddDate(0, 0, -days), midnight)
			}
		})
	}
}

// The details of a video make its entry in the list, day by day and in all, and
// what was done since it was posted is at least that.
func TestVideoDetails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	midnight := w.midnight(t, "US")
	query := span(midnight.AddDate(0, 0, -60), midnight)
	list := w.every(t, "US", "GET", analyticsPath+"202509/shop_videos/performance", query+"&page_size=50", "", "videos", byID)
	older := map[any]object{}
	for _, v := range w.every(t, "US", "GET", analyticsPath+"202409/shop_videos/performance", query+"&page_size=50", "", "videos", byID) {
		older[v["id"]] = v
	}
	selling := 0
	for i, v := range list {
		if i >= 6 && i < len(list)-3 {
			continue // those that sell most, and those that sell nothing
		}
		path := "/shop_videos/" + v["id"].(string) + "/performance"
		var gmv, customers int64
		var sums [3]int
		for _, granularity := range []string{"ALL", "1D"} {
			gmv, sums = 0, [3]int{}
			for _, day := range w.performance(t, "US", "202509"+path, query+"&granularity="+granularity).Intervals {
				sales := sub(day, "sales", "overall")
				gmv += centsOf(t, sub(sales, "gmv"), "amount")
				sums[0] += count(sales, "items_sold")
				sums[1] += count(sub(day, "traffic"), "views")
				sums[2] += count(sales, "product_clicks")
				customers += int64(count(sales, "customers"))
			}
			if gmv != centsOf(t, sub(v, "gmv"), "amount") || sums[0] != count(v, "items_sold") || sums[1] != count(v, "views") {
				t.Errorf("%s: %d and %v, listed is %v", granularity, gmv, sums, v)
			}
		}
		if gmv > 0 {
			selling++
		}
		if share := strconv.FormatFloat(float64(sums[2])/float64(max(sums[1], 1)), 'f', 4, 64); share != v["click_through_rate"] {
			t.Errorf("%d clicks of %d views, the rate is %v", sums[2], sums[1], v["click_through_rate"])
		}
		var data struct {
			Engagement  object `json:"engagement_data"`
			Performance object
		}
		w.call(t, "US", "GET", analyticsPath+"202409"+path, query+"&with_comparison=true", "").into(t, &data)
		one := data.Performance["intervals"].([]any)[0].(object)
		if count(one, "views") != sums[1] || count(data.Engagement, "total_views") < sums[1] || data.Performance["video_post_time"] != older[v["id"]]["video_post_time"] ||
			len(data.Performance["comparison_intervals"].([]any)) != 1 || (gmv > 0) != (customers > 0) {
			t.Errorf("202409 says %v of %v", data, v)
		}
		for _, version := range []string{"202409", "202509"} {
			products := w.every(t, "US", "GET", analyticsPath+version+"/shop_videos/"+v["id"].(string)+"/products/performance", query, "", "products", byID)
			if len(products) != 1 || centsOf(t, sub(products[0], "gmv"), "amount") != gmv || products[0]["id"] != v["products"].([]any)[0].(object)["id"] {
				t.Errorf("%s: %v, listed is %v", version, products, v)
			}
		}
	}
	if selling < 3 || selling == len(list) {
		t.Errorf("%d of %d videos sold something", selling, len(list))
	}
}

// The minutes of a LIVE of the shop make the LIVE, and so do its products.
func TestLiveMinutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	midnight := w.midnight(t, "GB")
	query := span(midnight.AddDate(0, 0, -60), midnight)
	lists := w.every(t, "GB", "GET", analyticsPath+"202509/shop_lives/performance", query+"&page_size=50&account_type=OFFICIAL_ACCOUNTS", "", "live_stream_sessions", byID)
	if len(lists) < 5 {
		t.Fatalf("%d LIVEs of the shop", len(lists))
	}
	for _, live := range lists[:4] {
		sales, path := sub(live, "sales_performance"), "/shop_lives/"+live["id"].(string)+"/performance_per_minutes"
		want := earned{centsOf(t, sub(sales, "gmv"), "amount"), count(sales, "items_sold")}
		var got earned
		minutes, views, token := 0, 0, ""
		for {
			var page struct {
				Next        string `json:"next_page_token"`
				Total       int    `json:"total_count"`
				Performance struct {
					Intervals []object
					Overall   object
				}
			}
			w.call(t, "GB", "GET", analyticsPath+"202510"+path, "page_token="+url.QueryEscape(token), "").into(t, &page)
			for _, minute := range page.Performance.Intervals {
				got.gmv += centsOf(t, sub(minute, "sales", "gmv"), "amount")
				got.units += count(sub(minute, "sales"), "items_sold")
				views += count(sub(minute, "traffic"), "views")
				minutes++
			}
			if overall := page.Performance.Overall; centsOf(t, sub(overall, "gmv"), "amount") != want.gmv || strconv.Itoa(count(overall, "start_time")) != live["start_time"] {
				t.Errorf("%v is not %v", overall, live)
			}
			if token = page.Next; token == "" {
				if page.Total != minutes {
					t.Errorf("%d minutes, told are %d", minutes, page.Total)
				}
				break
			}
		}
		if got != want || views != count(sub(live, "interaction_performance"), "views") {
			t.Errorf("the minutes make %v and %d views, the LIVE %v", got, views, live)
		}
		var answer struct{ Products []object }
		w.call(t, "GB", "GET", analyticsPath+"202512/shop/"+live["id"].(string)+"/products_performance", "", "").into(t, &answer)
		got = earned{}
		for i, p := range answer.Products {
			gmv := centsOf(t, sub(p, "sales", "direct_gmv"), "amount")
			if i > 0 && gmv > centsOf(t, sub(answer.Products[i-1], "sales", "direct_gmv"), "amount") {
				t.Errorf("not in order: %v", answer.Products)
			}
			got = earned{got.gmv + gmv, got.units + count(sub(p, "sales"), "items_sold")}
		}
		if got != want || len(answer.Products) != count(sales, "different_products_sold") {
			t.Errorf("the products make %v, the LIVE %v", got, want)
		}
	}
}

// What happens today is in no list, but in the overview that asks for it.
func TestContentToday(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, 200)
	midnight := w.midnight(t, "US")
	sku := w.offers(t, "US", 1)[0]
	day := func() (sum int64) {
		for _, kind := range []string{"videos", "lives"} {
			list := w.performance(t, "US", "202509/shop_"+kind+"/overview_performance", "start_date_ge=2090-01-01&end_date_lt=2090-01-02&today=true").Intervals
			if len(list) != 1 || list[0]["start_date"] != midnight.Format(time.DateOnly) {
				t.Fatalf("today is %v", list)
			}
			sum += centsOf(t, sub(list[0], "gmv"), "amount")
		}
		return sum
	}
	before := day()
	for range 12 { // some come through a card
		var placed struct {
			ID string `json:"order_id"`
		}
		if status := w.control(t, "POST", "orders", fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":1}]}`, w.shop("US").ID, sku.ID), &placed); status != 201 {
			t.Fatal(status)
		}
		w.steer(t, "POST", "orders/"+placed.ID+"/move", `{"to":"AWAITING_SHIPMENT"}`, 200)
	}
	hours := w.performance(t, "US", "202510/shop/performance/"+midnight.Format(time.DateOnly)+"/performance_per_hour", "").Overall
	if after := day(); after <= before || after > centsOf(t, sub(hours, "gmv"), "amount") {
		t.Errorf("today sold %d before and %d after the orders, the hours make %v", before, after, hours)
	}
}

func TestContentRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	midnight := w.midnight(t, "US")
	query := span(midnight.AddDate(0, 0, -30), midnight)
	creators := w.every(t, "US", "GET", analyticsPath+"202509/shop_lives/performance", query+"&account_type=AFFILIATE_ACCOUNTS", "", "live_stream_sessions", byID)
	if len(creators) == 0 {
		t.Fatal("no creator was live")
	}
	for _, c := range []struct {
		path, query string
		code        int
	}{
		{"202509/shop_videos/1/performance", query, 28001007},
		{"202409/shop_videos/1/products/performance", query, 28001007},
		{"202509/shop_videos/performance", "start_date_ge=2026-01-02&end_date_lt=2026-01-02", 28001022},
		{"202508/shop_lives/performance", "start_date_ge=tomorrow&end_date_lt=2026-01-02", 28001022},
		{"202509/shop_videos/performance", query + "&page_size=101", 36009004},
		{"202509/shop_videos/performance", query + "&page_token=x", 36009004},
		{"202510/shop_lives/1/performance_per_minutes", "", 28001007},
		{"202510/shop_lives/" + creators[0]["id"].(string) + "/performance_per_minutes", "", 28001007},
		{"202512/shop/" + creators[0]["id"].(string) + "/products_performance", "", 28001007},
	} {
		if a := w.call(t, "US", "GET", analyticsPath+c.path, c.query, ""); a.Code != c.code {
			t.Errorf("%s: %d %s, want %d", c.path, a.Code, a.Message, c.code)
		}
	}
	if list := w.every(t, "US", "GET", analyticsPath+"202509/shop_videos/performance", query+"&account_type=MARKETING_ACCOUNTS", "", "videos", byID); len(list) != 0 {
		t.Errorf("the shop has no marketing accounts, they posted %v", list)
	}
}
