package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sync"
)

var _ sync.Inspector = (*Store)(nil)

// DDL implements [sync.Inspector].
func (s *Store) DDL(t *sync.Table) string { return DDL(t) }

// each runs f for each row of a query.
func (s *Store) each(ctx context.Context, query string, f func(*sql.Rows) error, args ...any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return classify(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return classify(rows.Err())
}

// Overview implements [sync.Inspector].
func (s *Store) Overview(ctx context.Context, schema *sync.Schema) ([]sync.Overview, error) {
	var all []sync.Overview
	err := s.each(ctx, `select shop_id, name, region, owner, lease_until from _ttshop_shops order by shop_id`, func(rows *sql.Rows) error {
		o := sync.Overview{Rows: map[string]int{}, Todo: map[string]int{}}
		var until int64
		err := rows.Scan(&o.Shop.ID, &o.Shop.Name, &o.Shop.Region, &o.Owner, &until)
		if until > time.Now().UnixMilli() {
			o.Until = time.UnixMilli(until).UTC()
		}
		all = append(all, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	at := map[string]*sync.Overview{}
	for i := range all {
		at[all[i].Shop.ID] = &all[i]
	}
	count := func(query string, note func(*sync.Overview, string, int)) error {
		return s.each(ctx, query, func(rows *sql.Rows) error {
			var shop, name string
			var n int
			if err := rows.Scan(&shop, &name, &n); err != nil {
				return err
			}
			if o := at[shop]; o != nil {
				note(o, name, n)
			}
			return nil
		})
	}
	for _, t := range schema.Tables {
		query := fmt.Sprintf(`select shop_id, '%s', count(*) from %s`, t.Name, quote(t.Name))
		if t.Parent == nil {
			query += ` where _deleted_at is null`
		}
		if err := count(query+` group by 1`, func(o *sync.Overview, table string, n int) { o.Rows[table] = n }); err != nil {
			return nil, err
		}
	}
	if err := count(`select shop_id, stream, count(*) from _ttshop_todo group by 1, 2`, func(o *sync.Overview, stream string, n int) { o.Todo[stream] = n }); err != nil {
		return nil, err
	}
	if err := count(`select shop_id, '', count(*) from _ttshop_issues group by 1`, func(o *sync.Overview, _ string, n int) { o.Issues = n }); err != nil {
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

// Values implements [sync.Inspector]. Times are texts, as they are stored.
func (s *Store) Values(ctx context.Context, t *sync.Table, deleted bool) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		names := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			names[i] = c.Name
		}
		key := append([]string{"shop_id"}, t.Key...)
		where := "1"
		if t.Parent == nil && !deleted {
			where = "_deleted_at is null"
		}
		after, last := "", []any(nil)
		for {
			query := fmt.Sprintf(`select shop_id, %s from %s where %s%s order by %s limit %d`, quoteAll(names), quote(t.Name), where, after, quoteAll(key), rowsBatch)
			var batch [][]any
			err := s.each(ctx, query, func(rows *sql.Rows) error {
				values, targets := make([]any, len(names)+1), make([]any, len(names)+1)
				for i := range values {
					targets[i] = &values[i]
				}
				err := rows.Scan(targets...)
				batch = append(batch, values)
				return err
			}, last...)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, values := range batch {
				for i, c := range t.Columns {
					if n, ok := values[i+1].(int64); ok && c.Type == sync.Boolean {
						values[i+1] = n != 0
					}
				}
				if !yield(values, nil) {
					return
				}
			}
			if len(batch) < rowsBatch {
				return
			}
			end := batch[len(batch)-1]
			after, last = fmt.Sprintf(" and (%s) > (%s)", quoteAll(key), strings.TrimSuffix(strings.Repeat("?, ", len(key)), ", ")), []any{end[0]}
			for _, name := range t.Key {
				last = append(last, end[t.Column(name)+1])
			}
		}
	}
}

// Reset implements [sync.Inspector].
func (s *Store) Reset(ctx context.Context, t *sync.Table) error {
	return s.transaction(ctx, func(tx *sql.Tx) error {
		statements := []string{`update _ttshop_shops set epoch = epoch + 1, lease_until = 0`}
		for _, table := range append([]*sync.Table{t}, t.Children...) {
			statements = append(statements, `delete from `+quote(table.Name))
		}
		for _, q := range statements {
			if _, err := tx.ExecContext(ctx, q); err != nil {
				return err
			}
		}
		for _, q := range []string{`delete from _ttshop_state where stream = ?`, `delete from _ttshop_todo where stream = ?`, `delete from _ttshop_issues where table_name = ?`, `delete from _ttshop_seen where table_name = ?`} {
			if _, err := tx.ExecContext(ctx, q, t.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// Forget implements [sync.Inspector].
func (s *Store) Forget(ctx context.Context, schema *sync.Schema, order string, erase sync.Eraser) (int, error) {
	changed := 0
	err := s.transaction(ctx, func(tx *sql.Tx) error {
		for _, t := range schema.Tables {
			key := t.Key[0]
			if t.Name != "orders" {
				key = "order_id"
			}
			if t.Parent != nil || t.Column(key) < 0 {
				continue
			}
			n, err := s.forgetIn(ctx, tx, t, key, order, erase)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			changed += n
		}
		_, err := tx.ExecContext(ctx, `update _ttshop_issues set raw = null where id = ? or id like ? || '/%'`, order, order)
		return err
	})
	if err != nil || changed == 0 {
		return changed, err
	}
	// What was there before is still in the log and in free pages.
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range []string{`vacuum`, `pragma wal_checkpoint(truncate)`} {
		if _, err := s.db.ExecContext(ctx, q); err != nil {
			return changed, fmt.Errorf("remove what was there from the file: %w", classify(err))
		}
	}
	return changed, nil
}

func (s *Store) forgetIn(ctx context.Context, tx *sql.Tx, t *sync.Table, key, order string, erase sync.Eraser) (int, error) {
	type kept struct {
		id  int64
		raw sql.NullString
		own []any
	}
	var found []kept
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`select rowid, _raw, shop_id, %s from %s where %s = ?`, quoteAll(t.Key), quote(t.Name), quote(key)), order)
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		k := kept{own: make([]any, len(t.Key)+1)}
		targets := []any{&k.id, &k.raw}
		for i := range k.own {
			targets = append(targets, &k.own[i])
		}
		if err := rows.Scan(targets...); err != nil {
			return 0, errors.Join(err, rows.Close())
		}
		found = append(found, k)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return 0, err
	}
	for _, k := range found {
		sets, args := []string{"_raw = ?"}, []any{nil}
		if k.raw.Valid {
			raw, err := erase([]byte(k.raw.String))
			if err != nil {
				return 0, err
			}
			args[0] = string(raw)
			if row, ok := t.Row(fmt.Sprint(k.own[1]), raw); ok {
				for i, c := range t.Columns {
					if c.Personal() {
						sets, args = append(sets, quote(c.Name)+" = ?"), append(args, value(row.Values[i]))
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
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`update %s set %s where rowid = ?`, quote(t.Name), strings.Join(sets, ", ")), append(args, k.id)...); err != nil {
			return 0, err
		}
		if err := s.forgetVersions(ctx, tx, t, k.own, erase); err != nil {
			return 0, err
		}
	}
	return len(found), nil
}

// forgetVersions erases the versions of a row.
func (s *Store) forgetVersions(ctx context.Context, tx *sql.Tx, t *sync.Table, own []any, erase sync.Eraser) error {
	have, err := columnsIn(ctx, tx, t.Name+"_history")
	if err != nil || len(have) == 0 {
		return err
	}
	parts := make([]string, len(own)-1)
	for i, part := range own[1:] {
		parts[i] = fmt.Sprint(part)
	}
	history := quote(t.Name + "_history")
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`select rowid, _raw from %s where shop_id = ? and id = ? and _raw is not null`, history), own[0], strings.Join(parts, "/"))
	if err != nil {
		return err
	}
	raws := map[int64]string{}
	for rows.Next() {
		var id int64
		var raw string
		if err := rows.Scan(&id, &raw); err != nil {
			return errors.Join(err, rows.Close())
		}
		raws[id] = raw
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for id, raw := range raws {
		erased, err := erase([]byte(raw))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`update %s set _raw = ? where rowid = ?`, history), string(erased), id); err != nil {
			return err
		}
	}
	return nil
}

// Columns implements [sync.Inspector].
func (s *Store) Columns(ctx context.Context) (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	err := s.each(ctx, `select m.name, c.name, c.type from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'`, func(rows *sql.Rows) error {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			return err
		}
		if all[table] == nil {
			all[table] = map[string]string{}
		}
		all[table][column] = strings.ToLower(kind)
		return nil
	})
	return all, err
}
