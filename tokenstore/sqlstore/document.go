package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/internal/dialect"
)

// Document is a named document in the store's database, such as the keys of a
// gateway. It is sealed as grants are, so that whoever can write to the database
// but has no key cannot change what it says.
type Document struct {
	store *Store
	name  string
}

// Document returns the document with a name. It need not exist.
func (s *Store) Document(name string) *Document { return &Document{s, name} }

// aboutDocument is what the seal of a document is about.
func aboutDocument(name string) string { return "document\x00" + name }

// Read returns the document and its version, or an empty version if there is
// none. Where the version is still the known one, the document is nil and its
// content is not fetched.
func (d *Document) Read(ctx context.Context, known string) (data []byte, version string, err error) {
	var stored int64
	var sealed []byte
	err = d.store.read(ctx, func(ctx context.Context, q dialect.Querier) error {
		return q.QueryRowContext(ctx, `select version, case when cast(version as text) = $2 then null else sealed end
			from ttshop_documents where name = $1`, d.name, known).Scan(&stored, &sealed)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", d.failed("read", err)
	}
	version = strconv.FormatInt(stored, 10)
	if sealed == nil {
		return nil, version, nil
	}
	if data, err = d.store.keys.Open(sealed, aboutDocument(d.name)); err != nil {
		return nil, "", d.failed("read", err)
	}
	return data, version, nil
}

// Write stores a document in place of the one with a version, or where there is
// none if the version is empty. It reports false, and changes nothing, if another
// version is stored.
func (d *Document) Write(ctx context.Context, version string, data []byte) (bool, error) {
	sealed, err := d.store.keys.Seal(data, aboutDocument(d.name))
	if err != nil {
		return false, d.failed("write", err)
	}
	err = d.store.on(ctx, func(ctx context.Context, q dialect.Querier) error {
		if version == "" {
			return one(q.ExecContext(ctx, `insert into ttshop_documents (name, version, sealed) values ($1, $2, $3)
				on conflict do nothing`, d.name, tokenstore.NextVersion(0), sealed))
		}
		old, err := strconv.ParseInt(version, 10, 64)
		if err != nil {
			return fmt.Errorf("the version %q is none", version)
		}
		return one(q.ExecContext(ctx, `update ttshop_documents set version = $3, sealed = $4 where name = $1 and version = $2`,
			d.name, old, tokenstore.NextVersion(old), sealed))
	})
	if errors.Is(err, tokenstore.ErrConflict) {
		return false, nil
	}
	if err != nil {
		return false, d.failed("write", err)
	}
	return true, nil
}

func (d *Document) failed(doing string, err error) error {
	return fmt.Errorf("sqlstore: %s document %s: %w", doing, d.name, err)
}

// Spend takes n calls of a budget on a day, counted from 1970, and reports whether
// they were left. All processes that share the database share the budget.
func (s *Store) Spend(ctx context.Context, budget string, day int64, n, limit int) (bool, error) {
	if n > limit {
		return false, nil
	}
	err := s.on(ctx, func(ctx context.Context, q dialect.Querier) error {
		return one(q.ExecContext(ctx, `insert into ttshop_budgets as b (name, day, used) values ($1, $2, $3)
			on conflict (name) do update set used = excluded.used + case when b.day = excluded.day then b.used else 0 end, day = excluded.day
			where b.day < excluded.day or b.day = excluded.day and b.used + excluded.used <= $4`, budget, day, n, limit))
	})
	if errors.Is(err, tokenstore.ErrConflict) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("sqlstore: spend of budget %s: %w", budget, err)
	}
	return true, nil
}

// Spent returns how much of a budget was used on a day.
func (s *Store) Spent(ctx context.Context, budget string, day int64) (used int, err error) {
	err = s.read(ctx, func(ctx context.Context, q dialect.Querier) error {
		return q.QueryRowContext(ctx, `select used from ttshop_budgets where name = $1 and day = $2`, budget, day).Scan(&used)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("sqlstore: read budget %s: %w", budget, err)
	}
	return used, nil
}

// Once reports whether something happens for the first time, and keeps until a time
// that it has happened. All processes that share the database see it. What has
// ended by their clocks is dropped along the way.
func (s *Store) Once(ctx context.Context, name string, now, until time.Time) (bool, error) {
	err := s.on(ctx, func(ctx context.Context, q dialect.Querier) error {
		if _, err := q.ExecContext(ctx, `delete from ttshop_once where until < $1`, now.Unix()); err != nil {
			return err
		}
		return one(q.ExecContext(ctx, `insert into ttshop_once (name, until) values ($1, $2) on conflict do nothing`, name, until.Unix()))
	})
	if errors.Is(err, tokenstore.ErrConflict) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("sqlstore: note that something happens once: %w", err)
	}
	return true, nil
}

// rotateDocuments reseals the documents with the first key.
func (s *Store) rotateDocuments(ctx context.Context) error {
	for again := true; again; {
		again = false
		type document struct {
			name    string
			version int64
			sealed  []byte
		}
		var list []document
		err := s.read(ctx, func(ctx context.Context, q dialect.Querier) error {
			list = nil
			rows, err := q.QueryContext(ctx, `select name, version, sealed from ttshop_documents`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var d document
				if err := rows.Scan(&d.name, &d.version, &d.sealed); err != nil {
					return err
				}
				list = append(list, d)
			}
			return rows.Err()
		})
		if err != nil {
			return err
		}
		for _, d := range list {
			if s.keys.SealedByFirst(d.sealed) {
				continue
			}
			plain, err := s.keys.Open(d.sealed, aboutDocument(d.name))
			if err != nil {
				return fmt.Errorf("document %s: %w", d.name, err)
			}
			sealed, err := s.keys.Seal(plain, aboutDocument(d.name))
			if err != nil {
				return fmt.Errorf("document %s: %w", d.name, err)
			}
			err = one(s.db.ExecContext(ctx, `update ttshop_documents set sealed = $3 where name = $1 and version = $2`, d.name, d.version, sealed))
			switch {
			case errors.Is(err, tokenstore.ErrConflict): // it was written meanwhile, perhaps with the old key
				again = true
			case err != nil:
				return fmt.Errorf("document %s: %w", d.name, err)
			}
		}
	}
	return nil
}
