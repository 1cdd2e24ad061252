package sandbox_test

import (
	"bytes"
	"testing"
)

// Whatever stands at a place of a snapshot, or as the whole of it, the snapshot
// is refused or is a state that the sandbox goes on from.
func FuzzRestore(f *testing.F) {
	document := trim(f, newWorld(f).Snapshot())
	places := spots(f, document)
	w := newWorld(f)
	for _, known := range []struct {
		path, to string
	}{
		{"", "{}"},
		{"", `{"format":1,"shops":[null,null,null,null]}`},
		{".shops[0].orders[0].data.line_items", "[null]"},
		{".shops[0].orders[0].data.line_items", "[]"},
		{".shops[0].orders[0].data.payment.total_amount", `"1e400"`},
		{".shops[0].products.list[0].live", "{}"},
		{".shops[0].shop.region", `"XX"`},
		{".shops[0].trade.random", "null"},
		{".shops[0].trade.deadlines.queue", `[{"at":1,"turn":1,"kind":"payment","id":"7"}]`},
		{".clock", `{"offset":9223372036854775807}`},
		{".born", `"0001-01-01T00:00:00Z"`},
	} {
		found := false
		for i, at := range places {
			if at.path == known.path {
				f.Add(uint(i), []byte(known.to))
				found = true
			}
		}
		if !found {
			f.Fatalf("the snapshot has nothing at %s", known.path)
		}
	}
	f.Fuzz(func(t *testing.T, place uint, to []byte) {
		raw := mutation{places[place%uint(len(places))], "", string(to)}.apply(document)
		if w.Restore(raw) != nil {
			return
		}
		d := &driver{world: w, region: "US", answers: map[int]int{}}
		d.control("GET", "orders", "")
		d.control("GET", "ui/products", "")
		d.control("POST", "clock", `{"advance":"300h"}`)
		taken := w.Snapshot()
		if err := w.Restore(taken); err != nil {
			t.Fatalf("its own snapshot is refused: %v", err)
		}
		if again := w.Snapshot(); !bytes.Equal(taken, again) {
			t.Errorf("a restored snapshot differs: %s", firstDifference(taken, again))
		}
	})
}
