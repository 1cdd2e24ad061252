package prooftest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/postgres"
	"github.com/ttshop-go/ttshop/sync/readonly"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// reading opens a copy for reading only.
func (c *copied) reading(t testing.TB) (readonly.Source, *readonly.Book) {
	t.Helper()
	_, schema, err := sync.Streams()
	if err != nil {
		t.Fatal(err)
	}
	var source interface {
		sync.Inspector
		readonly.Source
	}
	if c.kind.name == "postgres" {
		address, name, _ := strings.Cut(c.path, "#")
		source, err = postgres.Open(t.Context(), address, postgres.Options{Schema: name, ReadOnly: true})
	} else {
		source, err = sqlite.Open(t.Context(), c.path, sqlite.Options{ReadOnly: true})
	}
	if err == nil {
		err = source.Prepare(t.Context(), schema, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return source, readonly.NewBook(schema, nil)
}

var limits = readonly.Limits{Rows: 100, Time: 5 * time.Second, Text: 200}

// told is the answer of a reader to a statement.
func told(t testing.TB, source readonly.Source, book *readonly.Book, statement string, scope readonly.Scope) []string {
	t.Helper()
	result, err := book.Ask(t.Context(), source, statement, scope, limits)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	rows := []string{}
	for _, values := range result.Rows {
		row := make([]string, len(values))
		for i, v := range values {
			if v != nil {
				row[i] = plain(fmt.Sprint(v))
			}
		}
		rows = append(rows, strings.Join(row, " | "))
	}
	return rows
}

// attacks are statements that no grammar has seen, for databases that have to stand them
// alone.
var attacks = []string{
	"insert into orders (shop_id, id) values ('x', 'x')", "update orders set status = 'x'", "delete from orders", "drop table orders", "create table stolen (a int)",
	"with x as (delete from orders returning id) select * from x", "select * from _ttshop_state; delete from orders", "attach 'x.db' as x", "pragma query_only = off", "vacuum", "truncate orders",
	"select set_config('default_transaction_read_only', 'off', false)", "set transaction read write", "copy orders to program 'true'", "select nextval('s')", "begin", "commit", "rollback; delete from orders",
	"create temporary table x (a int)", "alter table orders add column x int", "reindex", "lock table orders", "select 1 into stolen",
}

// TestReadOnly: a reader answers as the database does, sees no more than its scope, shows
// nothing of people, and can change nothing even where nobody reads its statements.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	for _, p := range places() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 5, "GB", control.Lists{})
			w.tables = []string{"orders", "packages", "returns", "products", "inventory", "statement_transactions", "unsettled_transactions", "activity_products", "affiliate_orders"}
			c := p.open(t)
			copyOnce(t, w.engine(t, c.to), w.shop(), w.Shop("GB")) // with people's data as it is
			source, book := c.reading(t)
			everything := readonly.Scope{}
			for title, sql := range recipes(t) {
				if got, want := told(t, source, book, sql, everything), c.ask(t, sql); !slices.Equal(got, want[:min(len(want), limits.Rows)]) {
					t.Errorf("%s: the reader says\n%s\nthe database says\n%s", title, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}

			scope := readonly.Scope{Shops: map[string][]string{"orders": {w.shop().ID}}}
			for statement, want := range map[string]string{
				"select count(*) from orders":                                 itoa(w.number(t, c, "select count(*) from orders")),
				"select count(*) from order_line_items":                       itoa(w.number(t, c, "select count(*) from order_line_items")),
				"select count(*) from packages":                               "0",
				"select count(*) from sales":                                  itoa(w.number(t, c, "select count(*) from sales")),
				"select count(*) from statement_sums":                         "0",
				"select count(distinct user_id) from orders":                  itoa(w.number(t, c, "select count(distinct user_id) from orders")),
				"select count(*) from orders where user_id like 'customer_%'": itoa(w.number(t, c, "select count(*) from orders")),
			} {
				if got := told(t, source, book, statement, scope); len(got) != 1 || got[0] != want {
					t.Errorf("%s: %q, want %s", statement, got, want)
				}
			}
			if got := told(t, source, book, "select count(*) from orders", readonly.Scope{Shops: map[string][]string{"orders": {"another"}}}); got[0] != "0" {
				t.Errorf("%s orders of another shop", got[0])
			}

			people := w.text(t, c, "select max(buyer_email) from orders") + " " + w.text(t, c, "select max(recipient_address_phone_number) from orders") + " " + w.text(t, c, "select max(user_id) from orders")
			all := strings.Join(told(t, source, book, "select * from orders", everything), "\n")
			for canary := range strings.FieldsSeq(people) {
				if strings.Contains(all, canary) {
					t.Errorf("it shows %s", canary)
				}
			}
			result, err := book.Ask(t.Context(), source, "select * from orders", everything, readonly.Limits{Rows: 3, Time: time.Second, Text: 5})
			if err != nil || len(result.Rows) != 3 || !result.More || !result.Cut || slices.Contains(result.Columns, "buyer_email") || !slices.Contains(result.Columns, "status") {
				t.Errorf("%+v, %v", result, err)
			}

			// What takes too long is ended.
			endless := "select count(*) from orders a, orders b, orders c, orders d, orders e"
			if _, err := book.Ask(t.Context(), source, endless, everything, readonly.Limits{Rows: 1, Time: 50 * time.Millisecond, Text: 9}); err == nil {
				t.Error("it took as long as it liked")
			}

			before := strings.Join(c.ask(t, "select id, status from orders order by id"), "\n")
			for _, attack := range attacks {
				if err := source.Read(t.Context(), attack, time.Second, func([]string, []any) bool { return true }); err == nil && !strings.Contains(attack, "set") && !strings.Contains(attack, "begin") && !strings.Contains(attack, "commit") {
					t.Errorf("%s was carried out", attack)
				}
			}
			if after := strings.Join(c.ask(t, "select id, status from orders order by id"), "\n"); after != before {
				t.Error("orders have changed")
			}
			if p.name == "sqlite" {
				for _, statement := range []string{"select * from _ttshop_state", "select * from sqlite_master", "select * from pragma_table_info('orders')"} {
					if err := source.Read(t.Context(), statement, time.Second, func([]string, []any) bool { return true }); !errors.Is(err, sqlite.ErrNotOnlyRead) {
						t.Errorf("%s: %v", statement, err)
					}
				}
			}
			if got := told(t, source, book, "select 1", everything); got[0] != "1" {
				t.Error("it does not answer any more")
			}
		})
	}
}
