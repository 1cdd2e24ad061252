package sandbox_test

import (
	"fmt"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// TestConcurrentUse lets many callers read and write the same shops at once,
// for the race detector. Every stock ends as its last writer left it.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	const callers, rounds = 16, 12
	w := newWorld(t, func(c *sandbox.Config) { c.Throttle = new(1e6) })
	type target struct {
		region  string
		product productView
		sku     skuView
	}
	var targets []target
	for _, region := range regions {
		p, s := w.stocked(t, region, 1)
		targets = append(targets, target{region, p, s})
	}
	draft := map[string]string{}
	for _, region := range regions {
		draft[region] = w.newDraft(t, region).json()
	}
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			for round := range rounds {
				at := targets[(caller+round)%len(targets)]
				other := targets[(caller+round+1)%len(targets)]
				ok := func(a *answer, codes ...int) {
					if slices.Contains(append(codes, 0), a.Code) {
						return
					}
					t.Errorf("%s: code %d: %s", at.region, a.Code, a.Message)
				}
				ok(w.call(t, at.region, "POST", productsPath+"/"+at.product.ID+"/inventory/update", "",
					fmt.Sprintf(`{"skus":[{"id":%q,"inventory":[{"quantity":%d}]}]}`, at.sku.ID, 1000+caller)))
				ok(w.call(t, at.region, "POST", searchPath, "page_size=20", ""))
				ok(w.call(t, at.region, "GET", productsPath+"/"+other.product.ID, "", ""), 12052048)
				ok(w.call(t, at.region, "POST", "/product/202502/products/search", "page_size=50", ""))
				ok(w.call(t, at.region, "POST", productsPath, "", draft[at.region]))
				ok(w.call(t, at.region, "POST", "/product/202309/products/"+at.product.ID+"/partial_edit", "", `{"title":"A title that is long enough for all"}`))
				ok(w.call(t, "", "POST", "/product/202309/brands", "", fmt.Sprintf(`{"name":"Br %c%d"}`, 'a'+caller, round)))
				ok(w.call(t, at.region, "GET", "/product/202309/brands", "page_size=10", ""))
				ok(w.upload(t, pngHeader(640, 640), "MAIN_IMAGE"))
				ok(w.exchange(t, w.Credentials().AuthCode))
				ok(w.token(t, "refresh", url.Values{"refresh_token": {w.credentials.RefreshToken}, "grant_type": {"refresh_token"}}))
				w.control(t, "GET", "requests?limit=5", "", nil)
				w.control(t, "POST", "faults", `{"match":{"path":"/none"},"then":{"status":500}}`, nil)
			}
		})
	}
	wg.Wait()
	for _, at := range targets {
		got := w.inventory(t, at.region, `{"sku_ids":["`+at.sku.ID+`"]}`)[at.sku.ID].Available
		if got < 1000 || got >= 1000+callers {
			t.Errorf("%s: stock %d", at.region, got)
		}
	}
}

// TestConcurrentReset resets the world while it is in use.
func TestConcurrentReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 15 {
				if a := w.call(t, "US", "POST", searchPath, "page_size=20", ""); a.Code != 0 {
					t.Errorf("code %d", a.Code)
				}
			}
		})
	}
	for range 5 {
		w.control(t, "POST", "reset", "", nil)
	}
	wg.Wait()
}
