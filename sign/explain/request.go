package explain

import (
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/url"
	"strings"
)

// Request is a request as it was sent. It prints without its query, its body
// and its token.
type Request struct {
	// Method is the HTTP method; it is not signed. Empty means unknown.
	Method string
	// URL is the URL as it was sent: absolute, or beginning with the path.
	URL string
	// ContentType is the Content-Type header: the body of a
	// multipart/form-data request is not signed. Empty means any other.
	ContentType string
	// Body is the exact body. Nil and empty mean none.
	Body []byte
	// Signature is the signature that the request carried. Empty means that
	// of the URL's parameter sign.
	Signature string
	// AccessToken is the x-tts-access-token header, which some sign by
	// mistake. Empty means none or unknown.
	AccessToken string
}

// Format prints the method and the path only, for every verb.
func (r Request) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, r.outline()) }

// LogValue implements slog.LogValuer: it shows the method and the path only.
func (r Request) LogValue() slog.Value { return slog.StringValue(r.outline()) }

func (r Request) outline() string {
	return strings.TrimSpace(r.Method + " " + splitURL(r.URL).path)
}

// address is a URL in its parts, as they were written.
type address struct{ scheme, host, path, query string }

// splitURL splits a URL as package sign does. Host and scheme are empty if the URL
// begins with the path.
func splitURL(raw string) address {
	raw, _, _ = strings.Cut(raw, "#")
	path, query, _ := strings.Cut(raw, "?")
	a := address{path: path, query: query}
	if scheme, rest, ok := strings.Cut(path, "://"); ok && !strings.HasPrefix(path, "/") {
		a.scheme, a.host, a.path = scheme, rest, ""
		if slash := strings.IndexByte(rest, '/'); slash >= 0 {
			a.host, a.path = rest[:slash], rest[slash:]
		}
	}
	return a
}

// param is one query parameter, decoded and as it appears in the URL.
type param struct {
	key, value, rawKey, rawValue string
	at                           int // position in the URL
}

// plain returns a parameter that is not in the URL: it comes last.
func plain(key, value string) param {
	return param{key, value, url.QueryEscape(key), url.QueryEscape(value), math.MaxInt}
}

// with returns the parameter with another value.
func (p param) with(value string) param { return p.renamed(p.key, value) }

// renamed returns another parameter in the same place.
func (p param) renamed(key, value string) param {
	at := p.at
	p = plain(key, value)
	p.at = at
	return p
}

// parseQuery reads the parameters of a query that package sign can read.
func parseQuery(query string) []param {
	var params []param
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		rawKey, rawValue, _ := strings.Cut(part, "=")
		key, _ := url.QueryUnescape(rawKey)     // sign has
		value, _ := url.QueryUnescape(rawValue) // read both
		params = append(params, param{key, value, rawKey, rawValue, len(params)})
	}
	return params
}
