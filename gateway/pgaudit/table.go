package pgaudit

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ttshop-go/ttshop/gateway"
)

// connect returns a pool of few connections: records are written together.
func connect(ctx context.Context, connString string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(connString)
	if err != nil {
		return nil, fmt.Errorf("the connection string cannot be read: %w", err) // pgx masks the password
	}
	config.MaxConns = 2 // one writes, one reads or sweeps
	config.ConnConfig.ConnectTimeout = cmp.Or(config.ConnConfig.ConnectTimeout, 5*time.Second)
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "ttshop audit"
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

// table has a row per call. What is looked for has a column, the rest is in the
// record.
const table = `
create table if not exists ttshop_audit (
	id        text collate "C" primary key,
	time      timestamptz not null, -- when it was sent or, once it is done, when it ended
	done      boolean not null,
	key       text not null,
	operation text not null,
	shop      text not null,
	record    json not null
);
create index if not exists ttshop_audit_time on ttshop_audit (time);`

// tableLock is the number of the lock under which the table is made, taken from
// nothing: "if not exists" alone fails when two do it at once.
const tableLock = 0x7474_7368_6175_6469

func createTable(ctx context.Context, pool *pgxpool.Pool) error {
	there, err := exists(ctx, pool)
	if err != nil || there { // the user may not be allowed to create any
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(tableLock)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, table)
		return err
	})
}

func exists(ctx context.Context, pool *pgxpool.Pool) (there bool, err error) {
	err = pool.QueryRow(ctx, `select to_regclass('ttshop_audit') is not null`).Scan(&there)
	return there, err
}

// The end of a call replaces its beginning, and nothing replaces an end.
const writeStatement = `
insert into ttshop_audit as a (id, time, done, key, operation, shop, record)
select * from unnest($1::text[], $2::timestamptz[], $3::boolean[], $4::text[], $5::text[], $6::text[], $7::json[])
on conflict (id) do update set time = excluded.time, done = true, key = excluded.key, operation = excluded.operation, shop = excluded.shop, record = excluded.record
where excluded.done and not a.done`

// write writes records in one statement.
func (a *Audit) write(ctx context.Context, batch []*entry) error {
	last := make(map[string]int, len(batch)) // where the last record of a call is
	for i, e := range batch {
		if at, there := last[e.record.ID]; !there || batch[at].record.Event != gateway.EventDone {
			last[e.record.ID] = i
		}
	}
	var ids, keys, operations, shops, records []string
	var times []time.Time
	var done []bool
	for i, e := range batch {
		if last[e.record.ID] != i {
			continue
		}
		ids, times = append(ids, text(e.record.ID)), append(times, e.record.Time)
		done = append(done, e.record.Event == gateway.EventDone)
		keys, operations = append(keys, text(e.record.Key)), append(operations, text(e.record.Operation))
		shops, records = append(shops, text(e.record.Shop)), append(records, string(e.line))
	}
	_, err := a.pool.Exec(ctx, writeStatement, ids, times, done, keys, operations, shops, records)
	return err
}

// Filter says which calls to read. Empty fields want all.
type Filter struct {
	Key, Shop, Operation string
	Since                time.Time
}

// Read calls each with every call that the filter wants, once, the oldest first.
// Those that were being sent when their gateway was killed, and those under way,
// have [gateway.EventSending]. It is an error where no gateway has kept an audit.
func Read(ctx context.Context, connString string, filter Filter, each func(gateway.Record) error) error {
	pool, err := connect(ctx, connString)
	if err != nil {
		return fmt.Errorf("pgaudit: read: %w", err)
	}
	defer pool.Close()
	there, err := exists(ctx, pool)
	if err == nil && !there {
		err = ErrNone
	}
	if err != nil {
		return fmt.Errorf("pgaudit: read: %w", err)
	}
	rows, err := pool.Query(ctx, `select record::text from ttshop_audit
		where ($1 = '' or key = $1) and ($2 = '' or shop = $2) and ($3 = '' or operation = $3) and time >= $4 order by time, id`,
		filter.Key, filter.Shop, filter.Operation, filter.Since)
	if err != nil {
		return fmt.Errorf("pgaudit: read: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return fmt.Errorf("pgaudit: read: %w", err)
		}
		var record gateway.Record
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			return fmt.Errorf("pgaudit: read: a row is not a record: %w", err)
		}
		if err := each(record); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("pgaudit: read: %w", err)
	}
	return nil
}

// ErrNone means that the database has no audit.
var ErrNone = errors.New("the database has no audit")

// sweepInterval is the time between looks for calls that are no longer kept.
const sweepInterval = time.Hour

// keepSweeping drops what is no longer kept until the audit is closed.
func (a *Audit) keepSweeping() {
	for {
		if _, err := a.pool.Exec(a.ending, `delete from ttshop_audit where time < clock_timestamp() - make_interval(secs => $1)`, a.keep.Seconds()); err != nil && a.ending.Err() == nil {
			a.logger.Warn("old calls could not be dropped from the audit", "error", err.Error())
		}
		timer := time.NewTimer(sweepInterval)
		select {
		case <-a.ending.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}
