package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
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
	return row
}

// orderRows makes the orders of a round, of one version, asked for by one request.
func orderRows(b *testing.B, table *sync.Table, version, seq int) []sync.Row {
	b.Helper()
	rows := make([]sync.Row, benchRows)
	for i := range rows {
		rows[i] = orderRow(b, table, i, version)
		rows[i].Seq = int64(seq)
	}
	return rows
}

// BenchmarkCommit stores orders with what belongs to them, beside bare inserts of the
// same values, with statements prepared once, in transactions of the same size and the
// same durability. What counts is the ratio of their rates, which is the median of
// rounds that take turns.
func BenchmarkCommit(b *testing.B) {
	_, schema, err := sync.Streams()
	if err != nil {
		b.Fatal(err)
	}
	table := schema.Table("orders")
	first := orderRows(b, table, 0, 1)
	for _, kind := range []struct {
		name string
		rows []sync.Row
	}{{"fresh", nil}, {"changed", orderRows(b, table, 1, 2)}, {"unchanged", orderRows(b, table, 0, 2)}} {
		b.Run(kind.name, func(b *testing.B) {
			var ratios, rates []float64
			for b.Loop() {
				bare := bareInserts(b, table, first)
				ours := commits(b, schema, table, first, kind.rows)
				ratios = append(ratios, float64(bare)/float64(ours))
				rates = append(rates, benchRows/ours.Seconds())
			}
			b.ReportMetric(median(ratios), "x-bare")
			b.ReportMetric(median(rates), "orders/s")
		})
	}
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// openNew opens a new file.
func openNew(b *testing.B) *sqlite.Store {
	b.Helper()
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "shop.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// commits returns how long a copy takes to store the first rows, or the second ones
// after them.
func commits(b *testing.B, schema *sync.Schema, table *sync.Table, first, second []sync.Row) time.Duration {
	b.Helper()
	s := openNew(b)
	defer s.Close()
	if err := s.Prepare(b.Context(), schema, nil); err != nil {
		b.Fatal(err)
	}
	epoch, err := s.Acquire(b.Context(), sync.Shop{ID: "7"}, "bench", time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	store := func(rows []sync.Row) time.Duration {
		began := time.Now()
		for page := range slices.Chunk(rows, benchPage) {
			if _, err := s.Commit(b.Context(), &sync.Batch{Shop: "7", Epoch: epoch, Stream: "orders", Table: table, Rows: page, At: began}); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(began)
	}
	took := store(first)
	if second != nil {
		took = store(second)
	}
	return took
}

// bareInserts returns how long it takes to store the values of rows in tables of the
// same columns, without anything that makes a copy exact.
func bareInserts(b *testing.B, table *sync.Table, rows []sync.Row) time.Duration {
	b.Helper()
	s := openNew(b)
	defer s.Close()
	ctx := context.WithoutCancel(b.Context()) // the driver would start a goroutine for each statement
	stmts := map[string]*sql.Stmt{}
	for _, t := range append([]*sync.Table{table}, table.Children...) {
		columns, places := "shop_id", "?"
		for _, c := range t.Columns {
			columns += `, "` + c.Name + `"`
			places += ", ?"
		}
		if t.Parent == nil {
			columns, places = columns+", _raw", places+", ?"
		}
		key := `shop_id, "` + strings.Join(t.Key, `", "`) + `"`
		if _, err := s.DB().ExecContext(ctx, fmt.Sprintf(`create table %s (%s, primary key (%s))`, t.Name, columns, key)); err != nil {
			b.Fatal(err)
		}
		stmt, err := s.DB().PrepareContext(ctx, fmt.Sprintf(`insert into %s (%s) values (%s)`, t.Name, columns, places))
		if err != nil {
			b.Fatal(err)
		}
		stmts[t.Name] = stmt
	}
	args := func(values []any) []any {
		args := make([]any, 0, len(values)+2)
		args = append(args, "7")
		for _, v := range values {
			if at, ok := v.(time.Time); ok {
				v = at.Format(time.DateTime)
			}
			args = append(args, v)
		}
		return args
	}
	began := time.Now()
	for page := range slices.Chunk(rows, benchPage) {
		tx, err := s.DB().BeginTx(ctx, nil)
		if err != nil {
			b.Fatal(err)
		}
		insert := map[string]*sql.Stmt{}
		for name, stmt := range stmts {
			insert[name] = tx.StmtContext(ctx, stmt)
		}
		for _, row := range page {
			if _, err := insert[table.Name].ExecContext(ctx, append(args(row.Values), string(row.Raw))...); err != nil {
				b.Fatal(err)
			}
			for i, child := range table.Children {
				for _, c := range row.Children[i] {
					if _, err := insert[child.Name].ExecContext(ctx, args(c.Values)...); err != nil {
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
