package sqlite_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// benchRows is how many orders a round of a benchmark stores, a page at a time.
const (
	benchRows = 2000
	benchPage = 100
)

// orderRow makes an order with two line items and a package, of some size.
func orderRow(b *testing.B, table *sync.Table, i, version int) sync.Row {
	b.Helper()
	raw := fmt.Sprintf(`{"id":"57%016d","status":"S%d","update_time":%d,"create_time":1700000000,"buyer_message":"%0700d","payment":{"total_amount":"%d.10","currency":"GBP"},"line_items":[{"id":"a%[1]d","sale_price":"5.05","product_name":"Lamp"},{"id":"b%[1]d","sale_price":"5.05","product_name":"Shade"}],"packages":[{"id":"p%[1]d"}]}`, i, version, 1700000000+version, i, i)
	row, ok := table.Row("", []byte(raw))
	if !ok {
		b.Fatal("no row")
	}
	row.Seq = int64(version + 1)
	return row
}

// BenchmarkCommit stores orders with what belongs to them, beside bare inserts of the
// same values into the same tables in the same transactions. The ratio is what counts.
func BenchmarkCommit(b *testing.B) {
	_, schema, err := sync.Streams()
	if err != nil {
		b.Fatal(err)
	}
	table := schema.Table("orders")
	for _, kind := range []string{"fresh", "changed", "unchanged"} {
		b.Run(kind, func(b *testing.B) {
			var ours, bare time.Duration
			for b.Loop() {
				s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "shop.db"), sqlite.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Prepare(b.Context(), schema, nil); err != nil {
					b.Fatal(err)
				}
				epoch, err := s.Acquire(b.Context(), sync.Shop{ID: "7"}, "bench", time.Hour)
				if err != nil {
					b.Fatal(err)
				}
				var first, second []sync.Row
				for i := range benchRows {
					first = append(first, orderRow(b, table, i, 0))
					version := 1
					if kind == "unchanged" {
						version = 0
					}
					row := orderRow(b, table, i, version)
					row.Seq = 9
					second = append(second, row)
				}
				store := func(rows []sync.Row) time.Duration {
					began := time.Now()
					for at := 0; at < len(rows); at += benchPage {
						if _, err := s.Commit(b.Context(), &sync.Batch{Shop: "7", Epoch: epoch, Stream: "orders", Table: table, Rows: rows[at : at+benchPage], At: began}); err != nil {
							b.Fatal(err)
						}
					}
					return time.Since(began)
				}
				took := store(first)
				if kind != "fresh" {
					took = store(second)
				}
				ours += took
				bare += bareInserts(b, s.DB(), table, first)
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(bare)/float64(ours), "x-bare")
			b.ReportMetric(float64(benchRows*b.N)/ours.Seconds(), "orders/s")
		})
	}
}

// bareInserts stores the values of rows in tables of the same columns, without anything
// that makes a copy exact.
func bareInserts(b *testing.B, db *sql.DB, table *sync.Table, rows []sync.Row) time.Duration {
	b.Helper()
	insert := map[string]string{}
	for _, t := range append([]*sync.Table{table}, table.Children...) {
		var columns, places string
		for _, c := range t.Columns {
			columns += `, "` + c.Name + `"`
			places += ", ?"
		}
		if t.Parent == nil {
			columns, places = columns+", _raw", places+", ?"
		}
		if _, err := db.ExecContext(b.Context(), fmt.Sprintf(`create table "bare_%s" (shop_id text%s, primary key (shop_id, "%s"))`, t.Name, columns, t.Key[len(t.Key)-1])); err != nil {
			b.Fatal(err)
		}
		insert[t.Name] = fmt.Sprintf(`insert into "bare_%s" (shop_id%s) values (?%s)`, t.Name, columns, places)
	}
	text := func(values []any) []any {
		args := []any{"7"}
		for _, v := range values {
			if at, ok := v.(time.Time); ok {
				v = at.Format(time.DateTime)
			}
			args = append(args, v)
		}
		return args
	}
	began := time.Now()
	for at := 0; at < len(rows); at += benchPage {
		tx, err := db.BeginTx(b.Context(), nil)
		if err != nil {
			b.Fatal(err)
		}
		stmts := map[string]*sql.Stmt{}
		for name, query := range insert {
			if stmts[name], err = tx.PrepareContext(b.Context(), query); err != nil {
				b.Fatal(err)
			}
		}
		for _, row := range rows[at : at+benchPage] {
			if _, err := stmts[table.Name].ExecContext(b.Context(), append(text(row.Values), string(row.Raw))...); err != nil {
				b.Fatal(err)
			}
			for i, child := range table.Children {
				for _, c := range row.Children[i] {
					if _, err := stmts[child.Name].ExecContext(b.Context(), text(c.Values)...); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}
