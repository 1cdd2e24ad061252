package cli

import (
	"cmp"
	"time"

	"github.com/ttshop-go/ttshop"
)

// saveTime is how long a command that ends waits for the store to take a new
// token.
const saveTime = 15 * time.Second

// tokenSource returns where the token of calls comes from: a file, the store
// that was asked for, the environment, or the profile. cipher is that of the
// shop that calls are about, which may tell whose grant is meant.
func tokenSource(sys *System, in *inputs, file string, app *appFlags, endpointFlag, cipher string) (ttshop.TokenSource, error) {
	if file == "" {
		p, err := app.signedIn(sys)
		switch {
		case err != nil:
			return nil, err
		case p != nil:
			if err := p.sameAddress(sys, endpointFlag); err != nil {
				return nil, err
			}
			return app.stored(sys, in, endpointFlag, wanted{openID: p.OpenID})
		case sys.Getenv(envStore) != "":
			return app.stored(sys, in, endpointFlag, wanted{openID: sys.Getenv(envOpenID), cipher: cipher})
		}
	}
	token, err := accessToken(sys, in, file)
	if err != nil {
		return nil, err
	}
	return ttshop.StaticToken(token.Reveal()), nil
}

// signedIn returns the profile whose grant calls use, or nil where the token
// comes from elsewhere.
func (f *appFlags) signedIn(sys *System) (*profile, error) {
	store := sys.Getenv(envStore)
	if store == "" && sys.Getenv(envAccessToken) != "" {
		return nil, nil
	}
	key, err := f.readKey(sys)
	if err != nil {
		return nil, err
	}
	p, err := sys.profileOf(key)
	openID := sys.Getenv(envOpenID)
	if err != nil || p == nil || p.OpenID == "" || openID != "" && openID != p.OpenID || store != "" && !sameStore(store, p.Store) {
		return nil, err
	}
	return p, nil
}

// shop returns the cipher of the shop that the profile's calls are about, or
// nothing where they use another grant.
func (f *appFlags) shop(sys *System) (string, error) {
	p, err := f.signedIn(sys)
	if err != nil || p == nil {
		return "", err
	}
	return p.ShopCipher, nil
}

// sameAddress refuses to send the profile's token to another address than the
// one that it is good for.
func (p *profile) sameAddress(sys *System, endpointFlag string) error {
	mine, err := p.apiAddress()
	if err != nil {
		return err
	}
	asked, err := apiEndpoint(sys, endpointFlag, p.AppKey)
	if err != nil || asked == mine {
		return err
	}
	return notSignedInf("the profile is signed in at %s, and its token is not sent to %s; choose another profile, give a token by %s, or sign in there", mine, asked, envAccessToken)
}

// stored returns the source of a grant in the store in use.
func (f *appFlags) stored(sys *System, in *inputs, endpointFlag string, want wanted) (*storedTokens, error) {
	// Where no address of the authorization host is given, it is the one for
	// calls, as in the sandbox.
	if sys.Getenv(envAuthEndpoint) != "" || endpointFlag == ttshop.DefaultEndpoint {
		endpointFlag = ""
	}
	app, err := f.oauthApp(sys, in, endpointFlag)
	if err != nil {
		return nil, err
	}
	h, err := sys.home()
	if err != nil {
		return nil, err
	}
	want.openID = cmp.Or(want.openID, sys.Getenv(envOpenID))
	return &storedTokens{sys: sys, home: h, url: h.storeURL(sys), app: app, want: want}, nil
}
