package platform

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/byurl"
)

// StoreURL returns the URL of the store in use: the one asked for, the
// profile's, or the file of this machine.
func (h *Home) StoreURL(sys *Session) string {
	if asked := sys.Getenv(EnvStore); asked != "" {
		return asked
	}
	if h.Profile != nil && h.Profile.Store != "" {
		return h.Profile.Store
	}
	return h.OwnStore()
}

// OwnStore returns the URL of the store of this machine.
func (h *Home) OwnStore() string { return "file:" + filepath.Join(h.Folder(), GrantsFile) }

// OpenStore opens a store. With create, keys that do not exist are made.
func (h *Home) OpenStore(ctx context.Context, sys *Session, storeURL string, create bool) (tokenstore.Store, error) {
	keys, err := h.storeKeys(ctx, sys, storeURL, create)
	if err != nil {
		return nil, err
	}
	store, err := byurl.Open(ctx, storeURL, keys)
	if errors.Is(err, tokenstore.ErrWrongKey) && storeURL != h.OwnStore() {
		return nil, fmt.Errorf("%w; check %s or %s", err, EnvStoreKey, EnvPassphrase)
	}
	if err != nil {
		return nil, h.Vault.advise(err)
	}
	return store, nil
}

// storeKeys returns the keys of a store: for this machine's own store those of
// the files here, for others those of the environment first.
func (h *Home) storeKeys(ctx context.Context, sys *Session, storeURL string, create bool) (*tokenstore.Keys, error) {
	if storeURL == "memory:" {
		return nil, nil
	}
	if storeURL == h.OwnStore() {
		return h.machineKeys(ctx, create)
	}
	spoken, err := passphraseKeys(sys)
	if err != nil {
		return nil, err
	}
	text := sys.Getenv(EnvStoreKey)
	switch {
	case text != "":
		keys, err := tokenstore.ParseKeys(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", EnvStoreKey, err)
		}
		if spoken != nil {
			keys = keys.And(spoken)
		}
		return keys, nil
	case spoken != nil:
		return spoken, nil
	}
	keys, err := h.machineKeys(ctx, create)
	if err != nil {
		return nil, fmt.Errorf("the store %s needs a key: set %s. %w", ShownStore(storeURL), EnvStoreKey, err)
	}
	return keys, nil
}

// machineKeys returns the keys of this machine. With create, a missing key is
// made, and the place where it is kept is recorded.
func (h *Home) machineKeys(ctx context.Context, create bool) (*tokenstore.Keys, error) {
	if !create {
		return h.Vault.fileKeys(false)
	}
	if h.Vault.Place != "" && h.Secrets == h.Vault.Place {
		if keys, err := h.Vault.fileKeys(false); err == nil {
			return keys, nil
		}
	}
	var keys *tokenstore.Keys
	err := h.Change(ctx, func() (err error) {
		h.Vault.Choose(true)
		keys, err = h.Vault.fileKeys(true)
		return err
	})
	return keys, err
}

// ShownStore returns the URL of a store without a password.
func ShownStore(storeURL string) string {
	scheme, _, _ := strings.Cut(storeURL, ":")
	if scheme == "file" || scheme == "sqlite" || scheme == "memory" {
		return storeURL
	}
	u, err := url.Parse(storeURL)
	if err != nil || u.Host == "" {
		return scheme + ":…"
	}
	return scheme + "://" + u.Host + u.Path
}

// Wanted says which grant of an app is meant, as far as it is known.
type Wanted struct {
	OpenID string // whose
	Cipher string // of a shop that it reaches
}

// PickGrant returns the grant of an app that is meant. If several match, the
// error names them.
func PickGrant(ctx context.Context, store tokenstore.Store, storeURL, appKey string, w Wanted) (tokenstore.Grant, error) {
	if w.OpenID != "" {
		grant, err := store.Load(ctx, tokenstore.Key{AppKey: appKey, OpenID: w.OpenID})
		if errors.Is(err, tokenstore.ErrNotFound) {
			return grant, console.NotSignedInf("the store %s holds no grant of %s to app %s; ttshop login or ttshop tokens import adds it", ShownStore(storeURL), w.OpenID, appKey)
		}
		return grant, err
	}
	grants, err := store.List(ctx, appKey)
	if err != nil {
		return tokenstore.Grant{}, err
	}
	if w.Cipher != "" {
		reaching := slices.DeleteFunc(slices.Clone(grants), func(g tokenstore.Grant) bool {
			return !slices.ContainsFunc(g.Shops, func(s tokenstore.Shop) bool { return s.Cipher == w.Cipher })
		})
		// Where several reach the shop, one that is not lost does.
		slices.SortStableFunc(reaching, func(a, b tokenstore.Grant) int {
			if a.Lost() != b.Lost() {
				return map[bool]int{true: 1, false: -1}[a.Lost()]
			}
			return b.RefreshedAt.Compare(a.RefreshedAt)
		})
		if len(reaching) > 0 {
			return reaching[0], nil
		}
	}
	switch len(grants) {
	case 0:
		return tokenstore.Grant{}, console.NotSignedInf("the store %s holds no grant to app %s; ttshop login or ttshop tokens import adds one", ShownStore(storeURL), appKey)
	case 1:
		return grants[0], nil
	}
	var b strings.Builder
	for _, g := range grants {
		fmt.Fprintf(&b, "\n  %s  %s", console.Printable(g.OpenID), console.Printable(Whose(g.Token)))
	}
	return tokenstore.Grant{}, console.Usagef("the store holds %s to app %s; say whose with --open-id or %s, or which shop with --shop-cipher:%s",
		console.Count(len(grants), "grant"), appKey, EnvOpenID, b.String())
}

// Whose names the user of a token.
func Whose(t ttshop.Token) string {
	if t.SellerName == "" {
		return t.UserType.String()
	}
	return t.UserType.String() + " " + t.SellerName
}

// storedTokens is the token source of a call whose grant is in a store. It
// holds the store open only while it gets a token, since a call waits for people
// and for pages in between.
type storedTokens struct {
	sys  *Session
	home *Home
	url  string
	app  *oauth.App
	want Wanted

	mu   sync.Mutex
	held ttshop.Token
}

// Token implements ttshop.TokenSource.
func (s *storedTokens) Token(ctx context.Context) (ttshop.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held.ValidAt(s.sys.Now()) {
		return s.held, nil
	}
	return s.take(ctx, func(source *oauth.Source) (ttshop.Token, error) {
		// Refresh in time: a process that ends during a refresh may take the
		// new token with it.
		kept := source.Keep(ctx)
		token, err := source.Token(ctx)
		if err == nil && kept != nil {
			s.sys.Warn("the token is good until %s but could not be refreshed: %v", console.Moment(token.AccessTokenExpiresAt), kept)
		}
		return token, err
	})
}

// Refresh implements ttshop.Refresher.
func (s *storedTokens) Refresh(ctx context.Context, expired ttshop.Token) (ttshop.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held.AccessToken != expired.AccessToken {
		return s.held, nil
	}
	return s.take(ctx, func(source *oauth.Source) (ttshop.Token, error) { return source.Refresh(ctx, expired) })
}

// take gets a token from the grant's source.
func (s *storedTokens) take(ctx context.Context, get func(*oauth.Source) (ttshop.Token, error)) (token ttshop.Token, err error) {
	store, err := s.home.OpenStore(ctx, s.sys, s.url, false)
	if err != nil {
		return token, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	grant, err := PickGrant(ctx, store, s.url, s.app.Key, s.want)
	if err != nil {
		return token, err
	}
	s.want.OpenID = grant.OpenID
	fleet := NewFleet(s.sys, s.app, store)
	defer func() {
		if closed := CloseFleet(ctx, fleet); closed != nil {
			s.sys.Warn("%v", closed)
		}
	}()
	source, err := fleet.Source(ctx, grant.Key)
	if err != nil {
		return token, err
	}
	if token, err = get(source); err != nil {
		return ttshop.Token{}, Again(err)
	}
	s.held = token
	return token, nil
}

// NewFleet returns the fleet of an app over a store, for commands.
func NewFleet(sys *Session, app *oauth.App, store tokenstore.Store, options ...ttshop.Option) *tokenstore.Fleet {
	return tokenstore.NewFleet(app, store, tokenstore.FleetConfig{
		Now: sys.Now, ClientOptions: append([]ttshop.Option{ttshop.WithClock(sys.Now)}, options...),
	})
}

// CloseFleet closes a fleet and gives it time to save what it received, even
// if the command was interrupted.
func CloseFleet(ctx context.Context, fleet *tokenstore.Fleet) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	return fleet.Close(ctx)
}

// Again adds to the loss of an authorization how to sign in again.
func Again(err error) error {
	if errors.Is(err, oauth.ErrAuthorizationLost) {
		return &console.ExitError{Code: console.ExitNotSignedIn, Err: fmt.Errorf("%w. Run ttshop login to sign in again", err)}
	}
	return err
}

// GrantIn is a grant and the store that it is in.
type GrantIn struct {
	tokenstore.Grant
	StoreURL string
}

// CurrentGrant returns the grant that calls use. Its store is empty where the
// token is a bare one of the environment.
func CurrentGrant(ctx context.Context, sys *Session) (g GrantIn, err error) {
	var app AppFlags
	key, err := app.ReadKey(sys)
	if err != nil {
		return g, err
	}
	p, err := app.SignedIn(sys)
	if err != nil {
		return g, err
	}
	want := Wanted{OpenID: sys.Getenv(EnvOpenID), Cipher: sys.Getenv(EnvShopCipher)}
	switch {
	case p != nil:
		want = Wanted{OpenID: p.OpenID}
	case sys.Getenv(EnvStore) != "":
	default:
		_, err := accessToken(sys, nil, "")
		return g, err
	}
	h, err := sys.Home()
	if err != nil {
		return g, err
	}
	g.StoreURL = h.StoreURL(sys)
	store, err := h.OpenStore(ctx, sys, g.StoreURL, false)
	if err != nil {
		return g, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	g.Grant, err = PickGrant(ctx, store, g.StoreURL, key, want)
	return g, err
}

// StoreKeys returns the keys of a store. With create, keys that do not exist are
// made. A store in memory has none.
func (h *Home) StoreKeys(ctx context.Context, sys *Session, storeURL string, create bool) (*tokenstore.Keys, error) {
	return h.storeKeys(ctx, sys, storeURL, create)
}
