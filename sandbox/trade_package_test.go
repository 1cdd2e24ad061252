package sandbox_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"math/big"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

type parcel struct {
	ID         string   `json:"package_id"`
	Status     string   `json:"package_status"`
	Tag        string   `json:"split_and_combine_tag"`
	Lines      []string `json:"order_line_item_ids"`
	Tracking   string   `json:"tracking_number"`
	ProviderID string   `json:"shipping_provider_id"`
	Handover   string   `json:"handover_method"`
	Slot       *struct {
		Start int64 `json:"start_time"`
	} `json:"pickup_slot"`
	Weight *struct{ Value string }
	Orders []struct {
		ID   string
		SKUs []struct{ Quantity int } `json:"skus"`
	}
}

func (w *world) parcel(t testing.TB, region, id string) parcel {
	t.Helper()
	var got parcel
	w.call(t, region, "GET", fulfillment+"packages/"+id, "", "").into(t, &got)
	return got
}

// TestBatchShipping ships several packages: what fails is told apart, with code
// 0 over all.
func TestBatchShipping(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	var ids []string
	for _, status := range []string{"AWAITING_SHIPMENT", "AWAITING_COLLECTION", "DELIVERED", "AWAITING_SHIPMENT"} {
		o := w.order(t, "VN", w.placed(t, "VN", "", status, 1))
		ids = append(ids, o.Packages[0].ID)
	}
	var got struct {
		Errors []struct {
			Code    int
			Message string
			Detail  struct {
				PackageID string `json:"package_id"`
			}
		}
	}
	body := fmt.Sprintf(`{"packages":[{"id":%q},{"id":%q},{"id":%q},{"id":"1"},{"id":%q}]}`, ids[0], ids[1], ids[2], ids[3])
	w.call(t, "VN", "POST", fulfillment+"packages/ship", "", body).into(t, &got)
	want := map[string]int{ids[1]: 21011040, ids[2]: 21011027, "1": 21011028}
	if len(got.Errors) != len(want) {
		t.Errorf("errors %+v", got.Errors)
	}
	for _, e := range got.Errors {
		if want[e.Detail.PackageID] != e.Code || e.Message == "" {
			t.Errorf("error %+v, want %d", e, want[e.Detail.PackageID])
		}
	}
	for _, id := range []string{ids[0], ids[3]} {
		if p := w.parcel(t, "VN", id); p.Status != "PROCESSING" || p.Tracking == "" {
			t.Errorf("package %+v", p)
		}
	}
	if a := w.call(t, "VN", "POST", fulfillment+"packages/ship", "", `{}`); a.Code != invalid {
		t.Errorf("code %d", a.Code)
	}
}

// TestPackageSearch walks the packages: those that wait to be shipped are not
// among them.
func TestPackageSearch(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	type view struct {
		ID, Status string
		CreateTime int64  `json:"create_time"`
		UpdateTime int64  `json:"update_time"`
		Tracking   string `json:"tracking_number"`
	}
	walk := func(region, query, body string) (all []view) {
		for token := ""; ; {
			var page struct {
				Packages []view
				Next     string `json:"next_page_token"`
				Total    int    `json:"total_count"`
			}
			w.call(t, region, "POST", fulfillment+"packages/search", query+"&page_token="+url.QueryEscape(token), body).into(t, &page)
			all = append(all, page.Packages...)
			if token = page.Next; token == "" {
				if len(all) != page.Total {
					t.Errorf("%d packages, total_count %d", len(all), page.Total)
				}
				return all
			}
		}
	}
	for _, region := range regions {
		whole := walk(region, "page_size=50", "")
		shipped := map[string]string{}
		for _, o := range w.walk(t, region, "page_size=100", "") {
			for _, line := range o.LineItems {
				if line.PackageStatus != "" && line.PackageStatus != "TO_FULFILL" {
					shipped[line.PackageID] = line.PackageStatus
				}
			}
		}
		if len(whole) != len(shipped) {
			t.Errorf("%s: %d packages, orders have %d", region, len(whole), len(shipped))
		}
		for _, p := range whole {
			if shipped[p.ID] != p.Status || p.Tracking == "" || p.UpdateTime < p.CreateTime {
				t.Errorf("%s: package %+v, order has %s", region, p, shipped[p.ID])
			}
		}
		if up := walk(region, "page_size=7&sort_order=ASC", ""); !slices.IsSortedFunc(up, func(a, b view) int { return int(a.CreateTime - b.CreateTime) }) || len(up) != len(whole) {
			t.Errorf("%s: ascending pages hold %d", region, len(up))
		}
		for _, field := range []string{"update_time", "order_pay_time"} {
			if n := len(walk(region, "page_size=50&sort_field="+field, "")); n != len(whole) {
				t.Errorf("%s: %d by %s", region, n, field)
			}
		}
		middle := whole[len(whole)/2]
		for body, match := range map[string]func(view) bool{
			`{"package_status":"PROCESSING"}`:                                     func(p view) bool { return p.Status == "PROCESSING" },
			fmt.Sprintf(`{"create_time_ge":%d}`, middle.CreateTime):               func(p view) bool { return p.CreateTime >= middle.CreateTime },
			fmt.Sprintf(`{"update_time_lt":%d}`, middle.UpdateTime):               func(p view) bool { return p.UpdateTime < middle.UpdateTime },
			fmt.Sprintf(`{"create_time_lt":%d,"update_time_ge":1}`, start.Unix()): func(view) bool { return true },
		} {
			want := 0
			for _, p := range whole {
				if match(p) {
					want++
				}
			}
			if got := len(walk(region, "page_size=50", body)); got != want {
				t.Errorf("%s: %s: %d, want %d", region, body, got, want)
			}
		}
	}
	for query, code := range map[string]int{"": invalid, "page_size=51": invalid, "page_size=0": invalid, "page_size=5&sort_field=size": invalid, "page_size=5": 0} {
		if a := w.call(t, "", "POST", fulfillment+"packages/search", query, ""); a.Code != code {
			t.Errorf("%q: code %d, want %d", query, a.Code, code)
		}
	}
}

// TestSplit splits an order before it is shipped.
func TestSplit(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	id := w.placed(t, "VN", "", "AWAITING_SHIPMENT", 2, 1)
	o := w.order(t, "VN", id)
	a, b, c := o.LineItems[0].ID, o.LineItems[1].ID, o.LineItems[2].ID
	group := func(name string, lines ...string) string {
		return fmt.Sprintf(`{"id":%q,"order_line_item_ids":["%s"]}`, name, strings.Join(lines, `","`))
	}
	path := fulfillment + "orders/" + id + "/split"
	for name, test := range map[string]struct {
		groups []string
		code   int
	}{
		"none":          {nil, invalid},
		"one":           {[]string{group("1", a, b, c)}, 21011005},
		"not all":       {[]string{group("1", a, b), group("2")}, 21011005},
		"a line twice":  {[]string{group("1", a, b), group("2", b, c)}, 21011005},
		"a name twice":  {[]string{group("1", a, b), group("1", c)}, 21011005},
		"foreign line":  {[]string{group("1", a, b), group("2", "1")}, 21011005},
		"SKU torn":      {[]string{group("1", a), group("2", b, c)}, 21011035},
		"without lines": {[]string{`{"id":"1"}`}, invalid},
		"without id":    {[]string{`{"order_line_item_ids":["1"]}`}, invalid},
	} {
		if got := w.call(t, "VN", "POST", path, "", `{"splittable_groups":[`+strings.Join(test.groups, ",")+`]}`); got.Code != test.code {
			t.Errorf("%s: code %d, want %d: %s", name, got.Code, test.code, got.Message)
		}
	}
	old := o.Packages[0].ID
	attributes := func(region, id string) bool {
		var got struct {
			List []struct {
				CanSplit bool `json:"can_split"`
				Reason   string
			} `json:"split_attributes"`
		}
		w.call(t, region, "GET", fulfillment+"orders/split_attributes", "order_ids="+id, "").into(t, &got)
		if len(got.List) != 1 || got.List[0].CanSplit != (got.List[0].Reason == "") {
			t.Errorf("attributes %+v", got)
		}
		return got.List[0].CanSplit
	}
	if !attributes("VN", id) || attributes("US", w.placed(t, "US", "", "AWAITING_SHIPMENT", 1, 1)) {
		t.Error("the wrong orders can be split")
	}
	var got struct {
		Packages []struct {
			ID    string
			Group string `json:"splittable_group_id"`
		}
	}
	good := `{"splittable_groups":[` + group("x", a, b) + "," + group("y", c) + `]}`
	w.call(t, "VN", "POST", path, "", good).into(t, &got)
	o = w.order(t, "VN", id)
	if len(got.Packages) != 2 || len(o.Packages) != 2 || o.Tag != "SPLIT" || o.Status != "AWAITING_SHIPMENT" {
		t.Fatalf("split into %+v: order %+v", got, o)
	}
	if p := w.parcel(t, "VN", got.Packages[0].ID); !slices.Equal(p.Lines, []string{a, b}) || p.Tag != "SPLIT" || p.Status != "TO_FULFILL" {
		t.Errorf("package %+v", p)
	}
	if a := w.call(t, "VN", "GET", fulfillment+"packages/"+old, "", ""); a.Code != 10006402 {
		t.Errorf("the old package: code %d", a.Code)
	}
	if a := w.call(t, "VN", "POST", path, "", good); a.Code != 21011035 || attributes("VN", id) {
		t.Errorf("split twice: code %d", a.Code)
	}
	w.call(t, "VN", "POST", fulfillment+"packages/"+got.Packages[1].ID+"/ship", "", "").into(t, &struct{}{})
	if o = w.order(t, "VN", id); o.Status != "PARTIALLY_SHIPPING" {
		t.Errorf("order is %s", o.Status)
	}
	checkPackages(t, "VN", o)
	w.call(t, "VN", "POST", fulfillment+"packages/"+got.Packages[0].ID+"/ship", "", "").into(t, &struct{}{})
	if o = w.order(t, "VN", id); o.Status != "AWAITING_COLLECTION" {
		t.Errorf("order is %s", o.Status)
	}
}

// TestSplitWhileShipping sends lines of an order apart where packages are made
// or split by shipping.
func TestSplitWhileShipping(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	for region, number := range map[string]string{"US": "94001", "GB": "RM1"} {
		id := w.placed(t, region, "SELLER", "AWAITING_SHIPMENT", 1, 2)
		o := w.order(t, region, id)
		send := func(number string, lines string) *answer {
			return w.call(t, region, "POST", fulfillment+"orders/"+id+"/packages", "", `{`+lines+selfShipment(region, number)[1:])
		}
		var first struct {
			PackageID string   `json:"package_id"`
			Lines     []string `json:"order_line_item_ids"`
		}
		one := `"order_line_item_ids":["` + o.LineItems[1].ID + `"],`
		send(number, one).into(t, &first)
		o = w.order(t, region, id)
		if o.Status != "PARTIALLY_SHIPPING" || len(first.Lines) != 1 || o.LineItems[1].PackageID != first.PackageID || o.LineItems[1].TrackingNumber != number {
			t.Errorf("%s: shipped %+v, order %+v", region, first, o)
		}
		checkPackages(t, region, o)
		if a := send(number+"2", one); a.Code != 21008099 {
			t.Errorf("%s: the same line again: code %d", region, a.Code)
		}
		if a := send(number, ""); a.Code != 21011025 {
			t.Errorf("%s: the same number again: code %d", region, a.Code)
		}
		send(number+"3", "").into(t, &first)
		if o = w.order(t, region, id); o.Status != "AWAITING_COLLECTION" || len(o.Packages) != 2 || len(first.Lines) != 2 || o.Tag != "SPLIT" {
			t.Errorf("%s: order %+v", region, o)
		}
		w.move(t, id, "DELIVERED")
	}
}

// TestCombine puts orders of one buyer into one package and takes them out
// again.
func TestCombine(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	sku := w.offers(t, "VN", 1)[0].ID
	first := w.placed(t, "VN", "TIKTOK", "AWAITING_SHIPMENT", 1)
	buyer := w.order(t, "VN", first).UserID
	var ids []string
	for range 3 {
		id := w.placeAs(t, placing{ShopID: w.shop("VN").ID, BuyerID: buyer, ShippingType: "SELLER", Lines: []placedLine{{sku, 1}}})
		w.move(t, id, "AWAITING_SHIPMENT")
		ids = append(ids, id)
	}
	group := w.combinable(t, "VN", buyer)
	combine := func(id, orders string) (packages []struct {
		ID     string
		Orders []string `json:"order_ids"`
	}, code int) {
		var got struct {
			Packages []struct {
				ID     string
				Orders []string `json:"order_ids"`
			}
			Errors []struct{ Code int }
		}
		w.call(t, "VN", "POST", fulfillment+"packages/combine", "", `{"combinable_packages":[{"id":"`+id+`"`+orders+`}]}`).into(t, &got)
		if len(got.Errors) > 0 {
			code = got.Errors[0].Code
		}
		return got.Packages, code
	}
	for _, test := range []struct {
		id, orders string
		code       int
	}{
		{"1", "", 21011028}, {group, `,"order_ids":["` + first + `"]`, 21011031}, {group, `,"order_ids":["` + ids[0] + `"]`, 21011031},
	} {
		if packages, code := combine(test.id, test.orders); code != test.code || len(packages) != 0 {
			t.Errorf("%+v: code %d", test, code)
		}
	}
	packages, code := combine(group, `,"order_ids":["`+strings.Join(ids, `","`)+`"]`)
	if code != 0 || len(packages) != 1 || len(packages[0].Orders) != 3 {
		t.Fatalf("combined %+v, code %d", packages, code)
	}
	whole := packages[0].ID
	for _, id := range ids {
		if o := w.order(t, "VN", id); o.Tag != "COMBINED" || o.Packages[0].ID != whole {
			t.Errorf("order %+v", o)
		}
	}
	if p := w.parcel(t, "VN", whole); p.Tag != "COMBINE" || len(p.Orders) != 3 || len(p.Lines) != 3 {
		t.Errorf("package %+v", p)
	}
	uncombine := func(id, body string) *answer {
		return w.call(t, "VN", "POST", fulfillment+"packages/"+id+"/uncombine", "", body)
	}
	if a := uncombine(whole, `{"order_ids":["`+first+`"]}`); a.Code != 21011029 {
		t.Errorf("foreign order: code %d", a.Code)
	}
	if a := uncombine("1", `{}`); a.Code != 21011028 {
		t.Errorf("unknown package: code %d", a.Code)
	}
	uncombine(whole, `{"order_ids":["`+ids[0]+`"]}`).into(t, &struct{}{})
	alone := w.order(t, "VN", ids[0])
	if alone.Tag != "" || alone.Packages[0].ID == whole || w.order(t, "VN", ids[1]).Tag != "COMBINED" {
		t.Errorf("order %+v", alone)
	}
	if a := uncombine(alone.Packages[0].ID, `{}`); a.Code != 21011005 {
		t.Errorf("not a combined one: code %d", a.Code)
	}
	// A cancellation leaves the other order in its package; shipping takes all.
	w.move(t, ids[1], "CANCELLED")
	if p := w.parcel(t, "VN", whole); len(p.Orders) != 1 || p.Orders[0].ID != ids[2] || p.Status != "TO_FULFILL" {
		t.Errorf("package %+v", p)
	}
	w.call(t, "VN", "POST", fulfillment+"packages/"+whole+"/ship", "", `{"self_shipment":`+selfShipment("VN", "GHN1")+`}`).into(t, &struct{}{})
	for i, want := range []string{"AWAITING_SHIPMENT", "CANCELLED", "AWAITING_COLLECTION"} {
		if o := w.order(t, "VN", ids[i]); o.Status != want {
			t.Errorf("order %d is %s, want %s", i, o.Status, want)
		}
	}
	if a := uncombine(whole, `{}`); a.Code != 21011005 {
		t.Errorf("shipped: code %d", a.Code)
	}
	var none struct {
		Packages []any `json:"combinable_packages"`
		Total    int   `json:"total_count"`
	}
	w.call(t, "GB", "GET", fulfillment+"combinable_packages/search", "page_size=5", "").into(t, &none)
	if none.Packages == nil || none.Total != 0 {
		t.Errorf("GB: %+v", none)
	}
}

// TestHandover books a pick-up.
func TestHandover(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	type times struct {
		CanPickup bool   `json:"can_pickup"`
		URL       string `json:"drop_off_point_url"`
		Slots     []struct {
			Start     int64 `json:"start_time"`
			End       int64 `json:"end_time"`
			Available bool  `json:"avaliable"`
		} `json:"pickup_slots"`
	}
	var got times
	id := w.order(t, "GB", w.placed(t, "GB", "TIKTOK", "AWAITING_SHIPMENT", 1)).Packages[0].ID
	w.call(t, "GB", "GET", fulfillment+"packages/"+id+"/handover_time_slots", "", "").into(t, &got)
	last := w.now.Unix()
	free := -1
	for i, slot := range got.Slots {
		if slot.Start < last || slot.End <= slot.Start {
			t.Errorf("slot %+v after %d", slot, last)
		}
		last = slot.End
		if slot.Available && free < 0 {
			free = i
		}
	}
	if len(got.Slots) < 3 || free < 0 || w.download(t, got.URL).Code != http.StatusOK {
		t.Fatalf("slots %+v", got)
	}
	for i, slot := range got.Slots {
		a := w.call(t, "GB", "POST", fulfillment+"packages/"+id+"/ship", "", fmt.Sprintf(`{"handover_method":"PICKUP","pickup_slot":{"start_time":%d,"end_time":%d}}`, slot.Start, slot.End))
		want := 0
		switch {
		case i > free:
			want = 21011040
		case !slot.Available:
			want = 21011053
		}
		if a.Code != want {
			t.Errorf("slot %d: code %d, want %d", i, a.Code, want)
		}
	}
	if p := w.parcel(t, "GB", id); p.Handover != "PICKUP" || p.Slot == nil || p.Slot.Start != got.Slots[free].Start {
		t.Errorf("package %+v", p)
	}
	own := w.order(t, "GB", w.placed(t, "GB", "SELLER", "AWAITING_SHIPMENT", 1))
	for path, code := range map[string]int{"packages/" + own.Packages[0].ID: 11021009, "packages/1": 21001001, "orders/" + own.ID: 11021009, "orders/1": 21001001} {
		if a := w.call(t, "GB", "GET", fulfillment+path+"/handover_time_slots", "", ""); a.Code != code {
			t.Errorf("%s: code %d, want %d", path, a.Code, code)
		}
	}
}

// TestLabels buys a label at the price that was asked for before.
func TestLabels(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	id := w.placed(t, "US", "TIKTOK", "AWAITING_SHIPMENT", 1)
	var offered struct {
		Services []struct {
			ID, Name, Price, Currency string
			ProviderID                string `json:"shipping_provider_id"`
			IsDefault                 bool   `json:"is_default"`
		} `json:"shipping_services"`
	}
	w.call(t, "US", "POST", fulfillment+"orders/"+id+"/shipping_services/query", "", `{`+parcelSize+`}`).into(t, &offered)
	ids := map[string]bool{}
	for i, s := range offered.Services {
		if s.IsDefault != (i == 0) || amount(t, s.Price).Sign() <= 0 || s.Currency != "USD" || ids[s.ID] {
			t.Errorf("service %+v", s)
		}
		ids[s.ID] = true
	}
	wanted := offered.Services[3]
	var made struct {
		ID      string                     `json:"package_id"`
		Service struct{ ID, Price string } `json:"shipping_service_info"`
		Lines   []string                   `json:"order_line_item_ids"`
	}
	w.call(t, "US", "POST", fulfillment+"packages", "", `{"order_id":"`+id+`","shipping_service_id":"`+wanted.ID+`",`+parcelSize+`}`).into(t, &made)
	if made.Service.ID != wanted.ID || made.Service.Price != wanted.Price || len(made.Lines) != 1 {
		t.Errorf("bought %+v, offered %+v", made, wanted)
	}
	p := w.parcel(t, "US", made.ID)
	if p.ProviderID != wanted.ProviderID || p.Weight == nil || p.Weight.Value != "500" || p.Status != "PROCESSING" {
		t.Errorf("package %+v", p)
	}
	// The measures may be left out: they are those of the products.
	for _, path := range []string{fulfillment + "packages", "/fulfillment/202512/packages"} {
		var plain struct {
			ID        string `json:"package_id"`
			Weight    struct{ Value, Unit string }
			Dimension struct{ Length, Width, Height, Unit string }
		}
		w.call(t, "US", "POST", path, "", `{"order_id":"`+w.placed(t, "US", "TIKTOK", "AWAITING_SHIPMENT", 2)+`"}`).into(t, &plain)
		if plain.Weight.Value == "" || plain.Weight.Unit != "GRAM" || plain.Dimension.Length == "" || plain.Dimension.Unit != "CM" {
			t.Errorf("%s without measures: %+v", path, plain)
		}
		if p := w.parcel(t, "US", plain.ID); p.Status != "PROCESSING" {
			t.Errorf("%s: package %+v", path, p)
		}
	}
	var valid struct {
		Shipping   bool `json:"is_tiktok_shipping"`
		Collection bool `json:"is_tiktok_collection"`
	}
	w.call(t, "US", "GET", "/fulfillment/202508/tts_tracking_validation", "tracking_number="+p.Tracking, "").into(t, &valid)
	if !valid.Shipping {
		t.Error("the number of a label is not the platform's")
	}
	w.call(t, "US", "GET", "/fulfillment/202508/tts_tracking_validation", "tracking_number=1", "").into(t, &valid)
	if valid.Shipping {
		t.Error("some number is the platform's")
	}
}

// TestTrackingCorrections change a number once, in time, and by the seller.
func TestTrackingCorrections(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	correct := func(region, id, number string) int {
		t.Helper()
		return w.call(t, region, "POST", fulfillment+"packages/"+id+"/shipping_info/update", "", selfShipment(region, number)).Code
	}
	shipped := func(region, shipping, status string) (order, id string) {
		order = w.placed(t, region, shipping, status, 1)
		return order, w.order(t, region, order).Packages[0].ID
	}
	_, id := shipped("GB", "SELLER", "AWAITING_COLLECTION")
	for i, want := range []int{21011022, 0, 21011051} {
		number := []string{"X-", "RM7", "RM8"}[i]
		if got := correct("GB", id, number); got != want {
			t.Errorf("%s: code %d, want %d", number, got, want)
		}
	}
	if p := w.parcel(t, "GB", id); p.Tracking != "RM7" {
		t.Errorf("package %+v", p)
	}
	for status, want := range map[string]int{"AWAITING_SHIPMENT": 21011043, "IN_TRANSIT": 10007002, "DELIVERED": 21011030, "COMPLETED": 21011030} {
		if _, id := shipped("GB", "SELLER", status); correct("GB", id, "RM9") != want {
			t.Errorf("%s: code %d, want %d", status, correct("GB", id, "RM9"), want)
		}
	}
	order, id := shipped("GB", "SELLER", "AWAITING_COLLECTION")
	w.move(t, order, "CANCELLED")
	if got := correct("GB", id, "RM9"); got != 21011042 {
		t.Errorf("cancelled: code %d", got)
	}
	if _, id := shipped("GB", "TIKTOK", "AWAITING_COLLECTION"); correct("GB", id, "RM9") != 21011004 {
		t.Error("a number of the platform can be changed")
	}
	order, id = shipped("GB", "SELLER", "AWAITING_COLLECTION")
	w.ask(t, order, "refund")
	if got := correct("GB", id, "RM9"); got != 21011007 {
		t.Errorf("open request: code %d", got)
	}
	order, id = shipped("US", "SELLER", "AWAITING_COLLECTION")
	w.advance(t, "72h1s")
	if got := correct("US", id, "94"); got != 21011050 {
		t.Errorf("late: code %d", got)
	}
	if a := w.call(t, "US", "POST", fulfillment+"orders/"+order+"/shipping_info/update", "", selfShipment("US", "94")); a.Code != 21011049 {
		t.Errorf("late order: code %d", a.Code)
	}
	// A number may be on twenty orders.
	for i := range 21 {
		id := w.placed(t, "US", "SELLER", "AWAITING_SHIPMENT", 1)
		a := w.call(t, "US", "POST", fulfillment+"orders/"+id+"/packages", "", selfShipment("US", "9400X"))
		if want := map[bool]int{true: 21011026}[i == 20]; a.Code != want {
			t.Errorf("order %d: code %d", i, a.Code)
		}
	}
}

// TestDeliveries reports what a fleet of the seller's own did.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	ready := func(region, shipping, status string) (order, id string) {
		order = w.placed(t, region, shipping, status, 1)
		return order, w.order(t, region, order).Packages[0].ID
	}
	report := func(region, id, what string) int {
		t.Helper()
		var got struct{ Errors []struct{ Code int } }
		w.call(t, region, "POST", fulfillment+"packages/deliver", "", `{"packages":[{"id":"`+id+`",`+what+`}]}`).into(t, &got)
		if len(got.Errors) == 0 {
			return 0
		}
		return got.Errors[0].Code
	}
	const success, proof = `"delivery_type":"DELIVERY_SUCCESS"`, `"delivery_type":"UPDATE_POD","file_type":"IMG","file_url":"https://shop.test/a.png"`
	order, id := ready("VN", "SELLER", "IN_TRANSIT")
	for i, step := range []struct {
		what   string
		code   int
		status string
	}{
		{proof, 21011003, "IN_TRANSIT"},
		{`"delivery_type":"DELIVERY_FAILED","fail_delivery_reason":"UNABLE_RECEIVE"`, 0, "IN_TRANSIT"},
		{success, 0, "DELIVERED"}, {success, 21011027, "DELIVERED"}, {proof, 0, "DELIVERED"},
	} {
		w.advance(t, "1s")
		if code, status := report("VN", id, step.what), ""; code != step.code {
			t.Errorf("step %d: code %d, want %d", i, code, step.code)
		} else if status = w.order(t, "VN", order).Status; status != step.status {
			t.Errorf("step %d: order is %s", i, status)
		}
	}
	for region, test := range map[string]struct {
		shipping, status string
		code             int
	}{"VN": {"TIKTOK", "IN_TRANSIT", 21011004}, "GB": {"SELLER", "IN_TRANSIT", 21008106}} {
		if _, id := ready(region, test.shipping, test.status); report(region, id, success) != test.code {
			t.Errorf("%s: %+v: code %d", region, test, report(region, id, success))
		}
	}
	if _, id := ready("VN", "SELLER", "AWAITING_COLLECTION"); report("VN", id, success) != 21011003 {
		t.Error("delivered before it was collected")
	}
	if report("VN", "1", success) != 21011028 {
		t.Error("delivered an unknown package")
	}
	var tracking struct {
		Tracking []struct {
			Description string
			Millis      int64 `json:"update_time_millis"`
		}
	}
	w.call(t, "VN", "GET", fulfillment+"orders/"+order+"/tracking", "", "").into(t, &tracking)
	if len(tracking.Tracking) != 4 || !slices.IsSortedFunc(tracking.Tracking, func(a, b struct {
		Description string
		Millis      int64 `json:"update_time_millis"`
	}) int {
		return int(b.Millis - a.Millis)
	}) || tracking.Tracking[0].Description != "Delivered" {
		t.Errorf("tracking %+v", tracking)
	}
	if a := w.call(t, "VN", "GET", fulfillment+"orders/1/tracking", "", ""); a.Code != 21008111 {
		t.Errorf("code %d", a.Code)
	}
}

// download reads a link of an answer, as anybody may.
func (w *world) download(t testing.TB, link string) *httptest.ResponseRecorder {
	t.Helper()
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, httptest.NewRequest("GET", link, nil))
	return recorder
}

// TestDocuments opens every document that packages have.
func TestDocuments(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	document := func(region, id, query string) (url string, code int) {
		var got struct {
			URL      string `json:"doc_url"`
			Tracking string `json:"tracking_number"`
		}
		a := w.call(t, region, "GET", fulfillment+"packages/"+id+"/shipping_documents", query, "")
		if a.Code == 0 {
			a.into(t, &got)
		}
		return got.URL, a.Code
	}
	for _, region := range regions {
		o := w.order(t, region, w.placed(t, region, "TIKTOK", "AWAITING_COLLECTION", 2, 1))
		id := o.Packages[0].ID
		for query, want := range map[string]struct {
			pages  int
			format string
		}{
			"document_type=SHIPPING_LABEL":                                    {1, "pdf"},
			"document_type=SHIPPING_LABEL&document_size=A5":                   {1, "pdf"},
			"document_type=PACKING_SLIP":                                      {1, "pdf"},
			"document_type=SHIPPING_LABEL_AND_PACKING_SLIP":                   {2, "pdf"},
			"document_type=SHIPPING_LABEL_PICTURE":                            {1, "png"},
			"document_type=SHIPPING_LABEL&document_format=ZPL":                {1, "zpl"},
			"document_type=PACKING_SLIP&document_format=PDF&document_size=A6": {1, "pdf"},
		} {
			link, code := document(region, id, query)
			if code != 0 {
				t.Errorf("%s: %s: code %d", region, query, code)
				continue
			}
			r := w.download(t, link)
			body := r.Body.Bytes()
			if r.Code != http.StatusOK {
				t.Errorf("%s: %s: status %d", region, query, r.Code)
			}
			switch want.format {
			case "png":
				if _, err := png.Decode(bytes.NewReader(body)); err != nil {
					t.Errorf("%s: %s: %v", region, query, err)
				}
			case "zpl":
				if !bytes.HasPrefix(body, []byte("^XA")) || !bytes.HasSuffix(body, []byte("^XZ\n")) || !bytes.Contains(body, []byte(o.LineItems[0].TrackingNumber)) {
					t.Errorf("%s: %s: %s", region, query, body)
				}
			default:
				checkPDF(t, body, want.pages)
				if text := string(body); strings.Contains(query, "LABEL") != strings.Contains(text, "NOT FOR SHIPMENT") || !strings.Contains(text, id) {
					t.Errorf("%s: %s: other content", region, query)
				}
			}
			for _, spoiled := range []string{strings.Replace(link, id+"-", id+"-X", 1), strings.Replace(link, "."+want.format, "0."+want.format, 1)} {
				if w.download(t, spoiled).Code != http.StatusNotFound {
					t.Errorf("%s: a guessed link was answered: %s", region, spoiled)
				}
			}
		}
	}
	ready := func(shipping, status string) string {
		return w.order(t, "VN", w.placed(t, "VN", shipping, status, 1)).Packages[0].ID
	}
	const label = "document_type=SHIPPING_LABEL"
	cancelled := w.placed(t, "VN", "TIKTOK", "AWAITING_COLLECTION", 1)
	w.move(t, cancelled, "CANCELLED")
	for name, test := range map[string]struct {
		id, query string
		code      int
	}{
		"no type":         {ready("TIKTOK", "AWAITING_COLLECTION"), "", invalid},
		"unknown type":    {ready("TIKTOK", "AWAITING_COLLECTION"), "document_type=POEM", invalid},
		"unknown size":    {ready("TIKTOK", "AWAITING_COLLECTION"), label + "&document_size=A0", invalid},
		"unknown format":  {ready("TIKTOK", "AWAITING_COLLECTION"), label + "&document_format=DOC", invalid},
		"seller":          {ready("SELLER", "AWAITING_COLLECTION"), label, 11034002},
		"too early":       {ready("TIKTOK", "AWAITING_SHIPMENT"), label, 21023035},
		"too late":        {ready("TIKTOK", "IN_TRANSIT"), label, 21042102},
		"cancelled":       {w.order(t, "VN", cancelled).Packages[0].ID, label, 21023059},
		"nothing to fear": {ready("TIKTOK", "AWAITING_COLLECTION"), "document_type=HAZMAT_LABEL", 21008109},
		"unknown":         {"1", label, 21008109},
	} {
		if _, code := document("VN", test.id, test.query); code != test.code {
			t.Errorf("%s: code %d, want %d", name, code, test.code)
		}
	}
	// A bundle has a label too.
	id := w.placed(t, "VN", "TIKTOK", "AWAITING_COLLECTION", 1)
	var got struct {
		ID     string `json:"first_mile_bundle_id"`
		URL    string
		Errors []struct{ Code int }
	}
	w.call(t, "VN", "POST", "/fulfillment/202510/first_mile_bundle", "", `{"order_ids":["`+id+`"],"handover_method":"DROP_OFF"}`).into(t, &got)
	checkPDF(t, w.download(t, got.URL).Body.Bytes(), 1)
	w.call(t, "VN", "POST", "/fulfillment/202510/first_mile_bundle", "", `{"order_ids":["`+w.place(t, "VN", "", 1)+`"],"handover_method":"DROP_OFF"}`).into(t, &got)
	if len(got.Errors) != 1 || got.Errors[0].Code != 21011003 {
		t.Errorf("bundle %+v", got)
	}
	for _, path := range []string{"nothing", "1-SHIPPING_LABEL-A6-x.pdf", "a-b-c-d.pdf"} {
		if r := w.download(t, "/_sandbox/documents/"+path); r.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.Code)
		}
	}
}

// checkPDF reads a document by its table of objects, as readers do, and with a
// reader where there is one.
func checkPDF(t *testing.T, body []byte, pages int) {
	t.Helper()
	text := string(body)
	if !strings.HasPrefix(text, "%PDF-1.") || !strings.HasSuffix(text, "%%EOF\n") {
		t.Fatalf("no PDF: %.40q", text)
	}
	tail := text[strings.LastIndex(text, "startxref\n")+len("startxref\n"):]
	start, err := strconv.Atoi(tail[:strings.Index(tail, "\n")])
	if err != nil || !strings.HasPrefix(text[start:], "xref\n") {
		t.Fatalf("the table is not at %d: %v", start, err)
	}
	lines := strings.Split(text[start:], "\n")
	var first, count int
	if _, err := fmt.Sscanf(lines[1], "%d %d", &first, &count); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < count; i++ {
		at, err := strconv.Atoi(lines[2+i][:10])
		if want := strconv.Itoa(i) + " 0 obj\n"; err != nil || len(lines[2+i]) != 19 || !strings.HasPrefix(text[at:], want) {
			t.Fatalf("object %d is not at %q: %v", i, lines[2+i], err)
		}
	}
	if got := strings.Count(text, "/Type /Page "); got != pages {
		t.Errorf("%d pages, want %d", got, pages)
	}
	for rest := text; ; {
		at := strings.Index(rest, "/Length ")
		if at < 0 {
			break
		}
		var length int
		if _, err := fmt.Sscanf(rest[at:], "/Length %d", &length); err != nil {
			t.Fatal(err)
		}
		rest = rest[at+strings.Index(rest[at:], "stream\n")+len("stream\n"):]
		if !strings.HasPrefix(rest[length:], "\nendstream") {
			t.Fatal("a stream has another length")
		}
	}
	if reader, err := exec.LookPath("pdfinfo"); err == nil {
		path := filepath.Join(t.TempDir(), "document.pdf")
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), reader, path).CombinedOutput()
		if err != nil || !strings.Contains(string(out), fmt.Sprintf("Pages:           %d", pages)) || strings.Contains(string(out), "rror") {
			t.Errorf("pdfinfo: %v: %s", err, out)
		}
	}
}

// TestPriceDetail adds up the price of orders, in all and by line.
func TestPriceDetail(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	for _, region := range regions {
		for _, o := range w.walk(t, region, "page_size=100", `{"order_status":"DELIVERED"}`) {
			type prices struct {
				Payment, Total, Subtotal, Currency string
				List                               string `json:"sku_list_price"`
				Sale                               string `json:"sku_sale_price"`
				Seller                             string `json:"subtotal_deduction_seller"`
				Platform                           string `json:"subtotal_deduction_platform"`
				Shipping                           string `json:"shipping_sale_price"`
				ShippingList                       string `json:"shipping_list_price"`
				ShippingSeller                     string `json:"shipping_fee_deduction_seller"`
				ShippingPlatform                   string `json:"shipping_fee_deduction_platform"`
				Tax                                string `json:"tax_amount"`
				Net                                string `json:"net_price_amount"`
			}
			var got struct {
				prices
				Lines []prices `json:"line_items"`
			}
			w.call(t, region, "GET", "/order/202407/orders/"+o.ID+"/price_detail", "", "").into(t, &got)
			equal := func(name string, sum string, parts ...string) {
				t.Helper()
				total := new(big.Rat)
				for _, part := range parts {
					if rest, negative := strings.CutPrefix(part, "-"); negative {
						total.Sub(total, amount(t, rest))
					} else {
						total.Add(total, amount(t, part))
					}
				}
				if total.Cmp(amount(t, sum)) != 0 {
					t.Errorf("%s: order %s: %s is %s, the parts are %v", region, o.ID, name, sum, parts)
				}
			}
			var totals, lists, shippings, taxes []string
			for _, p := range append(got.Lines, got.prices) {
				equal("sale price", p.Sale, p.List, "-"+p.Seller, "-"+p.Platform)
				equal("shipping", p.Shipping, p.ShippingList, "-"+p.ShippingSeller, "-"+p.ShippingPlatform)
				equal("total", p.Total, p.Net, p.Tax)
			}
			for _, p := range got.Lines {
				totals, lists, shippings, taxes = append(totals, p.Total), append(lists, p.List), append(shippings, p.Shipping), append(taxes, p.Tax)
			}
			equal("total of the lines", got.Total, totals...)
			equal("list of the lines", got.List, lists...)
			equal("shipping of the lines", got.Shipping, shippings...)
			equal("tax of the lines", got.Tax, taxes...)
			equal("payment", got.Payment, o.Payment["total_amount"])
			equal("list price", got.List, o.Payment["original_total_product_price"])
		}
	}
	if a := w.call(t, "US", "GET", "/order/202407/orders/1/price_detail", "", ""); a.Code != 21008111 {
		t.Errorf("code %d", a.Code)
	}
}

// TestExternalOrders ties orders to those of other systems.
func TestExternalOrders(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	id := w.place(t, "US", "", 1)
	line := w.order(t, "US", id).LineItems[0].ID
	add := func(order, external, platform, line string) *answer {
		return w.call(t, "US", "POST", "/order/202406/orders/external_orders", "", fmt.Sprintf(
			`{"orders":[{"id":%q,"external_order":{"id":%q,"platform":%q,"line_items":[{"id":"L1","origin_id":%q}]}}]}`, order, external, platform, line))
	}
	find := func(platform, external string) (orders []string) {
		var got struct {
			Orders []struct {
				ID       string
				External struct {
					ID    string
					Lines []struct {
						Origin string `json:"origin_id"`
					} `json:"line_items"`
				} `json:"external_order"`
			}
		}
		w.call(t, "US", "POST", "/order/202406/orders/external_order_search", "platform="+platform+"&external_order_id="+external, "").into(t, &got)
		for _, o := range got.Orders {
			if o.External.ID != external || len(o.External.Lines) != 1 || o.External.Lines[0].Origin != line {
				t.Errorf("found %+v", o)
			}
			orders = append(orders, o.ID)
		}
		return orders
	}
	for _, external := range []string{"S1", "S2"} { // the second replaces the first
		if a := add(id, external, "SHOPIFY", line); a.Code != 0 || string(a.Data) != "{}" {
			t.Errorf("code %d: %s", a.Code, a.Data)
		}
	}
	add(id, "E1", "ERP_SYSTEM", line)
	if one, two, three := find("SHOPIFY", "S1"), find("SHOPIFY", "S2"), find("ERP_SYSTEM", "E1"); len(one) != 0 || !slices.Equal(two, []string{id}) || !slices.Equal(three, []string{id}) {
		t.Errorf("found %v, %v and %v", one, two, three)
	}
	var got struct {
		External []struct{ ID string } `json:"external_orders"`
	}
	w.call(t, "US", "GET", "/order/202406/orders/"+id+"/external_orders", "platform=SHOPIFY", "").into(t, &got)
	if len(got.External) != 1 || got.External[0].ID != "S2" {
		t.Errorf("references %+v", got)
	}
	for _, test := range [][2]string{{"1", line}, {id, "1"}} {
		var got struct {
			Errors []struct {
				Code, Message string
				Detail        struct {
					OrderID string `json:"order_id"`
				}
			}
		}
		add(test[0], "S9", "SHOPIFY", test[1]).into(t, &got)
		if len(got.Errors) != 1 || got.Errors[0].Code == "" || got.Errors[0].Detail.OrderID != test[0] {
			t.Errorf("%v: %+v", test, got)
		}
	}
	for name, code := range map[*answer]int{
		add(id, "S1", "PAPER", line):   invalid,
		add("", "S1", "SHOPIFY", line): invalid,
		add(id, "", "SHOPIFY", line):   invalid,
		add(id, "S1", "", line):        invalid,
		add(id, "S1", "SHOPIFY", ""):   invalid,
		w.call(t, "US", "POST", "/order/202406/orders/external_orders", "", `{"orders":[`+strings.Repeat(`{"id":"1"},`, 100)+`{"id":"1"}]}`): invalid,
		w.call(t, "US", "POST", "/order/202406/orders/external_order_search", "platform=SHOPIFY", ""):                                        invalid,
		w.call(t, "US", "POST", "/order/202406/orders/external_order_search", "external_order_id=1", ""):                                     invalid,
		w.call(t, "US", "GET", "/order/202406/orders/"+id+"/external_orders", "platform=PAPER", ""):                                          invalid,
		w.call(t, "US", "GET", "/order/202406/orders/1/external_orders", "platform=SHOPIFY", ""):                                             21008111,
	} {
		if name.Code != code {
			t.Errorf("code %d, want %d: %s", name.Code, code, name.Message)
		}
	}
}

// TestDeliveryUploads sends proofs of deliveries, in bytes and in Base64.
func TestDeliveryUploads(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	send := func(path, name string, data []byte) *answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("data", "proof")
		if err != nil {
			t.Fatal(err)
		}
		part.Write(data)
		if name != "" {
			form.WriteField("name", name)
		}
		form.Close()
		e := w.request("POST", fulfillment+path, "shop_cipher="+url.QueryEscape(w.shop("VN").Cipher), body.String())
		e.header.Set("Content-Type", form.FormDataContentType())
		return w.send(t, e)
	}
	picture, file := pngHeader(640, 480), []byte("%PDF-1.4\n%%EOF\n")
	padded := func(data []byte, size int) []byte { return append(bytes.Clone(data), make([]byte, size-len(data))...) }
	for name, test := range map[string]struct {
		path, name string
		data       []byte
		code       int
	}{
		"picture":       {"images/upload", "", picture, 0},
		"in Base64":     {"images/upload", "", []byte(base64.StdEncoding.EncodeToString(picture)), 0},
		"no picture":    {"images/upload", "", []byte("hello"), 12038004},
		"other format":  {"images/upload", "", bmp(640, 480), 12038004},
		"tiny":          {"images/upload", "", pngHeader(99, 480), 12019116},
		"heavy":         {"images/upload", "", padded(picture, 5<<20+1), 12038005},
		"file":          {"files/upload", "a.pdf", file, 0},
		"file, Base64":  {"files/upload", "a.pdf", []byte(base64.StdEncoding.EncodeToString(file)), 0},
		"no PDF":        {"files/upload", "a.pdf", picture, 12038004},
		"heavy file":    {"files/upload", "a.pdf", padded(file, 10<<20), 12038005},
		"without name":  {"files/upload", "", file, invalid},
		"without bytes": {"files/upload", "a.pdf", nil, 12038002},
	} {
		a := send(test.path, test.name, test.data)
		if a.Code != test.code {
			t.Errorf("%s: code %d, want %d: %s", name, a.Code, test.code, a.Message)
		}
		if a.Code != 0 {
			continue
		}
		var got struct {
			URL, Name     string
			Width, Height int
		}
		a.into(t, &got)
		want := picture
		if test.path == "files/upload" {
			want = file
		}
		if r := w.download(t, got.URL); !bytes.Equal(r.Body.Bytes(), want) || got.Name != test.name || test.name == "" && (got.Width != 640 || got.Height != 480) {
			t.Errorf("%s: %+v leads to %d bytes", name, got, r.Body.Len())
		}
	}
}

// TestAddressChange lets buyers move before their orders are shipped.
func TestAddressChange(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	sku := w.offers(t, "VN", 1)[0].ID
	first := w.placed(t, "VN", "SELLER", "AWAITING_SHIPMENT", 1)
	before := w.order(t, "VN", first)
	second := w.placeAs(t, placing{ShopID: w.shop("VN").ID, BuyerID: before.UserID, ShippingType: "SELLER", Lines: []placedLine{{sku, 1}}})
	w.move(t, second, "AWAITING_SHIPMENT")
	w.call(t, "VN", "POST", fulfillment+"packages/combine", "", `{"combinable_packages":[{"id":"`+w.combinable(t, "VN", before.UserID)+`","order_ids":["`+first+`","`+second+`"]}]}`).into(t, &struct{}{})
	if o := w.order(t, "VN", first); o.Tag != "COMBINED" {
		t.Fatalf("order %+v", o)
	}
	for range 5 { // the new address may be the old one
		w.advance(t, "1s")
		w.ask(t, first, "address")
	}
	one, two := w.order(t, "VN", first), w.order(t, "VN", second)
	if one.Tag+two.Tag != "" || one.Packages[0] == two.Packages[0] || one.Recipient.FullAddress == before.Recipient.FullAddress || one.UpdateTime != w.now.Unix() || one.Recipient.Name != before.Recipient.Name {
		t.Errorf("orders %+v and %+v", one, two)
	}
	for _, status := range []string{"UNPAID", "AWAITING_COLLECTION", "CANCELLED"} {
		w.steer(t, "POST", "orders/"+w.placed(t, "VN", "", status, 1)+"/buyer", `{"ask":"address"}`, http.StatusConflict)
	}
}
