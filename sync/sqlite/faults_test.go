package sqlite_test

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"strconv"
	gosync "sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// TestMissingScope has one table without its scope: it is marked, the others are
// copied, and once the scope is there it goes on.
func TestMissingScope(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 3, Throttle: new(0.0)})
	store := open(t, filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	engine := newEngine(t, store, sync.Config{Streams: []string{"orders", "returns"}})
	shop, caller := shopOf(server, "GB"), server.Shop("GB")
	id, err := server.Control.AddFault(t.Context(), control.Fault{Match: control.Match{Operation: "return_refund.SearchReturns"}, Then: control.Effect{Code: 105005}})
	if err != nil {
		t.Fatal(err)
	}
	report, err := engine.Sync(t.Context(), shop, caller)
	if err != nil {
		t.Fatal(err)
	}
	if !errors.Is(report.Streams["returns"].Err, ttshop.ErrScope) || report.Streams["orders"].Err != nil {
		t.Errorf("%v", report.Err())
	}
	state, err := store.State(t.Context(), shop.ID)
	if err != nil || state.Streams["returns"].Blocked == "" || count(t, store.DB(), `select count(*) from orders`) == 0 {
		t.Errorf("%+v, %v", state.Streams["returns"], err)
	}
	if err := server.Control.RemoveFault(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	mustSync(t, engine, shop, caller)
	state, err = store.State(t.Context(), shop.ID)
	if err != nil || state.Streams["returns"].Blocked != "" || count(t, store.DB(), `select count(*) from returns`) == 0 {
		t.Errorf("%+v, %v", state.Streams["returns"], err)
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 3, Throttle: new(0.0)})
	store := open(t, filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	var later time.Duration
	engine := newEngine(t, store, sync.Config{Budget: 20, Now: func() time.Time { return time.Now().Add(later) }})
	shop, caller := shopOf(server, "GB"), server.Shop("GB")
	for range 3 {
		report, err := engine.Sync(t.Context(), shop, caller)
		if err != nil || !report.Rest || !errors.Is(report.Err(), sync.ErrBudget) {
			t.Fatalf("%+v, %v", report, err)
		}
	}
	state, err := store.State(t.Context(), shop.ID)
	if err != nil || state.Used > 20 || state.Used < 15 {
		t.Errorf("%d requests, %v", state.Used, err)
	}
	// The day after.
	later = 25 * time.Hour
	if _, err := server.Control.Advance(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	if report, err := engine.Sync(t.Context(), shop, caller); err != nil || report.Requests == 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestLostGrant ends the grant: nothing of the shop goes on.
func TestLostGrant(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	store := open(t, filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	engine := newEngine(t, store, sync.Config{})
	lost := server.NewClient("ROW_unknown", ttshop.WithoutRetry()).Shop(server.Credentials.Shops[0].Cipher)
	report, err := engine.Sync(t.Context(), shopOf(server, "GB"), lost)
	if !errors.Is(err, ttshop.ErrUnauthorized) || report.Requests > 5 { // those that were under way side by side
		t.Errorf("%d requests, error %v", report.Requests, err)
	}
}

// flaky answers each call once with a failure.
type flaky struct {
	sync.Caller
	failed gosync.Map
}

func (f *flaky) Call(ctx context.Context, method, path string, query url.Values, body any, options ...ttshop.CallOption) (*ttshop.Response, error) {
	if _, failed := f.failed.LoadOrStore(path+query.Get("page_token"), true); !failed {
		return nil, &ttshop.TransportError{}
	}
	return f.Caller.Call(ctx, method, path, query, body, options...)
}

// TestInterrupted fails at every request once; with each run more is there, and in the
// end all of it.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 5, Throttle: new(0.0)})
	store := open(t, filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	engine := newEngine(t, store, sync.Config{Since: 400 * 24 * time.Hour})
	shop, caller := shopOf(server, "GB"), server.Shop("GB")
	if _, err := server.Control.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	f := &flaky{Caller: caller}
	for round := 0; ; round++ {
		report, err := engine.Sync(t.Context(), shop, f)
		if err != nil {
			t.Fatal(err)
		}
		if report.Err() == nil {
			break
		}
		if round > 300 {
			t.Fatalf("no end: %v", report.Err())
		}
	}
	if _, err := server.Control.Advance(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	mustSync(t, engine, shop, caller)
	compare(t, store.DB(), caller, shop.ID)
}

// TestFull fills the disk: the transaction is rolled back, and the copy goes on when
// there is room.
func TestFull(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 3, Throttle: new(0.0)})
	store := open(t, filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	engine := newEngine(t, store, sync.Config{Streams: []string{"orders"}})
	shop, caller := shopOf(server, "GB"), server.Shop("GB")
	pages := count(t, store.DB(), `pragma page_count`)
	count(t, store.DB(), `pragma max_page_count = `+strconv.Itoa(pages+40))
	_, err := engine.Sync(t.Context(), shop, caller)
	if !errors.Is(err, sync.ErrFull) {
		t.Fatalf("error %v", err)
	}
	state, err := store.State(t.Context(), shop.ID)
	if err != nil || len(state.Streams["orders"].Done) != 0 {
		t.Errorf("%+v, %v", state, err)
	}
	count(t, store.DB(), `pragma max_page_count = 1000000`)
	mustSync(t, engine, shop, caller)
	if n := count(t, store.DB(), `select count(*) from orders`); n < 200 {
		t.Errorf("%d orders", n)
	}
}

// TestHints fetches what a webhook said has changed, before it has settled.
func TestHints(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 3, Throttle: new(0.0)})
	store := open(t, filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	engine := newEngine(t, store, sync.Config{Settle: 2 * time.Minute})
	shop, caller := shopOf(server, "GB"), server.Shop("GB")
	mustSync(t, engine, shop, caller)
	var sku string
	if err := store.DB().QueryRowContext(t.Context(), `select sku_id from inventory where available_quantity > 50 order by sku_id limit 1`).Scan(&sku); err != nil {
		t.Fatal(err)
	}
	id, err := server.Control.PlaceOrder(t.Context(), control.Order{ShopID: shop.ID, Lines: []control.Line{{SKUID: sku, Quantity: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	mustSync(t, engine, shop, caller)
	if n := count(t, store.DB(), `select count(*) from orders where id = ?`, id); n != 0 {
		t.Error("the order was copied before it had settled")
	}
	n, err := engine.Note(t.Context(), shop.ID, []sync.Hint{
		{Shop: shop.ID, Type: 1, Data: []byte(`{"order_id":"` + id + `"}`)}, {Shop: shop.ID, Type: 1, Data: []byte(`{"order_id":"5764"}`)},
		{Shop: shop.ID, Type: 27, Data: []byte(`{"sku_id":"` + sku + `"}`)}, {Shop: "another", Type: 1, Data: []byte(`{"order_id":"1"}`)}, {Shop: shop.ID, Type: 7, Data: []byte(`{}`)},
	})
	if err != nil || n != 3 {
		t.Fatalf("%d hints, %v", n, err)
	}
	mustSync(t, engine, shop, caller)
	if n := count(t, store.DB(), `select count(*) from orders where id = ?`, id); n != 1 {
		t.Error("the hint was not followed")
	}
	if n := count(t, store.DB(), `select count(*) from _ttshop_todo`); n != 0 {
		t.Errorf("%d hints are left", n)
	}
}
