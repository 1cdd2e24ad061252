package postgres_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/postgres"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// TestBothDatabasesAreEqual copies a shop at rest into both: hashes, versions and JSON
// are the same, and a comparison with the source finds nothing.
func TestBothDatabasesAreEqual(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 4, Throttle: new(0.0)})
	if _, err := server.Control.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Control.Freeze(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	shop := sync.Shop{ID: server.ShopID("GB"), Region: "GB"}
	lite, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lite.Close()
	pg := open(t, newDatabase(t), postgres.Options{History: true})
	defer pg.Close()
	_, schema, err := sync.Streams()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]map[string]sync.Known{}
	for _, d := range []sync.Destination{lite, pg} {
		engine, err := sync.New(t.Context(), d, sync.Config{Settle: -1, People: sync.People{Key: []byte("k")}})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second finds everything unchanged
			report, err := engine.Sync(t.Context(), shop, server.Shop("GB"))
			if err != nil || report.Err() != nil {
				t.Fatal(err, report.Err())
			}
		}
		comparisons, err := engine.Verify(t.Context(), shop, server.Shop("GB"), sync.Audit{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range comparisons {
			if !c.Equal() {
				t.Errorf("%T: %+v", d, c)
			}
		}
		for _, table := range schema.Tables {
			if table.Parent != nil {
				continue
			}
			rows := map[string]sync.Known{}
			for k, err := range d.Rows(t.Context(), shop.ID, table, "", time.Time{}, time.Time{}) {
				if err != nil {
					t.Fatal(err)
				}
				k.Key = nil
				rows[k.ID] = k
			}
			found[table.Name] = append(found[table.Name], rows)
		}
	}
	rows := 0
	for name, both := range found {
		rows += len(both[0])
		if !maps.EqualFunc(both[0], both[1], func(a, b sync.Known) bool {
			return a.ID == b.ID && a.Hash == b.Hash && a.Version == b.Version && a.Deleted == b.Deleted
		}) {
			t.Errorf("%s: %d rows in SQLite, %d in PostgreSQL, and not the same", name, len(both[0]), len(both[1]))
		}
	}
	if rows < 1000 {
		t.Errorf("only %d rows", rows)
	}
	raws := map[string]string{}
	for _, r := range look(t, pg, postgres.DefaultSchema, "orders") {
		raws[r["id"]] = r["_raw"]
	}
	all, err := lite.DB().QueryContext(t.Context(), `select id, _raw from orders`)
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	for all.Next() {
		var id, raw string
		if err := all.Scan(&id, &raw); err != nil {
			t.Fatal(err)
		}
		if raws[id] != raw || !json.Valid([]byte(raw)) {
			t.Fatalf("order %s is\n%s in SQLite\n%s in PostgreSQL", id, raw, raws[id])
		}
	}
	if err := all.Err(); err != nil {
		t.Fatal(err)
	}
	if n, orders := len(look(t, pg, postgres.DefaultSchema, "orders_history")), len(raws); n != orders {
		t.Errorf("%d versions of %d orders", n, orders)
	}
	order := look(t, pg, postgres.DefaultSchema, "orders")[0]["id"]
	if n, err := pg.Forget(t.Context(), schema, order, sync.Erase()); err != nil || n == 0 {
		t.Errorf("forgot %d rows, %v", n, err)
	}
	if err := pg.Reset(t.Context(), schema.Table("orders")); err != nil || len(look(t, pg, postgres.DefaultSchema, "order_line_items")) != 0 {
		t.Errorf("reset: %v", err)
	}
}
