package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/internal/dialect"
)

// Store is a [tokenstore.Store] in a database.
type Store struct {
	db      *sql.DB
	keys    *tokenstore.Keys
	dialect dialect.Dialect
}

// New returns the store in a database that package postgres or sqlite connected
// to, and closes the database on failure. Programs call Open of these packages.
func New(ctx context.Context, db *sql.DB, keys *tokenstore.Keys, d dialect.Dialect) (*Store, error) {
	s := &Store{db: db, keys: keys, dialect: d}
	err := errors.New("there are no keys; secrets are always encrypted, so pass some")
	if keys != nil {
		if err = s.migrate(ctx); err == nil {
			err = s.checkKeys(ctx)
		}
	}
	if err != nil {
		_ = db.Close() // the first error says what is wrong
		return nil, fmt.Errorf("sqlstore: open %s: %w", d.Name(), d.Classify(err))
	}
	return s, nil
}

// on runs f on the connection that holds a lock if the context carries one, and
// otherwise on any. If the connection breaks, its lock is lost, but what is to be
// saved is not: versions keep order.
func (s *Store) on(ctx context.Context, f func(ctx context.Context, q dialect.Querier) error) error {
	if lock := s.dialect.UnderLock(ctx); lock != nil {
		err := lock.Run(ctx, f)
		if err == nil || ctx.Err() != nil || !lock.Broke(err) && !errors.Is(err, tokenstore.ErrLockLost) {
			return s.dialect.Classify(err)
		}
	}
	err := s.dialect.WhenThereIsRoom(ctx, func() error { return f(ctx, s.db) })
	return s.dialect.Classify(err)
}

// read is on for what may be done twice: if a session ends, another one gives the
// answer.
func (s *Store) read(ctx context.Context, f func(ctx context.Context, q dialect.Querier) error) error {
	for tries := 1; ; tries++ {
		err := s.on(ctx, f)
		if err == nil || !s.dialect.ReadAgain(ctx, err, tries) {
			return err
		}
	}
}

// onLock is on for what must not happen under a lost lock.
func (s *Store) onLock(ctx context.Context, f func(ctx context.Context, q dialect.Querier) error) error {
	lock := s.dialect.UnderLock(ctx)
	if lock == nil {
		return s.on(ctx, f)
	}
	err := lock.Run(ctx, f)
	if err != nil && ctx.Err() == nil && lock.Broke(err) {
		err = fmt.Errorf("%w: %w", tokenstore.ErrLockLost, err)
	}
	return s.dialect.Classify(err)
}

// failed says what failed, and about which grant.
func failed(doing string, key tokenstore.Key, err error) error {
	return fmt.Errorf("sqlstore: %s grant %s: %w", doing, key, err)
}

// about is what the seal of a grant is about: a sealed grant cannot pass for
// that of another key.
func about(key tokenstore.Key) string { return "grant\x00" + key.AppKey + "\x00" + key.OpenID }

// Load implements [tokenstore.Store].
func (s *Store) Load(ctx context.Context, key tokenstore.Key) (tokenstore.Grant, error) {
	var version int64
	var sealed []byte
	err := s.read(ctx, func(ctx context.Context, q dialect.Querier) error {
		return q.QueryRowContext(ctx, `select version, sealed from ttshop_grants where app_key = $1 and open_id = $2`, key.AppKey, key.OpenID).
			Scan(&version, &sealed)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = tokenstore.ErrNotFound
	}
	if err != nil {
		return tokenstore.Grant{}, failed("load", key, err)
	}
	grant, err := s.unseal(key, version, sealed)
	if err != nil {
		return tokenstore.Grant{}, failed("load", key, err)
	}
	return grant, nil
}

func (s *Store) unseal(key tokenstore.Key, version int64, sealed []byte) (tokenstore.Grant, error) {
	plain, err := s.keys.Open(sealed, about(key))
	if err != nil {
		return tokenstore.Grant{}, err
	}
	grant, err := tokenstore.ParseGrant(plain)
	if err != nil {
		return tokenstore.Grant{}, err
	}
	grant.Key, grant.Version = key, version
	return grant, nil
}

// Save implements [tokenstore.Store].
func (s *Store) Save(ctx context.Context, grant tokenstore.Grant) (int64, error) {
	key, old := grant.Key, grant.Version
	if err := key.Validate(); err != nil {
		return 0, failed("save", key, err)
	}
	grant.Version = 0 // the row has it
	plain, err := grant.RevealJSON()
	if err != nil {
		return 0, failed("save", key, err)
	}
	sealed, err := s.keys.Seal(plain, about(key))
	if err != nil {
		return 0, failed("save", key, err)
	}
	version := tokenstore.NextVersion(old)
	write := func(ctx context.Context, q dialect.Querier) error {
		if old == 0 {
			return one(q.ExecContext(ctx, `insert into ttshop_grants (app_key, open_id, version, sealed) values ($1, $2, $3, $4)
				on conflict do nothing`, key.AppKey, key.OpenID, version, sealed))
		}
		return one(q.ExecContext(ctx, `update ttshop_grants set version = $3, sealed = $4, updated_at = current_timestamp
			where app_key = $1 and open_id = $2 and version = $5`, key.AppKey, key.OpenID, version, sealed, old))
	}
	on := s.on
	if !grant.Intent.IsZero() {
		on = s.onLock
	}
	err = on(ctx, write)
	if err != nil && s.dialect.Recover(ctx, err) {
		err = on(ctx, write)
	}
	if err != nil {
		return 0, failed("save", key, err)
	}
	if !grant.Intent.IsZero() {
		if err := s.dialect.Reserve(ctx); err != nil {
			return 0, failed("save", key, s.dialect.Classify(err))
		}
	}
	return version, nil
}

// one returns ErrConflict where a statement changed no row.
func one(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	rows, err := result.RowsAffected()
	if err == nil && rows == 0 {
		err = tokenstore.ErrConflict
	}
	return err
}

// Delete implements [tokenstore.Store].
func (s *Store) Delete(ctx context.Context, key tokenstore.Key) error {
	err := s.on(ctx, func(ctx context.Context, q dialect.Querier) error {
		_, err := q.ExecContext(ctx, `delete from ttshop_grants where app_key = $1 and open_id = $2`, key.AppKey, key.OpenID)
		return err
	})
	if err != nil {
		return failed("delete", key, err)
	}
	return nil
}

// row is a grant as the database has it.
type row struct {
	key     tokenstore.Key
	version int64
	sealed  []byte
}

func (s *Store) rows(ctx context.Context, appKey string) ([]row, error) {
	var list []row
	err := s.read(ctx, func(ctx context.Context, q dialect.Querier) error {
		list = nil
		rows, err := q.QueryContext(ctx, `select app_key, open_id, version, sealed from ttshop_grants
			where app_key = $1 or $1 = '' order by app_key, open_id`, appKey)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r row
			if err := rows.Scan(&r.key.AppKey, &r.key.OpenID, &r.version, &r.sealed); err != nil {
				return err
			}
			list = append(list, r)
		}
		return rows.Err()
	})
	return list, err
}

// List implements [tokenstore.Store].
func (s *Store) List(ctx context.Context, appKey string) ([]tokenstore.Grant, error) {
	rows, err := s.rows(ctx, appKey)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: list grants: %w", err)
	}
	grants := make([]tokenstore.Grant, 0, len(rows))
	var errs []error
	for _, r := range rows {
		grant, err := s.unseal(r.key, r.version, r.sealed)
		if err != nil {
			errs = append(errs, failed("read", r.key, err))
			continue
		}
		grants = append(grants, grant)
	}
	return grants, errors.Join(errs...)
}

// Lock implements [tokenstore.Store].
func (s *Store) Lock(ctx context.Context, key tokenstore.Key) (context.Context, func(), error) {
	if err := key.Validate(); err != nil {
		return nil, nil, failed("lock", key, err)
	}
	held, unlock, err := s.dialect.Lock(ctx, key)
	if err != nil {
		return nil, nil, failed("lock", key, s.dialect.Classify(err))
	}
	return held, unlock, nil
}

// LocksAreFirm implements [tokenstore.FirmLocker]: the locks of PostgreSQL end
// with the session that holds them, those of SQLite with the process.
func (s *Store) LocksAreFirm() bool { return s.dialect.LocksAreFirm() }

// Close implements [tokenstore.Store].
func (s *Store) Close() error { return s.db.Close() }

// String names the kind of database.
func (s *Store) String() string { return "sqlstore.Store(" + s.dialect.Name() + ")" }

// GoString is String, so that no verb of fmt walks into the store.
func (s *Store) GoString() string { return s.String() }
