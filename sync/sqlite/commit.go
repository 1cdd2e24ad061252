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
		// The driver starts a goroutine for each statement that can be interrupted. A batch
		// is a page and takes milliseconds: whether anybody still wants it is asked at its
		// end, before it counts.
		steps := context.WithoutCancel(ctx)
		if err := w.fence(steps); err != nil {
			return err
		}
		var err error
		tally, err = w.rows(steps)
		if err != nil {
			return err
		}
		if err := w.state(steps); err != nil {
			return err
		}
		return context.Cause(ctx)
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

func (w *writer) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := w.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
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
	if err := w.store(ctx, &tally); err != nil {
		return tally, err
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
		query := w.statements(w.b.Table).absent
		args := []any{w.at, w.b.Shop, w.b.Before, w.b.Before}
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

// store stores the rows unless later versions of them are there.
func (w *writer) store(ctx context.Context, tally *sync.Tally) error {
	t, st := w.b.Table, w.statements(w.b.Table)
	found, noted, err := w.find(ctx, st)
	if err != nil {
		return fmt.Errorf("find the rows of %s: %w", t.Name, err)
	}
	var inserted, changed []*sync.Row
	var written []any // ids of rows of which something was noted
	write := func(id string) {
		if noted[id] {
			written = append(written, id)
		}
	}
	var replaced []any       // keys of rows whose children are replaced
	same := map[seen][]any{} // ids of rows of which only that moves
	for i := range w.b.Rows {
		row := &w.b.Rows[i]
		id := row.ID(t)
		stored := found[id]
		var have sync.Stored
		if stored != nil {
			have = *stored
		}
		key := keyOf(t, row)
		now := seen{have.Seq, max(have.Generation, w.b.Generation)}
		switch w.b.Decide(row, stored, tally) {
		case sync.Insert:
			inserted = append(inserted, row)
			if w.b.Force { // a repair also finds children without a parent
				replaced = append(replaced, listed(key))
			}
		case sync.Change:
			write(id)
			changed = append(changed, row)
			replaced = append(replaced, listed(key))
		case sync.Touch:
			now.seq = row.Seq
			if row.Version == have.Version {
				same[now] = append(same[now], id)
				continue
			}
			write(id)
			if _, err := w.exec(ctx, st.touch, append([]any{row.Version, now.seq, now.generation, w.b.Shop}, key...)...); err != nil {
				return fmt.Errorf("row %s of %s: %w", id, t.Name, err)
			}
		case sync.Keep:
			if now.generation > have.Generation {
				same[now] = append(same[now], id)
			}
		}
	}
	if err := w.within(ctx, st.forget, written); err != nil {
		return fmt.Errorf("rows of %s that are written: %w", t.Name, err)
	}
	for now, ids := range same {
		if err := w.within(ctx, st.same, ids, now.seq, now.generation); err != nil {
			return fmt.Errorf("rows of %s that are as they were: %w", t.Name, err)
		}
	}
	for _, child := range t.Children {
		if err := w.within(ctx, w.statements(child).clear, replaced); err != nil {
			return fmt.Errorf("replace %s: %w", child.Name, err)
		}
	}
	for _, row := range changed {
		if err := w.change(ctx, st, row, max(found[row.ID(t)].Generation, w.b.Generation)); err != nil {
			return fmt.Errorf("row %s of %s: %w", row.ID(t), t.Name, err)
		}
	}
	for _, row := range inserted {
		if err := w.insert(ctx, st, row); err != nil {
			return fmt.Errorf("row %s of %s: %w", row.ID(t), t.Name, err)
		}
	}
	for i, child := range t.Children {
		if err := w.children(ctx, i, child, slices.Concat(changed, inserted)); err != nil {
			return fmt.Errorf("insert into %s: %w", child.Name, err)
		}
	}
	return nil
}

// together is how many rows of a child one statement inserts: each statement takes as
// long as half a row.
const together = 8

// children inserts the rows of a child that belong to some rows.
func (w *writer) children(ctx context.Context, i int, child *sync.Table, of []*sync.Row) error {
	st := w.statements(child)
	waiting := map[string][]any{} // values by the statement that takes them
	for _, row := range of {
		for j := range row.Children[i] {
			values := row.Children[i][j].Values
			args := make([]any, 0, len(values)+1)
			args = append(args, w.b.Shop)
			for _, v := range values {
				args = append(args, value(v))
			}
			query, args := st.insert.of(args)
			all := append(waiting[query], args...)
			if len(all) == together*len(args) {
				if _, err := w.exec(ctx, st.insert.several(query), all...); err != nil {
					return err
				}
				all = all[:0]
			}
			waiting[query] = all
		}
	}
	for query, all := range waiting {
		for args := range slices.Chunk(all, max(strings.Count(query, "?"), 1)) {
			if _, err := w.exec(ctx, query, args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// seen is when rows were seen last.
type seen struct{ seq, generation int64 }

// within carries out a statement about the shop's rows that a list tells of.
func (w *writer) within(ctx context.Context, query string, those []any, args ...any) error {
	if len(those) == 0 {
		return nil
	}
	list, err := json.Marshal(those)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, query, append(args, w.b.Shop, string(list))...)
	return err
}

// find returns what is known of the rows of the batch, by id, and of which some of it
// was only noted.
func (w *writer) find(ctx context.Context, st *statements) (found map[string]*sync.Stored, noted map[string]bool, err error) {
	found, noted = make(map[string]*sync.Stored, len(w.b.Rows)), map[string]bool{}
	if len(w.b.Rows) == 0 {
		return found, noted, nil
	}
	keys := make([]any, len(w.b.Rows))
	for i := range w.b.Rows {
		keys[i] = listed(keyOf(w.b.Table, &w.b.Rows[i]))
	}
	those, err := json.Marshal(keys)
	if err != nil {
		return nil, nil, err
	}
	stmt, err := w.stmt(ctx, st.find)
	if err != nil {
		return nil, nil, err
	}
	rows, err := stmt.QueryContext(ctx, w.b.Shop, string(those))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var isNoted bool
		one := new(sync.Stored)
		if err := rows.Scan(&id, &one.Hash, &one.Detail, &one.Version, &one.Seq, &one.Generation, &one.Deleted, &isNoted); err != nil {
			return nil, nil, err
		}
		found[id] = one
		if isNoted {
			noted[id] = true
		}
	}
	return found, noted, rows.Err()
}

func (w *writer) raw(row *sync.Row) any {
	if w.options.NoRaw {
		return nil
	}
	return string(row.Raw)
}

func (w *writer) insert(ctx context.Context, st *statements, row *sync.Row) error {
	args := make([]any, 0, len(row.Values)+8)
	args = append(args, w.b.Shop)
	for _, v := range row.Values {
		args = append(args, value(v))
	}
	args = append(args, row.Hash, row.Detail, row.Version, row.Seq, w.b.Generation, w.at, w.raw(row))
	query, args := st.insert.of(args)
	if _, err := w.exec(ctx, query, args...); err != nil {
		return err
	}
	return w.after(ctx, row)
}

func (w *writer) change(ctx context.Context, st *statements, row *sync.Row, generation int64) error {
	t := w.b.Table
	key := append([]any{w.b.Shop}, keyOf(t, row)...)
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
	query, args := st.change[row.Leave].of(args)
	if _, err := w.exec(ctx, query, append(args, key...)...); err != nil {
		return err
	}
	return w.after(ctx, row)
}

// after stores what goes with a row that is new or changed.
func (w *writer) after(ctx context.Context, row *sync.Row) error {
	t := w.b.Table
	if w.options.History {
		if err := w.remember(ctx, w.tx, t, w.b.Shop, row, w.at); err != nil {
			return fmt.Errorf("remember the version: %w", err)
		}
	}
	if id, ok := w.b.Follow(row); ok {
		return w.todo(ctx, sync.Todo{Stream: w.b.FollowUp, ID: id, Reason: "changed", Mark: row.Seq})
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
