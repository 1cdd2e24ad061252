package sandbox_test

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// browse asks for a page as a browser on this machine does. A form is posted.
func (w *world) browse(path string, form url.Values, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "http://sandbox.localhost/_sandbox/"+path, nil)
	if form != nil {
		r = httptest.NewRequest("POST", "http://sandbox.localhost/_sandbox/"+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://sandbox.localhost")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	r.RemoteAddr = "127.0.0.1:1"
	for _, f := range change {
		f(r)
	}
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, r)
	return recorder
}

// page returns a page that has to be there.
func (w *world) page(t testing.TB, path string) string {
	t.Helper()
	a := w.browse(path, nil)
	if a.Code != http.StatusOK || a.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%s: status %d, %s\n%.300s", path, a.Code, a.Header().Get("Content-Type"), a.Body)
	}
	return a.Body.String()
}

// submit posts a form that has to work, and returns the page that it leads to.
func (w *world) submit(t testing.TB, path string, form url.Values) string {
	t.Helper()
	a := w.browse(path, form)
	if a.Code != http.StatusSeeOther {
		t.Fatalf("%s %v: status %d: %s", path, form, a.Code, alert(a.Body.String()))
	}
	return w.page(t, strings.TrimPrefix(a.Header().Get("Location"), "/_sandbox/"))
}

// alert returns the text of a page that tells what was not done.
func alert(page string) string {
	found := regexp.MustCompile(`role="alert">(.*?)</p>`).FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

var pageLink = regexp.MustCompile(`(?:href|src|action)="/_sandbox/([^"]*)"`)

// walkPages visits everything that pages link to, once for each view with each
// set of parameters and a few times where ids differ.
func (w *world) walkPages(t *testing.T, visit func(path, page string)) {
	t.Helper()
	id := regexp.MustCompile(`[0-9]+`)
	kinds := map[string]int{}
	seen := map[string]bool{}
	for queue := []string{""}; len(queue) > 0; queue = queue[1:] {
		path := queue[0]
		a := w.browse(path, nil)
		if a.Code != http.StatusOK && a.Code != http.StatusFound {
			t.Errorf("%q: status %d", path, a.Code)
		}
		visit(path, a.Body.String())
		if !strings.HasPrefix(a.Header().Get("Content-Type"), "text/html") {
			continue
		}
		for _, link := range pageLink.FindAllStringSubmatch(a.Body.String(), -1) {
			to := html.UnescapeString(link[1])
			kind := id.ReplaceAllString(to, "N")
			if seen[to] || kinds[kind] >= 6 {
				continue
			}
			seen[to] = true
			kinds[kind]++
			queue = append(queue, to)
		}
	}
	for _, view := range []string{"ui/requests/N", "ui/orders/N", "ui/orders/new?shop=N", "ui/products/N", "ui/webhooks/N", "ui/faults", "ui/clock"} {
		if kinds[view] == 0 {
			t.Errorf("no page links to %s", view)
		}
	}
}

// Every page answers, whoever looks changes nothing and leaves no trace, and
// a secret can be read nowhere.
func TestPagesOnlyShow(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	secrets := map[string]string{
		"app secret": w.credentials.AppSecret, "access token": w.credentials.AccessToken,
		"refresh token": w.credentials.RefreshToken, "code": w.credentials.AuthCode,
	}
	var got tokens
	w.exchange(t, w.credentials.AuthCode).into(t, &got)
	secrets["new access token"], secrets["new refresh token"] = got.AccessToken, got.RefreshToken
	w.refresh(t, got.RefreshToken).into(t, &got)
	secrets["fresh access token"], secrets["fresh refresh token"] = got.AccessToken, got.RefreshToken
	wrong := w.request("POST", searchPath, "page_size=1", `{"access_token":"`+got.AccessToken+`"}`)
	wrong.sign = strings.Repeat("0", 64)
	w.send(t, wrong)
	w.steer(t, "PUT", "webhooks", `{"address":"http://127.0.0.1:9/hooks"}`, http.StatusOK)
	w.steer(t, "POST", "webhooks/trigger", `{"type":1}`, http.StatusOK)
	w.steer(t, "POST", "faults", `{"then":{"delay":"1ms"}}`, http.StatusCreated)
	w.ask(t, w.placed(t, "GB", "", "DELIVERED", 1, 2), "return")
	w.ask(t, w.placed(t, "US", "", "AWAITING_SHIPMENT", 1), "cancel")
	if err := w.Close(); err != nil { // nothing is delivered meanwhile
		t.Fatal(err)
	}

	before := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	log := w.steer(t, "GET", "requests", "", http.StatusOK)
	count := 0
	w.walkPages(t, func(path, page string) {
		count++
		for name, secret := range secrets {
			if strings.Contains(page, secret) {
				t.Errorf("%q tells the %s", path, name)
			}
		}
		if strings.Contains(page, "<no value>") || strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "%!") {
			t.Errorf("%q has a hole", path)
		}
	})
	if count < 60 {
		t.Errorf("%d pages only", count)
	}
	if !bytes.Equal(before, w.steer(t, "GET", "snapshot", "", http.StatusOK)) {
		t.Error("looking has changed the state")
	}
	if !bytes.Equal(log, w.steer(t, "GET", "requests", "", http.StatusOK)) {
		t.Error("looking stands in the log")
	}
}

// The views hold what they are for.
func TestPagesShow(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	gb := w.shop("GB")
	order := w.placed(t, "GB", "", "AWAITING_COLLECTION", 2)
	product := w.products(t, "GB", "/product/202502/products/search", "page_size=1", `{"status":"ACTIVATE"}`)[0]
	w.call(t, "", "GET", "/nowhere", "", "")
	for _, test := range []struct {
		path string
		want []string
	}{
		{"", []string{"Overview", w.credentials.AppKey, "http://sandbox.localhost", gb.Name, gb.Cipher, "ttshop login --sandbox=http://sandbox.localhost"}},
		{"ui/requests", []string{"/product/202502/products/search", "product.SearchProducts", "404", "36009009", "signed"}},
		{"ui/requests?failed=1", []string{"36009009"}},
		{"ui/requests?path=/none", []string{"No matching requests."}},
		{"ui/orders?shop=" + gb.ID, []string{gb.Name, order, "AWAITING_COLLECTION", "UNPAID"}},
		{"ui/orders?shop=" + gb.ID + "&q=" + order, []string{order, "1–1 of 1"}},
		{"ui/orders?shop=" + gb.ID + "&page=2", []string{"51–100 of", "Newer", "Older"}},
		{"ui/orders?shop=" + gb.ID + "&page=9999", []string{"Newer"}},
		{"ui/orders/" + order, []string{`name="to" value="IN_TRANSIT"`, `name="ask" value="refund"`, "Paid", "Shipped", "Cancelled unless the carrier collects it", "GBP"}},
		{"ui/orders/new?shop=" + gb.ID, []string{"Place the order", "in stock"}},
		{"ui/products?shop=" + gb.ID, []string{"ACTIVATE", "reserved"}},
		{"ui/products/" + product.ID, []string{product.SKUs[0].ID, "Reserved", "Warehouse"}},
		{"ui/webhooks", []string{"No delivery yet.", "1 ORDER_STATUS_CHANGE"}},
		{"ui/faults", []string{"No fault is in force.", "Throttled"}},
		{"ui/clock", []string{"2026-03-10 09:30:00", "7 days"}},
	} {
		page := strings.ReplaceAll(w.page(t, test.path), "<wbr>", "")
		for _, want := range test.want {
			if !strings.Contains(page, want) && !strings.Contains(page, html.EscapeString(want)) {
				t.Errorf("%q lacks %q", test.path, want)
			}
		}
	}
	for _, path := range []string{"ui/requests/99999", "ui/requests/x", "ui/orders/1", "ui/orders?shop=1", "ui/products/1", "ui/products/" + order, "ui/webhooks/7", "ui/nothing"} {
		if a := w.browse(path, nil); a.Code != http.StatusNotFound || !strings.Contains(a.Body.String(), "Not found") {
			t.Errorf("%q: status %d", path, a.Code)
		}
	}
	// The first page is for browsers only; programs get the list of endpoints.
	a := w.browse("", nil, func(r *http.Request) { r.Header.Set("Accept", "*/*") })
	if !strings.HasPrefix(a.Body.String(), "GET ") || a.Header().Get("Vary") != "Accept" {
		t.Errorf("to a program: %.80s", a.Body)
	}
}

// Text of others is text.
func TestPagesEscape(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	const evil = `"><script>alert(1)</script>`
	product := w.products(t, "GB", "/product/202502/products/search", "page_size=1", `{"status":"ACTIVATE"}`)[0]
	order := w.placed(t, "GB", "", "AWAITING_SHIPMENT", 1)
	raw := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	replaced := regexp.MustCompile(`"(title|product_name|sku_name|buyer_nickname)":"[^"]*"`).
		ReplaceAllString(string(raw), `"$1":"\"><script>alert(1)</script>"`)
	w.steer(t, "PUT", "snapshot", replaced, http.StatusOK)
	odd := httptest.NewRequest("POST", "/x", strings.NewReader(`{"a":"`+`<script>alert(1)</script>`+`"}`))
	odd.URL = &url.URL{Path: "/" + evil, RawPath: "/" + evil, RawQuery: "q=" + url.QueryEscape(evil)}
	odd.Header.Set("X-Odd", evil)
	w.ServeHTTP(httptest.NewRecorder(), odd)
	wrong := w.request("POST", searchPath, "page_size=1&odd="+url.QueryEscape(evil), `{"a":"<script>alert(1)</script>"}`)
	wrong.sign = strings.Repeat("0", 64)
	w.send(t, wrong)
	var log struct{ Requests []struct{ ID int } }
	w.control(t, "GET", "requests?limit=2", "", &log)
	w.steer(t, "PUT", "webhooks", `{"address":"http://127.0.0.1:9/?<script>alert(1)</script>"}`, http.StatusOK)
	w.steer(t, "POST", "webhooks/trigger", `{"type":1,"data":{"x":"<script>alert(1)</script>"}}`, http.StatusOK)
	w.steer(t, "POST", "faults", `{"match":{"path":"/<script>alert(1)</script>"},"then":{"status":500}}`, http.StatusCreated)
	for _, path := range []string{
		fmt.Sprintf("ui/requests/%d", log.Requests[1].ID), fmt.Sprintf("ui/requests/%d", log.Requests[0].ID), "ui/requests?path=" + url.QueryEscape(evil), "ui/orders?shop=" + w.shop("GB").ID, "ui/orders/" + order,
		"ui/orders?q=" + url.QueryEscape(evil), "ui/orders/new?shop=" + w.shop("GB").ID, "ui/products?shop=" + w.shop("GB").ID, "ui/products/" + product.ID,
		"ui/webhooks", "ui/webhooks/1", "ui/faults",
	} {
		page := w.page(t, path)
		if strings.Contains(page, "<script>alert") {
			t.Errorf("%q lets the script of others in", path)
		}
		if !strings.Contains(page, "alert(1)") {
			t.Errorf("%q does not show the text at all", path)
		}
	}
	if failed := w.browse("ui/faults", url.Values{"kind": {"delay"}, "delay": {evil}}); failed.Code != http.StatusConflict || strings.Contains(failed.Body.String(), "<script>alert") {
		t.Errorf("a form that fails: status %d, %s", failed.Code, alert(failed.Body.String()))
	}
}

// The pages run no script but their own, load nothing from elsewhere and are
// in no frame.
func TestPagesAreStrict(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, want := range map[string]string{
		"ui/orders": "script-src 'self'", "": "form-action 'self'", "ui/nothing": "frame-ancestors 'none'",
	} {
		if got := w.browse(path, nil).Header().Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none'; ") || !strings.Contains(got, want) || strings.Contains(got, "unsafe") {
			t.Errorf("%q: policy %q", path, got)
		}
	}
	consent := httptest.NewRecorder()
	w.ServeHTTP(consent, httptest.NewRequest("GET", "/open/authorize?service_id="+w.credentials.ServiceID, nil))
	if got := consent.Header().Get("Content-Security-Policy"); consent.Code != http.StatusOK || !strings.Contains(got, "style-src 'self'") || strings.Contains(got, "script") {
		t.Errorf("consent: status %d, policy %q", consent.Code, got)
	}
	for name, mediaType := range map[string]string{"style.css": "text/css; charset=utf-8", "live.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml"} {
		r := httptest.NewRequest("GET", "/_sandbox/assets/"+name, nil) // from another machine: the consent page needs them
		recorder := httptest.NewRecorder()
		w.ServeHTTP(recorder, r)
		if recorder.Code != http.StatusOK || recorder.Header().Get("Content-Type") != mediaType || recorder.Body.Len() == 0 {
			t.Errorf("%s: status %d, %q", name, recorder.Code, recorder.Header().Get("Content-Type"))
		}
		if strings.Contains(recorder.Body.String(), "//cdn") || strings.Contains(recorder.Body.String(), "@import") {
			t.Errorf("%s loads something", name)
		}
	}
	if a := w.browse("assets/consent.html", nil); a.Code != http.StatusNotFound {
		t.Errorf("a template: status %d", a.Code)
	}
}

// Neither other machines nor the pages of other sites steer the sandbox.
func TestPagesAreLocal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	remote := func(r *http.Request) { r.RemoteAddr = "192.0.2.1:1" }
	for _, path := range []string{"", "ui/requests", "ui/news", "ui/clock"} {
		if a := w.browse(path, nil, remote); a.Code != http.StatusForbidden {
			t.Errorf("%q from afar: status %d", path, a.Code)
		}
	}
	form := url.Values{"action": {"freeze"}}
	if a := w.browse("ui/clock", form, remote); a.Code != http.StatusForbidden {
		t.Errorf("a form from afar: status %d", a.Code)
	}
	open := newWorld(t, func(c *sandbox.Config) { c.RemoteControl = true })
	if a := open.browse("ui/clock", form, remote); a.Code != http.StatusSeeOther {
		t.Errorf("a form from afar where that is allowed: status %d", a.Code)
	}
	for _, test := range []struct {
		name, site, origin string
		want               int
	}{
		{"the page itself", "same-origin", "http://sandbox.localhost", http.StatusSeeOther},
		{"typed by hand", "none", "", http.StatusSeeOther},
		{"an old browser", "", "http://sandbox.localhost", http.StatusSeeOther},
		{"no browser", "", "", http.StatusSeeOther},
		{"another site", "cross-site", "http://evil.test", http.StatusForbidden},
		{"another port", "same-site", "http://sandbox.localhost:81", http.StatusForbidden},
		{"another site, an old browser", "", "http://evil.test", http.StatusForbidden},
		{"a page that hides where it is", "", "null", http.StatusForbidden},
	} {
		as := func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Del("Origin")
			if test.site != "" {
				r.Header.Set("Sec-Fetch-Site", test.site)
			}
			if test.origin != "" {
				r.Header.Set("Origin", test.origin)
			}
		}
		if a := w.browse("ui/clock", form, as); a.Code != test.want {
			t.Errorf("%s: status %d, want %d", test.name, a.Code, test.want)
		}
		want := http.StatusOK // the endpoint for programs answers without a redirect
		if test.want == http.StatusForbidden {
			want = test.want
		}
		steering := func(r *http.Request) {
			as(r)
			r.Header.Set("Content-Type", "text/plain") // what other sites can send without asking
			r.Body = http.NoBody
			r.ContentLength = 0
		}
		if a := w.browse("reset", url.Values{}, steering); a.Code != want {
			t.Errorf("%s, reset: status %d, want %d", test.name, a.Code, want)
		}
	}
}
