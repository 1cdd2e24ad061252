package assistant

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/mcp"
)

// pretty returns JSON as people read it.
func pretty(raw json.RawMessage) string {
	var b bytes.Buffer
	if len(raw) == 0 || json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}

//go:embed page.html
var pageText string

// page decides about writes in a browser. Its address has a secret that only the
// terminal shows, so that no program that an assistant runs finds it by looking at
// ports.
type page struct {
	approvals *mcp.Approvals
	secret    string
	now       func() time.Time
	template  *template.Template
}

// servePage serves the page until the context ends.
func servePage(ctx context.Context, sys *platform.Session, approvals *mcp.Approvals) error {
	if !sys.Terminal.Ask {
		return console.Usagef("the address of the page is a secret that only a terminal shows, and standard input or standard error is none; run it in a terminal of your own")
	}
	p, err := newPage(approvals, sys.Now)
	if err != nil {
		return err
	}
	listener, address, err := platform.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	address += "/" + p.secret + "/"
	fmt.Fprintf(sys.Err, "What waits is at %s; Ctrl-C ends it.\n", address)
	if err := console.OpenBrowser(ctx, sys.System, address); err != nil {
		fmt.Fprintln(sys.Err, "Open it in a browser of this machine.")
	}
	return platform.Serve(ctx, listener, p)
}

func newPage(approvals *mcp.Approvals, now func() time.Time) (*page, error) {
	t, err := template.New("page").Funcs(template.FuncMap{"code": shownCode, "shop": shownShop, "pretty": pretty, "visible": visible}).Parse(pageText)
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	return &page{approvals, rand.Text(), now, t}, nil
}

// ServeHTTP implements http.Handler.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	secret, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	host, _, _ := strings.Cut(r.Host, ":")
	if subtle.ConstantTimeCompare([]byte(secret), []byte(p.secret)) != 1 || host != "127.0.0.1" && host != "localhost" {
		http.NotFound(w, r)
		return
	}
	// A page of another site cannot know the address; one that does may still not decide.
	if site := r.Header.Get("Sec-Fetch-Site"); r.Method != http.MethodGet && site != "" && site != "same-origin" {
		http.Error(w, "other pages may not decide", http.StatusForbidden)
		return
	}
	switch {
	case r.Method == http.MethodGet && rest == "":
		p.show(w)
	case r.Method == http.MethodPost && rest == "decide":
		p.decide(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *page) show(w http.ResponseWriter) {
	waiting, err := p.approvals.List(p.now())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var b bytes.Buffer
	if err := p.template.Execute(&b, waiting); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // a browser that left needs none
}

func (p *page) decide(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<12)
	waiting, err := p.approvals.Find(r.PostFormValue("code"), p.now())
	if err != nil {
		http.Error(w, err.Error(), http.StatusGone)
		return
	}
	// What is approved is what was shown.
	if waiting.Hash != r.PostFormValue("hash") {
		http.Error(w, "this is not the request that was shown", http.StatusConflict)
		return
	}
	decision := r.PostFormValue("decision")
	if decision != "approve" && decision != "refuse" {
		http.Error(w, "the decision is approve or refuse", http.StatusBadRequest)
		return
	}
	if err := p.approvals.Decide(waiting, decision == "approve"); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	http.Redirect(w, r, "/"+p.secret+"/", http.StatusSeeOther)
}
