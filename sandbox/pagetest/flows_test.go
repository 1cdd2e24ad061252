package pagetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/ttshop-go/ttshop"
)

const searchPath = "/order/202309/orders/search"

// A request with a wrong signature appears on the open page, and its details
// tell what went wrong.
func TestRequestAppears(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := open(t, s.URL)
	p.visit("/_sandbox/ui/requests")
	p.says("No request yet.")
	p.eventually("the mark of a live page", `document.querySelector("[data-state]").textContent === "Live"`)
	if _, err := s.Client.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil); err != nil {
		t.Fatal(err)
	}
	p.says("authorization.GetAuthorizedShops")
	if _, err := impostor(s).Call(t.Context(), "POST", searchPath, url.Values{"page_size": {"5"}}, nil); !errors.Is(err, ttshop.ErrSignature) {
		t.Fatalf("a wrong signature: %v", err)
	}
	p.says("signature wrong")
	p.eventually("a word for those who do not see the page", `document.getElementById("announce").textContent === "1 new request"`)
	p.click("#rows tr.failed a")
	p.says("Why the signature is wrong")
	var log struct {
		Requests []struct{ ID int }
	}
	var detail struct{ Explanation, Canonical string }
	steer(t, s, "GET", "requests?limit=1", "", &log)
	steer(t, s, "GET", fmt.Sprintf("requests/%d", log.Requests[0].ID), "", &detail)
	if len(strings.Fields(detail.Explanation)) < 5 {
		t.Fatalf("the sandbox explains %q", detail.Explanation)
	}
	p.says(detail.Explanation)
	pieces := value[string](p, `[...document.querySelectorAll(".pieces .text")].map((e) => e.textContent).join("")`)
	if pieces != detail.Canonical {
		t.Errorf("the pieces are %q, what the signature covers is %q", pieces, detail.Canonical)
	}
}

// The list of requests stays as it is in the hands of whoever reads it: what
// has the focus keeps it while others come.
func TestFocusStays(t *testing.T) {
	t.Parallel()
	s := start(t)
	call := func() {
		t.Helper()
		if _, err := s.Client.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	call()
	p := open(t, s.URL)
	p.visit("/_sandbox/ui/requests")
	p.run(chromedp.Focus(chromedp.CSS("#l1")))
	for i := range 3 {
		call()
		p.eventually("a new row", fmt.Sprintf(`document.querySelectorAll("#rows tr").length === %d`, i+2))
		if id := value[string](p, `document.activeElement.id`); id != "l1" {
			t.Fatalf("the focus went to %q", id)
		}
	}
}

// webhook is a delivery as a receiver gets it.
type webhook struct {
	Type int
	Data struct {
		OrderID string `json:"order_id"`
		Status  string `json:"order_status"`
	}
}

// A button moves an order; its address hears of it, and so does the page.
func TestOrderMoves(t *testing.T) {
	t.Parallel()
	s := start(t)
	arrived := make(chan webhook, 64)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var w webhook
		if err == nil && json.Unmarshal(body, &w) == nil {
			arrived <- w
		}
	}))
	t.Cleanup(receiver.Close)
	order := orderIn(t, s, "AWAITING_COLLECTION")
	p := open(t, s.URL)

	p.visit("/_sandbox/ui/webhooks")
	p.fill("input[name=address]", receiver.URL+"/hooks")
	p.click("button[value=address]")
	p.says("The address is saved.")

	p.visit("/_sandbox/ui/orders/" + order)
	p.click("#to-IN_TRANSIT")
	p.says("The order has moved on.")
	p.eventually("the new state", `document.querySelector("#order .head .badge").textContent === "IN_TRANSIT"`)
	for {
		if w := receive(t, arrived); w.Type == 1 && w.Data.OrderID == order {
			if w.Data.Status != "IN_TRANSIT" {
				t.Errorf("the webhook says %s", w.Data.Status)
			}
			break
		}
	}
	p.visit("/_sandbox/ui/webhooks")
	p.eventually("the delivery", `[...document.querySelectorAll(".deliveries tr")].some((row) =>
		row.innerText.includes("ORDER_STATUS_CHANGE") && row.innerText.includes("DELIVERED"))`)
	p.run(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".deliveries tr a")].find((a) => a.innerText.includes("ORDER_STATUS_CHANGE")).click()`))
	p.says(receiver.URL + "/hooks")
	p.says(order)
	p.click("#resend")
	p.says("The webhook was sent again.")
	p.eventually("a second attempt", `document.querySelectorAll(".timeline li").length === 2`)
}

// An order is placed on the page and moved by somebody else meanwhile: the page
// follows.
func TestOrderIsPlaced(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := open(t, s.URL)
	p.visit("/_sandbox/ui/orders")
	p.click(".head a.primary")
	p.says("A buyer places the order")
	p.fill("input[name=quantity]", "2")
	p.click("form.card button.primary")
	p.says("The order is placed.")
	if lines := value[int](p, `document.querySelectorAll("table.lines tbody tr").length`); lines != 2 {
		t.Errorf("the order has %d lines", lines)
	}
	id := value[string](p, `location.pathname.split("/").pop()`)
	p.click("#to-CANCELLED")
	p.says("CANCELLED is final.")
	p.eventually("an address that does not say it once more", `!location.search.includes("done")`)

	// In the first shop orders are unpaid for a while.
	p.visit("/_sandbox/ui/orders/new")
	p.click("form.card button.primary")
	p.says("The order is placed.")
	other := value[string](p, `location.pathname.split("/").pop()`)
	if other == id {
		t.Fatal("it is the same order")
	}
	steer(t, s, "POST", "orders/"+other+"/move", `{"to":"AWAITING_SHIPMENT"}`, nil)
	p.eventually("the state that another gave it", `document.querySelector("#order .head .badge").textContent === "AWAITING_SHIPMENT"`)
}

// A fault of the page hits the next request, once.
func TestFaultHits(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := open(t, s.URL)
	p.visit("/_sandbox/ui/faults")
	p.says("No fault is in force.")
	p.choose("select[name=kind]", "unavailable")
	p.fill("input[name=target]", "authorization.*")
	p.click("button[value=add]")
	p.says("The fault is in force.")
	p.says("answers 503")
	once := s.NewClient(s.Credentials.AccessToken, ttshop.WithRetry(ttshop.RetryPolicy{Tries: 1}))
	if _, err := once.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil); !errors.Is(err, ttshop.ErrUnavailable) {
		t.Errorf("the call: %v", err)
	}
	p.says("No fault is in force.")
	if _, err := once.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil); err != nil {
		t.Errorf("the next call: %v", err)
	}
	p.visit("/_sandbox/ui/requests?failed=1")
	p.says("fault 1 hit")

	p.visit("/_sandbox/ui/faults")
	p.choose("select[name=kind]", "delay")
	p.click("button[value=add]")
	p.says("say how long the delay is")
	p.forgive("409")
	p.says("No fault is in force.")
}

// The clock moves by the button, and with it whatever depends on it.
func TestClockMoves(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := open(t, s.URL)
	now := func() time.Time {
		t.Helper()
		var health struct{ Now time.Time }
		steer(t, s, "GET", "health", "", &health)
		return health.Now
	}
	p.visit("/_sandbox/ui/clock")
	p.click("#freeze")
	p.says("frozen")
	stands := now()
	p.click("#advance-7d")
	p.eventually("the new time", `document.getElementById("time").dateTime.startsWith("`+stands.Add(7*24*time.Hour).Format("2006-01-02T15:04")+`")`)
	if moved := now().Sub(stands); moved != 7*24*time.Hour {
		t.Errorf("the clock moved by %v", moved)
	}
	p.fill("input[name=by]:not([type=hidden])", "-6d")
	p.click("form.fields button[value=advance]")
	p.eventually("the earlier time", `document.getElementById("time").dateTime.startsWith("`+stands.Add(24*time.Hour).Format("2006-01-02T15:04")+`")`)
	p.click("#run")
	p.says("runs")
	if now().Before(stands.Add(24 * time.Hour)) {
		t.Error("the clock went back too far")
	}
	if _, err := s.Client.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil); err != nil {
		t.Errorf("a day later: %v", err)
	}
}

// Without a mouse: Tab comes to the button of the next state, Enter presses it.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	s := start(t)
	order := orderIn(t, s, "AWAITING_COLLECTION")
	p := open(t, s.URL)
	p.visit("/_sandbox/ui/orders/" + order)
	p.run(chromedp.KeyEvent(kb.Tab))
	if first := value[string](p, `document.activeElement.className`); first != "skip" {
		t.Errorf("Tab comes to %q first, not to the link that skips the bar", first)
	}
	p.run(chromedp.KeyEvent(kb.Enter))
	for i := 0; value[string](p, `document.activeElement.id`) != "to-IN_TRANSIT"; i++ {
		if i == 30 {
			t.Fatalf("Tab does not come to the button\n%s", p.text())
		}
		p.run(chromedp.KeyEvent(kb.Tab))
	}
	if value[string](p, `getComputedStyle(document.activeElement).outlineStyle`) == "none" {
		t.Error("the focus does not show")
	}
	p.run(chromedp.KeyEvent(kb.Enter))
	p.says("The order has moved on.")
	p.eventually("the new state", `document.querySelector("#order .head .badge").textContent === "IN_TRANSIT"`)
}
