package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/account"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// What the platform accepts as a timestamp, and when to warn before that.
const (
	mostBehind = 5 * time.Minute
	mostAhead  = 30 * time.Second
	warnBehind = time.Minute
	warnAhead  = 10 * time.Second
)

// doctor goes through the checks. Later checks use what earlier ones found, and
// are skipped if that is missing.
type doctor struct {
	sys      *platform.Session
	in       *field.Inputs
	say      func(finding)
	findings []finding

	home   *platform.Home
	key    string
	api    string
	grant  *platform.GrantIn  // nil: a bare token, or none
	token  bool               // there is one, valid or not
	client *ttshop.Client     // nil: something that calls need is missing
	shops  *[]tokenstore.Shop // of the platform; nil: it gave none
	cipher string             // of the shop in use
}

func (d *doctor) note(name, status, fix, format string, args ...any) {
	f := finding{name, status, fmt.Sprintf(format, args...), fix}
	d.findings = append(d.findings, f)
	d.say(f)
}

// failed records a check that failed with an error, which often says what to do.
func (d *doctor) failed(name, fix string, err error) {
	if refused, ok := errors.AsType[*ttshop.Error](err); ok && fix == "" {
		if fix = refused.Advice(); fix != "" {
			d.note(name, checkFailed, fix, "the platform refused the call (code %d): %s", refused.Code, refused.Message)
			return
		}
	}
	d.note(name, checkFailed, fix, "%v", err)
}

func (d *doctor) examine(ctx context.Context, operations []*catalog.Operation) {
	if !d.configuration() {
		return
	}
	d.app()
	d.stored(ctx)
	reached := d.network(ctx)
	d.client = d.connect(reached)
	d.live(ctx)
	d.shop()
	for _, op := range operations {
		d.operation(op)
	}
}

// configuration checks the files of the command.
func (d *doctor) configuration() bool {
	h, err := d.sys.Home()
	if err != nil {
		d.failed("config", "", err)
		return false
	}
	d.home = h
	switch _, statErr := os.Stat(h.Path); {
	case h.Path == "":
		d.note("config", checkSkipped, "", "there is no home folder to keep it in")
	case errors.Is(statErr, fs.ErrNotExist):
		d.note("config", checkSkipped, "", "there is none yet at %s", d.sys.Tilde(h.Path))
	case h.Profile == nil && h.Explicit:
		d.failed("config", "", h.NoProfile())
		return false
	default:
		d.note("config", checkOK, "", "profile %s of %s", h.Name, d.sys.Tilde(h.Path))
	}
	switch h.Vault.Place {
	case platform.InKeyring:
		if _, err := h.Vault.ReadKey(); err != nil && !errors.Is(err, platform.ErrNoSecret) {
			d.failed("secrets", "", err)
			break
		}
		d.note("secrets", checkOK, "", "in the keyring")
	case platform.InFile:
		d.secretFiles(h)
	}
	return true
}

// secretFiles checks the modes of the files with secrets, and that they open.
func (d *doctor) secretFiles(h *platform.Home) {
	for _, name := range []string{platform.KeyFile, platform.SecretsFile, platform.GrantsFile} {
		path := filepath.Join(h.Folder(), name)
		if err := platform.CheckPrivate(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			d.failed("secrets", "", err)
			return
		}
	}
	if _, err := h.Vault.ReadFile(); err != nil {
		d.failed("secrets", "", err)
		return
	}
	d.note("secrets", checkOK, "", "in a sealed file beside it")
}

// app checks that there are an app key and a secret.
func (d *doctor) app() {
	var app platform.AppFlags
	key, err := app.ReadKey(d.sys)
	if err != nil {
		d.failed("app", "", err)
		return
	}
	d.key = key
	if _, err := app.Secret.Read(d.sys, d.in); err != nil {
		d.failed("app", "", err)
		return
	}
	from := "the profile"
	if d.sys.Getenv(platform.EnvAppSecret) != "" {
		from = "the environment"
	}
	d.note("app", checkOK, "", "%s, with the secret of %s", key, from)
}

// stored checks the store and the grant in it.
func (d *doctor) stored(ctx context.Context) {
	if d.key == "" {
		d.note("token", checkSkipped, "", "there is no app")
		return
	}
	g, err := platform.CurrentGrant(ctx, d.sys)
	switch {
	case err != nil:
		d.failed("token", "", err)
		return
	case g.StoreURL == "":
		d.token = true
		d.note("token", checkOK, "", "of the environment; its expiry and scopes are not known")
		return
	}
	d.grant, d.token = &g, true
	now := d.sys.Now()
	text := fmt.Sprintf("of %s in %s, %s", platform.Whose(g.Token), d.sys.Tilde(platform.ShownStore(g.StoreURL)), account.Ending(g.Token.AccessTokenExpiresAt, now, "it is refreshed below"))
	switch days := oauth.EndingMark(g.Token, now); {
	case g.Lost():
		d.note("token", checkFailed, "run ttshop login: the user must authorize the app again", "the authorization of %s is lost: %s", platform.Whose(g.Token), g.LostReason)
	case !g.Token.RefreshTokenExpiresAt.IsZero() && !g.Token.RefreshTokenExpiresAt.After(now):
		d.note("token", checkFailed, "run ttshop login: the user must authorize the app again", "the authorization of %s expired %s", platform.Whose(g.Token), console.Moment(g.Token.RefreshTokenExpiresAt))
	case days != 0:
		d.note("token", checkWarning, "have the user authorize the app again before then: ttshop login", "%s; the authorization expires in %s", text, console.Span(g.Token.RefreshTokenExpiresAt.Sub(now)))
	default:
		d.note("token", checkOK, "", "%s", text)
	}
}

// network checks that API and authorization host answer, and the clock by what
// the API says.
func (d *doctor) network(ctx context.Context) bool {
	api, err := platform.APIEndpoint(d.sys, "", d.key)
	if err != nil {
		d.failed("network", "", err)
		return false
	}
	d.api = api
	auth, err := platform.AuthEndpoint(d.sys, "", d.key)
	if err != nil {
		d.failed("network", "", err)
		return false
	}
	date, took, err := d.reach(ctx, api)
	if err != nil {
		d.failed("network", "check the address, the connection and proxies", err)
		return false
	}
	d.note("network", checkOK, "", "%s answers in %.0f ms", api, platform.Milliseconds(took))
	if auth = cmp.Or(auth, oauth.DefaultEndpoint); auth != api {
		if _, took, err := d.reach(ctx, auth); err != nil {
			d.failed("auth host", "check the address, the connection and proxies; tokens cannot be refreshed until then", err)
		} else {
			d.note("auth host", checkOK, "", "%s answers in %.0f ms", auth, platform.Milliseconds(took))
		}
	}
	d.clock(date, took)
	return true
}

// reach sends a request to an address and returns the time in its answer, zero if
// it has none.
func (d *doctor) reach(ctx context.Context, address string) (date time.Time, took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/", nil)
	if err != nil {
		return date, 0, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	start := time.Now()
	resp, err := client.Do(req)
	took = time.Since(start)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err
		}
		return date, took, fmt.Errorf("%s does not answer: %w", address, err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)); err != nil {
		return date, took, fmt.Errorf("%s does not answer completely: %w", address, err)
	}
	if text := resp.Header.Get("Date"); text != "" {
		if date, err = http.ParseTime(text); err != nil {
			return time.Time{}, took, nil // as if it had none
		}
	}
	return date, took, nil
}

// clock compares this machine's clock with the platform's.
func (d *doctor) clock(date time.Time, took time.Duration) {
	if date.IsZero() {
		d.note("clock", checkSkipped, "", "the answer has no Date header to compare with")
		return
	}
	// The header has whole seconds; on average half a second more has passed.
	ahead := d.sys.Now().Add(-took / 2).Sub(date.Add(500 * time.Millisecond))
	status, fix := checkOK, ""
	switch {
	case ahead > mostAhead || -ahead > mostBehind:
		status = checkFailed
	case ahead > warnAhead || -ahead > warnBehind:
		status = checkWarning
	}
	if status != checkOK {
		fix = "set this machine's clock, for example by NTP: timestamps may be 5 minutes old and 30 seconds ahead"
	}
	switch rounded := ahead.Round(time.Second); {
	case rounded.Abs() <= time.Second:
		d.note("clock", status, fix, "correct to the second")
	case ahead > 0:
		d.note("clock", status, fix, "%s ahead of the platform's", console.Span(rounded))
	default:
		d.note("clock", status, fix, "%s behind the platform's", console.Span(rounded))
	}
}

// connect returns the client for the call, or nil where something is missing.
func (d *doctor) connect(reached bool) *ttshop.Client {
	if !reached || !d.token || d.key == "" {
		return nil
	}
	var c platform.Connection
	client, err := c.Client(d.sys, d.in, c.Tokens)
	if err != nil {
		return nil // what is missing has been reported
	}
	d.cipher = c.Shop(d.sys)
	return client
}

// live sends one call, which shows whether key, secret, signature and token are
// valid.
func (d *doctor) live(ctx context.Context) {
	if d.client == nil {
		d.note("call", checkSkipped, "", "not sent, because of what is missing above")
		return
	}
	start := time.Now()
	response, err := d.client.Call(ctx, "GET", platform.ShopsPath, nil, nil)
	if errors.Is(err, ttshop.ErrScope) {
		d.note("call", checkOK, "", "key, secret and token are valid; listing shops is outside their scopes")
		return
	}
	if err != nil {
		d.failed("call", "", err)
		return
	}
	var data struct {
		Shops []tokenstore.Shop `json:"shops"`
	}
	if err := response.Decode(&data); err != nil {
		d.failed("call", "", err)
		return
	}
	d.shops = &data.Shops
	d.note("call", checkOK, "", "key, secret and token are valid: %s listed in %.0f ms", console.Count(len(data.Shops), "shop"), platform.Milliseconds(time.Since(start)))
}

// shop checks the shop that calls are about.
func (d *doctor) shop() {
	if d.shops == nil {
		return
	}
	shops := *d.shops
	i := slices.IndexFunc(shops, func(s tokenstore.Shop) bool { return s.Cipher == d.cipher })
	switch {
	case d.cipher == "" && len(shops) == 0:
		d.note("shop", checkSkipped, "", "the grant covers none")
	case d.cipher == "":
		d.note("shop", checkWarning, "choose one: ttshop use SHOP, or set "+platform.EnvShopCipher, "none is chosen of %d", len(shops))
	case i < 0:
		d.note("shop", checkFailed, "choose one of the grant's: ttshop shops --refresh, ttshop use SHOP", "the cipher in use belongs to none of the %s of the grant", console.Count(len(shops), "shop"))
	default:
		d.note("shop", checkOK, "", "%s (%s, %s)", shops[i].Name, shops[i].Region, shops[i].ID)
	}
}

// operation checks what an operation needs against what was granted.
func (d *doctor) operation(op *catalog.Operation) {
	name := op.FullName()
	needsShop := op.ShopCipher == catalog.RuleRequired
	missing := slices.DeleteFunc(slices.Clone(op.Scopes), func(scope string) bool {
		return d.grant == nil || slices.Contains(d.grant.Token.GrantedScopes, scope)
	})
	scopes := strings.Join(op.Scopes, ", ")
	switch {
	case needsShop && d.cipher == "" && d.client != nil:
		d.note("operation", checkFailed, "choose one: ttshop use SHOP", "%s needs a shop, and none is chosen", name)
	case len(op.Scopes) == 0:
		d.note("operation", checkWarning, "", "%s: the scope it needs is not documented", name)
	case d.grant == nil:
		d.note("operation", checkSkipped, "", "%s needs %s; what was granted is not known", name, scopes)
	case len(missing) == len(op.Scopes):
		d.note("operation", checkFailed, "add the scope to the app in Partner Center and have the user authorize again: ttshop login",
			"%s needs %s, which was not granted", name, scopes)
	case len(missing) > 0:
		d.note("operation", checkWarning, "", "%s: only some of %s were granted; whether it needs all of them is not documented", name, scopes)
	default:
		d.note("operation", checkOK, "", "%s: %s was granted", name, scopes)
	}
}
