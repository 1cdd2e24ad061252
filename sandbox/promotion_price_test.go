package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// coupons of the seed: one for everybody, one of LIVE rooms.
type couponOf struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Status  string `json:"status"`
	Display string `json:"display_type"`
	Limits  struct {
		Claim int64 `json:"total_claim_limit"`
	} `json:"usage_limits"`
	Discount struct {
		Percentage string `json:"percentage"`
	} `json:"discount"`
	Stats struct {
		Claimed  int64 `json:"claimed_count"`
		Redeemed int64 `json:"redeemed_count"`
	} `json:"usage_stats"`
}

func (w *world) coupon(t *testing.T, region, id string) couponOf {
	t.Helper()
	var a struct{ Coupon couponOf }
	w.call(t, region, "GET", "/promotion/202406/coupons/"+id, "", "").into(t, &a)
	return a.Coupon
}

// couponNamed finds a coupon of the seed.
func (w *world) couponNamed(t *testing.T, region, title string) couponOf {
	t.Helper()
	var a struct{ Coupons []couponOf }
	w.call(t, region, "POST", "/promotion/202406/coupons/search", "page_size=50", fmt.Sprintf(`{"title_keyword":%q}`, title)).into(t, &a)
	if len(a.Coupons) != 1 {
		t.Fatalf("%d coupons are called %s", len(a.Coupons), title)
	}
	return a.Coupons[0]
}

// runPromotion creates a promotion with what it has, and lets it start.
func (w *world) runPromotion(t *testing.T, region, kind, level, more, products string) string {
	t.Helper()
	var p promotion
	w.call(t, region, "POST", activitiesPath, "", fmt.Sprintf(`{"activity_type":%q,"product_level":%q,"title":"Deal %d","begin_time":%d,"end_time":%d%s}`,
		kind, level, w.now.UnixNano(), w.now.Unix()+60, w.now.Unix()+90000, more)).into(t, &p)
	if products != "" {
		w.call(t, region, "PUT", activitiesPath+"/"+p.ID+"/products", "", fmt.Sprintf(`{"activity_id":%q,"products":[%s]}`, p.ID, products)).into(t, &struct{}{})
	}
	w.steer(t, "POST", "clock", `{"advance":"2m"}`, http.StatusOK)
	w.now = w.now.Add(2 * time.Minute)
	if got := w.promotion(t, region, p.ID); got.Status != "ONGOING" {
		t.Fatalf("promotion %s is %s", kind, got.Status)
	}
	return p.ID
}

// buy places an order of one SKU and returns it.
func (w *world) buy(t *testing.T, region, sku string, quantity int, more string) order {
	t.Helper()
	var placed struct {
		ID string `json:"order_id"`
	}
	raw := w.steer(t, "POST", "orders", fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":%d}]%s}`, w.shop(region).ID, sku, quantity, more), http.StatusCreated)
	if err := json.Unmarshal(raw, &placed); err != nil {
		t.Fatal(err)
	}
	o := w.order(t, region, placed.ID)
	checkMoney(t, region, o)
	return o
}

// paidFor lists what the seller takes off each line.
func paidFor(t *testing.T, o order) (off []int64) {
	t.Helper()
	for _, line := range o.LineItems {
		off = append(off, centsOf(t, object{"d": line.SellerDiscount}, "d"))
	}
	return off
}

const noCoupon = `,"coupon_ids":[]`

// A flash deal gives its price to as many units as its limits say, to each buyer
// and in all; the order and its lines show what the seller gives.
func TestFlashDealPrice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	item := w.withStatus(t, "US", "ACTIVATE")
	sku := item.SKUs[0]
	price := centsOf(t, object{"p": sku.Price.SalePrice}, "p")
	deal := price / 2
	id := w.runPromotion(t, "US", "FLASHSALE", "VARIATION", "", fmt.Sprintf(
		`{"id":%q,"quantity_limit":-1,"quantity_per_user":-1,"skus":[{"id":%q,"activity_price_amount":"%d.%02d","quantity_limit":4,"quantity_per_user":2}]}`,
		item.ID, sku.ID, deal/100, deal%100))
	all := w.walk(t, "US", "page_size=100", "")
	one, two, three := all[0].UserID, "", ""
	for _, o := range all {
		switch {
		case o.UserID == one:
		case two == "":
			two = o.UserID
		case o.UserID != two && three == "":
			three = o.UserID
		}
	}
	buyer := func(id string) string { return fmt.Sprintf(`,"buyer_user_id":%q`, id) + noCoupon }
	for _, step := range []struct {
		buyer    string
		quantity int
		atDeal   int
	}{{one, 1, 1}, {one, 3, 1}, {one, 1, 0}, {two, 2, 2}, {three, 1, 0}} {
		o := w.buy(t, "US", sku.ID, step.quantity, buyer(step.buyer))
		cheap := 0
		for i, off := range paidFor(t, o) {
			switch off {
			case price - deal:
				cheap++
			case 0:
			default:
				t.Errorf("line %d has %d off", i, off)
			}
		}
		if cheap != step.atDeal || centsOf(t, object{"d": o.Payment["seller_discount"]}, "d") != int64(cheap)*(price-deal) || o.Payment["platform_discount"] != "0" {
			t.Errorf("%d units: %d at the deal, want %d; %v", step.quantity, cheap, step.atDeal, o.Payment)
		}
	}
	w.call(t, "US", "POST", activitiesPath+"/"+id+"/deactivate", "", "").into(t, &struct{}{})
	if off := paidFor(t, w.buy(t, "US", sku.ID, 1, noCoupon)); off[0] != 0 {
		t.Errorf("after the end %d off", off[0])
	}
}

// A discount in percent, a promotion for buying more, a coupon and what the
// platform gives come on top of each other, and shipping has its own.
func TestDiscountsCombine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	item := w.withStatus(t, "GB", "ACTIVATE")
	sku := item.SKUs[0]
	price := centsOf(t, object{"p": sku.Price.SalePrice}, "p")
	welcome := w.couponNamed(t, "GB", "Welcome back")
	percent, err := strconv.ParseInt(welcome.Discount.Percentage, 10, 64)
	if err != nil || welcome.Status != "ONGOING" || welcome.Display != "REGULAR" {
		t.Fatalf("the coupon is %+v", welcome)
	}
	before := w.coupon(t, "GB", welcome.ID).Stats
	w.runPromotion(t, "GB", "DIRECT_DISCOUNT", "PRODUCT", "", fmt.Sprintf(`{"id":%q,"quantity_limit":-1,"quantity_per_user":-1,"discount":"20"}`, item.ID))
	after := price - price*20/100
	if off := paidFor(t, w.buy(t, "GB", sku.ID, 1, noCoupon)); price-off[0] != after {
		t.Errorf("a unit of %d costs %d, want %d", price, price-off[0], after)
	}
	w.runPromotion(t, "GB", "BUY_MORE_SAVE_MORE", "SHOP", `,"discount":{"bmsm_discount":{"details":[
		{"tier":1,"threshold_type":"MINIMAL_ITEM_QUANTITY","threshold_value":"2","type":"PERCENTAGE_OFF","value":"10"},
		{"tier":2,"threshold_type":"MINIMAL_ITEM_QUANTITY","threshold_value":"3","type":"PERCENTAGE_OFF","value":"30"}]}}`, "")
	w.runPromotion(t, "GB", "SHIPPING_DISCOUNT", "SHOP", `,"discount":{"shipping_discount":{"type":"FREE_SHIPPING","threshold_type":"NO_THRESHOLD","area_scope":{"type":"WHOLE"}}}`, "")
	buyer := fmt.Sprintf(`,"buyer_user_id":%q`, w.walk(t, "GB", "page_size=100", "")[0].UserID)
	o := w.buy(t, "GB", sku.ID, 3, buyer+`,"platform_discount":"1.5"`)
	goods := 3 * after
	goods -= goods * 30 / 100
	goods -= goods * percent / 100
	pay := func(name string) int64 { return centsOf(t, object{"v": o.Payment[name]}, "v") }
	if pay("original_total_product_price")-pay("seller_discount") != goods || pay("platform_discount") != 150 || pay("sub_total") != goods-150 {
		t.Errorf("3 units of %d: %v, want %d from the seller", price, o.Payment, goods)
	}
	if pay("shipping_fee_seller_discount") != pay("original_shipping_fee") || pay("shipping_fee") != 0 {
		t.Errorf("free shipping: %v", o.Payment)
	}
	used := w.coupon(t, "GB", welcome.ID).Stats
	if used.Redeemed != before.Redeemed+1 || used.Claimed != before.Claimed+1 {
		t.Errorf("the coupon was redeemed %+v, before %+v", used, before)
	}
	// A buyer has a coupon once.
	o = w.buy(t, "GB", sku.ID, 1, buyer)
	if off := paidFor(t, o); price-off[0] != after {
		t.Errorf("a second time it costs %d, want %d", price-off[0], after)
	}
	w.steer(t, "POST", "orders", fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":1}],"coupon_ids":[%q]%s}`, w.shop("GB").ID, sku.ID, welcome.ID, buyer), http.StatusConflict)
	w.steer(t, "POST", "orders", fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":1}],"coupon_ids":["7"]}`, w.shop("GB").ID, sku.ID), http.StatusConflict)
	// Whoever may order once at its terms does so once.
	once := w.withStatus(t, "US", "ACTIVATE")
	w.runPromotion(t, "US", "DIRECT_DISCOUNT", "PRODUCT", `,"participation_limit":[{"type":"BUYER_LIMIT_ONLY_ONE"}]`, fmt.Sprintf(`{"id":%q,"quantity_limit":-1,"quantity_per_user":-1,"discount":"50"}`, once.ID))
	buyer = fmt.Sprintf(`,"buyer_user_id":%q`, w.walk(t, "US", "page_size=100", "")[0].UserID) + noCoupon
	first, second := paidFor(t, w.buy(t, "US", once.SKUs[0].ID, 1, buyer)), paidFor(t, w.buy(t, "US", once.SKUs[0].ID, 1, buyer))
	if first[0] == 0 || second[0] != 0 {
		t.Errorf("the first order has %d off, the second %d", first[0], second[0])
	}
}

// What is over when it is created has expired, is not announced and changes
// nothing; a sample costs nothing whatever runs.
func TestPastPromotion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var p promotion
	create := func(begin, end int64) *answer {
		return w.call(t, "VN", "POST", activitiesPath, "", fmt.Sprintf(`{"activity_type":"FLASHSALE","product_level":"PRODUCT","title":"Over %d","begin_time":%d,"end_time":%d,"duration_type":"FIXED_TIME"}`, begin, begin, end))
	}
	now := w.now.Unix()
	create(now-7200, now-3600).into(t, &p)
	if p.Status != "EXPIRED" || w.promotion(t, "VN", p.ID).Status != "EXPIRED" {
		t.Errorf("created as %s", p.Status)
	}
	create(now+3600, now+7200).into(t, &p)
	if p.Status != "DRAFT" {
		t.Errorf("created as %s", p.Status)
	}
	if a := create(now-3600, now+3600); a.Code != 17029005 {
		t.Errorf("one that should have begun: code %d", a.Code)
	}
	if a := create(now-3600, now-7200); a.Code != 17029006 {
		t.Errorf("one that ends before it begins: code %d", a.Code)
	}
	o := w.buy(t, "VN", w.withStatus(t, "VN", "ACTIVATE").SKUs[0].ID, 1, `,"is_sample_order":true`)
	if !o.IsSample || o.Payment["total_amount"] != "0" {
		t.Errorf("a sample costs %v", o.Payment)
	}
}
