package postgres

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ttshop-go/ttshop/sync"
)

var _ sync.Inspector = (*Store)(nil)

// DDL implements [sync.Inspector].
func (s *Store) DDL(t *sync.Table) string { return DDL(s.options.Schema, t, s.options.Raw) }

// Overview implements [sync.Inspector].
func (s *Store) Overview(ctx context.Context, schema *sync.Schema) ([]sync.Overview, error) {
	rows, err := s.pool.Query(ctx, fmt.Sprintf(`select shop_id, name, region, owner, case when lease_until > clock_timestamp() then lease_until end from %s order by shop_id`, s.in("_ttshop_shops")))
	if err != nil {
		return nil, classify(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (sync.Overview, error) {
		o := sync.Overview{Rows: map[string]int{}, Todo: map[string]int{}}
		var until *time.Time
		err := row.Scan(&o.Shop.ID, &o.Shop.Name, &o.Shop.Region, &o.Owner, &until)
		if until != nil {
			o.Until = until.UTC()
		}
		return o, err
	})
	if err != nil {
		return nil, classify(err)
	}
	at := map[string]*sync.Overview{}
	for i := range all {
		at[all[i].Shop.ID] = &all[i]
	}
	count := func(query string, note func(*sync.Overview, string, int)) error {
		rows, err := s.pool.Query(ctx, query)
		if err != nil {
			return classify(err)
		}
		var shop, name string
		var n int
		_, err = pgx.ForEachRow(rows, []any{&shop, &name, &n}, func() error {
			if o := at[shop]; o != nil {
				note(o, name, n)
			}
			return nil
		})
		return classify(err)
	}
	for _, t := range schema.Tables {
		query := fmt.Sprintf(`select shop_id, '%s', count(*) from %s`, t.Name, s.in(t.Name))
		if t.Parent == nil {
			query += ` where _deleted_at is null`
		}
		if err := count(query+` group by 1`, func(o *sync.Overview, table string, n int) { o.Rows[table] = n }); err != nil {
			return nil, err
		}
	}
	if err := count(fmt.Sprintf(`select shop_id, stream, count(*) from %s group by 1, 2`, s.in("_ttshop_todo")), func(o *sync.Overview, stream string, n int) { o.Todo[stream] = n }); err != nil {
		return nil, err
	}
	if err := count(fmt.Sprintf(`select shop_id, '', count(*) from %s group by 1`, s.in("_ttshop_issues")), func(o *sync.Overview, _ string, n int) { o.Issues = n }); err != nil {
		return nil, err
	}
	for i := range all {
		state, err := s.State(ctx, all[i].Shop.ID)
		if err != nil {
			return nil, err
		}
		all[i].Streams, all[i].Day, all[i].Used = state.Streams, state.Day, state.Used
	}
	return all, nil
}

// Values implements [sync.Inspector].
func (s *Store) Values(ctx context.Context, t *sync.Table, deleted bool) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		names := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			names[i] = quote(c.Name)
			if c.Type == sync.Decimal || c.Type == sync.JSON {
				names[i] += "::text" // as they came
			}
		}
		query := fmt.Sprintf(`select shop_id, %s from %s`, strings.Join(names, ", "), s.in(t.Name))
		if t.Parent == nil && !deleted {
			query += ` where _deleted_at is null`
		}
		rows, err := s.pool.Query(ctx, query+` order by shop_id, `+quoteAll(t.Key))
		if err != nil {
			yield(nil, classify(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			values, err := rows.Values()
			if !yield(values, classify(err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, classify(err))
		}
	}
}

// Reset implements [sync.Inspector].
func (s *Store) Reset(ctx context.Context, t *sync.Table) error {
	return s.transaction(ctx, func(tx pgx.Tx) error {
		// The rows of the shops first: whoever is writing ends before, and is fenced then.
		if _, err := tx.Exec(ctx, fmt.Sprintf(`update %s set epoch = epoch + 1, lease_until = '-infinity'`, s.in("_ttshop_shops"))); err != nil {
			return err
		}
		for _, table := range append([]*sync.Table{t}, t.Children...) {
			if _, err := tx.Exec(ctx, `delete from `+s.in(table.Name)); err != nil {
				return err
			}
		}
		for table, column := range map[string]string{"_ttshop_state": "stream", "_ttshop_todo": "stream", "_ttshop_issues": "table_name", "_ttshop_seen": "table_name"} {
			if _, err := tx.Exec(ctx, fmt.Sprintf(`delete from %s where %s = $1`, s.in(table), column), t.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// Forget implements [sync.Inspector].
func (s *Store) Forget(ctx context.Context, schema *sync.Schema, order string, erase sync.Eraser) (int, error) {
	changed := 0
	err := s.transaction(ctx, func(tx pgx.Tx) error {
		have, err := s.columns(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range schema.Tables {
			key := t.Key[0]
			if t.Name != "orders" {
				key = "order_id"
			}
			if t.Parent != nil || t.Column(key) < 0 {
				continue
			}
			n, err := s.forgetIn(ctx, tx, t, key, order, have[t.Name+"_history"] != nil, erase)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			changed += n
		}
		_, err = tx.Exec(ctx, fmt.Sprintf(`update %s set raw = null where id = $1 or starts_with(id, $1 || '/')`, s.in("_ttshop_issues")), order)
		return err
	})
	return changed, err
}

func (s *Store) forgetIn(ctx context.Context, tx pgx.Tx, t *sync.Table, key, order string, history bool, erase sync.Eraser) (int, error) {
	type kept struct {
		Shop string
		Key  []string
		Raw  *string
	}
	rows, err := tx.Query(ctx, fmt.Sprintf(`select shop_id, array[%s], _raw::text from %s where %s = $1 for update`, quoteAll(t.Key), s.in(t.Name), quote(key)), order)
	if err != nil {
		return 0, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[kept])
	if err != nil {
		return 0, err
	}
	for _, k := range found {
		args := []any{k.Shop}
		where := `shop_id = $1`
		for i, part := range k.Key {
			args = append(args, part)
			where += fmt.Sprintf(` and %s = $%d`, quote(t.Key[i]), len(args))
		}
		var sets []string
		if k.Raw != nil {
			raw, err := erase([]byte(*k.Raw))
			if err != nil {
				return 0, err
			}
			args = append(args, string(raw))
			sets = append(sets, fmt.Sprintf(`_raw = $%d`, len(args)))
			if row, ok := t.Row(k.Key[0], raw); ok {
				for i, c := range t.Columns {
					if c.Personal() {
						args = append(args, s.value(c.Type, row.Values[i]))
						sets = append(sets, fmt.Sprintf(`%s = $%d`, quote(c.Name), len(args)))
					}
				}
			}
		} else {
			for _, c := range t.Columns {
				if c.Personal() {
					sets = append(sets, quote(c.Name)+" = null")
				}
			}
		}
		if len(sets) > 0 {
			if _, err := tx.Exec(ctx, fmt.Sprintf(`update %s set %s where %s`, s.in(t.Name), strings.Join(sets, ", "), where), args...); err != nil {
				return 0, err
			}
		}
		if history {
			if err := s.forgetVersions(ctx, tx, t, k.Shop, strings.Join(k.Key, "/"), erase); err != nil {
				return 0, err
			}
		}
	}
	return len(found), nil
}

// forgetVersions erases the versions of a row.
func (s *Store) forgetVersions(ctx context.Context, tx pgx.Tx, t *sync.Table, shop, id string, erase sync.Eraser) error {
	table := s.in(t.Name + "_history")
	rows, err := tx.Query(ctx, fmt.Sprintf(`select _seq, _raw::text from %s where shop_id = $1 and id = $2 and _raw is not null`, table), shop, id)
	if err != nil {
		return err
	}
	type version struct {
		Seq int64
		Raw string
	}
	versions, err := pgx.CollectRows(rows, pgx.RowToStructByPos[version])
	if err != nil {
		return err
	}
	for _, v := range versions {
		raw, err := erase([]byte(v.Raw))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf(`update %s set _raw = $1 where shop_id = $2 and id = $3 and _seq = $4`, table), string(raw), shop, id, v.Seq); err != nil {
			return err
		}
	}
	return nil
}

// Columns implements [sync.Inspector].
func (s *Store) Columns(ctx context.Context) (map[string]map[string]string, error) {
	rows, err := s.pool.Query(ctx, `select table_name, column_name, data_type from information_schema.columns where table_schema = $1`, s.options.Schema)
	if err != nil {
		return nil, classify(err)
	}
	all := map[string]map[string]string{}
	var table, column, kind string
	_, err = pgx.ForEachRow(rows, []any{&table, &column, &kind}, func() error {
		if all[table] == nil {
			all[table] = map[string]string{}
		}
		all[table][column] = strings.Replace(kind, "timestamp with time zone", "timestamptz", 1)
		return nil
	})
	return all, classify(err)
}
