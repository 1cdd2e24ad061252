// Package authority is the authorization host's memory: apps, users, grants, codes
// and tokens, under a lock of its own.
package authority

import (
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// authCodeTTL is the lifetime of an authorization code, which is good once.
const authCodeTTL = 30 * time.Minute

// grantTTL is how long a user authorizes an app, and with it how long a refresh
// token lasts: 3.122e9 seconds, about 98.9 years, as seen twice. The platform
// documents that the seller chooses.
const grantTTL = 3_122_000_000 * time.Second

// The kinds of users that can grant something.
const (
	UserSeller  = 0
	UserCreator = 1
	UserPartner = 3
)

// User is somebody who can authorize apps.
type User struct {
	UserType    int
	OpenID      string
	Name        string
	Region      string // the base region
	Shops       []*world.Shop
	AssetCipher string // of the category asset
}

// Scopes are those that the user can grant at all. One token of a seller may
// do everything, so that one set of credentials is enough: on the platform
// the scopes of partners and creators need a grant of theirs.
func (u *User) Scopes() []string {
	switch u.UserType {
	case UserCreator:
		return scopes("creator.")
	case UserPartner:
		return scopes("partner.")
	}
	return scopes("")
}

// App is an app that users authorize.
type App struct {
	Registration
	Verifier *wire.Verifier
}

// NewApp returns an app with the verifier of its signatures.
func NewApp(a Registration) *App { return &App{a, wire.NewVerifier(a.Secret, false)} }

// Allows tells whether the app was given a scope in its settings.
func (a *App) Allows(scope string) bool {
	return len(a.Scopes) == 0 || slices.Contains(a.Scopes, scope)
}

// Grant is what one user allowed one app. The lock of the authority guards what
// changes: scopes, shops, expires, revoked and reminded. Lists are replaced, never
// changed in place, so that a copy of a grant can be read without the lock.
type Grant struct {
	ID  string
	App *App
	*User
	Scopes   []string
	Shops    []*world.Shop // those of the user that the app may act for
	Expires  int64         // Unix seconds
	Revoked  bool
	Reminded int64 // the day since 1970 of the last reminder of its end
}

// token is an issued code or token.
type token struct {
	Grant   *Grant
	Expires int64 // Unix seconds; from then on it is no longer good
}

// Authority is the authorization host: it issues codes and tokens. An access
// token stays good until it expires, also after a refresh; whether the
// platform ends it earlier is not documented.
type Authority struct {
	Config    Terms
	ServiceID string  // of the first app
	Users     []*User // they never change

	Mu        sync.RWMutex
	rng       invent.Random
	Apps      []*App
	Grants    []*Grant // the first one is that of Credentials
	last      int      // number of the last grant
	Codes     tokenTable
	Accesses  tokenTable
	Refreshes tokenTable
	standing  struct{ access, refresh string } // the tokens in Credentials
}

// New returns an authority whose first app is authorized by the first seller.
func New(config Terms, seed uint64, w *world.World, now time.Time) *Authority {
	a := &Authority{Config: config, rng: invent.NewRandom(seed, invent.StreamTokens), Users: Users(w)}
	a.ServiceID = "74" + a.rng.Text("0123456789", 17)
	config.First.ServiceID = a.ServiceID
	a.Apps = []*App{NewApp(config.First)}
	for _, more := range config.Apps {
		a.Apps = append(a.Apps, NewApp(more))
	}
	standing := a.Authorize(a.Apps[0], a.Users[0], nil, now)
	a.standing.access, a.standing.refresh = a.Issue(standing, now)
	return a
}

// App returns the app of a key, or nil.
func (a *Authority) App(key string) *App {
	a.Mu.RLock()
	defer a.Mu.RUnlock()
	return a.AppWith(func(known *App) bool { return known.Key == key })
}

// AppWith returns the first app that fits, or nil. The caller holds the lock.
func (a *Authority) AppWith(fits func(*App) bool) *App {
	if i := slices.IndexFunc(a.Apps, fits); i >= 0 {
		return a.Apps[i]
	}
	return nil
}

// Authorize records that a user allows an app some scopes, or where none are
// named all that there are, for all shops. Whoever authorized the app before
// changes that. The caller holds the lock, or is alone.
func (a *Authority) Authorize(to *App, by *User, wanted []string, now time.Time) *Grant {
	granted := []string{}
	for _, scope := range by.Scopes() {
		if to.Allows(scope) && (wanted == nil || slices.Contains(wanted, scope)) {
			granted = append(granted, scope)
		}
	}
	expires := now.Add(grantTTL).Unix()
	for _, g := range a.Grants {
		if g.App == to && g.User == by && !g.Revoked {
			g.Scopes, g.Shops, g.Expires = granted, by.Shops, expires
			return g
		}
	}
	a.last++
	g := &Grant{ID: strconv.Itoa(a.last), App: to, User: by, Scopes: granted, Shops: by.Shops, Expires: expires}
	a.Grants = append(a.Grants, g)
	return g
}

// Revoke ends a grant and returns it, or nil where there is none.
func (a *Authority) Revoke(id string) *Grant {
	a.Mu.Lock()
	defer a.Mu.Unlock()
	for _, g := range a.Grants {
		if g.ID == id && !g.Revoked {
			g.Revoked = true
			return g
		}
	}
	return nil
}

// Leave takes a shop out of a grant, which ends with its last one.
func (a *Authority) Leave(id string, left *world.Shop) {
	a.Mu.Lock()
	defer a.Mu.Unlock()
	for _, g := range a.Grants {
		if g.ID == id && !g.Revoked {
			g.Shops = slices.DeleteFunc(slices.Clone(g.Shops), func(s *world.Shop) bool { return s == left })
			g.Revoked = len(g.Shops) == 0
		}
	}
}

// mint returns a new code or token, prefixed by the user's part of the world.
func (a *Authority) mint(g *Grant, length int) string {
	return market.RegionOf(g.Region).Prefix + a.rng.Text(invent.URLDigits, length)
}

// Issue returns a pair of tokens. The caller holds the lock.
func (a *Authority) Issue(g *Grant, now time.Time) (access, refresh string) {
	access = a.IssueAccess(g, now)
	return access, a.IssueRefresh(g, now)
}

// IssueRefresh returns a new refresh token. The caller holds the lock.
func (a *Authority) IssueRefresh(g *Grant, now time.Time) string {
	raw := make([]byte, 24)
	for i := range raw {
		raw[i] = byte(a.rng.Uint32())
	}
	refresh := market.RegionOf(g.Region).Prefix + hex.EncodeToString(raw)
	a.Refreshes.add(refresh, token{g, g.Expires}, now)
	return refresh
}

// IssueAccess returns a new access token. The caller holds the lock.
func (a *Authority) IssueAccess(g *Grant, now time.Time) string {
	access := a.mint(g, 96)
	a.Accesses.add(access, token{g, now.Add(a.Config.TokenTTL).Unix()}, now)
	return access
}

// Expire lets the tokens of a grant expire now: those for access, and those for
// refreshing where both is true. It returns how many there were, and false where
// there is no such grant.
func (a *Authority) Expire(id string, both bool, now time.Time) (count int, ok bool) {
	a.Mu.Lock()
	defer a.Mu.Unlock()
	i := slices.IndexFunc(a.Grants, func(g *Grant) bool { return g.ID == id })
	if i < 0 {
		return 0, false
	}
	tables := []tokenTable{a.Accesses}
	if both {
		tables = append(tables, a.Refreshes)
	}
	for _, table := range tables {
		for value, t := range table.ByValue {
			if t.Grant == a.Grants[i] && t.Expires > now.Unix() {
				t.Expires = now.Unix()
				table.ByValue[value] = t
				count++
			}
		}
	}
	return count, true
}

// TokenFor returns an access token of an app that is good now, for a grant or
// where its id is "" for the first that there is: one that was issued already,
// else a new one. It is "" where the app has no such grant that is not revoked.
func (a *Authority) TokenFor(app *App, grant string, now time.Time) string {
	a.Mu.Lock()
	defer a.Mu.Unlock()
	for _, g := range a.Grants {
		if g.App != app || g.Revoked || g.Expires <= now.Unix() || grant != "" && g.ID != grant {
			continue
		}
		best := ""
		var until int64
		for value, t := range a.Accesses.ByValue {
			if t.Grant == g && t.Expires > now.Unix() && (t.Expires > until || t.Expires == until && value < best) {
				best, until = value, t.Expires
			}
		}
		if best == "" {
			best = a.IssueAccess(g, now)
		}
		return best
	}
	return ""
}

// tokenTable holds codes or tokens and forgets those that expired long ago.
// Younger ones stay, so that the answer can say "expired" instead of "unknown".
type tokenTable struct {
	ByValue map[string]token
	full    int // size at which the table is looked through
}

func (t *tokenTable) add(value string, issued token, now time.Time) {
	const small, grace = 1024, 30 * 24 * 60 * 60
	if t.ByValue == nil {
		t.ByValue, t.full = map[string]token{}, small
	}
	if len(t.ByValue) >= t.full {
		maps.DeleteFunc(t.ByValue, func(_ string, t token) bool { return t.Expires+grace < now.Unix() })
		t.full = max(small, 2*len(t.ByValue))
	}
	t.ByValue[value] = issued
}

// NewCode returns an unused authorization code. The caller holds the lock.
func (a *Authority) NewCode(g *Grant, now time.Time) string {
	code := a.mint(g, 64)
	a.Codes.add(code, token{g, now.Add(authCodeTTL).Unix()}, now)
	return code
}

// Credentials are what a client of the first app needs to act for the first
// seller.
type Credentials struct {
	Code, Access, Refresh string
	Shops                 []*world.Shop
}

// Credentials returns a new code and the standing tokens of the first seller,
// replaced where time or a revocation has passed them.
func (a *Authority) Credentials(now time.Time) Credentials {
	a.Mu.Lock()
	defer a.Mu.Unlock()
	standing := a.Grants[0]
	if standing.Revoked {
		standing = a.Authorize(a.Apps[0], a.Users[0], nil, now)
	}
	code := a.NewCode(standing, now)
	if t := a.Accesses.ByValue[a.standing.access]; now.Unix() >= t.Expires || t.Grant.Revoked {
		a.standing.access = a.IssueAccess(standing, now)
	}
	// A strict rotation may have ended it.
	if t, ok := a.Refreshes.ByValue[a.standing.refresh]; !ok || t.Grant.Revoked {
		a.standing.refresh = a.IssueRefresh(standing, now)
	}
	return Credentials{code, a.standing.access, a.standing.refresh, standing.Shops}
}

// First returns the app of Credentials: that of the state, which a snapshot may
// have brought along.
func (a *Authority) First() Registration {
	a.Mu.RLock()
	defer a.Mu.RUnlock()
	return a.Apps[0].Registration
}

// credential is an access token as the gateway looks at it.
type credential struct {
	Grant
	Expires int64 // of the token
}

// Access returns what an access token of an app is good for, expired or not,
// or nil.
func (a *Authority) Access(value string, of *App) *credential {
	a.Mu.RLock()
	defer a.Mu.RUnlock()
	t, ok := a.Accesses.ByValue[value]
	if !ok || t.Grant.App != of {
		return nil
	}
	return &credential{*t.Grant, t.Expires}
}
