package prooftest_test

import (
	"fmt"
	"math"
	"net/url"
	"os"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
)

// tally counts the requests and slices of a backfill.
type tally struct {
	mu               gosync.Mutex
	requests, slices int
}

func (n *tally) count(_ string, query url.Values, body any) {
	m, _ := body.(map[string]any)
	if _, ok := m["create_time_ge"]; !ok {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.requests++
	if query.Get("page_token") == "" {
		n.slices++
	}
}

// TestRequestsOfBackfill holds the first copy to the requests that its rows need: one
// for each page, two in a hundred more, and one for each slice.
//
// TTSHOP_PROOF_ORDERS is the number of orders.
func TestRequestsOfBackfill(t *testing.T) {
	t.Parallel()
	sizes := []int{5_000}
	if os.Getenv("TTSHOP_PROOF_ORDERS") != "" {
		sizes = append(sizes, number(t, "TTSHOP_PROOF_ORDERS", 50_000))
	}
	for _, size := range sizes {
		for _, busy := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d orders, busy %v", size, busy), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, 1, "GB", control.Lists{}, func(c *sandbox.Config) { c.Orders = size })
				w.tables = []string{"orders"}
				c := places()[0].open(t)
				e := w.engine(t, c.to, func(c *sync.Config) { c.Since = 10 * 365 * 24 * time.Hour })
				n := &tally{}
				m := &meddler{Caller: w.Shop("GB"), before: func(path string, query url.Values, body any) {
					n.count(path, query, body)
					if busy && strings.HasSuffix(path, "/orders/search") {
						if _, err := w.Control.BurstOrders(t.Context(), control.Burst{ShopID: w.ShopID("GB"), Touch: 2, Place: 1}); err != nil {
							t.Error(err)
						}
						w.advance(t, time.Second)
					}
				}}
				copyOnce(t, e, w.shop(), m)
				rows := len(c.kept(t, "orders", "id", w.shop().ID))
				pages := (rows + 99) / 100
				t.Logf("%d rows, %d pages: %d requests in %d slices", rows, pages, n.requests, n.slices)
				if rows < size {
					t.Errorf("%d rows", rows)
				}
				if most := float64(pages)*1.02 + float64(n.slices); float64(n.requests) > most {
					t.Errorf("%d requests, want %.0f at most", n.requests, most)
				}
				if most := 3 + pages/25; n.slices > most { // they are not a way to hide requests
					t.Errorf("%d slices for %d pages, want %d at most", n.slices, pages, most)
				}
			})
		}
	}
}

// TestRequestsOfLive holds the reading of changes to the requests that they need at
// least: one for each full page.
func TestRequestsOfLive(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		stream string
		page   int
		most   float64 // times the ideal
		swing  float64 // likewise, where the rate goes up and down by the minute
	}{{"orders", 100, 1.6, 3}, {"packages", 50, 2, 3}} {
		for _, steady := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, steady %v", test.stream, steady), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, 3, "GB", control.Lists{})
				w.tables = []string{test.stream}
				c := places()[0].open(t)
				// Without a time to settle, all windows that count have changes in them.
				e := w.engine(t, c.to, func(c *sync.Config) { c.Settle, c.Interval = -1, time.Second })
				for range 2 {
					copyOnce(t, e, w.shop(), w.Shop("GB"))
					w.advance(t, time.Second)
				}
				changed := 0
				for second := range 400 { // less than the long overlap
					n := 2 + w.dice.IntN(7)
					if !steady { // now and then more, and at times hardly any
						n = w.dice.IntN(1 + int(5*(1+math.Sin(float64(second)/40))))
					}
					if n == 0 {
						w.advance(t, time.Second)
						continue
					}
					if _, err := w.Control.BurstOrders(t.Context(), control.Burst{ShopID: w.ShopID("GB"), Place: n}); err != nil {
						t.Fatal(err)
					}
					changed += n
					w.advance(t, time.Second)
				}
				requests := 0
				m := &meddler{Caller: w.Shop("GB"), before: func(string, url.Values, any) { requests++ }}
				report, err := e.Sync(t.Context(), w.shop(), m)
				if err != nil || report.Err() != nil {
					t.Fatal(err, report.Err())
				}
				rows := report.Tally.Stored()
				ideal := float64(rows) / float64(test.page)
				t.Logf("%d changes, %d rows: %d requests, %.2f times the ideal", changed, rows, requests, float64(requests)/ideal)
				if rows < 700 {
					t.Errorf("%d rows: too few to tell", rows)
				}
				most := test.most
				if !steady {
					most = test.swing
				}
				if float64(requests) > most*ideal {
					t.Errorf("%d requests for %d rows, %.2f times the ideal; want %.2f at most", requests, rows, float64(requests)/ideal, most)
				}
			})
		}
	}
}
