package gate

import (
	"context"
	"errors"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// Keys are the token store in use and the keys of clients over it, for what else
// calls by them.
type Keys struct {
	Grants tokenstore.Store
	Book   *policy.Book
}

// OpenKeys opens the token store in use and the keys of clients: those of a file or,
// without one, those of the gateway.
func OpenKeys(ctx context.Context, sys *platform.Session, file string) (*Keys, error) {
	p := place{Keys: file}
	o, err := p.open(ctx, sys)
	if err != nil {
		return nil, err
	}
	book, err := policy.Open(ctx, o.keys, new(catalog.Catalog))
	if err != nil {
		return nil, errors.Join(err, o.close())
	}
	return &Keys{o.grants, book}, nil
}
