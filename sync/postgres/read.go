package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ttshop-go/ttshop/sync"
)

// Acquire implements [sync.Destination]. The database's clock counts.
func (s *Store) Acquire(ctx context.Context, shop sync.Shop, owner string, lease time.Duration) (int64, error) {
	var epoch int64
	err := s.pool.QueryRow(ctx, fmt.Sprintf(`insert into %s as s (shop_id, name, region, epoch, owner, lease_until) values ($1, $2, $3, 1, $4, clock_timestamp() + $5::bigint * interval '1 microsecond')
		on conflict (shop_id) do update set name = excluded.name, region = excluded.region, epoch = s.epoch + 1, owner = excluded.owner, lease_until = excluded.lease_until
		where s.owner = excluded.owner or s.lease_until <= clock_timestamp() returning epoch`, s.in("_ttshop_shops")),
		shop.ID, shop.Name, shop.Region, owner, lease.Microseconds()).Scan(&epoch)
	if !errors.Is(err, pgx.ErrNoRows) {
		return epoch, classify(err)
	}
	var holder string
	var until time.Time
	if err := s.pool.QueryRow(ctx, fmt.Sprintf(`select owner, coalesce(nullif(lease_until, '-infinity'), now()) from %s where shop_id = $1`, s.in("_ttshop_shops")), shop.ID).Scan(&holder, &until); err != nil {
		return 0, classify(err)
	}
	return 0, fmt.Errorf("%w: %s, until %s", sync.ErrHeld, holder, until.UTC().Format(time.DateTime+" UTC"))
}

// Renew implements [sync.Destination].
func (s *Store) Renew(ctx context.Context, shop string, epoch int64, lease time.Duration) error {
	tag, err := s.pool.Exec(ctx, fmt.Sprintf(`update %s set lease_until = clock_timestamp() + $3::bigint * interval '1 microsecond' where shop_id = $1 and epoch = $2`, s.in("_ttshop_shops")), shop, epoch, lease.Microseconds())
	if err == nil && tag.RowsAffected() != 1 {
		return sync.ErrFenced
	}
	return classify(err)
}

// Release implements [sync.Destination].
func (s *Store) Release(ctx context.Context, shop string, epoch int64) error {
	_, err := s.pool.Exec(ctx, fmt.Sprintf(`update %s set lease_until = '-infinity' where shop_id = $1 and epoch = $2`, s.in("_ttshop_shops")), shop, epoch)
	return classify(err)
}

// State implements [sync.Destination].
func (s *Store) State(ctx context.Context, shop string) (sync.ShopState, error) {
	state := sync.ShopState{Streams: map[string]sync.State{}}
	err := s.pool.QueryRow(ctx, fmt.Sprintf(`select day, used from %s where shop_id = $1`, s.in("_ttshop_shops")), shop).Scan(&state.Day, &state.Used)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return state, classify(err)
	}
	rows, err := s.pool.Query(ctx, fmt.Sprintf(`select stream, state::text from %s where shop_id = $1`, s.in("_ttshop_state")), shop)
	if err != nil {
		return state, classify(err)
	}
	var stream, text string
	_, err = pgx.ForEachRow(rows, []any{&stream, &text}, func() error {
		var one sync.State
		if err := json.Unmarshal([]byte(text), &one); err != nil {
			return fmt.Errorf("state of %s: %w", stream, err)
		}
		state.Streams[stream] = one
		return nil
	})
	return state, classify(err)
}

// Todo implements [sync.Destination].
func (s *Store) Todo(ctx context.Context, shop, stream string, limit int) ([]sync.Todo, error) {
	rows, err := s.pool.Query(ctx, fmt.Sprintf(`select stream, id, reason, mark from %s where shop_id = $1 and stream = $2 order by mark, id limit $3`, s.in("_ttshop_todo")), shop, stream, limit)
	if err != nil {
		return nil, classify(err)
	}
	todo, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sync.Todo])
	return todo, classify(err)
}

// Keys implements [sync.Destination].
func (s *Store) Keys(ctx context.Context, shop string, t *sync.Table, column, at string, from, to time.Time) ([]string, error) {
	query, args := fmt.Sprintf(`select distinct %s from %s where shop_id = $1 and %[1]s is not null`, quote(column), s.in(t.Name)), []any{shop}
	if t.Parent == nil {
		query += ` and _deleted_at is null`
	}
	if at != "" {
		query += fmt.Sprintf(` and %s >= $2 and %[1]s < $3`, quote(at))
		args = append(args, from.UTC(), to.UTC())
	}
	rows, err := s.pool.Query(ctx, query+` order by 1`, args...)
	if err != nil {
		return nil, classify(err)
	}
	keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return keys, classify(err)
}

// rowsBatch is how many rows are read at a time, so that no connection is held while
// somebody thinks about them.
const rowsBatch = 5000

// Rows implements [sync.Destination].
func (s *Store) Rows(ctx context.Context, shop string, t *sync.Table, column string, from, to time.Time) iter.Seq2[sync.Known, error] {
	return func(yield func(sync.Known, error) bool) {
		where, args := `shop_id = $1`, []any{shop}
		if column != "" {
			where += fmt.Sprintf(` and %s >= $2 and %[1]s < $3`, quote(column))
			args = append(args, from.UTC(), to.UTC())
		}
		columns := quoteAll(t.Key)
		after, last := "", []any(nil)
		for {
			query := fmt.Sprintf(`select array[%s], _hash, _version, _deleted_at is not null from %s where %s%s order by %s limit %d`, columns, s.in(t.Name), where, after, columns, rowsBatch)
			rows, err := s.pool.Query(ctx, query, append(append([]any{}, args...), last...)...)
			if err != nil {
				yield(sync.Known{}, classify(err))
				return
			}
			batch, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k sync.Known, err error) {
				err = row.Scan(&k.Key, &k.Hash, &k.Version, &k.Deleted)
				k.ID = strings.Join(k.Key, "/")
				return k, err
			})
			if err != nil {
				yield(sync.Known{}, classify(err))
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
			places := make([]string, len(t.Key))
			last = nil
			for i, part := range batch[len(batch)-1].Key {
				places[i] = fmt.Sprintf("$%d", len(args)+1+i)
				last = append(last, part)
			}
			after = fmt.Sprintf(" and (%s) > (%s)", columns, strings.Join(places, ", "))
		}
	}
}
