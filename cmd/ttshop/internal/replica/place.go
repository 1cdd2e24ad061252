package replica

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/postgres"
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
	rawJSON  = "json"
	rawJSONB = "jsonb"
	rawNone  = "none"
)

// add binds the flag.
func (p *place) add(flags *pflag.FlagSet) {
	flags.StringVar(&p.To, "to", "", "`PLACE` of the copy: sqlite:FILE or postgres://HOST/DATABASE")
}

// addMaking binds the flags that say how a copy is made.
func (p *place) addMaking(flags *pflag.FlagSet) {
	flags.StringVar(&p.Raw, "raw", rawJSON, "`HOW` to keep the JSON that rows were made of: json, jsonb (PostgreSQL) or none")
	flags.BoolVar(&p.History, "history", false, "append each version of a row to TABLE_history")
}

// isPostgres reports whether the place is a PostgreSQL database.
func (p *place) isPostgres() bool {
	return strings.HasPrefix(p.To, "postgres://") || strings.HasPrefix(p.To, "postgresql://")
}

// shown is the place without a password.
func (p *place) shown(sys *platform.Session) string {
	if p.isPostgres() {
		return platform.ShownStore(p.To)
	}
	return "sqlite:" + sys.Tilde(p.file())
}

// file is the path of a SQLite file.
func (p *place) file() string { return strings.TrimPrefix(p.To, "sqlite:") }

// check refuses a place that is not one.
func (p *place) check() error {
	scheme, rest, ok := strings.Cut(p.To, ":")
	if p.Raw == "" {
		p.Raw = rawJSON
	}
	switch {
	case p.To == "":
		return console.Usagef("--to is missing: it says where the copy is kept, for example --to sqlite:shop.db")
	case !ok || rest == "":
		return console.Usagef("--to %q is not a place: use sqlite:FILE or postgres://HOST/DATABASE", console.Before(p.To, "@?"))
	case scheme != "sqlite" && !p.isPostgres():
		return console.Usagef("--to %s:… is not known: use sqlite:FILE or postgres://HOST/DATABASE", scheme)
	case p.Raw != rawJSON && p.Raw != rawNone && p.Raw != rawJSONB:
		return console.Usagef("--raw %q: use %s, %s or %s", p.Raw, rawJSON, rawJSONB, rawNone)
	case p.Raw == rawJSONB && !p.isPostgres():
		return console.Usagef("--raw jsonb is for PostgreSQL; SQLite's functions read JSON as it is")
	}
	return nil
}

// open opens the place. Read only, it can be open elsewhere.
func (p *place) open(ctx context.Context, readOnly bool) (sync.Inspector, error) {
	if p.isPostgres() {
		return postgres.Open(ctx, p.To, postgres.Options{Raw: postgres.Raw(p.Raw), History: p.History, ReadOnly: readOnly})
	}
	if readOnly {
		if _, err := os.Stat(p.file()); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no copy in %s yet: ttshop sync --to %s makes it", p.file(), console.ShellWord(p.To))
		}
	}
	store, err := sqlite.Open(ctx, p.file(), sqlite.Options{NoRaw: p.Raw == rawNone, History: p.History, ReadOnly: readOnly})
	if errors.Is(err, sqlite.ErrInUse) {
		return nil, fmt.Errorf("%w; wait for it, or give this one another file", err)
	}
	if err != nil {
		return nil, err
	}
	return store, nil
}

// inspect opens the place to look into it.
func (p *place) inspect(ctx context.Context, look func(d sync.Inspector, schema *sync.Schema) error) (err error) {
	if err := p.check(); err != nil {
		return err
	}
	_, schema, err := sync.Streams()
	if err != nil {
		return err
	}
	d, err := p.open(ctx, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Prepare(ctx, schema, nil); err != nil {
		return err
	}
	return look(d, schema)
}
