package cli

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
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore"
)

// storeURL returns the URL of the store in use: the one that was asked for,
// that of the profile, or the file of this machine.
func (h *home) storeURL(sys *System) string {
	if asked := sys.Getenv(envStore); asked != "" {
		return asked
	}
	if h.profile != nil && h.profile.Store != "" {
		return h.profile.Store
	}
	return h.ownStore()
}

// ownStore returns the URL of the store of this machine.
func (h *home) ownStore() string { return "file:" + filepath.Join(h.folder(), grantsFile) }

// openStore opens a store. With create, keys that do not exist are made.
func (h *home) openStore(ctx context.Context, sys *System, storeURL string, create bool) (tokenstore.Store, error) {
	keys, err := h.storeKeys(ctx, sys, storeURL, create)
	if err != nil {
		return nil, err
	}
	store, err := sqlstore.Open(ctx, storeURL, keys)
	if errors.Is(err, tokenstore.ErrWrongKey) && storeURL != h.ownStore() {
		return nil, fmt.Errorf("%w; check %s or %s", err, envStoreKey, envPassphrase)
	}
	if err != nil {
		return nil, h.vault.advise(err)
	}
	return store, nil
}

// storeKeys returns the keys of a store: for the one of this machine those of
// the files here, for others those of the environment first.
func (h *home) storeKeys(ctx context.Context, sys *System, storeURL string, create bool) (*tokenstore.Keys, error) {
	if storeURL == "memory:" {
		return nil, nil
	}
	if storeURL == h.ownStore() {
		return h.machineKeys(ctx, create)
	}
	spoken, err := passphraseKeys(sys)
	if err != nil {
		return nil, err
	}
	text := sys.Getenv(envStoreKey)
	switch {
	case text != "":
		keys, err := tokenstore.ParseKeys(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", envStoreKey, err)
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
		return nil, fmt.Errorf("the store %s needs a key: set %s. %w", shownStore(storeURL), envStoreKey, err)
	}
	return keys, nil
}

// machineKeys returns the keys of this machine. With create one that does not
// exist is made, and where it is kept is noted.
func (h *home) machineKeys(ctx context.Context, create bool) (*tokenstore.Keys, error) {
	if !create {
		return h.vault.fileKeys(false)
	}
	if h.vault.place != "" && h.Secrets == h.vault.place {
		if keys, err := h.vault.fileKeys(false); err == nil {
			return keys, nil
		}
	}
	var keys *tokenstore.Keys
	err := h.change(ctx, func() (err error) {
		h.vault.choose(true)
		keys, err = h.vault.fileKeys(true)
		return err
	})
	return keys, err
}

// shownStore returns the URL of a store without a password.
func shownStore(storeURL string) string {
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

// wanted says which grant of an app is meant, as far as it is known.
type wanted struct {
	openID string // whose
	cipher string // of a shop that it reaches
}

// pickGrant returns the grant of an app that is meant. Where several fit, the
// error names them.
func pickGrant(ctx context.Context, store tokenstore.Store, storeURL, appKey string, w wanted) (tokenstore.Grant, error) {
	if w.openID != "" {
		grant, err := store.Load(ctx, tokenstore.Key{AppKey: appKey, OpenID: w.openID})
		if errors.Is(err, tokenstore.ErrNotFound) {
			return grant, notSignedInf("the store %s holds no grant of %s to app %s; ttshop login or ttshop tokens import adds it", shownStore(storeURL), w.openID, appKey)
		}
		return grant, err
	}
	grants, err := store.List(ctx, appKey)
	if err != nil {
		return tokenstore.Grant{}, err
	}
	if w.cipher != "" {
		reaching := slices.DeleteFunc(slices.Clone(grants), func(g tokenstore.Grant) bool {
			return !slices.ContainsFunc(g.Shops, func(s tokenstore.Shop) bool { return s.Cipher == w.cipher })
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
		return tokenstore.Grant{}, notSignedInf("the store %s holds no grant to app %s; ttshop login or ttshop tokens import adds one", shownStore(storeURL), appKey)
	case 1:
		return grants[0], nil
	}
	var b strings.Builder
	for _, g := range grants {
		fmt.Fprintf(&b, "\n  %s  %s", printable(g.OpenID), printable(whose(g.Token)))
	}
	return tokenstore.Grant{}, usagef("the store holds %s to app %s; say whose with --open-id or %s, or which shop with --shop-cipher:%s",
		count(len(grants), "grant"), appKey, envOpenID, b.String())
}

// whose names the user of a token.
func whose(t ttshop.Token) string {
	if t.SellerName == "" {
		return t.UserType.String()
	}
	return t.UserType.String() + " " + t.SellerName
}

// storedTokens is the token source of a call whose grant is in a store. It
// holds the store open no longer than it takes to get a token, since it waits
// for people and for pages in between.
type storedTokens struct {
	sys  *System
	home *home
	url  string
	app  *oauth.App
	want wanted

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
		// What is due is done now: a process that ends during a refresh may
		// take the new token along.
		kept := source.Keep(ctx)
		token, err := source.Token(ctx)
		if err == nil && kept != nil {
			s.sys.warn("the token is good until %s but could not be refreshed: %v", moment(token.AccessTokenExpiresAt), kept)
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
	store, err := s.home.openStore(ctx, s.sys, s.url, false)
	if err != nil {
		return token, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	grant, err := pickGrant(ctx, store, s.url, s.app.Key, s.want)
	if err != nil {
		return token, err
	}
	s.want.openID = grant.OpenID
	fleet := newFleet(s.sys, s.app, store)
	defer func() {
		if closed := closeFleet(ctx, fleet); closed != nil {
			s.sys.warn("%v", closed)
		}
	}()
	source, err := fleet.Source(ctx, grant.Key)
	if err != nil {
		return token, err
	}
	if token, err = get(source); err != nil {
		return ttshop.Token{}, again(err)
	}
	s.held = token
	return token, nil
}

// newFleet returns the fleet of an app over a store, for commands.
func newFleet(sys *System, app *oauth.App, store tokenstore.Store, options ...ttshop.Option) *tokenstore.Fleet {
	return tokenstore.NewFleet(app, store, tokenstore.FleetConfig{
		Now: sys.Now, ClientOptions: append([]ttshop.Option{ttshop.WithClock(sys.Now)}, options...),
	})
}

// closeFleet closes a fleet and gives it time to save what it bought, also
// where the command was interrupted.
func closeFleet(ctx context.Context, fleet *tokenstore.Fleet) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	return fleet.Close(ctx)
}

// again adds how to sign in again to the loss of an authorization.
func again(err error) error {
	if errors.Is(err, oauth.ErrAuthorizationLost) {
		return &exitError{exitNotSignedIn, fmt.Errorf("%w. Run ttshop login to sign in again", err)}
	}
	return err
}
