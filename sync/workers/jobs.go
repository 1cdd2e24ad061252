package workers

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// migrate makes River's tables, one process at a time.
func migrate(ctx context.Context, pool *pgxpool.Pool, driver *riverpgxv5.Driver, config Config) error {
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Schema: config.Schema, Logger: config.Logger})
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { // only its lock counts
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, "ttshop sync workers "+config.Schema); err != nil {
			return err
		}
		if _, err := pool.Exec(ctx, "create schema if not exists "+pgx.Identifier{config.Schema}.Sanitize()); err != nil {
			return err
		}
		_, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
}

// refresh gives shops that are new their job, and jobs of the dead to the living.
func (w *Workers) refresh(ctx context.Context) error {
	if err := w.rescue(ctx); err != nil {
		return fmt.Errorf("take over turns that are dead: %w", err)
	}
	shops, err := w.config.Shops(ctx)
	if err != nil {
		return fmt.Errorf("list the shops: %w", err)
	}
	rows, err := w.pool.Query(ctx, fmt.Sprintf(`select args->>'shop' from %s where kind = $1 and finalized_at is null`, w.table), kind)
	if err != nil {
		return fmt.Errorf("read the jobs: %w", err)
	}
	have := map[string]bool{}
	var shop string
	if _, err := pgx.ForEachRow(rows, []any{&shop}, func() error { have[shop] = true; return nil }); err != nil {
		return fmt.Errorf("read the jobs: %w", err)
	}
	var missing []river.InsertManyParams
	for _, shop := range shops {
		if !have[shop] {
			have[shop] = true
			missing = append(missing, river.InsertManyParams{Args: turn{Shop: shop}}) // not inserted if another process was faster
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if _, err := w.client.InsertMany(ctx, missing); err != nil {
		return fmt.Errorf("make the jobs of new shops: %w", err)
	}
	return nil
}

// rescue makes jobs due again whose worker does not end them. River does so as well, but
// on one process, which may be the dead one, and every half minute.
func (w *Workers) rescue(ctx context.Context) error {
	rows, err := w.pool.Query(ctx, fmt.Sprintf(`update %s set state = 'available', scheduled_at = now()
		where kind = $1 and state = 'running' and attempted_at < now() - $2::bigint * interval '1 microsecond' returning args->>'shop'`, w.table),
		kind, w.config.Rescue.Microseconds())
	if err != nil {
		return err
	}
	shops, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, shop := range shops {
		w.config.Logger.Warn("a worker does not answer; others go on with its shop", "shop", shop)
	}
	return err
}

// wakePause is the time between looks at a turn that has to end first.
const wakePause = 100 * time.Millisecond

// Wake makes the next turn of a shop due at once; if one is under way, another one
// follows it. It does not wait for that.
func (w *Workers) Wake(ctx context.Context, shop string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, under := w.waking[shop]; under {
		w.waking[shop] = true
		return
	}
	w.waking[shop] = false
	go w.wake(ctx, shop)
}

func (w *Workers) wake(ctx context.Context, shop string) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done(): // the look below fails at once
		}
		again, err := w.makeDue(ctx, shop)
		if err != nil && ctx.Err() == nil {
			w.config.Logger.Warn("a shop cannot be woken, its turn comes at the usual time", "shop", shop, "error", err)
		}
		w.mu.Lock()
		if err != nil || !again && !w.waking[shop] {
			delete(w.waking, shop)
			w.mu.Unlock()
			return
		}
		w.waking[shop] = false
		w.mu.Unlock()
		timer.Reset(wakePause)
	}
}

// makeDue makes the job of a shop due, and reports whether it has to be tried again
// since a turn is under way. River's own JobRetry does nothing, and does not say so,
// where the turn ends at the same moment.
func (w *Workers) makeDue(ctx context.Context, shop string) (again bool, err error) {
	tag, err := w.pool.Exec(ctx, fmt.Sprintf(`update %s set state = 'available', scheduled_at = now()
		where kind = $1 and args->>'shop' = $2 and state in ('available', 'scheduled', 'retryable') and scheduled_at > now()`, w.table), kind, shop)
	if err != nil || tag.RowsAffected() > 0 {
		return false, err
	}
	err = w.pool.QueryRow(ctx, fmt.Sprintf(`select exists (select 1 from %s
		where kind = $1 and args->>'shop' = $2 and finalized_at is null and (state = 'running' or scheduled_at > now()))`, w.table), kind, shop).Scan(&again)
	return again, err
}
