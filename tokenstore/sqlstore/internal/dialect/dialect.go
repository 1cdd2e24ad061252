// Package dialect is what lies between a store in a database and the packages of
// the databases.
package dialect

import (
	"context"
	"database/sql"
	"io/fs"

	"github.com/ttshop-go/ttshop/tokenstore"
)

// Dialect is what each database does in its own way.
type Dialect interface {
	// Name is that of the database.
	Name() string
	// Migrations holds one file per version of the schema, in order. A file that
	// was released does not change.
	Migrations() (fs.FS, error)
	// Lock implements tokenstore.Store.
	Lock(ctx context.Context, key tokenstore.Key) (context.Context, func(), error)
	// UnderLock returns the lock that a context carries, where work under it is
	// done over the connection that holds it, or nil.
	UnderLock(ctx context.Context) Lock
	// LocksAreFirm implements tokenstore.FirmLocker.
	LocksAreFirm() bool
	// WhenThereIsRoom runs f, again while the database refuses connections for now.
	WhenThereIsRoom(ctx context.Context, f func() error) error
	// ReadAgain waits and reports whether a read that failed is worth another try,
	// after so many.
	ReadAgain(ctx context.Context, err error, tries int) bool
	// Reserve ensures, after a row was written, that one of its size can be
	// written in its place.
	Reserve(ctx context.Context) error
	// Recover reports whether a write that failed is worth another try.
	Recover(ctx context.Context, err error) bool
	// WhileMigrating runs f while no other process migrates, on one connection.
	WhileMigrating(ctx context.Context, f func(*sql.Conn) error) error
	// HasTable is a query that gives one row: whether a table exists.
	HasTable() string
	// Classify adds the class of an error of the database.
	Classify(err error) error
}

// Lock is a lock that ends with the connection that holds it.
type Lock interface {
	// Run runs statements on that connection while it holds the lock; otherwise
	// the error is tokenstore.ErrLockLost, and nothing was run.
	Run(ctx context.Context, f func(ctx context.Context, q Querier) error) error
	// Broke reports whether an error of Run is one of the connection.
	Broke(err error) bool
}

// Querier is a database or one connection of it.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}
