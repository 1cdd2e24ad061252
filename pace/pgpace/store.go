package pgpace

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// connect returns a pool of few connections: statements are short.
func connect(ctx context.Context, connString string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(connString)
	if err != nil {
		return nil, fmt.Errorf("the connection string cannot be read: %w", err) // pgx masks the password
	}
	config.MaxConns = min(config.MaxConns, 4)
	config.ConnConfig.ConnectTimeout = cmp.Or(config.ConnConfig.ConnectTimeout, 5*time.Second)
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "ttshop pace"
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect: %w", err)
	}
	return pool, nil
}

// tables are what createTables makes. Pages are left half empty, so that the update
// of a hot row finds room beside it.
const tables = `
create unlogged table if not exists ttshop_pace (
	key   text collate "C" primary key,
	tat   timestamptz not null, -- when the next slot is free
	rate  float8 not null,      -- calls per second
	grown timestamptz not null, -- when the rate was last looked at
	mark  bigint not null       -- how often the rate was halved
) with (fillfactor = 50);
create unlogged table if not exists ttshop_pace_nodes (
	node text primary key,
	seen timestamptz not null
);`

// tablesLock is the number of the lock under which tables are made, taken from
// nothing: "if not exists" alone fails when two do it at once.
const tablesLock = 0x7474_7368_7061_6365

func createTables(ctx context.Context, pool *pgxpool.Pool) error {
	var exist bool
	err := pool.QueryRow(ctx, `select to_regclass('ttshop_pace') is not null and to_regclass('ttshop_pace_nodes') is not null`).Scan(&exist)
	if err != nil || exist { // the user may not be allowed to create any
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(tablesLock)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, tables)
		return err
	})
}

// The rate grows as that of a ttshop.Pacer does that has not seen yet what is
// allowed: with each second of use by a fiftieth of the limit or by 3 % of itself,
// whichever is less.
const takeStatement = `
insert into ttshop_pace as p (key, tat, rate, grown, mark)
values ($1, greatest(clock_timestamp(), (select s.tat from ttshop_pace s where s.key = $2)) + make_interval(secs => $3::float8 / ($4::float8 * $5)), $4, clock_timestamp(), 0)
on conflict (key) do update set
	tat = greatest(p.tat, clock_timestamp()) + make_interval(secs => $3 / (least(p.rate, $4) * $5)),
	rate = least($4, p.rate + least($4 * 0.02, p.rate * 0.03) * least(1, greatest(0, extract(epoch from clock_timestamp() - p.grown)))),
	grown = clock_timestamp()
where greatest(p.tat, (select s.tat from ttshop_pace s where s.key = $2)) < clock_timestamp() + make_interval(secs => $6)
returning extract(epoch from tat - clock_timestamp())::float8, rate, mark`

const closedStatement = `
select extract(epoch from max(tat) - clock_timestamp())::float8 from ttshop_pace where key in ($1, $2)`

// takeSlots takes slots of a row. Where the row, or its shop, is closed for longer
// than the horizon, it takes none and returns for how long.
func (l *Limiter) takeSlots(ctx context.Context, q *queue, n int) (b block, closed time.Duration, err error) {
	var end, rate float64
	var mark int64
	err = l.pool.QueryRow(ctx, takeStatement, q.row, q.shop, float64(n), q.limit, margin, horizon.Seconds()).Scan(&end, &rate, &mark)
	now := time.Now()
	if errors.Is(err, pgx.ErrNoRows) {
		var wait *float64
		if err = l.pool.QueryRow(ctx, closedStatement, q.row, q.shop).Scan(&wait); err == nil && wait != nil {
			closed = max(time.Millisecond, seconds(*wait))
		}
	}
	if missing(err) { // a crash empties unlogged tables, somebody may have dropped them
		err = errors.Join(err, createTables(ctx, l.pool))
	}
	if err != nil {
		l.miss(err)
		return block{}, 0, err
	}
	l.found()
	if closed > 0 {
		return block{}, closed, nil
	}
	q.saw(rate, uint64(mark))
	apart := seconds(1 / (rate * margin))
	if wait := seconds(end) - time.Duration(n)*apart; wait > horizon { // a new row of a shop that is closed
		return block{}, wait, nil
	}
	// The answer left the database a moment ago: slots come late rather than early.
	return block{first: now.Add(seconds(end) - time.Duration(n)*apart), apart: apart, n: n, mark: uint64(mark)}, 0, nil
}

// missing reports whether a table does not exist.
func missing(err error) bool {
	failure, ok := errors.AsType[*pgconn.PgError](err)
	return ok && failure.Code == "42P01" // undefined_table
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// halveRow halves the rate of a row if nobody has done so since a mark.
func (l *Limiter) halveRow(ctx context.Context, q *queue, mark uint64) error {
	_, err := l.pool.Exec(ctx, `update ttshop_pace set rate = greatest(rate / 2, $3), mark = mark + 1, grown = clock_timestamp()
		where key = $1 and mark = $2`, q.row, int64(mark), q.floor())
	return err
}

// pauseRow lets no call of a row go for some time.
func (l *Limiter) pauseRow(ctx context.Context, q *queue, pause time.Duration) error {
	_, err := l.pool.Exec(ctx, `update ttshop_pace set tat = greatest(tat, clock_timestamp() + make_interval(secs => $2)) where key = $1`,
		q.row, pause.Seconds())
	return err
}

// closeShop lets no call of a shop go before the next full hour, when the quota of
// a development shop is assumed to reset.
func (l *Limiter) closeShop(ctx context.Context, q *queue) error {
	_, err := l.pool.Exec(ctx, `insert into ttshop_pace as p (key, tat, rate, grown, mark)
		values ($1, date_trunc('hour', clock_timestamp()) + interval '1 hour', 1, clock_timestamp(), 0)
		on conflict (key) do update set tat = greatest(p.tat, excluded.tat)`, q.shop)
	return err
}

// newNode names a process.
func newNode() string { return rand.Text() }

// beat says that this process is there, counts the others, and drops what is no
// longer used.
func (l *Limiter) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, statementTimeout)
	defer cancel()
	var nodes int
	_, err := l.pool.Exec(ctx, `insert into ttshop_pace_nodes (node, seen) values ($1, clock_timestamp())
		on conflict (node) do update set seen = excluded.seen`, l.node)
	if err == nil {
		err = l.pool.QueryRow(ctx, `select count(*) from ttshop_pace_nodes where seen > clock_timestamp() - make_interval(secs => $1)`,
			beatAge.Seconds()).Scan(&nodes)
	}
	if err != nil {
		return fmt.Errorf("say that this process is there: %w", err)
	}
	l.mu.Lock()
	l.nodes = nodes
	l.mu.Unlock()
	return nil
}

// leave takes back that this process is there.
func (l *Limiter) leave(ctx context.Context) error {
	_, err := l.pool.Exec(ctx, `delete from ttshop_pace_nodes where node = $1`, l.node)
	return err
}

// sweep drops rows that were not used for long.
func (l *Limiter) sweep(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*statementTimeout)
	defer cancel()
	_, err := l.pool.Exec(ctx, `delete from ttshop_pace where tat < clock_timestamp() - make_interval(secs => $1)`, idleAfter.Seconds())
	if err == nil {
		_, err = l.pool.Exec(ctx, `delete from ttshop_pace_nodes where seen < clock_timestamp() - make_interval(secs => $1)`, idleAfter.Seconds())
	}
	return err
}

// keepBeating beats until the limiter is closed, more often while the database is
// gone, so that its return is noticed.
func (l *Limiter) keepBeating() {
	swept := time.Now()
	for {
		interval := beatInterval
		if !l.Status().Lost.IsZero() {
			interval = probeInterval
		}
		timer := time.NewTimer(interval)
		select {
		case <-l.ending.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		err := l.beat(l.ending)
		if missing(err) {
			err = createTables(l.ending, l.pool)
		}
		if err == nil && time.Since(swept) > idleAfter/2 {
			swept = time.Now()
			err = l.sweep(l.ending)
		}
		if err != nil {
			l.miss(err)
		} else {
			l.found()
		}
	}
}
