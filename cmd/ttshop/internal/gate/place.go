package gate

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore"
)

// The files of a gateway beside the configuration file.
const (
	keysFile  = "gateway-keys.json"
	auditFile = "gateway-audit.jsonl"
)

// keysDocument is the name of the document with the keys in a database.
const keysDocument = "gateway keys"

// place is where the keys of clients are.
type place struct{ Keys string }

// add binds the flag.
func (p *place) add(flags *pflag.FlagSet) {
	flags.StringVar(&p.Keys, "keys", "", "`FILE` with the keys of clients; default: the token store's database or, where that is a file, "+keysFile+" beside the configuration")
}

// places is the open stores of a gateway.
type places struct {
	grants   tokenstore.Store
	storeURL string
	seal     *tokenstore.Keys // nil: grants are in memory
	keys     policy.Store
	keysAt   string // for people
}

// close closes what is open.
func (p *places) close() error { return p.grants.Close() }

// database returns the grants' store where that is a database, or nil.
func (p *places) database() *sqlstore.Store {
	store, _ := p.grants.(*sqlstore.Store)
	return store
}

// open opens the token store in use and finds the keys of clients.
func (p *place) open(ctx context.Context, sys *platform.Session) (*places, error) {
	h, err := sys.Home()
	if err != nil {
		return nil, err
	}
	o := &places{storeURL: h.StoreURL(sys)}
	if o.seal, err = h.StoreKeys(ctx, sys, o.storeURL, true); err != nil {
		return nil, err
	}
	if o.grants, err = h.OpenStore(ctx, sys, o.storeURL, true); err != nil {
		return nil, err
	}
	switch db := o.database(); {
	case p.Keys != "":
		o.keys, o.keysAt = policy.File(p.Keys), p.Keys
	case db != nil:
		o.keys, o.keysAt = db.Document(keysDocument), platform.ShownStore(o.storeURL)
	default:
		path, err := beside(sys, keysFile)
		if err != nil {
			return nil, errors.Join(err, o.close())
		}
		o.keys, o.keysAt = policy.File(path), path
	}
	return o, nil
}

// beside returns the path of a file beside the configuration file.
func beside(sys *platform.Session, name string) (string, error) {
	h, err := sys.Home()
	if err != nil {
		return "", err
	}
	if h.Path == "" {
		return "", console.Usagef("there is no home folder for %s; name a file, or set %s", name, platform.EnvConfig)
	}
	return filepath.Join(h.Folder(), name), nil
}

// sealer returns what seals the secrets of clients that sign, or an error that says
// what is missing.
func (p *places) sealer() (policy.Sealer, error) {
	if p.seal == nil {
		return nil, console.Usagef("the secret of a client that signs is sealed with the token store's key, and a store in memory has none")
	}
	return p.seal, nil
}

// withKeys changes the keys of clients.
func withKeys(ctx context.Context, sys *platform.Session, p *place, change func(d *policy.Document, o *places) error) (err error) {
	o, err := p.open(ctx, sys)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	operations, err := policy.NewOperations(new(catalog.Catalog))
	if err != nil {
		return err
	}
	err = policy.Update(ctx, o.keys, operations, func(d *policy.Document) error { return change(d, o) })
	if err != nil && console.ExitCode(err) == console.ExitFailed {
		return errors.New(strings.TrimPrefix(err.Error(), "policy: "))
	}
	return err
}

// readKeys reads the keys of clients.
func readKeys(ctx context.Context, sys *platform.Session, p *place) (d *policy.Document, err error) {
	o, err := p.open(ctx, sys)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	data, _, err := o.keys.Read(ctx, "")
	if err != nil {
		return nil, err
	}
	return policy.Parse(data)
}
