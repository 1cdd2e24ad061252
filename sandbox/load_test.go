package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

const (
	loadClients = 32
	// loadOrders bounds the orders of a client: what is bought is kept, and the
	// heap is to tell of what should not be kept.
	loadOrders = 4
	loadStock  = 50_000
)

// loadShop is a shop under load: one SKU that all clients sell and whose stock
// nobody sets.
type loadShop struct {
	region, sku string
	stock       int64        // before
	sold        atomic.Int64 // without what was cancelled
}

// loadClient is one of the callers. Its own SKU is set by nobody else.
type loadClient struct {
	w      *world
	shop   *loadShop
	number int
	sku    stocked
	stock  int64 // of its own SKU
	orders []string
	rounds int
}

type stocked struct{ product, sku, warehouse string }

// TestLoad lets many clients read, set stocks, sell and steer at once. No
// update is lost: every stock is what its changes make of it. With
// TTSHOP_LONG_TESTS=1 it takes a minute, in which the memory has to stay flat.
func TestLoad(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	shops := make([]*loadShop, len(regions))
	clients := make([]*loadClient, loadClients)
	own := map[string][]stocked{}
	for i, region := range regions {
		list := w.loadTargets(t, region)
		sold := list[0]
		if code, _, _ := w.setStock(t, region, sold.product, sold.sku, fmt.Sprintf(`[{"warehouse_id":%q,"quantity":%d}]`, sold.warehouse, loadStock)); code != 0 {
			t.Fatalf("%s: code %d", region, code)
		}
		shops[i] = &loadShop{region: region, sku: sold.sku, stock: w.inventory(t, region, `{"sku_ids":["`+sold.sku+`"]}`)[sold.sku].Available}
		own[region] = list[1:]
	}
	for i := range clients {
		shop := shops[i%len(shops)]
		list := own[shop.region]
		if i/len(shops) >= len(list) {
			t.Fatalf("%s has only %d SKUs", shop.region, len(list)+1)
		}
		clients[i] = &loadClient{w: w, shop: shop, number: i, sku: list[i/len(shops)]}
	}
	goesOn := func(_ *loadClient, round int, _ time.Time) bool { return round < 2 }
	long := os.Getenv("TTSHOP_LONG_TESTS") == "1"
	if long { // the first half ends when there is nothing more that grows
		goesOn = func(c *loadClient, _ int, started time.Time) bool {
			return time.Since(started) < 30*time.Second || len(c.orders) < loadOrders || w.requests(t) <= sandbox.LogCapacity
		}
	}
	var heap [2]uint64
	var logged [2]int64
	for i := range heap {
		started := time.Now()
		var wg sync.WaitGroup
		for _, c := range clients {
			wg.Go(func() {
				for round := 0; goesOn(c, round, started) && !t.Failed(); round++ {
					c.round(t)
				}
			})
		}
		wg.Wait()
		heap[i], logged[i] = heapInUse(), w.requests(t)
	}
	for _, shop := range shops {
		got := w.inventory(t, shop.region, `{"sku_ids":["`+shop.sku+`"]}`)[shop.sku].Available
		if want := shop.stock - shop.sold.Load(); got != want {
			t.Errorf("%s: %d in stock of %d, %d were sold: want %d", shop.region, got, shop.stock, shop.sold.Load(), want)
		}
	}
	for _, c := range clients {
		c.checkStock(t)
	}
	t.Logf("%d requests, heap %.1f MB after %d of them, %.1f MB after all", logged[1], float64(heap[0])/1e6, logged[0], float64(heap[1])/1e6)
	if long && heap[1] > heap[0]+4<<20 {
		t.Errorf("the heap grew from %d to %d bytes", heap[0], heap[1])
	}
}

// heapInUse is what is reachable.
func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// requests is the number of requests so far, by the log.
func (w *world) requests(t *testing.T) int64 {
	t.Helper()
	var log struct {
		Requests []struct{ ID int64 }
	}
	if code := w.control(t, "GET", "requests?limit=1", "", &log); code != http.StatusOK || len(log.Requests) != 1 {
		t.Errorf("status %d, %d entries", code, len(log.Requests))
		return 0
	}
	return log.Requests[0].ID
}

// loadTargets returns SKUs of a region that lie in one warehouse.
func (w *world) loadTargets(t *testing.T, region string) []stocked {
	t.Helper()
	var list []stocked
	for _, p := range w.products(t, region, "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`) {
		for _, s := range p.SKUs {
			if len(s.Inventory) == 1 {
				list = append(list, stocked{p.ID, s.ID, s.Inventory[0].WarehouseID})
			}
		}
	}
	return list
}

// round does a bit of everything.
func (c *loadClient) round(t *testing.T) {
	c.rounds++
	region := c.shop.region
	ok := func(what string, a *answer) {
		if a.Code != 0 {
			t.Errorf("client %d: %s: code %d: %s", c.number, what, a.Code, a.Message)
		}
	}
	c.setStock(t)
	ok("search orders", c.w.call(t, region, "POST", searchPath, "page_size=10", ""))
	ok("search products", c.w.call(t, region, "POST", "/product/202502/products/search", "page_size=10", ""))
	ok("product", c.w.call(t, region, "GET", productsPath+"/"+c.sku.product, "", ""))
	if len(c.orders) < loadOrders {
		c.sell(t, ok)
	}
	if len(c.orders) > 0 {
		ok("order", c.w.call(t, region, "GET", "/order/202309/orders", "ids="+c.orders[c.rounds%len(c.orders)], ""))
	}
	c.checkStock(t)
	c.steer(t)
}

// setStock gives its own SKU another stock.
func (c *loadClient) setStock(t *testing.T) {
	c.stock = int64(1 + (c.number*977+c.rounds*31)%9000)
	if code, sku, warehouse := c.w.setStock(t, c.shop.region, c.sku.product, c.sku.sku,
		fmt.Sprintf(`[{"warehouse_id":%q,"quantity":%d}]`, c.sku.warehouse, c.stock)); code != 0 || sku != 0 || warehouse != 0 {
		t.Errorf("client %d: set the stock: codes %d, %d, %d", c.number, code, sku, warehouse)
	}
}

// checkStock checks that its own SKU has the stock that was set last.
func (c *loadClient) checkStock(t *testing.T) {
	if c.rounds == 0 {
		return
	}
	got := c.w.inventory(t, c.shop.region, `{"sku_ids":["`+c.sku.sku+`"]}`)[c.sku.sku].Warehouses[c.sku.warehouse]
	if got != c.stock {
		t.Errorf("client %d: %d in stock, was set to %d", c.number, got, c.stock)
	}
}

// sell places an order of what all sell. A third of the orders is cancelled, a
// third is delivered.
func (c *loadClient) sell(t *testing.T, ok func(string, *answer)) {
	quantity := 1 + c.rounds%3
	body, err := json.Marshal(placing{ShopID: c.w.shop(c.shop.region).ID, Lines: []placedLine{{c.shop.sku, quantity}}, ShippingType: "SELLER"})
	if err != nil {
		t.Error(err)
		return
	}
	var made struct {
		OrderID string `json:"order_id"`
	}
	if code := c.w.control(t, "POST", "orders", string(body), &made); code != http.StatusCreated {
		t.Errorf("client %d: order: status %d", c.number, code)
		return
	}
	c.shop.sold.Add(int64(quantity))
	c.orders = append(c.orders, made.OrderID)
	to := "AWAITING_SHIPMENT"
	if len(c.orders)%3 == 1 {
		to = "DELIVERED"
	}
	if code := c.w.control(t, "POST", "orders/"+made.OrderID+"/move", `{"to":"`+to+`"}`, nil); code != http.StatusOK {
		t.Errorf("client %d: move to %s: status %d", c.number, to, code)
	}
	if len(c.orders)%3 == 2 {
		ok("cancel", c.w.sellerCancel(t, c.shop.region, made.OrderID, "seller_cancel_reason_out_of_stock"))
		c.shop.sold.Add(-int64(quantity))
	}
}

// steer uses the control API while others are served.
func (c *loadClient) steer(t *testing.T) {
	expect := func(method, path, body string, v any, want int) {
		if code := c.w.control(t, method, path, body, v); code != want {
			t.Errorf("client %d: %s %s: status %d, want %d", c.number, method, path, code, want)
		}
	}
	expect("GET", "requests?limit=20", "", nil, http.StatusOK)
	var fault struct{ ID string }
	expect("POST", "faults", fmt.Sprintf(`{"match":{"path":"/none/%d"},"then":{"status":500}}`, c.number), &fault, http.StatusCreated)
	expect("DELETE", "faults/"+fault.ID, "", nil, http.StatusOK)
	expect("GET", "throttle", "", nil, http.StatusOK)
	if c.rounds%loadClients == c.number { // a snapshot stops all shops
		expect("GET", "snapshot", "", nil, http.StatusOK)
	}
}
