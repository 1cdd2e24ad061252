package pagetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sign/explain"
)

// start starts a sandbox that explains wrong signatures as ttshop sandbox does.
func start(t testing.TB, change ...func(*sandbox.Config)) *sandboxtest.Server {
	t.Helper()
	config := sandbox.Config{Seed: 7, Explain: func(r sandbox.Refused) string {
		report, err := explain.Explain(explain.Request{
			Method: r.Method, URL: r.URL, ContentType: r.ContentType, Body: r.Body, AccessToken: r.AccessToken,
		}, r.AppSecret, explain.Options{})
		if err != nil {
			return ""
		}
		return report.Summary
	}}
	for _, f := range change {
		f(&config)
	}
	return sandboxtest.StartWith(t, config)
}

// impostor returns a client of the app that signs with a wrong secret.
func impostor(s *sandboxtest.Server) *ttshop.Client {
	return ttshop.New(s.Credentials.AppKey, "not-"+s.Credentials.AppSecret,
		ttshop.WithEndpoint(s.URL), ttshop.WithTokenSource(ttshop.StaticToken(s.Credentials.AccessToken)))
}

// steer calls a control endpoint.
func steer(t testing.TB, s *sandboxtest.Server, method, path, body string, v any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+"/_sandbox/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		t.Fatalf("%s %s: status %d", method, path, answer.StatusCode)
	}
	if v != nil {
		if err := json.NewDecoder(answer.Body).Decode(v); err != nil {
			t.Fatal(err)
		}
	}
}

// orderIn returns an order of the GB shop in a state.
func orderIn(t testing.TB, s *sandboxtest.Server, status string) string {
	t.Helper()
	res, err := s.Shop("GB").Call(t.Context(), "POST", "/order/202309/orders/search", map[string][]string{"page_size": {"1"}},
		map[string]string{"order_status": status})
	if err != nil {
		t.Fatal(err)
	}
	var found struct {
		Orders []struct{ ID string }
	}
	if err := json.Unmarshal(res.Data, &found); err != nil || len(found.Orders) == 0 {
		t.Fatalf("no order is %s: %v", status, err)
	}
	return found.Orders[0].ID
}

// productOf returns a product of the GB shop.
func productOf(t testing.TB, s *sandboxtest.Server) string {
	t.Helper()
	res, err := s.Shop("GB").Call(t.Context(), "POST", "/product/202502/products/search", map[string][]string{"page_size": {"1"}},
		map[string]string{"status": "ACTIVATE"})
	if err != nil {
		t.Fatal(err)
	}
	var found struct {
		Products []struct{ ID string }
	}
	if err := json.Unmarshal(res.Data, &found); err != nil || len(found.Products) == 0 {
		t.Fatalf("no product: %v", err)
	}
	return found.Products[0].ID
}

// look is a view with its address.
type look struct{ name, path string }

// everything fills a sandbox with something for every view, and lists them
// all.
func everything(t testing.TB, s *sandboxtest.Server) []look {
	t.Helper()
	ctx := t.Context()
	waiting, delivered := orderIn(t, s, "AWAITING_SHIPMENT"), orderIn(t, s, "DELIVERED")
	product := productOf(t, s)
	if _, err := impostor(s).Call(ctx, "POST", "/order/202309/orders/search", map[string][]string{"page_size": {"5"}}, map[string]string{"order_status": "UNPAID"}); err == nil {
		t.Fatal("a wrong signature passed")
	}
	var log struct {
		Requests []struct{ ID int }
	}
	steer(t, s, "GET", "requests?limit=1", "", &log)
	refused := log.Requests[0].ID
	if _, err := s.Client.Call(ctx, "GET", "/nowhere/"+strings.Repeat("long-", 60), nil, nil); err == nil {
		t.Fatal("an unknown path passed")
	}
	steer(t, s, "POST", "orders/"+delivered+"/buyer", `{"ask":"return"}`, nil)
	// Nobody listens there.
	steer(t, s, "PUT", "webhooks", `{"address":"http://127.0.0.1:9/`+strings.Repeat("long/", 30)+`webhooks"}`, nil)
	var sent struct{ ID string }
	steer(t, s, "POST", "webhooks/trigger", `{"type":1}`, &sent)
	steer(t, s, "POST", "faults", `{"match":{"operation":"order.GetOrderList"},"next":3,"then":{"code":36009002}}`, nil)
	steer(t, s, "POST", "faults", `{"match":{"path":"/product/*"},"probability":0.1,"then":{"cut":"after_work","delay":"2s"}}`, nil)
	var chat struct {
		ID string `json:"conversation_id"`
	}
	steer(t, s, "POST", "conversations", `{"shop_id":"`+s.ShopID("GB")+`","text":"Is this still in stock? `+strings.Repeat("long", 40)+`"}`, &chat)
	return []look{
		{"overview", "/_sandbox/"},
		{"requests", "/_sandbox/ui/requests"},
		{"requests-none", "/_sandbox/ui/requests?path=/there-is-nothing"},
		{"request", fmt.Sprintf("/_sandbox/ui/requests/%d", refused)},
		{"request-unknown-path", fmt.Sprintf("/_sandbox/ui/requests/%d", refused+1)},
		{"request-good", fmt.Sprintf("/_sandbox/ui/requests/%d", refused-1)},
		{"orders", "/_sandbox/ui/orders"},
		{"orders-none", "/_sandbox/ui/orders?q=nobody"},
		{"order", "/_sandbox/ui/orders/" + waiting},
		{"order-return", "/_sandbox/ui/orders/" + delivered},
		{"order-new", "/_sandbox/ui/orders/new"},
		{"products", "/_sandbox/ui/products"},
		{"product-new", "/_sandbox/ui/products/new"},
		{"product", "/_sandbox/ui/products/" + product},
		{"webhooks", "/_sandbox/ui/webhooks"},
		{"delivery", "/_sandbox/ui/webhooks/" + sent.ID},
		{"returns", "/_sandbox/ui/returns?shop=" + s.ShopID("GB")},
		{"warehouses", "/_sandbox/ui/warehouses"},
		{"promotions", "/_sandbox/ui/promotions"},
		{"creators", "/_sandbox/ui/creators"},
		{"conversations", "/_sandbox/ui/conversations?shop=" + s.ShopID("GB")},
		{"conversation", "/_sandbox/ui/conversations/" + chat.ID},
		{"finance", "/_sandbox/ui/finance"},
		{"finance-open", "/_sandbox/ui/finance/" + s.ShopID("GB") + "/open"},
		{"analytics", "/_sandbox/ui/analytics"},
		{"access", "/_sandbox/ui/access"},
		{"faults", "/_sandbox/ui/faults"},
		{"clock", "/_sandbox/ui/clock"},
		{"consent", "/open/authorize?state=any&service_id=" + s.Credentials.ServiceID},
	}
}
