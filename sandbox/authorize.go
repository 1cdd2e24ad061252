package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
	Shops   []identity
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
	fits       func(a *app, id string) bool
	users      []int // the kinds of users who come this way
	needsState bool
}

// linkOf returns the link of a path, or nil. Sellers and partners use hosts of
// their own on the platform; here one path serves both.
func linkOf(path string) *link {
	byService := func(a *app, id string) bool { return a.ServiceID == id }
	byKey := func(a *app, id string) bool { return a.Key == id }
	switch path {
	case "/open/authorize":
		return &link{"service_id", byService, []int{userSeller, userPartner}, false}
	case "/oauth/authorize":
		return &link{"app_key", byKey, []int{userSeller}, false}
	case "/alliance/creator/auth":
		return &link{"app_key", byKey, []int{userCreator}, true}
	}
	return nil
}

// authorizePage returns the page of a path where users authorize an app, or
// nil.
func authorizePage(path string) func(w http.ResponseWriter, c *call) {
	l := linkOf(path)
	if l == nil {
		return nil
	}
	return func(w http.ResponseWriter, c *call) {
		c.operation = "oauth.Authorize"
		p := authorize(c, l)
		if p.location != "" {
			c.status = http.StatusFound
			w.Header().Set("Location", p.location)
			w.Header().Set("Content-Length", "0")
			w.WriteHeader(c.status)
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
func authorize(c *call, l *link) page {
	c.sb.changing.RLock()
	defer c.sb.changing.RUnlock()
	c.state = c.sb.state.Load()
	a := c.state.authority
	a.mu.Lock()
	defer a.mu.Unlock()

	state, _ := lookup(c.query, "state")
	id, _ := lookup(c.query, l.id)
	to := a.appWith(func(known *app) bool { return l.fits(known, id) })
	switch {
	case c.request.Method != http.MethodGet && c.request.Method != http.MethodHead:
		return page{status: http.StatusMethodNotAllowed, template: refusalView, data: "This page is opened with GET."}
	case id == "":
		return mistaken("The link lacks the parameter ", l.id, ".")
	case to == nil:
		return mistaken("The parameter ", l.id, " names no app.")
	case l.needsState && state == "":
		return mistaken("The link lacks the parameter state.")
	}
	by, others := signedIn(c, l)
	if by == nil {
		return mistaken("The parameter user names nobody who can come this way.")
	}
	answer, asked := lookup(c.query, "approve")
	if !asked {
		shown := consent{App: to.Key, User: by.name, Kind: kindOfUser(by.userType), Path: c.path}
		for _, scope := range by.scopes() {
			if to.allows(scope) {
				shown.Scopes = append(shown.Scopes, scope)
			}
		}
		for _, shop := range by.shops {
			shown.Shops = append(shown.Shops, shop.identity)
		}
		for _, p := range c.query {
			if p.key == l.id || p.key == "state" || p.key == "user" {
				shown.Carried = append(shown.Carried, carried{p.key, p.value})
			}
		}
		for _, u := range others {
			query := url.Values{l.id: {id}, "user": {u.openID}}
			if state != "" {
				query.Set("state", state)
			}
			shown.Others = append(shown.Others, account{u.name, kindOfUser(u.userType), c.path + "?" + query.Encode()})
		}
		return page{status: http.StatusOK, template: consentView, data: shown}
	}
	approved, err := strconv.ParseBool(answer)
	if err != nil {
		return mistaken("The parameter approve must be true or false.")
	}
	if !approved {
		return page{location: callback(to, []param{{"code", "null"}, {"error", "auth_denied"}}, state)}
	}
	wanted, narrowed := wantedScopes(c)
	if narrowed && len(wanted) == 0 {
		return mistaken("No scope was chosen, so there is nothing to allow.")
	}
	for _, scope := range wanted {
		if !slices.Contains(by.scopes(), scope) || !to.allows(scope) {
			return mistaken("The app cannot be given the scope ", scope, " by this user.")
		}
	}
	g := a.authorize(to, by, wanted, c.now)
	language, _, _ := strings.Cut(regionOf(g.region).locale, "-")
	return page{location: callback(to, []param{
		{"app_key", to.Key},
		{"code", a.newCode(g, c.now)},
		{"locale", language},
		{"shop_region", g.region},
	}, state)}
}

// signedIn returns the user that the link names, or the first one who can come
// this way, and the others who can.
func signedIn(c *call, l *link) (by *user, others []*user) {
	wanted, chosen := lookup(c.query, "user")
	for _, kind := range l.users {
		for _, u := range c.state.authority.users {
			switch {
			case u.userType != kind:
			case by == nil && (!chosen || u.openID == wanted || u.name == wanted):
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
func wantedScopes(c *call) (wanted []string, narrowed bool) {
	for _, p := range c.query {
		switch p.key {
		case "scope":
			wanted, narrowed = append(wanted, p.value), true
		case "chosen": // the form was sent, perhaps with no box ticked
			narrowed = true
		case "scopes":
			wanted, narrowed = append(wanted, c.list("scopes")...), true
		}
	}
	return wanted, narrowed
}

func kindOfUser(userType int) string {
	switch userType {
	case userCreator:
		return "creator"
	case userPartner:
		return "partner"
	}
	return "seller"
}

// callback returns the app's redirect URL with the outcome, in the order in
// which the platform is seen to send it.
func callback(to *app, params []param, state string) string {
	if state != "" {
		params = append(params, param{"state", state})
	}
	target, fragment, hasFragment := strings.Cut(to.RedirectURL, "#")
	var b strings.Builder
	b.WriteString(target)
	separator := "?"
	if strings.Contains(target, "?") {
		separator = "&"
	}
	for _, p := range params {
		b.WriteString(separator + p.key + "=" + url.QueryEscape(p.value))
		separator = "&"
	}
	if hasFragment {
		b.WriteString("#" + fragment)
	}
	return b.String()
}

// writeHTML sends a page for people.
func writeHTML(c *call, w http.ResponseWriter, status int, view string, data any) {
	c.status = status
	header := w.Header()
	if status == http.StatusMethodNotAllowed {
		header.Set("Allow", "GET, HEAD")
	}
	// Where the form leads, the redirect URL of the app, is not known here, and
	// browsers hold form-action against redirects too.
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	c.sb.writeView(w, status, view, data)
}
