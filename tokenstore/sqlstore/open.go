package sqlstore

import (
	"context"
	"strings"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/internal/fileurl"
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
		return OpenSQLite(ctx, path, keys)
	case "postgres", "postgresql":
		return OpenPostgres(ctx, url, keys)
	}
	return tokenstore.Open(ctx, url, keys)
}
