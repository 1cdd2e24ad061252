package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/internal/dialect"
)

// The name of the row that keys are checked by, and what its seal is about.
// All processes take the salt of a passphrase from it, too.
const (
	checkName  = "key_check"
	checkAbout = "ttshop token store key check"
)

func readCheck(ctx context.Context, q dialect.Querier) ([]byte, error) {
	var sealed []byte
	err := q.QueryRowContext(ctx, `select value from ttshop_store where name = $1`, checkName).Scan(&sealed)
	return sealed, err
}

// checkKeys finds out that the keys do not fit when the store is opened, not when
// the first grant is needed.
func (s *Store) checkKeys(ctx context.Context) error {
	sealed, err := readCheck(ctx, s.db)
	if errors.Is(err, sql.ErrNoRows) {
		var made []byte
		if made, err = s.keys.Seal(nil, checkAbout); err != nil {
			return err
		}
		if _, err = s.db.ExecContext(ctx, `insert into ttshop_store (name, value) values ($1, $2) on conflict do nothing`, checkName, made); err != nil {
			return fmt.Errorf("note the key: %w", err)
		}
		sealed, err = readCheck(ctx, s.db)
	}
	if err != nil {
		return fmt.Errorf("read which key is in use: %w", err)
	}
	_, err = s.keys.Open(sealed, checkAbout)
	return err
}

// Rotate implements [tokenstore.Rotator].
func (s *Store) Rotate(ctx context.Context) (int, error) {
	rotated, err := s.rotate(ctx)
	if err != nil {
		return rotated, fmt.Errorf("sqlstore: rotate the key: %w", s.dialect.Classify(err))
	}
	return rotated, nil
}

func (s *Store) rotate(ctx context.Context) (rotated int, err error) {
	for again := true; again; {
		rows, err := s.rows(ctx, "")
		if err != nil {
			return rotated, err
		}
		again = false
		for _, r := range rows {
			if s.keys.SealedByFirst(r.sealed) {
				continue
			}
			plain, err := s.keys.Open(r.sealed, about(r.key))
			if err != nil {
				return rotated, failed("open", r.key, err)
			}
			sealed, err := s.keys.Seal(plain, about(r.key))
			if err != nil {
				return rotated, failed("seal", r.key, err)
			}
			err = one(s.db.ExecContext(ctx, `update ttshop_grants set sealed = $4 where app_key = $1 and open_id = $2 and version = $3`,
				r.key.AppKey, r.key.OpenID, r.version, sealed))
			switch {
			case errors.Is(err, tokenstore.ErrConflict): // it was saved meanwhile, perhaps with the old key
				again = true
			case err != nil:
				return rotated, failed("save", r.key, err)
			default:
				rotated++
			}
		}
	}
	if err := s.rotateDocuments(ctx); err != nil {
		return rotated, err
	}
	return rotated, s.rotateCheck(ctx)
}

func (s *Store) rotateCheck(ctx context.Context) error {
	old, err := readCheck(ctx, s.db)
	if err != nil || s.keys.SealedByFirst(old) {
		return err
	}
	sealed, err := s.keys.Seal(nil, checkAbout)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `update ttshop_store set value = $2 where name = $1`, checkName, sealed)
	return err
}
