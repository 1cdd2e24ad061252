package tokenstore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ttshop-go/ttshop/tokenstore/internal/fileurl"
)

// Open opens the store of a URL: file:PATH, a [File] sealed with keys, or
// memory:, which needs no keys. The paths are relative to the working folder
// unless they begin with a slash. Package sqlstore/byurl opens these and databases.
func Open(ctx context.Context, url string, keys *Keys) (Store, error) {
	scheme, rest, ok := strings.Cut(url, ":")
	switch {
	case !ok:
		return nil, errors.New("tokenstore: the store's URL has no scheme; want file:PATH, or memory: alone")
	case scheme == "memory" && rest == "":
		return new(Memory), nil
	case scheme == "file":
		path, err := fileurl.Path(rest)
		if err != nil {
			return nil, err
		}
		return OpenFile(ctx, path, keys)
	}
	// The rest may hold a password.
	return nil, fmt.Errorf("tokenstore: cannot open a store of scheme %q; want file:PATH or memory:, and package sqlstore/byurl for sqlite:PATH and postgres://…", scheme)
}
