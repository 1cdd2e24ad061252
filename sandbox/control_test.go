package sandbox_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// control calls a control endpoint and decodes the answer into v.
func (w *world) control(t testing.TB, method, path, body string, v any) int {
	t.Helper()
	r := httptest.NewRequest(method, "http://localhost/_sandbox/"+path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:1234"
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, r)
	if v != nil {
		if err := json.Unmarshal(recorder.Body.Bytes(), v); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, recorder.Body)
		}
	}
	return recorder.Code
}

func TestControlIsLocal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		remote string
		open   bool
		want   int
	}{
		{"127.0.0.1:1", false, 200}, {"[::1]:1", false, 200}, {"192.0.2.1:1", false, 403}, {"", false, 403}, {"192.0.2.1:1", true, 200},
	} {
		w := newWorld(t, func(c *sandbox.Config) { c.RemoteControl = test.open })
		for _, path := range []string{"", "health", "requests"} {
			r := httptest.NewRequest("GET", "http://localhost/_sandbox/"+path, nil)
			r.RemoteAddr = test.remote
			recorder := httptest.NewRecorder()
			w.ServeHTTP(recorder, r)
			if recorder.Code != test.want {
				t.Errorf("%q from %q: status %d, want %d", path, test.remote, recorder.Code, test.want)
			}
		}
	}
}

func TestControlClock(t *testing.T) {
	t.Parallel()
	source := newManualClock()
	w := newWorld(t, func(c *sandbox.Config) { c.Now = source.Now })
	now := func() int64 {
		var health struct{ Now time.Time }
		w.control(t, "GET", "health", "", &health)
		return health.Now.Unix()
	}
	change := func(body string) {
		t.Helper()
		if status := w.control(t, "POST", "clock", body, nil); status != 200 {
			t.Errorf("%s: status %d", body, status)
		}
	}
	begin := start.Unix()
	steps := []struct {
		do   func()
		want int64
	}{
		{func() {}, begin},
		{func() { change(`{"advance":"72h"}`) }, begin + 72*3600},
		{func() { source.advance(time.Second) }, begin + 72*3600 + 1},
		{func() { change(`{"freeze":true}`) }, begin + 72*3600 + 1},
		{func() { source.advance(time.Hour) }, begin + 72*3600 + 1},
		{func() { change(`{"advance":"-1h"}`) }, begin + 71*3600 + 1},
		{func() { change(`{"set":1800000000}`) }, 1800000000},
		{func() { source.advance(time.Hour) }, 1800000000},
		{func() { change(`{"freeze":false}`) }, 1800000000},
		{func() { source.advance(time.Minute) }, 1800000060},
		{func() { change(`{"set":1700000000,"freeze":true}`) }, 1700000000},
		{func() { change(`{"freeze":false,"advance":"10s"}`) }, 1700000010},
		{func() { w.control(t, "POST", "reset", "", nil) }, source.Now().Unix()},
	}
	for i, step := range steps {
		step.do()
		want := step.want
		if i == len(steps)-1 {
			want = source.Now().Unix()
		}
		if got := now(); got != want {
			t.Fatalf("step %d: %d, want %d", i, got, want)
		}
	}
	// Answers carry the sandbox's date.
	recorder := httptest.NewRecorder()
	w.control(t, "POST", "clock", `{"set":1900000000}`, nil)
	w.ServeHTTP(recorder, httptest.NewRequest("GET", "/nowhere", nil))
	if got := recorder.Header().Get("Date"); got != time.Unix(1900000000, 0).UTC().Format(http.TimeFormat) {
		t.Errorf("Date %q", got)
	}
	for _, body := range []string{``, `{}`, `{"advance":5}`, `{"advance":"soon"}`, `{"hours":1}`} {
		if status := w.control(t, "POST", "clock", body, nil); status != 400 {
			t.Errorf("%q: status %d", body, status)
		}
	}
}

func TestControlRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.call(t, "US", "POST", searchPath, "page_size=5", "")
	bad := w.request("POST", searchPath, "page_size=5&shop_cipher="+w.shop("US").Cipher, "")
	bad.sign = strings.Repeat("0", 64)
	failed := w.send(t, bad)
	w.exchange(t, w.credentials.AuthCode)
	w.serve(t, httptest.NewRequest("GET", "/nowhere?app_secret="+w.credentials.AppSecret, nil))
	list := func(query string) (records []map[string]any) {
		var data struct{ Requests []map[string]any }
		w.control(t, "GET", "requests"+query, "", &data)
		return data.Requests
	}
	all := list("")
	if len(all) != 4 {
		t.Fatalf("%d requests: %v", len(all), all)
	}
	for i, want := range []map[string]any{
		{"path": "/nowhere", "status": 404.0, "code": 36009009.0, "operation": "", "signature_ok": nil},
		{"path": "/api/v2/token/get", "status": 200.0, "code": 0.0, "operation": "oauth.GetAccessToken", "signature_ok": nil},
		{"path": searchPath, "status": 401.0, "code": 106001.0, "operation": "order.GetOrderList", "signature_ok": false, "request_id": failed.RequestID},
		{"path": searchPath, "method": "POST", "status": 200.0, "code": 0.0, "operation": "order.GetOrderList", "signature_ok": true},
	} {
		for key, value := range want {
			if all[i][key] != value {
				t.Errorf("request %d: %s is %v, want %v", i, key, all[i][key], value)
			}
		}
		if _, err := time.Parse(time.RFC3339Nano, all[i]["time"].(string)); err != nil || all[i]["id"] != float64(4-i) {
			t.Errorf("request %d: time %v, id %v", i, all[i]["time"], all[i]["id"])
		}
	}
	if text := fmt.Sprint(all); strings.Contains(text, w.credentials.AppSecret) || strings.Contains(text, w.credentials.AuthCode) {
		t.Error("the log holds a secret")
	}
	if got := list("?limit=1"); len(got) != 1 || got[0]["path"] != "/nowhere" {
		t.Errorf("limit: %v", got)
	}
	if got := list("?path=/order/&limit=10"); len(got) != 2 {
		t.Errorf("path: %v", got)
	}
	if status := w.control(t, "GET", "requests?limit=x", "", nil); status != 400 {
		t.Errorf("bad limit: status %d", status)
	}
	// The log forgets the oldest.
	for range sandbox.LogCapacity + 10 {
		w.serve(t, httptest.NewRequest("GET", "/nowhere", nil))
	}
	if got := list("?limit=5000"); len(got) != sandbox.LogCapacity || got[len(got)-1]["id"] != 15.0 {
		t.Errorf("%d requests are remembered", len(got))
	}
}

func TestControlReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.call(t, "US", "POST", "/product/202502/products/search", "page_size=100", "").Data
	p := w.withStatus(t, "US", "ACTIVATE")
	w.call(t, "US", "DELETE", productsPath, "", `{"product_ids":["`+p.ID+`"]}`).into(t, new(any))
	w.control(t, "POST", "faults", `{"then":{"status":500}}`, nil)
	if status := w.control(t, "POST", "reset", "", nil); status != 200 {
		t.Fatalf("status %d", status)
	}
	after := w.call(t, "US", "POST", "/product/202502/products/search", "page_size=100", "").Data
	if string(before) != string(after) {
		t.Error("the world is another one after the reset")
	}
	if fresh := w.Credentials(); fresh.AccessToken != w.credentials.AccessToken || fresh.ServiceID != w.credentials.ServiceID {
		t.Error("the credentials changed")
	}
}

func TestControlUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for request, want := range map[string]int{"GET nothing": 404, "GET reset": 405, "POST health": 405, "GET ": 200} {
		method, path, _ := strings.Cut(request, " ")
		if status := w.control(t, method, path, "", nil); status != want {
			t.Errorf("%s: status %d, want %d", request, status, want)
		}
	}
}

func TestThrottle(t *testing.T) {
	t.Parallel()
	clock := newManualClock()
	w := newWorld(t, func(c *sandbox.Config) { c.Now = clock.Now; c.Throttle = nil })
	count := func(region string, tries int) (passed int) {
		for range tries {
			switch a := w.call(t, region, "POST", searchPath, "page_size=1", ""); {
			case a.Code == 0:
				passed++
			case a.Code != throttled || a.status != 429:
				t.Errorf("status %d, code %d", a.status, a.Code)
			}
		}
		return passed
	}
	if got := count("US", 60); got != 50 {
		t.Errorf("%d requests passed at once, want 50", got)
	}
	if got := count("GB", 10); got != 10 {
		t.Errorf("another shop: %d of 10 passed", got)
	}
	if a := w.call(t, "US", "GET", "/logistics/202309/warehouses", "", ""); a.Code != 0 {
		t.Errorf("another operation: code %d", a.Code)
	}
	clock.advance(100 * time.Millisecond)
	if got := count("US", 10); got != 5 {
		t.Errorf("%d requests passed after a tenth of a second, want 5", got)
	}
	clock.advance(-time.Minute)
	w.now = clock.Now()
	if got := count("US", 5); got != 0 {
		t.Errorf("%d requests passed after the clock went back", got)
	}
	clock.advance(time.Hour)
	w.now = clock.Now()
	if got := count("US", 60); got != 50 {
		t.Errorf("%d requests passed after an hour, want 50", got)
	}
}

func TestFaultAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var made struct{ ID string }
	inject := func(body string) {
		t.Helper()
		if status := w.control(t, "POST", "faults", body, &made); status != 201 || made.ID == "" {
			t.Fatalf("%s: status %d", body, status)
		}
	}
	ask := func() *answer { return w.call(t, "", "GET", "/authorization/202309/shops", "", "") }
	inject(`{"match":{"method":"GET","path":"/authorization/202309/shops"},"next":2,"then":{"status":429,"code":36009002}}`)
	if a := w.call(t, "", "GET", "/seller/202309/shops", "", ""); a.Code != 0 {
		t.Errorf("another path: code %d", a.Code)
	}
	for i, want := range []int{throttled, throttled, 0} {
		if a := ask(); a.Code != want {
			t.Errorf("request %d: code %d, want %d", i, a.Code, want)
		}
	}
	inject(`{"match":{"path":"/authorization/*"},"then":{"code":36009003}}`)
	if a := ask(); a.Code != 36009003 || a.status != 500 || string(a.Data) != "null" {
		t.Errorf("status %d, code %d", a.status, a.Code)
	}
	if status := w.control(t, "DELETE", "faults/"+made.ID, "", nil); status != 200 {
		t.Errorf("delete: status %d", status)
	}
	if status := w.control(t, "DELETE", "faults/"+made.ID, "", nil); status != 404 {
		t.Errorf("delete again: status %d", status)
	}
	if a := ask(); a.Code != 0 {
		t.Errorf("after the fault: code %d", a.Code)
	}
	// Without a code the answer is that of something in front of the gateway.
	inject(`{"next":1,"then":{"status":503}}`)
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, w.request("GET", "/authorization/202309/shops", "", "").http())
	if recorder.Code != 503 || json.Valid(recorder.Body.Bytes()) {
		t.Errorf("status %d: %s", recorder.Code, recorder.Body)
	}
	// The token endpoints can fail too.
	inject(`{"match":{"path":"/api/v2/token/get"},"next":1,"then":{"code":36009003}}`)
	if a := w.exchange(t, w.Credentials().AuthCode); a.Code != 36009003 {
		t.Errorf("token endpoint: code %d", a.Code)
	}
	inject(`{"probability":0.3,"then":{"status":500,"code":36009003}}`)
	hits := 0
	for range 1000 {
		if ask().Code != 0 {
			hits++
		}
	}
	if hits < 230 || hits > 370 {
		t.Errorf("%d hits of 1000 at a probability of 0.3", hits)
	}
}

func TestFaultErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, body := range []string{
		``, `{}`, `{"then":{}}`, `{"next":0,"then":{"status":500}}`, `{"probability":0,"then":{"status":500}}`,
		`{"probability":1.5,"then":{"status":500}}`, `{"then":{"status":99}}`, `{"then":{"cut":"later"}}`,
		`{"then":{"cut":"body","status":500}}`, `{"then":{"delay":"-1s"}}`, `{"then":{"delay":5}}`, `{"when":"now"}`,
	} {
		var refusal struct{ Error string }
		if status := w.control(t, "POST", "faults", body, &refusal); status != 400 || refusal.Error == "" {
			t.Errorf("%s: status %d", body, status)
		}
	}
}

// TestFaultCuts cuts real connections at each point.
func TestFaultCuts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	brands := len(w.brands(t, "", 100))
	for i, test := range []struct {
		cut  string
		done bool // the work
		part bool // a part of the answer arrives
	}{
		{"before", false, false}, {"after_work", true, false}, {"body", true, true},
	} {
		w.control(t, "POST", "faults", `{"match":{"method":"POST"},"next":1,"then":{"cut":"`+test.cut+`"}}`, nil)
		r := w.request("POST", "/product/202309/brands", "", fmt.Sprintf(`{"name":"Cut %c"}`, 'A'+i)).http()
		outgoing, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+r.URL.RequestURI(), r.Body)
		if err != nil {
			t.Fatal(err)
		}
		outgoing.Header = r.Header
		response, err := client.Do(outgoing)
		if (err == nil) != test.part {
			t.Errorf("%s: error %v", test.cut, err)
		}
		if err == nil {
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if !errors.Is(err, io.ErrUnexpectedEOF) || len(body) == 0 {
				t.Errorf("%s: %d bytes arrived, error %v", test.cut, len(body), err)
			}
		}
		if test.done {
			brands++
		}
		if got := len(w.brands(t, "", 100)); got != brands {
			t.Errorf("%s: %d brands, want %d", test.cut, got, brands)
		}
	}
}

func TestFaultDelay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.control(t, "POST", "faults", `{"next":1,"then":{"delay":"30ms"}}`, nil)
	began := time.Now()
	if a := w.call(t, "", "GET", "/authorization/202309/shops", "", ""); a.Code != 0 {
		t.Errorf("code %d", a.Code)
	}
	if took := time.Since(began); took < 30*time.Millisecond {
		t.Errorf("answered after %v", took)
	}
}

// The clock stays where a snapshot of it can be taken and restored.
func TestClockBounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, body := range []string{
		`{"set":-1}`, `{"set":7258118400}`, `{"set":9223372036854775807,"advance":"1h"}`, `{"set":1800000000,"advance":"-2000000h"}`,
		`{"advance":"-2000000h"}`, `{"advance":"2000000h","freeze":true}`,
	} {
		w.steer(t, "POST", "clock", body, http.StatusBadRequest)
	}
	if got := w.steer(t, "POST", "clock", `{"set":7258118399,"freeze":true}`, http.StatusOK); !strings.Contains(string(got), "7258118399") {
		t.Errorf("%s", got)
	}
	if err := w.Restore(w.Snapshot()); err != nil {
		t.Error(err)
	}
}
