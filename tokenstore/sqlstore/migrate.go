package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/internal/dialect"
)

// migrate brings the schema up to date.
func (s *Store) migrate(ctx context.Context) error {
	migrations, err := s.dialect.Migrations()
	if err != nil {
		return err
	}
	files, err := fs.ReadDir(migrations, ".")
	if err != nil {
		return err
	}
	// A schema that is up to date is not written to: its user may only be allowed
	// to read, or not to create tables.
	version, err := s.version(ctx, s.db)
	if err != nil || version == len(files) {
		return err
	}
	return s.dialect.WhileMigrating(ctx, func(conn *sql.Conn) error {
		version, err := s.version(ctx, conn)
		if err != nil {
			return err
		}
		if version > len(files) {
			return fmt.Errorf("%w (schema %d, known %d)", tokenstore.ErrNewerVersion, version, len(files))
		}
		for ; version < len(files); version++ {
			statements, err := fs.ReadFile(migrations, files[version].Name())
			if err != nil {
				return err
			}
			if err := apply(ctx, conn, version, string(statements)); err != nil {
				return fmt.Errorf("bring the schema to version %d: %w", version+1, err)
			}
		}
		return nil
	})
}

// version returns the version of the schema, 0 if there is none.
func (s *Store) version(ctx context.Context, q dialect.Querier) (int, error) {
	var exists bool
	if err := q.QueryRowContext(ctx, s.dialect.HasTable(), "ttshop_schema").Scan(&exists); err != nil {
		return 0, fmt.Errorf("look for the schema: %w", err)
	}
	if !exists {
		return 0, nil
	}
	var version int
	if err := q.QueryRowContext(ctx, `select coalesce(max(version), 0) from ttshop_schema`).Scan(&version); err != nil {
		return 0, fmt.Errorf("read the version of the schema: %w", err)
	}
	return version, nil
}

// apply runs the statements that lead from one version to the next.
func apply(ctx context.Context, conn *sql.Conn, version int, statements string) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	if version == 0 {
		statements += `create table ttshop_schema (version integer primary key);`
	}
	if _, err := tx.ExecContext(ctx, statements); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `insert into ttshop_schema (version) values ($1)`, version+1); err != nil {
		return err
	}
	return tx.Commit()
}
