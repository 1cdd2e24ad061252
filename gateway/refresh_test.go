package gateway_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// countedRefreshes counts what is sent to the token endpoints.
type countedRefreshes struct{ n atomic.Int64 }

func (c *countedRefreshes) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/token/refresh") {
		c.n.Add(1)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// A hundred calls that find the token ended refresh it once.
func TestOneRefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gb := w.shop("GB")
	app, counter := *w.sandbox.App, new(countedRefreshes)
	app.HTTPClient = &http.Client{Transport: counter}
	store := new(tokenstore.Memory)
	grants, err := w.fleet.Grants(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, grant := range grants {
		grant.Token.AccessTokenExpiresAt = time.Now().Add(-time.Minute)
		if _, err := tokenstore.Put(t.Context(), store, grant); err != nil {
			t.Fatal(err)
		}
	}
	fleet := tokenstore.NewFleet(&app, store, tokenstore.FleetConfig{ClientOptions: []ttshop.Option{
		ttshop.WithEndpoint(w.sandbox.URL), ttshop.WithLimiter(nil), ttshop.WithoutRetry(),
	}})
	_, w.url = w.gateway(gateway.Config{Fleet: fleet, Book: w.book})
	issued := w.key(policy.Key{Name: "k", Allow: []string{"order.*"}, Shops: []string{gb.ID}}, nil)
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			if got := w.send("POST", "/order/202309/orders/search?page_size=1", bearer(issued), nil); got.status != 200 {
				t.Errorf("HTTP %d %s", got.status, got.body)
			}
		})
	}
	group.Wait()
	if n := counter.n.Load(); n != 1 {
		t.Errorf("the token was refreshed %d times", n)
	}
}

// A redirect of the platform is an answer: nothing follows it, least of all with
// a token.
func TestNoRedirects(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int64
	other := newUpstream(t, func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) })
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other, http.StatusTemporaryRedirect)
	})
	w := newWorld(t)
	_, w.url = w.gateway(gateway.Config{Fleet: w.fleetFor(upstream), Book: w.book})
	issued := w.key(policy.Key{Name: "k", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}}, nil)
	got := w.send("POST", "/order/202309/orders/search?page_size=1", bearer(issued), nil)
	if elsewhere.Load() != 0 || got.status == 200 || got.header.Get("Location") != "" {
		t.Errorf("%d requests elsewhere, HTTP %d %v", elsewhere.Load(), got.status, got.header)
	}
}
