package sqlstore_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore"
)

func openSQL(t testing.TB, url string, keys *tokenstore.Keys) *sqlstore.Store {
	t.Helper()
	store, ok := openStore(t, url, keys).(*sqlstore.Store)
	if !ok {
		t.Fatal("no store in a database")
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func TestDocument(t *testing.T) {
	t.Parallel()
	for name, create := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, keys := create(t), newKeys(t)
			store := openSQL(t, url, keys)
			d := store.Document("keys")
			if data, version, err := d.Read(t.Context(), ""); data != nil || version != "" || err != nil {
				t.Fatalf("nothing stored: %q, %q, %v", data, version, err)
			}
			write := func(version, text string, want bool) {
				t.Helper()
				if done, err := d.Write(t.Context(), version, []byte(text)); done != want || err != nil {
					t.Fatalf("write %q over %q: %t, %v", text, version, done, err)
				}
			}
			write("", "one", true)
			write("", "two", false)
			data, version, err := d.Read(t.Context(), "")
			if string(data) != "one" || version == "" || err != nil {
				t.Fatalf("%q, %q, %v", data, version, err)
			}
			if data, same, err := d.Read(t.Context(), version); data != nil || same != version || err != nil {
				t.Errorf("a known version: %q, %q, %v", data, same, err)
			}
			write(version, "three", true)
			write(version, "four", false)
			if _, err := d.Write(t.Context(), "x", nil); err == nil {
				t.Error("a version that is none was accepted")
			}
			if data, _, _ := store.Document("other").Read(t.Context(), ""); data != nil {
				t.Errorf("another document has %q", data)
			}

			// Its seal is its own, and a rotation of keys includes it.
			fresh := newKeys(t)
			if n, err := openSQL(t, url, fresh.And(keys)).Rotate(t.Context()); n != 0 || err != nil {
				t.Fatalf("%d grants rotated, error %v", n, err)
			}
			if data, _, err := openSQL(t, url, fresh).Document("keys").Read(t.Context(), ""); string(data) != "three" || err != nil {
				t.Errorf("after a rotation: %q, %v", data, err)
			}
			exec(t, store, `insert into ttshop_documents (name, version, sealed) select 'copy', version, sealed from ttshop_documents`)
			if _, _, err := openSQL(t, url, fresh).Document("copy").Read(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "copy") {
				t.Errorf("a document under another name: error %v", err)
			}
		})
	}
}

// Processes that share a budget spend no more than there is, and all of it.
func TestBudget(t *testing.T) {
	t.Parallel()
	for name, create := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, keys := create(t), newKeys(t)
			const limit, day = 30, 20_000
			var taken atomic.Int64
			var group sync.WaitGroup
			stores := []*sqlstore.Store{openSQL(t, url, keys), openSQL(t, url, keys)}
			for i := range 8 {
				group.Go(func() {
					for range 10 {
						ok, err := stores[i%2].Spend(t.Context(), "erp", day, 1, limit)
						if err != nil {
							t.Error(err)
						}
						if ok {
							taken.Add(1)
						}
					}
				})
			}
			group.Wait()
			if taken.Load() != limit {
				t.Errorf("%d of 80 were let through, want %d", taken.Load(), limit)
			}
			for i, test := range []struct {
				day            int64
				n, limit, used int
				want           bool
			}{
				{day, 5, limit + 10, limit + 5, true},
				{day, 6, limit + 10, limit + 5, false},
				{day - 1, 1, limit, 0, false}, // a clock that is behind
				{day + 1, limit + 1, limit, 0, false},
				{day + 1, limit, limit, limit, true},
			} {
				ok, err := stores[0].Spend(t.Context(), "erp", test.day, test.n, test.limit)
				if ok != test.want || err != nil {
					t.Errorf("case %d: %t, %v", i, ok, err)
				}
				if used, err := stores[1].Spent(t.Context(), "erp", test.day); used != test.used || err != nil {
					t.Errorf("case %d: used %d, %v", i, used, err)
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if ok, err := stores[0].Spend(ctx, "erp"+strconv.Itoa(1), day, 1, limit); ok || err == nil {
				t.Errorf("without a database: %t, %v", ok, err)
			}
		})
	}
}

// Of several that try, one is the first, until its time is over.
func TestOnce(t *testing.T) {
	t.Parallel()
	for name, create := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, keys := create(t), newKeys(t)
			stores := []*sqlstore.Store{openSQL(t, url, keys), openSQL(t, url, keys)}
			now := time.Unix(1_800_000_000, 0)
			var first atomic.Int64
			var group sync.WaitGroup
			for i := range 8 {
				group.Go(func() {
					ok, err := stores[i%2].Once(t.Context(), "a", now, now.Add(time.Minute))
					if err != nil {
						t.Error(err)
					}
					if ok {
						first.Add(1)
					}
				})
			}
			group.Wait()
			if first.Load() != 1 {
				t.Errorf("%d were the first", first.Load())
			}
			for i, test := range []struct {
				name  string
				after time.Duration
				want  bool
			}{{"a", time.Minute, false}, {"b", 0, true}, {"a", time.Minute + time.Second, true}, {"b", time.Minute + time.Second, true}} {
				at := now.Add(test.after)
				if ok, err := stores[i%2].Once(t.Context(), test.name, at, at.Add(time.Minute)); ok != test.want || err != nil {
					t.Errorf("case %d: %t, %v", i, ok, err)
				}
			}
		})
	}
}
