package sandbox_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// withOrders gives each shop further orders.
func withOrders(n int) func(*sandbox.Config) {
	return func(c *sandbox.Config) { c.Orders = n }
}

// Further orders are found by every filter, on pages of every size, and read by
// their ids, like those that the world was made with.
func TestMoreOrders(t *testing.T) {
	t.Parallel()
	const more = 104 // three pages
	plain, w := newWorld(t), newWorld(t, withOrders(more))
	for _, region := range []string{"US", "VN"} {
		own := plain.walk(t, region, "page_size=100", "")
		all := w.walk(t, region, "page_size=100", "")
		if len(all) != len(own)+more || !slices.EqualFunc(all[:len(own)], own, func(a, b order) bool { return a.ID == b.ID }) {
			t.Fatalf("%s: %d orders, want %d and %d more below them", region, len(all), len(own), more)
		}
		seen := map[string]bool{}
		for _, o := range all {
			for _, id := range append([]string{o.ID}, lineIDs(o)...) {
				if seen[id] {
					t.Errorf("%s: id %s occurs twice", region, id)
				}
				seen[id] = true
			}
		}
		old := all[len(own):]
		young, middle := old[more/8], old[more/2]
		for body, match := range map[string]func(order) bool{
			`{"order_status":"COMPLETED"}`:                                                                func(o order) bool { return o.Status == "COMPLETED" },
			`{"order_status":"IN_TRANSIT"}`:                                                               func(o order) bool { return o.Status == "IN_TRANSIT" },
			`{"is_buyer_request_cancel":true}`:                                                            func(o order) bool { return o.RequestCancel },
			`{"shipping_type":"SELLER"}`:                                                                  func(o order) bool { return o.ShippingType == "SELLER" },
			`{"buyer_user_id":"` + middle.UserID + `"}`:                                                   func(o order) bool { return o.UserID == middle.UserID },
			`{"warehouse_ids":["` + middle.WarehouseID + `"]}`:                                            func(o order) bool { return o.WarehouseID == middle.WarehouseID },
			fmt.Sprintf(`{"create_time_lt":%d}`, middle.CreateTime):                                       func(o order) bool { return o.CreateTime < middle.CreateTime },
			fmt.Sprintf(`{"create_time_ge":%d}`, middle.CreateTime):                                       func(o order) bool { return o.CreateTime >= middle.CreateTime },
			fmt.Sprintf(`{"update_time_lt":%d}`, middle.UpdateTime):                                       func(o order) bool { return o.UpdateTime < middle.UpdateTime },
			fmt.Sprintf(`{"create_time_ge":%d,"update_time_lt":%d}`, middle.CreateTime, young.UpdateTime): func(o order) bool { return o.CreateTime >= middle.CreateTime && o.UpdateTime < young.UpdateTime },
		} {
			for _, sorting := range []string{"", "&sort_order=ASC", "&sort_field=update_time", "&sort_field=update_time&sort_order=ASC"} {
				want := slices.Collect(func(yield func(order) bool) {
					for _, o := range all {
						if match(o) && !yield(o) {
							return
						}
					}
				})
				slices.SortStableFunc(want, func(a, b order) int {
					x, y := a.CreateTime, b.CreateTime
					if strings.Contains(sorting, "update") {
						x, y = a.UpdateTime, b.UpdateTime
					}
					if x == y {
						x, y = int64(strings.Compare(a.ID, b.ID)), 0
					}
					if strings.Contains(sorting, "ASC") {
						return int(x - y)
					}
					return int(y - x)
				})
				got := w.walk(t, region, "page_size=47"+sorting, body)
				if !slices.EqualFunc(got, want, func(a, b order) bool { return a.ID == b.ID }) {
					t.Errorf("%s: %s%s: %d orders, want %d", region, body, sorting, len(got), len(want))
				}
			}
		}
		ids := []string{old[0].ID, all[0].ID, old[more-1].ID, old[0].ID, lineIDs(old[0])[0]}
		var got struct{ Orders []order }
		w.call(t, region, "GET", "/order/202507/orders", "ids="+url.QueryEscape(strings.Join(ids, ",")), "").into(t, &got)
		if len(got.Orders) != 3 || !reflect.DeepEqual(got.Orders, []order{old[0], all[0], old[more-1]}) {
			t.Errorf("%s: %d orders are read, want the 3 that the search gives", region, len(got.Orders))
		}
		other := map[string]string{"US": "VN", "VN": "US"}[region]
		if a := w.call(t, other, "GET", "/order/202309/orders", "ids="+old[0].ID, ""); a.Code != 21008111 {
			t.Errorf("%s reads an order of %s: code %d", other, region, a.Code)
		}
	}
}

func lineIDs(o order) []string {
	var ids []string
	for _, line := range o.LineItems {
		ids = append(ids, line.ID)
	}
	return ids
}

// What was ordered long ago does not change with the goods.
func TestMoreOrdersStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withOrders(60))
	read := func() []byte {
		return w.call(t, "GB", "POST", searchPath, "page_size=60&sort_order=ASC", "").Data
	}
	before := read()
	for _, p := range w.products(t, "GB", "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`) {
		w.call(t, "GB", "POST", productsPath+"/"+p.ID+"/partial_edit", "", `{"title":"Something else than it was before"}`).into(t, &struct{}{})
	}
	if !bytes.Equal(read(), before) {
		t.Error("orders of long ago changed with their products")
	}
	// A snapshot carries them to a sandbox that had none.
	saved := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	other := newWorld(t)
	other.steer(t, "PUT", "snapshot", string(saved), http.StatusOK)
	if again := other.call(t, "GB", "POST", searchPath, "page_size=60&sort_order=ASC", "").Data; !bytes.Equal(again, before) {
		t.Error("the restored sandbox has other orders")
	}
	broken := bytes.Replace(saved, []byte(`"archive":{"orders":60}`), []byte(`"archive":{"orders":-1}`), 1)
	other.steer(t, "PUT", "snapshot", string(broken), http.StatusBadRequest)
}

// A million orders take no memory, and a page of them no time to speak of;
// several callers look at once.
func TestMoreOrdersCostNothing(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	w := newWorld(t, withOrders(1_000_000))
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			var page orderPage
			for range 5 {
				w.call(t, "US", "POST", searchPath, "page_size=100&sort_order=ASC&page_token="+url.QueryEscape(page.NextPageToken), "").into(t, &page)
				if page.TotalCount < 1_000_000 || len(page.Orders) != 100 {
					t.Errorf("%d orders of %d", len(page.Orders), page.TotalCount)
				}
			}
		})
	}
	group.Wait()
	if after := heap(); after > before+32<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	runtime.KeepAlive(w)
	for _, n := range []int{-1, 1_000_001} {
		if _, err := sandbox.New(sandbox.Config{Orders: n}); err == nil {
			t.Errorf("%d orders are taken", n)
		}
	}
}

func BenchmarkMoreOrders(b *testing.B) {
	w := newWorld(b, withOrders(100_000))
	for b.Loop() {
		w.call(b, "US", "POST", searchPath, "page_size=100&sort_order=ASC", "")
	}
}
