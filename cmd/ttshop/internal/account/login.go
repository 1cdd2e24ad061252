package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
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

	app platform.AppFlags
}

// Where login listens and looks for a sandbox, unless told otherwise.
const (
	defaultCallback = "127.0.0.1:8088"
	sandboxProfile  = "sandbox"
)

// audiences are those who can grant access, as the flag names them.
var audiences = map[string]oauth.Audience{
	"seller": oauth.Seller, "seller-us": oauth.SellerUS, "seller-legacy": oauth.SellerLegacy,
	"creator": oauth.Creator, "partner": oauth.Partner, "partner-us": oauth.PartnerUS,
}

// NewLoginCmd returns the command ttshop login.
func NewLoginCmd(sys *platform.Session) *cobra.Command {
	var o loginOptions
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Sign in: let a seller grant access, and keep the grant",
		Long: `Let a seller, creator or partner grant the app access, and keep the grant with
its shops for later commands.

The browser opens the platform's page, which redirects to the address that the
app registered in Partner Center. If that is on this machine, such as
http://` + defaultCallback + `/, the command receives it; --listen uses another port.
If it is elsewhere, use --paste and copy the address at which the browser ends
up.

The grant goes to the token store and the app secret to the keyring or, if there
is none, to a sealed file, whose key is derived from ` + platform.EnvPassphrase + ` or lies
beside it in a file that only you can read.

With --sandbox the command signs in to a sandbox on this machine and agrees on
the seller's behalf. The profile is called ` + sandboxProfile + ` unless --profile names it.`,
		Example: `  ttshop login --sandbox --json
  ttshop login --app-key 6abc --secret-file secret.txt --service-id 7495
  ttshop login --profile partner --audience partner --no-browser
  ttshop login --paste`,
		Args: console.Takes(0, 1, "at most the address of the sandbox"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				// Since the flag's value may be left out, it cannot be the next word.
				if !cmd.Flags().Changed("sandbox") {
					return console.Usagef("%s takes no arguments; is it the address for --sandbox?", cmd.CommandPath())
				}
				o.Sandbox = args[0]
			}
			return o.run(cmd.Context(), sys)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.Sandbox, "sandbox", "", "sign in to the sandbox at `ADDRESS`, by default the one at "+platform.DefaultSandbox)
	flags.Lookup("sandbox").NoOptDefVal = platform.DefaultSandbox
	o.app.Add(flags)
	flags.StringVar(&o.ServiceID, "service-id", "", "the app's service `ID`, which links for sellers and partners contain; default: "+platform.EnvServiceID)
	flags.StringVar(&o.Audience, "audience", "seller", "`WHO` grants access: "+strings.Join(slices.Sorted(maps.Keys(audiences)), ", "))
	flags.StringVar(&o.Listen, "listen", defaultCallback, "`HOST:PORT` on this machine that the app's redirect URL leads to")
	flags.BoolVar(&o.Paste, "paste", false, "read the redirect URL from standard input")
	flags.BoolVar(&o.NoBrowser, "no-browser", false, "print the link instead of opening a browser")
	flags.DurationVar(&o.Timeout, "timeout", 10*time.Minute, "how long to wait for the redirect, a `DURATION` such as 30m")
	flags.BoolVar(&o.NoKeyring, "no-keyring", false, "keep secrets in a sealed file even if there is a keyring")
	flags.StringVar(&o.Endpoint, "endpoint", "", "`ADDRESS` of API and authorization host, if not the platform's; default: "+platform.EnvEndpoint)
	flags.BoolVar(&o.JSON, "json", false, "answer as ttshop status --json does")
	return cmd
}

func (o *loginOptions) run(ctx context.Context, sys *platform.Session) error {
	audience, ok := audiences[o.Audience]
	if !ok {
		return console.Usagef("--audience %s: use one of %s", o.Audience, strings.Join(slices.Sorted(maps.Keys(audiences)), ", "))
	}
	if o.Timeout <= 0 {
		return console.Usagef("--timeout %v: must be more than 0", o.Timeout)
	}
	if err := field.OneStdin(field.Param{Key: "--secret-file", Value: o.app.Secret.File}, field.Param{Key: "--paste", Value: map[bool]string{true: "-"}[o.Paste]}); err != nil {
		return err
	}
	h, err := sys.Home()
	if err != nil {
		return err
	}
	if o.Sandbox != "" && !h.Explicit {
		h.Name, h.Profile = sandboxProfile, h.Profiles[sandboxProfile]
	}
	if err := platform.CheckProfileName(h.Name); err != nil {
		return err
	}
	h.Explicit = false // one that does not exist is made
	if o.NoKeyring && h.Vault.Place == platform.InKeyring {
		err = h.Change(ctx, func() error { return h.Vault.LeaveKeyring(h.Apps()) })
		if err != nil {
			return err
		}
	}
	h.Vault.Choose(!o.NoKeyring)
	if err := prepare(h, ctx, sys); err != nil {
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
func (o *loginOptions) platformApp(sys *platform.Session, h *platform.Home) (*oauth.App, error) {
	if err := o.ask(sys, h); err != nil {
		return nil, err
	}
	app, err := o.app.OAuthApp(sys, &field.Inputs{Stdin: sys.In}, o.Endpoint)
	if err != nil {
		return nil, err
	}
	app.ServiceID = cmp.Or(o.ServiceID, sys.Getenv(platform.EnvServiceID))
	if h.Profile != nil && h.Profile.AppKey == app.Key {
		app.ServiceID = cmp.Or(app.ServiceID, h.Profile.ServiceID)
	}
	if app.ServiceID == "" && o.Audience != "creator" && o.Audience != "seller-legacy" {
		return nil, console.NotSignedInf("no service id: set %s or pass --service-id; Partner Center shows it beside the app key, and it is a different number", platform.EnvServiceID)
	}
	return app, nil
}

// ask asks for what is missing, if somebody is there to answer.
func (o *loginOptions) ask(sys *platform.Session, h *platform.Home) error {
	if !sys.Terminal.Ask || o.Paste {
		return nil
	}
	key, err := o.app.ReadKey(sys)
	if console.ExitCode(err) == console.ExitNotSignedIn && !h.Explicit {
		if o.app.Key, err = sys.Ask("App key"); err != nil {
			return err
		}
		key = o.app.Key
	} else if err != nil && console.ExitCode(err) != console.ExitNotSignedIn {
		return err
	}
	if key == "" {
		if o.app.Key, err = sys.Ask("App key"); err != nil {
			return err
		}
		key = o.app.Key
	}
	if o.app.Secret.FromProfile(sys) {
		_, err := h.Vault.AppSecret(key)
		if errors.Is(err, platform.ErrNoSecret) {
			if o.app.Secret.Asked, err = sys.AskSecret("App secret"); err != nil {
				return err
			}
		}
	}
	known := o.Audience == "creator" || o.Audience == "seller-legacy" || o.ServiceID != "" || sys.Getenv(platform.EnvServiceID) != "" ||
		h.Profile != nil && h.Profile.AppKey == key && h.Profile.ServiceID != ""
	if !known {
		o.ServiceID, err = sys.Ask("Service id, which Partner Center shows beside the app key")
	}
	return err
}

// sandboxApp returns the app of a sandbox, as the sandbox itself knows it.
func (o *loginOptions) sandboxApp(ctx context.Context, sys *platform.Session) (*oauth.App, error) {
	running, err := platform.FindSandbox(ctx, sys, o.Sandbox)
	if err != nil {
		return nil, err
	}
	address := running.URL
	o.Endpoint = address
	app := &oauth.App{Key: running.Key, Secret: running.Secret, ServiceID: running.Service, Endpoint: address, Logger: sys.Trace.Log()}
	// The environment may be about the platform; its secret goes to a sandbox
	// only if the environment names that sandbox.
	here := strings.TrimRight(sys.Getenv(platform.EnvEndpoint), "/") == address
	if here || o.app.Secret.Argument != "" || o.app.Secret.File != "" {
		if app.Secret, err = o.app.Secret.Read(sys, &field.Inputs{Stdin: sys.In}); err != nil {
			return nil, err
		}
	}
	app.Key = cmp.Or(o.app.Key, app.Key)
	if here && o.app.Key == "" {
		app.Key = cmp.Or(sys.Getenv(platform.EnvAppKey), app.Key)
	}
	app.ServiceID = cmp.Or(o.ServiceID, app.ServiceID)
	return app, nil
}

// consent gets the auth code: from the sandbox, or from a person.
func (o *loginOptions) consent(ctx context.Context, sys *platform.Session, app *oauth.App, audience oauth.Audience) (ttshop.Secret, error) {
	state := oauth.NewState()
	link, err := app.AuthorizeURL(audience, state)
	if err != nil {
		return "", &console.ExitError{Code: console.ExitNotSignedIn, Err: err}
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
		return "", &console.ExitError{Code: console.ExitRefused, Err: err}
	case err != nil:
		return "", err
	case callback.AppKey != "" && callback.AppKey != app.Key && o.Sandbox != "":
		return "", &console.ExitError{Code: console.ExitRefused, Err: fmt.Errorf("the sandbox has an app of its own, %s: pass --app-key %[1]s and the secret that ttshop sandbox --app-secret was given", console.Printable(callback.AppKey))}
	case callback.AppKey != "" && callback.AppKey != app.Key:
		return "", &console.ExitError{Code: console.ExitRefused, Err: fmt.Errorf("the callback is for app %s, not %s: does the service id belong to another app?", console.Printable(callback.AppKey), app.Key)}
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
	wire := &platform.Recorder{Next: http.DefaultTransport}
	location, err := wire.Follow(req)
	if err != nil {
		return oauth.Callback{}, fmt.Errorf("the sandbox does not know the app: %w; give the app key, secret and service id that ttshop sandbox printed", err)
	}
	return oauth.ParseCallback(location.Query(), state)
}

// received waits for the redirect on this machine.
func (o *loginOptions) received(ctx context.Context, sys *platform.Session, link, state string) (oauth.Callback, error) {
	if _, _, err := net.SplitHostPort(o.Listen); err != nil {
		return oauth.Callback{}, console.Usagef("--listen %s: use HOST:PORT, such as %s", o.Listen, defaultCallback)
	}
	server := platform.NewCallbackServer(o.Listen, state, sys.Warn)
	return server.Wait(ctx, o.Timeout, func(address string) {
		opened := false
		if !o.NoBrowser {
			err := console.OpenBrowser(ctx, sys.System, link)
			opened = err == nil
		}
		if opened {
			fmt.Fprintf(sys.Err, "The browser shows the page that asks for access. If it does not, open\n\n  %s\n\n", link)
		} else {
			fmt.Fprintf(sys.Err, "Open this page, signed in as the user who grants access:\n\n  %s\n\n", link)
		}
		fmt.Fprintf(sys.Err, "Waiting for the redirect to %s/, which must be the app's\nredirect URL in Partner Center.\n", address)
	})
}

// pasted reads the redirect URL that a person copied.
func (o *loginOptions) pasted(ctx context.Context, sys *platform.Session, link, state string) (oauth.Callback, error) {
	if !o.NoBrowser {
		_ = console.OpenBrowser(ctx, sys.System, link) // the link is shown in any case
	}
	fmt.Fprintf(sys.Err, "Open this page, signed in as the user who grants access:\n\n  %s\n\n", link)
	fmt.Fprintln(sys.Err, "Then copy the whole address at which the browser ends up, even if it shows\nnothing, and paste it here:")
	line, err := console.ReadLine(ctx, sys.In)
	if err != nil {
		return oauth.Callback{}, fmt.Errorf("read the redirect URL: %w", err)
	}
	if line == "" {
		return oauth.Callback{}, console.Usagef("no redirect URL was pasted")
	}
	return oauth.ParseCallbackURL(line, state)
}

// prepare opens the store once, so that access is not granted in vain.
func prepare(h *platform.Home, ctx context.Context, sys *platform.Session) error {
	if err := os.MkdirAll(h.Folder(), 0o700); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	store, err := h.OpenStore(ctx, sys, h.StoreURL(sys), true)
	if err != nil {
		return err
	}
	return store.Close()
}

// keep buys the token and keeps it with the secret and the profile.
func (o *loginOptions) keep(ctx context.Context, sys *platform.Session, h *platform.Home, app *oauth.App, code ttshop.Secret) (err error) {
	fresh, err := o.newProfile(sys, h, app)
	if err != nil {
		return err
	}
	storeURL := h.StoreURL(sys)
	store, err := h.OpenStore(ctx, sys, storeURL, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	api := cmp.Or(fresh.Endpoint, ttshop.DefaultEndpoint)
	fleet := platform.NewFleet(sys, app, store, ttshop.WithEndpoint(api))
	defer func() { err = errors.Join(err, platform.CloseFleet(ctx, fleet)) }()
	grant, err := fleet.Authorize(ctx, code.Reveal())
	switch {
	case err != nil && grant.Version == 0:
		return err
	case err != nil:
		sys.Warn("signed in, but the shops could not be fetched: %v. ttshop shops --refresh tries again", err)
	}
	fresh.OpenID = grant.OpenID
	err = h.Change(ctx, func() error {
		h.Vault.Choose(!o.NoKeyring)
		if err := h.Vault.SetAppSecret(app.Key, app.Secret); err != nil {
			return err
		}
		if old := h.Profile; old != nil && old.AppKey == fresh.AppKey && old.OpenID == fresh.OpenID {
			fresh.ShopID = old.ShopID
		}
		chooseShop(fresh, grant.Shops, o.Sandbox != "")
		h.Profile, h.Current = fresh, h.Name
		return nil
	})
	if err != nil {
		return err
	}
	s, err := gatherStatus(ctx, sys, platform.GrantIn{Grant: grant, StoreURL: storeURL})
	if err != nil {
		return err
	}
	if o.JSON {
		return console.WriteJSON(sys.Out, s)
	}
	fmt.Fprintln(sys.Out, console.Painter(sys.Color).Green("Signed in.")+"\n")
	return s.write(sys, true)
}

// newProfile returns the profile that the sign-in makes.
func (o *loginOptions) newProfile(sys *platform.Session, h *platform.Home, app *oauth.App) (*platform.Profile, error) {
	p := &platform.Profile{AppKey: app.Key, ServiceID: app.ServiceID}
	api, err := platform.APIEndpoint(sys, o.Endpoint, app.Key)
	if err != nil {
		return nil, err
	}
	if api != ttshop.DefaultEndpoint {
		p.Endpoint = api
	}
	if app.Endpoint != p.Endpoint {
		p.AuthEndpoint = cmp.Or(app.Endpoint, oauth.DefaultEndpoint)
	}
	asked := sys.Getenv(platform.EnvStore)
	if asked == "" && h.Profile != nil {
		asked = h.Profile.Store
	}
	var cut bool
	if p.Store, cut, err = platform.PlainStore(asked); err != nil {
		return nil, err
	}
	if cut {
		sys.Warn("the profile keeps the store's URL without its password; PGPASSWORD, a .pgpass file or %s can give it", platform.EnvStore)
	}
	return p, nil
}

// chooseShop chooses the shop that calls are about: the one chosen before, or
// the only one. Among several, only a sandbox's first is chosen without asking.
func chooseShop(p *platform.Profile, shops []tokenstore.Shop, first bool) {
	i := slices.IndexFunc(shops, func(s tokenstore.Shop) bool { return p.ShopID != "" && s.ID == p.ShopID })
	if i < 0 && (len(shops) == 1 || first && len(shops) > 0) {
		i = 0
	}
	p.ShopID, p.ShopCipher = "", ""
	if i >= 0 {
		p.ShopID, p.ShopCipher = shops[i].ID, shops[i].Cipher
	}
}
