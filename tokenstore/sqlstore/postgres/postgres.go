// Package postgres keeps grants in PostgreSQL, for any number of machines. Package
// sqlstore says what a store does.
package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/internal/dialect"
)

// The sessions of one process: one holds all of its locks and does the work
// under them, the other one does the rest.
const (
	maxConnections = 2
	maxIdle        = 1
	maxIdleTime    = time.Minute
	connectTimeout = 10 * time.Second
	unlockTimeout  = 5 * time.Second // after a migration
)

// migrationLock is the number of the lock for migrations, taken from nothing.
const migrationLock = 0x7474_7368_6f70_6d67

// Open opens the store in a PostgreSQL database, version 12 or later.
// The connection string is a URL or a list of key=value pairs, as libpq takes
// them. The tables live in the first schema of the search path.
//
// A process uses at most two sessions, however many grants it has, and only one
// after a minute without work: a server with the usual limit of 100 sessions
// serves 48 processes at once.
//
// Locks are advisory locks of the session. A pooler between this process and
// the database must leave a session to its client: pgbouncer in its transaction
// mode does not.
func Open(ctx context.Context, connString string, keys *tokenstore.Keys) (*sqlstore.Store, error) {
	config, err := pgx.ParseConfig(connString)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: open postgres: the connection string cannot be read: %w", err) // pgx masks the password
	}
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTimeout)
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "ttshop"
	}
	db := sql.OpenDB(stdlib.GetConnector(*config, stdlib.OptionAfterConnect(watchPeer)))
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(maxIdle)
	db.SetConnMaxIdleTime(maxIdleTime)
	return sqlstore.New(ctx, db, keys, &database{db, newSession(db)})
}

// watchPeer makes the server notice within a minute that this machine is gone,
// even while a query waits for a lock. The operating systems' defaults are hours,
// during which a dead holder would keep its lock. Servers that lack a setting do
// without it.
func watchPeer(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.PgConn().Exec(ctx, `
		select set_config(name, case name
			when 'tcp_keepalives_idle' then '15'
			when 'tcp_keepalives_interval' then '5'
			when 'tcp_keepalives_count' then '6'
			when 'client_connection_check_interval' then '10s' end, false)
		from pg_settings
		where name in ('tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count', 'client_connection_check_interval')`).ReadAll()
	return err
}

// database locks by advisory locks of the session: the server frees them
// when the connection ends.
type database struct {
	db      *sql.DB
	session *session
}

func (d *database) Name() string { return "postgres" }

//go:embed migrations
var migrations embed.FS

// Migrations implements dialect.Dialect.
func (d *database) Migrations() (fs.FS, error) { return fs.Sub(migrations, "migrations") }

// heldLock is the key of the value in the context of a lock.
type heldLock struct{ session *session }

func (d *database) UnderLock(ctx context.Context) dialect.Lock {
	if l, ok := ctx.Value(heldLock{d.session}).(*sessionLock); ok {
		return l
	}
	return nil
}

func (d *database) LocksAreFirm() bool { return false }

// Reserve does nothing: how a server uses its disk is its own business.
func (d *database) Reserve(context.Context) error { return nil }

func (d *database) Recover(context.Context, error) bool { return false }

func (d *database) WhenThereIsRoom(ctx context.Context, f func() error) error {
	_, err := whenThereIsRoom(ctx, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// ReadAgain is for a session that ended: another one gives the answer.
func (d *database) ReadAgain(ctx context.Context, err error, tries int) bool {
	return ended(err) && tries < reconnects && sleep(ctx, firstWait)
}

func (d *database) Lock(ctx context.Context, key tokenstore.Key) (context.Context, func(), error) {
	return d.session.lock(ctx, dialect.LockNumber(key))
}

func (d *database) WhileMigrating(ctx context.Context, f func(*sql.Conn) error) error {
	conn, err := whenThereIsRoom(ctx, func() (*sql.Conn, error) { return d.db.Conn(ctx) })
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `select pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		discard(conn) // the lock may have been given all the same
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unlockTimeout)
		defer cancel()
		var freed bool
		err := conn.QueryRowContext(ctx, `select pg_advisory_unlock($1)`, int64(migrationLock)).Scan(&freed)
		if err != nil || !freed {
			discard(conn) // the end of the session frees the lock
			return
		}
		_ = conn.Close() // back into the pool
	}()
	return f(conn)
}

func (d *database) HasTable() string { return `select to_regclass($1) is not null` }

func (d *database) Classify(err error) error {
	failure, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	var class error
	switch code := failure.Code; {
	case code == "25006": // read_only_sql_transaction
		class = tokenstore.ErrReadOnly
	case code == "53100": // disk_full
		class = tokenstore.ErrFull
	case code == "42501", strings.HasPrefix(code, "28"): // insufficient_privilege, invalid authorization
		class = tokenstore.ErrPermission
	case code == "XX001", code == "XX002": // data_corrupted, index_corrupted
		class = tokenstore.ErrCorrupt
	}
	if class == nil || errors.Is(err, class) {
		return err
	}
	return fmt.Errorf("%w: %w", class, err)
}

// broken reports whether an error is one of the connection, so that another
// connection may succeed. After a refusal by the server it would not.
func broken(err error) bool {
	if failure, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(failure.Code, "08") || strings.HasPrefix(failure.Code, "57P")
	}
	for _, answer := range []error{sql.ErrNoRows, tokenstore.ErrConflict, tokenstore.ErrLockLost} {
		if errors.Is(err, answer) {
			return false
		}
	}
	return true
}

// ended reports whether an error is the end of an established session: the server
// may grant another one at once.
func ended(err error) bool {
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	return broken(err) && !connecting
}

// refusedForNow reports whether the server accepts no sessions at the moment.
func refusedForNow(err error) bool {
	failure, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (failure.Code == "53300" || failure.Code == "57P03") // too_many_connections, cannot_connect_now
}
