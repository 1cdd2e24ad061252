package replica

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// ground is what a copy is made from.
type ground struct {
	sources []source
	list    func(context.Context) ([]source, error) // the sources that there are now
	text    string                                  // for people
	key     []byte                                  // of the hashes in place of people's data
	closes  []func() error
}

// close ends what was opened, the last first.
func (g *ground) close() error {
	var errs []error
	for i := len(g.closes) - 1; i >= 0; i-- {
		errs = append(errs, g.closes[i]())
	}
	return errors.Join(errs...)
}

// sandboxSeed is what the sandbox's data is made from: the same each time, so that a
// second copy finds what the first one left.
const sandboxSeed = 1

// sandboxGround starts a sandbox, and finds its sources of some kinds.
func sandboxGround(ctx context.Context, sys *platform.Session, orders int, kinds map[sync.Kind]bool) (*ground, error) {
	throttle := 0.0
	// The world is that of the day's beginning, and then lives on to the present: all
	// runs of a day find the same one.
	var made atomic.Bool
	now := func() time.Time {
		if made.Load() {
			return sys.Now()
		}
		return sys.Now().UTC().Truncate(24 * time.Hour)
	}
	sb, err := sandbox.New(sandbox.Config{Seed: sandboxSeed, Now: now, Orders: orders, Throttle: &throttle})
	if err != nil {
		return nil, fmt.Errorf("make the sandbox: %w", err)
	}
	made.Store(true)
	listener, address, err := platform.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the sandbox: %w", err), sb.Close())
	}
	served := make(chan error, 1)
	ending, end := context.WithCancel(context.WithoutCancel(ctx))
	go func() { served <- platform.Serve(ending, listener, sb) }()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	g := &ground{text: "a sandbox", key: []byte("sandbox")} // its people are made up
	g.closes = append(g.closes, func() error {
		transport.CloseIdleConnections()
		end()
		return errors.Join(sb.Close(), <-served)
	})
	c := sb.Credentials()
	client := func(token string) *ttshop.Client {
		return ttshop.New(c.AppKey, c.AppSecret, append(sys.Trace.Options(),
			ttshop.WithEndpoint(address), ttshop.WithClock(sys.Now), ttshop.WithLimiter(nil),
			ttshop.WithTokenSource(ttshop.StaticToken(token)), ttshop.WithHTTPClient(&http.Client{Transport: transport}))...)
	}
	if g.sources, err = sandboxSources(ctx, sb, address, client, kinds); err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// grantGround finds the sources of some kinds that the grant in use, or the store that
// it is in, reaches.
func grantGround(ctx context.Context, sys *platform.Session, kinds map[sync.Kind]bool) (*ground, error) {
	grant, err := platform.CurrentGrant(ctx, sys)
	if err != nil {
		return nil, err
	}
	if grant.StoreURL == "" {
		return tokenGround(ctx, sys, kinds)
	}
	in := &field.Inputs{Stdin: sys.In}
	app, err := new(platform.AppFlags).OAuthApp(sys, in, "")
	if err != nil {
		return nil, err
	}
	api, err := platform.APIEndpoint(sys, "", app.Key)
	if err != nil {
		return nil, err
	}
	h, err := sys.Home()
	if err != nil {
		return nil, err
	}
	store, err := h.OpenStore(ctx, sys, grant.StoreURL, false)
	if err != nil {
		return nil, err
	}
	g := &ground{text: "the grants in " + sys.Tilde(platform.ShownStore(grant.StoreURL))}
	g.closes = append(g.closes, store.Close)
	fleet := platform.NewFleet(sys, app, store, ttshop.WithEndpoint(api))
	g.closes = append(g.closes, func() error { return platform.CloseFleet(ctx, fleet) })
	if g.key, err = peopleKey(sys, h.Folder()); err != nil {
		return nil, errors.Join(err, g.close())
	}
	g.list = func(ctx context.Context) ([]source, error) { return fleetSources(ctx, fleet, kinds) }
	if g.sources, err = g.list(ctx); err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// tokenGround finds the shops of a bare access token.
func tokenGround(ctx context.Context, sys *platform.Session, kinds map[sync.Kind]bool) (*ground, error) {
	in := &field.Inputs{Stdin: sys.In}
	var c platform.Connection
	client, err := c.Client(sys, in, c.Tokens)
	if err != nil {
		return nil, err
	}
	h, err := sys.Home()
	if err != nil {
		return nil, err
	}
	g := &ground{text: "an access token"}
	if g.key, err = peopleKey(sys, h.Folder()); err != nil {
		return nil, err
	}
	g.list = func(ctx context.Context) ([]source, error) { return tokenSources(ctx, client, kinds) }
	g.sources, err = g.list(ctx)
	return g, err
}

// peopleFile keeps the key of the hashes in place of people's data.
const peopleFile = "sync-people.key"

// peopleKey returns the key of the environment or else that of this machine, which is
// made when there is none.
func peopleKey(sys *platform.Session, folder string) ([]byte, error) {
	if key := sys.Getenv(platform.EnvPeopleKey); key != "" {
		return []byte(key), nil
	}
	if folder == "" {
		return nil, console.Usagef("there is no home folder for %s, the key of the hashes in place of people's data; set %s or %s, or use --pii keep", peopleFile, platform.EnvPeopleKey, platform.EnvConfig)
	}
	path := filepath.Join(folder, peopleFile)
	key, err := os.ReadFile(path)
	if err == nil {
		return key, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return os.ReadFile(path) // another process was faster
	}
	if err != nil {
		return nil, err
	}
	key = []byte(tokenstore.GenerateKey())
	_, err = file.Write(key)
	return key, errors.Join(err, file.Close())
}
