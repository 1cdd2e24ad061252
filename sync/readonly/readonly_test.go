package readonly_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/readonly"
)

func book(t testing.TB) *readonly.Book {
	t.Helper()
	_, schema, err := sync.Streams()
	if err != nil {
		t.Fatal(err)
	}
	return readonly.NewBook(schema, nil)
}

var plain = readonly.Database{In: func(table string) string { return "main." + table }}

// TestTaken: questions as people and models write them.
func TestTaken(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, statement := range []string{
		`select 1`, `SELECT 1;`, `values (1), (2)`, `select count(*) from orders`, `select * from orders limit 5`,
		`select o.id, l.seller_sku from orders o join order_line_items l on l.order_id = o.id and l.shop_id = o.shop_id where o.status = 'UNPAID' order by o.id desc`,
		`select o.id from orders as o, packages p where p.id = o.id`, `select id from orders o left join packages p using (id), returns r where 1 = 1`,
		`with a as (select id from orders), b(x) as (select id from a) select * from b`, `with a as not materialized (select 1 as x) select x from a union all select 2 from a`,
		`select status, count(*) filter (where is_cod) from orders group by 1 having count(*) > 2 order by 2 desc, 1`,
		`select sum(cast(sale_price as numeric(10, 2))) over (partition by order_id order by id) from order_line_items`,
		`select id::text, round(payment_total_amount::numeric, 2) from orders`, `select extract(year from create_time), date(create_time, '-30 days') from orders`,
		`select case when status in ('UNPAID', 'ON_HOLD') then 1 else 0 end from orders where status is distinct from 'X' and status is not distinct from 'Y'`,
		`select 'it''s', "status" from "orders" where status like 'A%' or status between 'a' and 'b'`, `select (select max(create_time) from orders) - interval '1 day'`,
		`select * from sales s where not exists (select 1 from returns r where r.order_id = s.order_id)`, `select day, sum(net) from sales group by day`,
		`select id from orders where id = (select min(id) from orders) and create_time > timestamp '2026-01-01'`, `select 1.5 + 2 - -3 * 4 / 5 % 6, 'a' || 'b', 1 <> 2, 1 != 2`,
		`select x.n from (select count(*) as n from orders) x`, `select * from orders join lateral (select 1 as one) z on true`,
	} {
		if _, err := b.Compile(statement, readonly.Scope{}, plain, 10); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// Hostile are statements that do more than ask, or ask for what is not theirs.
var hostile = []string{
	"", ";", "insert into orders values (1)", "update orders set status = 'x'", "delete from orders", "drop table orders", "create table x (a int)",
	"select 1; drop table orders", "select 1;;", "select 1; select 2", "select 1 -- x", "select 1 /* x */", "/**/select 1", "select 1 --",
	"with x as (delete from orders returning id) select * from x", "with x as (insert into orders default values returning 1) select 1",
	"with recursive t(n) as (select 1 union all select n + 1 from t) select * from t", "with t(n) as (select 1 union all select n + 1 from t) select * from t",
	"with orders as (select 1) select * from orders", `with "ORDERS" as (select * from orders) select * from "ORDERS"`, "with a as (select * from b), b as (select * from a) select 1",
	"select pg_sleep(10)", "select pg_read_file('/etc/passwd')", "select pg_catalog.pg_sleep(10)", `select "pg_sleep"(10)`, "select lo_import('/etc/passwd')", "select set_config('a', 'b', false)",
	"select current_setting('data_directory')", "select dblink('x', 'y')", "select nextval('s')", "select query_to_xml('select 1', true, true, '')", "select pg_terminate_backend(1)",
	"select load_extension('x')", "select readfile('/etc/passwd')", "select writefile('x', 'y')", "select randomblob(1000000000)", "select zeroblob(1000000000)", "select repeat('x', 1000000000)",
	"select printf('%1000000000d', 1)", "select format('%1000000000s', 1)", "select replace('x', 'x', 'yyyy')", "select rpad('x', 1000000000)", "select * from generate_series(1, 1000000000)",
	"attach 'x.db' as x", "pragma table_info(orders)", "select * from pragma_table_info('orders')", "select * from sqlite_master", `select * from "sqlite_master"`, "vacuum", "explain select 1", "select * from main.orders",
	"select * from tiktok_shop.orders", "select * from pg_catalog.pg_shadow", "select * from information_schema.tables", "select * from pg_user", "table orders", "select * from (table orders) x",
	"select * into x from orders", "select * from orders for update", "copy orders to '/tmp/x'", "copy (select 1) to program 'sh'", "do $$ begin end $$", "select $$x$$", "select $1", "select ?", "select :x", "select @x", "call f()",
	"select _raw from orders", `select "_RAW" from orders`, "select buyer_email from orders", "select o.recipient_address_phone_number from orders o", `select "buyer_email" from orders`, "select 1 as buyer_email from (select 2) x",
	"select * from _ttshop_state", "select * from _ttshop_seen", "select * from orders, _ttshop_state", "select * from orders join pg_user on true", "select * from orders, lateral pg_sleep(1)",
	"select (orders).id from orders where (select 1 from pg_user)", "select * from (orders join packages on true)", "select 'x' from orders union select usename from pg_user", "select 1 where 1 in (select 1 from pg_user)",
	"select E'\\x41'", "select U&'\\0041'", "select x'41'", "select 'a\\'; drop table orders; --'", "select 'open", `select "open`, "select (1", "select 1)", "select ((((1)))", "select id from orders where status = e'x'",
	"select 'x'::regclass", "select cast('x' as regproc)", "select 'pg_user'::regclass::text", "select regclass 'x'", "select xmltype 'x'", "select current_user", "select user", "select session_user", "select 1 from orders tablesample system (1)",
	"select 0x41", "select 1e400000000", "select 1a", "select \u00a0 1", "select `id` from orders", "select [id] from orders", "select \x00", "select id\x00 from orders", "select/**/1", "select id from orders; ; x",
	"set role postgres", "reset all", "show all", "begin", "lock table orders", "listen x", "notify x", "grant all on orders to public", "truncate orders", "select * from orders where select 1", "select (select from pg_user from orders)",
	strings.Repeat("(", 100) + "select 1" + strings.Repeat(")", 100), "select " + strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100), "select '" + strings.Repeat("x", 9000) + "'",
}

func TestRefused(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, statement := range hostile {
		compiled, err := b.Compile(statement, readonly.Scope{}, plain, 10)
		if refusal, ok := errors.AsType[*readonly.Refusal](err); !ok || refusal.Problem == "" {
			t.Errorf("%.120q becomes %.300q, %v", statement, compiled, err)
		}
	}
}

// TestScope: a statement sees the rows of shops that it may see, by table, and of a view
// what its tables show.
func TestScope(t *testing.T) {
	t.Parallel()
	b := book(t)
	scope := readonly.Scope{Shops: map[string][]string{"orders": {"7", "o'8"}}}
	compiled, err := b.Compile("select * from sales", scope, plain, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`from main.orders t where t.shop_id in ('7', 'o''8')`, `from main.order_line_items t where t.shop_id in ('7', 'o''8')`, `from main.returns t where 1 = 0`,
		`"sales" as not materialized (select`, `select * from (select * from sales) q limit 10`,
	} {
		if !strings.Contains(compiled, want) {
			t.Errorf("%q is missing in\n%s", want, compiled)
		}
	}
	if strings.Contains(compiled, "t._raw") || strings.Contains(compiled, `t."buyer_email"`) {
		t.Errorf("it shows what is hidden:\n%s", compiled)
	}
	if reads := b.Tables(); len(reads) == 0 {
		t.Error("no tables")
	}
	for _, table := range b.Tables() {
		if len(table.Reads) == 0 {
			t.Errorf("%s is made of nothing", table.Name)
		}
		for _, c := range table.Columns {
			if _, err := b.Compile("select "+c.Name+" from "+table.Name, readonly.Scope{}, plain, 1); err != nil {
				t.Errorf("%s.%s cannot be asked for: %v", table.Name, c.Name, err)
			}
		}
	}
}

// FuzzCompile: what is taken is one statement in parentheses, whatever it is.
func FuzzCompile(f *testing.F) {
	for _, statement := range hostile {
		f.Add(statement)
	}
	f.Add("select o.id, 'it''s' from orders o where x in (select 1) -- y")
	b := book(f)
	f.Fuzz(func(t *testing.T, statement string) {
		compiled, err := b.Compile(statement, readonly.Scope{}, plain, 10)
		if err != nil {
			if _, ok := errors.AsType[*readonly.Refusal](err); !ok {
				t.Fatalf("%q: %v", statement, err)
			}
			return
		}
		depth, inText := 0, byte(0)
		for i := range len(compiled) {
			switch c := compiled[i]; {
			case inText != 0:
				if c == inText {
					inText = 0
				}
			case c == '\'' || c == '"':
				inText = c
			case c == '(':
				depth++
			case c == ')':
				depth--
			case c == ';' || strings.HasPrefix(compiled[i:], "--") || strings.HasPrefix(compiled[i:], "/*") || c == '$' || c == 0:
				t.Fatalf("%q becomes %q", statement, compiled)
			}
			if depth < 0 {
				t.Fatalf("%q gets out of its parentheses: %q", statement, compiled)
			}
		}
		if depth != 0 || inText != 0 {
			t.Fatalf("%q becomes %q", statement, compiled)
		}
	})
}
