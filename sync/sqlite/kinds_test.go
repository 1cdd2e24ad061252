package sqlite_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// TestKinds copies what shops, creators and partners have with one engine: each its own
// tables, and all that the source tells.
func TestKinds(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 3, Throttle: new(0.0)})
	store := open(t, filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	engine := newEngine(t, store, sync.Config{Streams: []string{"orders", "creator_orders", "tap_orders", "cap_orders"}, Since: 400 * 24 * time.Hour})
	users, err := server.Control.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if report := mustSync(t, engine, shopOf(server, "GB"), server.Shop("GB")); len(report.Streams) != 1 || report.Streams["orders"].Tally.Inserted == 0 {
		t.Errorf("of a shop there are %v", report.Streams)
	}
	// What was placed in this second counts from the next one on.
	if _, err := server.Control.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	copied := map[sync.Kind]int{}
	for _, user := range users {
		shop := sync.Shop{ID: user.OpenID, Name: user.Name, Region: user.Region, Kind: sync.Kind(user.Kind)}
		if user.Kind == "seller" {
			continue
		}
		granted, err := server.Control.Authorize(t.Context(), control.NewGrant{User: user.OpenID})
		if err != nil {
			t.Fatal(err)
		}
		caller := server.NewClient(granted.AccessToken)
		tables := map[string]string{"creator_orders": "/affiliate_creator/202410/orders/search"}
		items, key := "orders", "id"
		if user.Kind == "partner" {
			caller = caller.CategoryAsset(user.CategoryAssetCipher)
			tables = map[string]string{"tap_orders": "/affiliate_partner/202603/orders/search", "cap_orders": "/affiliate_partner/202603/cap_order/search"}
			items = "sku_orders"
		}
		report := mustSync(t, engine, shop, caller)
		if len(report.Streams) != len(tables) {
			t.Errorf("of a %s there are %v", user.Kind, report.Streams)
		}
		for table, path := range tables {
			there := source(t, caller, "POST", path, items, map[string][]string{"page_size": {"100"}})
			same(t, table, kept(t, store.DB(), table, key, shop.ID), there)
			copied[shop.Kind] += len(there)
		}
		comparisons, err := engine.Verify(t.Context(), shop, caller, sync.Audit{})
		if err != nil || len(comparisons) != len(tables) {
			t.Errorf("%d comparisons, %v", len(comparisons), err)
		}
		for _, c := range comparisons {
			if !c.Equal() {
				text, _ := json.Marshal(c)
				t.Errorf("%s", text)
			}
		}
		if again := mustSync(t, engine, shop, caller); again.Tally.Inserted+again.Tally.Changed > 0 {
			t.Errorf("a second turn of a %s: %+v", user.Kind, again.Tally)
		}
	}
	if copied[sync.OfCreator] == 0 || copied[sync.OfPartner] == 0 {
		t.Errorf("%v were copied", copied)
	}
	if n := count(t, store.DB(), `select count(*) from creator_order_skus where commission_rate > 0`); n == 0 {
		t.Error("no SKUs of a creator's orders")
	}
}
