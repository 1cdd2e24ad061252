package sqlstore

import (
	"database/sql"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/internal/dialect"
)

// DB gives the tests what is below a store.
func (s *Store) DB() *sql.DB { return s.db }

// LockObject returns the half of a lock's number that pg_locks calls objid.
func LockObject(key tokenstore.Key) int64 { return int64(uint32(dialect.LockNumber(key))) }
