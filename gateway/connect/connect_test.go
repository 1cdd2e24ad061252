package connect_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/gateway/connect"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/tokenstore"
)

var applicationKey = []byte("0123456789abcdef0123456789abcdef")

// world is a handler before a sandbox, with an application behind it.
type world struct {
	t        *testing.T
	sandbox  *sandboxtest.Server
	steer    *control.Client
	fleet    *tokenstore.Fleet
	grants   *tokenstore.Memory
	store    *policy.Memory
	config   connect.Config
	handler  *connect.Handler
	url      string
	receiver *receiver
	seen     *safeBuffer // what users, logs and the application got
	mu       sync.Mutex
	shift    time.Duration
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.shift)
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shift += d
}

// receiver takes the events of an application.
type receiver struct {
	mu      sync.Mutex
	refuse  bool
	refused int
	events  []connect.Event
	bodies  []string
	wrong   []string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, _ := io.ReadAll(q.Body)
	mac := hmac.New(sha256.New, applicationKey)
	mac.Write([]byte(q.Header.Get("Webhook-Id") + "." + q.Header.Get("Webhook-Timestamp") + "." + string(body)))
	if "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) != q.Header.Get("Webhook-Signature") {
		r.wrong = append(r.wrong, "signature")
	}
	if r.refuse {
		r.refused++
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	var e connect.Event
	if err := json.Unmarshal(body, &e); err != nil || e.ID != q.Header.Get("Webhook-Id") {
		r.wrong = append(r.wrong, fmt.Sprint(err, e.ID))
	}
	r.events, r.bodies = append(r.events, e), append(r.bodies, string(body))
}

func (r *receiver) list() []connect.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]connect.Event(nil), r.events...)
}

func (r *receiver) set(refuse bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuse = refuse
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, grants: new(tokenstore.Memory), store: new(policy.Memory), receiver: new(receiver), seen: new(safeBuffer)}
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.handler.ServeHTTP(rw, r) }))
	t.Cleanup(front.Close)
	w.url = front.URL
	w.sandbox = sandboxtest.StartWith(t, sandbox.Config{Throttle: new(0.0), RedirectURL: front.URL + "/connect/callback"})
	w.steer = control.New(w.sandbox.URL)
	w.fleet = tokenstore.NewFleet(w.sandbox.App, w.grants, tokenstore.FleetConfig{
		Now: w.now, ClientOptions: []ttshop.Option{ttshop.WithEndpoint(w.sandbox.URL), ttshop.WithClock(w.now)},
	})
	events := httptest.NewServer(w.receiver)
	t.Cleanup(events.Close)
	sealer, err := tokenstore.ParseKeys(tokenstore.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	secret := ttshop.Secret("whsec_" + base64.StdEncoding.EncodeToString(applicationKey))
	all := []string{"seller", "seller-us", "creator", "partner", "partner-us"}
	w.config = connect.Config{
		App: w.sandbox.App, Fleet: w.fleet, Base: front.URL, Store: w.store, Sealer: sealer, Nonces: new(gateway.MemoryNonces), Now: w.now,
		Logger: slog.New(slog.NewTextHandler(w.seen, nil)),
		Applications: []connect.Application{
			{Name: "erp", Title: "ERP of Example", Purpose: "It reads orders.", ReturnURL: "https://erp.example/back?x=1", EventsURL: events.URL, Secret: secret, Audiences: all},
			{Name: "plain", Title: "<b>Plain</b>"},
		},
	}
	w.handler = w.newHandler()
	return w
}

func (w *world) newHandler() *connect.Handler {
	w.t.Helper()
	h, err := connect.New(w.config)
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

// browser is a user's; it follows no redirects by itself.
type browser struct {
	w      *world
	client *http.Client
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{w, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// open opens an address and returns status, where it leads, and the page.
func (b *browser) open(method, address string, form url.Values) (status int, location *url.URL, page string) {
	b.w.t.Helper()
	req, err := http.NewRequestWithContext(b.w.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.w.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	if strings.HasPrefix(address, b.w.url) {
		fmt.Fprintln(b.w.seen, resp.Header, string(text))
	}
	location, _ = resp.Location()
	return resp.StatusCode, location, string(text)
}

// begin goes through the page of an application and returns the platform's.
func (b *browser) begin(application, audience, state string) *url.URL {
	b.w.t.Helper()
	page := b.w.url + "/connect/" + application
	if status, _, text := b.open("GET", page+"?state="+state, nil); status != 200 || !strings.Contains(text, state) {
		b.w.t.Fatalf("the page: HTTP %d\n%s", status, text)
	}
	status, to, text := b.open("POST", page, url.Values{"state": {state}, "audience": {audience}, "agree": {"yes"}})
	if status != http.StatusSeeOther {
		b.w.t.Fatalf("consent: HTTP %d\n%s", status, text)
	}
	if to.Query().Has("redirect_uri") {
		b.w.t.Errorf("the link has a redirect_uri: %s", to)
	}
	return to
}

// answer answers the platform's page and returns the callback.
func (b *browser) answer(link *url.URL, parameters ...string) string {
	b.w.t.Helper()
	query := link.Query()
	for i := 0; i < len(parameters); i += 2 {
		query.Set(parameters[i], parameters[i+1])
	}
	link.RawQuery = query.Encode()
	status, to, text := b.open("GET", link.String(), nil)
	if status != http.StatusFound || !strings.HasPrefix(to.String(), b.w.url+"/connect/callback?") {
		b.w.t.Fatalf("the platform's page: HTTP %d %v\n%s", status, to, text)
	}
	return to.String()
}

// returned checks the signature of the address that an application gets.
func (w *world) returned(to *url.URL) url.Values {
	w.t.Helper()
	if to == nil || !strings.HasPrefix(to.String(), "https://erp.example/back?") {
		w.t.Fatalf("the user was sent to %v", to)
	}
	query := to.Query()
	if query.Get("x") != "1" {
		w.t.Errorf("the application's own parameters are gone: %s", to)
	}
	signed := maps.Clone(query)
	delete(signed, "x")
	delete(signed, "sign")
	mac := hmac.New(sha256.New, applicationKey)
	mac.Write([]byte(signed.Encode()))
	if hex.EncodeToString(mac.Sum(nil)) != query.Get("sign") {
		w.t.Errorf("the signature of %s is wrong", to)
	}
	return query
}

// round has the events delivered and returns those that came.
func (w *world) round() []connect.Event {
	w.t.Helper()
	before := len(w.receiver.list())
	if err := w.handler.Round(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return w.receiver.list()[before:]
}

// Users of every kind connect: the grant is in the fleet, the application has the
// list of shops and is told, and no secret leaves.
func TestConnect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	users, err := w.steer.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{w.sandbox.Credentials.AppSecret, w.config.Applications[0].Secret.Reveal(), string(applicationKey)}
	connected := map[string]bool{}
	for _, user := range users {
		b := w.browser()
		audience := user.Kind
		if user.Region == "US" && user.Kind != "creator" {
			audience += "-us"
		}
		callback := b.answer(b.begin("erp", audience, "s-"+user.OpenID), "approve", "true", "user", user.OpenID)
		code, _ := url.Parse(callback)
		secrets = append(secrets, code.Query().Get("code"))
		status, to, text := b.open("GET", callback, nil)
		if status != http.StatusSeeOther {
			t.Fatalf("%s %s: HTTP %d %s", user.Kind, user.Name, status, text)
		}
		query := w.returned(to)
		grant, err := w.grants.Load(t.Context(), w.fleet.Key(user.OpenID))
		if err != nil {
			t.Fatal(err)
		}
		ids := []string{}
		for _, s := range grant.Shops {
			ids = append(ids, s.ID)
			secrets = append(secrets, s.Cipher)
		}
		secrets = append(secrets, grant.Token.AccessToken.Reveal(), grant.Token.RefreshToken.Reveal())
		if query.Get("state") != "s-"+user.OpenID || query.Get("grant") != user.OpenID || query.Get("user_type") != user.Kind || query.Get("shops") != strings.Join(ids, ",") || (user.Kind == "seller") != (len(ids) > 0) {
			t.Errorf("%s: the application got %v, want shops %v", user.Kind, query, ids)
		}
		events := w.round()
		if len(events) != 1 || events[0].Type != connect.EventConnected || events[0].Grant.OpenID != user.OpenID || len(events[0].Shops) != len(ids) || events[0].Application != "erp" {
			t.Errorf("%s: the events are %+v", user.Kind, events)
		}
		connected[user.Kind] = true
		fmt.Fprintln(w.seen, to)
	}
	if len(connected) != 3 || len(w.receiver.wrong) > 0 {
		t.Errorf("%v connected; wrong: %v", connected, w.receiver.wrong)
	}
	if again := w.round(); len(again) != 0 {
		t.Errorf("told again: %+v", again)
	}
	document, _, err := w.store.Read(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	out := w.seen.String() + strings.Join(w.receiver.bodies, "") + string(document)
	for i, secret := range secrets {
		if secret == "" || strings.Contains(out, secret) || strings.Contains(out, url.QueryEscape(secret)) {
			t.Errorf("secret %d shows", i)
		}
	}
}

// An application without an address gets nobody back: the gateway shows a page.
func TestPageInstead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	if _, _, text := b.open("GET", w.url+"/connect/plain", nil); !strings.Contains(text, "&lt;b&gt;Plain") || strings.Contains(text, "I am a creator") {
		t.Errorf("the page is %s", text)
	}
	status, _, text := b.open("GET", b.answer(b.begin("plain", "seller", "x"), "approve", "true"), nil)
	if status != 200 || !strings.Contains(text, "Your shop is connected") || !strings.Contains(text, html.EscapeString(w.sandbox.Credentials.Shops[0].Name)) {
		t.Errorf("HTTP %d %s", status, text)
	}
}

// States that were used, made up, stolen or too old are refused, and nothing is
// exchanged for them.
func TestStates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	grants := func() int {
		list, err := w.fleet.Grants(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	refused := func(name, text string, b *browser, callback string) {
		t.Helper()
		before := grants()
		status, to, page := b.open("GET", callback, nil)
		if status != http.StatusForbidden || to != nil || !strings.Contains(page, text) || grants() != before {
			t.Errorf("%s: HTTP %d %v, %d grants\n%s", name, status, to, grants(), page)
		}
	}
	mine, other := w.browser(), w.browser()
	callback := mine.answer(mine.begin("erp", "seller", "a"), "approve", "true")
	refused("in another browser", "not begun in this browser", other, callback)
	// The other browser has a flow of its own, and the attacker's callback.
	theirs := other.answer(other.begin("erp", "seller", "b"), "approve", "true")
	refused("with another flow", "not begun in this browser", other, callback)
	if status, to, _ := mine.open("GET", callback, nil); status != http.StatusSeeOther || w.returned(to).Get("grant") == "" {
		t.Errorf("the genuine callback: HTTP %d", status)
	}
	refused("again, without its cookie", "not begun in this browser", mine, callback)
	// A browser that kept the cookie, at another gateway over the same store.
	kept := w.browser()
	link := kept.begin("erp", "seller", "c")
	u, _ := url.Parse(w.url)
	cookies := kept.client.Jar.Cookies(&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/connect/"})
	callback = kept.answer(link, "approve", "true")
	if status, _, _ := kept.open("GET", callback, nil); status != http.StatusSeeOther {
		t.Errorf("HTTP %d", status)
	}
	kept.client.Jar.SetCookies(&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/connect/"}, cookies)
	refused("replayed", "has been used", kept, callback)
	w.handler = w.newHandler()
	refused("replayed at another gateway", "has been used", kept, callback)
	refused("made up", "not begun in this browser", other, w.url+"/connect/callback?code=x&state=ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	refused("no state", "not begun in this browser", other, w.url+"/connect/callback?code=x")
	refused("another state", "not begun in this browser", other, strings.Replace(theirs, "state=", "state=A", 1))
	w.later(31 * time.Minute)
	refused("late", "half an hour", other, theirs)

	foreign := w.browser()
	callback = foreign.answer(foreign.begin("erp", "seller", "d"), "approve", "true")
	refused("of another app", "another app", foreign, strings.Replace(callback, "app_key="+w.sandbox.App.Key, "app_key=other", 1))

	// Where used states are known to one process, another takes none of them.
	w.config.Nonces = nil
	w.handler = w.newHandler()
	b := w.browser()
	callback = b.answer(b.begin("erp", "seller", "e"), "approve", "true")
	w.handler = w.newHandler()
	refused("begun before a restart", "started again", b, callback)
}

// Who declines is sent back without a grant.
func TestDenied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	status, to, _ := b.open("GET", b.answer(b.begin("erp", "seller", "a"), "approve", "false"), nil)
	if query := w.returned(to); status != http.StatusSeeOther || query.Get("error") != "denied" || query.Get("state") != "a" || query.Has("grant") {
		t.Errorf("HTTP %d %v", status, to)
	}
	// The platform need not send the state along.
	if status, _, text := b.open("GET", w.url+"/connect/callback?code=null&error=auth_denied", nil); status != 200 || !strings.Contains(text, "Nothing was connected") {
		t.Errorf("HTTP %d %s", status, text)
	}
	// A code that the platform does not take.
	callback := b.answer(b.begin("erp", "seller", "b"), "approve", "true")
	u, _ := url.Parse(callback)
	query := u.Query()
	query.Set("code", "ROW_wrong")
	u.RawQuery = query.Encode()
	status, to, _ = b.open("GET", u.String(), nil)
	if query := w.returned(to); status != http.StatusSeeOther || query.Get("error") != "failed" {
		t.Errorf("HTTP %d %v", status, to)
	}
}

// Requests that no user makes.
func TestRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct {
		method, path string
		form         url.Values
		header       string
		status       int
	}{
		{"GET", "/connect/nobody", nil, "", 404},
		{"GET", "/", nil, "", 404},
		{"DELETE", "/connect/erp", nil, "", 404},
		{"POST", "/connect/erp", url.Values{"audience": {"seller"}}, "same-origin", 422},
		{"POST", "/connect/erp", url.Values{"agree": {"yes"}}, "same-origin", 422},
		{"POST", "/connect/erp", url.Values{"agree": {"yes"}, "audience": {"king"}}, "same-origin", 422},
		{"POST", "/connect/plain", url.Values{"agree": {"yes"}, "audience": {"creator"}}, "same-origin", 422},
		{"POST", "/connect/erp", url.Values{"agree": {"yes"}, "audience": {"seller"}}, "cross-site", 403},
		{"POST", "/connect/erp", url.Values{"agree": {"yes"}, "audience": {"seller"}, "state": {strings.Repeat("x", 513)}}, "same-origin", 400},
		{"GET", "/connect/erp?state=" + strings.Repeat("x", 513), nil, "", 400},
		{"POST", "/connect/webhook", url.Values{}, "", 401},
	} {
		req, err := http.NewRequestWithContext(t.Context(), test.method, w.url+test.path, strings.NewReader(test.form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if test.form != nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		if test.header != "" {
			req.Header.Set("Sec-Fetch-Site", test.header)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != test.status {
			t.Errorf("%s %.60s %v: HTTP %d, want %d", test.method, test.path, test.form, resp.StatusCode, test.status)
		}
		if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s: policy %q", test.path, csp)
		}
	}
}

// connectSeller connects the first seller and takes the first event.
func (w *world) connectSeller() tokenstore.Grant {
	w.t.Helper()
	b := w.browser()
	if status, _, text := b.open("GET", b.answer(b.begin("erp", "seller", "a"), "approve", "true"), nil); status != http.StatusSeeOther {
		w.t.Fatalf("HTTP %d %s", status, text)
	}
	w.round()
	grants, err := w.fleet.Grants(w.t.Context())
	if err != nil || len(grants) != 1 {
		w.t.Fatalf("%d grants, %v", len(grants), err)
	}
	return grants[0]
}

// A user who ends the authorization: the platform tells the gateway, the gateway the
// application, and the loss that follows is told, too.
func TestWithdrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	grant := w.connectSeller()
	if err := w.steer.SetWebhook(t.Context(), control.AppWebhook{Address: w.url + "/connect/webhook"}); err != nil {
		t.Fatal(err)
	}
	granted, err := w.steer.Grants(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id := ""
	for _, g := range granted {
		if g.User == grant.OpenID {
			id = g.ID
		}
	}
	if err := w.steer.Revoke(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	gone := map[string]bool{}
	for end := time.Now().Add(20 * time.Second); len(gone) < len(grant.Shops) && time.Now().Before(end); {
		for _, e := range w.round() {
			if e.Type != connect.EventWithdrawn || len(e.Shops) != 1 || e.Shops[0].Name == "" || e.Grant.OpenID != grant.OpenID {
				t.Errorf("the event is %+v", e)
				continue
			}
			gone[e.Shops[0].ID] = true
		}
		time.Sleep(5 * time.Millisecond)
	}
	if len(gone) != len(grant.Shops) {
		t.Errorf("%v of %d shops were withdrawn", gone, len(grant.Shops))
	}
	if _, err := w.fleet.Refresh(t.Context(), grant.Key); err == nil {
		t.Fatal("the platform refreshed a revoked grant")
	}
	events := w.round()
	if len(events) != 1 || events[0].Type != connect.EventLost || events[0].Reason == "" || len(events[0].Shops) != len(grant.Shops) {
		t.Errorf("the events are %+v", events)
	}
	// The user comes back.
	w.later(time.Minute)
	b := w.browser()
	if status, _, text := b.open("GET", b.answer(b.begin("erp", "seller", "b"), "approve", "true"), nil); status != http.StatusSeeOther {
		t.Fatalf("HTTP %d %s", status, text)
	}
	if events := w.round(); len(events) != 1 || events[0].Type != connect.EventConnected {
		t.Errorf("the events are %+v", events)
	}
	// The operator removes the grant.
	if err := w.fleet.Remove(t.Context(), grant.Key); err != nil {
		t.Fatal(err)
	}
	if events := w.round(); len(events) != 1 || events[0].Type != connect.EventWithdrawn || len(events[0].Shops) != len(grant.Shops) || !strings.Contains(events[0].Reason, "removed") {
		t.Errorf("the events are %+v", events)
	}
	if events := w.round(); len(events) != 0 {
		t.Errorf("told again: %+v", events)
	}
}

// An authorization that ends is announced 30, 7 and 1 days before. An application
// that does not listen hears of it later, also from another process.
func TestEnding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	grant := w.connectSeller()
	end := w.now().Add(40 * 24 * time.Hour)
	setEnd := func() {
		grant, err := w.grants.Load(t.Context(), grant.Key)
		if err == nil {
			grant.Token.RefreshTokenExpiresAt = end
			_, err = w.grants.Save(t.Context(), grant)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	setEnd()
	if events := w.round(); len(events) != 0 {
		t.Errorf("40 days before: %+v", events)
	}
	for _, days := range []int{30, 7, 1} {
		w.later(end.Sub(w.now()) - time.Duration(days)*24*time.Hour + time.Hour)
		if days == 7 {
			w.receiver.set(true)
			if events := w.round(); len(events) != 0 || w.receiver.refused != 1 {
				t.Errorf("%d refused, %+v", w.receiver.refused, events)
			}
			w.round()
			if w.receiver.refused != 1 {
				t.Error("it was sent again at once")
			}
			w.receiver.set(false)
			w.config.Nonces = new(gateway.MemoryNonces)
			w.handler = w.newHandler() // the process was killed
		}
		events := w.round()
		if len(events) != 1 || events[0].Type != connect.EventEnding || events[0].Days != days || events[0].Until == nil || events[0].Until.Unix() != end.Unix() {
			t.Errorf("%d days before: %+v", days, events)
		}
		if again := w.round(); len(again) != 0 {
			t.Errorf("told again: %+v", again)
		}
	}
	if len(w.receiver.wrong) > 0 {
		t.Error(w.receiver.wrong)
	}
}

// What makes no application is refused, without its secret.
func TestApplications(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := "whsec_" + base64.StdEncoding.EncodeToString(applicationKey)
	for text, want := range map[string]string{
		`{"applications":[{"name":"a","title":"A","return_url":"https://a.example/","secret":"` + good + `"}]}`:   "",
		`{"applications":[{"name":"a","title":"A"}]}`:                                                             "",
		`{"applications":[{"name":"a","title":"A","return_url":"http://127.0.0.1:1/x","secret":"` + good + `"}]}`: "",
		`{"applications":[]}`:                                                                                  "no applications",
		`{"applications":[{"name":"A b","title":"A"}]}`:                                                        "small letters",
		`{"applications":[{"name":"callback","title":"A"}]}`:                                                   "callback",
		`{"applications":[{"name":"a"}]}`:                                                                      "title is empty",
		`{"applications":[{"name":"a","title":"A"},{"name":"a","title":"B"}]}`:                                 "two applications",
		`{"applications":[{"name":"a","title":"A","return_url":"http://a.example/","secret":"` + good + `"}]}`: "must be https",
		`{"applications":[{"name":"a","title":"A","events_url":"nowhere","secret":"` + good + `"}]}`:           "not a valid address",
		`{"applications":[{"name":"a","title":"A","events_url":"https://a.example/"}]}`:                        "secret is empty",
		`{"applications":[{"name":"a","title":"A","secret":"planted"}]}`:                                       "whsec_",
		`{"applications":[{"name":"a","title":"A","secret":"whsec_cGxhbnRlZA=="}]}`:                            "24 to 64 bytes",
		`{"applications":[{"name":"a","title":"A","audiences":["king"]}]}`:                                     `"king" is not known`,
		`{"applications":[{"name":"a","title":"A","retrun_url":"x"}]}`:                                         "retrun_url",
		`{"applications":[{"name":"a","title":"A","secret":["planted"]}]}`:                                     "secret",
		`{"applications":[{"name":"a","title":"A"}]} {"x":"planted"}`:                                          "behind it",
	} {
		config := w.config
		var err error
		if config.Applications, err = connect.ParseApplications([]byte(text)); err == nil {
			_, err = connect.New(config)
		}
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "planted")) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, base := range []string{"", "connect.example.com", "ftp://x", "https://x/y"} {
		config := w.config
		config.Base = base
		if _, err := connect.New(config); err == nil {
			t.Errorf("base %q was taken", base)
		}
	}
}
