// Package byurl opens the store that a URL names, for programs whose users choose
// the database. It links the drivers of all; a program that knows its database
// calls package postgres or sqlite.
package byurl

import (
	"context"
	"strings"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/internal/fileurl"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/postgres"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/sqlite"
)

// Open opens the store of a URL: sqlite:PATH, postgres://USER:PASSWORD@HOST/DB
// with the parameters of PostgreSQL, and whatever [tokenstore.Open] opens.
func Open(ctx context.Context, url string, keys *tokenstore.Keys) (tokenstore.Store, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	switch scheme {
	case "sqlite":
		path, err := fileurl.Path(rest)
		if err != nil {
			return nil, err
		}
		return sqlite.Open(ctx, path, keys)
	case "postgres", "postgresql":
		return postgres.Open(ctx, url, keys)
	}
	return tokenstore.Open(ctx, url, keys)
}
