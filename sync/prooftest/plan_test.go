package prooftest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// TestPlanOfADay holds the plan against a day of turns by the clock of the sandbox, in
// which a shop sells: the requests are those that the plan foretold, within a tenth.
//
// Eight hours stand for a day unless TTSHOP_PROOF_PLAN=all, with which there are turns
// each minute as well.
func TestPlanOfADay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		interval time.Duration
		inbox    bool
		long     bool
	}{{300 * time.Second, true, false}, {60 * time.Second, false, true}, {60 * time.Second, true, true}, {300 * time.Second, false, true}} {
		if test.long && os.Getenv("TTSHOP_PROOF_PLAN") == "" {
			continue
		}
		t.Run(fmt.Sprintf("%v, inbox %v", test.interval, test.inbox), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 1, "GB", control.Lists{})
			c := places()[0].open(t)
			clock, err := w.Control.Advance(t.Context(), time.Second)
			if err != nil {
				t.Fatal(err)
			}
			now := time.Unix(clock.Now, 0)
			config := func(c *sync.Config) {
				c.Interval, c.Hinted, c.Budget, c.Since = test.interval, test.inbox, sync.DefaultBudget, sync.DefaultSince
				c.Now = func() time.Time { return now }
			}
			e := w.engine(t, c.to, config)
			shop, caller := w.shop(), w.caller(ttshop.WithClock(func() time.Time { return now }))
			for range 3 { // the day begins with all there
				now = w.tick(t, test.interval)
				copyOnce(t, e, shop, caller)
			}
			plans, err := e.Plan(t.Context(), shop, caller)
			if err != nil {
				t.Fatal(err)
			}
			used, turns, hints := map[string]int{}, 0, 0
			turn := func() {
				report, err := e.Sync(t.Context(), shop, caller)
				if err != nil || report.Err() != nil {
					t.Fatal(err, report.Err())
				}
				for name, s := range report.Streams {
					used[name] += s.Requests
				}
				turns++
			}
			day := w.trading(t, now, perDay(plans))
			due := now.Add(test.interval)
			length := 8 * time.Hour
			if os.Getenv("TTSHOP_PROOF_PLAN") != "" {
				length = 24 * time.Hour
			}
			for end := now.Add(length); due.Before(end); {
				if len(day) == 0 || day[0].at.After(due) {
					now = w.tick(t, due.Sub(now))
					due = now.Add(test.interval)
					turn()
					continue
				}
				now = w.tick(t, day[0].at.Sub(now))
				order := day[0].happen(t)
				day = day[1:]
				if !test.inbox || order == "" {
					continue
				}
				data, err := json.Marshal(map[string]string{"order_id": order})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := e.Note(t.Context(), shop.ID, []sync.Hint{{Shop: shop.ID, Type: event.TypeOrderStatusChange, Data: data}}); err != nil {
					t.Fatal(err)
				}
				hints++
				turn() // as --watch does, which begins to wait once more
				due = now.Add(test.interval)
			}
			all, foretold := 0, 0
			for _, p := range plans {
				t.Logf("%-24s plan %5d a day, used %5d in %v", p.Stream, p.Daily, used[p.Stream], length)
				all += used[p.Stream]
				foretold += p.Daily * int(length/time.Hour) / 24
				delete(used, p.Stream)
			}
			if len(used) > 0 {
				t.Errorf("the plan does not know %v", slices.Sorted(maps.Keys(used)))
			}
			off := 100*float64(foretold)/float64(all) - 100
			t.Logf("in all: plan %d, used %d in %d turns with %d hints, %+.1f %%", foretold, all, turns, hints, off)
			if off < -10 || off > 10 {
				t.Errorf("the plan foretold %d requests, %d were used: %+.1f %%", foretold, all, off)
			}
		})
	}
}

// tick moves the clock and returns the time that it shows then.
func (w *world) tick(t *testing.T, d time.Duration) time.Time {
	t.Helper()
	clock, err := w.Control.Advance(context.WithoutCancel(t.Context()), d)
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(clock.Now, 0)
}

// perDay returns how many orders a day the shop had.
func perDay(plans []sync.Plan) int {
	for _, p := range plans {
		if p.Stream == "orders" {
			return int(float64(p.Rows) / sync.DefaultSince.Hours() * 24)
		}
	}
	return 0
}

// deed is something that happens in a shop.
type deed struct {
	at     time.Time
	happen func(*testing.T) (order string) // that a webhook tells of; empty: none
}

// trading returns what happens on a day with so many orders, each of which is paid and
// sent.
func (w *world) trading(t *testing.T, from time.Time, orders int) []deed {
	t.Helper()
	if orders < 1 {
		t.Fatal("nobody buys")
	}
	response, err := w.Shop(w.region).Call(t.Context(), "POST", "/product/202502/products/search", url.Values{"page_size": {"1"}}, map[string]any{"status": "ACTIVATE"}, ttshop.AsRead())
	if err != nil {
		t.Fatal(err)
	}
	var found struct {
		Products []struct{ SKUs []struct{ ID string } }
	}
	if err := json.Unmarshal(response.Data, &found); err != nil {
		t.Fatal(err)
	}
	var day []deed
	for range orders {
		placed := from.Add(time.Duration(w.dice.Int64N(int64(16 * time.Hour)))).Truncate(time.Second)
		var id string
		day = append(day, deed{placed, func(t *testing.T) string {
			id, err = w.Control.PlaceOrder(t.Context(), control.Order{ShopID: w.shop().ID, Lines: []control.Line{{SKUID: found.Products[0].SKUs[0].ID, Quantity: 1}}})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}})
		for i, status := range []string{"AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT"} {
			day = append(day, deed{placed.Add(time.Duration(1+i*3) * time.Hour), func(t *testing.T) string {
				if _, err := w.Control.MoveOrder(t.Context(), id, status); err != nil {
					t.Logf("%s: %v", status, err) // the world was faster
					return ""
				}
				return id
			}})
		}
	}
	slices.SortFunc(day, func(a, b deed) int { return a.at.Compare(b.at) })
	return day
}
