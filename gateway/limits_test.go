package gateway_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/policy"
)

const search = "/order/202309/orders/search?page_size=1"

func TestBudgetOfTheDay(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	clock.Store(time.Date(2026, 11, 28, 23, 59, 0, 0, time.UTC).UnixNano())
	w := newWorld(t, func(c *gateway.Config) { c.Now = func() time.Time { return time.Unix(0, clock.Load()) } })
	issued := w.key(policy.Key{Name: "k", Allow: []string{"order.*"}, Shops: []string{w.shop("GB").ID}, Daily: 2}, nil)
	for i, want := range []int{200, 200, 429, 429} {
		got := w.send("POST", search, bearer(issued), nil)
		if got.status != want || want == 429 && (got.header.Get("Retry-After") != "60" || got.header.Get(gateway.HeaderReason) != "limit") {
			t.Errorf("call %d: HTTP %d %v", i, got.status, got.header)
		}
	}
	if got := w.send("GET", "/finance/202309/statements", bearer(issued), nil); got.status != 403 {
		t.Errorf("a refused call: HTTP %d", got.status)
	}
	clock.Add(int64(2 * time.Minute))
	if got := w.send("POST", search, bearer(issued), nil); got.status != 200 {
		t.Errorf("the next day: HTTP %d", got.status)
	}
}

// brokenBudgets fails as a database that is gone does.
type brokenBudgets struct{}

func (brokenBudgets) Spend(context.Context, string, int64, int, int) (bool, error) {
	return false, errors.New("gone")
}

func TestBudgetsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *gateway.Config) { c.Budgets = brokenBudgets{} })
	limited := w.key(policy.Key{Name: "limited", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}, Daily: 2}, nil)
	free := w.key(policy.Key{Name: "free", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}}, nil)
	if got := w.send("POST", search, bearer(limited), nil); got.status != 503 || got.header.Get(gateway.HeaderReason) != "store" {
		t.Errorf("HTTP %d %s", got.status, got.body)
	}
	if got := w.send("POST", search, bearer(free), nil); got.status != 200 {
		t.Errorf("HTTP %d %s", got.status, got.body)
	}
}

func TestRateOfAKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	slow := w.key(policy.Key{Name: "slow", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}, Rate: 0.1}, nil)
	other := w.key(policy.Key{Name: "other", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}, Rate: 1000}, nil)
	for i, want := range []int{200, 429} {
		if got := w.send("POST", search, bearer(slow), nil); got.status != want {
			t.Errorf("call %d: HTTP %d %s", i, got.status, got.body)
		}
	}
	for range 20 {
		if got := w.send("POST", search, bearer(other), nil); got.status != 200 {
			t.Errorf("another key: HTTP %d %s", got.status, got.body)
		}
	}
}

// A key with many calls does not stand in front of the calls of another one for the
// same shop.
func TestTurnsByKey(t *testing.T) {
	t.Parallel()
	var inFlight, most atomic.Int64
	release := make(chan struct{})
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most.Store(max(most.Load(), inFlight.Add(1)))
		if r.URL.Query().Get("page_size") == "1" {
			<-release
		}
		inFlight.Add(-1)
		io.WriteString(w, `{"code":0,"message":"Success","request_id":"r","data":{}}`)
	}))
	t.Cleanup(upstream.Close)
	w := newWorld(t)
	_, w.url = w.gateway(gateway.Config{Fleet: w.fleetFor(upstream.URL), Book: w.book, KeyParallel: 3})
	greedy := w.key(policy.Key{Name: "greedy", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}}, nil)
	modest := w.key(policy.Key{Name: "modest", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}}, nil)
	var group sync.WaitGroup
	var busy atomic.Int64
	for range 60 { // 3 under way, 48 waiting, the rest refused
		group.Go(func() {
			if got := w.send("POST", search, bearer(greedy), nil); got.status == 429 && got.header.Get(gateway.HeaderReason) == "busy" {
				busy.Add(1)
			}
		})
	}
	eventually(t, func() bool { return inFlight.Load() == 3 && busy.Load() == 9 })
	if got := w.send("POST", strings.Replace(search, "size=1", "size=2", 1), bearer(modest), nil); got.status != 200 {
		t.Errorf("the other key: HTTP %d", got.status)
	}
	close(release)
	group.Wait()
	if most.Load() > 4 {
		t.Errorf("%d calls at once", most.Load())
	}
}

// A key that was revoked does not work on any gateway within 5 seconds; here they
// look every 20 ms, and two of them share the file.
func TestRevocation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	issued := w.key(policy.Key{Name: "k", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}}, nil)
	other, err := policy.Open(t.Context(), w.file, new(catalog.Catalog))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	for _, book := range []*policy.Book{w.book, other} {
		watching.Go(func() { book.Watch(ctx, 20*time.Millisecond, nil) })
	}
	defer watching.Wait()
	defer stop()
	_, second := w.gateway(gateway.Config{Fleet: w.fleet, Book: other})
	urls := []string{w.url, second}
	for _, w.url = range urls {
		if got := w.send("POST", search, bearer(issued), nil); got.status != 200 {
			t.Fatalf("HTTP %d %s", got.status, got.body)
		}
	}
	revoked := time.Now()
	err = policy.Update(t.Context(), w.file, w.book.Operations(), func(d *policy.Document) error { return d.Revoke("k", time.Now()) })
	if err != nil {
		t.Fatal(err)
	}
	for _, w.url = range urls {
		eventually(t, func() bool { return w.send("POST", search, bearer(issued), nil).status == 401 })
	}
	if took := time.Since(revoked); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	issued := w.key(policy.Key{Name: "k", Allow: []string{"order.*"}, Shops: []string{w.shop("GB").ID}}, nil)
	w.send("POST", search, bearer(issued), nil)
	w.send("GET", "/finance/202309/statements", bearer(issued), nil)
	var lost time.Time
	admin := &gateway.Admin{
		Gateway: w.gate, PaceLost: func() time.Time { return lost },
		Pace: func() []ttshop.PaceState {
			return []ttshop.PaceState{{LimitKey: ttshop.LimitKey{Shop: w.shop("GB").Cipher, Operation: "order.GetOrderList"}, Rate: 25, Limit: 50}}
		},
	}
	get := func(method, path, host string) *httptest.ResponseRecorder {
		recorder := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), method, "http://"+host+path, nil)
		admin.ServeHTTP(recorder, r)
		return recorder
	}
	metrics := get("GET", "/metrics", "localhost").Body.String()
	for _, want := range []string{
		`ttshop_gateway_call_duration_seconds_count{key="k",operation="order.GetOrderList",outcome="ok"} 1`,
		`ttshop_gateway_refusals_total{key="k",reason="policy",rule="default"} 1`,
		`ttshop_pace_rate{operation="order.GetOrderList",shop="` + w.shop("GB").ID + `"} 25`,
		"ttshop_pace_lost 0", "ttshop_gateway_keys 1", "ttshop_gateway_in_flight 0",
	} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("no %s in\n%s", want, metrics)
		}
	}
	lost = time.Now()
	if ready := get("GET", "/readyz", "localhost"); ready.Code != 200 || !strings.Contains(ready.Body.String(), `"pace":"the shared pace is lost`) {
		t.Errorf("HTTP %d %s", ready.Code, ready.Body)
	}
	for _, test := range []struct {
		method, path, host string
		status             int
	}{
		{"GET", "/healthz", "127.0.0.1:1", 200}, {"GET", "/healthz", "rebound.example", 403},
		{"POST", "/healthz", "localhost", 405}, {"GET", "/", "localhost", 404},
	} {
		if got := get(test.method, test.path, test.host); got.Code != test.status {
			t.Errorf("%s %s%s: HTTP %d", test.method, test.host, test.path, got.Code)
		}
	}
	replace(t, string(w.file), `"version"`, `"layout"`)
	if err := w.book.Reload(t.Context()); err == nil {
		t.Error("a bad file was taken")
	}
	if ready := get("GET", "/readyz", "localhost"); ready.Code != 503 || !strings.Contains(ready.Body.String(), "layout") {
		t.Errorf("with a bad file: HTTP %d %s", ready.Code, ready.Body)
	}
	if got := w.send("POST", search, bearer(issued), nil); got.status != 200 {
		t.Errorf("the former keys: HTTP %d", got.status)
	}
}

// The platform has none of the gateway's codes.
func TestCodesAreOurs(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	seen := map[int]bool{}
	for _, reason := range []gateway.Reason{
		gateway.ReasonRequest, gateway.ReasonKey, gateway.ReasonSignature, gateway.ReasonPolicy, gateway.ReasonShop, gateway.ReasonTooLarge,
		gateway.ReasonLimit, gateway.ReasonBusy, gateway.ReasonAudit, gateway.ReasonToken, gateway.ReasonUpstream, gateway.ReasonStore,
	} {
		code := reason.Code()
		if _, taken := c.Code(code); taken || seen[code] || code == 0 {
			t.Errorf("%s has code %d", reason, code)
		}
		seen[code] = true
	}
}

// The price of the gateway over a bare reverse proxy, one connection.
func BenchmarkOneConnection(b *testing.B) {
	benchmarkProxies(b)
}
