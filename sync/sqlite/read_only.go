package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"modernc.org/sqlite"

	"github.com/ttshop-go/ttshop/sync/readonly"
)

var _ readonly.Source = (*Store)(nil)

// Database implements [readonly.Source].
func (s *Store) Database() readonly.Database {
	return readonly.Database{Dialect: dialect, In: func(table string) string { return "main." + quote(table) }}
}

// ErrNotOnlyRead means that SQLite itself refused a statement that does more than read
// the tables of the copy.
var ErrNotOnlyRead = errors.New("the statement does more than read the tables of the copy")

// Read implements [readonly.Source]. The store must be open for reading only.
func (s *Store) Read(ctx context.Context, statement string, within time.Duration, each func([]string, []any) bool) (err error) {
	if !s.options.ReadOnly {
		return errors.New("read: the copy is open for writing")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("read: %w", classify(err))
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	denied := false
	authorize := func(f sqlite.AuthorizerFn) error {
		return conn.Raw(func(driver any) error {
			d, ok := driver.(sqlite.AuthorizerRegisterer)
			if !ok {
				return errors.New("read: the driver has no authorizer")
			}
			return d.RegisterAuthorizer(f)
		})
	}
	if err := authorize(func(action sqlite.AuthorizerActionCode, table, _, database, _ string) sqlite.AuthorizerReturnCode {
		switch action {
		case sqlite.AuthSelect:
			return sqlite.AuthorizerOK
		case sqlite.AuthFunction: // those of the extensions that read files are not loaded
			return sqlite.AuthorizerOK
		case sqlite.AuthRead:
			if own := database == "main" && !isState(table); own || database == "" {
				return sqlite.AuthorizerOK
			}
		}
		denied = true
		return sqlite.AuthorizerDeny
	}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, authorize(nil)) }()
	if err := read(ctx, conn, statement, each); err != nil {
		switch {
		case denied:
			return fmt.Errorf("read: %w", ErrNotOnlyRead)
		case ctx.Err() != nil:
			return fmt.Errorf("read: it took longer than %s: %w", within, context.Cause(ctx))
		}
		return fmt.Errorf("read: %w", classify(err))
	}
	return nil
}

// isState reports whether a table is not one of rows: ours for the state, or SQLite's.
func isState(table string) bool {
	return strings.HasPrefix(table, "_ttshop_") || strings.HasPrefix(table, "sqlite_") || strings.HasPrefix(table, "pragma_")
}

// read hands over the rows of a statement.
func read(ctx context.Context, conn *sql.Conn, statement string, each func([]string, []any) bool) error {
	rows, err := conn.QueryContext(ctx, statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, v := range values {
			switch v := v.(type) {
			case []byte:
				values[i] = string(v)
			case time.Time:
				values[i] = v.UTC().Format(timeLayout)
			}
		}
		if !each(columns, values) {
			return nil
		}
	}
	return rows.Err()
}
