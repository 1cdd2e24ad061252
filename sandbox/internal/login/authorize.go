package login

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The views of the authorization.
const (
	consentView = "consent"
	refusalView = "refusal"
)

// consent is what the page shows that asks a user.
type consent struct {
	App     string
	User    string
	Kind    string // of the user
	Others  []account
	Shops   []world.Identity
	Scopes  []string
	Path    string
	Carried []carried
}

// account is another user who could be signed in.
type account struct{ Name, Kind, Link string }

// carried is a parameter of the link that the forms pass on.
type carried struct{ Key, Value string }

// link is a path where users authorize apps.
type link struct {
	id         string // the parameter that names the app
	fits       func(a *authority.App, id string) bool
	users      []int // the kinds of users who come this way
	needsState bool
}

// linkOf returns the link of a path, or nil. Sellers and partners use hosts of
// their own on the platform; here one path serves both.
func linkOf(path string) *link {
	byService := func(a *authority.App, id string) bool { return a.ServiceID == id }
	byKey := func(a *authority.App, id string) bool { return a.Key == id }
	switch path {
	case "/open/authorize":
		return &link{"service_id", byService, []int{authority.UserSeller, authority.UserPartner}, false}
	case "/oauth/authorize":
		return &link{"app_key", byKey, []int{authority.UserSeller}, false}
	case "/alliance/creator/auth":
		return &link{"app_key", byKey, []int{authority.UserCreator}, true}
	}
	return nil
}

// authorizePage returns the page of a path where users authorize an app, or
// nil.
func authorizePage(path string) func(w http.ResponseWriter, c *gate.Call) {
	l := linkOf(path)
	if l == nil {
		return nil
	}
	return func(w http.ResponseWriter, c *gate.Call) {
		c.Operation = "oauth.Authorize"
		p := authorize(c, l)
		if p.location != "" {
			c.Status = http.StatusFound
			w.Header().Set("Location", p.location)
			w.Header().Set("Content-Length", "0")
			w.WriteHeader(c.Status)
			return
		}
		writeHTML(c, w, p.status, p.template, p.data)
	}
}

// page is what a link answers.
type page struct {
	location string // of the app, where the user has decided
	status   int
	template string // name of the view
	data     any
}

func mistaken(text ...string) page {
	return page{status: http.StatusBadRequest, template: refusalView, data: strings.Join(text, "")}
}

// authorize makes the consent page, or with the parameter approve acts as if
// the user had pressed one of its buttons. The parameters user, scope and
// scopes choose who is signed in and what is granted.
func authorize(c *gate.Call, l *link) page {
	c.Gate.Changing.RLock()
	defer c.Gate.Changing.RUnlock()
	c.State = c.Gate.State.Load()
	a := c.State.Authority
	a.Mu.Lock()
	defer a.Mu.Unlock()

	state, _ := wire.Lookup(c.Query, "state")
	id, _ := wire.Lookup(c.Query, l.id)
	to := a.AppWith(func(known *authority.App) bool { return l.fits(known, id) })
	switch {
	case c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead:
		return page{status: http.StatusMethodNotAllowed, template: refusalView, data: "This page is opened with GET."}
	case id == "":
		return mistaken("The link lacks the parameter ", l.id, ".")
	case to == nil:
		return mistaken("The parameter ", l.id, " does not name an app.")
	case l.needsState && state == "":
		return mistaken("The link lacks the parameter state.")
	}
	by, others := signedIn(c, l)
	if by == nil {
		return mistaken("The parameter user names nobody who can come this way.")
	}
	answer, asked := wire.Lookup(c.Query, "approve")
	if !asked {
		shown := consent{App: to.Key, User: by.Name, Kind: kindOfUser(by.UserType), Path: c.Path}
		for _, scope := range by.Scopes() {
			if to.Allows(scope) {
				shown.Scopes = append(shown.Scopes, scope)
			}
		}
		for _, shop := range by.Shops {
			shown.Shops = append(shown.Shops, shop.Identity)
		}
		for _, p := range c.Query {
			if p.Key == l.id || p.Key == "state" || p.Key == "user" {
				shown.Carried = append(shown.Carried, carried{p.Key, p.Value})
			}
		}
		for _, u := range others {
			query := url.Values{l.id: {id}, "user": {u.OpenID}}
			if state != "" {
				query.Set("state", state)
			}
			shown.Others = append(shown.Others, account{u.Name, kindOfUser(u.UserType), c.Path + "?" + query.Encode()})
		}
		return page{status: http.StatusOK, template: consentView, data: shown}
	}
	approved, err := strconv.ParseBool(answer)
	if err != nil {
		return mistaken("The parameter approve must be true or false.")
	}
	if !approved {
		return page{location: callback(to, []wire.Param{{Key: "code", Value: "null"}, {Key: "error", Value: "auth_denied"}}, state)}
	}
	wanted, narrowed := wantedScopes(c)
	if narrowed && len(wanted) == 0 {
		return mistaken("No scope was chosen, so there is nothing to allow.")
	}
	for _, scope := range wanted {
		if !slices.Contains(by.Scopes(), scope) || !to.Allows(scope) {
			return mistaken("The app cannot be given the scope ", scope, " by this user.")
		}
	}
	g := a.Authorize(to, by, wanted, c.Now)
	language, _, _ := strings.Cut(market.RegionOf(g.Region).Locale, "-")
	return page{location: callback(to, []wire.Param{
		{Key: "app_key", Value: to.Key},
		{Key: "code", Value: a.NewCode(g, c.Now)},
		{Key: "locale", Value: language},
		{Key: "shop_region", Value: g.Region},
	}, state)}
}

// signedIn returns the user that the link names, or the first one who can come
// this way, and the others who can.
func signedIn(c *gate.Call, l *link) (by *authority.User, others []*authority.User) {
	wanted, chosen := wire.Lookup(c.Query, "user")
	for _, kind := range l.users {
		for _, u := range c.State.Authority.Users {
			switch {
			case u.UserType != kind:
			case by == nil && (!chosen || u.OpenID == wanted || u.Name == wanted):
				by = u
			default:
				others = append(others, u)
			}
		}
	}
	return by, others
}

// wantedScopes reads which scopes are granted: repeated scope parameters, as
// the form sends them, or scopes with commas. narrowed is false where nothing
// is said, which means all.
func wantedScopes(c *gate.Call) (wanted []string, narrowed bool) {
	for _, p := range c.Query {
		switch p.Key {
		case "scope":
			wanted, narrowed = append(wanted, p.Value), true
		case "chosen": // the form was sent, perhaps with no box ticked
			narrowed = true
		case "scopes":
			wanted, narrowed = append(wanted, c.List("scopes")...), true
		}
	}
	return wanted, narrowed
}

func kindOfUser(userType int) string {
	switch userType {
	case authority.UserCreator:
		return "creator"
	case authority.UserPartner:
		return "partner"
	}
	return "seller"
}

// callback returns the app's redirect URL with the outcome, in the order in
// which the platform is seen to send it.
func callback(to *authority.App, params []wire.Param, state string) string {
	if state != "" {
		params = append(params, wire.Param{Key: "state", Value: state})
	}
	target, fragment, hasFragment := strings.Cut(to.RedirectURL, "#")
	var b strings.Builder
	b.WriteString(target)
	separator := "?"
	if strings.Contains(target, "?") {
		separator = "&"
	}
	for _, p := range params {
		b.WriteString(separator + p.Key + "=" + url.QueryEscape(p.Value))
		separator = "&"
	}
	if hasFragment {
		b.WriteString("#" + fragment)
	}
	return b.String()
}

// writeHTML sends a page for people.
func writeHTML(c *gate.Call, w http.ResponseWriter, status int, view string, data any) {
	c.Status = status
	header := w.Header()
	if status == http.StatusMethodNotAllowed {
		header.Set("Allow", "GET, HEAD")
	}
	// Where the form leads, the redirect URL of the app, is not known here, and
	// browsers hold form-action against redirects too.
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	c.Gate.WriteView(w, status, view, data)
}
