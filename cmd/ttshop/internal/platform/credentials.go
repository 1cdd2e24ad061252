package platform

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/oauth"
)

// The environment.
const (
	EnvAppKey       = "TTSHOP_APP_KEY"
	EnvAppSecret    = "TTSHOP_APP_SECRET"
	EnvAccessToken  = "TTSHOP_ACCESS_TOKEN"
	EnvRefreshToken = "TTSHOP_REFRESH_TOKEN"
	EnvAuthCode     = "TTSHOP_AUTH_CODE"
	EnvShopCipher   = "TTSHOP_SHOP_CIPHER"
	EnvEndpoint     = "TTSHOP_ENDPOINT"
	EnvAuthEndpoint = "TTSHOP_AUTH_ENDPOINT"

	EnvConfig        = "TTSHOP_CONFIG"
	EnvProfile       = "TTSHOP_PROFILE"
	EnvServiceID     = "TTSHOP_SERVICE_ID"
	EnvStore         = "TTSHOP_STORE"
	EnvStoreKey      = "TTSHOP_STORE_KEY"
	EnvPeopleKey     = "TTSHOP_PEOPLE_KEY"
	EnvOpenID        = "TTSHOP_OPEN_ID"
	EnvPassphrase    = "TTSHOP_PASSPHRASE"
	EnvOldPassphrase = "TTSHOP_OLD_PASSPHRASE"
	EnvInbox         = "TTSHOP_INBOX"
)

// SecretSource is where a secret may come from: an argument, which causes a
// warning, a file, the environment, or the profile, in this order.
type SecretSource struct {
	What     string // such as "app secret"
	Argument string // the value, as it was given
	ArgName  string // how the argument is called, such as --secret
	File     string
	FileFlag string
	Env      string
	kept     func() (ttshop.Secret, error) // the profile's, or ErrNoSecret; nil: profiles have none
}

// Read returns the secret from where the flags say, else from the environment or
// the profile.
func (s SecretSource) Read(sys *Session, in *field.Inputs) (ttshop.Secret, error) {
	switch {
	case s.Argument != "" && s.File != "":
		return "", console.Usagef("%s and %s both give the %s; use one", s.ArgName, s.FileFlag, s.What)
	case s.Argument != "":
		sys.Warn("the %s is on the command line, visible to other users and kept in the shell's history; use %s or %s", s.What, s.Env, s.FileFlag)
		return ttshop.Secret(s.Argument), nil
	case s.File != "":
		secret, err := in.Secret(s.FileFlag, s.File)
		return ttshop.Secret(secret), err
	}
	if secret := sys.Getenv(s.Env); secret != "" {
		return ttshop.Secret(secret), nil
	}
	if s.kept == nil {
		return "", console.NotSignedInf("no %s: set %s or pass %s FILE", s.What, s.Env, s.FileFlag)
	}
	secret, err := s.kept()
	if errors.Is(err, ErrNoSecret) {
		return "", console.NotSignedInf("no %s: set %s, pass %s FILE, or run ttshop login", s.What, s.Env, s.FileFlag)
	}
	return secret, err
}

// SecretFlags are the flags that give the app secret.
type SecretFlags struct {
	Argument, File string
	Key            *string       // the flag of the app key; nil where there is none
	Asked          ttshop.Secret // what a person typed, or what was read before
}

// Add binds the flags.
func (f *SecretFlags) Add(flags *pflag.FlagSet) {
	flags.StringVar(&f.File, "secret-file", "", "read the app secret from `FILE`; - is standard input")
	flags.StringVar(&f.Argument, "secret", "", "the app `SECRET`; causes a warning, prefer "+EnvAppSecret+" or --secret-file")
}

// Read returns the secret that the flags ask for.
func (f *SecretFlags) Read(sys *Session, in *field.Inputs) (ttshop.Secret, error) {
	if f.Asked != "" {
		return f.Asked, nil
	}
	secret, err := SecretSource{
		What: "app secret", Argument: f.Argument, ArgName: "--secret",
		File: f.File, FileFlag: "--secret-file", Env: EnvAppSecret,
		kept: func() (ttshop.Secret, error) { return f.kept(sys) },
	}.Read(sys, in)
	if err == nil && (f.Argument != "" || f.File != "") {
		f.Asked = secret // standard input can be read once, and one warning is enough
	}
	return secret, err
}

// kept returns the secret of the app in use as it was kept by ttshop login, or
// ErrNoSecret.
func (f *SecretFlags) kept(sys *Session) (ttshop.Secret, error) {
	h, err := sys.Home()
	if err != nil {
		return "", err
	}
	key := sys.Getenv(EnvAppKey)
	if f.Key != nil {
		key = cmp.Or(*f.Key, key)
	}
	if key == "" {
		if key, err = h.appKey(); err != nil {
			return "", err
		}
	}
	return h.Vault.AppSecret(key)
}

// AppFlags are the flags that name the app.
type AppFlags struct {
	Key    string
	Secret SecretFlags
}

// Add binds the flags.
func (f *AppFlags) Add(flags *pflag.FlagSet) {
	flags.StringVar(&f.Key, "app-key", "", "the app `KEY`; default: "+EnvAppKey)
	f.Secret.Key = &f.Key
	f.Secret.Add(flags)
}

// ReadKey returns the app key.
func (f *AppFlags) ReadKey(sys *Session) (string, error) {
	if key := cmp.Or(f.Key, sys.Getenv(EnvAppKey)); key != "" {
		return key, nil
	}
	h, err := sys.Home()
	if err != nil {
		return "", err
	}
	key, err := h.appKey()
	if err == nil && key == "" {
		return "", console.NotSignedInf("no app key: set %s, pass --app-key, or run ttshop login", EnvAppKey)
	}
	return key, err
}

// accessToken returns the access token of a file or the environment.
func accessToken(sys *Session, in *field.Inputs, file string) (ttshop.Secret, error) {
	return SecretSource{
		What: "access token", File: file, FileFlag: "--access-token-file", Env: EnvAccessToken,
		kept: func() (ttshop.Secret, error) { return "", ErrNoSecret }, // see TokenSource
	}.Read(sys, in)
}

// endpoint returns the first address that is set, scheme and host, or nothing.
// names tell where each comes from.
func endpoint(sources ...struct{ name, value string }) (string, error) {
	for _, source := range sources {
		if source.value == "" {
			continue
		}
		u, err := url.Parse(source.value)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" ||
			u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.TrimRight(u.Path, "/") != "" {
			return "", console.Usagef("%s is not a valid address; use scheme and host only, for example %s", source.name, ttshop.DefaultEndpoint)
		}
		return u.Scheme + "://" + u.Host, nil
	}
	return "", nil
}

// APIEndpoint returns the address of the API for calls of an app.
func APIEndpoint(sys *Session, flag, appKey string) (string, error) {
	address, err := endpoint(
		struct{ name, value string }{"--endpoint", flag},
		struct{ name, value string }{EnvEndpoint, sys.Getenv(EnvEndpoint)},
	)
	if err != nil || address != "" {
		return address, err
	}
	p, err := sys.profileOf(appKey)
	if err != nil {
		return "", err
	}
	return p.apiAddress()
}

// AuthEndpoint returns the address of the authorization host of an app, or
// nothing for the platform's own.
func AuthEndpoint(sys *Session, flag, appKey string) (string, error) {
	address, err := endpoint(
		struct{ name, value string }{"--endpoint", flag},
		struct{ name, value string }{EnvAuthEndpoint, sys.Getenv(EnvAuthEndpoint)},
		struct{ name, value string }{EnvEndpoint, sys.Getenv(EnvEndpoint)},
	)
	if err != nil || address != "" {
		return address, err
	}
	p, err := sys.profileOf(appKey)
	if err != nil {
		return "", err
	}
	return p.authAddress()
}

// FromProfile reports whether the secret would be one that ttshop login kept.
func (f *SecretFlags) FromProfile(sys *Session) bool {
	return f.Asked == "" && f.Argument == "" && f.File == "" && sys.Getenv(EnvAppSecret) == ""
}

// OAuthApp returns the app that flags, environment and profile name, at the
// authorization host. A secret that was kept for one address goes to no other.
func (f *AppFlags) OAuthApp(sys *Session, in *field.Inputs, endpointFlag string) (*oauth.App, error) {
	key, err := f.ReadKey(sys)
	if err != nil {
		return nil, err
	}
	secret, err := f.Secret.Read(sys, in)
	if err != nil {
		return nil, err
	}
	address, err := AuthEndpoint(sys, endpointFlag, key)
	if err != nil {
		return nil, err
	}
	if f.Secret.FromProfile(sys) {
		h, err := sys.Home()
		if err != nil {
			return nil, err
		}
		if !h.knowsAuth(key, address) {
			return nil, console.NotSignedInf("the secret of app %s was kept for an address other than %s and is not sent there; set %s, or run ttshop login", key, address, EnvAppSecret)
		}
	}
	return &oauth.App{Key: key, Secret: secret, Endpoint: address, Logger: sys.Trace.Log()}, nil
}
