package sandbox_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

const analyticsPath = "/analytics/"

var zones = map[string]string{"US": "America/Los_Angeles", "GB": "Europe/London", "VN": "Asia/Ho_Chi_Minh", "BR": "America/Sao_Paulo"}

func zone(t *testing.T, region string) *time.Location {
	t.Helper()
	at, err := time.LoadLocation(zones[region])
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// sold is what orders make, by a count of the tests' own.
type sold struct {
	gmv                      int64
	orders, skuOrders, units int
	buyers                   map[string]bool
}

// soldIn counts the orders that were paid in a range of days of the shop's.
func soldIn(t *testing.T, all []order, from, to time.Time) sold {
	t.Helper()
	s := sold{buyers: map[string]bool{}}
	for _, o := range all {
		if paid := time.Unix(o.PaidTime, 0); o.PaidTime == 0 || paid.Before(from) || !paid.Before(to) || o.Replaces != "" || o.Exchanges != "" || o.IsSample {
			continue
		}
		skus := map[string]bool{}
		for _, line := range o.LineItems {
			if !line.IsGift {
				skus[line.SKUID] = true
				s.units++
			}
		}
		s.gmv += centsOf(t, object{"sub_total": o.Payment["sub_total"]}, "sub_total")
		s.orders++
		s.skuOrders += len(skus)
		s.buyers[o.UserID] = true
	}
	return s
}

func span(from, to time.Time) string {
	return "start_date_ge=" + from.Format(time.DateOnly) + "&end_date_lt=" + to.Format(time.DateOnly)
}

// performance asks for the figures of something in a period.
func (w *world) performance(t *testing.T, region, path, query string) (p struct {
	Intervals  []object
	Comparison []object `json:"comparison_intervals"`
	Overall    object
	Latest     int64 `json:"latest_available_timestamp"`
	Contents   []struct {
		Type     string
		Contents []object
	} `json:"top_contents"`
	Creators []object `json:"top_creators"`
	Ratings  []object
}) {
	t.Helper()
	data := struct {
		Performance any `json:"performance"`
	}{&p}
	w.call(t, region, "GET", analyticsPath+path, query, "").into(t, &data)
	return p
}

func sub(o object, names ...string) object {
	for _, name := range names {
		o = o[name].(map[string]any)
	}
	return o
}

func count(o object, name string) int { return int(o[name].(float64)) }

func counts(list []object, name string) (sum int) {
	for _, o := range list {
		sum += count(o, name)
	}
	return sum
}

// parts adds up the amounts of breakdowns.
func parts(t *testing.T, list any) (sum int64) {
	t.Helper()
	for _, part := range list.([]any) {
		o := part.(object)
		if inner, ok := o["gmv"].(object); ok {
			o = inner
		}
		sum += centsOf(t, o, "amount")
	}
	return sum
}

// In every version the figures are those of the orders, the days make the
// total, and so do products, SKUs and kinds of content.
func TestAnalyticsAgreeWithOrders(t *testing.T) {
	t.Parallel()
	for i, region := range regions {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(c *sandbox.Config) { c.Seed = uint64(20 + i) }, withOrders(50*i))
			rng := rand.New(rand.NewPCG(uint64(i), 3))
			all := w.walk(t, region, "page_size=100", "")
			lengths := []int{1, 7, 40, 110}
			if i == len(regions)-1 {
				lengths = append(lengths, 850) // the archive too
			}
			for _, length := range lengths {
				from := w.midnight(t, region).AddDate(0, 0, -length-rng.IntN(3))
				to := from.AddDate(0, 0, length)
				want := soldIn(t, all, from, to)
				if length > 7 && want.orders < 50 {
					t.Fatalf("only %d orders to compare with", want.orders)
				}
				w.agree(t, region, from, to, want)
			}
		})
	}
}

func (w *world) agree(t *testing.T, region string, from, to time.Time, want sold) {
	t.Helper()
	query := span(from, to)
	check := func(what string, gmv int64, numbers ...int) {
		t.Helper()
		if gmv != want.gmv {
			t.Errorf("%s, %s, %s: GMV %d, the orders make %d", region, query, what, gmv, want.gmv)
		}
		for i := 0; i < len(numbers); i += 2 {
			if numbers[i] != numbers[i+1] {
				t.Errorf("%s, %s, %s: figure %d is %d, the orders make %d", region, query, what, i/2, numbers[i], numbers[i+1])
			}
		}
	}
	for _, granularity := range []string{"ALL", "1D"} {
		old := w.performance(t, region, "202405/shop/performance", query+"&granularity="+granularity).Intervals
		gmv, byKind := int64(0), int64(0)
		for i, o := range old {
			gmv += centsOf(t, sub(o, "gmv"), "amount")
			byKind += parts(t, o["gmv_breakdowns"])
			if i > 0 && o["start_date"] != old[i-1]["end_date"] {
				t.Errorf("after %v comes %v", old[i-1]["end_date"], o["start_date"])
			}
		}
		if end := old[len(old)-1]["end_date"]; end != to.Format(time.DateOnly) || granularity == "ALL" && len(old) != 1 {
			t.Errorf("%s, %s: %d entries, the last one ends %v", query, granularity, len(old), end)
		}
		check("2405 "+granularity, gmv, counts(old, "orders"), want.orders, counts(old, "sku_orders"), want.skuOrders, counts(old, "units_sold"), want.units)
		check("2405 by content", byKind)
		gmv, byKind = 0, 0
		var orders, skuOrders, items int
		for _, o := range w.performance(t, region, "202509/shop/performance", query+"&granularity="+granularity).Intervals {
			sales := sub(o, "sales")
			gmv += centsOf(t, sub(sales, "gmv", "overall"), "amount")
			byKind += parts(t, sub(sales, "gmv")["breakdowns"])
			orders, skuOrders, items = orders+count(sales, "orders_count"), skuOrders+count(sales, "sku_orders_count"), items+count(sales, "items_sold")
		}
		check("2509 "+granularity, gmv, orders, want.orders, skuOrders, want.skuOrders, items, want.units)
		check("2509 by content", byKind)
		if granularity == "ALL" {
			check("buyers", want.gmv, count(old[0], "buyers"), len(want.buyers))
		}
	}
	list, last := w.all(t, region, analyticsPath+"202405/shop_products/performance", query+"&page_size=100", "products")
	gmv := int64(0)
	for _, o := range list {
		gmv += centsOf(t, sub(o, "gmv"), "amount")
	}
	check("products of 2405", gmv, counts(list, "units_sold"), want.units, count(last, "total_count"), len(list))
	list, _ = w.all(t, region, analyticsPath+"202509/shop_products/performance", query+"&page_size=100", "products")
	items := 0
	gmv = 0
	for _, o := range list {
		gmv += centsOf(t, sub(o, "overall_performance", "gmv"), "amount")
		items += count(sub(o, "overall_performance"), "items_sold")
	}
	check("products of 2509", gmv, items, want.units)
	for _, version := range []string{"202406", "202509"} {
		list, _ = w.all(t, region, analyticsPath+version+"/shop_skus/performance", query+"&page_size=100", "skus")
		gmv = 0
		for _, o := range list {
			gmv += centsOf(t, sub(o, "gmv"), "amount")
		}
		check("SKUs of "+version, gmv, counts(list, "sku_orders"), want.skuOrders, counts(list, "units_sold"), want.units)
	}
}

// midnight is the beginning of today in a shop's zone.
func (w *world) midnight(t *testing.T, region string) time.Time {
	t.Helper()
	now := w.now.In(zone(t, region))
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
}

// The hours of a day make the day, in days of 23 hours too.
func TestAnalyticsByHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, region := range regions {
		all := w.walk(t, region, "page_size=100", "")
		for _, ago := range []int{0, 1, 2, 5, 29} { // in the US the clocks changed two days ago
			from := w.midnight(t, region).AddDate(0, 0, -ago)
			to := from.AddDate(0, 0, 1)
			day := w.performance(t, region, "202510/shop/performance/"+from.Format(time.DateOnly)+"/performance_per_hour", "")
			hours := int(to.Sub(from) / time.Hour)
			if ago == 0 {
				hours = int(w.now.Sub(from)/time.Hour) + 1
			}
			want, gmv := soldIn(t, all, from, to), int64(0)
			for i, hour := range day.Intervals {
				gmv += centsOf(t, sub(hour, "gmv"), "amount")
				if count(hour, "index") != i+1 || count(hour, "visitors") < count(hour, "customers") {
					t.Errorf("%s: hour %v", region, hour)
				}
				here := soldIn(t, all, from.Add(time.Duration(i)*time.Hour), from.Add(time.Duration(i+1)*time.Hour))
				if here.units != count(hour, "items_sold") || len(here.buyers) != count(hour, "customers") {
					t.Errorf("%s: hour %v, the orders make %v", region, hour, here)
				}
			}
			if len(day.Intervals) != hours || gmv != want.gmv || centsOf(t, sub(day.Overall, "gmv"), "amount") != want.gmv ||
				count(day.Overall, "items_sold") != want.units || count(day.Overall, "customers") != len(want.buyers) ||
				count(day.Overall, "visitors") != counts(day.Intervals, "visitors") || day.Latest != w.now.Unix() {
				t.Errorf("%s, %s: %d hours, want %d: %v, the orders make %v", region, from, len(day.Intervals), hours, day.Overall, want)
			}
			if ago == 0 {
				continue
			}
			whole := w.performance(t, region, "202509/shop/performance", span(from, to)).Intervals[0]
			if count(sub(whole, "traffic"), "avg_visitors") != count(day.Overall, "visitors") || count(sub(whole, "sales"), "avg_customers_count") != len(want.buyers) {
				t.Errorf("%s, %s: by hour %v, as a day %v", region, from, day.Overall, whole)
			}
		}
	}
}

// An order counts from its payment on, by hour at once and by day on the next
// day, and it stays when it is cancelled. Money that goes back is a figure of
// its own.
func TestAnalyticsFollowOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	today := w.midnight(t, "GB")
	tomorrow := today.AddDate(0, 0, 1)
	hours := func() object {
		return w.performance(t, "GB", "202510/shop/performance/"+today.Format(time.DateOnly)+"/performance_per_hour", "").Overall
	}
	day := func() object {
		t.Helper()
		return w.performance(t, "GB", "202405/shop/performance", span(today, tomorrow)).Intervals[0]
	}
	gmv := func(o object) int64 { return centsOf(t, sub(o, "gmv"), "amount") }
	before := hours()
	id := w.place(t, "GB", "", 2, 1)
	if got := hours(); gmv(got) != gmv(before) {
		t.Errorf("an unpaid order counts: %v", got)
	}
	w.move(t, id, "ON_HOLD")
	o := w.order(t, "GB", id)
	paid := gmv(before) + centsOf(t, object{"sub_total": o.Payment["sub_total"]}, "sub_total")
	after := hours()
	if gmv(after) != paid || count(after, "items_sold") != count(before, "items_sold")+3 {
		t.Errorf("before %v, after %v, paid %v", before, after, o.Payment)
	}
	bought := map[string]bool{}
	for _, line := range o.LineItems {
		bought[line.ProductID] = true
	}
	if count(after, "visitors") != count(before, "visitors")+len(bought) {
		t.Errorf("%v visitors before, %v after %d products were bought", before["visitors"], after["visitors"], len(bought))
	}
	if got := day(); gmv(got) != 0 || count(got, "orders") != 0 || count(got, "product_impressions") != 0 || count(got, "avg_product_page_visitors") != 0 {
		t.Errorf("today has figures: %v", got)
	}
	if list := w.performance(t, "GB", "202509/shop/performance", span(today, tomorrow)+"&granularity=1D").Intervals; len(list) != 0 {
		t.Errorf("today has figures: %v", list)
	}
	w.advance(t, "30m")
	w.steer(t, "POST", "orders/"+id+"/buyer", `{"ask":"cancel"}`, http.StatusCreated)
	w.advance(t, "24h")
	got := day()
	if o = w.order(t, "GB", id); o.Status != "CANCELLED" || gmv(got) < paid {
		t.Errorf("the %s order is not in %v, which was %d", o.Status, got, paid)
	}
	total := centsOf(t, object{"total": o.Payment["total_amount"]}, "total")
	if centsOf(t, sub(got, "refunds"), "amount") < total || count(got, "cancellations_and_returns") == 0 {
		t.Errorf("%d was paid back, the day has %v", total, got)
	}
	product := w.performance(t, "GB", "202509/shop_products/"+o.LineItems[0].ProductID+"/performance", span(today, tomorrow)).Intervals[0]
	if count(sub(product, "cancel_and_refunds"), "canceled") == 0 || count(sub(product, "sales"), "items_sold") < 2 {
		t.Errorf("the product has %v", product)
	}
	if list := w.performance(t, "GB", "202405/shop/performance", span(today, tomorrow.AddDate(0, 0, 5))+"&granularity=1D").Intervals; len(list) != 1 || gmv(list[0]) != gmv(got) {
		t.Errorf("days that lie ahead: %v", list)
	}
}

// rankedItem is an entry of a list.
type rankedItem struct {
	ID      any // text or a number, by version
	GMV     struct{ Amount string }
	Orders  int
	Units   int    `json:"units_sold"`
	Rate    string `json:"click_through_rate"`
	Overall struct {
		GMV    struct{ Amount string }
		Orders int
		Items  int `json:"items_sold"`
	} `json:"overall_performance"`
	SKUOrders int   `json:"sku_orders"`
	ProductID int64 `json:"product_id"`
}

// Pages of every size and order have each entry once, in that order.
func TestAnalyticsLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	amount := func(text string) float64 { return cents(text) }
	period := span(w.midnight(t, "US").AddDate(0, 0, -60), w.midnight(t, "US"))
	for _, list := range []struct {
		path, items, field string
		value              func(rankedItem) float64
	}{
		{"202405/shop_products/performance", "products", "gmv", func(i rankedItem) float64 { return amount(i.GMV.Amount) }},
		{"202405/shop_products/performance", "products", "order_count", func(i rankedItem) float64 { return float64(i.Orders) }},
		{"202405/shop_products/performance", "products", "unit_sold_count", func(i rankedItem) float64 { return float64(i.Units) }},
		{"202405/shop_products/performance", "products", "click_through_rate", func(i rankedItem) float64 { return amount(i.Rate) }},
		{"202509/shop_products/performance", "products", "", func(i rankedItem) float64 { return amount(i.Overall.GMV.Amount) }},
		{"202509/shop_products/performance", "products", "orders", func(i rankedItem) float64 { return float64(i.Overall.Orders) }},
		{"202509/shop_products/performance", "products", "items_sold", func(i rankedItem) float64 { return float64(i.Overall.Items) }},
		{"202406/shop_skus/performance", "skus", "sku_orders", func(i rankedItem) float64 { return float64(i.SKUOrders) }},
		{"202509/shop_skus/performance", "skus", "units_sold", func(i rankedItem) float64 { return float64(i.Units) }},
		{"202509/shop_skus/performance", "skus", "gmv", func(i rankedItem) float64 { return amount(i.GMV.Amount) }},
	} {
		for _, order := range []string{"", "ASC"} {
			query := period + "&page_size=7&sort_field=" + list.field + "&sort_order=" + order
			pages, whole := 0, -1
			seen := map[any]bool{}
			var values []float64
			for token := ""; pages == 0 || token != ""; pages++ {
				var page struct {
					Products, SKUs []rankedItem
					Next           string `json:"next_page_token"`
					Total          int    `json:"total_count"`
				}
				w.call(t, "US", "GET", analyticsPath+list.path, query+"&page_token="+url.QueryEscape(token), "").into(t, &page)
				for _, item := range slices.Concat(page.Products, page.SKUs) {
					if seen[item.ID] && list.items == "products" {
						t.Errorf("%s: %v occurs twice", list.path, item.ID)
					}
					seen[item.ID] = true
					values = append(values, list.value(item))
				}
				whole, token = page.Total, page.Next
			}
			if order == "ASC" {
				slices.Reverse(values)
			}
			falling := slices.IsSortedFunc(values, func(a, b float64) int { return int(b*100) - int(a*100) })
			if len(values) != whole || !falling || pages != (whole+6)/7 || values[0] == 0 {
				t.Errorf("%s by %s %s: %d of %d entries on %d pages, sorted %t", list.path, list.field, order, len(values), whole, pages, falling)
			}
		}
		if a := w.call(t, "US", "GET", analyticsPath+list.path, period+"&page_token=bm90IG91cnM=", ""); a.Code != invalid {
			t.Errorf("%s: a foreign page token: code %d", list.path, a.Code)
		}
	}
}

// Filters are about what the products are like today.
func TestAnalyticsFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	period := span(w.midnight(t, "GB").AddDate(0, 0, -60), w.midnight(t, "GB"))
	total := func(path, query string) int {
		t.Helper()
		var page struct {
			Total int `json:"total_count"`
		}
		w.call(t, "GB", "GET", analyticsPath+path, period+"&"+query, "").into(t, &page)
		return page.Total
	}
	live := w.products(t, "GB", "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`)
	const products, skus = "202509/shop_products/performance", "202509/shop_skus/performance"
	all, active := total(products, ""), total(products, "product_status_filter=LIVE")
	if active != len(live) || active+total(products, "product_status_filter=INACTIVE") != all || total(products, "product_status_filter=ALL") != all {
		t.Errorf("%d products are live, %d of %d are listed", len(live), active, all)
	}
	one := len(live[0].SKUs)
	if got := total(skus, "product_ids="+live[0].ID); got != one {
		t.Errorf("%d SKUs of a product with %d", got, one)
	}
	if got := total("202406/shop_skus/performance", "product_id="+live[0].ID); got != one {
		t.Errorf("%d SKUs of a product with %d", got, one)
	}
	if got := total(skus, "product_ids="+live[0].ID+","+live[1].ID); got != one+len(live[1].SKUs) {
		t.Errorf("%d SKUs of two products", got)
	}
	var shown struct {
		Chain []struct{ ID string } `json:"category_chains"`
	}
	w.call(t, "GB", "GET", productsPath+"/"+live[0].ID, "", "").into(t, &shown)
	leaf, top := total(products, "category_filter="+shown.Chain[len(shown.Chain)-1].ID), total(products, "category_filter="+shown.Chain[0].ID)
	if leaf == 0 || top < leaf || top == all || total(products, "category_filter=7") != 0 {
		t.Errorf("%d of the category, %d of the one on top, %d in all", leaf, top, all)
	}
}

// The figures of products and SKUs agree with the lists, and kinds of content
// with what they led to.
func TestAnalyticsDetails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	midnight := w.midnight(t, "VN")
	period := span(midnight.AddDate(0, 0, -60), midnight)
	all := w.walk(t, "VN", "page_size=100", "")
	best := all[len(all)/2].LineItems[0]
	var gmv, skuGMV int64
	units, skuUnits := 0, 0
	for _, o := range all {
		if paid := time.Unix(o.PaidTime, 0); paid.Before(midnight.AddDate(0, 0, -60)) || !paid.Before(midnight) || o.IsSample {
			continue
		}
		for _, line := range o.LineItems {
			price := centsOf(t, object{"price": line.SalePrice}, "price")
			if line.ProductID == best.ProductID {
				gmv, units = gmv+price, units+1
			}
			if line.SKUID == best.SKUID {
				skuGMV, skuUnits = skuGMV+price, skuUnits+1
			}
		}
	}
	path := "/shop_products/" + best.ProductID + "/performance"
	old := w.performance(t, "VN", "202405"+path, period).Intervals[0]
	later := w.performance(t, "VN", "202509"+path, period)
	if centsOf(t, sub(old, "gmv"), "amount") != gmv || count(old, "units_sold") != units || parts(t, old["gmv_breakdowns"]) != gmv ||
		centsOf(t, sub(later.Intervals[0], "sales", "gmv"), "amount") != gmv || count(sub(later.Intervals[0], "sales"), "items_sold") != units {
		t.Errorf("%v and %v, the orders make %d with %d units", old, later.Intervals[0], gmv, units)
	}
	byKind := map[any]int64{}
	for _, part := range sub(later.Intervals[0], "sales")["breakdowns"].([]any) {
		byKind[part.(object)["content_type"]] = centsOf(t, sub(part.(object), "sales", "gmv"), "amount")
	}
	shown := int64(0)
	for _, kind := range later.Contents {
		sum := int64(0)
		for _, content := range kind.Contents {
			sum += centsOf(t, sub(content, "gmv"), "amount")
		}
		if len(kind.Contents) < 5 && sum != byKind[kind.Type] {
			t.Errorf("%s: contents of %d, sales of %d", kind.Type, sum, byKind[kind.Type])
		}
		shown += sum
	}
	if len(later.Contents) != 2 || shown == 0 || len(later.Creators) == 0 || len(later.Ratings) != 5 {
		t.Errorf("acclaim: %v %v %v", later.Contents, later.Creators, later.Ratings)
	}
	path = "/shop_skus/" + best.SKUID + "/performance"
	old = w.performance(t, "VN", "202406"+path, period).Intervals[0]
	sku := w.performance(t, "VN", "202509"+path, period).Intervals[0]
	if centsOf(t, sub(old, "gmv"), "amount") != skuGMV || count(old, "units_sold") != skuUnits || parts(t, old["gmv_breakdown"]) != skuGMV ||
		centsOf(t, sub(sku, "gmv"), "amount") != skuGMV || count(sku, "items_sold") != skuUnits || count(sku, "sku_orders") != count(old, "sku_orders") {
		t.Errorf("%v and %v, the orders make %d with %d units", old, sku, skuGMV, skuUnits)
	}
}

// Who buys has looked, rates are the quotients of what stands beside them, and
// the parts of traffic make the whole.
func TestAnalyticsTraffic(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	period := span(w.midnight(t, "US").AddDate(0, 0, -20), w.midnight(t, "US"))
	quotient := func(text any, part, of int) bool {
		return part <= of && text == strconv.FormatFloat(float64(part)/float64(max(of, 1)), 'f', 4, 64)
	}
	sum := func(o object, name string) (n int) {
		for _, part := range o[name].([]any) {
			n += count(part.(object), "amount")
		}
		return n
	}
	for _, granularity := range []string{"ALL", "1D"} {
		query := period + "&granularity=" + granularity
		for _, o := range w.performance(t, "US", "202509/shop/performance", query).Intervals {
			traffic := sub(o, "traffic")
			customers, visitors := count(sub(o, "sales"), "avg_customers_count"), count(traffic, "avg_visitors")
			if !quotient(traffic["avg_conversation_rate"], customers, visitors) || visitors == 0 || visitors > count(traffic, "avg_page_views") {
				t.Errorf("%d customers, traffic %v", customers, traffic)
			}
		}
		for _, o := range w.performance(t, "US", "202405/shop/performance", query).Intervals {
			value, orders := centsOf(t, sub(o, "avg_order_value"), "amount"), int64(max(count(o, "orders"), 1))
			if gmv := centsOf(t, sub(o, "gmv"), "amount"); value*orders-gmv > orders || gmv-value*orders > orders {
				t.Errorf("an order value of %d, a GMV of %d of %d orders", value, gmv, orders)
			}
			if sum(o, "product_impression_breakdowns") != count(o, "product_impressions") || sum(o, "product_page_view_breakdowns") != count(o, "product_page_views") ||
				sum(o, "avg_product_page_visitor_breakdowns") != count(o, "avg_product_page_visitors") || sum(o, "buyer_breakdowns") < count(o, "buyers") {
				t.Errorf("the parts do not make the whole: %v", o)
			}
		}
		id := w.withStatus(t, "US", "ACTIVATE").ID
		for _, o := range w.performance(t, "US", "202405/shop_products/"+id+"/performance", query).Intervals {
			if !quotient(o["click_through_rate"], count(o, "page_views"), count(o, "impressions")) || sum(o, "unit_sold_breakdowns") != count(o, "units_sold") {
				t.Errorf("product %v", o)
			}
		}
		for _, o := range w.performance(t, "US", "202509/shop_products/"+id+"/performance", query).Intervals {
			for i, part := range sub(o, "traffic")["breakdowns"].([]any) {
				seen, sold := sub(part.(object), "traffic"), sub(sub(o, "sales")["breakdowns"].([]any)[i].(object), "sales")
				if !quotient(seen["ctr"], count(seen, "page_views"), count(seen, "impressions")) ||
					!quotient(seen["avg_conversion_rate"], count(sold, "avg_customers"), count(seen, "avg_unique_page_views")) {
					t.Errorf("content %v sold %v", seen, sold)
				}
			}
		}
	}
}

// The comparison is the period before, as it is when it is asked for alone. In
// dollars the days make the total as well.
func TestAnalyticsComparison(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.midnight(t, "GB")
	from, before := to.AddDate(0, 0, -10), to.AddDate(0, 0, -20)
	found := w.walk(t, "GB", "page_size=100", "")[100].LineItems[0]
	for _, path := range []string{"202405/shop/performance", "202405/shop_products/" + found.ProductID + "/performance", "202406/shop_skus/" + found.SKUID + "/performance"} {
		for _, query := range []string{"", "&granularity=1D", "&currency=USD"} {
			both := w.performance(t, "GB", path, span(from, to)+"&with_comparison=true"+query)
			alone := w.performance(t, "GB", path, span(before, from)+query)
			if len(both.Comparison) == 0 || fmt.Sprint(both.Comparison) != fmt.Sprint(alone.Intervals) || len(alone.Comparison) != 0 {
				t.Errorf("%s%s: %v, alone %v", path, query, both.Comparison, alone.Intervals)
			}
		}
	}
	for _, region := range regions {
		want := object(nil)
		sum := int64(0)
		for _, granularity := range []string{"ALL", "1D"} {
			for _, o := range w.performance(t, region, "202405/shop/performance", span(before, from)+"&currency=USD&granularity="+granularity).Intervals {
				gmv := sub(o, "gmv")
				if gmv["currency"] != "USD" {
					t.Errorf("%s: dollars are %v", region, gmv)
				}
				if granularity == "ALL" {
					want = gmv
				} else {
					sum += centsOf(t, gmv, "amount")
				}
			}
		}
		if sum == 0 || centsOf(t, want, "amount") != sum {
			t.Errorf("%s: days of %d, in all %v", region, sum, want)
		}
	}
}

func TestAnalyticsRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	foreign := w.withStatus(t, "GB", "ACTIVATE")
	const period = "start_date_ge=2026-03-01&end_date_lt=2026-03-08"
	hours := func(date string) string { return "202510/shop/performance/" + date + "/performance_per_hour" }
	const noPeriod, unknown = 28001022, 28001007
	for _, refusal := range []struct {
		path, query string
		code        int
	}{
		{"202405/shop/performance", "start_date_ge=2026-03-08&end_date_lt=2026-03-08", noPeriod},
		{"202509/shop/performance", "start_date_ge=2026-03-09&end_date_lt=2026-03-08", noPeriod},
		{"202509/shop_products/performance", "start_date_ge=2026-3-1&end_date_lt=2026-03-08", noPeriod},
		{"202405/shop_products/performance", "start_date_ge=2026-02-30&end_date_lt=2026-03-08", noPeriod},
		{"202509/shop_skus/performance", "start_date_ge=2026-03-11&end_date_lt=2026-03-12", noPeriod},
		{"202406/shop_skus/performance", period + "&page_size=101", invalid},
		{"202406/shop_skus/performance", period + "&page_size=0", invalid},
		{"202405/shop_products/7/performance", period, unknown},
		{"202509/shop_products/7/performance", period, unknown},
		{"202405/shop_products/" + foreign.ID + "/performance", period, unknown},
		{"202406/shop_skus/7/performance", period, unknown},
		{"202509/shop_skus/" + foreign.SKUs[0].ID + "/performance", period, unknown},
		{hours("2026-03-11"), "", noPeriod}, // tomorrow, by the shop's zone too
		{hours("2026-02-08"), "", noPeriod},
		{hours("yesterday"), "", noPeriod},
		{hours("2026-02-09"), "", 0},
	} {
		if a := w.call(t, "US", "GET", analyticsPath+refusal.path, refusal.query, ""); a.Code != refusal.code || a.status != http.StatusOK && a.Code != invalid {
			t.Errorf("%s %s: code %d (status %d): %s, want %d", refusal.path, refusal.query, a.Code, a.status, a.Message, refusal.code)
		}
	}
	// Without a shop the one that has the thing answers.
	w.call(t, "", "GET", analyticsPath+"202509/shop_products/"+foreign.ID+"/performance", period, "").into(t, &struct{}{})
}

// A restored sandbox reports the same.
func TestAnalyticsOutliveSnapshots(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t, func(c *sandbox.Config) { c.Seed = 8 })
	w.placed(t, "US", "", "AWAITING_SHIPMENT", 1)
	other.steer(t, "PUT", "snapshot", string(w.steer(t, "GET", "snapshot", "", http.StatusOK)), http.StatusOK)
	other.credentials = w.credentials
	for _, request := range [][2]string{
		{"202509/shop/performance", span(w.midnight(t, "US").AddDate(0, 0, -40), w.midnight(t, "US")) + "&granularity=1D"},
		{"202405/shop_products/performance", span(w.midnight(t, "US").AddDate(0, 0, -40), w.midnight(t, "US"))},
		{"202510/shop/performance/" + w.midnight(t, "US").Format(time.DateOnly) + "/performance_per_hour", ""},
	} {
		was, is := w.call(t, "US", "GET", analyticsPath+request[0], request[1], ""), other.call(t, "US", "GET", analyticsPath+request[0], request[1], "")
		if was.Code != 0 || string(was.Data) != string(is.Data) {
			t.Errorf("%s: %s, restored %s", request[0], was.body, is.body)
		}
	}
}
