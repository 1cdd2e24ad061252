package prooftest_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// TestProofCVerify proves that what shows later than anything waits for is found by an
// audit, every row of it, and repaired.
func TestProofCVerify(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		late := control.ListRule{Lag: new(15 * time.Minute), Jitter: new(30 * time.Minute)}
		w := newWorld(t, seed, "GB", control.Lists{Rules: []control.ListRule{late}})
		w.tables = []string{"orders", "packages", "returns", "cancellations"}
		c := p.open(t)
		e := w.engine(t, c.to)
		for range 8 {
			copyOnce(t, e, w.shop(), w.Shop("GB"))
			for range 8 {
				w.change(t)
			}
			w.advance(t, 8*time.Minute)
		}
		last := w.calm(t, c)
		lost := map[string][]string{}
		all := 0
		for _, l := range sources[:4] {
			here := c.kept(t, l.table, l.key, w.shop().ID)
			there := w.source(t, l)
			for _, id := range slices.Sorted(maps.Keys(there)) {
				if !bytes.Equal(here[id], there[id]) {
					lost[l.table] = append(lost[l.table], id)
					all++
				}
			}
		}
		if all == 0 {
			t.Fatal("nothing was late enough to be lost, so nothing was proven")
		}
		found := w.verify(t, last, true)
		for _, f := range found {
			ids := slices.Sorted(slices.Values(slices.Concat(f.Missing, f.Differ)))
			if !slices.Equal(ids, lost[f.Stream]) || len(f.Surplus) > 0 || f.Repaired != len(ids) {
				t.Errorf("%s: %d rows were lost, %d are missing, %d differ, %d are too many, %d were repaired", f.Stream, len(lost[f.Stream]), len(f.Missing), len(f.Differ), len(f.Surplus), f.Repaired)
			}
		}
		for _, f := range w.verify(t, last, false) {
			if !f.Equal() {
				t.Errorf("after the repair: %+v", f)
			}
		}
		w.equal(t, c, last)
	})
}

func (w *world) verify(t testing.TB, e *sync.Engine, repair bool) []sync.Comparison {
	t.Helper()
	found, err := e.Verify(t.Context(), w.shop(), w.Shop(w.region), sync.Audit{Repair: repair})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// planting is a difference that somebody or something makes in a copy.
type planting struct {
	name, sql string // of one order, whose id stands for %s
	found     func(sync.Comparison) []string
}

var planted = []planting{
	{"a row is gone", `delete from orders where id = '%s'`, func(c sync.Comparison) []string { return c.Missing }},
	{"a row is another", `update orders set status = 'LOST', _hash = 'x' where id = '%s'`, func(c sync.Comparison) []string { return c.Differ }},
	{"a row is marked as gone", `update orders set _deleted_at = _synced_at where id = '%s'`, func(c sync.Comparison) []string { return c.Missing }},
	{tooMany, `update orders set id = '1' where id = '%s'`, func(c sync.Comparison) []string { return slices.Concat(c.Surplus, c.Missing) }},
}

const tooMany = "a row is too many"

// in returns what makes the difference in an order.
func (p planting) in(order string) string { return fmt.Sprintf(p.sql, order) }

// ids is how many ids differ.
func (p planting) ids() int {
	if p.name == tooMany {
		return 2 // and one is missing
	}
	return 1
}

// TestProofPlanted proves that an audit finds what is planted in a copy, says nothing of
// anything else, and repairs it.
func TestProofPlanted(t *testing.T) {
	t.Parallel()
	prove(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{})
		w.tables = []string{"orders"}
		c := p.open(t)
		w.advance(t, time.Minute)
		copyOnce(t, w.engine(t, c.to), w.shop(), w.Shop("GB"))
		last := w.calm(t, c)
		w.equal(t, c, last)
		for _, plant := range planted {
			id := w.text(t, c, `select max(id) from orders where _deleted_at is null`)
			if _, err := c.db.ExecContext(t.Context(), plant.in(id)); err != nil {
				t.Fatal(err)
			}
			want := plant.ids()
			found := w.verify(t, last, true)[0]
			if ids := plant.found(found); len(ids) != want || found.Repaired != want || len(found.Missing)+len(found.Surplus)+len(found.Differ) != want {
				t.Errorf("%s: %+v", plant.name, found)
			}
			if again := w.verify(t, last, false)[0]; !again.Equal() {
				t.Errorf("%s, after the repair: %+v", plant.name, again)
			}
			if err := w.compare(t, c); err != nil {
				t.Errorf("%s, after the repair: %v", plant.name, err)
			}
		}
	})
}

// TestProofVerifyKnowsMore proves that an audit leaves alone what has changed and lists do
// not show yet, whether those leave it out until then or show what was there before, and
// whether webhooks told of it or nobody did.
func TestProofVerifyKnowsMore(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		for _, late := range []string{control.LateMissing, control.LateOld} {
			w := newWorld(t, seed, "GB", control.Lists{})
			w.tables = []string{"orders"}
			c := p.open(t)
			c.hinted = true
			w.advance(t, 10*time.Minute)
			e := w.engine(t, c.to)
			w.lists = control.Lists{Rules: []control.ListRule{{Lag: new(20 * time.Second), Jitter: new(90 * time.Second), Late: late}}}
			w.behave(t, w.lists)
			copyOnce(t, e, w.shop(), w.Shop("GB"))
			told, untold := w.placed(t, 25), w.placed(t, 5)
			w.advance(t, 3*time.Minute)
			copyOnce(t, e, w.shop(), w.Shop("GB"))
			var hints []sync.Hint
			for _, id := range slices.Concat(told, untold) {
				if _, err := w.Control.AskAsBuyer(t.Context(), id, control.Ask{Ask: "cancel"}); err != nil {
					t.Fatal(err)
				}
				if slices.Contains(untold, id) {
					continue
				}
				hints = append(hints, sync.Hint{Shop: w.shop().ID, Type: event.TypeOrderStatusChange, Data: fmt.Appendf(nil, `{"order_id":%q}`, id)})
			}
			w.advance(t, 10*time.Second)
			if n, err := e.Note(t.Context(), w.shop().ID, hints); err != nil || n != len(hints) {
				t.Fatal(n, err)
			}
			copyOnce(t, e, w.shop(), w.Shop("GB"))
			known := c.kept(t, "orders", "id", w.shop().ID)
			for _, found := range w.verify(t, e, true) {
				if !found.Equal() {
					t.Errorf("late is %s: %d differ, %d are missing, %d are too many", late, len(found.Differ), len(found.Missing), len(found.Surplus))
				}
			}
			now := c.kept(t, "orders", "id", w.shop().ID)
			for _, id := range told {
				if !bytes.Contains(known[id], []byte(`"is_buyer_request_cancel":true`)) || !bytes.Equal(now[id], known[id]) {
					t.Fatalf("late is %s: order %s is\n%s, and was\n%s", late, id, now[id], known[id])
				}
			}
			for _, id := range untold {
				if now[id] == nil {
					t.Errorf("late is %s: order %s, which nobody told of, is gone", late, id)
				}
			}
			w.quiet(t, c)
		}
	})
}

// placed lets buyers place and pay some orders, and returns their ids.
func (w *world) placed(t *testing.T, n int) (ids []string) {
	t.Helper()
	for range n {
		id, err := w.Control.PlaceOrder(t.Context(), control.Order{ShopID: w.ShopID(w.region), Lines: []control.Line{{SKUID: w.sku(t), Quantity: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Control.MoveOrder(t.Context(), id, "AWAITING_SHIPMENT"); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// TestProofVerifySaysNothingTooEarly proves that an audit does not take a change for a
// difference that the cursor has yet to come to.
func TestProofVerifySaysNothingTooEarly(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{})
		w.tables = []string{"orders"}
		c := p.open(t)
		e := w.engine(t, c.to)
		copyOnce(t, e, w.shop(), w.Shop("GB"))
		w.advance(t, 10*time.Minute)
		copyOnce(t, e, w.shop(), w.Shop("GB"))
		if _, err := w.Control.BurstOrders(t.Context(), control.Burst{ShopID: w.ShopID("GB"), Touch: 20, Place: 5}); err != nil {
			t.Fatal(err)
		}
		w.advance(t, 30*time.Second) // less than what settles
		for _, found := range w.verify(t, e, false) {
			if !found.Equal() {
				t.Errorf("%s: %d differ, %d are missing, %d are too many", found.Stream, len(found.Differ), len(found.Missing), len(found.Surplus))
			}
		}
	})
}
