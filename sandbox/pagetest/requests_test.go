package pagetest

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A request with a wrong signature is sent again from its page, changed, without
// a mouse, and the new one is good.
func TestReplayByKeyboard(t *testing.T) {
	t.Parallel()
	s := start(t)
	if _, err := impostor(s).Call(t.Context(), "POST", searchPath, map[string][]string{"page_size": {"5"}, "shop_cipher": {s.Credentials.Shops[1].Cipher}}, nil); err == nil {
		t.Fatal("a wrong signature passed")
	}
	p := open(t, s.URL)
	p.run(chromedp.EmulateViewport(390, 844))
	p.visit("/_sandbox/ui/requests/1")
	p.run(chromedp.Focus(chromedp.CSS("summary")), chromedp.KeyEvent(kb.Enter))
	p.eventually("the fields of the replay", `document.querySelector("textarea[name=body]").checkVisibility()`)
	p.fill("textarea[name=body]", `{"order_status":"DELIVERED"}`)
	p.run(chromedp.Focus(chromedp.CSS("#replay")), chromedp.KeyEvent(kb.Enter))
	p.says("The request was sent again")
	p.says("A replay of request 1.")
	p.says("DELIVERED")
	if mark := value[string](p, `document.querySelector(".lead").innerText`); mark == "" || value[bool](p, `!!document.getElementById("why")`) {
		t.Errorf("the replay is not good: %s", mark)
	}
	// What is wrong with the form is said, and what was typed is still there.
	p.run(chromedp.Evaluate[chromedp.Void](`document.querySelector("details").open = true`))
	p.fill("textarea[name=query]", "nonsense")
	p.click("#replay")
	p.says("is not name=value")
	if typed := value[string](p, `document.querySelector("textarea[name=query]").value`); typed != "nonsense" {
		t.Errorf("the form came back with %q", typed)
	}
	p.forgive("409")
}

// The languages of the copies are chosen with the arrow keys, and a click copies.
func TestCopies(t *testing.T) {
	t.Parallel()
	s := start(t)
	if _, err := s.Client.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil); err != nil {
		t.Fatal(err)
	}
	p := open(t, s.URL)
	p.visit("/_sandbox/ui/requests/1")
	p.run(chromedp.Focus(chromedp.CSS("#as-curl")))
	for _, language := range []string{"curl", "go", "node", "php", "python"} {
		p.eventually(language+" alone", fmt.Sprintf(`[...document.querySelectorAll(".snippet")].filter((e) => e.checkVisibility()).map((e) => e.dataset.for).join() === %q`, language))
		p.run(chromedp.KeyEvent(kb.ArrowRight))
	}
	p.click("[data-copy=code-curl]")
	p.eventually("a word about the copy", `document.getElementById("announce").textContent !== ""`)
}

// A search finds the request by an id in its body, and the order leads to it and
// back.
func TestOrderAndItsRequests(t *testing.T) {
	t.Parallel()
	s := start(t)
	order := orderIn(t, s, "AWAITING_SHIPMENT")
	if _, err := s.Shop("GB").Call(t.Context(), "GET", "/order/202507/orders", map[string][]string{"ids": {order}}, nil); err != nil {
		t.Fatal(err)
	}
	p := open(t, s.URL)
	p.visit("/_sandbox/ui/requests")
	p.fill("input[name=q]", order)
	p.run(chromedp.KeyEvent(kb.Enter))
	p.eventually("the requests that name the order", `location.search.includes("q=") && document.querySelectorAll("#rows tr").length >= 1`)
	p.click("#rows a")
	p.click(`.chips a[href$="` + order + `"]`)
	p.says("Requests that name it")
	p.says("order.GetOrderDetail")
}
