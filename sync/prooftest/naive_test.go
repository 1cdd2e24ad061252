package prooftest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
)

// naive is the poller that everybody writes first.
type naive struct {
	rows   map[string]json.RawMessage
	cursor int64
}

// poll asks for what has changed since the latest change that it knows of.
func (n *naive) poll(ctx context.Context, shop sync.Caller) error {
	query := url.Values{"sort_field": {"update_time"}, "sort_order": {"ASC"}, "page_size": {"100"}}
	from := n.cursor
	for {
		response, err := shop.Call(ctx, "POST", "/order/202309/orders/search", query, map[string]any{"update_time_ge": from})
		if err != nil {
			return err
		}
		var page struct {
			Orders []json.RawMessage `json:"orders"`
			Next   string            `json:"next_page_token"`
		}
		if err := json.Unmarshal(response.Data, &page); err != nil {
			return err
		}
		for _, order := range page.Orders {
			var o struct {
				ID      string `json:"id"`
				Updated int64  `json:"update_time"`
			}
			if err := json.Unmarshal(order, &o); err != nil {
				return err
			}
			n.rows[o.ID] = order
			n.cursor = max(n.cursor, o.Updated)
		}
		if page.Next == "" {
			return nil
		}
		query.Set("page_token", page.Next)
	}
}

// TestNaivePollerLosesRows lets a poller by update_time and ours copy the same orders
// at the same times. The guide shows what comes of it.
func TestNaivePollerLosesRows(t *testing.T) {
	t.Parallel()
	late := control.ListRule{Paging: control.PagingOffset, Lag: new(10 * time.Second), Jitter: new(50 * time.Second)}
	w := newWorld(t, 1, "GB", control.Lists{Rules: []control.ListRule{late}}, func(c *sandbox.Config) {
		c.Now = func() time.Time { return time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC) }
	})
	w.tables = []string{"orders"}
	c := places()[0].open(t)
	e := w.engine(t, c.to, func(c *sync.Config) { c.Since = 10 * 365 * 24 * time.Hour })
	theirs := &naive{rows: map[string]json.RawMessage{}}
	shop := &meddler{Caller: w.Shop("GB")}
	shop.before = func(_ string, query url.Values, _ any) {
		if query.Get("page_token") != "" { // orders change while somebody turns a page
			if _, err := w.Control.BurstOrders(t.Context(), control.Burst{ShopID: w.ShopID("GB"), Touch: 4}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 20 {
		for range 4 {
			if _, err := w.Control.BurstOrders(t.Context(), control.Burst{ShopID: w.ShopID("GB"), Touch: 1 + w.dice.IntN(40)}); err != nil {
				t.Fatal(err)
			}
			w.advance(t, time.Duration(1+w.dice.IntN(25))*time.Second)
		}
		if err := theirs.poll(t.Context(), shop); err != nil {
			t.Fatal(err)
		}
		copyOnce(t, e, w.shop(), shop)
	}
	// Nothing happens any more, and both may look as often as they like.
	for range 3 {
		w.advance(t, 5*time.Minute)
		if err := theirs.poll(t.Context(), w.Shop("GB")); err != nil {
			t.Fatal(err)
		}
		copyOnce(t, e, w.shop(), w.Shop("GB"))
	}
	state, err := c.to.State(t.Context(), w.shop().ID)
	if err != nil {
		t.Fatal(err)
	}
	var all, lost, stale, ours int
	w.honest(t, func() {
		kept := c.kept(t, "orders", "id", w.shop().ID)
		for id, raw := range w.source(t, sources[0]) {
			var o struct {
				Updated int64 `json:"update_time"`
			}
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Fatal(err)
			}
			if o.Updated >= state.Streams["orders"].Cursor {
				continue // a deadline that passed just now
			}
			all++
			switch got := theirs.rows[id]; {
			case got == nil:
				lost++
			case !bytes.Equal(got, raw):
				stale++
			}
			if !bytes.Equal(kept[id], raw) {
				ours++
			}
		}
	})
	if lost+stale == 0 || ours != 0 {
		t.Errorf("of %d orders the poller lost %d and has %d as they no longer are; ours has %d wrong", all, lost, stale, ours)
	}
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "sync.md"))
	if err != nil {
		t.Fatal(err)
	}
	// The world of the seed may change, and the figures with it by a little.
	var told, toldLost, toldStale int
	at := bytes.Index(guide, []byte(naiveRow))
	if at < 0 {
		t.Fatalf("docs/sync.md has no row %q", naiveRow)
	}
	if _, err := fmt.Sscanf(string(guide[at+len(naiveRow):]), "%d | %d | %d", &told, &toldLost, &toldStale); err != nil {
		t.Fatalf("the row %q of docs/sync.md: %v", naiveRow, err)
	}
	if off := lost + stale - toldLost - toldStale; told < all-30 || told > all+30 || off > 40 || off < -40 {
		t.Errorf("docs/sync.md tells of %d wrong of %d, now they are %d of %d", toldLost+toldStale, told, lost+stale, all)
	}
}

// naiveRow begins the row about the poller in the guide's table.
const naiveRow = "| a poller by `update_time` | "
