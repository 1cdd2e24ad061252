package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
