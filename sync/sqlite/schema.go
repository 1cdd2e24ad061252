package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sync"
)

// own are the tables of the state.
const own = `
create table if not exists _ttshop_meta (
  name text primary key, value text not null
) without rowid;
create table if not exists _ttshop_shops (
  shop_id text primary key, name text not null default '', region text not null default '',
  epoch integer not null default 0, owner text not null default '', lease_until integer not null default 0,
  day text not null default '', used integer not null default 0, paused text
) without rowid;
create table if not exists _ttshop_state (
  shop_id text not null, stream text not null, cursor text, state text not null, updated_at text not null,
  primary key (shop_id, stream)
) without rowid;
create table if not exists _ttshop_todo (
  shop_id text not null, stream text not null, id text not null, reason text not null, mark integer not null,
  primary key (shop_id, stream, id)
) without rowid;
-- Rows that came again as they were: in its own table a row is wide, and would be
-- written as a whole. What is here stands in for _seq and _generation there, until
-- the row is written.
create table if not exists _ttshop_seen (
  table_name text not null, shop_id text not null, id text not null, seq integer not null, generation integer not null,
  primary key (table_name, shop_id, id)
) without rowid;
create table if not exists _ttshop_issues (
  shop_id text not null, table_name text not null, id text not null, column_name text not null,
  problem text not null, raw text, seen_at text not null,
  primary key (shop_id, table_name, id, column_name, problem)
) without rowid;
`

// types are those of columns.
var types = map[sync.Type]string{
	sync.Text: "text", sync.Integer: "integer", sync.Decimal: "text", sync.Boolean: "integer", sync.Time: "text", sync.JSON: "text",
}

// timeLayout is that of SQLite's own functions.
const timeLayout = "2006-01-02 15:04:05"

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	return strings.Join(quoted, ", ")
}

// meta are the columns that tables without a parent have beside their own.
var meta = []string{"_hash text not null", "_detail text not null default ''", "_version integer not null", "_seq integer not null", "_generation integer not null default 0", "_synced_at text not null", "_deleted_at text", "_raw text"}

// DDL returns the statements that make a table.
func DDL(t *sync.Table) string {
	var b strings.Builder
	if t.Comment != "" {
		fmt.Fprintf(&b, "-- %s\n", t.Comment)
	}
	fmt.Fprintf(&b, "create table %s (\n  shop_id text not null", quote(t.Name))
	key := map[string]bool{}
	for _, name := range t.Key {
		key[name] = true
	}
	for _, c := range t.Columns {
		fmt.Fprintf(&b, ",\n  %s %s", quote(c.Name), types[c.Type])
		if key[c.Name] {
			b.WriteString(" not null")
		}
	}
	if t.Parent == nil {
		fmt.Fprintf(&b, ",\n  %s", strings.Join(meta, ",\n  "))
	}
	fmt.Fprintf(&b, ",\n  primary key (shop_id, %s)\n);\n", quoteAll(t.Key))
	for _, c := range t.Columns {
		if t.Parent == nil && (c.Name == "create_time" || c.Name == "update_time" || c.Name == "statement_time") {
			fmt.Fprintf(&b, "create index %s on %s (shop_id, %s);\n", quote(t.Name+"_"+c.Name), quote(t.Name), quote(c.Name))
		}
	}
	return b.String()
}

// Prepare implements [sync.Destination].
func (s *Store) Prepare(ctx context.Context, schema *sync.Schema, fill sync.Filler) error {
	if s.options.ReadOnly {
		return s.check(ctx, s.db, schema)
	}
	return s.transaction(ctx, func(tx *sql.Tx) error {
		if err := s.check(ctx, tx, schema); err != nil && !errors.Is(err, errEmpty) {
			return err
		}
		if _, err := tx.ExecContext(ctx, own); err != nil {
			return fmt.Errorf("make the tables of the state: %w", err)
		}
		for _, t := range schema.Tables {
			if err := s.prepareTable(ctx, tx, t, fill); err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
		}
		if err := s.prepareViews(ctx, tx, schema); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `insert into _ttshop_meta (name, value) values ('schema', ?) on conflict (name) do update set value = excluded.value`, strconv.Itoa(schema.Version))
		return err
	})
}

// errEmpty means that the file has no copy yet.
var errEmpty = errors.New("there is no copy in it yet")

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// check refuses a file that is not ours to change.
func (s *Store) check(ctx context.Context, db querier, schema *sync.Schema) error {
	var ours bool
	if err := db.QueryRowContext(ctx, `select exists (select 1 from sqlite_master where name = '_ttshop_meta')`).Scan(&ours); err != nil {
		return classify(err)
	}
	if !ours {
		for _, t := range schema.Tables {
			var taken bool
			if err := db.QueryRowContext(ctx, `select exists (select 1 from sqlite_master where name = ?)`, t.Name).Scan(&taken); err != nil {
				return classify(err)
			}
			if taken {
				return fmt.Errorf("%w: the file has a table %s of something else; use another file", sync.ErrForeign, t.Name)
			}
		}
		return errEmpty
	}
	var text string
	if err := db.QueryRowContext(ctx, `select value from _ttshop_meta where name = 'schema'`).Scan(&text); err != nil {
		return fmt.Errorf("read the version of the schema: %w", classify(err))
	}
	version, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("%w: its version of the schema is %q", sync.ErrForeign, text)
	}
	if version > schema.Version {
		return fmt.Errorf("%w: its schema is of version %d, this program knows %d; use a newer ttshop", sync.ErrNewer, version, schema.Version)
	}
	return nil
}

// columnsIn returns the columns that a table has in the file, none if it is missing.
func columnsIn(ctx context.Context, db querier, table string) (map[string]bool, error) {
	rows, err := db.QueryContext(ctx, `select name from pragma_table_info(?)`, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names[name] = true
	}
	return names, rows.Err()
}

// prepareTable makes a table, or adds the columns that it lacks and fills them.
func (s *Store) prepareTable(ctx context.Context, tx *sql.Tx, t *sync.Table, fill sync.Filler) error {
	have, err := columnsIn(ctx, tx, t.Name)
	if err != nil {
		return err
	}
	if len(have) == 0 {
		if _, err := tx.ExecContext(ctx, DDL(t)); err != nil {
			return err
		}
	} else if err := s.addColumns(ctx, tx, t, have, fill); err != nil {
		return err
	}
	if s.options.History && t.Parent == nil {
		return s.prepareHistory(ctx, tx, t)
	}
	return nil
}

func (s *Store) addColumns(ctx context.Context, tx *sql.Tx, t *sync.Table, have map[string]bool, fill sync.Filler) error {
	var added []int
	for i, c := range t.Columns {
		if have[c.Name] {
			continue
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`alter table %s add column %s %s`, quote(t.Name), quote(c.Name), types[c.Type])); err != nil {
			return err
		}
		added = append(added, i)
	}
	if len(added) == 0 {
		return nil
	}
	return s.fill(ctx, tx, t, added, fill)
}

// fillBatch is how many rows are filled at a time.
const fillBatch = 500

// fill gives new columns their values, from the JSON that rows were made of.
func (s *Store) fill(ctx context.Context, tx *sql.Tx, t *sync.Table, added []int, fill sync.Filler) error {
	parent := t
	if t.Parent != nil {
		parent = t.Parent
	}
	names := make([]string, len(added))
	for i, at := range added {
		names[i] = quote(t.Columns[at].Name) + " = ?"
	}
	update := fmt.Sprintf(`update %s set %s where shop_id = ? and %s`, quote(t.Name), strings.Join(names, ", "), equal(t.Key))
	for last := int64(0); ; {
		type kept struct {
			id    int64
			shop  string
			first string
			raw   []byte
		}
		var batch []kept
		rows, err := tx.QueryContext(ctx, fmt.Sprintf(`select rowid, shop_id, %s, _raw from %s where rowid > ? and _raw is not null order by rowid limit %d`, quote(parent.Key[0]), quote(parent.Name), fillBatch), last)
		if err != nil {
			return err
		}
		for rows.Next() {
			var k kept
			if err := rows.Scan(&k.id, &k.shop, &k.first, &k.raw); err != nil {
				return errors.Join(err, rows.Close())
			}
			batch = append(batch, k)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		if len(batch) == 0 {
			return nil
		}
		for _, k := range batch {
			last = k.id
			row, ok := fill(parent, k.first, k.raw)
			if !ok {
				continue // an issue was recorded when it came
			}
			filled := []sync.Row{row}
			for i, child := range parent.Children {
				if child == t {
					filled = row.Children[i]
				}
			}
			for _, row := range filled {
				args := make([]any, 0, len(added)+1+len(t.Key))
				for _, at := range added {
					args = append(args, value(row.Values[at]))
				}
				args = append(args, k.shop)
				args = append(args, keyOf(t, &row)...)
				if _, err := tx.ExecContext(ctx, update, args...); err != nil {
					return err
				}
			}
		}
	}
}

func equal(key []string) string {
	parts := make([]string, len(key))
	for i, name := range key {
		parts[i] = quote(name) + " = ?"
	}
	return strings.Join(parts, " and ")
}
