package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sync"
)

// Acquire implements [sync.Destination].
func (s *Store) Acquire(ctx context.Context, shop sync.Shop, owner string, lease time.Duration) (int64, error) {
	var epoch int64
	err := s.transaction(ctx, func(tx *sql.Tx) error {
		now := time.Now()
		var holder string
		var until int64
		err := tx.QueryRowContext(ctx, `select epoch, owner, lease_until from _ttshop_shops where shop_id = ?`, shop.ID).Scan(&epoch, &holder, &until)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if holder != owner && until > now.UnixMilli() {
			return fmt.Errorf("%w: %s, until %s", sync.ErrHeld, holder, time.UnixMilli(until).UTC().Format(time.DateTime+" UTC"))
		}
		epoch++
		_, err = tx.ExecContext(ctx, `insert into _ttshop_shops (shop_id, name, region, epoch, owner, lease_until) values (?, ?, ?, ?, ?, ?)
			on conflict (shop_id) do update set name = excluded.name, region = excluded.region, epoch = excluded.epoch, owner = excluded.owner, lease_until = excluded.lease_until`,
			shop.ID, shop.Name, shop.Region, epoch, owner, now.Add(lease).UnixMilli())
		return err
	})
	return epoch, err
}

// Renew implements [sync.Destination].
func (s *Store) Renew(ctx context.Context, shop string, epoch int64, lease time.Duration) error {
	return s.transaction(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `update _ttshop_shops set lease_until = ? where shop_id = ? and epoch = ?`, time.Now().Add(lease).UnixMilli(), shop, epoch)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, sync.ErrFenced)
		}
		return nil
	})
}

// Release implements [sync.Destination].
func (s *Store) Release(ctx context.Context, shop string, epoch int64) error {
	return s.transaction(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update _ttshop_shops set lease_until = 0 where shop_id = ? and epoch = ?`, shop, epoch)
		return err
	})
}

// State implements [sync.Destination].
func (s *Store) State(ctx context.Context, shop string) (sync.ShopState, error) {
	state := sync.ShopState{Streams: map[string]sync.State{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.db.QueryRowContext(ctx, `select day, used from _ttshop_shops where shop_id = ?`, shop).Scan(&state.Day, &state.Used)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return state, classify(err)
	}
	rows, err := s.db.QueryContext(ctx, `select stream, state from _ttshop_state where shop_id = ?`, shop)
	if err != nil {
		return state, classify(err)
	}
	defer rows.Close()
	for rows.Next() {
		var stream, text string
		if err := rows.Scan(&stream, &text); err != nil {
			return state, classify(err)
		}
		var one sync.State
		if err := json.Unmarshal([]byte(text), &one); err != nil {
			return state, fmt.Errorf("state of %s: %w", stream, err)
		}
		state.Streams[stream] = one
	}
	return state, classify(rows.Err())
}

// Todo implements [sync.Destination].
func (s *Store) Todo(ctx context.Context, shop, stream string, limit int) ([]sync.Todo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows, err := s.db.QueryContext(ctx, `select stream, id, reason, mark from _ttshop_todo where shop_id = ? and stream = ? order by mark, id limit ?`, shop, stream, limit)
	if err != nil {
		return nil, classify(err)
	}
	defer rows.Close()
	var todo []sync.Todo
	for rows.Next() {
		var t sync.Todo
		if err := rows.Scan(&t.Stream, &t.ID, &t.Reason, &t.Mark); err != nil {
			return nil, classify(err)
		}
		todo = append(todo, t)
	}
	return todo, classify(rows.Err())
}

// Keys implements [sync.Destination].
func (s *Store) Keys(ctx context.Context, shop string, t *sync.Table, column, at string, from, to time.Time) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	query, args := fmt.Sprintf(`select distinct %s from %s where shop_id = ? and %[1]s is not null`, quote(column), quote(t.Name)), []any{shop}
	if t.Parent == nil {
		query += ` and _deleted_at is null`
	}
	if at != "" {
		query += fmt.Sprintf(` and %s >= ? and %[1]s < ?`, quote(at))
		args = append(args, value(from), value(to))
	}
	rows, err := s.db.QueryContext(ctx, query+` order by 1`, args...)
	if err != nil {
		return nil, classify(err)
	}
	defer rows.Close()
	var keys []string
	for rows.Next() {
		var k string
		if err := rows.Scan(&k); err != nil {
			return nil, classify(err)
		}
		keys = append(keys, k)
	}
	return keys, classify(rows.Err())
}

// rowsBatch is how many rows are read at a time, so that writers come in between.
const rowsBatch = 2000

// Rows implements [sync.Destination].
func (s *Store) Rows(ctx context.Context, shop string, t *sync.Table, column string, from, to time.Time) iter.Seq2[sync.Known, error] {
	return func(yield func(sync.Known, error) bool) {
		where, args := `shop_id = ?`, []any{shop}
		if column != "" {
			where += fmt.Sprintf(` and %s >= ? and %[1]s < ?`, quote(column))
			args = append(args, value(from), value(to))
		}
		columns := quoteAll(t.Key)
		after, last := "", []any(nil)
		for {
			query := fmt.Sprintf(`select %s, _hash, _version, _deleted_at is not null from %s where %s%s order by %s limit %d`, columns, quote(t.Name), where, after, columns, rowsBatch)
			batch, key, err := s.known(ctx, query, len(t.Key), append(append([]any{}, args...), last...))
			if err != nil {
				yield(sync.Known{}, err)
				return
			}
			for _, k := range batch {
				if !yield(k, nil) {
					return
				}
			}
			if len(batch) < rowsBatch {
				return
			}
			after, last = fmt.Sprintf(" and (%s) > (%s)", columns, strings.TrimSuffix(strings.Repeat("?, ", len(t.Key)), ", ")), key
		}
	}
}

func (s *Store) known(ctx context.Context, query string, keys int, args []any) ([]sync.Known, []any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, nil, classify(err)
	}
	defer rows.Close()
	var batch []sync.Known
	var last []any
	for rows.Next() {
		key := make([]string, keys)
		var k sync.Known
		targets := make([]any, 0, keys+3)
		for i := range key {
			targets = append(targets, &key[i])
		}
		if err := rows.Scan(append(targets, &k.Hash, &k.Version, &k.Deleted)...); err != nil {
			return nil, nil, classify(err)
		}
		k.ID, k.Key = strings.Join(key, "/"), key
		batch = append(batch, k)
		last = last[:0]
		for _, part := range key {
			last = append(last, part)
		}
	}
	return batch, last, classify(rows.Err())
}
