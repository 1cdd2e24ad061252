package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/postgres"
)

// benchRows is how many orders a round of a benchmark stores, a page at a time.
const (
	benchRows = 4000
	benchPage = 100
)

// orderRows makes orders with two line items and a package each, of one version, asked
// for by one request.
func orderRows(b *testing.B, table *sync.Table, version, seq int) []sync.Row {
	b.Helper()
	rows := make([]sync.Row, benchRows)
	for i := range rows {
		raw := fmt.Sprintf(`{"id":"57%016d","status":"S%d","update_time":%d,"create_time":1700000000,"buyer_message":"%0700d","payment":{"total_amount":"%d.10","currency":"GBP"},"line_items":[{"id":"a%[1]d","sale_price":"5.05","product_name":"Lamp"},{"id":"b%[1]d","sale_price":"5.05","product_name":"Shade"}],"packages":[{"id":"p%[1]d"}]}`, i, version, 1700000000+version, i, i)
		row, ok := table.Row("", []byte(raw))
		if !ok {
			b.Fatal("no row")
		}
		row.Seq = int64(seq)
		rows[i] = row
	}
	return rows
}

// BenchmarkCommit stores orders with what belongs to them, a page in a transaction,
// beside bare COPY: the same values and JSON into ordinary tables of the same columns,
// types and primary keys, in transactions of the same size. Bare COPY has neither the
// columns that make a copy exact nor indexes by time, and its values are converted
// before its clock starts. What counts is the ratio of their rates, which is the median
// of rounds that take turns.
func BenchmarkCommit(b *testing.B) {
	_, schema, err := sync.Streams()
	if err != nil {
		b.Fatal(err)
	}
	table := schema.Table("orders")
	first := orderRows(b, table, 0, 1)
	base := newDatabase(b)
	pool, err := pgxpool.New(b.Context(), base)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	bare := newBareCopy(b, pool, table, first)
	for _, kind := range []struct {
		name string
		rows []sync.Row
	}{{"fresh", nil}, {"changed", orderRows(b, table, 1, 2)}, {"unchanged", orderRows(b, table, 0, 2)}} {
		b.Run(kind.name, func(b *testing.B) {
			var ratios, rates []float64
			for b.Loop() {
				theirs := bare.run(b)
				ours := commits(b, base, schema, table, first, kind.rows)
				ratios = append(ratios, float64(theirs)/float64(ours))
				rates = append(rates, benchRows/ours.Seconds())
			}
			b.ReportMetric(median(ratios), "x-copy")
			b.ReportMetric(median(rates), "orders/s")
		})
	}
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// commits returns how long a new copy takes to store the first rows, or the second ones
// after them.
func commits(b *testing.B, base string, schema *sync.Schema, table *sync.Table, first, second []sync.Row) time.Duration {
	b.Helper()
	s := open(b, base, postgres.Options{})
	defer s.Close()
	if err := s.Prepare(b.Context(), schema, nil); err != nil {
		b.Fatal(err)
	}
	epoch, err := s.Acquire(b.Context(), sync.Shop{ID: "7"}, "bench", time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	var last sync.Tally
	store := func(rows []sync.Row) time.Duration {
		last = sync.Tally{}
		began := time.Now()
		for page := range slices.Chunk(rows, benchPage) {
			tally, err := s.Commit(b.Context(), &sync.Batch{Shop: "7", Epoch: epoch, Stream: "orders", Table: table, Rows: page, At: began})
			if err != nil {
				b.Fatal(err)
			}
			last.Add(tally)
		}
		return time.Since(began)
	}
	took := store(first)
	if second != nil {
		took = store(second)
	}
	if last.Stored() != benchRows || last.Stale > 0 {
		b.Fatalf("stored %+v", last)
	}
	if _, err := s.Pool().Exec(b.Context(), `drop schema `+postgres.DefaultSchema+` cascade`); err != nil {
		b.Fatal(err)
	}
	return took
}

// bareCopy is COPY without anything that makes a copy exact.
type bareCopy struct {
	pool   *pgxpool.Pool
	tables []bareTable // parents before children
}

type bareTable struct {
	name    pgx.Identifier
	columns []string
	pages   [][][]any
}

// newBareCopy makes tables in a schema of their own, and their rows.
func newBareCopy(b *testing.B, pool *pgxpool.Pool, table *sync.Table, rows []sync.Row) *bareCopy {
	b.Helper()
	const schema = "bare"
	if _, err := pool.Exec(b.Context(), `create schema `+schema); err != nil {
		b.Fatal(err)
	}
	c := &bareCopy{pool: pool}
	for i, t := range append([]*sync.Table{table}, table.Children...) {
		one := bareTable{name: pgx.Identifier{schema, t.Name}, columns: []string{"shop_id"}}
		for _, column := range t.Columns {
			one.columns = append(one.columns, column.Name)
		}
		// The columns are ours, but for those that only we need.
		ddl, _, _ := strings.Cut(postgres.DDL(schema, t, postgres.RawJSON), ";")
		if t.Parent == nil {
			one.columns = append(one.columns, "_raw")
			before, _, _ := strings.Cut(ddl, "  _hash text")
			ddl = before + "  _raw json" + ddl[strings.LastIndex(ddl, ",\n"):]
		}
		if _, err := pool.Exec(b.Context(), ddl); err != nil {
			b.Fatal(err, ddl)
		}
		for page := range slices.Chunk(rows, benchPage) {
			var lines [][]any
			for _, row := range page {
				if i == 0 {
					lines = append(lines, append(bareLine(b, t, row.Values), string(row.Raw)))
					continue
				}
				for _, child := range row.Children[i-1] {
					lines = append(lines, bareLine(b, t, child.Values))
				}
			}
			one.pages = append(one.pages, lines)
		}
		c.tables = append(c.tables, one)
	}
	return c
}

func bareLine(b *testing.B, t *sync.Table, values []any) []any {
	b.Helper()
	line := make([]any, 0, len(values)+2)
	line = append(line, "7")
	for i, v := range values {
		if text, ok := v.(string); ok && t.Columns[i].Type == sync.Decimal {
			var n pgtype.Numeric
			if err := n.Scan(text); err != nil {
				b.Fatal(err)
			}
			v = n
		}
		line = append(line, v)
	}
	return line
}

// run empties the tables and returns how long it takes to fill them.
func (c *bareCopy) run(b *testing.B) time.Duration {
	b.Helper()
	for _, t := range c.tables {
		if _, err := c.pool.Exec(b.Context(), `truncate `+t.name.Sanitize()); err != nil {
			b.Fatal(err)
		}
	}
	began := time.Now()
	for page := range c.tables[0].pages {
		err := pgx.BeginFunc(b.Context(), c.pool, func(tx pgx.Tx) error {
			for _, t := range c.tables {
				if _, err := tx.CopyFrom(b.Context(), t.name, t.columns, pgx.CopyFromRows(t.pages[page])); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}
