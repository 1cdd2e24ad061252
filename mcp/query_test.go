package mcp_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/mcp"
	"github.com/ttshop-go/ttshop/policy"
)

// shelf is a database that remembers what it was asked.
type shelf struct {
	rows  *mcp.Rows
	err   error
	asked string
	scope map[string][]string
}

func (s *shelf) Tables() []mcp.Table {
	return []mcp.Table{
		{Name: "orders", Comment: "orders", Columns: []string{"id text", "status text"}, Reads: map[string]string{"orders": "order.GetOrderList"}},
		{Name: "products", Comment: "products", Columns: []string{"id text"}, Reads: map[string]string{"products": "product.SearchProducts"}},
		{Name: "sales", Comment: "what was sold", View: true, Reads: map[string]string{"orders": "order.GetOrderList", "products": "product.SearchProducts"}},
	}
}

func (s *shelf) Query(_ context.Context, statement string, scope map[string][]string, _ mcp.QueryLimits) (*mcp.Rows, error) {
	s.asked, s.scope = statement, scope
	return s.rows, s.err
}

// TestQuery: the tool is there with a database only, reads, and answers within its room.
func TestQuery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	has := func(config mcp.Config) bool {
		tools, err := client(t, config, nil).ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(tools.Tools, func(tool *sdk.Tool) bool { return tool.Name == "query" })
		if i >= 0 {
			a := tools.Tools[i].Annotations
			if !a.ReadOnlyHint || *a.DestructiveHint || !a.IdempotentHint || *a.OpenWorldHint {
				t.Errorf("annotations %+v", a)
			}
		}
		return i >= 0
	}
	db := &shelf{rows: &mcp.Rows{Columns: []string{"id", "mail", "at"}}}
	for i := range 200 {
		db.rows.Rows = append(db.rows.Rows, []any{fmt.Sprintf("57646075230342%04d", i), "ann@example.com\u202e", "2026-11-28 10:00:00"})
	}
	config := mcp.Config{Platform: mcp.Fleet(w.fleet), Database: db}
	if !has(config) || has(mcp.Config{Platform: mcp.Fleet(w.fleet)}) {
		t.Error("the tool does not go with the database")
	}
	session := client(t, config, nil)

	got := use(t, session, "query", args{"tables": []string{}})
	if len(got.Data["tables"].([]any)) != 3 || got.IsError {
		t.Error(got.Raw)
	}
	if got := use(t, session, "query", args{"tables": []string{"orders", "sales"}}); !strings.Contains(got.Raw, "status text") || !strings.Contains(got.Raw, "a view") {
		t.Error(got.Raw)
	}
	if got := use(t, session, "query", args{"tables": []string{"nothing"}}); got.failure() != "arguments" {
		t.Error(got.Raw)
	}

	got = use(t, session, "query", args{"sql": "select 1"})
	rows, _ := got.Data["rows"].([]any)
	if len(rows) < 20 || len(rows) == 200 || mcp.Tokens(got.Raw) > 2100 || !strings.Contains(fmt.Sprint(got.Data["omitted"]), "of 200 rows") {
		t.Errorf("%d rows, %d tokens, omitted %v", len(rows), mcp.Tokens(got.Raw), got.Data["omitted"])
	}
	if db.asked != "select 1" || db.scope != nil {
		t.Errorf("asked %q within %v", db.asked, db.scope)
	}
	if strings.Contains(got.Raw, "ann@example.com") || strings.Contains(got.Raw, "\u202e") || !strings.Contains(got.Raw, "email_1") || !strings.Contains(got.Raw, "2026-11-28 10:00:00") {
		t.Error(got.Raw[:300])
	}
	db.rows = &mcp.Rows{Columns: []string{"n"}, Rows: [][]any{{int64(1)}}, More: true, Cut: true}
	if got := use(t, session, "query", args{"sql": "x"}); len(got.Data["omitted"].([]any)) != 2 {
		t.Error(got.Raw)
	}

	db.err = &mcp.Failure{Class: "sql", Message: "no", Next: "correct it"}
	if got := use(t, session, "query", args{"sql": "x"}); got.failure() != "sql" {
		t.Error(got.Raw)
	}
	db.err = fmt.Errorf("no such column: ann@example.com")
	if got := use(t, session, "query", args{"sql": "x"}); got.failure() != "database" || strings.Contains(got.Raw, "ann@") {
		t.Error(got.Raw)
	}
}

// TestQueryPolicy: whoever has a key sees rows of shops and of operations that it is for.
func TestQueryPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.shopIn(t, "GB")
	b, keys := book(t, policy.Key{Name: "one", Allow: []string{"order.*"}, Shops: []string{mine}})
	db := &shelf{rows: &mcp.Rows{}}
	session := client(t, mcp.Config{Platform: mcp.Fleet(w.fleet), Database: db, Key: func() (*policy.Client, error) {
		client, _ := b.Rules().Authenticate(keys[0], now())
		return client, nil
	}}, nil)
	if got := use(t, session, "query", args{"sql": "select 1"}); got.IsError {
		t.Fatal(got.Raw)
	}
	if want := map[string][]string{"orders": {mine}, "products": {}}; !reflect.DeepEqual(db.scope, want) {
		t.Errorf("%v, want %v", db.scope, want)
	}
}

// TestVeiled: what assistants do not see as it is.
func TestVeiled(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	entry, _ := known.ByName("order.GetOrderList")
	op, err := known.Describe(entry)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		"status": false, "payment.total_amount": false, "buyer_message": true, "buyer_email": true, "recipient_address.phone_number": true, "recipient_address.name": true,
		"line_items.product_name": false, "seller_note": false, "buyer_avatar": true, "recipient_address.region_code": false,
	} {
		if got := mcp.Veiled(op, strings.Split(path, ".")); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
}
