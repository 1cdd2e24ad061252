package parquet_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	goparquet "github.com/parquet-go/parquet-go"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/manifest"
	"github.com/ttshop-go/ttshop/sync/parquet"
	"github.com/ttshop-go/ttshop/sync/postgres"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

var schemas atomic.Int64

func openSQLite(t *testing.T) sync.Inspector {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// openPostgres opens a schema of its own. Without a server the test is skipped, except
// in CI.
func openPostgres(t *testing.T) sync.Inspector {
	t.Helper()
	server := os.Getenv("TTSHOP_TEST_POSTGRES")
	if server == "" {
		server = "postgres://postgres@127.0.0.1:5432/postgres"
	}
	conn, err := pgx.Connect(t.Context(), server)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	schema := fmt.Sprintf("ttshop_test_parquet_%d_%d", os.Getpid(), schemas.Add(1))
	t.Cleanup(func() {
		if _, err := conn.Exec(context.Background(), "drop schema if exists "+schema+" cascade"); err != nil {
			t.Error(err)
		}
		conn.Close(context.Background())
	})
	s, err := postgres.Open(t.Context(), server, postgres.Options{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// filled copies two shops of a sandbox.
func filled(t *testing.T, to sync.Inspector) *sync.Engine {
	t.Helper()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 1, Throttle: new(0.0)})
	engine, err := sync.New(t.Context(), to, sync.Config{Since: 1000 * 24 * time.Hour, Budget: -1, Settle: -1, People: sync.People{Keep: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range server.Credentials.Shops[:2] {
		report, err := engine.Sync(t.Context(), sync.Shop{ID: s.ID, Name: s.Name, Region: s.Region}, server.Client.Shop(s.Cipher).WithShopID(s.ID))
		if err := errors.Join(err, report.Err()); err != nil {
			t.Fatal(err)
		}
	}
	return engine
}

// TestValues reads back with another reader's means what was written, and compares each
// value with that of the database.
func TestValues(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) sync.Inspector{"sqlite": openSQLite, "postgres": openPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := open(t)
			schema := filled(t, from).Schema()
			folder := t.TempDir()
			m, err := parquet.Export(t.Context(), from, parquet.Options{Tables: schema.Tables, Folder: folder, Schema: schema.Version})
			if err != nil {
				t.Fatal(err)
			}
			if len(m.Unfit) > 0 {
				t.Errorf("values do not fit: %+v", m.Unfit)
			}
			rows, values := 0, 0
			for _, table := range schema.Tables {
				n, v := compare(t, from, table, folder, m)
				rows, values = rows+n, values+v
			}
			if rows < 1000 || rows != m.Rows() {
				t.Errorf("%d rows were compared, the manifest has %d", rows, m.Rows())
			}
			t.Logf("%d values of %d rows in %d files", values, rows, len(m.Files))
		})
	}
}

// compare compares a table with its files.
func compare(t *testing.T, from sync.Inspector, table *sync.Table, folder string, m *manifest.Manifest) (rows, values int) {
	t.Helper()
	written := map[string][]goparquet.Value{} // by shop and key
	for _, f := range m.Files {
		if f.Table != table.Name {
			continue
		}
		content, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(f.File)))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != f.SHA256 {
			t.Errorf("%s: its digest is not that of the manifest", f.File)
		}
		read := readFile(t, filepath.Join(folder, filepath.FromSlash(f.File)), table)
		if len(read) != f.Rows {
			t.Errorf("%s has %d rows, the manifest says %d", f.File, len(read), f.Rows)
		}
		for _, row := range read {
			shop := string(row[0].ByteArray())
			if !strings.HasPrefix(f.File, table.Name+"/shop_id="+shop+"/") {
				t.Errorf("a row of shop %s is in %s", shop, f.File)
			}
			if at := table.Column("create_time"); at >= 0 {
				if month := time.UnixMicro(row[at+1].Int64()).UTC().Format("2006-01"); !strings.Contains(f.File, "/month="+month+"/") {
					t.Errorf("a row of %s is in %s", month, f.File)
				}
			}
			id := shop
			for _, name := range table.Key {
				id += "/" + row[table.Column(name)+1].String()
			}
			if written[id] != nil {
				t.Errorf("%s %s is written twice", table.Name, id)
			}
			written[id] = row
		}
	}
	for row, err := range from.Values(t.Context(), table, false) {
		if err != nil {
			t.Fatal(err)
		}
		id := fmt.Sprint(row[0])
		for _, name := range table.Key {
			id += "/" + fmt.Sprint(row[table.Column(name)+1])
		}
		have := written[id]
		if have == nil {
			t.Errorf("%s %s is missing", table.Name, id)
			continue
		}
		delete(written, id)
		rows++
		for i, c := range table.Columns {
			values++
			if problem := differs(c.Type, row[i+1], have[i+1]); problem != "" {
				t.Errorf("%s %s: %s: %s", table.Name, id, c.Name, problem)
			}
		}
	}
	for id := range written {
		t.Errorf("%s %s is written and not in the database", table.Name, id)
	}
	return rows, values
}

// readFile reads all rows of a file, whose columns have to be those of the table.
func readFile(t *testing.T, path string, table *sync.Table) []goparquet.Row {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	f, err := goparquet.OpenFile(file, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"shop_id"}
	for _, c := range table.Columns {
		names = append(names, c.Name)
	}
	for i, column := range f.Root().Columns() {
		if i >= len(names) || column.Name() != names[i] {
			t.Fatalf("%s: column %d is %s", path, i, column.Name())
		}
		if i == 0 {
			continue
		}
		want := map[sync.Type]string{sync.Text: "STRING", sync.Integer: "INT(64,true)", sync.Decimal: "DECIMAL(38,10)", sync.Boolean: "BOOLEAN", sync.Time: "TIMESTAMP(isAdjustedToUTC=true,unit=MICROS)", sync.JSON: "JSON"}[table.Columns[i-1].Type]
		if got := column.Type().String(); got != want {
			t.Errorf("%s: column %s is %s, want %s", path, column.Name(), got, want)
		}
	}
	var all []goparquet.Row
	for _, group := range f.RowGroups() {
		reader := group.Rows()
		for {
			buffer := make([]goparquet.Row, 100)
			n, err := reader.ReadRows(buffer)
			for _, row := range buffer[:n] {
				all = append(all, row.Clone())
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		reader.Close()
	}
	return all
}

// differs says how a value that was written is not that of the database.
func differs(kind sync.Type, want any, have goparquet.Value) string {
	if want == nil || have.IsNull() {
		if want == nil && have.IsNull() {
			return ""
		}
		return fmt.Sprintf("%v, in the database %v", have, want)
	}
	equal := false
	switch kind {
	case sync.Integer:
		equal = have.Int64() == want.(int64)
	case sync.Boolean:
		equal = have.Boolean() == want.(bool)
	case sync.Decimal:
		a, ok := new(big.Rat).SetString(want.(string))
		unscaled := new(big.Int).SetBytes(have.ByteArray())
		if unscaled.Bit(127) == 1 {
			unscaled.Sub(unscaled, new(big.Int).Lsh(big.NewInt(1), 128))
		}
		b := new(big.Rat).SetFrac(unscaled, big.NewInt(1e10))
		equal = ok && a.Cmp(b) == 0
	case sync.Time:
		at, ok := want.(time.Time)
		if !ok {
			var err error
			if at, err = time.Parse(time.DateTime, want.(string)); err != nil {
				return err.Error()
			}
		}
		equal = time.UnixMicro(have.Int64()).Equal(at)
	default:
		equal = string(have.ByteArray()) == want.(string)
	}
	if equal {
		return ""
	}
	return fmt.Sprintf("%v, in the database %v", have, want)
}

// made is a copy with rows by hand.
type made struct {
	sync.Inspector
	rows map[string][][]any // by table
	fail error              // after the rows
}

func (m *made) Values(_ context.Context, table *sync.Table, _ bool) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range m.rows[table.Name] {
			if !yield(row, nil) {
				return
			}
		}
		if m.fail != nil {
			yield(nil, m.fail)
		}
	}
}

func schemaOf(t *testing.T) *sync.Schema {
	t.Helper()
	_, schema, err := sync.Streams()
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// order is a row of orders.
func order(table *sync.Table, shop, id, created, amount string) []any {
	row := make([]any, len(table.Columns)+1)
	row[0] = shop
	row[table.Column("id")+1] = id
	if created != "" {
		row[table.Column("create_time")+1] = created
	}
	row[table.Column("payment_total_amount")+1] = amount
	return row
}

// files returns the files below a folder.
func files(t *testing.T, folder string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			name, _ := filepath.Rel(folder, path)
			all = append(all, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestReplaces exports, fails to export, and exports again: the manifest always lists
// what is there as a whole, and nothing else stays.
func TestReplaces(t *testing.T) {
	t.Parallel()
	orders := schemaOf(t).Table("orders")
	from := &made{rows: map[string][][]any{"orders": {
		order(orders, "7", "1", "2026-05-31 23:59:59", "1.5"), order(orders, "7", "2", "2026-06-01 00:00:00", "-0.01"), order(orders, "8/x", "3", "", "0"),
	}}}
	folder := filepath.Join(t.TempDir(), "lake")
	options := parquet.Options{Tables: []*sync.Table{orders}, Folder: folder, Made: time.Date(2026, 6, 1, 2, 3, 4, 0, time.UTC), Schema: 1}
	export := func() (*manifest.Manifest, error) { return parquet.Export(t.Context(), from, options) }
	if _, err := export(); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"manifest.json", "orders/shop_id=7/month=2026-05/20260601T020304-1.parquet", "orders/shop_id=7/month=2026-06/20260601T020304-1.parquet",
		"orders/shop_id=8%2Fx/month=__HIVE_DEFAULT_PARTITION__/20260601T020304-1.parquet",
	}
	if got := files(t, folder); !slices.Equal(got, want) {
		t.Errorf("files %q", got)
	}

	before, err := os.ReadFile(filepath.Join(folder, manifest.Name))
	if err != nil {
		t.Fatal(err)
	}
	from.fail = errors.New("the database is gone")
	if _, err := export(); !errors.Is(err, from.fail) {
		t.Errorf("error %v", err)
	}
	if after, err := os.ReadFile(filepath.Join(folder, manifest.Name)); err != nil || string(after) != string(before) {
		t.Errorf("the manifest changed: %v %s", err, after)
	}
	if got := files(t, folder); !slices.Equal(got, want) {
		t.Errorf("after an export that failed: files %q", got)
	}

	// What a process leaves that is killed, and a file of somebody else.
	for _, name := range []string{"orders/shop_id=7/month=2026-05/" + manifest.Unfinished + "20260101T000000-1.parquet", "orders/shop_id=7/month=2026-05/20260101T000000-1.parquet", "orders/notes.txt"} {
		if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	from.fail = nil
	from.rows["orders"] = from.rows["orders"][1:2]
	m, err := export()
	if err != nil {
		t.Fatal(err)
	}
	if got := files(t, folder); !slices.Equal(got, []string{"manifest.json", "orders/notes.txt", "orders/shop_id=7/month=2026-06/20260601T020304-2.parquet"}) {
		t.Errorf("files %q", got)
	}
	if m.Rows() != 1 || m.Made != "2026-06-01T02:03:04Z" || m.Schema != 1 {
		t.Errorf("%+v", m)
	}
	if _, err := os.Stat(filepath.Join(folder, "orders", "shop_id=8%2Fx")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder stays: %v", err)
	}
}

// TestAmounts has amounts of all lengths: each is exact or left out, and said so.
func TestAmounts(t *testing.T) {
	t.Parallel()
	orders := schemaOf(t).Table("orders")
	long := strings.Repeat("9", 28) + "." + strings.Repeat("9", 10)
	good := []string{"0", "-0", "0.0", "12.50", "-12.50", "123456789012345678.1234567890", "0.0000000001", long, "-" + long, "1.10000000000000", ".5", "007"}
	bad := []string{"1.00000000001", "1" + long, "1e3", "", "-", ".", "12a", "1.2.3", "NaN"}
	from := &made{rows: map[string][][]any{}}
	for i, amount := range slices.Concat(good, bad) {
		from.rows["orders"] = append(from.rows["orders"], order(orders, "7", fmt.Sprintf("%03d", i), "2026-05-06 07:08:09", amount))
	}
	folder := t.TempDir()
	m, err := parquet.Export(t.Context(), from, parquet.Options{Tables: []*sync.Table{orders}, Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	var unfit []string
	for _, u := range m.Unfit {
		unfit = append(unfit, u.Value)
		if u.Table != "orders" || u.Shop != "7" || u.Column != "payment_total_amount" || u.Key == "" {
			t.Errorf("%+v", u)
		}
	}
	if !slices.Equal(unfit, bad) {
		t.Errorf("left out: %q", unfit)
	}
	at := orders.Column("payment_total_amount") + 1
	for i, row := range readFile(t, filepath.Join(folder, filepath.FromSlash(m.Files[0].File)), orders) {
		if i >= len(good) {
			if !row[at].IsNull() {
				t.Errorf("%q is written as %v", bad[i-len(good)], row[at])
			}
			continue
		}
		amount := good[i]
		if problem := differs(sync.Decimal, amount, row[at]); problem != "" {
			t.Errorf("%s: %s", amount, problem)
		}
	}
}

// TestChildrenFollow has rows without a time of their own in the month of their parent.
func TestChildrenFollow(t *testing.T) {
	t.Parallel()
	schema := schemaOf(t)
	items := schema.Table("order_line_items")
	item := func(shop, order, id string) []any {
		row := make([]any, len(items.Columns)+1)
		row[0], row[items.Column("order_id")+1], row[items.Column("id")+1] = shop, order, id
		return row
	}
	from := &made{rows: map[string][][]any{
		"orders": { // as it is read for this: the key and the time
			{"7", "1", "2026-05-01 00:00:00"}, {"7", "2", "2026-06-01 00:00:00"}, {"7", "3", nil}, {"8", "1", "2026-07-01 00:00:00"},
		},
		"order_line_items": {item("7", "1", "a"), item("7", "1", "b"), item("7", "2", "a"), item("7", "25", "lost"), item("7", "3", "a"), item("8", "1", "a"), item("9", "1", "lost")},
	}}
	m, err := parquet.Export(t.Context(), from, parquet.Options{Tables: []*sync.Table{items}, Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, f := range m.Files {
		rows[strings.TrimPrefix(filepath.ToSlash(filepath.Dir(f.File)), "order_line_items/")] = f.Rows
	}
	want := map[string]int{
		"shop_id=7/month=2026-05": 2, "shop_id=7/month=2026-06": 1, "shop_id=7/month=__HIVE_DEFAULT_PARTITION__": 2,
		"shop_id=8/month=2026-07": 1, "shop_id=9/month=__HIVE_DEFAULT_PARTITION__": 1,
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", rows, want)
	}
}
