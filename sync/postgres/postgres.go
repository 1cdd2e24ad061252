// Package postgres keeps copies of shops in a PostgreSQL database, in the schema
// tiktok_shop. Any number of processes may write it: each shop is one's at a time.
// Package sync says what a copy is.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ttshop-go/ttshop/sync"
)

// DefaultSchema is the schema of the tables.
const DefaultSchema = "tiktok_shop"

// Raw says how the JSON that rows were made of is kept.
type Raw string

// The ways. The zero value is RawJSON.
const (
	RawJSON  Raw = "json"  // as it came
	RawJSONB Raw = "jsonb" // parsed, for indexes and operators
	RawNone  Raw = "none"
)

// Options are how copies are kept. The zero value works.
type Options struct {
	// Schema is where the tables are; empty means [DefaultSchema].
	Schema string
	// Raw is the type of _raw in tables that are made; it stays in those that are there.
	Raw Raw
	// History appends each version of a row to a table beside it, whose name ends in
	// _history.
	History bool
	// ReadOnly opens the database for reading.
	ReadOnly bool
}

// Store is copies in a database. It is a [sync.Destination].
type Store struct {
	pool    *pgxpool.Pool
	options Options
	schema  string // quoted
}

// Open connects to a database, which a URL names.
func Open(ctx context.Context, url string, options Options) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("open the database: the URL is not one of PostgreSQL; use, for example, postgres://user@host/database") // the error may show the password
	}
	if options.Schema == "" {
		options.Schema = DefaultSchema
	}
	if options.Raw == "" {
		options.Raw = RawJSON
	}
	config.ConnConfig.RuntimeParams["application_name"] = "ttshop sync"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	// A process that stops in the middle of a transaction holds its shop's row until the
	// server ends that: nobody could take the shop over.
	if idle := "idle_in_transaction_session_timeout"; config.ConnConfig.RuntimeParams[idle] == "" {
		config.ConnConfig.RuntimeParams[idle] = "30s"
	}
	config.ConnConfig.OnNotice = func(*pgconn.PgConn, *pgconn.Notice) {} // "already exists, skipping"
	if options.ReadOnly {
		config.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the database: %w", classify(err))
	}
	return &Store{pool: pool, options: options, schema: quote(options.Schema)}, nil
}

// Close closes the connections.
func (s *Store) Close() error {
	s.pool.Close()
	return nil
}

// Pool returns the connections, for queries.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// classify gives errors that mean a full disk their class.
func classify(err error) error {
	var failure *pgconn.PgError
	if errors.As(err, &failure) {
		switch failure.Code {
		case "53100", "54000": // disk_full, program_limit_exceeded
			return fmt.Errorf("%w: %w", sync.ErrFull, err)
		}
	}
	return err
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	return strings.Join(quoted, ", ")
}

// in returns the quoted name of a table of ours.
func (s *Store) in(table string) string { return s.schema + "." + quote(table) }

// begin begins a transaction whose plans are made for what tables hold now: one that was
// kept from when they were empty would read all of a shop's rows to find a page of them.
// The server ends it if nothing comes for half a minute: a process that stands still must
// not keep the rows of a shop locked, or nobody could take it over.
const begin = `begin; set local plan_cache_mode to force_custom_plan; set local idle_in_transaction_session_timeout = '30s'`

// transaction runs f in a transaction.
func (s *Store) transaction(ctx context.Context, f func(pgx.Tx) error) error {
	return classify(pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{BeginQuery: begin}, f))
}
