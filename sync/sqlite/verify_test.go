package sqlite_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// TestVerify finds differences that were planted, and repairs them.
func TestVerify(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 3, Throttle: new(0.0)})
	store := open(t, filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	engine := newEngine(t, store, sync.Config{})
	shop, caller := shopOf(server, "GB"), server.Shop("GB")
	if _, err := server.Control.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	mustSync(t, engine, shop, caller)
	verify := func(repair bool) map[string]sync.Comparison {
		t.Helper()
		if _, err := server.Control.Advance(t.Context(), time.Second); err != nil {
			t.Fatal(err)
		}
		all, err := engine.Verify(t.Context(), shop, caller, sync.Audit{Repair: repair})
		if err != nil {
			t.Fatal(err)
		}
		by := map[string]sync.Comparison{}
		for _, c := range all {
			if c.Error != "" {
				t.Errorf("%s: %s", c.Stream, c.Error)
			}
			by[c.Stream] = c
		}
		return by
	}
	for name, c := range verify(false) {
		if !c.Equal() || c.Source != c.Here {
			t.Errorf("%s differs before anything was planted: %+v", name, c)
		}
	}
	exec := func(query string) string {
		t.Helper()
		var id string
		if err := store.DB().QueryRowContext(t.Context(), query).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	changed := exec(`update orders set status = 'PLANTED', _hash = 'planted', _version = _version + 1000 where id = (select min(id) from orders) returning id`)
	gone := exec(`delete from orders where id = (select max(id) from orders) returning id`)
	quantity := exec(`update inventory set available_quantity = -1, _hash = 'x' where sku_id = (select min(sku_id) from inventory) returning sku_id || '/' || warehouse_id`)
	extra := exec(`insert into returns (shop_id, return_id, create_time, _hash, _version, _seq, _synced_at) select shop_id, 'extra', create_time, 'x', 1, 1, '' from returns limit 1 returning return_id`)

	for round := range 2 {
		found := verify(round == 1)
		if c := found["orders"]; !slices.Equal(c.Differ, []string{changed}) || !slices.Equal(c.Missing, []string{gone}) || len(c.Surplus) != 0 || c.Repaired != 2*round {
			t.Errorf("orders: %+v", c)
		}
		if c := found["inventory"]; !slices.Equal(c.Differ, []string{quantity}) {
			t.Errorf("inventory: %+v", c)
		}
		if c := found["returns"]; !slices.Equal(c.Surplus, []string{extra}) {
			t.Errorf("returns: %+v", c)
		}
	}
	after := verify(false)
	if c := after["orders"]; !c.Equal() {
		t.Errorf("orders after the repair: %+v", c)
	}
	if n := count(t, store.DB(), fmt.Sprintf(`select count(*) from orders where status = 'PLANTED' or id = '%s' and _deleted_at is not null`, gone)); n != 0 {
		t.Error("what was planted is still there")
	}
}
