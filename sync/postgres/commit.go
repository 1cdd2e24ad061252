package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ttshop-go/ttshop/sync"
)

// value is how a value is sent.
func (s *Store) value(t sync.Type, v any) any {
	text, ok := v.(string)
	if !ok {
		return v
	}
	switch t {
	case sync.Decimal:
		var n pgtype.Numeric
		if err := n.Scan(text); err != nil {
			return nil // it was checked before: an issue says what it was
		}
		return n
	case sync.JSON, sync.Text:
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	return v
}

// Commit implements [sync.Destination].
func (s *Store) Commit(ctx context.Context, b *sync.Batch) (sync.Tally, error) {
	var tally sync.Tally
	err := s.transaction(ctx, func(tx pgx.Tx) error {
		w := &writer{Store: s, tx: tx, b: b}
		if err := w.fence(ctx); err != nil {
			return err
		}
		if err := w.rows(ctx, &tally); err != nil {
			return err
		}
		if err := w.gone(ctx, &tally); err != nil {
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
	tx pgx.Tx
	b  *sync.Batch
}

// fence fails unless the shop is still the worker's, and counts the requests. Whoever
// takes the shop over waits for the end of this transaction.
func (w *writer) fence(ctx context.Context) error {
	tag, err := w.tx.Exec(ctx, fmt.Sprintf(`update %s set used = case when day = $1 then used + $2 else $2 end, day = $1 where shop_id = $3 and epoch = $4`, w.in("_ttshop_shops")),
		w.b.Day, w.b.Requests, w.b.Shop, w.b.Epoch)
	if err != nil {
		return err
	}
	if tag.RowsAffected() != 1 {
		return sync.ErrFenced
	}
	return nil
}

// columnsOf returns the parts of the keys of rows, one list for each part.
func keysOf(t *sync.Table, key []string, rows []*sync.Row) []any {
	lists := make([]any, len(key))
	for i, name := range key {
		at := t.Column(name)
		list := make([]string, len(rows))
		for j, row := range rows {
			list[j] = fmt.Sprint(row.Values[at])
		}
		lists[i] = list
	}
	return lists
}

// unnest is a table of keys that come as lists from parameter first on.
func unnest(n, first int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(`$%d::text[]`, first+i)
	}
	return "unnest(" + strings.Join(parts, ", ") + ")"
}

// rows stores the rows.
func (w *writer) rows(ctx context.Context, tally *sync.Tally) error {
	if len(w.b.Rows) == 0 {
		return nil
	}
	stored, err := w.find(ctx)
	if err != nil {
		return fmt.Errorf("find the rows of %s: %w", w.b.Table.Name, err)
	}
	var fresh, touched, seen, changed []*sync.Row
	for i := range w.b.Rows {
		row := &w.b.Rows[i]
		have := stored[row.ID(w.b.Table)]
		switch w.b.Decide(row, have, tally) {
		case sync.Insert:
			fresh = append(fresh, row)
		case sync.Touch:
			touched = append(touched, row)
		case sync.Change:
			changed = append(changed, row)
		case sync.Keep:
			if w.b.Generation > have.Generation {
				seen = append(seen, row)
			}
		}
	}
	for _, step := range []struct {
		what string
		rows []*sync.Row
		do   func(context.Context, []*sync.Row) error
	}{{"insert into", fresh, w.insert}, {"touch", touched, w.touch}, {"mark", seen, w.see}, {"change", changed, w.change}} {
		if len(step.rows) == 0 {
			continue
		}
		if err := step.do(ctx, step.rows); err != nil {
			return fmt.Errorf("%s %s: %w", step.what, w.b.Table.Name, err)
		}
	}
	if w.b.Force {
		changed = append(changed, fresh...) // a repair also finds children without a parent
		fresh = nil
	}
	return w.after(ctx, fresh, changed)
}

// find returns what is known of the rows of the batch, by id, and locks none: the fence
// keeps others out.
func (w *writer) find(ctx context.Context) (map[string]*sync.Stored, error) {
	t := w.b.Table
	all := make([]*sync.Row, len(w.b.Rows))
	for i := range w.b.Rows {
		all[i] = &w.b.Rows[i]
	}
	keys := quoteAll(t.Key)
	query := fmt.Sprintf(`select concat_ws('/', %s), _hash, _detail, _version, _seq, _generation, _deleted_at is not null from %s where shop_id = $1 and (%[1]s) in (select * from %[3]s)`, keys, w.in(t.Name), unnest(len(t.Key), 2))
	rows, err := w.tx.Query(ctx, query, append([]any{w.b.Shop}, keysOf(t, t.Key, all)...)...)
	if err != nil {
		return nil, err
	}
	found := map[string]*sync.Stored{}
	var id string
	var one sync.Stored
	_, err = pgx.ForEachRow(rows, []any{&id, &one.Hash, &one.Detail, &one.Version, &one.Seq, &one.Generation, &one.Deleted}, func() error {
		copied := one
		found[id] = &copied
		return nil
	})
	return found, err
}

// columns are the names of all columns of rows, in the order of line.
func columnsOf(t *sync.Table) []string {
	names := []string{"shop_id"}
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	if t.Parent == nil {
		names = append(names, metaColumns...)
	}
	return names
}

// line is a row as it is copied.
func (w *writer) line(t *sync.Table, row *sync.Row) []any {
	line := make([]any, 0, len(row.Values)+1+len(metaColumns))
	line = append(line, w.b.Shop)
	for i, v := range row.Values {
		line = append(line, w.value(t.Columns[i].Type, v))
	}
	if t.Parent != nil {
		return line
	}
	return append(line, row.Hash, row.Detail, row.Version, row.Seq, w.b.Generation, w.b.At.UTC(), w.raw(row))
}

func (w *writer) raw(row *sync.Row) any {
	if w.options.Raw == RawNone {
		return nil
	}
	return strings.ToValidUTF8(string(row.Raw), "\uFFFD")
}

func (w *writer) copyIn(ctx context.Context, target pgx.Identifier, columns []string, n int, line func(int) ([]any, error)) error {
	copied, err := w.tx.CopyFrom(ctx, target, columns, pgx.CopyFromSlice(n, line))
	if err == nil && copied != int64(n) {
		err = fmt.Errorf("%d of %d rows were copied", copied, n)
	}
	return err
}

func (w *writer) insert(ctx context.Context, rows []*sync.Row) error {
	t := w.b.Table
	return w.copyIn(ctx, pgx.Identifier{w.options.Schema, t.Name}, columnsOf(t), len(rows), func(i int) ([]any, error) { return w.line(t, rows[i]), nil })
}

// joined is the condition that a row is the one of a key.
func joined(key []string, other string) string {
	parts := make([]string, len(key))
	for i, name := range key {
		parts[i] = fmt.Sprintf("t.%s = %s.%[1]s", quote(name), other)
	}
	return strings.Join(parts, " and ")
}

// named is a list of keys with their names, from parameter first on.
func named(key []string, first int) string {
	return unnest(len(key), first) + " as k (" + quoteAll(key) + ")"
}

func (w *writer) touch(ctx context.Context, rows []*sync.Row) error {
	t := w.b.Table
	versions, seqs := make([]int64, len(rows)), make([]int64, len(rows))
	for i, row := range rows {
		versions[i], seqs[i] = row.Version, row.Seq
	}
	n := len(t.Key)
	from := strings.TrimSuffix(unnest(n, 3), ")") + fmt.Sprintf(", $%d::bigint[], $%d::bigint[])", n+3, n+4)
	query := fmt.Sprintf(`update %s t set _version = k._v, _seq = k._s, _generation = greatest(t._generation, $2) from %s as k (%s, _v, _s) where t.shop_id = $1 and %s`,
		w.in(t.Name), from, quoteAll(t.Key), joined(t.Key, "k"))
	args := append([]any{w.b.Shop, w.b.Generation}, keysOf(t, t.Key, rows)...)
	return w.exec(ctx, len(rows), query, append(args, versions, seqs)...)
}

func (w *writer) see(ctx context.Context, rows []*sync.Row) error {
	t := w.b.Table
	query := fmt.Sprintf(`update %s t set _generation = $2 from %s where t.shop_id = $1 and %s`, w.in(t.Name), named(t.Key, 3), joined(t.Key, "k"))
	return w.exec(ctx, len(rows), query, append([]any{w.b.Shop, w.b.Generation}, keysOf(t, t.Key, rows)...)...)
}

// exec carries out a statement that has to change so many rows.
func (w *writer) exec(ctx context.Context, want int, query string, args ...any) error {
	tag, err := w.tx.Exec(ctx, query, args...)
	if err == nil && tag.RowsAffected() != int64(want) {
		err = fmt.Errorf("%d rows were changed, not %d", tag.RowsAffected(), want)
	}
	return err
}

// change replaces the columns of rows, but for the groups that they leave, by way of a
// table of the connection's own.
func (w *writer) change(ctx context.Context, rows []*sync.Row) error {
	t := w.b.Table
	stage := "_stage_" + t.Name
	if _, err := w.tx.Exec(ctx, fmt.Sprintf(`create temporary table if not exists %s (like %s, _leave smallint) on commit delete rows`, quote(stage), w.in(t.Name))); err != nil {
		return err
	}
	err := w.copyIn(ctx, pgx.Identifier{"pg_temp", stage}, append(columnsOf(t), "_leave"), len(rows), func(i int) ([]any, error) {
		return append(w.line(t, rows[i]), int16(rows[i].Leave)), nil
	})
	if err != nil {
		return err
	}
	sets := []string{"_hash = s._hash", "_version = s._version", "_seq = s._seq", "_synced_at = s._synced_at", "_raw = s._raw", "_deleted_at = null", "_generation = greatest(t._generation, s._generation)"}
	set := func(name string, group sync.Group) {
		if group == 0 {
			sets = append(sets, fmt.Sprintf(`%s = s.%[1]s`, name))
		} else {
			sets = append(sets, fmt.Sprintf(`%s = case when s._leave & %d <> 0 then t.%[1]s else s.%[1]s end`, name, group))
		}
	}
	for _, c := range t.Columns {
		set(quote(c.Name), c.Group)
	}
	set("_detail", sync.GroupDetail)
	return w.exec(ctx, len(rows), fmt.Sprintf(`update %s t set %s from pg_temp.%s s where t.shop_id = s.shop_id and %s`, w.in(t.Name), strings.Join(sets, ", "), quote(stage), joined(t.Key, "s")))
}

// after stores what goes with rows that are new or changed.
func (w *writer) after(ctx context.Context, fresh, changed []*sync.Row) error {
	t := w.b.Table
	all := append(append([]*sync.Row{}, fresh...), changed...)
	if len(all) == 0 {
		return nil
	}
	for i, child := range t.Children {
		if len(changed) > 0 {
			key := child.Key[:len(t.Key)]
			query := fmt.Sprintf(`delete from %s t using %s where t.shop_id = $1 and %s`, w.in(child.Name), named(key, 2), joined(key, "k"))
			if _, err := w.tx.Exec(ctx, query, append([]any{w.b.Shop}, keysOf(t, t.Key, changed)...)...); err != nil {
				return fmt.Errorf("replace %s: %w", child.Name, err)
			}
		}
		var lines [][]any
		for _, row := range all {
			for j := range row.Children[i] {
				lines = append(lines, w.line(child, &row.Children[i][j]))
			}
		}
		if len(lines) == 0 {
			continue
		}
		if err := w.copyIn(ctx, pgx.Identifier{w.options.Schema, child.Name}, columnsOf(child), len(lines), func(i int) ([]any, error) { return lines[i], nil }); err != nil {
			return fmt.Errorf("insert into %s: %w", child.Name, err)
		}
	}
	if w.options.History {
		query := fmt.Sprintf(`insert into %s (shop_id, id, _seq, _version, _hash, _synced_at, _raw) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`, w.in(t.Name+"_history"))
		versions := new(pgx.Batch)
		for _, row := range all {
			versions.Queue(query, w.b.Shop, row.ID(t), row.Seq, row.Version, row.Hash, w.b.At.UTC(), w.raw(row))
		}
		if err := w.tx.SendBatch(ctx, versions).Close(); err != nil {
			return fmt.Errorf("remember versions: %w", err)
		}
	}
	if w.b.FollowUp == "" {
		return nil
	}
	marks := make(map[string]int64, len(all)) // rows may share what is asked about
	for _, row := range all {
		if id, ok := w.b.Follow(row); ok {
			marks[id] = max(marks[id], row.Seq)
		}
	}
	todo := make([]sync.Todo, 0, len(marks))
	for id, mark := range marks {
		todo = append(todo, sync.Todo{Stream: w.b.FollowUp, ID: id, Reason: "changed", Mark: mark})
	}
	return w.todo(ctx, todo)
}

// gone marks rows as deleted.
func (w *writer) gone(ctx context.Context, tally *sync.Tally) error {
	t := w.b.Table
	for _, key := range w.b.Gone {
		args := []any{w.b.At.UTC(), w.b.Shop}
		query := fmt.Sprintf(`update %s set _deleted_at = $1 where _deleted_at is null and shop_id = $2`, w.in(t.Name))
		for i, part := range key {
			query += fmt.Sprintf(` and %s = $%d`, quote(t.Key[i]), i+3)
			args = append(args, part)
		}
		tag, err := w.tx.Exec(ctx, query, args...)
		if err != nil {
			return fmt.Errorf("mark what is gone from %s: %w", t.Name, err)
		}
		tally.Deleted += int(tag.RowsAffected())
	}
	if w.b.Before == 0 {
		return nil
	}
	query := fmt.Sprintf(`update %s set _deleted_at = $1 where shop_id = $2 and _deleted_at is null and _generation < $3`, w.in(t.Name))
	args := []any{w.b.At.UTC(), w.b.Shop, w.b.Before}
	if w.b.Parent != "" {
		query += fmt.Sprintf(` and %s = $4`, quote(t.Key[0]))
		args = append(args, w.b.Parent)
	}
	tag, err := w.tx.Exec(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("mark what is gone from %s: %w", t.Name, err)
	}
	tally.Deleted += int(tag.RowsAffected())
	return nil
}

func (w *writer) todo(ctx context.Context, todo []sync.Todo) error {
	batch := new(pgx.Batch)
	for _, t := range todo {
		batch.Queue(fmt.Sprintf(`insert into %s as t (shop_id, stream, id, reason, mark) values ($1, $2, $3, $4, $5)
			on conflict (shop_id, stream, id) do update set mark = greatest(t.mark, excluded.mark) + 1, reason = excluded.reason`, w.in("_ttshop_todo")), w.b.Shop, t.Stream, t.ID, t.Reason, t.Mark)
	}
	if err := w.tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("note what is to be done: %w", err)
	}
	return nil
}

// Mark implements [sync.Destination].
func (s *Store) Mark(ctx context.Context, shop string, todo []sync.Todo) error {
	return s.transaction(ctx, func(tx pgx.Tx) error {
		w := &writer{Store: s, tx: tx, b: &sync.Batch{Shop: shop}}
		return w.todo(ctx, todo)
	})
}

// state stores everything but rows.
func (w *writer) state(ctx context.Context) error {
	b := w.b
	if err := w.todo(ctx, b.Todo); err != nil {
		return err
	}
	batch := new(pgx.Batch)
	for _, t := range b.Done {
		batch.Queue(fmt.Sprintf(`delete from %s where shop_id = $1 and stream = $2 and id = $3 and mark <= $4`, w.in("_ttshop_todo")), b.Shop, t.Stream, t.ID, t.Mark)
	}
	for _, i := range b.Issues {
		batch.Queue(fmt.Sprintf(`insert into %s (shop_id, table_name, id, column_name, problem, raw, seen_at) values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (shop_id, table_name, id, column_name, problem) do update set raw = excluded.raw, seen_at = excluded.seen_at`, w.in("_ttshop_issues")),
			b.Shop, i.Table, i.ID, i.Column, i.Problem, strings.ToValidUTF8(strings.ReplaceAll(i.Raw, "\x00", "\uFFFD"), "\uFFFD"), b.At.UTC())
	}
	if b.State != nil {
		state, err := json.Marshal(b.State)
		if err != nil {
			return err
		}
		var cursor any
		if b.State.Cursor > 0 {
			cursor = time.Unix(b.State.Cursor, 0).UTC()
		}
		batch.Queue(fmt.Sprintf(`insert into %s (shop_id, stream, cursor, state, updated_at) values ($1, $2, $3, $4, $5)
			on conflict (shop_id, stream) do update set cursor = excluded.cursor, state = excluded.state, updated_at = excluded.updated_at`, w.in("_ttshop_state")),
			b.Shop, b.Stream, cursor, string(state), b.At.UTC())
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := w.tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("store the state: %w", err)
	}
	return nil
}
