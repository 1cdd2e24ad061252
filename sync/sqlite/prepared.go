package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// maxKept is how many statements stay prepared: some megabytes.
const maxKept = 256

// stmt returns a statement of the transaction.
func (w *writer) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	stmt := w.prepared[query]
	if stmt != nil {
		return stmt, nil
	}
	if kept := w.kept[query]; kept != nil {
		stmt = w.tx.StmtContext(ctx, kept)
	} else {
		var err error
		if stmt, err = w.tx.PrepareContext(ctx, query); err != nil {
			return nil, fmt.Errorf("prepare %.60s: %w", query, err)
		}
	}
	w.prepared[query] = stmt
	return stmt, nil
}

// close closes the statements of the transaction.
func (w *writer) close() {
	for query, stmt := range w.prepared {
		_ = stmt.Close() // the transaction's end says what failed
		w.used = append(w.used, query)
	}
}

// keep prepares what a transaction carried out once more, for those to come: SQLite
// takes as long for that as for several rows. Within a transaction it cannot be done,
// since that has the only connection.
func (s *Store) keep(ctx context.Context) {
	for _, query := range s.used {
		if s.kept[query] != nil || len(s.kept) >= maxKept {
			continue
		}
		stmt, err := s.db.PrepareContext(ctx, query)
		if err != nil {
			return // what is stored is stored; the next transaction prepares it for itself
		}
		s.kept[query] = stmt
	}
}
