package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sync"
)

// statements are the texts about one table.
type statements struct {
	insert string
	change [sync.Groups]string // by the groups that a row leaves
	touch  string
	seen   string
	clear  string // removes a child's rows of a parent
}

func (s *Store) statements(t *sync.Table) *statements {
	if st, ok := s.tables[t.Name]; ok {
		return st
	}
	st := new(statements)
	where := ` where shop_id = ? and ` + equal(t.Key)
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	places := strings.Repeat(", ?", len(t.Columns))
	if t.Parent != nil {
		st.insert = fmt.Sprintf(`insert into %s (shop_id, %s) values (?%s)`, quote(t.Name), quoteAll(names), places)
		st.clear = fmt.Sprintf(`delete from %s where shop_id = ? and %s`, quote(t.Name), equal(t.Key[:len(t.Parent.Key)]))
		s.tables[t.Name] = st
		return st
	}
	st.insert = fmt.Sprintf(`insert into %s (shop_id, %s, _hash, _detail, _version, _seq, _generation, _synced_at, _raw) values (?%s, ?, ?, ?, ?, ?, ?, ?)`, quote(t.Name), quoteAll(names), places)
	for leave := range st.change {
		var sets []string
		for _, c := range t.Columns {
			if c.Group&sync.Group(leave) == 0 {
				sets = append(sets, quote(c.Name)+" = ?")
			}
		}
		if sync.Group(leave)&sync.GroupDetail == 0 {
			sets = append(sets, "_detail = ?")
		}
		st.change[leave] = fmt.Sprintf(`update %s set %s, _hash = ?, _version = ?, _seq = ?, _generation = ?, _synced_at = ?, _raw = ?, _deleted_at = null%s`, quote(t.Name), strings.Join(sets, ", "), where)
	}
	st.touch = fmt.Sprintf(`update %s set _version = ?, _seq = ?, _generation = ?%s`, quote(t.Name), where)
	st.seen = fmt.Sprintf(`update %s set _generation = ?%s`, quote(t.Name), where)
	s.tables[t.Name] = st
	return st
}

// value is how a value is stored.
func value(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UTC().Format(timeLayout)
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	}
	return v
}

func keyOf(t *sync.Table, row *sync.Row) []any { return t.KeyOf(row.Values) }

// Commit implements [sync.Destination].
func (s *Store) Commit(ctx context.Context, b *sync.Batch) (sync.Tally, error) {
	var tally sync.Tally
	err := s.transaction(ctx, func(tx *sql.Tx) error {
		w := &writer{Store: s, tx: tx, b: b, at: b.At.UTC().Format(timeLayout), prepared: map[string]*sql.Stmt{}}
		defer w.close()
		if err := w.fence(ctx); err != nil {
			return err
		}
		var err error
		tally, err = w.rows(ctx)
		if err != nil {
			return err
		}
		return w.state(ctx)
	})
	if err != nil {
		return sync.Tally{}, err
	}
	return tally, nil
}

// writer carries out a batch.
type writer struct {
	*Store
	tx       *sql.Tx
	b        *sync.Batch
	at       string
	prepared map[string]*sql.Stmt
}

func (w *writer) close() {
	for _, stmt := range w.prepared {
		_ = stmt.Close() // the transaction's end says what failed
	}
}

func (w *writer) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := w.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (w *writer) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt := w.prepared[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := w.tx.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60s: %w", query, err)
	}
	w.prepared[query] = stmt
	return stmt, nil
}

// fence fails unless the shop is still the worker's, and counts the requests.
func (w *writer) fence(ctx context.Context) error {
	result, err := w.exec(ctx, `update _ttshop_shops set used = case when day = ? then used + ? else ? end, day = ? where shop_id = ? and epoch = ?`,
		w.b.Day, w.b.Requests, w.b.Requests, w.b.Day, w.b.Shop, w.b.Epoch)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, sync.ErrFenced)
	}
	return nil
}

// rows stores the rows and marks those that are gone.
func (w *writer) rows(ctx context.Context) (sync.Tally, error) {
	var tally sync.Tally
	stored, err := w.find(ctx)
	if err != nil {
		return tally, fmt.Errorf("find the rows of %s: %w", w.b.Table.Name, err)
	}
	for i := range w.b.Rows {
		if err := w.row(ctx, &w.b.Rows[i], stored, &tally); err != nil {
			return tally, fmt.Errorf("row %s of %s: %w", w.b.Rows[i].ID(w.b.Table), w.b.Table.Name, err)
		}
	}
	for _, key := range w.b.Gone {
		args := []any{w.at, w.b.Shop}
		for _, part := range key {
			args = append(args, part)
		}
		result, err := w.exec(ctx, fmt.Sprintf(`update %s set _deleted_at = ? where _deleted_at is null and shop_id = ? and %s`, quote(w.b.Table.Name), equal(w.b.Table.Key)), args...)
		if err != nil {
			return tally, fmt.Errorf("mark what is gone from %s: %w", w.b.Table.Name, err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			return tally, err
		}
		tally.Deleted += int(n)
	}
	if w.b.Before > 0 {
		query := fmt.Sprintf(`update %s set _deleted_at = ? where shop_id = ? and _deleted_at is null and _generation < ?`, quote(w.b.Table.Name))
		args := []any{w.at, w.b.Shop, w.b.Before}
		if w.b.Parent != "" {
			query += " and " + equal(w.b.Table.Key[:1])
			args = append(args, w.b.Parent)
		}
		result, err := w.exec(ctx, query, args...)
		if err != nil {
			return tally, fmt.Errorf("mark what is gone from %s: %w", w.b.Table.Name, err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			return tally, err
		}
		tally.Deleted += int(n)
	}
	return tally, nil
}

// findBatch is how many rows are looked for at a time.
const findBatch = 100

// find returns what is known of the rows of the batch, by id.
func (w *writer) find(ctx context.Context) (map[string]*sync.Stored, error) {
	t := w.b.Table
	found := map[string]*sync.Stored{}
	tuple := "(?" + strings.Repeat(", ?", len(t.Key)-1) + ")"
	for rows := range slices.Chunk(w.b.Rows, findBatch) {
		args := []any{w.b.Shop}
		for i := range rows {
			args = append(args, keyOf(t, &rows[i])...)
		}
		query := fmt.Sprintf(`select %s, _hash, _detail, _version, _seq, _generation, _deleted_at is not null from %s where shop_id = ? and (%s) in (values %s%s)`,
			quoteAll(t.Key), quote(t.Name), quoteAll(t.Key), tuple, strings.Repeat(", "+tuple, len(rows)-1))
		if err := w.findSome(ctx, query, args, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (w *writer) findSome(ctx context.Context, query string, args []any, found map[string]*sync.Stored) error {
	stmt, err := w.stmt(ctx, query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		key := make([]string, len(w.b.Table.Key))
		one := new(sync.Stored)
		targets := make([]any, 0, len(key)+6)
		for i := range key {
			targets = append(targets, &key[i])
		}
		if err := rows.Scan(append(targets, &one.Hash, &one.Detail, &one.Version, &one.Seq, &one.Generation, &one.Deleted)...); err != nil {
			return err
		}
		found[strings.Join(key, "/")] = one
	}
	return rows.Err()
}

// row stores a row unless a later version of it is there.
func (w *writer) row(ctx context.Context, row *sync.Row, found map[string]*sync.Stored, tally *sync.Tally) error {
	t := w.b.Table
	st := w.statements(t)
	key := append([]any{w.b.Shop}, keyOf(t, row)...)
	stored := found[row.ID(t)]
	var have sync.Stored
	if stored != nil {
		have = *stored
	}
	var err error
	newer := max(have.Generation, w.b.Generation)
	switch w.b.Decide(row, stored, tally) {
	case sync.Insert:
		return w.insert(ctx, t, st, row)
	case sync.Touch:
		_, err = w.exec(ctx, st.touch, append([]any{row.Version, row.Seq, newer}, key...)...)
		return err
	case sync.Change:
		return w.change(ctx, t, st, row, newer, key)
	}
	if newer > have.Generation {
		_, err = w.exec(ctx, st.seen, append([]any{newer}, key...)...)
	}
	return err
}

func (w *writer) raw(row *sync.Row) any {
	if w.options.NoRaw {
		return nil
	}
	return string(row.Raw)
}

func (w *writer) insert(ctx context.Context, t *sync.Table, st *statements, row *sync.Row) error {
	args := make([]any, 0, len(row.Values)+8)
	args = append(args, w.b.Shop)
	for _, v := range row.Values {
		args = append(args, value(v))
	}
	args = append(args, row.Hash, row.Detail, row.Version, row.Seq, w.b.Generation, w.at, w.raw(row))
	if _, err := w.exec(ctx, st.insert, args...); err != nil {
		return err
	}
	return w.after(ctx, t, row, w.b.Force) // a repair also finds children without a parent
}

func (w *writer) change(ctx context.Context, t *sync.Table, st *statements, row *sync.Row, generation int64, key []any) error {
	args := make([]any, 0, len(row.Values)+8+len(key))
	for i, c := range t.Columns {
		if c.Group&row.Leave == 0 {
			args = append(args, value(row.Values[i]))
		}
	}
	if row.Leave&sync.GroupDetail == 0 {
		args = append(args, row.Detail)
	}
	args = append(args, row.Hash, row.Version, row.Seq, generation, w.at, w.raw(row))
	if _, err := w.exec(ctx, st.change[row.Leave], append(args, key...)...); err != nil {
		return err
	}
	return w.after(ctx, t, row, true)
}

// after stores what goes with a row that is new or changed.
func (w *writer) after(ctx context.Context, t *sync.Table, row *sync.Row, before bool) error {
	key := append([]any{w.b.Shop}, keyOf(t, row)...)
	for i, child := range t.Children {
		st := w.statements(child)
		if before {
			if _, err := w.exec(ctx, st.clear, key...); err != nil {
				return fmt.Errorf("replace %s: %w", child.Name, err)
			}
		}
		for j := range row.Children[i] {
			values := row.Children[i][j].Values
			args := make([]any, 0, len(values)+1)
			args = append(args, w.b.Shop)
			for _, v := range values {
				args = append(args, value(v))
			}
			if _, err := w.exec(ctx, st.insert, args...); err != nil {
				return fmt.Errorf("insert into %s: %w", child.Name, err)
			}
		}
	}
	if w.options.History {
		if err := w.remember(ctx, w.tx, t, w.b.Shop, row, w.at); err != nil {
			return fmt.Errorf("remember the version: %w", err)
		}
	}
	if w.b.FollowUp != "" {
		return w.todo(ctx, sync.Todo{Stream: w.b.FollowUp, ID: fmt.Sprint(key[1:]...), Reason: "changed", Mark: row.Seq})
	}
	return nil
}

func (w *writer) todo(ctx context.Context, t sync.Todo) error {
	_, err := w.exec(ctx, `insert into _ttshop_todo (shop_id, stream, id, reason, mark) values (?, ?, ?, ?, ?)
		on conflict (shop_id, stream, id) do update set mark = max(mark, excluded.mark) + 1, reason = excluded.reason`, w.b.Shop, t.Stream, t.ID, t.Reason, t.Mark)
	return err
}

// Mark implements [sync.Destination].
func (s *Store) Mark(ctx context.Context, shop string, todo []sync.Todo) error {
	return s.transaction(ctx, func(tx *sql.Tx) error {
		w := &writer{Store: s, tx: tx, b: &sync.Batch{Shop: shop}, prepared: map[string]*sql.Stmt{}}
		defer w.close()
		for _, t := range todo {
			if err := w.todo(ctx, t); err != nil {
				return err
			}
		}
		return nil
	})
}

// state stores everything but rows.
func (w *writer) state(ctx context.Context) error {
	b := w.b
	for _, t := range b.Todo {
		if err := w.todo(ctx, t); err != nil {
			return fmt.Errorf("note what is to be done: %w", err)
		}
	}
	for _, t := range b.Done {
		if _, err := w.exec(ctx, `delete from _ttshop_todo where shop_id = ? and stream = ? and id = ? and mark <= ?`, b.Shop, t.Stream, t.ID, t.Mark); err != nil {
			return fmt.Errorf("note what is done: %w", err)
		}
	}
	for _, i := range b.Issues {
		if _, err := w.exec(ctx, `insert into _ttshop_issues (shop_id, table_name, id, column_name, problem, raw, seen_at) values (?, ?, ?, ?, ?, ?, ?)
			on conflict do update set raw = excluded.raw, seen_at = excluded.seen_at`, b.Shop, i.Table, i.ID, i.Column, i.Problem, i.Raw, w.at); err != nil {
			return fmt.Errorf("record an issue: %w", err)
		}
	}
	if b.State == nil {
		return nil
	}
	state, err := json.Marshal(b.State)
	if err != nil {
		return err
	}
	var cursor any
	if b.State.Cursor > 0 {
		cursor = time.Unix(b.State.Cursor, 0).UTC().Format(timeLayout)
	}
	_, err = w.exec(ctx, `insert into _ttshop_state (shop_id, stream, cursor, state, updated_at) values (?, ?, ?, ?, ?)
		on conflict (shop_id, stream) do update set cursor = excluded.cursor, state = excluded.state, updated_at = excluded.updated_at`,
		b.Shop, b.Stream, cursor, string(state), w.at)
	return err
}
