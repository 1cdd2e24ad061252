package connect

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
)

// page is what a user sees.
type page struct {
	Title   string
	Text    string
	Problem string
	Again   string // name of an application to start again with
	Shops   []shop

	// Of the page that asks.
	Application *Application
	Audiences   []audience
	State       string
}

//go:embed page.html
var pageText string

//go:embed page.css
var style []byte

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page writes a page.
func (h *Handler) page(w http.ResponseWriter, status int, p page) {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		h.logger.Error("a page could not be made", "error", err.Error())
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a browser that is gone needs no page
}

func serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(style) // likewise
}
