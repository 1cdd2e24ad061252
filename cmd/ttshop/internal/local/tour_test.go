package local

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/oauth"
)

// cannedTour returns a tour whose platform answers each request with the next
// of the data parts.
func cannedTour(t *testing.T, data ...string) *tour {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if len(data) == 0 {
			t.Error("a request too many")
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"code":0,"message":"Success","request_id":"1","data":%s}`, data[0])
		data = data[1:]
	}))
	t.Cleanup(server.Close)
	c := &tour{
		out: io.Discard, strict: true, endpoint: server.URL, now: time.Now, wire: &platform.Recorder{Next: http.DefaultTransport},
		app: &oauth.App{Key: "k", Secret: "s", ServiceID: "1", Endpoint: server.URL},
	}
	c.app.HTTPClient = &http.Client{Transport: c.wire}
	c.connect("t")
	return c
}

// TestTourChecks shows that no step takes an answer that is not as it should
// be: a quickstart that always succeeds would prove nothing.
func TestTourChecks(t *testing.T) {
	t.Parallel()
	const full = `{"inventory":[{"product_id":"1","skus":[{"id":"2","total_available_quantity":%s,"warehouse_inventory":[{"warehouse_id":"3","available_quantity":%s}]}]}]}`
	orders := func(next string, ids ...int) string {
		var list []string
		for _, id := range ids {
			list = append(list, fmt.Sprintf(`{"id":"%d","create_time":%d}`, id, 1000-id))
		}
		return fmt.Sprintf(`{"orders":[%s],"next_page_token":%q,"total_count":12}`, strings.Join(list, ","), next)
	}
	shops := func(c *tour) step { return step{do: c.shops} }
	products := func(c *tour) step { return step{do: c.products} }
	ordersStep := func(c *tour) step { return step{do: c.orders} }
	stock := func(c *tour) step {
		c.listed = []product{{ID: "1"}}
		return step{do: c.stock}
	}
	empty := func(c *tour) step {
		c.chosen = stockedSKU{productID: "1", ID: "2", Available: new(9)}
		return step{do: c.empty}
	}
	readBack := func(c *tour) step {
		c.chosen = stockedSKU{productID: "1", ID: "2", Available: new(9)}
		return step{do: c.readBack}
	}
	exchange := func(c *tour) step {
		c.code = "code"
		return step{do: c.exchange}
	}
	tests := []struct {
		name  string
		step  func(*tour) step
		data  []string
		wants string // in the error; empty: success
	}{
		{"token", exchange, []string{`{"access_token":"a","access_token_expire_in":9999999999,"refresh_token":"r","granted_scopes":["x"]}`}, ""},
		{"token that has ended", exchange, []string{`{"access_token":"a","access_token_expire_in":1700000000,"refresh_token":"r","granted_scopes":["x"]}`}, "cannot be used"},
		{"token without scopes", exchange, []string{`{"access_token":"a","access_token_expire_in":9999999999,"refresh_token":"r"}`}, "cannot be used"},
		{"shops", shops, []string{`{"shops":[{"id":"1","cipher":"c"}]}`}, ""},
		{"no shop", shops, []string{`{"shops":[]}`}, "access to no shop"},
		{"shop without cipher", shops, []string{`{"shops":[{"id":"1"}]}`}, "no cipher"},
		{"products", products, []string{`{"products":[{"id":"1"}],"total_count":1}`}, ""},
		{"no product", products, []string{`{"products":[]}`}, "no product"},
		{"too many products", products, []string{`{"products":[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"},{"id":"5"},{"id":"6"}],"total_count":6}`}, "6 products on a page of 5"},
		{"product without id", products, []string{`{"products":[{}],"total_count":1}`}, "no id"},
		{"orders", ordersStep, []string{orders("n", 1, 2, 3, 4, 5), orders("", 6)}, ""},
		{"one page of orders", ordersStep, []string{orders("", 1, 2, 3, 4, 5)}, "one page"},
		{"order twice", ordersStep, []string{orders("n", 1, 2, 3, 4, 5), orders("", 5, 6)}, "repeats order"},
		{"orders out of order", ordersStep, []string{orders("n", 1, 2, 3, 5, 4), orders("", 6)}, "newer"},
		{"empty second page", ordersStep, []string{orders("n", 1, 2, 3, 4, 5), orders("")}, "hold 5 orders"},
		{"stock", stock, []string{fmt.Sprintf(full, "7", "7")}, ""},
		{"no stock", stock, []string{fmt.Sprintf(full, "0", "0")}, "nothing in stock"},
		{"stock that does not add up", stock, []string{fmt.Sprintf(full, "7", "6")}, "6 in its warehouses but 7"},
		{"stock without quantity", stock, []string{fmt.Sprintf(full, "null", "7")}, "no quantity"},
		{"warehouse without quantity", stock, []string{fmt.Sprintf(full, "7", "null")}, "no quantity"},
		{"update", empty, []string{`{}`}, ""},
		{"update refused for a warehouse", empty, []string{`{"errors":[{"code":12052055,"message":"no"}]}`}, "12052055"},
		{"read back", readBack, []string{fmt.Sprintf(full, "0", "0")}, ""},
		{"stock still there", readBack, []string{fmt.Sprintf(full, "9", "9")}, "still has 9"},
		{"missing stock is not 0", readBack, []string{fmt.Sprintf(full, "null", "0")}, "no quantity"},
		{"another SKU", readBack, []string{`{"inventory":[]}`}, "0 SKUs"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := cannedTour(t, tt.data...)
			result, err := tt.step(c).do(t.Context())
			switch {
			case tt.wants == "" && (err != nil || result == ""):
				t.Errorf("result %q, error %v", result, err)
			case tt.wants != "" && (err == nil || !strings.Contains(err.Error(), tt.wants)):
				t.Errorf("error %v, want %q in it", err, tt.wants)
			}
		})
	}
}

func TestTourForgivesAStrangersShop(t *testing.T) {
	t.Parallel()
	c := cannedTour(t, `{"products":[]}`, `{"orders":[]}`)
	c.strict = false
	err := c.walk(t.Context(), []step{{"products", c.products}, {"orders", c.orders}, {"stock", c.stock}})
	if err != nil {
		t.Error(err)
	}
}

func TestTourStopsAtTheFirstFailure(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	c := &tour{out: &b, quiet: true, wire: new(platform.Recorder)}
	later := func(context.Context) (string, error) { t.Error("a step after the failure"); return "", nil }
	err := c.walk(t.Context(), []step{
		{"one", func(context.Context) (string, error) { return "fine", nil }},
		{"two", func(context.Context) (string, error) { return "", ttshop.ErrNotFound }},
		{"three", later},
	})
	if err == nil || !strings.Contains(err.Error(), "step 2, two: not found") {
		t.Errorf("error %v", err)
	}
	if !strings.HasPrefix(b.String(), `{"ok":false,`) || !strings.Contains(b.String(), `"error":"not found"`) {
		t.Errorf("report %s", &b)
	}
}

func TestRecorderReadOnly(t *testing.T) {
	t.Parallel()
	reached := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer server.Close()
	client := &http.Client{Transport: &platform.Recorder{Next: http.DefaultTransport, ReadOnly: true}}
	for _, tt := range []struct {
		method, path string
		passes       bool
	}{
		{"GET", "/order/202309/orders", true},
		{"POST", orderSearchPath, true},
		{"POST", inventorySearchPath, true},
		{"POST", "/product/202309/products/1/inventory/update", false},
		{"PUT", "/product/202309/search", false},
		{"DELETE", "/product/202309/products", false},
	} {
		before := reached
		req, err := http.NewRequestWithContext(t.Context(), tt.method, server.URL+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		if passed := reached > before; passed != tt.passes || (err == nil) != tt.passes {
			t.Errorf("%s %s: passed %v, error %v", tt.method, tt.path, passed, err)
		}
	}
}
