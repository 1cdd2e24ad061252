package replica

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// place is where a copy is kept.
type place struct {
	To      string // as asked for
	Raw     string
	History bool
}

// The values of --raw.
const (
	rawJSON = "json"
	rawNone = "none"
)

// check refuses a place that is not one.
func (p *place) check() error {
	scheme, rest, ok := strings.Cut(p.To, ":")
	switch {
	case p.To == "":
		return console.Usagef("--to is missing: it says where the copy is kept, for example --to sqlite:shop.db")
	case !ok || rest == "":
		return console.Usagef("--to %q is not a place: use sqlite:FILE", console.Before(p.To, "@?"))
	case scheme != "sqlite":
		return console.Usagef("--to %s:… is not known: use sqlite:FILE", scheme)
	case p.Raw != rawJSON && p.Raw != rawNone:
		return console.Usagef("--raw %q: use %s or %s", p.Raw, rawJSON, rawNone)
	}
	return nil
}

// open opens the place.
func (p *place) open(ctx context.Context, readOnly bool) (sync.Destination, error) {
	path := strings.TrimPrefix(p.To, "sqlite:")
	store, err := sqlite.Open(ctx, path, sqlite.Options{NoRaw: p.Raw == rawNone, History: p.History, ReadOnly: readOnly})
	if errors.Is(err, sqlite.ErrInUse) {
		return nil, fmt.Errorf("%w; wait for it, or give this one another file", err)
	}
	return store, err
}
