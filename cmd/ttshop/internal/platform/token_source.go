package platform

import (
	"cmp"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// saveTime is how long a command that ends waits for the store to take a new
// token.
const saveTime = 15 * time.Second

// TokenSource returns where the token of calls comes from: a file, the store
// that was asked for, the environment, or the profile. cipher is that of the
// shop that calls are about, which may tell whose grant is meant.
func TokenSource(sys *Session, in *field.Inputs, file string, app *AppFlags, endpointFlag, cipher string) (ttshop.TokenSource, error) {
	if file == "" {
		p, err := app.SignedIn(sys)
		switch {
		case err != nil:
			return nil, err
		case p != nil:
			if err := p.sameAddress(sys, endpointFlag); err != nil {
				return nil, err
			}
			return app.stored(sys, in, endpointFlag, Wanted{OpenID: p.OpenID})
		case sys.Getenv(EnvStore) != "":
			return app.stored(sys, in, endpointFlag, Wanted{OpenID: sys.Getenv(EnvOpenID), Cipher: cipher})
		}
	}
	token, err := accessToken(sys, in, file)
	if err != nil {
		return nil, err
	}
	return ttshop.StaticToken(token.Reveal()), nil
}

// SignedIn returns the profile whose grant calls use, or nil where the token
// comes from elsewhere.
func (f *AppFlags) SignedIn(sys *Session) (*Profile, error) {
	store := sys.Getenv(EnvStore)
	if store == "" && sys.Getenv(EnvAccessToken) != "" {
		return nil, nil
	}
	key, err := f.ReadKey(sys)
	if err != nil {
		return nil, err
	}
	p, err := sys.profileOf(key)
	openID := sys.Getenv(EnvOpenID)
	if err != nil || p == nil || p.OpenID == "" || openID != "" && openID != p.OpenID || store != "" && !sameStore(store, p.Store) {
		return nil, err
	}
	return p, nil
}

// Shop returns the cipher of the shop that the profile's calls are about, or
// nothing where they use another grant.
func (f *AppFlags) Shop(sys *Session) (string, error) {
	p, err := f.SignedIn(sys)
	if err != nil || p == nil {
		return "", err
	}
	return p.ShopCipher, nil
}

// sameAddress refuses to send the profile's token to an address other than the
// one it is good for.
func (p *Profile) sameAddress(sys *Session, endpointFlag string) error {
	mine, err := p.apiAddress()
	if err != nil {
		return err
	}
	asked, err := APIEndpoint(sys, endpointFlag, p.AppKey)
	if err != nil || asked == mine {
		return err
	}
	return console.NotSignedInf("the profile is signed in at %s, and its token is not sent to %s; choose another profile, give a token in %s, or sign in there", mine, asked, EnvAccessToken)
}

// stored returns the source of a grant in the store in use.
func (f *AppFlags) stored(sys *Session, in *field.Inputs, endpointFlag string, want Wanted) (*storedTokens, error) {
	// Without an address of its own, the authorization host is at the address
	// for calls, as in the sandbox.
	if sys.Getenv(EnvAuthEndpoint) != "" || endpointFlag == ttshop.DefaultEndpoint {
		endpointFlag = ""
	}
	app, err := f.OAuthApp(sys, in, endpointFlag)
	if err != nil {
		return nil, err
	}
	h, err := sys.Home()
	if err != nil {
		return nil, err
	}
	want.OpenID = cmp.Or(want.OpenID, sys.Getenv(EnvOpenID))
	return &storedTokens{sys: sys, home: h, url: h.StoreURL(sys), app: app, want: want}, nil
}

// PlainStore returns the URL of a store in the form in which a profile keeps
// it: with an absolute path, and without a password. A store in memory is not
// kept. cut reports that there was a password.
func PlainStore(storeURL string) (plain string, cut bool, err error) {
	scheme, path, _ := strings.Cut(storeURL, ":")
	switch scheme {
	case "", "memory":
		return "", false, nil
	case "file", "sqlite":
		if strings.HasPrefix(path, "/") {
			return storeURL, false, nil
		}
		whole, err := filepath.Abs(path)
		return scheme + ":" + whole, false, err
	}
	u, err := url.Parse(storeURL)
	if err != nil {
		return "", false, errors.New("the store's URL cannot be read") // and may hold a password
	}
	query := u.Query()
	_, cut = u.User.Password()
	if cut {
		u.User = url.User(u.User.Username())
	}
	if query.Has("password") {
		cut = true
		query.Del("password")
		u.RawQuery = query.Encode()
	}
	return u.String(), cut, nil
}

// sameStore reports whether two URLs are of one store.
func sameStore(a, b string) bool {
	plainA, _, errA := PlainStore(a)
	plainB, _, errB := PlainStore(b)
	return errA == nil && errB == nil && plainA == plainB
}
