package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// TestHintsWake has two processes that have an hour to their next turns, and webhooks in
// an inbox that both read: each change is in its row within three seconds.
func TestHintsWake(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address := "file:" + filepath.Join(t.TempDir(), "inbox")
	box, err := inbox.Open(t.Context(), address, inbox.WithEngine(inbox.Program(func(context.Context) (string, error) { return exec.LookPath("ttshop-inbox") })))
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	for range 2 {
		w.worker(t, "--interval", "1h", "--settle", "0s", "--inbox", address)
	}
	waitFor(t, patience, func() error {
		return w.truth(t, `select count(*) = 4 from tiktok_shop_workers.river_job where state = 'scheduled'`)
	})
	rows, err := w.pool.Query(t.Context(), `select shop_id, id from (select *, row_number() over (partition by shop_id order by id) as n from tiktok_shop.orders where status = 'AWAITING_SHIPMENT') o where n <= 5`)
	if err != nil {
		t.Fatal(err)
	}
	type order struct{ Shop, ID string }
	orders, err := pgx.CollectRows(rows, pgx.RowToStructByPos[order])
	if err != nil || len(orders) < 8 {
		t.Fatalf("%d orders to move: %v", len(orders), err)
	}
	var took []time.Duration
	for i, o := range orders {
		if _, err := w.Control.MoveOrder(t.Context(), o.ID, "AWAITING_COLLECTION"); err != nil {
			t.Fatal(err)
		}
		body := fmt.Sprintf(`{"type":%d,"tts_notification_id":"hint%d","shop_id":%q,"timestamp":%d,"data":{"order_id":%q}}`, event.TypeOrderStatusChange, i, o.Shop, time.Now().Unix(), o.ID)
		e, err := webhook.Parse([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		e.SetApp(w.Credentials.AppKey)
		began := time.Now()
		if _, err := box.Put(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		waitFor(t, patience, func() error {
			return w.truth(t, `select status <> 'AWAITING_SHIPMENT' from tiktok_shop.orders where shop_id = $1 and id = $2`, o.Shop, o.ID)
		})
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	t.Logf("%d webhooks to their rows: median %s, longest %s", len(took), took[len(took)/2].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond))
	if longest := took[len(took)-1]; longest > 3*time.Second {
		t.Errorf("the longest took %s", longest)
	}
}
