package cli

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// loginOptions are the options of ttshop login.
type loginOptions struct {
	Sandbox   string // its address; empty: the platform
	Audience  string
	ServiceID string
	Listen    string
	Endpoint  string
	Paste     bool
	NoBrowser bool
	NoKeyring bool
	Timeout   time.Duration
	JSON      bool

	app appFlags
}

// Where login listens and looks for a sandbox, unless told otherwise.
const (
	defaultCallback = "127.0.0.1:8088"
	defaultSandbox  = "http://127.0.0.1:8089"
	sandboxProfile  = "sandbox"
)

// audiences are whom a link can be for, as the flag names them.
var audiences = map[string]oauth.Audience{
	"seller": oauth.Seller, "seller-us": oauth.SellerUS, "seller-legacy": oauth.SellerLegacy,
	"creator": oauth.Creator, "partner": oauth.Partner, "partner-us": oauth.PartnerUS,
}

func newLoginCmd(sys *System) *cobra.Command {
	var o loginOptions
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Sign in: let a seller grant access, and keep the grant",
		Long: `Let a seller, creator or partner grant the app access, and keep the grant with
its shops for later commands.

The browser opens the platform's page, which redirects to the address that the
app registered in Partner Center. Where that is on this machine, such as
http://` + defaultCallback + `/, the command receives it; --listen takes another port.
Where it is elsewhere, use --paste and copy the address at which the browser
ends.

The grant goes to the token store and the app secret to the keyring or, where
there is none, to a sealed file; its key is made of ` + envPassphrase + `, or lies
beside it in a file that only you can read.

With --sandbox the command signs in to a sandbox on this machine and agrees in
the seller's name. The profile is called ` + sandboxProfile + ` unless --profile names it.`,
		Example: `  ttshop login --sandbox --json
  ttshop login --app-key 6abc --secret-file secret.txt --service-id 7495
  ttshop login --profile partner --audience partner --no-browser
  ttshop login --paste`,
		Args: takes(0, 1, "at most the address of the sandbox"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				// The flag's value may be left out, so it cannot be a word of its own.
				if !cmd.Flags().Changed("sandbox") {
					return usagef("%s takes no arguments; is it the address for --sandbox?", cmd.CommandPath())
				}
				o.Sandbox = args[0]
			}
			return o.run(cmd.Context(), sys)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.Sandbox, "sandbox", "", "sign in to the sandbox at `ADDRESS`, by itself the one at "+defaultSandbox)
	flags.Lookup("sandbox").NoOptDefVal = defaultSandbox
	o.app.add(flags)
	flags.StringVar(&o.ServiceID, "service-id", "", "the app's service `ID`, which links for sellers and partners carry; otherwise "+envServiceID)
	flags.StringVar(&o.Audience, "audience", "seller", "`WHO` is to grant access: "+strings.Join(slices.Sorted(maps.Keys(audiences)), ", "))
	flags.StringVar(&o.Listen, "listen", defaultCallback, "`HOST:PORT` on this machine that the app's redirect URL leads to")
	flags.BoolVar(&o.Paste, "paste", false, "read the redirect URL from standard input")
	flags.BoolVar(&o.NoBrowser, "no-browser", false, "print the link and open no browser")
	flags.DurationVar(&o.Timeout, "timeout", 10*time.Minute, "how long to wait for the redirect, a `DURATION` such as 30m")
	flags.BoolVar(&o.NoKeyring, "no-keyring", false, "keep secrets in a sealed file, also where there is a keyring")
	flags.StringVar(&o.Endpoint, "endpoint", "", "`ADDRESS` of API and authorization host, where it is not the platform's; otherwise "+envEndpoint)
	flags.BoolVar(&o.JSON, "json", false, "answer as ttshop status --json does")
	return cmd
}

func (o *loginOptions) run(ctx context.Context, sys *System) error {
	audience, ok := audiences[o.Audience]
	if !ok {
		return usagef("--audience %s: want one of %s", o.Audience, strings.Join(slices.Sorted(maps.Keys(audiences)), ", "))
	}
	if o.Timeout <= 0 {
		return usagef("--timeout %v: want more than nothing", o.Timeout)
	}
	if err := oneStdin(param{"--secret-file", o.app.secret.file}, param{"--paste", map[bool]string{true: "-"}[o.Paste]}); err != nil {
		return err
	}
	h, err := sys.home()
	if err != nil {
		return err
	}
	if o.Sandbox != "" && !h.explicit {
		h.name, h.profile = sandboxProfile, h.Profiles[sandboxProfile]
	}
	if err := checkProfileName(h.name); err != nil {
		return err
	}
	h.explicit = false // one that does not exist is made
	if o.NoKeyring && h.vault.place == inKeyring {
		err = h.change(ctx, func() error { return h.vault.leaveKeyring(h.apps()) })
		if err != nil {
			return err
		}
	}
	h.vault.choose(!o.NoKeyring)
	if err := h.prepare(ctx, sys); err != nil {
		return err
	}

	var app *oauth.App
	if o.Sandbox != "" {
		app, err = o.sandboxApp(ctx, sys)
	} else {
		app, err = o.platformApp(sys, h)
	}
	if err != nil {
		return err
	}
	code, err := o.consent(ctx, sys, app, audience)
	if err != nil {
		return err
	}
	return o.keep(ctx, sys, h, app, code)
}

// platformApp returns the app that flags, environment and profile name.
func (o *loginOptions) platformApp(sys *System, h *home) (*oauth.App, error) {
	if err := o.ask(sys, h); err != nil {
		return nil, err
	}
	app, err := o.app.oauthApp(sys, &inputs{stdin: sys.In}, o.Endpoint)
	if err != nil {
		return nil, err
	}
	app.ServiceID = cmp.Or(o.ServiceID, sys.Getenv(envServiceID))
	if h.profile != nil && h.profile.AppKey == app.Key {
		app.ServiceID = cmp.Or(app.ServiceID, h.profile.ServiceID)
	}
	if app.ServiceID == "" && o.Audience != "creator" && o.Audience != "seller-legacy" {
		return nil, notSignedInf("no service id: set %s or pass --service-id; it stands in Partner Center beside the app key and is another number", envServiceID)
	}
	return app, nil
}

// ask asks for what is missing, where somebody is there to answer.
func (o *loginOptions) ask(sys *System, h *home) error {
	if !sys.Terminal.Ask || o.Paste {
		return nil
	}
	key, err := o.app.readKey(sys)
	if exitCode(err) == exitNotSignedIn && !h.explicit {
		if o.app.key, err = sys.ask("App key"); err != nil {
			return err
		}
		key = o.app.key
	} else if err != nil && exitCode(err) != exitNotSignedIn {
		return err
	}
	if key == "" {
		if o.app.key, err = sys.ask("App key"); err != nil {
			return err
		}
		key = o.app.key
	}
	if o.app.secret.fromProfile(sys) {
		_, err := h.vault.appSecret(key)
		if errors.Is(err, errNoSecret) {
			if o.app.secret.asked, err = sys.askSecret("App secret"); err != nil {
				return err
			}
		}
	}
	known := o.Audience == "creator" || o.Audience == "seller-legacy" || o.ServiceID != "" || sys.Getenv(envServiceID) != "" ||
		h.profile != nil && h.profile.AppKey == key && h.profile.ServiceID != ""
	if !known {
		o.ServiceID, err = sys.ask("Service id, which stands in Partner Center beside the app key")
	}
	return err
}

// sandboxApp returns the app of a sandbox, as the sandbox itself knows it.
func (o *loginOptions) sandboxApp(ctx context.Context, sys *System) (*oauth.App, error) {
	running, err := findSandbox(ctx, sys, o.Sandbox)
	if err != nil {
		return nil, err
	}
	address := running.url
	o.Endpoint = address
	app := &oauth.App{Key: running.key, Secret: running.secret, ServiceID: running.service, Endpoint: address, Logger: sys.trace.log()}
	// The environment may be about the platform; its secret goes to a sandbox
	// only where the environment names that.
	here := strings.TrimRight(sys.Getenv(envEndpoint), "/") == address
	if here || o.app.secret.argument != "" || o.app.secret.file != "" {
		if app.Secret, err = o.app.secret.read(sys, &inputs{stdin: sys.In}); err != nil {
			return nil, err
		}
	}
	app.Key = cmp.Or(o.app.key, app.Key)
	if here && o.app.key == "" {
		app.Key = cmp.Or(sys.Getenv(envAppKey), app.Key)
	}
	app.ServiceID = cmp.Or(o.ServiceID, app.ServiceID)
	return app, nil
}

// sandboxSeed asks the sandbox at an address what its data is made from.
func sandboxSeed(ctx context.Context, address string) (uint64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/_sandbox/health", nil)
	if err != nil {
		return 0, fmt.Errorf("reach the sandbox: %w", err)
	}
	client := &http.Client{Timeout: 10 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err
		}
		return 0, fmt.Errorf("no sandbox answers at %s: %w; start one with ttshop sandbox", address, err)
	}
	defer resp.Body.Close()
	var health struct {
		Status string  `json:"status"`
		Seed   *uint64 `json:"seed"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&health); err != nil || health.Seed == nil {
		return 0, fmt.Errorf("what answers at %s is no sandbox; start one with ttshop sandbox", address)
	}
	return *health.Seed, nil
}

// consent gets the auth code: from the sandbox, or from a person.
func (o *loginOptions) consent(ctx context.Context, sys *System, app *oauth.App, audience oauth.Audience) (ttshop.Secret, error) {
	state := oauth.NewState()
	link, err := app.AuthorizeURL(audience, state)
	if err != nil {
		return "", &exitError{exitNotSignedIn, err}
	}
	var callback oauth.Callback
	switch {
	case o.Paste:
		callback, err = o.pasted(ctx, sys, link, state)
	case o.Sandbox != "":
		callback, err = agree(ctx, link, state)
	default:
		callback, err = o.received(ctx, sys, link, state)
	}
	switch {
	case errors.Is(err, oauth.ErrDenied), errors.Is(err, oauth.ErrState):
		return "", &exitError{exitRefused, err}
	case err != nil:
		return "", err
	case callback.AppKey != "" && callback.AppKey != app.Key && o.Sandbox != "":
		return "", &exitError{exitRefused, fmt.Errorf("the sandbox has an app of its own, %s: pass --app-key %[1]s and the secret of ttshop sandbox --app-secret", printable(callback.AppKey))}
	case callback.AppKey != "" && callback.AppKey != app.Key:
		return "", &exitError{exitRefused, fmt.Errorf("the callback is for app %s instead of %s: does the service id belong to another app?", printable(callback.AppKey), app.Key)}
	}
	return ttshop.Secret(callback.Code), nil
}

// agree follows the link of a sandbox as the seller's browser would and presses
// the button.
func agree(ctx context.Context, link, state string) (oauth.Callback, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link+"&approve=true", nil)
	if err != nil {
		return oauth.Callback{}, fmt.Errorf("open the authorization link: %w", err)
	}
	wire := &recorder{next: http.DefaultTransport}
	location, err := wire.follow(req)
	if err != nil {
		return oauth.Callback{}, fmt.Errorf("the sandbox does not know the app: %w; give the app key, secret and service id that ttshop sandbox printed", err)
	}
	return oauth.ParseCallback(location.Query(), state)
}

// received waits for the redirect on this machine.
func (o *loginOptions) received(ctx context.Context, sys *System, link, state string) (oauth.Callback, error) {
	if _, _, err := net.SplitHostPort(o.Listen); err != nil {
		return oauth.Callback{}, usagef("--listen %s: want HOST:PORT, such as %s", o.Listen, defaultCallback)
	}
	server := newCallbackServer(o.Listen, state, sys.warn)
	return server.wait(ctx, o.Timeout, func(address string) {
		opened := false
		if !o.NoBrowser {
			err := openBrowser(ctx, sys, link)
			opened = err == nil
		}
		if opened {
			fmt.Fprintf(sys.Err, "The browser shows the page that asks for access. Where it does not, open\n\n  %s\n\n", link)
		} else {
			fmt.Fprintf(sys.Err, "Open this page, signed in as the one who is to grant access:\n\n  %s\n\n", link)
		}
		fmt.Fprintf(sys.Err, "Waiting for the redirect to %s/, which must be the app's\nredirect URL in Partner Center.\n", address)
	})
}

// pasted reads the redirect URL that a person copied.
func (o *loginOptions) pasted(ctx context.Context, sys *System, link, state string) (oauth.Callback, error) {
	if !o.NoBrowser {
		_ = openBrowser(ctx, sys, link) // the link is shown at any rate
	}
	fmt.Fprintf(sys.Err, "Open this page, signed in as the one who is to grant access:\n\n  %s\n\n", link)
	fmt.Fprintln(sys.Err, "Then copy the whole address at which the browser ends, also where it shows\nnothing, and paste it here:")
	line, err := readLine(ctx, sys.In)
	if err != nil {
		return oauth.Callback{}, fmt.Errorf("read the redirect URL: %w", err)
	}
	if line == "" {
		return oauth.Callback{}, usagef("no redirect URL was pasted")
	}
	return oauth.ParseCallbackURL(line, state)
}

// readLine reads a line, unless the context ends first.
func readLine(ctx context.Context, in io.Reader) (string, error) {
	type answer struct {
		line string
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		line, err := bufio.NewReader(in).ReadString('\n')
		if errors.Is(err, io.EOF) {
			err = nil
		}
		read <- answer{strings.TrimSpace(line), err}
	}()
	select {
	case a := <-read:
		return a.line, a.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// prepare opens the store once, so that nobody grants access in vain.
func (h *home) prepare(ctx context.Context, sys *System) error {
	if err := os.MkdirAll(h.folder(), 0o700); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	store, err := h.openStore(ctx, sys, h.storeURL(sys), true)
	if err != nil {
		return err
	}
	return store.Close()
}

// keep buys the token and keeps it with the secret and the profile.
func (o *loginOptions) keep(ctx context.Context, sys *System, h *home, app *oauth.App, code ttshop.Secret) (err error) {
	fresh, err := o.newProfile(sys, h, app)
	if err != nil {
		return err
	}
	storeURL := h.storeURL(sys)
	store, err := h.openStore(ctx, sys, storeURL, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	api := cmp.Or(fresh.Endpoint, ttshop.DefaultEndpoint)
	fleet := newFleet(sys, app, store, ttshop.WithEndpoint(api))
	defer func() { err = errors.Join(err, closeFleet(ctx, fleet)) }()
	grant, err := fleet.Authorize(ctx, code.Reveal())
	switch {
	case err != nil && grant.Version == 0:
		return err
	case err != nil:
		sys.warn("signed in, but the shops could not be fetched: %v. ttshop shops --refresh tries again", err)
	}
	fresh.OpenID = grant.OpenID
	err = h.change(ctx, func() error {
		h.vault.choose(!o.NoKeyring)
		if err := h.vault.setAppSecret(app.Key, app.Secret); err != nil {
			return err
		}
		if old := h.profile; old != nil && old.AppKey == fresh.AppKey && old.OpenID == fresh.OpenID {
			fresh.ShopID = old.ShopID
		}
		fresh.chooseShop(grant.Shops, o.Sandbox != "")
		h.profile, h.Current = fresh, h.name
		return nil
	})
	if err != nil {
		return err
	}
	s, err := gatherStatus(ctx, sys, grantIn{grant, storeURL})
	if err != nil {
		return err
	}
	if o.JSON {
		return writeJSON(sys.Out, s)
	}
	fmt.Fprintln(sys.Out, painter(sys.Color).green("Signed in.")+"\n")
	return s.write(sys, true)
}

// newProfile returns the profile that the sign-in makes.
func (o *loginOptions) newProfile(sys *System, h *home, app *oauth.App) (*profile, error) {
	p := &profile{AppKey: app.Key, ServiceID: app.ServiceID}
	api, err := apiEndpoint(sys, o.Endpoint, app.Key)
	if err != nil {
		return nil, err
	}
	if api != ttshop.DefaultEndpoint {
		p.Endpoint = api
	}
	if app.Endpoint != p.Endpoint {
		p.AuthEndpoint = cmp.Or(app.Endpoint, oauth.DefaultEndpoint)
	}
	asked := sys.Getenv(envStore)
	if asked == "" && h.profile != nil {
		asked = h.profile.Store
	}
	var cut bool
	if p.Store, cut, err = plainStore(asked); err != nil {
		return nil, err
	}
	if cut {
		sys.warn("the profile keeps the store's URL without its password; PGPASSWORD, a .pgpass file or %s can give it", envStore)
	}
	return p, nil
}

// plainStore returns the URL of a store in the form in which a profile keeps
// it: with a whole path, and without a password. The store in memory is none to
// keep. cut reports that there was a password.
func plainStore(storeURL string) (plain string, cut bool, err error) {
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
	plainA, _, errA := plainStore(a)
	plainB, _, errB := plainStore(b)
	return errA == nil && errB == nil && plainA == plainB
}

// chooseShop chooses the shop that calls are about: the one chosen before, or
// the only one. Of several only a sandbox's first is taken unasked.
func (p *profile) chooseShop(shops []tokenstore.Shop, first bool) {
	i := slices.IndexFunc(shops, func(s tokenstore.Shop) bool { return p.ShopID != "" && s.ID == p.ShopID })
	if i < 0 && (len(shops) == 1 || first && len(shops) > 0) {
		i = 0
	}
	p.ShopID, p.ShopCipher = "", ""
	if i >= 0 {
		p.ShopID, p.ShopCipher = shops[i].ID, shops[i].Cipher
	}
}
