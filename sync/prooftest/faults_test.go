package prooftest_test

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
)

type urlValues = url.Values

// faults are what goes wrong between a client and the platform.
func faults(some float64) []control.Fault {
	return []control.Fault{
		{Probability: some / 3, Then: control.Effect{Code: 36009002}}, // throttled
		{Probability: some, Then: control.Effect{Status: 500}},
		{Probability: some, Then: control.Effect{Status: 502}},
		{Probability: some, Then: control.Effect{Cut: "before"}},
		{Probability: some, Then: control.Effect{Cut: "body"}},
		{Probability: some, Then: control.Effect{Cut: "after_work"}},
		{Probability: some / 4, Then: control.Effect{Token: "expired"}}, // in the middle of a window
	}
}

// TestProofFFaults proves that failures lose nothing: not a row, and not the place
// where to go on.
func TestProofFFaults(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{})
		w.tables = changing
		c := p.open(t)
		e := w.engine(t, c.to)
		var ids []string
		for _, f := range faults(0.12) {
			f.Match = control.Match{ShopID: w.ShopID("GB")}
			id, err := w.Control.AddFault(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		failed := 0
		calm := func(f func()) { // the judge hears all
			for _, id := range ids {
				if err := w.Control.RemoveFault(t.Context(), id); err != nil {
					t.Fatal(err)
				}
			}
			f()
			ids = ids[:0]
			for _, f := range faults(0.12) {
				id, err := w.Control.AddFault(t.Context(), f)
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, id)
			}
		}
		for range 7 {
			report, err := e.Sync(t.Context(), w.shop(), w.caller())
			if err != nil || report.Err() != nil {
				failed++
			}
			calm(func() {
				w.upToCursor(t, c)
				for range 6 {
					w.change(t)
				}
			})
			w.advance(t, time.Duration(30+w.dice.IntN(300))*time.Second)
		}
		if failed == 0 {
			t.Error("nothing failed, so nothing was proven")
		}
		for _, id := range ids {
			if err := w.Control.RemoveFault(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		w.quiet(t, c)
	})
}

// TestProofGFull proves that a disk which is full takes nothing away, and that the copy
// goes on when there is room.
func TestProofGFull(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		if p.name != "sqlite" {
			t.Skip("only a file can be given a size")
		}
		w := newWorld(t, seed, "GB", control.Lists{})
		w.tables = []string{"orders", "packages"}
		c := p.open(t)
		e := w.engine(t, c.to)
		full := 0
		for pages := w.number(t, c, "pragma page_count") + 20; ; pages += 40 {
			w.number(t, c, "pragma max_page_count = "+itoa(pages))
			_, err := e.Sync(t.Context(), w.shop(), w.Shop("GB"))
			if err == nil {
				break
			}
			if !errors.Is(err, sync.ErrFull) {
				t.Fatal(err)
			}
			full++
			w.upToCursor(t, c)
			if check := w.text(t, c, "pragma integrity_check"); check != "ok" {
				t.Fatal(check)
			}
			w.change(t)
		}
		if full < 2 {
			t.Errorf("the disk was full %d times", full)
		}
		w.number(t, c, "pragma max_page_count = 1000000")
		w.quiet(t, c)
	})
}

// TestProofHRestore proves that a copy which was put back to an earlier one catches up.
func TestProofHRestore(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{})
		w.tables = changing
		c := p.open(t)
		e := w.engine(t, c.to)
		copyOnce(t, e, w.shop(), w.Shop("GB"))
		old := c.backup(t)
		for range 5 {
			for range 12 {
				w.change(t)
			}
			w.advance(t, 11*time.Minute) // further than windows overlap
			copyOnce(t, e, w.shop(), w.Shop("GB"))
		}
		copyOnce(t, w.engine(t, old.to), w.shop(), w.Shop("GB"))
		w.upToCursor(t, old)
		w.quiet(t, old)
	})
}
