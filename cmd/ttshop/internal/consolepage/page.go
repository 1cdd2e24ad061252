// Package consolepage serves the page for operators: panels over one stylesheet. A
// panel gives data and the template that shows them; the page knows neither.
package consolepage

import (
	"bytes"
	"context"
	_ "embed"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Query is what somebody looks for.
type Query struct{ Text string }

// Match reports whether all words of the query are somewhere in the texts.
func (q Query) Match(texts ...string) bool {
	all := strings.ToLower(strings.Join(texts, "\n"))
	for word := range strings.FieldsSeq(strings.ToLower(q.Text)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}

// Panel is a part of the page.
type Panel struct {
	// ID names the panel in addresses and is unique on a page.
	ID string
	// Title is its heading.
	Title string
	// Load returns what the template shows, of what the query wants. It is called
	// for each look.
	Load func(ctx context.Context, q Query) (any, error)
	// Body shows the data. Make it with [Parse], for the functions that it may use.
	Body *template.Template
}

// Page is the page. It serves /console and what is below.
type Page struct {
	Title string
	// Seek names what can be looked for.
	Seek   string
	Panels []Panel
}

// loadTime bounds how long panels may take to load.
const loadTime = 5 * time.Second

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle []byte

//go:embed page.js
var pageScript []byte

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// shown is a panel with its body.
type shown struct {
	ID, Title string
	Body      template.HTML
	Problem   string
}

// ServeHTTP implements http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	switch r.URL.Path {
	case "/":
		http.Redirect(w, r, "/console", http.StatusFound)
	case "/console":
		p.serve(w, r)
	case "/console/page.css":
		h.Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(pageStyle) // a browser that is gone needs nothing
	case "/console/page.js":
		h.Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write(pageScript) // likewise
	default:
		http.NotFound(w, r)
	}
}

func (p *Page) serve(w http.ResponseWriter, r *http.Request) {
	q := Query{r.URL.Query().Get("q")}
	ctx, cancel := context.WithTimeout(r.Context(), loadTime)
	defer cancel()
	panels := make([]shown, len(p.Panels))
	var group sync.WaitGroup
	for i, panel := range p.Panels {
		group.Go(func() { panels[i] = panel.show(ctx, q) })
	}
	group.Wait()
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, struct {
		Title, Seek, Query string
		Panels             []shown
		At                 string
	}{p.Title, p.Seek, q.Text, panels, time.Now().UTC().Format("15:04:05")})
	if err != nil {
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // likewise
}

// show loads and shows a panel. What one cannot show does not keep the others from
// being shown.
func (p Panel) show(ctx context.Context, q Query) shown {
	s := shown{ID: p.ID, Title: p.Title}
	data, err := p.Load(ctx, q)
	if err != nil {
		s.Problem = err.Error()
		return s
	}
	var b bytes.Buffer
	if err := p.Body.Execute(&b, data); err != nil {
		s.Problem = "it cannot be shown: " + err.Error()
		return s
	}
	s.Body = template.HTML(b.String()) //nolint:gosec // a template escaped it
	return s
}
