package sqlite_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

var update = flag.Bool("update", false, "write the golden files")

// open opens a copy in a file of the test's own.
func open(t *testing.T, path string, options sqlite.Options) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// shopOf returns the shop of a region as the engine wants it.
func shopOf(s *sandboxtest.Server, region string) sync.Shop {
	return sync.Shop{ID: s.ShopID(region), Region: region}
}

func newEngine(t *testing.T, to sync.Destination, config sync.Config) *sync.Engine {
	t.Helper()
	config.People.Keep = true
	if config.Settle == 0 {
		config.Settle = -1
	}
	e, err := sync.New(t.Context(), to, config)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func mustSync(t *testing.T, e *sync.Engine, shop sync.Shop, caller sync.Caller) *sync.Report {
	t.Helper()
	report, err := e.Sync(t.Context(), shop, caller)
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Err(); err != nil {
		t.Fatal(err)
	}
	return report
}

// source reads all items of an operation, page by page and without a filter.
func source(t *testing.T, caller sync.Caller, method, path, items string, query url.Values) map[string]json.RawMessage {
	t.Helper()
	all := map[string]json.RawMessage{}
	for token := ""; ; {
		q := url.Values{}
		for name, values := range query {
			q[name] = values
		}
		if token != "" {
			q.Set("page_token", token)
		}
		var body any
		if method == "POST" {
			body = map[string]any{}
		}
		response, err := caller.Call(t.Context(), method, path, q, body, ttshop.AsRead())
		if err != nil {
			t.Fatal(err)
		}
		var data map[string]json.RawMessage
		if err := json.Unmarshal(response.Data, &data); err != nil {
			t.Fatal(err)
		}
		var list []json.RawMessage
		if err := json.Unmarshal(data[items], &list); err != nil {
			t.Fatal(err)
		}
		for _, item := range list {
			var key struct {
				ID     string `json:"id"`
				Return string `json:"return_id"`
				Cancel string `json:"cancel_id"`
			}
			if err := json.Unmarshal(item, &key); err != nil {
				t.Fatal(err)
			}
			all[key.ID+key.Return+key.Cancel] = item
		}
		token = ""
		_ = json.Unmarshal(data["next_page_token"], &token) // absent on the last page
		if token == "" {
			return all
		}
	}
}

// kept returns the JSON that rows of a table were made of.
func kept(t *testing.T, db *sql.DB, table, key, shop string) map[string]json.RawMessage {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), fmt.Sprintf(`select %s, _raw from %s where shop_id = ? and _deleted_at is null`, key, table), shop)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string]json.RawMessage{}
	for rows.Next() {
		var id, raw string
		if err := rows.Scan(&id, &raw); err != nil {
			t.Fatal(err)
		}
		all[id] = json.RawMessage(raw)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func count(t *testing.T, db *sql.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// stock is the stock of a SKU within a product.
var stock = regexp.MustCompile(`"inventory":\[[^\]]*\],?`)

// same fails where a table is not the source, byte for byte.
func same(t *testing.T, what string, here, there map[string]json.RawMessage) {
	t.Helper()
	if len(there) == 0 {
		t.Errorf("%s: the source has none", what)
	}
	for id, raw := range there {
		if what == "products" { // stock is in a table of its own
			raw, here[id] = stock.ReplaceAll(raw, nil), stock.ReplaceAll(here[id], nil)
		}
		if !bytes.Equal(here[id], raw) {
			t.Errorf("%s %s is\n%s, not\n%s", what, id, here[id], raw)
			return
		}
	}
	if len(here) != len(there) {
		t.Errorf("%s: %d rows, the source has %d", what, len(here), len(there))
	}
}

// compare holds all tables of a shop against the source.
func compare(t *testing.T, db *sql.DB, caller sync.Caller, shop string) {
	t.Helper()
	for _, c := range []struct{ table, key, method, path, items, size string }{
		{"orders", "id", "POST", "/order/202309/orders/search", "orders", "100"},
		{"packages", "id", "POST", "/fulfillment/202309/packages/search", "packages", "50"},
		{"returns", "return_id", "POST", "/return_refund/202309/returns/search", "return_orders", "50"},
		{"cancellations", "cancel_id", "POST", "/return_refund/202309/cancellations/search", "cancellations", "50"},
		{"products", "id", "POST", "/product/202502/products/search", "products", "100"},
		{"warehouses", "id", "GET", "/logistics/202309/warehouses", "warehouses", ""},
		{"statements", "id", "GET", "/finance/202309/statements", "statements", "100"},
	} {
		query := url.Values{}
		if c.size != "" {
			query.Set("page_size", c.size)
		}
		if c.table == "statements" {
			query.Set("sort_field", "statement_time")
		}
		if strings.Contains(c.path, "return_refund") {
			query.Set("sort_order", "ASC")
		}
		same(t, c.table, kept(t, db, c.table, c.key, shop), source(t, caller, c.method, c.path, c.items, query))
	}
}

// TestCopyEqualsTheSource copies a shop, lets it change, and copies again.
func TestCopyEqualsTheSource(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Seed: 7, Throttle: new(0.0)})
	store := open(t, filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	engine := newEngine(t, store, sync.Config{Since: 400 * 24 * time.Hour})
	shop, caller := shopOf(server, "GB"), server.Shop("GB")
	// With no time to settle, the clock has to pass the last change of the seed.
	if _, err := server.Control.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	mustSync(t, engine, shop, caller)
	if _, err := server.Control.Advance(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	mustSync(t, engine, shop, caller)
	compare(t, store.DB(), caller, shop.ID)

	for _, q := range []string{
		`select count(*) from order_line_items`, `select count(*) from order_packages`, `select count(*) from package_orders`, `select count(*) from skus`,
		`select count(*) from inventory where available_quantity is not null`, `select count(*) from statement_transactions where settlement_amount is not null`,
		`select count(*) from return_line_items`, `select count(*) from cancellation_line_items`,
	} {
		if count(t, store.DB(), q) == 0 {
			t.Errorf("%s: none", q)
		}
	}
	if n := count(t, store.DB(), `select count(*) from _ttshop_issues`); n != 0 {
		t.Errorf("%d issues", n)
	}
	if n := count(t, store.DB(), `select count(*) from orders where date(create_time) is null or payment_total_amount not glob '*[0-9]'`); n != 0 {
		t.Errorf("%d orders without a time that SQLite reads, or an amount", n)
	}

	var sku string
	if err := store.DB().QueryRowContext(t.Context(), `select sku_id from inventory where available_quantity > 50 order by sku_id limit 1`).Scan(&sku); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := server.Control.PlaceOrder(t.Context(), control.Order{ShopID: shop.ID, Lines: []control.Line{{SKUID: sku, Quantity: 1}}}); err != nil {
			t.Fatal(err)
		}
		if _, err := server.Control.Advance(t.Context(), 3*time.Hour); err != nil {
			t.Fatal(err)
		}
		report := mustSync(t, engine, shop, caller)
		if report.Tally.Inserted == 0 {
			t.Error("the new order is not there")
		}
	}
	compare(t, store.DB(), caller, shop.ID)
}

// TestSchemaIsKept compares the tables with those that are on record: a change shows in
// the review, and the first version stays to be migrated from.
func TestSchemaIsKept(t *testing.T) {
	t.Parallel()
	_, schema, err := sync.Streams()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, table := range schema.Tables {
		b.WriteString(sqlite.DDL(table))
	}
	path := filepath.Join("testdata", "schema.sql")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the tables are not those of %s; if that is meant, run go test ./sync/sqlite -run Kept -update and read the diff", path)
	}
}
