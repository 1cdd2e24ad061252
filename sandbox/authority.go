package sandbox

import (
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// authCodeTTL is the lifetime of an authorization code, which is good once.
const authCodeTTL = 30 * time.Minute

// grantTTL is how long a user authorizes an app here. On the platform the
// seller chooses.
const grantTTL = 365 * 24 * time.Hour

// The kinds of users that can grant something.
const (
	userSeller  = 0
	userCreator = 1
	userPartner = 3
)

// user is somebody who can authorize apps.
type user struct {
	userType    int
	openID      string
	name        string
	region      string // the base region
	shops       []*shop
	assetCipher string // of the category asset
}

// scopes are those that the user can grant at all. One token of a seller may
// do everything, so that one set of credentials is enough: on the platform
// the scopes of partners and creators need a grant of theirs.
func (u *user) scopes() []string {
	switch u.userType {
	case userCreator:
		return scopes("creator.")
	case userPartner:
		return scopes("partner.")
	}
	return scopes("")
}

// app is an app that users authorize.
type app struct {
	registration
	verifier *verifier
}

func newApp(a registration) *app { return &app{a, newVerifier(a.Secret, false)} }

// allows tells whether the app was given a scope in its settings.
func (a *app) allows(scope string) bool {
	return len(a.Scopes) == 0 || slices.Contains(a.Scopes, scope)
}

// grant is what one user allowed one app. Only the lock of the authority
// guards scopes, expires, revoked and reminded.
type grant struct {
	id  string
	app *app
	*user
	scopes   []string
	expires  int64 // Unix seconds
	revoked  bool
	reminded int64 // the day since 1970 of the last reminder of its end
}

// token is an issued code or token.
type token struct {
	grant   *grant
	expires int64 // Unix seconds; from then on it is no longer good
}

// authority is the authorization host: it issues codes and tokens. An access
// token stays good until it expires, also after a refresh; whether the
// platform ends it earlier is not documented.
type authority struct {
	config    terms
	serviceID string  // of the first app
	users     []*user // they never change

	mu        sync.RWMutex
	rng       random
	apps      []*app
	grants    []*grant // the first one is that of Credentials
	last      int      // number of the last grant
	codes     tokenTable
	accesses  tokenTable
	refreshes tokenTable
	standing  struct{ access, refresh string } // the tokens in Credentials
}

func newAuthority(config terms, seed uint64, w *world, now time.Time) *authority {
	a := &authority{config: config, rng: newRandom(seed, streamTokens), users: users(w)}
	a.serviceID = "74" + a.rng.text("0123456789", 17)
	config.first.ServiceID = a.serviceID
	a.apps = []*app{newApp(config.first)}
	for _, more := range config.apps {
		a.apps = append(a.apps, newApp(more))
	}
	standing := a.authorize(a.apps[0], a.users[0], nil, now)
	a.standing.access, a.standing.refresh = a.issue(standing, now)
	return a
}

// app returns the app of a key, or nil.
func (a *authority) app(key string) *app {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.appWith(func(known *app) bool { return known.Key == key })
}

// appWith returns the first app that fits, or nil. The caller holds the lock.
func (a *authority) appWith(fits func(*app) bool) *app {
	if i := slices.IndexFunc(a.apps, fits); i >= 0 {
		return a.apps[i]
	}
	return nil
}

// authorize records that a user allows an app some scopes, or where none are
// named all that there are. Whoever authorized the app before changes that. The
// caller holds the lock, or is alone.
func (a *authority) authorize(to *app, by *user, wanted []string, now time.Time) *grant {
	granted := []string{}
	for _, scope := range by.scopes() {
		if to.allows(scope) && (wanted == nil || slices.Contains(wanted, scope)) {
			granted = append(granted, scope)
		}
	}
	expires := now.Add(grantTTL).Unix()
	for _, g := range a.grants {
		if g.app == to && g.user == by && !g.revoked {
			g.scopes, g.expires = granted, expires
			return g
		}
	}
	a.last++
	g := &grant{id: strconv.Itoa(a.last), app: to, user: by, scopes: granted, expires: expires}
	a.grants = append(a.grants, g)
	return g
}

// revoke ends a grant and returns it, or nil where there is none.
func (a *authority) revoke(id string) *grant {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, g := range a.grants {
		if g.id == id && !g.revoked {
			g.revoked = true
			return g
		}
	}
	return nil
}

// mint returns a new code or token, prefixed by the user's part of the world.
func (a *authority) mint(g *grant, length int) string {
	return regionOf(g.region).prefix + a.rng.text(urlDigits, length)
}

// issue returns a pair of tokens. The caller holds the lock.
func (a *authority) issue(g *grant, now time.Time) (access, refresh string) {
	access = a.issueAccess(g, now)
	return access, a.issueRefresh(g, now)
}

func (a *authority) issueRefresh(g *grant, now time.Time) string {
	raw := make([]byte, 24)
	for i := range raw {
		raw[i] = byte(a.rng.Uint32())
	}
	refresh := regionOf(g.region).prefix + hex.EncodeToString(raw)
	a.refreshes.add(refresh, token{g, g.expires}, now)
	return refresh
}

func (a *authority) issueAccess(g *grant, now time.Time) string {
	access := a.mint(g, 96)
	a.accesses.add(access, token{g, now.Add(a.config.tokenTTL).Unix()}, now)
	return access
}

// tokenTable holds codes or tokens and forgets those that expired long ago.
// Younger ones stay, so that the answer can say "expired" instead of "unknown".
type tokenTable struct {
	byValue map[string]token
	full    int // size at which the table is looked through
}

func (t *tokenTable) add(value string, issued token, now time.Time) {
	const small, grace = 1024, 30 * 24 * 60 * 60
	if t.byValue == nil {
		t.byValue, t.full = map[string]token{}, small
	}
	if len(t.byValue) >= t.full {
		maps.DeleteFunc(t.byValue, func(_ string, t token) bool { return t.expires+grace < now.Unix() })
		t.full = max(small, 2*len(t.byValue))
	}
	t.byValue[value] = issued
}

// newCode returns an unused authorization code. The caller holds the lock.
func (a *authority) newCode(g *grant, now time.Time) string {
	code := a.mint(g, 64)
	a.codes.add(code, token{g, now.Add(authCodeTTL).Unix()}, now)
	return code
}

// credentials returns a new code and the standing tokens of the first seller,
// replaced where time or a revocation has passed them.
func (a *authority) credentials(now time.Time) (code, access, refresh string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	standing := a.grants[0]
	if standing.revoked {
		standing = a.authorize(a.apps[0], a.users[0], nil, now)
	}
	code = a.newCode(standing, now)
	if t := a.accesses.byValue[a.standing.access]; now.Unix() >= t.expires || t.grant.revoked {
		a.standing.access = a.issueAccess(standing, now)
	}
	// A strict rotation may have ended it.
	if t, ok := a.refreshes.byValue[a.standing.refresh]; !ok || t.grant.revoked {
		a.standing.refresh = a.issueRefresh(standing, now)
	}
	return code, a.standing.access, a.standing.refresh
}

// first returns the app of Credentials: that of the state, which a snapshot may
// have brought along.
func (a *authority) first() registration {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.apps[0].registration
}

// credential is an access token as the gateway looks at it.
type credential struct {
	grant   *grant
	expires int64
	revoked bool
	scopes  []string
}

// access returns what an access token of an app is good for, expired or not,
// or nil.
func (a *authority) access(value string, of *app) *credential {
	a.mu.RLock()
	defer a.mu.RUnlock()
	t, ok := a.accesses.byValue[value]
	if !ok || t.grant.app != of {
		return nil
	}
	return &credential{t.grant, t.expires, t.grant.revoked, t.grant.scopes}
}
