package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/ttshop-go/ttshop/sync"
)

// prepareHistory makes the table that versions of rows are appended to.
func (s *Store) prepareHistory(ctx context.Context, tx *sql.Tx, t *sync.Table) error {
	_, err := tx.ExecContext(ctx, fmt.Sprintf(`create table if not exists %s (
  shop_id text not null, id text not null, _seq integer not null, _version integer not null,
  _hash text not null, _synced_at text not null, _raw text,
  primary key (shop_id, id, _seq)
)`, quote(t.Name+"_history")))
	return err
}

// remember appends a version of a row.
func (s *Store) remember(ctx context.Context, tx *sql.Tx, t *sync.Table, shop string, row *sync.Row, at string) error {
	_, err := tx.ExecContext(ctx, fmt.Sprintf(`insert or ignore into %s (shop_id, id, _seq, _version, _hash, _synced_at, _raw) values (?, ?, ?, ?, ?, ?, ?)`, quote(t.Name+"_history")),
		shop, row.ID(t), row.Seq, row.Version, row.Hash, at, string(row.Raw))
	return err
}
