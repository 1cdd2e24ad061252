// Package pages shows the sandbox to people. Its pages read across all domains and
// act through the control endpoints, so that people can do what programs can.
package pages

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/notify"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// WebPrefix is where the pages for people are, but for the first one.
const WebPrefix = world.ControlPrefix + "ui/"

// AssetPrefix is where their style is, and the little that is not HTML.
const AssetPrefix = world.ControlPrefix + "assets/"

//go:embed web
var webFiles embed.FS

// maxForm bounds the forms that the pages send.
const maxForm = 256 << 10

// view is what a page shows.
type view struct {
	template string
	title    string
	status   int // 0 means 200
	data     any
}

// frame is what every page shows around its view.
type frame struct {
	Title   string
	Section string
	Now     time.Time
	Frozen  bool
	Seed    uint64
	Faults  int // in force
	Notice  notice
	View    any
}

// notice tells what became of the last form.
type notice struct {
	Failed bool
	Text   string
}

// Site is the pages for people.
type Site struct {
	*gate.Gate
	notifier *notify.Notifier
	views    func() (map[string]*template.Template, error) // parsed when first needed
}

// New returns the pages of a gate and sets the gate's way to show one.
func New(g *gate.Gate, n *notify.Notifier) *Site {
	s := &Site{g, n, sync.OnceValues(parseViews)}
	g.WriteView = s.writeView
	return s
}

// NewWeb returns the handler of the pages for people. Every page is made from
// the state as it is; looking changes nothing. A form is sent to the page that
// shows it and acts through the control endpoints, so that pages can do what
// programs can, and nothing else. The gate is not held here.
func (s *Site) NewWeb() http.Handler {
	mux := http.NewServeMux()
	page := func(path string, show func(*http.Request) view, act func(*http.Request) (string, error)) {
		mux.HandleFunc("GET "+WebPrefix+path, func(w http.ResponseWriter, r *http.Request) { s.ServeView(w, r, show) })
		if act != nil {
			mux.HandleFunc("POST "+WebPrefix+path, func(w http.ResponseWriter, r *http.Request) { s.serveForm(w, r, show, act) })
		}
	}
	mux.HandleFunc("GET "+WebPrefix+"news", s.serveNews)
	page("requests", s.requestsView, nil)
	page("requests/{id}", s.requestView, s.replayRequest)
	page("orders", s.ordersView, nil)
	page("orders/new", s.newOrderView, s.placeOrder)
	page("orders/{id}", s.orderView, s.changeOrder)
	page("products", s.productsView, nil)
	page("products/new", s.newProductView, s.addProduct)
	page("products/{id}", s.productView, nil)
	page("returns", s.returnsView, nil)
	page("warehouses", s.warehousesView, nil)
	page("promotions", s.promotionsView, nil)
	page("creators", s.creatorsView, nil)
	page("finance", s.financeView, nil)
	page("finance/{shop}/{id}", s.statementView, nil)
	page("analytics", s.analyticsView, nil)
	page("conversations", s.conversationsView, s.beginConversation)
	page("conversations/{id}", s.conversationView, s.changeConversation)
	page("access", s.accessView, s.changeAccess)
	page("webhooks", s.webhooksView, s.changeWebhooks)
	page("webhooks/{id}", s.deliveryView, s.resendDelivery)
	page("faults", s.faultsView, s.changeFaults)
	page("clock", s.clockView, s.changeClock)
	page("", func(*http.Request) view { return notFound("There is no such page.") }, nil)
	return mux
}

// notFound is the view of something that is not there.
func notFound(text string) view {
	return view{template: "notfound", title: "Not found", status: http.StatusNotFound, data: text}
}

// ServeView answers with a page.
func (s *Site) ServeView(w http.ResponseWriter, r *http.Request, show func(*http.Request) view) {
	s.writePage(w, r, show(r), notice{Text: doneText(r.URL.Query().Get("done"))})
}

// serveForm acts and leads on to where the outcome is seen, or shows the page
// again with the reason why nothing was done.
func (s *Site) serveForm(w http.ResponseWriter, r *http.Request, show func(*http.Request) view, act func(*http.Request) (string, error)) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	location, err := "", r.ParseForm()
	if err == nil {
		location, err = act(r)
	}
	if err != nil {
		shown := show(r)
		if shown.status == 0 {
			shown.status = http.StatusConflict
		}
		s.writePage(w, r, shown, notice{true, err.Error()})
		return
	}
	http.Redirect(w, r, location, http.StatusSeeOther)
}

func (s *Site) writePage(w http.ResponseWriter, r *http.Request, v view, n notice) {
	header := w.Header()
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	// Without a referrer of their own, forms would look as if they came from
	// another site.
	header.Set("Referrer-Policy", "same-origin")
	section, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, WebPrefix), "/")
	if r.URL.Path == world.ControlPrefix {
		section = "start"
	}
	st := s.State.Load()
	s.writeView(w, max(v.status, http.StatusOK), v.template, frame{
		Title: v.title, Section: section, Now: s.Clock.Now().UTC(), Frozen: s.Clock.Frozen(), Seed: st.World.Seed,
		Faults: int(s.Faults.Count.Load()), Notice: n, View: v.data,
	})
}

// writeView sends a page.
func (s *Site) writeView(w http.ResponseWriter, status int, name string, data any) {
	views, err := s.views()
	var page bytes.Buffer
	if err == nil {
		err = views[name].ExecuteTemplate(&page, "page", data)
	}
	if err != nil {
		http.Error(w, "the page cannot be shown: "+err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // fails only where nobody waits for it
}

// parseViews parses the templates: each view with what all share.
func parseViews() (map[string]*template.Template, error) {
	shared, err := template.New("").Funcs(webFuncs()).ParseFS(webFiles, "web/shared/*.html")
	if err != nil {
		return nil, err
	}
	entries, err := webFiles.ReadDir("web")
	if err != nil {
		return nil, err
	}
	views := map[string]*template.Template{}
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), ".html")
		if !ok {
			continue
		}
		own, err := shared.Clone()
		if err == nil {
			views[name], err = own.ParseFS(webFiles, "web/"+entry.Name())
		}
		if err != nil {
			return nil, err
		}
	}
	return views, nil
}

// ServeAsset hands out style, script and icon.
func ServeAsset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	mediaType := map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	}[path.Ext(name)]
	content, err := webFiles.ReadFile("web/assets/" + name)
	if mediaType == "" || err != nil {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", mediaType)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-cache") // another version may run at this address next
	_, _ = w.Write(content)                 // fails only where nobody waits for it
}

// steer does what a program does through a control endpoint, for whoever sent
// the form r. It returns the answer, or the reason why there is none.
func (s *Site) steer(r *http.Request, method, path string, body any) ([]byte, error) {
	inner, err := http.NewRequestWithContext(r.Context(), method, world.ControlPrefix+path, bytes.NewReader(gate.AppendJSON(nil, body)))
	if err != nil {
		return nil, err
	}
	answer := answerKeeper{header: http.Header{}}
	s.Steering.ServeHTTP(&answer, inner)
	if answer.status < http.StatusMultipleChoices {
		return answer.body.Bytes(), nil
	}
	var refusal struct {
		Error string
		Code  int
	}
	if json.Unmarshal(answer.body.Bytes(), &refusal) != nil || refusal.Error == "" {
		return nil, errors.New("this cannot be done: " + http.StatusText(answer.status))
	}
	if refusal.Code != 0 {
		refusal.Error += " (" + strconv.Itoa(refusal.Code) + ")"
	}
	return nil, errors.New(refusal.Error)
}

// answerKeeper keeps an answer instead of sending it.
type answerKeeper struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answerKeeper) Header() http.Header         { return a.header }
func (a *answerKeeper) WriteHeader(status int)      { a.status = status }
func (a *answerKeeper) Write(b []byte) (int, error) { return a.body.Write(b) }

// doneText says what a form has done, by the key that its redirect carries.
func doneText(key string) string {
	return map[string]string{
		"replayed":  "The request was sent again; this is the new one.",
		"added":     "The product is added.",
		"placed":    "The order is placed.",
		"expired":   "The tokens have expired; the next call of the app is refused with code 105002.",
		"revoked":   "The grant is revoked; the app hears of it by a webhook.",
		"said":      "The buyer has written.",
		"left":      "The conversation has ended.",
		"moved":     "The order has moved on.",
		"asked":     "The buyer has asked.",
		"stepped":   "The request has moved on.",
		"address":   "The address is saved.",
		"cleared":   "The address is removed.",
		"triggered": "The webhook is on its way.",
		"resent":    "The webhook was sent again.",
		"fault":     "The fault is in force.",
		"removed":   "The fault is removed.",
		"clock":     "The clock is changed, and what was due has happened.",
		"reset":     "The sandbox is reset.",
	}[key]
}
