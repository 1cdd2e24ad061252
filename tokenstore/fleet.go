package tokenstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

// FleetConfig configures a [Fleet]. The zero value works.
type FleetConfig struct {
	// ClientOptions configure every client that the fleet returns. All clients
	// share one pool of connections unless an option sets another.
	ClientOptions []ttshop.Option

	// Ahead, MinAhead, Timeout and Now are those of [oauth.SourceConfig]. The
	// timeout bounds the wait until a refresh token is spent; after that, the
	// platform's answer is awaited for up to a minute, because it exists only once.
	Ahead    float64
	MinAhead time.Duration
	Timeout  time.Duration
	Now      func() time.Time

	// Logger records what happens in the background; nil logs nothing.
	Logger *slog.Logger

	// The hooks are called one after the other in a goroutine of their own. Of
	// all processes that share a store, only one calls the first three.

	// OnRefreshed gets each grant whose token was refreshed.
	OnRefreshed func(grant Grant)
	// OnEnding is called 30, 7 and 1 days before an authorization ends. If the
	// process dies between its save and the hook, the call is missed.
	OnEnding func(grant Grant, days int)
	// OnLost is called when a grant is lost; the user must authorize again.
	OnLost func(grant Grant, err error)
	// OnFailed is called for each refresh that failed otherwise.
	OnFailed func(key Key, err error)
}

// Fleet is all grants of one app in a store: it adds grants and fetches their
// shops, keeps one token source per grant in use, and returns clients. Any number
// of processes may have a fleet over one store. It is safe for concurrent use.
type Fleet struct {
	app    *oauth.App
	store  Store
	config FleetConfig
	http   *http.Client
	now    func() time.Time

	index   atomic.Pointer[index]
	reading chan struct{} // holds one value while the index is being read

	mu      sync.Mutex
	members map[Key]*member
	closed  bool
	work    sync.WaitGroup     // refreshes, saves and reads in the background
	ending  context.Context    // ends when the fleet is closed
	end     context.CancelFunc // ends it
	hooks   queue
}

// member is a grant in use.
type member struct {
	key    Key
	source *oauth.Source
	client *ttshop.Client

	mu      sync.Mutex
	unsaved *purchase // a token that is not stored yet, or nil
	newest  Grant     // the newest state that was seen in the store
}

// NewFleet returns the fleet of an app over a store. The caller still owns the
// store and closes it after the fleet.
func NewFleet(app *oauth.App, store Store, config FleetConfig) *Fleet {
	f := &Fleet{
		app: app, store: store, config: config, now: config.Now,
		reading: make(chan struct{}, 1), members: map[Key]*member{},
	}
	if f.now == nil {
		f.now = time.Now
	}
	transport := http.DefaultTransport
	if t, ok := transport.(*http.Transport); ok {
		t = t.Clone()
		t.MaxIdleConns, t.MaxIdleConnsPerHost = 128, 128
		transport = t
	}
	f.http = &http.Client{Transport: transport}
	f.ending, f.end = context.WithCancel(context.Background())
	return f
}

// Key returns the key of a user's grant.
func (f *Fleet) Key(openID string) Key { return Key{f.app.Key, openID} }

// Grants returns the app's grants as the store has them. If some cannot be read,
// the error names them, and the others are returned with it.
func (f *Fleet) Grants(ctx context.Context) ([]Grant, error) { return f.store.List(ctx, f.app.Key) }

// Source returns the token source of a grant, one per grant and process.
func (f *Fleet) Source(ctx context.Context, key Key) (*oauth.Source, error) {
	m, err := f.member(ctx, key)
	if err != nil {
		return nil, err
	}
	return m.source, nil
}

// Client returns the client of a grant, bound to no shop.
func (f *Fleet) Client(ctx context.Context, key Key) (*ttshop.Client, error) {
	m, err := f.member(ctx, key)
	if err != nil {
		return nil, err
	}
	return m.client, nil
}

// Authorize exchanges an auth code for its token and adds the grant, see
// [Fleet.Add].
func (f *Fleet) Authorize(ctx context.Context, code string) (Grant, error) {
	token, err := f.app.Exchange(ctx, code)
	if err != nil {
		return Grant{}, err
	}
	return f.Add(ctx, token)
}

// Add stores the grant of a token that was just issued, in place of an older
// grant of the same user, and fetches the shops of a seller. With an error it
// also returns what it has so far: a grant with version 0 is not stored, and the
// caller holds the only copy of its token; one whose ShopsAt is zero is stored
// without its shops, which a [Keeper] or [Fleet.SyncShops] fetches later.
func (f *Fleet) Add(ctx context.Context, token ttshop.Token) (Grant, error) {
	now := f.now()
	grant := Grant{Key: f.Key(token.OpenID), Token: token, AuthorizedAt: now, RefreshedAt: now}
	if err := grant.Key.Validate(); err != nil {
		return grant, failed("add", grant.Key, err)
	}
	stored, err := put(ctx, f.store, grant.Key, func(old Grant) Grant {
		grant.Shops, grant.ShopsAt = old.Shops, old.ShopsAt
		return grant
	})
	if err != nil {
		return grant, failed("add", grant.Key, err)
	}
	grant = stored
	if m := f.inUse(grant.Key); m != nil {
		m.source.Adopt(grant.issued())
	}
	if token.UserType != ttshop.UserSeller {
		return grant, nil
	}
	withShops, err := f.SyncShops(ctx, grant.Key)
	if err != nil {
		return grant, err
	}
	return withShops, nil
}

// Refresh refreshes a grant's token now, due or not, even if the grant was lost.
// If another process does so at the same time, its token is used.
func (f *Fleet) Refresh(ctx context.Context, key Key) (Grant, error) {
	m, err := f.member(ctx, key)
	if err != nil {
		return Grant{}, err
	}
	grant, err := f.change(ctx, key, func(g *Grant) bool {
		lost := g.Lost()
		g.LostAt, g.LostReason = time.Time{}, ""
		return lost
	})
	if err != nil {
		return Grant{}, failed("refresh", key, err)
	}
	issued, err := f.renew(ctx, m, grant.Token)
	if err != nil {
		return Grant{}, failed("refresh", key, err)
	}
	m.source.Adopt(issued)
	return f.store.Load(ctx, key)
}

// Remove deletes a grant from the store. The platform is not told, since it has no
// call for that; the seller revokes an authorization in Seller Center. Clients of
// the grant work until their access token ends.
func (f *Fleet) Remove(ctx context.Context, key Key) error {
	locked, unlock, err := f.store.Lock(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	if err := f.store.Delete(locked, key); err != nil {
		return err
	}
	f.mu.Lock()
	delete(f.members, key)
	f.mu.Unlock()
	f.index.Store(nil)
	return nil
}

// Close waits for refreshes under way, and tries once more to save tokens that are
// not stored yet. A closed fleet refreshes nothing. The error names each grant
// whose token could not be saved.
func (f *Fleet) Close(ctx context.Context) error {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.end()
	done := make(chan struct{})
	go func() {
		f.work.Wait()
		f.hooks.wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		return fmt.Errorf("tokenstore: close fleet: refreshes are still under way: %w", context.Cause(ctx))
	}
	f.http.CloseIdleConnections()
	var errs []error
	for _, m := range f.inUseAll() {
		if _, err := f.saveUnsaved(ctx, m); err != nil {
			errs = append(errs, failed("save the new token of", m.key, err))
			m.giveUp()
		}
	}
	return errors.Join(errs...)
}

// String names the fleet.
func (f *Fleet) String() string { return "tokenstore.Fleet(" + f.app.Key + ")" }

// GoString is String, so that no fmt verb walks into the fleet.
func (f *Fleet) GoString() string { return f.String() }

// begin registers work in the background; it reports false if the fleet is closed.
func (f *Fleet) begin() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return false
	}
	f.work.Add(1)
	return true
}

// errClosed is the error of work that a closed fleet refuses.
var errClosed = errors.New("the fleet is closed")

// inUse returns the member of a key, or nil.
func (f *Fleet) inUse(key Key) *member {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.members[key]
}

func (f *Fleet) inUseAll() []*member {
	f.mu.Lock()
	defer f.mu.Unlock()
	members := make([]*member, 0, len(f.members))
	for _, m := range f.members {
		members = append(members, m)
	}
	return members
}

// member returns the member of a key, which must be one of the app's.
func (f *Fleet) member(ctx context.Context, key Key) (*member, error) {
	if m := f.inUse(key); m != nil {
		return m, nil
	}
	if key.AppKey != f.app.Key {
		return nil, fmt.Errorf("tokenstore: grant %s is not one of app %s: %w", key, f.app.Key, ErrNotFound)
	}
	if idx := f.index.Load(); idx != nil {
		if grant, ok := idx.grants[key]; ok {
			return f.use(grant), nil
		}
	}
	grant, err := f.store.Load(ctx, key)
	if err != nil {
		return nil, err
	}
	return f.use(grant), nil
}

// use returns the member of a grant.
func (f *Fleet) use(grant Grant) *member {
	f.mu.Lock()
	defer f.mu.Unlock()
	if m := f.members[grant.Key]; m != nil {
		return m
	}
	m := &member{key: grant.Key, newest: grant.Clone()}
	m.source = oauth.NewSource(grant.issued(), func(ctx context.Context, held ttshop.Token) (oauth.Issued, error) {
		return f.renew(ctx, m, held)
	}, oauth.SourceConfig{
		Ahead: f.config.Ahead, MinAhead: f.config.MinAhead, Timeout: f.config.Timeout, Now: f.config.Now,
		OnFailed: func(_ ttshop.Token, err error) { f.reportFailure(m.key, err) },
	})
	options := append([]ttshop.Option{ttshop.WithHTTPClient(f.http)}, f.config.ClientOptions...)
	m.client = ttshop.New(f.app.Key, f.app.Secret.Reveal(), append(options, ttshop.WithTokenSource(m.source))...)
	f.members[grant.Key] = m
	return m
}

// change applies and saves a change to a grant, again if somebody else saved the
// grant meanwhile. A change that reports false is not saved.
func (f *Fleet) change(ctx context.Context, key Key, change func(*Grant) bool) (Grant, error) {
	for {
		grant, err := f.store.Load(ctx, key)
		if err != nil {
			return Grant{}, err
		}
		if !change(&grant) {
			return grant, nil
		}
		version, err := f.store.Save(ctx, grant)
		if errors.Is(err, ErrConflict) {
			continue
		}
		if err != nil {
			return Grant{}, err
		}
		grant.Version = version
		return grant, nil
	}
}

func (f *Fleet) reportFailure(key Key, err error) {
	f.log(slog.LevelWarn, "refresh failed", slog.String("grant", key.String()), slog.String("error", err.Error()))
	if hook := f.config.OnFailed; hook != nil {
		f.hooks.call(func() { hook(key, err) })
	}
}

func (f *Fleet) log(level slog.Level, text string, attrs ...slog.Attr) {
	logger := cmp.Or(f.config.Logger, slog.New(slog.DiscardHandler))
	logger.LogAttrs(f.ending, level, text, attrs...)
}
