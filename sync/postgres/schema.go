package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/ttshop-go/ttshop/sync"
)

// own makes the tables of the state; %[1]s is the schema. _ttshop_seen has rows that came
// again as they were: its generation counts beside the row's, and so does its sequence
// where the row still is of that version.
const own = `
create schema if not exists %[1]s;
create table if not exists %[1]s._ttshop_meta (
  name text primary key, value text not null
);
create table if not exists %[1]s._ttshop_shops (
  shop_id text primary key, name text not null default '', region text not null default '',
  epoch bigint not null default 0, owner text not null default '', lease_until timestamptz not null default '-infinity',
  day text not null default '', used integer not null default 0, paused text
);
create table if not exists %[1]s._ttshop_state (
  shop_id text not null, stream text not null, cursor timestamptz, state json not null, updated_at timestamptz not null,
  primary key (shop_id, stream)
);
create table if not exists %[1]s._ttshop_todo (
  shop_id text not null, stream text not null, id text not null, reason text not null, mark bigint not null,
  primary key (shop_id, stream, id)
);
create table if not exists %[1]s._ttshop_seen (
  table_name text collate "C" not null, shop_id text collate "C" not null, id text collate "C" not null,
  version bigint not null, seq bigint not null, generation bigint not null,
  primary key (table_name, shop_id, id)
) with (fillfactor = 70);
create table if not exists %[1]s._ttshop_issues (
  shop_id text not null, table_name text not null, id text not null, column_name text not null,
  problem text not null, raw text, seen_at timestamptz not null,
  primary key (shop_id, table_name, id, column_name, problem)
);
`

// types are those of columns.
var types = map[sync.Type]string{
	sync.Text: "text", sync.Integer: "bigint", sync.Decimal: "numeric", sync.Boolean: "boolean", sync.Time: "timestamptz", sync.JSON: "json",
}

// metaColumns are those that tables without a parent have beside their own.
var metaColumns = []string{"_hash", "_detail", "_version", "_seq", "_generation", "_synced_at", "_raw"}

// DDL returns the statements that make a table in a schema.
func DDL(schema string, t *sync.Table, raw Raw) string {
	if raw == RawNone || raw == "" {
		raw = RawJSON // the column stays empty
	}
	name := quote(schema) + "." + quote(t.Name)
	var b strings.Builder
	fmt.Fprintf(&b, "create table %s (\n  shop_id text collate \"C\" not null", name)
	for _, c := range t.Columns {
		fmt.Fprintf(&b, ",\n  %s %s", quote(c.Name), types[c.Type])
		if slices.Contains(t.Key, c.Name) {
			if c.Type == sync.Text {
				b.WriteString(` collate "C"`)
			}
			b.WriteString(" not null")
		}
	}
	if t.Parent == nil {
		fmt.Fprintf(&b, ",\n  _hash text not null,\n  _detail text not null default '',\n  _version bigint not null,\n  _seq bigint not null,\n  _generation bigint not null default 0,\n  _synced_at timestamptz not null,\n  _deleted_at timestamptz,\n  _raw %s", raw)
	}
	fmt.Fprintf(&b, ",\n  primary key (shop_id, %s)\n);\n", quoteAll(t.Key))
	if t.Comment != "" {
		fmt.Fprintf(&b, "comment on table %s is '%s';\n", name, strings.ReplaceAll(t.Comment, "'", "''"))
	}
	for _, c := range t.Columns {
		if t.Parent == nil && (c.Name == "create_time" || c.Name == "update_time" || c.Name == "statement_time") {
			fmt.Fprintf(&b, "create index %s on %s (shop_id, %s);\n", quote(t.Name+"_"+c.Name), name, quote(c.Name))
		}
	}
	return b.String()
}

// Prepare implements [sync.Destination].
func (s *Store) Prepare(ctx context.Context, schema *sync.Schema, fill sync.Filler) error {
	changed := false
	err := s.transaction(ctx, func(tx pgx.Tx) error {
		if !s.options.ReadOnly {
			// One process at a time: others find the work done.
			if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, "ttshop sync "+s.options.Schema); err != nil {
				return err
			}
		}
		upToDate, err := s.check(ctx, tx, schema)
		if err != nil || s.options.ReadOnly {
			return err
		}
		have, err := s.columns(ctx, tx)
		if err != nil {
			return err
		}
		if !upToDate || have["_ttshop_seen"] == nil {
			if _, err := tx.Exec(ctx, fmt.Sprintf(own, s.schema)); err != nil {
				return fmt.Errorf("make the tables of the state: %w", err)
			}
		}
		for _, t := range schema.Tables {
			more, err := s.prepareTable(ctx, tx, t, have, fill)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			changed = changed || more
		}
		if err := s.prepareViews(ctx, tx, schema); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, fmt.Sprintf(`insert into %s (name, value) values ('schema', $1) on conflict (name) do update set value = excluded.value where _ttshop_meta.value <> excluded.value`, s.in("_ttshop_meta")), strconv.Itoa(schema.Version))
		return err
	})
	if changed {
		s.pool.Reset() // connections remember the types of columns
	}
	return err
}

// errEmpty means that the database has no copy yet.
var errEmpty = errors.New("there is no copy in the database yet")

// check refuses tables that are not ours to change, and reports whether the schema is
// there.
func (s *Store) check(ctx context.Context, tx pgx.Tx, schema *sync.Schema) (bool, error) {
	var ours bool
	if err := tx.QueryRow(ctx, `select exists (select 1 from pg_tables where schemaname = $1 and tablename = '_ttshop_meta')`, s.options.Schema).Scan(&ours); err != nil {
		return false, err
	}
	if !ours {
		names := make([]string, len(schema.Tables))
		for i, t := range schema.Tables {
			names[i] = t.Name
		}
		var taken string
		err := tx.QueryRow(ctx, `select tablename from pg_tables where schemaname = $1 and tablename = any($2) limit 1`, s.options.Schema, names).Scan(&taken)
		switch {
		case err == nil:
			return false, fmt.Errorf("%w: the schema %s has a table %s of something else", sync.ErrForeign, s.options.Schema, taken)
		case !errors.Is(err, pgx.ErrNoRows):
			return false, err
		case s.options.ReadOnly:
			return false, errEmpty
		}
		return false, nil
	}
	var text string
	if err := tx.QueryRow(ctx, fmt.Sprintf(`select value from %s where name = 'schema'`, s.in("_ttshop_meta"))).Scan(&text); err != nil {
		return false, fmt.Errorf("read the version of the schema: %w", err)
	}
	version, err := strconv.Atoi(text)
	if err != nil {
		return false, fmt.Errorf("%w: its version of the schema is %q", sync.ErrForeign, text)
	}
	if version > schema.Version {
		return false, fmt.Errorf("%w: its schema is of version %d, this program knows %d; use a newer ttshop", sync.ErrNewer, version, schema.Version)
	}
	return version == schema.Version, nil
}

// columns returns the columns that tables have.
func (s *Store) columns(ctx context.Context, tx pgx.Tx) (map[string]map[string]bool, error) {
	rows, err := tx.Query(ctx, `select table_name, column_name from information_schema.columns where table_schema = $1`, s.options.Schema)
	if err != nil {
		return nil, err
	}
	have := map[string]map[string]bool{}
	var table, column string
	_, err = pgx.ForEachRow(rows, []any{&table, &column}, func() error {
		if have[table] == nil {
			have[table] = map[string]bool{}
		}
		have[table][column] = true
		return nil
	})
	return have, err
}

// prepareTable makes a table, or adds the columns that it lacks and fills them. It
// reports whether it changed anything.
func (s *Store) prepareTable(ctx context.Context, tx pgx.Tx, t *sync.Table, have map[string]map[string]bool, fill sync.Filler) (bool, error) {
	changed := false
	if have[t.Name] == nil {
		changed = true
		if _, err := tx.Exec(ctx, DDL(s.options.Schema, t, s.options.Raw)); err != nil {
			return false, err
		}
	} else {
		var added []int
		for i, c := range t.Columns {
			if have[t.Name][c.Name] {
				continue
			}
			if _, err := tx.Exec(ctx, fmt.Sprintf(`alter table %s add column %s %s`, s.in(t.Name), quote(c.Name), types[c.Type])); err != nil {
				return false, err
			}
			added = append(added, i)
		}
		if len(added) > 0 {
			changed = true
			if err := s.fill(ctx, tx, t, added, fill); err != nil {
				return false, fmt.Errorf("fill the new columns: %w", err)
			}
		}
	}
	if s.options.History && t.Parent == nil && have[t.Name+"_history"] == nil {
		changed = true
		if _, err := tx.Exec(ctx, fmt.Sprintf(`create table %s (
  shop_id text not null, id text not null, _seq bigint not null, _version bigint not null,
  _hash text not null, _synced_at timestamptz not null, _raw %s,
  primary key (shop_id, id, _seq)
)`, s.in(t.Name+"_history"), s.rawType())); err != nil {
			return false, err
		}
	}
	return changed, nil
}

func (s *Store) rawType() Raw {
	if s.options.Raw == RawNone {
		return RawJSON
	}
	return s.options.Raw
}

// fillBatch is how many rows are filled at a time.
const fillBatch = 500

// fill gives new columns their values, from the JSON that rows were made of.
func (s *Store) fill(ctx context.Context, tx pgx.Tx, t *sync.Table, added []int, fill sync.Filler) error {
	parent := t
	if t.Parent != nil {
		parent = t.Parent
	}
	names := make([]string, len(added))
	for i, at := range added {
		names[i] = fmt.Sprintf("%s = $%d", quote(t.Columns[at].Name), i+1)
	}
	update := fmt.Sprintf(`update %s set %s where shop_id = $%d`, s.in(t.Name), strings.Join(names, ", "), len(added)+1)
	for i, key := range t.Key {
		update += fmt.Sprintf(` and %s = $%d`, quote(key), len(added)+2+i)
	}
	keys := quoteAll(append([]string{"shop_id"}, parent.Key...))
	if _, err := tx.Exec(ctx, fmt.Sprintf(`declare kept no scroll cursor for select shop_id, %s, _raw::text from %s where _raw is not null order by %s`, quote(parent.Key[0]), s.in(parent.Name), keys)); err != nil {
		return err
	}
	type kept struct{ Shop, First, Raw string }
	for {
		rows, err := tx.Query(ctx, fmt.Sprintf(`fetch %d from kept`, fillBatch))
		if err != nil {
			return err
		}
		batch, err := pgx.CollectRows(rows, pgx.RowToStructByPos[kept])
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			_, err := tx.Exec(ctx, `close kept`)
			return err
		}
		updates := new(pgx.Batch)
		for _, k := range batch {
			row, ok := fill(parent, k.First, []byte(k.Raw))
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
					args = append(args, s.value(t.Columns[at].Type, row.Values[at]))
				}
				args = append(args, k.Shop)
				for _, name := range t.Key {
					args = append(args, row.Values[t.Column(name)])
				}
				updates.Queue(update, args...)
			}
		}
		if err := tx.SendBatch(ctx, updates).Close(); err != nil {
			return err
		}
	}
}
