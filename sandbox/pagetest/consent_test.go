package pagetest

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

// landing is the address that the app gets its callbacks at.
func landing(t testing.TB) (address string, callbacks <-chan url.Values) {
	t.Helper()
	arrived := make(chan url.Values, 4)
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/callback" {
			w.WriteHeader(http.StatusNoContent) // the browser asks for an icon
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!DOCTYPE html><title>app</title><p>The app has its callback.</p>"))
		arrived <- r.URL.Query()
	}))
	t.Cleanup(app.Close)
	return app.URL + "/callback", arrived
}

func receive[T any](t testing.TB, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("not reached")
	}
}

// asked opens the consent page by the link that the app gives to sellers.
func asked(t testing.TB, s *sandboxtest.Server, state string) *tab {
	t.Helper()
	link, err := s.App.AuthorizeURL(oauth.Seller, state)
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, "")
	p.visit(link)
	p.says("asks for access")
	return p
}

// A seller who unticks a scope gives the app the others only.
func TestConsentAllows(t *testing.T) {
	t.Parallel()
	address, callbacks := landing(t)
	s := start(t, func(c *sandbox.Config) { c.RedirectURL = address })
	const scope = "seller.order.info"
	p := asked(t, s, "state-1")
	p.click("details > summary")
	box := `input[name=scope][value="` + scope + `"]`
	p.eventually("the list of scopes", `document.querySelector(`+"`"+box+"`"+`).checkVisibility()`)
	p.click(box)
	if value[bool](p, "document.querySelector(`"+box+"`).checked") {
		t.Error("the box stays ticked")
	}
	all := value[[]string](p, `[...document.querySelectorAll("input[name=scope]")].map((e) => e.value)`)
	p.click("button[name=approve][value=true]")
	p.says("The app has its callback.")

	query := receive(t, callbacks)
	callback, err := oauth.ParseCallback(query, "state-1")
	if err != nil {
		t.Fatal(err)
	}
	if query.Get("app_key") != s.Credentials.AppKey || query.Get("locale") == "" || query.Get("shop_region") == "" {
		t.Errorf("callback with %v", query)
	}
	token, err := s.App.Exchange(t.Context(), callback.Code)
	if err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(all, func(name string) bool { return name == scope })
	slices.Sort(want)
	if got := slices.Sorted(slices.Values(token.GrantedScopes)); !slices.Equal(got, want) {
		t.Errorf("%d scopes were granted, want %d: the one that was unticked is among them: %t", len(got), len(want), slices.Contains(got, scope))
	}
}

func TestConsentDeclines(t *testing.T) {
	t.Parallel()
	address, callbacks := landing(t)
	s := start(t, func(c *sandbox.Config) { c.RedirectURL = address })
	p := asked(t, s, "state-2")
	p.run(chromedp.EmulateViewport(390, 844))
	p.click("button[name=approve][value=false]")
	p.says("The app has its callback.")
	if _, err := oauth.ParseCallback(receive(t, callbacks), "state-2"); !errors.Is(err, oauth.ErrDenied) {
		t.Errorf("the callback says %v", err)
	}
}
