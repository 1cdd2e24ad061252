package shape

import (
	"html"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// serveFile answers a link: the platform would show a page or hand out a file
// there.
func serveFile(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'")
	if media.ServeUpload(s, w, name) {
		return
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	const text = "This stands for something of the platform that the sandbox has no content for."
	var body string
	switch path.Ext(name) {
	case ".html":
		header.Set("Content-Type", "text/html; charset=utf-8")
		stem = html.EscapeString(stem)
		body = "<!DOCTYPE html>\n<html lang=\"en\"><title>" + stem + "</title><h1>" + stem + "</h1><p>" + text + "</p></html>\n"
	case ".txt":
		header.Set("Content-Type", "text/plain; charset=utf-8")
		body = stem + "\n\n" + text + "\n"
	default:
		http.NotFound(w, r)
		return
	}
	_, _ = io.WriteString(w, body) // fails only where nobody waits for it
}
