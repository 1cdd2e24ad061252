package sandbox_test

import (
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
)

// A value that no document lists passes with a warning, in the header, the log
// and on the page. Where the platform is known to refuse it, the sandbox does.
func TestUnlistedValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct {
		name, method, path, query, body string
		code                            int
		warning                         string
	}{
		{"listed", "POST", "/analytics/202505/shop_lives/performance", "start_date_ge=2026-01-01&end_date_lt=2026-01-08&account_type=ALL", "", 0, ""},
		{
			"not listed", "GET", "/analytics/202405/shop_products/performance", "start_date_ge=2026-01-01&end_date_lt=2026-01-08&currency=XYZ", "", 0,
			`currency: "XYZ" is not a documented value`,
		},
		{"sorted by nothing known", "GET", "/analytics/202405/shop_products/performance", "start_date_ge=2026-01-01&end_date_lt=2026-01-08&sort_field=colour", "", 36009004, ""},
		{
			"a list whose page says that it is closed", "POST", "/data_reconciliation/202309/orders/sync", "",
			`{"orders":[{"order_id":"1","channel_order_id":"A","channel_type":"MARKET_STALL","channel_order_status":"OPEN","channel_order_update_time":1700000000}]}`, 36009004, "",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := w.call(t, "US", test.method, test.path, test.query, test.body)
			if a.Code != test.code {
				t.Errorf("code %d: %s", a.Code, a.Message)
			}
			if got := strings.Join(a.header.Values("X-Sandbox-Warning"), "; "); got != test.warning {
				t.Errorf("warning %q, want %q", got, test.warning)
			}
		})
	}
}

// A search for something that no document lists finds nothing, and says why.
func TestUnlistedFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.Orders = 20 })
	for _, test := range []struct{ path, body, items, field string }{
		{"/fulfillment/202309/packages/search", `{"package_status":"TO_FULFILL"}`, "packages", "package_status"},
		{"/product/202502/products/search", `{"status":"LIVE"}`, "products", "status"},
		{"/product/202502/products/search", `{"audit_status":["PERFECT"]}`, "products", "audit_status"},
		{"/product/202502/products/search", `{"listing_quality_tiers":["BEST"]}`, "products", "listing_quality_tiers"},
		{"/product/202309/global_products/search", `{"status":"GONE"}`, "global_products", ""},
		{"/return_refund/202309/cancellations/search", `{"cancel_status":["DONE"]}`, "cancellations", "cancel_status"},
		{"/return_refund/202309/cancellations/search", `{"cancel_types":["DONE"]}`, "cancellations", "cancel_types"},
		{"/return_refund/202309/returns/search", `{"return_status":["DONE"]}`, "return_orders", "return_status"},
		{"/return_refund/202309/returns/search", `{"return_types":["DONE"]}`, "return_orders", "return_types"},
		{"/return_refund/202309/returns/search", `{"arbitration_status":["DONE"]}`, "return_orders", "arbitration_status"},
		{"/return_refund/202309/returns/search", `{"seller_proposed_return_type":["FULL_REFUND"]}`, "return_orders", "seller_proposed_return_type"},
	} {
		region := "US"
		if test.items == "global_products" {
			region = ""
		}
		a := w.call(t, region, "POST", test.path, "page_size=10", test.body)
		got := object{}
		a.into(t, &got)
		if list, _ := got[test.items].([]any); len(list) > 0 || count(got, "total_count") != 0 {
			t.Errorf("%s: %v", test.body, got)
		}
		if warning := a.header.Get("X-Sandbox-Warning"); !strings.HasPrefix(warning, test.field) || (warning == "") != (test.field == "") { // of one the catalogue lists none
			t.Errorf("%s: warning %q", test.body, warning)
		}
	}
}

// A warning cannot break the header, whatever the value is.
func TestWarningIsOneLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.call(t, "US", "GET", "/analytics/202405/shop_products/performance", "start_date_ge=2026-01-01&end_date_lt=2026-01-08&currency=%0D%0ASet-Cookie:%20%F0%9F%8D%AA"+strings.Repeat("x", 500), "")
	got := a.header.Get("X-Sandbox-Warning")
	if !strings.HasPrefix(got, `currency: "\r\nSet-Cookie`) || len(got) > 200 || a.header.Get("Set-Cookie") != "" {
		t.Errorf("warning %q", got)
	}
}

// The log and the page show what was warned of.
func TestWarningsAreShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.call(t, "US", "GET", "/analytics/202405/shop_products/performance", "start_date_ge=2026-01-01&end_date_lt=2026-01-08&currency=XYZ", "")
	server := httptest.NewServer(w)
	defer server.Close()
	steer := control.New(server.URL)
	requests, err := steer.Requests(t.Context(), 1, "/analytics/")
	if err != nil || len(requests) != 1 {
		t.Fatalf("the log: %v, %v", requests, err)
	}
	const want = `currency: "XYZ" is not a documented value`
	detail, err := steer.Request(t.Context(), requests[0].ID)
	if err != nil || len(detail.Warnings) != 1 || detail.Warnings[0] != want {
		t.Errorf("the log says %q, %v", detail.Warnings, err)
	}
	for _, page := range []string{"/_sandbox/ui/requests", "/_sandbox/ui/requests/1"} {
		answer, err := server.Client().Get(server.URL + page)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err := errors.Join(err, answer.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(body), "currency: &#34;XYZ&#34; is not a documented value") {
			t.Errorf("%s does not show the warning", page)
		}
	}
}
