package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

// An order goes by forms from its placing to a return.
func TestFormsOfOrders(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	gb := w.shop("GB")
	skus := w.offers(t, "GB", 2)
	a := w.browse("ui/orders/new", form("shop", gb.ID, "sku", skus[0].ID, "quantity", "2", "sku", "", "quantity", "1", "sku", skus[1].ID, "quantity", "1", "shipping_type", "SELLER"))
	id, ok := strings.CutPrefix(strings.TrimSuffix(a.Header().Get("Location"), "?done=placed"), "/_sandbox/ui/orders/")
	if a.Code != http.StatusSeeOther || !ok {
		t.Fatalf("placing: status %d to %q: %s", a.Code, a.Header().Get("Location"), alert(a.Body.String()))
	}
	path := "ui/orders/" + id
	page := w.page(t, path+"?done=placed")
	if !strings.Contains(page, "The order is placed.") || strings.Count(page, "· line <code>") != 3 || !strings.Contains(page, "SELLER, ") {
		t.Errorf("the order:\n%s", page)
	}
	for _, to := range []string{"ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED"} {
		if !strings.Contains(page, `name="to" value="`+to+`"`) {
			t.Fatalf("no button leads to %s", to)
		}
		page = w.submit(t, path, form("to", to))
		if !strings.Contains(page, ">"+to+"</span>") {
			t.Fatalf("the order is not %s", to)
		}
	}
	page = w.submit(t, path, form("ask", "return"))
	request := between(page, `name="request" value="`, `"`)
	if request == "" || !strings.Contains(page, "Buyer withdraws") {
		t.Fatalf("no request:\n%s", page)
	}
	page = w.submit(t, path, form("request", request, "do", "withdraw"))
	if !strings.Contains(page, "RETURN_OR_REFUND_REQUEST_CANCEL") {
		t.Error("the request is not withdrawn")
	}
	page = w.submit(t, path, form("to", "COMPLETED"))
	if !strings.Contains(page, "COMPLETED is final.") {
		t.Error("the order is not completed")
	}
	for want, refused := range map[string]url.Values{
		"cannot become":         form("to", "UNPAID"),
		"to is one of":          form("to", "ELSEWHERE"),
		"is completed (":        form("ask", "refund"), // with the platform's code
		"ask is cancel":         form("ask", "money"),
		"no withdraw":           form("request", request, "do", "withdraw"),
		"no cancellation or":    form("request", "../clock", "do", "withdraw"),
		"says nothing to do":    form(),
		"do is one of withdraw": form("request", request, "do", "dance"),
	} {
		if a := w.browse(path, refused); a.Code != http.StatusConflict || !strings.Contains(alert(a.Body.String()), want) {
			t.Errorf("%v: status %d: %s, want %q", refused, a.Code, alert(a.Body.String()), want)
		}
	}
	for want, refused := range map[string]url.Values{
		"choose a SKU":       form("shop", gb.ID, "sku", "", "quantity", "1"),
		"is not a number":    form("shop", gb.ID, "sku", skus[0].ID, "quantity", "many"),
		"has no SKU":         form("shop", gb.ID, "sku", "1", "quantity", "1"),
		"at least 1":         form("shop", gb.ID, "sku", skus[0].ID, "quantity", "0"),
		"shipping_type is T": form("shop", gb.ID, "sku", skus[0].ID, "quantity", "1", "shipping_type", "PIGEON"),
	} {
		if a := w.browse("ui/orders/new", refused); a.Code != http.StatusConflict || !strings.Contains(alert(a.Body.String()), want) {
			t.Errorf("%v: status %d: %s, want %q", refused, a.Code, alert(a.Body.String()), want)
		}
	}
}

// between returns the text between two others.
func between(text, from, to string) string {
	_, rest, ok := strings.Cut(text, from)
	if !ok {
		return ""
	}
	found, _, _ := strings.Cut(rest, to)
	return found
}

func TestFormsOfWebhooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receiver := newReceiver(t, w)
	page := w.submit(t, "ui/webhooks", form("action", "address", "address", receiver.URL+"/hooks", "types", "1, 5"))
	if !strings.Contains(page, "The address is saved.") || !strings.Contains(page, `value="1, 5"`) {
		t.Errorf("the address:\n%s", page)
	}
	page = w.submit(t, "ui/webhooks", form("action", "trigger", "type", "1", "shop", w.shop("VN").ID))
	if got := <-receiver.arrived; got.Type != 1 || got.ShopID != w.shop("VN").ID || !got.genuine {
		t.Errorf("arrived: %+v", got)
	}
	for _, want := range []string{"ORDER_STATUS_CHANGE", ">DELIVERED</span>", ">200</span>", receiver.URL, `<span class="k">&#34;shop_id&#34;</span>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the delivery lacks %s", want)
		}
	}
	if page = w.submit(t, "ui/webhooks/1", form("action", "resend")); strings.Count(page, ">200</span>") != 2 {
		t.Error("it was not sent once more")
	}
	if page = w.submit(t, "ui/webhooks", form("action", "clear")); strings.Contains(page, "Remove") {
		t.Error("the address is still set")
	}
	for want, refused := range map[string]url.Values{
		"give the address":             form("action", "address"),
		"is not a number":              form("action", "address", "address", receiver.URL, "types", "all"),
		"cannot be used":               form("action", "address", "address", "ftp://127.0.0.1"),
		"choose the type":              form("action", "trigger"),
		"has an address for this type": form("action", "trigger", "type", "1"),
		"no shop has the id":           form("action", "trigger", "type", "1", "shop", "1", "to", receiver.URL),
		"says nothing to do":           form("action", "dance"),
		"must be the number o":         form("action", "trigger", "type", "-1"),
	} {
		if a := w.browse("ui/webhooks", refused); a.Code != http.StatusConflict || !strings.Contains(alert(a.Body.String()), want) {
			t.Errorf("%v: status %d: %s, want %q", refused, a.Code, alert(a.Body.String()), want)
		}
	}
	if a := w.browse("ui/webhooks/99", form("action", "resend")); a.Code != http.StatusNotFound || !strings.Contains(alert(a.Body.String()), "no such delivery") {
		t.Errorf("an unknown delivery: status %d", a.Code)
	}
}

func TestFormsOfFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gb := w.shop("GB")
	page := w.submit(t, "ui/faults", form("kind", "throttle", "next", "1", "target", "order.*", "shop", gb.ID, "delay", ""))
	for _, want := range []string{"answers 429, code 36009002", "order.*, shop " + gb.ID, "the next 1"} {
		if !strings.Contains(page, want) {
			t.Errorf("the fault lacks %q", want)
		}
	}
	if a := w.call(t, "US", "POST", searchPath, "page_size=1", ""); a.Code != 0 {
		t.Errorf("another shop: code %d", a.Code)
	}
	if a := w.call(t, "GB", "POST", searchPath, "page_size=1", ""); a.Code != 36009002 {
		t.Errorf("the shop: code %d", a.Code)
	}
	if !strings.Contains(w.page(t, "ui/requests/2"), "Fault 1 hit this request.") {
		t.Error("the request does not name the fault")
	}
	for kind, want := range map[string]string{
		"internal": "answers 500, code 36009003", "bad-gateway": "answers 502", "unavailable": "answers 503",
		"delay": "delay of 48h", "cut-before": "cuts before the work", "cut-body": "cuts in the middle of the answer",
		"cut-after": "cuts after the work, delay of 48h", "expired": "access token expired, answers 401, code 105002", "invalid": "access token invalid",
	} {
		if page = w.submit(t, "ui/faults", form("kind", kind, "target", "/never/*", "delay", "2d")); !strings.Contains(page, want) || !strings.Contains(page, "every one") {
			t.Errorf("%s: no %q", kind, want)
		}
	}
	for kind, want := range map[string][]string{
		"webhook-duplicate": {"webhook duplicate", "webhooks of ORDER_STATUS_CHANGE"},
		"webhook-late":      {"webhook late, delay of 13h", "webhooks of PRODUCT_STATUS_CHANGE"},
		"webhook-forged":    {"webhook forged", "all webhooks"},
	} {
		values := form("kind", kind, "next", "2")
		switch kind {
		case "webhook-duplicate":
			values.Set("type", "1")
		case "webhook-late":
			values.Set("type", "5")
			values.Set("delay", "13h")
		}
		page = w.submit(t, "ui/faults", values)
		for _, text := range append(want, "the next 2") {
			if !strings.Contains(page, text) {
				t.Errorf("%s: no %q", kind, text)
			}
		}
	}
	for page = w.page(t, "ui/faults"); strings.Contains(page, "Remove"); {
		page = w.submit(t, "ui/faults", form("action", "remove", "id", between(page, `name="id" value="`, `"`)))
	}
	for want, refused := range map[string]url.Values{
		"choose what":         form("kind", "flood"),
		"is not a number":     form("kind", "throttle", "next", "few"),
		"at least 1":          form("kind", "throttle", "next", "0"),
		"is not a duration":   form("kind", "delay", "delay", "soon"),
		"how long the delay":  form("kind", "delay"),
		"no such fault":       form("action", "remove", "id", "99"),
		"is not a type of we": form("kind", "webhook-forged", "type", "one"),
		"only late webhooks":  form("kind", "webhook-forged", "delay", "2h"),
		"must not be negativ": form("kind", "delay", "delay", "-2s"),
	} {
		if a := w.browse("ui/faults", refused); a.Code != http.StatusConflict || !strings.Contains(alert(a.Body.String()), want) {
			t.Errorf("%v: status %d: %s, want %q", refused, a.Code, alert(a.Body.String()), want)
		}
	}
}

func TestFormsOfTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct {
		form url.Values
		want time.Time
		says string
	}{
		{form("action", "advance", "by", "7d"), start.Add(7 * 24 * time.Hour), "7 d ahead of the real time"},
		{form("action", "advance", "by", "-1d12h"), start.Add(5*24*time.Hour + 12*time.Hour + 24*time.Hour), "6 d 12 h ahead"},
		{form("action", "advance", "by", "90m"), start.Add(6*24*time.Hour + 13*time.Hour + 30*time.Minute), "frozen"},
		{form("action", "set", "at", "2026-03-10T09:00:05"), start.Add(-30*time.Minute + 5*time.Second), "29 min 55 s behind"},
		{form("action", "set", "at", "2026-03-10T09:30"), start, "It is the real time."},
		{form("action", "set", "at", "1773135060"), start.Add(time.Minute), "1 min ahead"},
	} {
		if test.says == "frozen" {
			w.submit(t, "ui/clock", form("action", "freeze"))
		}
		page := w.submit(t, "ui/clock", test.form)
		if want := test.want.Format(`id="time" datetime="` + time.RFC3339); !strings.Contains(page, want) || !strings.Contains(page, test.says) {
			t.Errorf("%v: want %s and %q, got %s", test.form, want, test.says, between(page, `id="time" `, ">"))
		}
	}
	w.submit(t, "ui/clock", form("action", "run"))
	id := w.placed(t, "GB", "", "AWAITING_SHIPMENT", 1)
	if page := w.submit(t, "ui/clock", form("action", "reset", "seed", "8")); !strings.Contains(page, `<dd class="num">8</dd>`) {
		t.Error("the world is not that of the other seed")
	}
	if a := w.browse("ui/orders/"+id, nil); a.Code != http.StatusNotFound {
		t.Errorf("an order of the world before: status %d", a.Code)
	}
	w.submit(t, "ui/clock", form("action", "reset", "seed", ""))
	for want, refused := range map[string]url.Values{
		"is not a duration":     form("action", "advance", "by", "soon"),
		"\"99999d\" is not a d": form("action", "advance", "by", "99999d"),
		"is not a time":         form("action", "set", "at", "tomorrow"),
		"is not a seed":         form("action", "reset", "seed", "-1"),
		"says nothing":          form("action", "stop"),
	} {
		if a := w.browse("ui/clock", refused); a.Code != http.StatusConflict || !strings.Contains(alert(a.Body.String()), want) {
			t.Errorf("%v: status %d: %s, want %q", refused, a.Code, alert(a.Body.String()), want)
		}
	}
}
