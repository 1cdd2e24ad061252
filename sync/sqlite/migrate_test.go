package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// firstDatabase makes a file that the first schema holds, changed by statements, and
// returns its path.
func firstDatabase(t *testing.T, statements ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "database-v1.sql"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "v1.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range append([]string{string(text)}, statements...) {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// TestMigration opens a database of the first schema, and one that lacks columns, as one
// of an earlier catalogue does: they are there afterwards, filled from _raw.
func TestMigration(t *testing.T) {
	t.Parallel()
	columns := []struct{ table, column, rest string }{
		{"orders", "payment_total_amount", "payment_total_amount is null"},
		{"orders", "paid_time", "paid_time is null and json_extract(_raw, '$.paid_time') > 0"},
		{"order_line_items", "sale_price", "sale_price is null"},
		{"skus", "price_sale_price", "price_sale_price is null"},
		{"inventory", "available_quantity", "available_quantity is null"},
		{"statement_transactions", "settlement_amount", "settlement_amount is null"},
	}
	var drops []string
	for _, c := range columns {
		drops = append(drops, fmt.Sprintf(`create table "was_%s" as select rowid as r, "%[1]s" as v from "%s"`, c.column, c.table),
			fmt.Sprintf(`alter table "%s" drop column "%s"`, c.table, c.column))
	}
	store := open(t, firstDatabase(t, drops...), sqlite.Options{})
	newEngine(t, store, sync.Config{})
	for _, c := range columns {
		if n := count(t, store.DB(), fmt.Sprintf(`select count(*) from "%s" join "was_%s" on r = "%[1]s".rowid where v is not "%[1]s"."%[2]s"`, c.table, c.column)); n != 0 {
			t.Errorf("%s.%s: %d values differ from those before", c.table, c.column, n)
		}
		if n := count(t, store.DB(), fmt.Sprintf(`select count(*) from "was_%s" where v is not null`, c.column)); n == 0 {
			t.Errorf("%s.%s had no value before", c.table, c.column)
		}
	}
}

// TestUpgrade opens a database of the first schema with this version, which has nobody to
// call: every table and column of today is there, and every row is as it was.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	last, err := os.ReadFile(filepath.Join("testdata", "schema-v1-last.sql"))
	if err != nil {
		t.Fatal(err)
	}
	for name, statements := range map[string][]string{
		"first of version 1": nil,
		"last of version 1":  {regexp.MustCompile(`create (table|index)`).ReplaceAllString(string(last), "create $1 if not exists")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			upgrade(t, firstDatabase(t, append(statements, `create table before as select shop_id, id, _raw, _hash, _version from orders`)...))
		})
	}
}

func upgrade(t *testing.T, path string) {
	t.Helper()
	store := open(t, path, sqlite.Options{})
	if n := count(t, store.DB(), `select value from _ttshop_meta where name = 'schema'`); n >= sync.SchemaVersion {
		t.Fatalf("the database on record has schema %d, this version makes %d", n, sync.SchemaVersion)
	}
	newEngine(t, store, sync.Config{})
	if n := count(t, store.DB(), `select value from _ttshop_meta where name = 'schema'`); n != sync.SchemaVersion {
		t.Errorf("the schema is %d afterwards", n)
	}
	_, schema, err := sync.Streams()
	if err != nil {
		t.Fatal(err)
	}
	have, err := store.Columns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range schema.Tables {
		for _, c := range table.Columns {
			if have[table.Name][c.Name] == "" {
				t.Errorf("%s has no column %s", table.Name, c.Name)
			}
		}
	}
	if n := count(t, store.DB(), `select count(*) from before`); n == 0 {
		t.Error("the database on record has no orders")
	}
	if n := count(t, store.DB(), `select count(*) from (select shop_id, id, _raw, _hash, _version from orders except select * from before)`) +
		count(t, store.DB(), `select count(*) from (select * from before except select shop_id, id, _raw, _hash, _version from orders)`); n != 0 {
		t.Errorf("%d orders are not as they were", n)
	}
}

// TestStreamAskedForLater: a stream that asks about parents is owed those that were here
// before it was asked for, as after an upgrade that brings it.
func TestStreamAskedForLater(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 3, Throttle: new(0.0)})
	if _, err := server.Control.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	store := open(t, filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	shop, caller := shopOf(server, "GB"), server.Shop("GB")
	streams := []string{"products", "statement_transactions"}
	mustSync(t, newEngine(t, store, sync.Config{Streams: streams}), shop, caller)
	mustSync(t, newEngine(t, store, sync.Config{Streams: append(streams, "product_details", "order_transactions")}), shop, caller)
	for _, q := range []struct{ rows, want string }{
		{`select count(*) from product_details`, `select count(*) from products`},
		{`select count(*) from order_transactions`, `select count(distinct order_id) from statement_transactions where order_id <> ''`},
	} {
		if got, want := count(t, store.DB(), q.rows), count(t, store.DB(), q.want); got != want || got == 0 {
			t.Errorf("%s: %d, want %d", q.rows, got, want)
		}
	}
	// While it is not copied, what changes is noted for it.
	if _, err := store.DB().ExecContext(t.Context(), `update products set _hash = 'another', _version = 1 where id = (select min(id) from products)`); err != nil {
		t.Fatal(err)
	}
	if _, err := store.DB().ExecContext(t.Context(), `update _ttshop_state set state = json_remove(state, '$.done') where stream = 'products'`); err != nil {
		t.Fatal(err)
	}
	mustSync(t, newEngine(t, store, sync.Config{Streams: streams}), shop, caller)
	if n := count(t, store.DB(), `select count(*) from _ttshop_todo where stream = 'product_details' and id = (select min(id) from products)`); n != 1 {
		t.Errorf("%d products wait for their details", n)
	}
}

func TestRefusedDatabases(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change string
		want   error
	}{
		"newer":   {`update _ttshop_meta set value = '999' where name = 'schema'`, sync.ErrNewer},
		"no copy": {`drop table _ttshop_meta`, sync.ErrForeign},
		"garbled": {`update _ttshop_meta set value = 'x'`, sync.ErrForeign},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := open(t, firstDatabase(t, tt.change), sqlite.Options{})
			before := count(t, store.DB(), `select count(*) from sqlite_master`)
			if _, err := sync.New(t.Context(), store, sync.Config{}); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if after := count(t, store.DB(), `select count(*) from sqlite_master`); after != before {
				t.Error("the file was changed")
			}
		})
	}
}

func TestOneWriter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "shop.db")
	open(t, path, sqlite.Options{})
	if _, err := sqlite.Open(t.Context(), path, sqlite.Options{}); !errors.Is(err, sqlite.ErrInUse) || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("error %v", err)
	}
}
