// Package sqlite keeps grants in SQLite, for the processes of one machine. Package
// sqlstore says what a store does.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/ttshop-go/ttshop/internal/filelock"
	"github.com/ttshop-go/ttshop/internal/realpath"
	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/internal/dialect"
)

// Open opens the store in a SQLite file, creating it for its owner only if it
// is missing. The folder must exist and be on a local disk. A file that others may
// read is refused.
func Open(ctx context.Context, path string, keys *tokenstore.Keys) (*sqlstore.Store, error) {
	path, readOnly, err := prepareFile(path)
	d := &database{path: path}
	if err != nil {
		return nil, fmt.Errorf("sqlstore: open %s: %w", path, d.Classify(err))
	}
	// Every commit is on the disk before it is reported.
	query := url.Values{"_pragma": {"busy_timeout(30000)", "synchronous(full)"}, "_txlock": {"immediate"}}
	if readOnly {
		query = url.Values{"_pragma": {"busy_timeout(30000)"}, "mode": {"ro"}}
		if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
			query.Set("immutable", "1") // else SQLite would want to make files beside it
		}
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String())
	if err != nil {
		return nil, fmt.Errorf("sqlstore: open %s: %w", path, d.Classify(err))
	}
	db.SetMaxOpenConns(1) // a second one would only wait for the file
	d.db = db
	return sqlstore.New(ctx, db, keys, d)
}

// prepareFile returns the path to open and to lock beside, and whether the file
// may be read only.
func prepareFile(path string) (string, bool, error) {
	absolute, err := realpath.Of(path) // SQLite puts its log beside the file that a link leads to
	if err != nil {
		return path, false, err
	}
	info, err := os.Stat(absolute)
	if errors.Is(err, fs.ErrNotExist) {
		// SQLite would let others read what it makes.
		file, err := os.OpenFile(absolute, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return absolute, false, err
		}
		return absolute, false, file.Close()
	}
	if err != nil {
		return absolute, false, err
	}
	mode := info.Mode()
	readOnly := mode.Perm()&0o200 == 0
	if file, err := os.OpenFile(absolute, os.O_RDWR, 0); err == nil {
		_ = file.Close()
	} else if errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission) {
		readOnly = true
	}
	switch {
	case !mode.IsRegular():
		return absolute, false, fmt.Errorf("%w: it is not a regular file", tokenstore.ErrCorrupt)
	case mode.Perm()&0o077 != 0 && runtime.GOOS != "windows":
		return absolute, false, fmt.Errorf("%w: others may open it (mode %04o); run chmod 600 on it", tokenstore.ErrPermission, mode.Perm())
	}
	return absolute, readOnly, nil
}

// database locks by files beside it: SQLite itself knows only
// locks of the whole database, which every save would wait for.
type database struct {
	db   *sql.DB
	path string
}

func (d *database) Name() string { return "sqlite" }

//go:embed migrations
var migrations embed.FS

// Migrations implements dialect.Dialect.
func (d *database) Migrations() (fs.FS, error) { return fs.Sub(migrations, "migrations") }

func (d *database) Lock(ctx context.Context, key tokenstore.Key) (context.Context, func(), error) {
	unlock, err := filelock.Lock(ctx, filelock.Path(d.path, key.AppKey, key.OpenID), true)
	if err != nil {
		return nil, nil, err
	}
	held, cancel := context.WithCancel(ctx)
	return held, func() { cancel(); unlock() }, nil
}

func (d *database) UnderLock(context.Context) dialect.Lock { return nil }

func (d *database) LocksAreFirm() bool { return true }

// WhenThereIsRoom just runs f: nobody refuses to open a file for now.
func (d *database) WhenThereIsRoom(_ context.Context, f func() error) error { return f() }

func (d *database) ReadAgain(context.Context, error, int) bool { return false }

// Reserve makes the next commit overwrite the log, which has room for it, rather
// than append to it.
func (d *database) Reserve(ctx context.Context) error {
	var busy, logged, done int
	err := d.db.QueryRowContext(ctx, `pragma wal_checkpoint(restart)`).Scan(&busy, &logged, &done)
	if err == nil && busy != 0 {
		err = errors.New("the database is constantly being read")
	}
	if err != nil {
		return fmt.Errorf("keep room for the result: %w", err)
	}
	return nil
}

// Recover makes room when a commit found none at the end of the log.
func (d *database) Recover(ctx context.Context, err error) bool {
	return errors.Is(d.Classify(err), tokenstore.ErrFull) && d.Reserve(ctx) == nil
}

func (d *database) WhileMigrating(ctx context.Context, f func(*sql.Conn) error) error {
	unlock, err := filelock.Lock(ctx, d.path+".migration.lock", true)
	if err != nil {
		return err
	}
	defer unlock()
	conn, err := d.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// The mode stays with the file. With the write-ahead log a commit is a single
	// write: once that is done, the commit is, even if the process is then killed.
	if _, err := conn.ExecContext(ctx, `pragma journal_mode = wal`); err != nil {
		return fmt.Errorf("switch to the write-ahead log: %w", err)
	}
	return f(conn)
}

func (d *database) HasTable() string {
	return `select exists (select 1 from sqlite_master where type = 'table' and name = $1)`
}

func (d *database) Classify(err error) error {
	var class error
	var failure *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failure) && failure.Code() == sqlite3.SQLITE_IOERR_SHMSIZE:
		class = tokenstore.ErrFull // no room for the index of the log
	case errors.As(err, &failure):
		switch failure.Code() & 0xff { // without the extended part
		case sqlite3.SQLITE_READONLY:
			class = tokenstore.ErrReadOnly
		case sqlite3.SQLITE_FULL:
			class = tokenstore.ErrFull
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			class = tokenstore.ErrCorrupt
		case sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
			class = tokenstore.ErrPermission
		}
	case errors.Is(err, syscall.EROFS):
		class = tokenstore.ErrReadOnly
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		class = tokenstore.ErrFull
	case errors.Is(err, fs.ErrPermission):
		class = tokenstore.ErrPermission
	}
	if class == nil || errors.Is(err, class) {
		return err
	}
	return fmt.Errorf("%w: %w", class, err)
}
