package assistant

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/mcp"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// TestDatabase asks a copy with people's data as it is: nothing of people, of what they
// wrote, and of the state of the copy can be asked for.
func TestDatabase(t *testing.T) {
	t.Parallel()
	w := sandboxtest.StartWith(t, sandbox.Config{Seed: 2, Throttle: new(0.0)})
	path := filepath.Join(t.TempDir(), "shop.db")
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := sync.New(t.Context(), store, sync.Config{Streams: []string{"orders", "returns", "conversations", "messages"}, People: sync.People{Keep: true}, Budget: -1})
	if err != nil {
		t.Fatal(err)
	}
	shop := w.ShopID("GB")
	report, err := e.Sync(t.Context(), sync.Shop{ID: shop, Region: "GB"}, w.Shop("GB").WithShopID(shop))
	if err != nil || report.Err() != nil {
		t.Fatal(err, report.Err())
	}
	canaries := map[string]bool{}
	for _, query := range []string{
		"select buyer_email from orders", "select buyer_message from orders", "select recipient_address_phone_number from orders", "select recipient_address_full_address from orders",
		"select recipient_address_name from orders", "select user_id from orders", "select content from messages",
	} {
		rows, err := store.DB().QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var text *string
			if err := rows.Scan(&text); err != nil {
				t.Fatal(err)
			}
			if text != nil && len(*text) > 3 {
				canaries[*text] = true
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		_ = rows.Close()
	}
	if len(canaries) < 100 {
		t.Fatalf("only %d canaries", len(canaries))
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	db, closeDB, err := openDatabase(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := closeDB(); err != nil {
			t.Error(err)
		}
	}()
	limits := mcp.QueryLimits{Rows: 5000, Time: 10 * time.Second, Text: 5000}
	asked := 0
	for _, table := range db.Tables() {
		rows, err := db.Query(t.Context(), "select * from "+table.Name, nil, limits)
		if err != nil {
			t.Errorf("%s: %v", table.Name, err)
			continue
		}
		for _, row := range rows.Rows {
			for i, v := range row {
				asked++
				if text, ok := v.(string); ok && canaries[text] && rows.Columns[i] != "id" {
					t.Errorf("%s.%s shows %s", table.Name, rows.Columns[i], text)
				}
			}
		}
		if !table.View && len(table.Columns) < 2 {
			t.Errorf("%s has the columns %v", table.Name, table.Columns)
		}
	}
	if asked < 1000 {
		t.Errorf("only %d values", asked)
	}
	if _, err := db.Query(t.Context(), "select * from _ttshop_state", nil, limits); err == nil || !strings.Contains(err.Error(), "no table") {
		t.Error(err)
	}
}

func TestOpenDatabase(t *testing.T) {
	t.Parallel()
	for place, want := range map[string]string{
		"sqlite:none.db": "there is no copy in none.db", "mysql://secret@host": `--db "mysql://secret" is not a place`, "": "is not a place", "sqlite:": "is not a place",
		"postgres://user:secret@127.0.0.1:1/x": "open the database",
	} {
		_, _, err := openDatabase(t.Context(), place)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", place, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret@") {
			t.Errorf("it shows the password: %v", err)
		}
	}
}
