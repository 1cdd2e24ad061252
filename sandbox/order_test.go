package sandbox_test

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// TestOrderPages walks all pages at several sizes: the pages together hold
// every order once, in order.
func TestOrderPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct {
		sort, body string
		sizes      []int
	}{
		{"", "", []int{99}},
		{"&sort_order=ASC", `{"order_status":"CANCELLED"}`, []int{1, 7, 33, 34, 35}},
		{"&sort_field=update_time", `{"order_status":"COMPLETED"}`, []int{50}},
		{"&sort_field=update_time&sort_order=ASC", `{"order_status":"UNPAID"}`, []int{1, 5, 12}},
	} {
		whole := w.walk(t, "GB", "page_size=100"+test.sort, test.body)
		if !slices.IsSortedFunc(whole, func(a, b order) int {
			x, y := a.CreateTime, b.CreateTime
			if strings.Contains(test.sort, "update_time") {
				x, y = a.UpdateTime, b.UpdateTime
			}
			if strings.Contains(test.sort, "ASC") {
				return int(x - y)
			}
			return int(y - x)
		}) {
			t.Errorf("%q: not sorted", test.sort)
		}
		for _, size := range test.sizes {
			parts := w.walk(t, "GB", fmt.Sprintf("page_size=%d%s", size, test.sort), test.body)
			if !slices.EqualFunc(whole, parts, func(a, b order) bool { return a.ID == b.ID }) {
				t.Errorf("%q: pages of %d hold other orders than pages of 100", test.sort, size)
			}
		}
	}
}

// Without a sort the newest orders come first, as documented, or with the switch
// the oldest, as recorded; a sort that is sent wins over both.
func TestOrderDefaultSort(t *testing.T) {
	t.Parallel()
	for _, oldest := range []bool{false, true} {
		w := newWorld(t, func(c *sandbox.Config) { c.OldestOrdersFirst = oldest })
		for query, ascending := range map[string]bool{
			"": oldest, "&sort_field=update_time": oldest, "&sort_order=ASC": true, "&sort_order=DESC": false,
		} {
			list := w.walk(t, "GB", "page_size=100"+query, "")
			at := func(o order) int64 {
				if strings.Contains(query, "update_time") {
					return o.UpdateTime
				}
				return o.CreateTime
			}
			first, last := at(list[0]), at(list[len(list)-1])
			sorted := slices.IsSortedFunc(list, func(a, b order) int {
				if ascending {
					return int(at(a) - at(b))
				}
				return int(at(b) - at(a))
			})
			if first == last || !sorted {
				t.Errorf("oldest first %t, %q: from %d to %d, sorted %t", oldest, query, first, last, sorted)
			}
		}
	}
}

func TestOrderPageTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	special := ""
	for token := ""; ; {
		var page orderPage
		a := w.call(t, "US", "POST", searchPath, "page_size=20&page_token="+url.QueryEscape(token), "")
		a.into(t, &page)
		if page.NextPageToken == "" {
			if !bytes.Contains(a.Data, []byte(`"next_page_token":""`)) {
				t.Errorf("the last page has no empty token: %.80s", a.Data)
			}
			break
		}
		token = page.NextPageToken
		special += token
	}
	if !strings.Contains(special, "+") || !strings.Contains(special, "/") || !strings.Contains(special, "=") {
		t.Errorf("no token holds + / =: %s", special)
	}
	// A token holds for its list only.
	var page orderPage
	w.call(t, "US", "POST", searchPath, "page_size=20", "").into(t, &page)
	token := "&page_token=" + url.QueryEscape(page.NextPageToken)
	for name, a := range map[string]*answer{
		"other order": w.call(t, "US", "POST", searchPath, "page_size=20&sort_order=ASC"+token, ""),
		"other shop":  w.call(t, "GB", "POST", searchPath, "page_size=20"+token, ""),
		"other list":  w.call(t, "US", "POST", "/product/202309/products/search", "page_size=20"+token, ""),
	} {
		if a.Code != invalid {
			t.Errorf("%s: code %d", name, a.Code)
		}
	}
	if a := w.call(t, "US", "POST", searchPath, "page_size=5"+token, ""); a.Code != 0 {
		t.Errorf("another page size: code %d", a.Code)
	}
}

// TestOrderFilters holds every filter against a plain reading of it.
func TestOrderFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.walk(t, "US", "page_size=100", "")
	middle := all[len(all)/2]
	early, late := all[len(all)*7/8].CreateTime, all[len(all)/8] // so that ranges hold few orders
	for body, match := range map[string]func(order) bool{
		`{"order_status":"AWAITING_SHIPMENT"}`:                                                       func(o order) bool { return o.Status == "AWAITING_SHIPMENT" },
		`{"shipping_type":"SELLER"}`:                                                                 func(o order) bool { return o.ShippingType == "SELLER" },
		`{"is_buyer_request_cancel":true}`:                                                           func(o order) bool { return o.RequestCancel },
		`{"is_buyer_request_cancel":false,"order_status":"AWAITING_SHIPMENT"}`:                       func(o order) bool { return !o.RequestCancel && o.Status == "AWAITING_SHIPMENT" },
		`{"buyer_user_id":"` + middle.UserID + `"}`:                                                  func(o order) bool { return o.UserID == middle.UserID },
		`{"warehouse_ids":["1","` + middle.WarehouseID + `"]}`:                                       func(o order) bool { return o.WarehouseID == middle.WarehouseID },
		fmt.Sprintf(`{"create_time_ge":%d}`, late.CreateTime):                                        func(o order) bool { return o.CreateTime >= late.CreateTime },
		fmt.Sprintf(`{"create_time_lt":%d}`, early):                                                  func(o order) bool { return o.CreateTime < early },
		fmt.Sprintf(`{"update_time_ge":%d}`, late.UpdateTime):                                        func(o order) bool { return o.UpdateTime >= late.UpdateTime },
		fmt.Sprintf(`{"update_time_lt":%d}`, middle.UpdateTime):                                      func(o order) bool { return o.UpdateTime < middle.UpdateTime },
		fmt.Sprintf(`{"create_time_ge":%d,"create_time_lt":%d}`, middle.CreateTime, late.CreateTime): func(o order) bool { return o.CreateTime >= middle.CreateTime && o.CreateTime < late.CreateTime },
		`{"create_time_ge":0,"order_status":"COMPLETED","shipping_type":"TIKTOK"}`:                   func(o order) bool { return o.Status == "COMPLETED" && o.ShippingType == "TIKTOK" },
		`{"create_time_lt":1}`:                                                                       func(order) bool { return false },
	} {
		var want []string
		for _, o := range all {
			if match(o) {
				want = append(want, o.ID)
			}
		}
		var got []string
		for _, o := range w.walk(t, "US", "page_size=33", body) {
			got = append(got, o.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d orders, want %d", body, len(got), len(want))
		}
	}
}

func TestOrderFilterLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	many := `"1"` + strings.Repeat(`,"1"`, 100)
	for body, name := range map[string]string{
		`{"warehouse_ids":[` + many + `]}`:  "warehouse_ids",
		`{"shipping_type":"PIGEON"}`:        "shipping_type",
		`{"create_time_ge":"1"}`:            "create_time_ge",
		`{"is_buyer_request_cancel":"yes"}`: "is_buyer_request_cancel",
	} {
		if a := w.call(t, "US", "POST", searchPath, "page_size=10", body); a.Code != invalid || !strings.Contains(a.Message, "'"+name+"'") {
			t.Errorf("%.60s: code %d: %s", body, a.Code, a.Message)
		}
	}
}

func TestOrderDetail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var page orderPage
	w.call(t, "VN", "POST", searchPath, "page_size=50", `{"order_status":"AWAITING_SHIPMENT"}`).into(t, &page)
	var ids []string
	for _, o := range page.Orders {
		ids = append(ids, o.ID)
	}
	for _, version := range []string{"202309", "202507"} {
		var got struct{ Orders []order }
		a := w.call(t, "VN", "GET", "/order/"+version+"/orders", "ids="+url.QueryEscape(strings.Join(ids, ",")), "")
		a.into(t, &got)
		if !slices.EqualFunc(got.Orders, page.Orders, func(x, y order) bool { return x.ID == y.ID && x.Status == y.Status }) {
			t.Errorf("%s: %d orders, want %d", version, len(got.Orders), len(page.Orders))
		}
		// The newer version dropped two fields.
		if dropped := !bytes.Contains(a.Data, []byte(`"fulfillment_priority_level"`)); dropped != (version == "202507") {
			t.Errorf("%s: field dropped: %t", version, dropped)
		}
	}
	foreign := w.walk(t, "US", "page_size=100", "")[0].ID
	for name, test := range map[string]struct {
		query string
		code  int
		count int
	}{
		"one":        {"ids=" + ids[0], 0, 1},
		"repeated":   {"ids=" + ids[0] + "," + ids[0], 0, 1},
		"unknown":    {"ids=" + ids[0] + ",576000000000000001", 0, 1},
		"none":       {"", invalid, 0},
		"empty":      {"ids=", invalid, 0},
		"other shop": {"ids=" + foreign, 21008111, 0},
		"too many":   {"ids=" + strings.Repeat("1,", 50) + "2", invalid, 0},
		"JSON array": {"ids=" + url.QueryEscape(`["`+ids[0]+`"]`), 0, 0},
	} {
		a := w.call(t, "VN", "GET", "/order/202309/orders", test.query, "")
		if a.Code != test.code {
			t.Errorf("%s: code %d, want %d", name, a.Code, test.code)
			continue
		}
		if test.code == 0 {
			var got struct{ Orders []order }
			a.into(t, &got)
			if len(got.Orders) != test.count || got.Orders == nil {
				t.Errorf("%s: %d orders, want %d", name, len(got.Orders), test.count)
			}
		}
	}
}

func TestPackageDetail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var page orderPage
	w.call(t, "GB", "POST", searchPath, "page_size=1", `{"order_status":"IN_TRANSIT"}`).into(t, &page)
	o := page.Orders[0]
	for _, region := range []string{"GB", ""} { // the shop is optional here
		var got struct {
			PackageID string   `json:"package_id"`
			Status    string   `json:"package_status"`
			Lines     []string `json:"order_line_item_ids"`
			Orders    []struct{ ID string }
		}
		w.call(t, region, "GET", "/fulfillment/202309/packages/"+o.Packages[0].ID, "", "").into(t, &got)
		if got.PackageID != o.Packages[0].ID || got.Status != "FULFILLING" || len(got.Lines) != len(o.LineItems) || got.Orders[0].ID != o.ID {
			t.Errorf("package %+v of order %+v", got, o)
		}
	}
	for region, id := range map[string]string{"US": o.Packages[0].ID, "GB": o.ID, "": "1152000000000000000"} {
		if a := w.call(t, region, "GET", "/fulfillment/202309/packages/"+id, "", ""); a.Code != 10006402 {
			t.Errorf("%s in %q: code %d", id, region, a.Code)
		}
	}
}
