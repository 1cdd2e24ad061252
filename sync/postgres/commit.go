package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ttshop-go/ttshop/sync"
)

// Commit implements [sync.Destination].
func (s *Store) Commit(ctx context.Context, b *sync.Batch) (sync.Tally, error) {
	var tally sync.Tally
	err := s.transaction(ctx, func(tx pgx.Tx) error {
		w := &writer{Store: s, tx: tx, b: b}
		found, err := w.find(ctx)
		if err != nil {
			return err
		}
		if err := w.rows(ctx, found, &tally); err != nil {
			return err
		}
		w.gone(&tally)
		if err := w.state(); err != nil {
			return err
		}
		return w.send(ctx)
	})
	if err != nil {
		return sync.Tally{}, err
	}
	return tally, nil
}

// writer carries out a batch. Statements that need not be waited for are queued, and
// sent together.
type writer struct {
	*Store
	tx    pgx.Tx
	b     *sync.Batch
	queue pgx.Batch
}

// send carries out what is queued.
func (w *writer) send(ctx context.Context) error {
	if w.queue.Len() == 0 {
		return nil
	}
	queue := w.queue
	w.queue = pgx.Batch{}
	return w.tx.SendBatch(ctx, &queue).Close()
}

// enqueue queues a statement. What it does is said where it fails, and done, which may be
// nil, takes the number of rows that it changed.
func (w *writer) enqueue(what string, done func(n int) error, query string, args ...any) {
	q := w.queue.Queue(query, args...)
	q.Query(func(rows pgx.Rows) error {
		rows.Close()
		err := rows.Err()
		if err == nil && done != nil {
			err = done(int(rows.CommandTag().RowsAffected()))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	})
}

// exactly returns a function that fails unless so many rows were changed.
func exactly(want int) func(int) error {
	return func(n int) error {
		if n != want {
			return fmt.Errorf("%d rows were changed, not %d", n, want)
		}
		return nil
	}
}

// gone marks rows as deleted.
func (w *writer) gone(tally *sync.Tally) {
	t := w.b.Table
	what := "mark what is gone from " + t.Name
	deleted := func(n int) error {
		tally.Deleted += n
		return nil
	}
	for _, key := range w.b.Gone {
		args := []any{w.b.At.UTC(), w.b.Shop}
		query := fmt.Sprintf(`update %s set _deleted_at = $1 where _deleted_at is null and shop_id = $2`, w.in(t.Name))
		for i, part := range key {
			query += fmt.Sprintf(` and %s = $%d`, quote(t.Key[i]), i+3)
			args = append(args, part)
		}
		w.enqueue(what, deleted, query, args...)
	}
	if w.b.Before == 0 {
		return
	}
	query := fmt.Sprintf(`update %s t set _deleted_at = $1 where shop_id = $2 and _deleted_at is null and _generation < $3
		and not exists (select 1 from %s s where s.table_name = $4 and s.shop_id = t.shop_id and s.id = %s and s.generation >= $3)`, w.in(t.Name), w.in("_ttshop_seen"), idOf(t, "t"))
	args := []any{w.b.At.UTC(), w.b.Shop, w.b.Before, t.Name}
	if w.b.Parent != "" {
		query += fmt.Sprintf(` and %s = $5`, quote(t.Key[0]))
		args = append(args, w.b.Parent)
	}
	w.enqueue(what, deleted, query, args...)
}

func (w *writer) todo(todo []sync.Todo) {
	query := fmt.Sprintf(`insert into %s as t (shop_id, stream, id, reason, mark) values ($1, $2, $3, $4, $5)
		on conflict (shop_id, stream, id) do update set mark = greatest(t.mark, excluded.mark) + 1, reason = excluded.reason`, w.in("_ttshop_todo"))
	for _, t := range todo {
		w.enqueue("note what is to be done", nil, query, w.b.Shop, t.Stream, t.ID, t.Reason, t.Mark)
	}
}

// Mark implements [sync.Destination].
func (s *Store) Mark(ctx context.Context, shop string, todo []sync.Todo) error {
	return s.transaction(ctx, func(tx pgx.Tx) error {
		w := &writer{Store: s, tx: tx, b: &sync.Batch{Shop: shop}}
		w.todo(todo)
		return w.send(ctx)
	})
}

// state stores everything but rows.
func (w *writer) state() error {
	b := w.b
	w.todo(b.Todo)
	for _, t := range b.Done {
		w.enqueue("note what is done", nil, fmt.Sprintf(`delete from %s where shop_id = $1 and stream = $2 and id = $3 and mark <= $4`, w.in("_ttshop_todo")), b.Shop, t.Stream, t.ID, t.Mark)
	}
	for _, i := range b.Issues {
		w.enqueue("record an issue", nil, fmt.Sprintf(`insert into %s (shop_id, table_name, id, column_name, problem, raw, seen_at) values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (shop_id, table_name, id, column_name, problem) do update set raw = excluded.raw, seen_at = excluded.seen_at`, w.in("_ttshop_issues")),
			b.Shop, i.Table, i.ID, i.Column, i.Problem, strings.ToValidUTF8(strings.ReplaceAll(i.Raw, "\x00", "\uFFFD"), "\uFFFD"), b.At.UTC())
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
		cursor = time.Unix(b.State.Cursor, 0).UTC()
	}
	w.enqueue("store the state", nil, fmt.Sprintf(`insert into %s (shop_id, stream, cursor, state, updated_at) values ($1, $2, $3, $4, $5)
		on conflict (shop_id, stream) do update set cursor = excluded.cursor, state = excluded.state, updated_at = excluded.updated_at`, w.in("_ttshop_state")),
		b.Shop, b.Stream, cursor, string(state), b.At.UTC())
	return nil
}
