// Package sqlite keeps a copy of shops in a SQLite file, for one process at a time.
// Any number may read it meanwhile. Package sync says what a copy is.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	gosync "sync"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/ttshop-go/ttshop/internal/filelock"
	"github.com/ttshop-go/ttshop/internal/realpath"
	"github.com/ttshop-go/ttshop/sync"
)

// Options are how a copy is kept. The zero value works.
type Options struct {
	// NoRaw leaves out the JSON that rows were made of. New columns then stay empty
	// until their rows are fetched again.
	NoRaw bool
	// History appends each version of a row to a table beside it, whose name ends in
	// _history.
	History bool
	// ReadOnly opens the file beside a process that writes it.
	ReadOnly bool
}

// Store is a copy in a SQLite file. It is a [sync.Destination].
type Store struct {
	db      *sql.DB
	path    string
	options Options
	unlock  func()

	mu     gosync.Mutex // one transaction at a time
	tables map[string]*statements
	kept   map[string]*sql.Stmt // see keep
	used   []string             // texts of the transaction's statements
}

// ErrInUse means that another process writes the file.
var ErrInUse = errors.New("another process writes it")

// lockWait is how long another process is waited for that may just be ending.
const lockWait = 300 * time.Millisecond

// Open opens a copy, and makes the file, for its owner only, if it is missing.
func Open(ctx context.Context, path string, options Options) (*Store, error) {
	absolute, err := realpath.Of(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s := &Store{path: absolute, options: options, unlock: func() {}, tables: map[string]*statements{}, kept: map[string]*sql.Stmt{}}
	pragmas := []string{"busy_timeout(10000)", "synchronous(normal)", "foreign_keys(off)"}
	query := url.Values{"_txlock": {"immediate"}}
	if options.ReadOnly {
		if _, err := os.Stat(absolute); err != nil {
			return nil, fmt.Errorf("open %s: %w", path, err)
		}
		pragmas = append(pragmas, "query_only(on)")
	} else {
		if err := s.lock(ctx); err != nil {
			return nil, fmt.Errorf("open %s: %w", path, err)
		}
		// What changes together lies together in neither the tables nor their indexes: with
		// more of them at hand (16 MB), and written back more seldom, fewer pages are
		// written twice.
		pragmas = append(pragmas, "journal_mode(wal)", "cache_size(-16000)", "wal_autocheckpoint(4000)")
		file, err := os.OpenFile(absolute, os.O_RDWR|os.O_CREATE, 0o600) // SQLite would let others read it
		if err == nil {
			err = file.Close()
		}
		if err != nil {
			s.unlock()
			return nil, fmt.Errorf("open %s: %w", path, classify(err))
		}
	}
	query["_pragma"] = pragmas
	s.db, err = sql.Open("sqlite", (&url.URL{Scheme: "file", Path: absolute, RawQuery: query.Encode()}).String())
	if err == nil {
		s.db.SetMaxOpenConns(1)
		err = s.db.PingContext(ctx)
	}
	if err != nil {
		s.unlock()
		return nil, fmt.Errorf("open %s: %w", path, classify(err))
	}
	return s, nil
}

// lock keeps other processes from writing, and says which one does.
func (s *Store) lock(ctx context.Context) error {
	path := s.path + ".lock"
	waiting, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	unlock, err := filelock.Lock(waiting, path, true)
	if err != nil && waiting.Err() != nil && ctx.Err() == nil {
		holder, _ := os.ReadFile(path) // without it, the error says less
		return fmt.Errorf("%w: %s", ErrInUse, strings.TrimSpace(string(holder)))
	}
	if err != nil {
		return classify(err)
	}
	s.unlock = unlock
	note := fmt.Sprintf("process %d, since %s\n", os.Getpid(), time.Now().UTC().Format(time.DateTime+" UTC"))
	if err := os.WriteFile(path, []byte(note), 0o600); err != nil {
		unlock()
		return classify(err)
	}
	return nil
}

// Close closes the file.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.db.Close()
	s.unlock()
	if err != nil {
		return fmt.Errorf("close %s: %w", s.path, classify(err))
	}
	return nil
}

// DB returns the database, for queries.
func (s *Store) DB() *sql.DB { return s.db }

// classify gives errors that mean a full disk their class.
func classify(err error) error {
	var failure *sqlite.Error
	full := errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
	if errors.As(err, &failure) {
		code := failure.Code()
		full = full || code&0xff == sqlite3.SQLITE_FULL || code == sqlite3.SQLITE_IOERR_SHMSIZE
		if code&0xff == sqlite3.SQLITE_NOTADB {
			return fmt.Errorf("%w: it is not a SQLite file: %w", sync.ErrForeign, err)
		}
	}
	if full {
		return fmt.Errorf("%w: %w", sync.ErrFull, err)
	}
	return err
}

// transaction runs f in a transaction.
func (s *Store) transaction(ctx context.Context, f func(*sql.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return classify(err)
	}
	s.used = s.used[:0]
	if err := f(tx); err != nil {
		if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
			err = errors.Join(err, back)
		}
		return classify(err)
	}
	if err := tx.Commit(); err != nil {
		return classify(err)
	}
	s.keep(ctx)
	return nil
}
