package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// TestShortTurns copies in turns that are much too short for a slice of the backfill:
// it comes to an end all the same, and nothing is left out.
func TestShortTurns(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 3, Orders: 1000, Throttle: new(0.0)})
	store := open(t, filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	// A clock that moves with each look stands for a slow platform.
	var looks time.Duration
	engine := newEngine(t, store, sync.Config{
		Streams: []string{"orders"}, Since: 2000 * 24 * time.Hour, Turn: 20 * time.Second, Settle: time.Minute, Budget: -1,
		Now: func() time.Time { looks += 600 * time.Millisecond; return time.Now().Add(looks) },
	})
	shop, caller := shopOf(server, "GB"), server.Shop("GB")
	for turn := 0; ; turn++ {
		report, err := engine.Sync(t.Context(), shop, caller)
		if err != nil || report.Err() != nil {
			t.Fatal(err, report.Err())
		}
		if !report.Rest {
			if turn < 5 {
				t.Errorf("it ended after %d turns: they were not short", turn)
			}
			break
		}
		if turn > 200 {
			t.Fatal("no end")
		}
	}
	if n := count(t, store.DB(), `select count(*) from orders`); n < 1200 {
		t.Errorf("%d orders", n)
	}
}
