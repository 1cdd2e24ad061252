package connect

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/sign"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// Config configures a [Handler]. App, Fleet, Applications, Base, Store and Sealer
// are required.
type Config struct {
	// App is the app that users authorize.
	App *oauth.App
	// Fleet gets the grants.
	Fleet *tokenstore.Fleet
	// Applications are what users connect their shops to.
	Applications []Application
	// Base is the address under which browsers reach the handler, such as
	// https://connect.example.com. The redirect URL of the app in Partner Center is
	// this with /connect/callback.
	Base string
	// Store keeps which grants are connected to what.
	Store Store
	// Sealer seals what a browser keeps between its two visits.
	Sealer policy.Sealer
	// Nonces knows which states were used; nil means those of this process, which
	// then takes no states of another one.
	Nonces gateway.Nonces
	// HTTPClient sends the events; nil means one with a timeout of 10 seconds. It
	// must not follow redirects.
	HTTPClient *http.Client
	// Logger records what an operator has to know; nil records nothing.
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Handler serves /connect/. It is safe for concurrent use.
type Handler struct {
	app          *oauth.App
	signer       *sign.Signer
	fleet        *tokenstore.Fleet
	applications map[string]*Application
	base         *url.URL
	store        Store
	sealer       policy.Sealer
	nonces       gateway.Nonces
	process      string // set where used states are known to this process alone
	client       *http.Client
	logger       *slog.Logger
	now          func() time.Time
	wake         chan struct{} // holds a value when there is something to tell
	pauses       pauses
	routes       http.Handler
}

// eventTimeout bounds the delivery of an event.
const eventTimeout = 10 * time.Second

// New returns a handler.
func New(config Config) (*Handler, error) {
	base, err := url.Parse(config.Base)
	switch {
	case config.App == nil || config.Fleet == nil || config.Store == nil || config.Sealer == nil:
		return nil, errors.New("connect: it needs an app, a fleet, a store and a sealer")
	case err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || strings.Trim(base.Path, "/") != "":
		return nil, fmt.Errorf("connect: %q is not an address that browsers reach; use, for example, https://connect.example.com", config.Base)
	case len(config.Applications) == 0:
		return nil, errors.New("connect: there are no applications")
	}
	h := &Handler{
		app: config.App, signer: sign.New(config.App.Secret.Reveal()), fleet: config.Fleet, applications: map[string]*Application{},
		base: base, store: config.Store, sealer: config.Sealer, nonces: config.Nonces, client: config.HTTPClient,
		logger: cmp.Or(config.Logger, slog.New(slog.DiscardHandler)), now: config.Now, wake: make(chan struct{}, 1),
	}
	for i := range config.Applications {
		a := config.Applications[i]
		if err := a.check(); err != nil {
			return nil, err
		}
		if h.applications[a.Name] != nil {
			return nil, fmt.Errorf("connect: there are two applications named %s", a.Name)
		}
		h.applications[a.Name] = &a
	}
	if h.nonces == nil {
		h.nonces, h.process = new(gateway.MemoryNonces), rand.Text()
	}
	if h.client == nil {
		h.client = &http.Client{Timeout: eventTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	if h.now == nil {
		h.now = time.Now
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /connect/page.css", serveStyle)
	mux.HandleFunc("GET /connect/callback", h.callback)
	mux.HandleFunc("POST /connect/webhook", h.webhook)
	mux.HandleFunc("GET /connect/{name}", h.consent)
	mux.HandleFunc("POST /connect/{name}", h.agreed)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		h.page(w, http.StatusNotFound, page{Title: "There is nothing here", Text: "Open the link that the application gave you."})
	})
	h.routes = http.NewCrossOriginProtection().Handler(mux)
	return h, nil
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer") // the callback's address has a code
	header.Set("X-Frame-Options", "DENY")
	// Forms lead on to the platform, which form-action would forbid.
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	h.routes.ServeHTTP(w, r)
}

const (
	maxBody   = 256 << 10
	maxTheirs = 512 // of an application's own state
)

// application returns the application of a request, or answers that there is none.
func (h *Handler) application(w http.ResponseWriter, r *http.Request) *Application {
	a := h.applications[r.PathValue("name")]
	if a == nil {
		h.page(w, http.StatusNotFound, page{Title: "There is no such application", Text: "Open the link that the application gave you."})
	}
	return a
}

// consent shows who asks for what.
func (h *Handler) consent(w http.ResponseWriter, r *http.Request) {
	a := h.application(w, r)
	if a == nil {
		return
	}
	theirs := r.URL.Query().Get("state")
	if len(theirs) > maxTheirs {
		h.page(w, http.StatusBadRequest, page{Title: "This link does not work", Text: fmt.Sprintf("Its state is longer than %d bytes. Tell %s.", maxTheirs, a.Title)})
		return
	}
	h.page(w, http.StatusOK, page{Title: "Connect your shop to " + a.Title, Application: a, Audiences: a.offered(), State: theirs})
}

// agreed sends the user on to the platform.
func (h *Handler) agreed(w http.ResponseWriter, r *http.Request) {
	a := h.application(w, r)
	if a == nil {
		return
	}
	if err := r.ParseForm(); err != nil || len(r.PostForm.Get("state")) > maxTheirs {
		h.page(w, http.StatusBadRequest, page{Title: "This form could not be read", Text: "Go back and try again.", Again: a.Name})
		return
	}
	theirs := r.PostForm.Get("state")
	ask := page{Title: "Connect your shop to " + a.Title, Application: a, Audiences: a.offered(), State: theirs}
	var chosen *audience
	for i := range ask.Audiences {
		if one := &ask.Audiences[i]; one.Name == r.PostForm.Get("audience") || len(ask.Audiences) == 1 {
			chosen = one
		}
	}
	if chosen == nil || r.PostForm.Get("agree") != "yes" {
		ask.Problem = "Choose where you are, and tick the box if you agree."
		h.page(w, http.StatusUnprocessableEntity, ask)
		return
	}
	f, cookie, err := h.begin(a.Name, theirs)
	if err == nil {
		var link string
		// The documents know no redirect_uri: the platform sends users to the
		// redirect URL in the app's settings. A parameter that it does not know could
		// be refused, so none is sent.
		if link, err = h.app.AuthorizeURL(chosen.About, f.State); err == nil {
			http.SetCookie(w, cookie)
			http.Redirect(w, r, link, http.StatusSeeOther)
			return
		}
	}
	h.logger.Error("an authorization could not begin", "application", a.Name, "error", err.Error())
	h.page(w, http.StatusInternalServerError, page{Title: "This does not work at the moment", Text: "Try again later."})
}

// callback takes what the platform sends a user back with.
func (h *Handler) callback(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	state := query.Get("state")
	f, ok := h.flowOf(r, state)
	if !ok && state == "" && query.Get("error") != "" {
		// A rejection need not carry the state, and grants nothing.
		h.page(w, http.StatusOK, page{Title: "Nothing was connected", Text: "You did not authorize the app. To change your mind, open the link of the application again."})
		return
	}
	if !ok {
		h.refuse(w, "This authorization was not begun in this browser, or the gateway was started again meanwhile.", "the state is foreign")
		return
	}
	a := h.applications[f.Application]
	if a == nil {
		h.refuse(w, "The application is no longer known here.", "the application is gone")
		return
	}
	if h.now().After(f.Until) {
		h.refuseAgain(w, a, "It took longer than half an hour.", "the state has expired")
		return
	}
	first, err := h.nonces.Once(r.Context(), "gateway connect "+f.State, h.now(), f.Until.Add(time.Minute))
	if err != nil {
		h.logger.Error("whether a state was used cannot be found out", "error", err.Error())
		h.page(w, http.StatusServiceUnavailable, page{Title: "This does not work at the moment", Text: "Reload this page in a moment."})
		return
	}
	if !first {
		h.refuseAgain(w, a, "This authorization has been used.", "the state was used before")
		return
	}
	used := h.cookie(f.State, "")
	used.MaxAge = -1
	http.SetCookie(w, used)
	came, err := oauth.ParseCallback(query, f.State)
	switch {
	case errors.Is(err, oauth.ErrDenied):
		h.leave(w, r, a, f, url.Values{"error": {"denied"}}, page{Title: "Nothing was connected", Text: "You did not authorize the app.", Again: a.Name})
		return
	case err != nil:
		h.logger.Error("a callback could not be read", "application", a.Name, "error", err.Error())
		h.leave(w, r, a, f, url.Values{"error": {"failed"}}, page{Title: "Nothing was connected", Text: "TikTok Shop sent no authorization along.", Again: a.Name})
		return
	case came.AppKey != "" && came.AppKey != h.app.Key:
		h.refuseAgain(w, a, "TikTok Shop sent an authorization of another app.", "the callback is of another app")
		return
	}
	// A user who closes the page now has authorized the app all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), authorizeTimeout)
	defer cancel()
	grant, err := h.authorize(ctx, came.Code)
	if err == nil {
		err = h.connect(ctx, a, grant)
	}
	if err != nil {
		h.logger.Error("an authorization failed", "application", a.Name, "error", err.Error())
		h.leave(w, r, a, f, url.Values{"error": {"failed"}}, page{Title: "Your shop could not be connected", Text: "The authorization was not completed.", Again: a.Name})
		return
	}
	h.logger.Info("a grant was connected", "application", a.Name, "grant", grant.Key.String(), "shops", len(grant.Shops))
	ids := make([]string, len(grant.Shops))
	done := page{Title: "Your shop is connected", Text: "You can close this page.", Shops: shopsOf(grant)}
	for i, s := range grant.Shops {
		ids[i] = s.ID
	}
	h.leave(w, r, a, f, url.Values{"grant": {grant.OpenID}, "user_type": {userType(grant)}, "shops": {strings.Join(ids, ",")}}, done)
}

// authorizeTimeout bounds an exchange with the storing of its grant.
const authorizeTimeout = time.Minute

// addTries is how often a token is offered to a store that fails: it exists nowhere
// else.
const addTries = 4

// authorize exchanges a code and adds the grant. Shops that could not be fetched are
// fetched later by whoever keeps the fleet.
func (h *Handler) authorize(ctx context.Context, code string) (tokenstore.Grant, error) {
	grant, err := h.fleet.Authorize(ctx, code)
	for try := 1; err != nil && grant.Version == 0 && grant.Token.AccessToken != "" && try < addTries; try++ {
		select {
		case <-time.After(time.Duration(try) * 200 * time.Millisecond):
		case <-ctx.Done():
			return grant, err
		}
		grant, err = h.fleet.Add(ctx, grant.Token)
	}
	if err != nil && grant.Version != 0 {
		h.logger.Warn("the shops of a new grant could not be fetched yet", "grant", grant.Key.String(), "error", err.Error())
		return grant, nil
	}
	return grant, err
}

// connect notes that a grant is connected to an application.
func (h *Handler) connect(ctx context.Context, a *Application, grant tokenstore.Grant) error {
	err := changeConnections(ctx, h.store, func(c *connections) bool {
		one := c.Grants[grant.OpenID]
		if one == nil {
			one = &connection{Applications: map[string]*told{}}
			c.Grants[grant.OpenID] = one
		}
		one.UserType, one.Shops, one.Withdrawn = int(grant.Token.UserType), shopsOf(grant), nil
		if one.Applications[a.Name] == nil {
			one.Applications[a.Name] = new(told)
		}
		return true
	})
	if err == nil {
		h.tellSoon()
	}
	return err
}

// tellSoon has the events looked for now.
func (h *Handler) tellSoon() {
	select {
	case h.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// leave sends the user back to the application or, where it has no address for that,
// shows a page.
func (h *Handler) leave(w http.ResponseWriter, r *http.Request, a *Application, f flow, result url.Values, instead page) {
	if a.ReturnURL == "" {
		h.page(w, http.StatusOK, instead)
		return
	}
	if f.Theirs != "" {
		result.Set("state", f.Theirs)
	}
	to, err := a.returnTo(result, h.now())
	if err != nil {
		h.logger.Error("a user cannot be sent back", "application", a.Name, "error", err.Error())
		h.page(w, http.StatusInternalServerError, instead)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// refuse answers a callback that is not to be trusted.
func (h *Handler) refuse(w http.ResponseWriter, text, why string) {
	h.logger.Warn("a callback was refused", "why", why)
	h.page(w, http.StatusForbidden, page{Title: "Nothing was connected", Text: text + " Open the link of the application again."})
}

func (h *Handler) refuseAgain(w http.ResponseWriter, a *Application, text, why string) {
	h.logger.Warn("a callback was refused", "application", a.Name, "why", why)
	h.page(w, http.StatusForbidden, page{Title: "Nothing was connected", Text: text, Again: a.Name})
}

// userType is the kind of a grant's user for applications.
func userType(g tokenstore.Grant) string {
	switch g.Token.UserType {
	case ttshop.UserSeller:
		return "seller"
	case ttshop.UserCreator:
		return "creator"
	case ttshop.UserPartner:
		return "partner"
	}
	return "other"
}
