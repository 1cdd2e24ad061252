package sandbox_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// fault injects a fault and fails where it is refused.
func (w *world) fault(t *testing.T, rule string) {
	t.Helper()
	w.steer(t, "POST", "faults", rule, http.StatusCreated)
}

// Rules name operations, paths with parameters, shops and apps.
func TestFaultMatches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	order := func(region string) int { return w.call(t, region, "POST", searchPath, "page_size=1", "").Code }
	product := func() int { return w.call(t, "US", "GET", productsPath+"/1", "", "").Code }
	for match, hit := range map[string]struct{ orderUS, orderGB, product bool }{
		`"operation":"order.GetOrderList"`:                                 {true, true, false},
		`"operation":"order.*"`:                                            {true, true, false},
		`"operation":"product.GetProduct"`:                                 {false, false, true},
		`"path":"/product/202309/products/{product_id}"`:                   {false, false, true},
		`"path":"/product/202309/products/1"`:                              {false, false, true},
		`"path":"/product/*","method":"get"`:                               {false, false, true},
		`"path":"/product/*","method":"PUT"`:                               {false, false, false},
		`"shop_id":"` + w.shop("GB").ID + `"`:                              {false, true, false},
		`"app_key":"` + w.credentials.AppKey + `","operation":"product.*"`: {false, false, true},
		`"app_key":"another"`:                                              {false, false, false},
	} {
		w.steer(t, "POST", "reset", "", http.StatusOK)
		w.fault(t, `{"match":{`+match+`},"then":{"code":36009003}}`)
		got := [3]bool{order("US") == 36009003, order("GB") == 36009003, product() == 36009003}
		if want := [3]bool{hit.orderUS, hit.orderGB, hit.product}; got != want {
			t.Errorf("%s: hits %v, want %v", match, got, want)
		}
	}
}

// An expired token is expired as often as the rule says, and the dice fall as
// the seed has it.
func TestFaultTokenAndChance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fault(t, `{"match":{"operation":"order.*"},"next":2,"then":{"token":"expired"}}`)
	w.fault(t, `{"match":{"operation":"order.*"},"next":1,"then":{"token":"invalid"}}`)
	for i, want := range []int{tokenExpired, tokenExpired, 105001, 0} {
		if a := w.call(t, "US", "POST", searchPath, "page_size=1", ""); a.Code != want {
			t.Errorf("call %d: code %d, want %d", i, a.Code, want)
		}
	}
	draw := func() (hits string) {
		w.steer(t, "POST", "reset", "", http.StatusOK)
		w.fault(t, `{"probability":0.3,"then":{"status":503}}`)
		for range 200 {
			recorder := httptest.NewRecorder()
			w.ServeHTTP(recorder, httptest.NewRequest("GET", "/nowhere", nil))
			hits += fmt.Sprint(recorder.Code / 500)
		}
		return hits
	}
	first := draw()
	if n := strings.Count(first, "1"); n < 40 || n > 80 {
		t.Errorf("%d of 200 were hit, about 60 should be", n)
	}
	if draw() != first {
		t.Error("the same seed lets the dice fall otherwise")
	}
}

// A timeout after the work: the brand exists, though the client never learns.
func TestFaultAfterWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.fault(t, `{"match":{"path":"/product/202309/brands"},"next":1,"then":{"delay":"30s","cut":"after_work"}}`)
		before := time.Now()
		func() {
			defer func() {
				if err, ok := recover().(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
					t.Error("the connection is not cut")
				}
			}()
			w.call(t, "", "POST", "/product/202309/brands", "", `{"name":"Ghostling"}`)
		}()
		if waited := time.Since(before); waited != 30*time.Second {
			t.Errorf("waited for %v", waited)
		}
		if a := w.call(t, "", "POST", "/product/202309/brands", "", `{"name":"Ghostling"}`); a.Code != 12052205 {
			t.Errorf("the work was not done: code %d", a.Code)
		}
	})
}

// Faults of the configuration are there from the start and after a reset.
func TestFaultFile(t *testing.T) {
	t.Parallel()
	list, err := sandbox.ReadFaults(strings.NewReader(`[
		{"match": {"operation": "order.GetOrderList"}, "next": 1, "then": {"status": 429, "code": 36009002}},
		{"match": {"path": "/slow"}, "then": {"delay": "1ms"}}
	]`))
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	w := newWorld(t, func(c *sandbox.Config) { c.Faults = list })
	for range 2 {
		for i, want := range []int{throttled, 0} {
			if a := w.call(t, "US", "POST", searchPath, "page_size=1", ""); a.Code != want {
				t.Errorf("call %d: code %d, want %d", i, a.Code, want)
			}
		}
		w.steer(t, "POST", "reset", "", http.StatusOK)
	}
	for _, broken := range []string{
		``, `{}`, `[{}]`, `[{"then":{"status":99}}]`, `[{"next":0,"then":{"status":500}}]`, `[{"probability":2,"then":{"status":500}}]`,
		`[{"then":{"token":"stolen"}}]`, `[{"then":{"cut":"here"}}]`, `[{"then":{"cut":"body","status":500}}]`, `[{"then":{"delay":"-1s"}}]`, `[{"if":{},"then":{"status":500}}]`,
	} {
		if _, err := sandbox.ReadFaults(strings.NewReader(broken)); err == nil {
			t.Errorf("%s was taken", broken)
		}
	}
	for broken, want := range map[string]string{
		`{"then":{"status":500}}`:                          "want a JSON list",
		`[{"then":{"status":500}},{"then":{"state":500}}]`: `fault 2 of 2: json: unknown field "state"`,
		`[{"then":{"delay":"soon"}}]`:                      "fault 1 of 1: time: invalid duration",
	} {
		if _, err := sandbox.ReadFaults(strings.NewReader(broken)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", broken, err, want)
		}
	}
	if _, err := sandbox.New(sandbox.Config{Faults: []sandbox.Fault{{}}}); err == nil {
		t.Error("a fault that does nothing was taken")
	}
}

// Rates can be set for everything, or for an app, a shop, an operation.
func TestThrottleRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	passed := func(region, operation string) (n int) {
		for range 30 {
			code := 0
			if operation == "order" {
				code = w.call(t, region, "POST", searchPath, "page_size=1", "").Code
			} else {
				code = w.call(t, region, "GET", "/logistics/202309/warehouses", "", "").Code
			}
			if code != throttled {
				n++
			}
		}
		return n
	}
	for body, want := range map[string][3]int{ // orders US, orders GB, warehouses US
		`{"rate":20}`: {20, 20, 20},
		`{"rate":0}`:  {30, 30, 30},
		`{"rate":0,"rules":[{"shop_id":"` + w.shop("GB").ID + `","rate":5}]}`:                                       {30, 5, 30},
		`{"rate":0,"rules":[{"operation":"order.*","rate":4}]}`:                                                     {4, 4, 30},
		`{"rate":3,"rules":[{"path":"/order/*","rate":7},{"shop_id":"` + w.shop("US").ID + `","rate":0}]}`:          {30, 7, 30},
		`{"rate":9,"rules":[{"app_key":"another","rate":1},{"app_key":"` + w.credentials.AppKey + `","rate":0.5}]}`: {1, 1, 1},
	} {
		w.steer(t, "PUT", "throttle", body, http.StatusOK)
		got := [3]int{passed("US", "order"), passed("GB", "order"), passed("US", "warehouse")}
		if got != want {
			t.Errorf("%s: passed %v, want %v", body, got, want)
		}
	}
	for _, body := range []string{``, `{"rate":-1}`, `{"rules":[{"rate":-1}]}`, `{"speed":1}`} {
		w.steer(t, "PUT", "throttle", body, http.StatusBadRequest)
	}
	w.steer(t, "POST", "reset", "", http.StatusOK)
	if n := passed("US", "order"); n != 30 {
		t.Errorf("after a reset %d passed", n)
	}
}

// The log shows what is needed to understand a request, and no secret.
func TestRequestDetail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fault(t, `{"match":{"path":"/order/*"},"then":{"delay":"1ns"}}`)
	e := w.request("POST", searchPath, "page_size=2&sort_order=ASC&shop_cipher="+w.shop("US").Cipher, `{"order_status":"COMPLETED"}`)
	e.header.Set("User-Agent", "tester")
	w.send(t, e)
	detail := string(w.steer(t, "GET", "requests/1", "", http.StatusOK))
	for _, want := range []string{
		`"canonical":"(app secret)` + searchPath + `app_key` + w.credentials.AppKey + `page_size2shop_cipher` + w.shop("US").Cipher + `sort_orderASCtimestamp1773135000{\"order_status\":\"COMPLETED\"}(app secret)"`,
		`"request_body":"{\"order_status\":\"COMPLETED\"}"`, `"request_bytes":28`, `"User-Agent":"tester"`,
		`"response_body":"{\"code\":0,\"data\":{\"next_page_token\"`, `"shop_id":"` + w.shop("US").ID + `"`, `"source":"state"`, `"fault":"1"`,
		`"X-Tts-Access-Token":"(hidden)"`, `"sort_order":"ASC"`, `"signature_ok":true`, `"operation":"order.GetOrderList"`,
	} {
		if !strings.Contains(detail, want) {
			t.Errorf("the detail lacks %s:\n%s", want, detail)
		}
	}
	for _, secret := range []string{w.credentials.AppSecret, w.credentials.AccessToken, e.query.Get("sign")} {
		if strings.Contains(detail, secret) {
			t.Errorf("the detail shows %s", secret)
		}
	}
	// Long bodies are cut, and the numbers tell.
	long := `{"product_title":"` + strings.Repeat("ü", 8000) + `"}`
	w.call(t, "US", "POST", "/product/202309/categories/recommend", "", long)
	detail = string(w.steer(t, "GET", "requests/2", "", http.StatusOK))
	if !strings.Contains(detail, fmt.Sprintf(`"request_bytes":%d`, len(long))) || !strings.Contains(detail, "more bytes …") || len(detail) > 30000 {
		t.Errorf("a detail of %d bytes", len(detail))
	}
	for id, status := range map[string]int{"0": 404, "3": 404, "-1": 404, "x": 400} {
		w.steer(t, "GET", "requests/"+id, "", status)
	}
}

// A log that is full does not grow.
func TestFullLogStaysFlat(t *testing.T) {
	w := newWorld(t)
	r := searchRequest(w)
	work := func() {
		for range sandbox.LogCapacity + 1 {
			w.ServeHTTP(&discard{header: http.Header{}}, r)
		}
	}
	heap := func() uint64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	work()
	before := heap()
	for range 3 {
		work()
	}
	if after := heap(); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
}

func TestReseed(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t, func(c *sandbox.Config) { c.Seed = 11 })
	w.steer(t, "POST", "reset", `{"seed":11}`, http.StatusOK)
	now := w.Credentials()
	if now.AppKey != w.credentials.AppKey || now.Shops[0] != other.credentials.Shops[0] || now.AccessToken != other.credentials.AccessToken {
		t.Errorf("the world of seed 11 is another one: %v", now.Shops)
	}
	w.credentials = now
	if a := w.call(t, "US", "POST", searchPath, "page_size=1", ""); a.Code != 0 {
		t.Errorf("code %d: %s", a.Code, a.Message)
	}
	w.steer(t, "POST", "reset", `{"seed":"eleven"}`, http.StatusBadRequest)
	w.steer(t, "POST", "reset", "", http.StatusOK)
	if w.Credentials().Shops[0] == other.credentials.Shops[0] {
		t.Error("a plain reset does not lead back to the first seed")
	}
}
