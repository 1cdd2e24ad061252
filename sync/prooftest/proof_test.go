package prooftest_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
)

// members returns the bounds of a request's filter by update_time.
func members(body any) (lo, hi int64, ok bool) {
	m, _ := body.(map[string]any)
	lo, ok = m["update_time_ge"].(int64)
	if !ok {
		return 0, 0, false
	}
	if hi, ok = m["update_time_lt"].(int64); !ok {
		hi, ok = m["update_time_le"].(int64)
		hi++
	}
	return lo, hi, ok
}

// streamAt returns the stream of those that change that a request is about, or nothing.
func streamAt(path string) string {
	for _, name := range changing {
		if strings.HasSuffix(path, "/"+name+"/search") {
			return name
		}
	}
	return ""
}

var errPlanted = errors.New("planted")

// TestProofATiling proves that windows cover the time from the beginning of the live
// cursor on without gaps, and that the cursor moves only with the commit of the window
// that it moves over.
func TestProofATiling(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{})
		w.tables = changing
		c := p.open(t)
		type window struct{ lo, hi int64 }
		asked := map[string]*window{} // by stream: they go on side by side
		failing := false
		var mu gosync.Mutex
		m := &meddler{Caller: w.Shop("GB")}
		m.before = func(path string, query url.Values, body any) {
			mu.Lock()
			defer mu.Unlock()
			stream := streamAt(path)
			asked[stream] = nil
			if lo, hi, ok := members(body); ok && query.Get("page_token") == "" {
				asked[stream] = &window{lo, hi}
			}
			if w.dice.IntN(4) == 0 {
				w.change(t)
			}
		}
		cursors := map[string]int64{}
		d := &tap{Destination: c.to}
		d.before = func(b *sync.Batch) error {
			mu.Lock()
			defer mu.Unlock()
			if failing && w.dice.IntN(6) == 0 {
				return errPlanted
			}
			if b.State == nil || cursors[b.Stream] == 0 || b.State.Cursor == cursors[b.Stream] {
				return nil
			}
			asked := asked[b.Stream]
			switch was := cursors[b.Stream]; {
			case b.State.Cursor < was:
				return fmt.Errorf("the cursor of %s goes back from %d to %d", b.Stream, was, b.State.Cursor)
			case b.Table.Version == "":
				return nil // it has a window of creation
			case asked == nil:
				return fmt.Errorf("the cursor of %s moves without a window", b.Stream)
			case asked.lo > was || asked.hi < b.State.Cursor:
				return fmt.Errorf("the cursor of %s moves from %d to %d by the window from %d to %d", b.Stream, was, b.State.Cursor, asked.lo, asked.hi)
			}
			return nil
		}
		d.after = func(b *sync.Batch, _ sync.Tally) error {
			if b.State != nil && b.State.Cursor > 0 {
				cursors[b.Stream] = b.State.Cursor
			}
			return nil
		}
		e := w.engine(t, d)
		for turn := range 8 {
			failing = turn%2 == 1
			report, err := e.Sync(t.Context(), w.shop(), m)
			if err == nil {
				err = report.Err()
			}
			if err != nil && (!failing || !errors.Is(err, errPlanted)) {
				t.Fatal(err)
			}
			state, err := c.to.State(t.Context(), w.shop().ID)
			if err != nil {
				t.Fatal(err)
			}
			for stream, cursor := range cursors {
				if got := state.Streams[stream].Cursor; got != cursor {
					t.Fatalf("the cursor of %s is %d, committed was %d", stream, got, cursor)
				}
			}
			w.upToCursor(t, c)
			w.advance(t, time.Duration(30+w.dice.IntN(400))*time.Second)
		}
		w.quiet(t, c)
	})
}

// TestProofBDepartures proves that nothing is lost where pages go by offset and rows
// leave windows while they are read.
func TestProofBDepartures(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "US", control.Lists{Rules: []control.ListRule{{Paging: control.PagingOffset}}})
		w.tables = []string{"orders"}
		c := p.open(t)
		e := w.engine(t, c.to)
		copyOnce(t, e, w.shop(), w.Shop("US"))
		m := &meddler{Caller: w.Shop("US")}
		live := false
		m.before = func(_ string, _ url.Values, body any) {
			if _, _, ok := members(body); ok && live {
				burst := control.Burst{ShopID: w.ShopID("US"), Touch: 3 + w.dice.IntN(6)}
				if _, err := w.Control.BurstOrders(t.Context(), burst); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 4 {
			for range 12 { // more than a page of changes, each second a few
				burst := control.Burst{ShopID: w.ShopID("US"), Touch: 10 + w.dice.IntN(30)}
				if _, err := w.Control.BurstOrders(t.Context(), burst); err != nil {
					t.Fatal(err)
				}
				w.advance(t, time.Duration(1+w.dice.IntN(5))*time.Second)
			}
			w.advance(t, 3*time.Minute)
			live = true
			copyOnce(t, e, w.shop(), m)
			live = false
			w.upToCursor(t, c)
		}
		w.quiet(t, c)
	})
}

// TestProofBCrowdedSecond proves that a second with more rows than a page has is
// read as a whole, or not at all.
func TestProofBCrowdedSecond(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "VN", control.Lists{Rules: []control.ListRule{{Paging: control.PagingOffset}}})
		w.tables = []string{"orders"}
		c := p.open(t)
		e := w.engine(t, c.to)
		copyOnce(t, e, w.shop(), w.Shop("VN"))
		burst := func(place, touch int) {
			if _, err := w.Control.BurstOrders(t.Context(), control.Burst{ShopID: w.ShopID("VN"), Place: place, Touch: touch}); err != nil {
				t.Fatal(err)
			}
		}
		burst(400, 330)
		w.advance(t, 5*time.Minute)
		departures := 0
		m := &meddler{Caller: w.Shop("VN")}
		m.before = func(_ string, query url.Values, _ any) {
			if query.Get("page_token") != "" && departures < 2 { // during the first pass
				departures++
				burst(0, 5)
			}
		}
		copyOnce(t, e, w.shop(), m)
		if departures == 0 {
			t.Fatal("no second was read page by page")
		}
		w.upToCursor(t, c)
		w.quiet(t, c)
	})
}

// TestProofCLate proves that the cursor passes no row that shows late, as long as it
// shows within the time to settle.
func TestProofCLate(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		late := control.ListRule{Lag: new(20 * time.Second), Jitter: new(95 * time.Second)}
		if seed%2 == 0 { // what changed is not missing until then, but as it was
			late.Late = control.LateOld
		}
		w := newWorld(t, seed, "GB", control.Lists{Rules: []control.ListRule{late}})
		w.tables = changing
		c := p.open(t)
		e := w.engine(t, c.to)
		for range 9 {
			for range 6 {
				w.change(t)
			}
			w.advance(t, time.Duration(5+w.dice.IntN(60))*time.Second)
			copyOnce(t, e, w.shop(), w.Shop("GB"))
			w.upToCursor(t, c)
		}
		w.quiet(t, c)
	})
}

// TestProofFTotals proves that totals which are wrong lose nothing: what they deny is
// not passed, and is read when they are right again.
func TestProofFTotals(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		for _, off := range []int{-3, 2} {
			w := newWorld(t, seed, "GB", control.Lists{})
			w.tables = []string{"orders"}
			c := p.open(t)
			e := w.engine(t, c.to)
			copyOnce(t, e, w.shop(), w.Shop("GB"))
			w.lists = control.Lists{Rules: []control.ListRule{{TotalError: &off}}}
			w.behave(t, w.lists)
			for _, n := range []int{100 - off, 40} { // the first seems to be one page
				w.honest(t, func() {
					w.advance(t, 20*time.Minute) // past the overlap, so that only these are in question
					copyOnce(t, e, w.shop(), w.Shop("GB"))
					w.advance(t, 20*time.Minute)
					copyOnce(t, e, w.shop(), w.Shop("GB"))
				})
				if _, err := w.Control.BurstOrders(t.Context(), control.Burst{ShopID: w.ShopID("GB"), Touch: n}); err != nil {
					t.Fatal(err)
				}
				w.advance(t, 3*time.Minute)
				if _, err := e.Sync(t.Context(), w.shop(), w.Shop("GB")); err != nil {
					t.Fatal(err) // streams may stand
				}
				w.upToCursor(t, c)
			}
			w.quiet(t, c)
		}
	})
}
