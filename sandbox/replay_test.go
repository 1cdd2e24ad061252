package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// loggedRequest is a request as the log lists it.
type loggedRequest struct {
	ID          int64
	Method      string
	Path        string
	Operation   string
	Status      int
	Code        int
	ShopID      string `json:"shop_id"`
	AppKey      string `json:"app_key"`
	SignatureOK *bool  `json:"signature_ok"`
	ReplayOf    int64  `json:"replay_of"`
	RequestBody string `json:"request_body"`
	Query       map[string]string
	Headers     map[string]string
	Fault       string
}

// log returns the last requests that fit a query.
func (w *world) log(t testing.TB, query string) []loggedRequest {
	t.Helper()
	var list struct{ Requests []loggedRequest }
	if status := w.control(t, "GET", "requests?"+query, "", &list); status != http.StatusOK {
		t.Fatalf("requests?%s: status %d", query, status)
	}
	return list.Requests
}

// replay sends a request of the log again.
func (w *world) replay(t testing.TB, id int64, body string) loggedRequest {
	t.Helper()
	var again loggedRequest
	if status := w.control(t, "POST", fmt.Sprintf("requests/%d/replay", id), body, &again); status != http.StatusOK {
		t.Fatalf("replay %d with %s: status %d", id, body, status)
	}
	return again
}

// A replay is signed with the secret of the app, whatever was wrong before, and
// goes through the same checks as any other request.
func TestReplay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	query := "page_size=2&shop_cipher=" + w.shop("GB").Cipher
	wrong := w.request("POST", searchPath, query, `{"order_status":"UNPAID"}`)
	wrong.sign = strings.Repeat("0", 64)
	w.send(t, wrong)
	before := w.log(t, "limit=1")[0]
	if before.Code != 106001 {
		t.Fatalf("a wrong signature: code %d", before.Code)
	}

	again := w.replay(t, before.ID, "")
	if again.Status != 200 || again.Code != 0 || again.SignatureOK == nil || !*again.SignatureOK || again.ReplayOf != before.ID || again.ID != before.ID+1 {
		t.Errorf("as it was: %+v", again)
	}
	if again.RequestBody != `{"order_status":"UNPAID"}` || again.Query["page_size"] != "2" || again.ShopID != w.shop("GB").ID || again.AppKey != w.credentials.AppKey {
		t.Errorf("the replay asks for something else: %+v", again)
	}
	for name, value := range map[string]string{"sign": again.Query["sign"], "token": again.Headers["X-Tts-Access-Token"]} {
		if len(value) > 12 {
			t.Errorf("the log tells the %s of the replay: %s", name, value)
		}
	}

	changed := w.replay(t, before.ID, `{"query":{"page_size":"3","shop_cipher":"`+w.shop("US").Cipher+`","timestamp":"1","app_key":"x"},"body":"{\"order_status\":\"DELIVERED\"}"}`)
	if changed.Code != 0 || changed.ShopID != w.shop("US").ID || changed.Query["page_size"] != "3" || !strings.Contains(changed.RequestBody, "DELIVERED") {
		t.Errorf("changed: %+v", changed)
	}
	if refused := w.replay(t, before.ID, `{"body":"{"}`); refused.Code != 36009004 {
		t.Errorf("a broken body: code %d, not 36009004", refused.Code)
	}
	if refused := w.replay(t, before.ID, `{"grant":""}`); refused.Code == 0 || refused.Headers["X-Tts-Access-Token"] != "" {
		t.Errorf("without a token: %+v", refused)
	}
	// The token of the first grant has expired; a replay has a good one.
	w.steer(t, "POST", "clock", `{"advance":"200h"}`, http.StatusOK)
	if later := w.replay(t, before.ID, ""); later.Code != 0 {
		t.Errorf("once the token has expired: code %d", later.Code)
	}
	// Faults hit replays too, and a connection that is cut is not there.
	w.steer(t, "POST", "faults", `{"next":1,"then":{"cut":"after_work"}}`, http.StatusCreated)
	if cut := w.replay(t, before.ID, ""); cut.Fault == "" || cut.ReplayOf != before.ID {
		t.Errorf("with a fault: %+v", cut)
	}
}

func TestReplayRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exchange(t, w.credentials.AuthCode)
	exchange := w.log(t, "limit=1")[0].ID
	large := w.request("POST", searchPath, "page_size=1&shop_cipher="+w.shop("GB").Cipher, `{"order_status":"`+strings.Repeat("x", 70<<10)+`"}`)
	w.send(t, large)
	form := w.request("POST", "/product/202309/images/upload", "", "--b--")
	form.header.Set("Content-Type", "multipart/form-data; boundary=b")
	w.send(t, form)
	w.call(t, "GB", "POST", searchPath, "page_size=1", "")
	for _, test := range []struct {
		id     int64
		body   string
		status int
		want   string
	}{
		{exchange, "", http.StatusConflict, "secrets"},
		{exchange + 1, "", http.StatusConflict, "64 KB"},
		{exchange + 2, "", http.StatusConflict, "files"},
		{99999, "", http.StatusNotFound, "does not have"},
		{exchange + 3, `{"grant":"77"}`, http.StatusBadRequest, `no grant with the id "77"`},
		{exchange + 3, `{"path":"/x"}`, http.StatusBadRequest, "path"},
	} {
		answer := w.steer(t, "POST", fmt.Sprintf("requests/%d/replay", test.id), test.body, test.status)
		if !strings.Contains(string(answer), test.want) && !strings.Contains(string(answer), strings.ReplaceAll(test.want, `"`, `\"`)) {
			t.Errorf("%d %s: %s, want %q", test.id, test.body, answer, test.want)
		}
	}
	if n := len(w.log(t, "")); n != 4 {
		t.Errorf("%d requests stand in the log, 4 were sent", n)
	}
}

// The list can be searched by whatever stands in a request or its answer, and
// not by what is secret.
func TestSearchLog(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	order := w.placed(t, "GB", "", "AWAITING_SHIPMENT", 1)
	w.call(t, "GB", "GET", "/order/202507/orders", "ids="+order, "")
	w.call(t, "GB", "POST", searchPath, "page_size=1", `{"order_status":"NeverHeardOf"}`)
	w.call(t, "", "GET", "/nowhere", "", "")
	ids := w.log(t, "")
	for _, test := range []struct {
		q    string
		want int
	}{
		{order, 1}, {"neverheardof", 1}, {"36009009", 1}, {"/nowhere", 1}, {"GetOrderDetail", 1}, {w.shop("GB").ID, 3},
		{w.credentials.AppKey, 4}, {w.credentials.AccessToken, 0}, {w.credentials.AppSecret, 0}, {"no such text", 0},
	} {
		if found := w.log(t, "q="+url.QueryEscape(test.q)); len(found) != test.want {
			t.Errorf("%q finds %d requests of %d, want %d", test.q, len(found), len(ids), test.want)
		}
	}
	if found := w.log(t, "failed=1"); len(found) == 0 || found[0].Code == 0 {
		t.Errorf("failed ones: %+v", found)
	}
	page := w.page(t, "ui/orders/"+order)
	if !strings.Contains(page, "order.GetOrderDetail") || !strings.Contains(page, "Requests that name it") {
		t.Error("the page of the order does not list the request that asked for it")
	}
	if request := w.page(t, fmt.Sprintf("ui/requests/%d", ids[2].ID)); !strings.Contains(request, `href="/_sandbox/ui/orders/`+order+`"`) {
		t.Error("the page of the request does not lead to the order")
	}
}

// What a browser asks for on its own is no request to the API.
func TestFaviconsAreNotLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png"} {
		a := httptest.NewRecorder()
		w.ServeHTTP(a, httptest.NewRequest("GET", path, nil))
		if a.Code != http.StatusFound || a.Header().Get("Location") != "/_sandbox/assets/icon.svg" {
			t.Errorf("%s: status %d to %q", path, a.Code, a.Header().Get("Location"))
		}
	}
	if list := w.log(t, ""); len(list) != 0 {
		t.Errorf("they stand in the log: %+v", list)
	}
}

// An operation that a fault answered is known all the same.
func TestFaultedOperationIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, then := range []string{`{"code":36009002}`, `{"status":502}`, `{"token":"expired"}`} {
		w.steer(t, "POST", "faults", `{"next":1,"then":`+then+`}`, http.StatusCreated)
		w.ServeHTTP(httptest.NewRecorder(), w.request("POST", searchPath, "page_size=1", "").http())
		if last := w.log(t, "limit=1")[0]; last.Operation != "order.GetOrderList" || last.Status == 200 {
			t.Errorf("%s: %+v", then, last)
		}
		if page := w.page(t, "ui/requests"); strings.Contains(page, "unknown operation") {
			t.Errorf("%s: the page calls it unknown", then)
		}
	}
}

// The archive has what version 1.2 of the format asks for, and no secret.
func TestHAR(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.Explain = func(sandbox.Refused) string { return "a wrong secret" } })
	w.exchange(t, w.credentials.AuthCode)
	w.call(t, "GB", "POST", searchPath, "page_size=1", `{"order_status":"UNPAID"}`)
	wrong := w.request("GET", "/authorization/202309/shops", "", "")
	wrong.sign = strings.Repeat("0", 64)
	w.send(t, wrong)
	w.steer(t, "POST", "faults", `{"next":1,"then":{"cut":"after_work"}}`, http.StatusCreated)
	func() {
		defer func() { _ = recover() }() // the connection is cut
		w.call(t, "GB", "POST", searchPath, "page_size=1", "")
	}()
	raw := w.steer(t, "GET", "har", "", http.StatusOK)
	for _, secret := range []string{w.credentials.AppSecret, w.credentials.AccessToken, w.credentials.RefreshToken, w.credentials.AuthCode} {
		if strings.Contains(string(raw), secret) {
			t.Error("the archive tells a secret")
		}
	}
	var archive struct {
		Log map[string]json.RawMessage
	}
	if err := json.Unmarshal(raw, &archive); err != nil {
		t.Fatal(err)
	}
	var entries []map[string]json.RawMessage
	if err := json.Unmarshal(archive.Log["entries"], &entries); err != nil {
		t.Fatal(err)
	}
	if len(entries) != 4 || string(archive.Log["version"]) != `"1.2"` {
		t.Fatalf("%d entries of version %s, 4 requests were sent", len(entries), archive.Log["version"])
	}
	holds(t, "log", archive.Log, "version", "creator", "entries")
	var last time.Time
	for i, e := range entries {
		at := fmt.Sprintf("entries[%d]", i)
		holds(t, at, e, "startedDateTime", "time", "request", "response", "cache", "timings")
		holds(t, at+".request", e["request"], "method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize")
		holds(t, at+".response", e["response"], "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize")
		holds(t, at+".timings", e["timings"], "send", "wait", "receive")
		var parts struct {
			Started  time.Time `json:"startedDateTime"`
			Time     float64
			Request  struct{ URL string }
			Response struct {
				Status  int
				Content map[string]json.RawMessage
			}
			Timings struct{ Send, Wait, Receive float64 }
		}
		encoded, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(encoded, &parts); err != nil {
			t.Fatal(err)
		}
		holds(t, at+".response.content", parts.Response.Content, "size", "mimeType")
		if !strings.HasPrefix(parts.Request.URL, "http://") {
			t.Errorf("%s: the URL %q is not absolute", at, parts.Request.URL)
		}
		if sum := parts.Timings.Send + parts.Timings.Wait + parts.Timings.Receive; sum != parts.Time {
			t.Errorf("%s: the timings add up to %v, the time is %v", at, sum, parts.Time)
		}
		if parts.Started.Before(last) {
			t.Errorf("%s: the oldest does not stand first", at)
		}
		last = parts.Started
	}
	if !strings.Contains(string(raw), `"_explanation": "a wrong secret"`) {
		t.Error("the mistake of the wrong signature is missing")
	}
	var some struct{ Log struct{ Entries []any } }
	w.control(t, "GET", "har?q=/authorization/&limit=5", "", &some)
	if len(some.Log.Entries) != 1 {
		t.Errorf("a search gives %d entries", len(some.Log.Entries))
	}
}

// holds checks that an object has members.
func holds(t *testing.T, at string, object any, members ...string) {
	t.Helper()
	raw, ok := object.(json.RawMessage)
	if !ok {
		var err error
		if raw, err = json.Marshal(object); err != nil {
			t.Fatal(err)
		}
	}
	var has map[string]json.RawMessage
	if err := json.Unmarshal(raw, &has); err != nil {
		t.Fatalf("%s: %v", at, err)
	}
	for _, name := range members {
		if value, ok := has[name]; !ok || string(value) == "null" {
			t.Errorf("%s has no %s", at, name)
		}
	}
}
