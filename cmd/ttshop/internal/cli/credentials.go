package cli

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

// The environment.
const (
	envAppKey       = "TTSHOP_APP_KEY"
	envAppSecret    = "TTSHOP_APP_SECRET"
	envAccessToken  = "TTSHOP_ACCESS_TOKEN"
	envRefreshToken = "TTSHOP_REFRESH_TOKEN"
	envAuthCode     = "TTSHOP_AUTH_CODE"
	envShopCipher   = "TTSHOP_SHOP_CIPHER"
	envEndpoint     = "TTSHOP_ENDPOINT"
	envAuthEndpoint = "TTSHOP_AUTH_ENDPOINT"

	envConfig        = "TTSHOP_CONFIG"
	envProfile       = "TTSHOP_PROFILE"
	envServiceID     = "TTSHOP_SERVICE_ID"
	envStore         = "TTSHOP_STORE"
	envStoreKey      = "TTSHOP_STORE_KEY"
	envOpenID        = "TTSHOP_OPEN_ID"
	envPassphrase    = "TTSHOP_PASSPHRASE"
	envOldPassphrase = "TTSHOP_OLD_PASSPHRASE"
	envInbox         = "TTSHOP_INBOX"
)

// secretSource is where a secret may come from: an argument, which draws a
// warning, a file, the environment, or the profile, in this order.
type secretSource struct {
	what     string // such as "app secret"
	argument string // the value, as it was given
	argName  string // how the argument is called, such as --secret
	file     string
	fileFlag string
	env      string
	kept     func() (ttshop.Secret, error) // the profile's, or errNoSecret; nil: profiles have none
}

func (s secretSource) read(sys *System, in *inputs) (ttshop.Secret, error) {
	switch {
	case s.argument != "" && s.file != "":
		return "", usagef("%s and %s both give the %s; use one", s.argName, s.fileFlag, s.what)
	case s.argument != "":
		sys.warn("the %s stands on the command line, where other users and the shell's history see it; use %s or %s", s.what, s.env, s.fileFlag)
		return ttshop.Secret(s.argument), nil
	case s.file != "":
		secret, err := in.secret(s.fileFlag, s.file)
		return ttshop.Secret(secret), err
	}
	if secret := sys.Getenv(s.env); secret != "" {
		return ttshop.Secret(secret), nil
	}
	if s.kept == nil {
		return "", notSignedInf("no %s: set %s or pass %s FILE", s.what, s.env, s.fileFlag)
	}
	secret, err := s.kept()
	if errors.Is(err, errNoSecret) {
		return "", notSignedInf("no %s: set %s or pass %s FILE, or run ttshop login", s.what, s.env, s.fileFlag)
	}
	return secret, err
}

// secretFlags are the flags that give the app secret.
type secretFlags struct {
	argument, file string
	key            *string       // the flag of the app key; nil where there is none
	asked          ttshop.Secret // what a person typed, or what was read before
}

func (f *secretFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.file, "secret-file", "", "read the app secret from `FILE`; - is standard input")
	flags.StringVar(&f.argument, "secret", "", "the app `SECRET`; draws a warning, better "+envAppSecret+" or --secret-file")
}

func (f *secretFlags) read(sys *System, in *inputs) (ttshop.Secret, error) {
	if f.asked != "" {
		return f.asked, nil
	}
	secret, err := secretSource{
		what: "app secret", argument: f.argument, argName: "--secret",
		file: f.file, fileFlag: "--secret-file", env: envAppSecret,
		kept: func() (ttshop.Secret, error) { return f.kept(sys) },
	}.read(sys, in)
	if err == nil && (f.argument != "" || f.file != "") {
		f.asked = secret // standard input can be read once, and one warning is enough
	}
	return secret, err
}

// kept returns the secret of the app in use as it was kept by ttshop login, or
// errNoSecret.
func (f *secretFlags) kept(sys *System) (ttshop.Secret, error) {
	h, err := sys.home()
	if err != nil {
		return "", err
	}
	key := sys.Getenv(envAppKey)
	if f.key != nil {
		key = cmp.Or(*f.key, key)
	}
	if key == "" {
		if key, err = h.appKey(); err != nil {
			return "", err
		}
	}
	return h.vault.appSecret(key)
}

// appFlags are the flags that name the app.
type appFlags struct {
	key    string
	secret secretFlags
}

func (f *appFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.key, "app-key", "", "the app `KEY`; otherwise "+envAppKey)
	f.secret.key = &f.key
	f.secret.add(flags)
}

// readKey returns the app key.
func (f *appFlags) readKey(sys *System) (string, error) {
	if key := cmp.Or(f.key, sys.Getenv(envAppKey)); key != "" {
		return key, nil
	}
	h, err := sys.home()
	if err != nil {
		return "", err
	}
	key, err := h.appKey()
	if err == nil && key == "" {
		return "", notSignedInf("no app key: set %s or pass --app-key, or run ttshop login", envAppKey)
	}
	return key, err
}

// accessToken returns the access token of a file or the environment.
func accessToken(sys *System, in *inputs, file string) (ttshop.Secret, error) {
	return secretSource{
		what: "access token", file: file, fileFlag: "--access-token-file", env: envAccessToken,
		kept: func() (ttshop.Secret, error) { return "", errNoSecret }, // see tokenSource
	}.read(sys, in)
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
			return "", usagef("%s is no address; want scheme and host alone, such as %s", source.name, ttshop.DefaultEndpoint)
		}
		return u.Scheme + "://" + u.Host, nil
	}
	return "", nil
}

// apiEndpoint returns the address of the API for calls of an app.
func apiEndpoint(sys *System, flag, appKey string) (string, error) {
	address, err := endpoint(
		struct{ name, value string }{"--endpoint", flag},
		struct{ name, value string }{envEndpoint, sys.Getenv(envEndpoint)},
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

// authEndpoint returns the address of the authorization host of an app, or
// nothing for the platform's own.
func authEndpoint(sys *System, flag, appKey string) (string, error) {
	address, err := endpoint(
		struct{ name, value string }{"--endpoint", flag},
		struct{ name, value string }{envAuthEndpoint, sys.Getenv(envAuthEndpoint)},
		struct{ name, value string }{envEndpoint, sys.Getenv(envEndpoint)},
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

// fromProfile reports whether the secret would be one that ttshop login kept.
func (f *secretFlags) fromProfile(sys *System) bool {
	return f.asked == "" && f.argument == "" && f.file == "" && sys.Getenv(envAppSecret) == ""
}

// oauthApp returns the app that flags, environment and profile name, at the
// authorization host. A secret that was kept for one address goes to no other.
func (f *appFlags) oauthApp(sys *System, in *inputs, endpointFlag string) (*oauth.App, error) {
	key, err := f.readKey(sys)
	if err != nil {
		return nil, err
	}
	secret, err := f.secret.read(sys, in)
	if err != nil {
		return nil, err
	}
	address, err := authEndpoint(sys, endpointFlag, key)
	if err != nil {
		return nil, err
	}
	if f.secret.fromProfile(sys) {
		h, err := sys.home()
		if err != nil {
			return nil, err
		}
		if !h.knowsAuth(key, address) {
			return nil, notSignedInf("the secret of app %s was kept for another address than %s and is not sent there; set %s, or run ttshop login", key, address, envAppSecret)
		}
	}
	return &oauth.App{Key: key, Secret: secret, Endpoint: address, Logger: sys.trace.log()}, nil
}
