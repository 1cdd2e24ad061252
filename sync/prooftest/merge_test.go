package prooftest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
)

// TestProofDMerge proves that it does not matter in which order rows arrive, in which
// company, and how often: the copy is the same.
func TestProofDMerge(t *testing.T) {
	t.Parallel()
	prove(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{})
		w.tables = []string{"orders", "returns"}
		c := p.open(t)
		var sent []sync.Batch
		d := &tap{Destination: c.to}
		d.after = func(b *sync.Batch, _ sync.Tally) error {
			for _, row := range b.Rows { // each alone
				sent = append(sent, sync.Batch{Shop: b.Shop, Stream: b.Stream, Table: b.Table, Rows: []sync.Row{row}, At: b.At})
			}
			return nil
		}
		e := w.engine(t, d)
		for range 6 {
			copyOnce(t, e, w.shop(), w.Shop("GB"))
			for range 25 {
				w.change(t)
			}
			w.advance(t, 3*time.Minute)
		}
		copyOnce(t, e, w.shop(), w.Shop("GB"))
		versions := map[string]int{}
		for _, b := range sent {
			versions[b.Stream+b.Rows[0].ID(b.Table)]++
		}
		if len(sent) < len(versions)+100 {
			t.Fatalf("%d rows of %d keys: too few versions to prove anything", len(sent), len(versions))
		}
		// The last copy of each is delivered shuffled, some rows again and again.
		other := p.open(t)
		w.engine(t, other.to)
		epoch, err := other.to.Acquire(t.Context(), w.shop(), "shuffler", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		dice := rand.New(rand.NewPCG(seed, 4))
		order := dice.Perm(len(sent))
		for range len(sent) / 3 {
			order = append(order, dice.IntN(len(sent)))
		}
		// A replica that is behind answers a late request with an old version.
		newest, last := map[string]sync.Row{}, int64(0)
		for _, b := range sent {
			row := b.Rows[0]
			id := b.Stream + row.ID(b.Table)
			if was, ok := newest[id]; !ok || row.Version > was.Version || row.Version == was.Version && row.Seq > was.Seq {
				newest[id] = row
			}
			last = max(last, row.Seq)
		}
		for _, b := range slices.Clone(sent) {
			row := b.Rows[0]
			now := newest[b.Stream+row.ID(b.Table)]
			if row.Version == now.Version {
				continue
			}
			late, early := row, row
			late.Seq += last
			// And of two changes within a second the first was asked for first.
			early.Version, early.Seq = now.Version, now.Seq-1
			for _, row := range []sync.Row{late, early} {
				b.Rows = []sync.Row{row}
				order = append(order, len(sent))
				sent = append(sent, b)
			}
		}
		dice.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for len(order) > 0 {
			b := sent[order[0]]
			b.Epoch = epoch
			n := 1
			in := map[string]bool{b.Rows[0].ID(b.Table): true}
			for ; n < len(order) && n < 20; n++ { // a batch has rows of one table, each once
				next := sent[order[n]]
				if next.Stream != b.Stream || in[next.Rows[0].ID(b.Table)] {
					break
				}
				in[next.Rows[0].ID(b.Table)] = true
				b.Rows = append(b.Rows[:len(b.Rows):len(b.Rows)], next.Rows[0])
			}
			order = order[n:]
			tally, err := other.to.Commit(t.Context(), &b)
			if err != nil || tally.Stored() != len(b.Rows) {
				t.Fatal(err, tally)
			}
		}
		for _, s := range e.Streams() {
			for _, table := range append([]*sync.Table{s.Table()}, s.Table().Children...) {
				if err := same(table.Name, other.rows(t, table, w.shop().ID), c.rows(t, table, w.shop().ID)); err != nil {
					t.Fatal(fmt.Errorf("shuffled: %w", err))
				}
			}
		}
	})
}

// TestProofDClocks proves that the clocks of workers decide nothing: two whose clocks
// are twenty minutes apart take turns.
func TestProofDClocks(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{})
		w.tables = []string{"orders", "packages", "cancellations"}
		c := p.open(t)
		worker := func(off time.Duration) *sync.Engine {
			return w.engine(t, c.to, func(c *sync.Config) {
				c.Owner, c.Now = off.String(), func() time.Time { return time.Now().Add(off) }
			})
		}
		workers := []*sync.Engine{worker(10 * time.Minute), worker(-10 * time.Minute)}
		for range 10 {
			for range 8 {
				w.change(t)
			}
			w.advance(t, time.Duration(20+w.dice.IntN(200))*time.Second)
			copyOnce(t, workers[w.dice.IntN(2)], w.shop(), w.Shop("GB"))
			w.upToCursor(t, c)
		}
		w.quiet(t, c)
	})
}
