package gateway

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// asked is what a request asks for, once it is known to be one that a client may
// send.
type asked struct {
	path   string // escaped, as it came
	query  url.Values
	bearer string // the key presented; empty if the request is signed
	signed bool
}

// inspect refuses what no client sends in good faith, or what two readers of HTTP
// could read differently.
func (g *Gateway) inspect(r *http.Request) (asked, *refusal) {
	bad := func(message string) (asked, *refusal) {
		return asked{}, refuse(http.StatusBadRequest, ReasonRequest, message)
	}
	switch {
	case !g.hosts.allow(r.Host):
		return asked{}, refuse(http.StatusForbidden, ReasonRequest, "the gateway does not answer for this host; an operator adds it with --host")
	case len(r.Header.Values("Origin")) > 0:
		return asked{}, refuse(http.StatusForbidden, ReasonRequest, "the gateway is not for browsers: a request has an Origin")
	case r.Method == http.MethodConnect, r.URL.Host != "", !strings.HasPrefix(r.RequestURI, "/"):
		return bad("the gateway is no proxy: use a path alone, such as /order/202309/orders")
	case r.URL.Fragment != "", strings.Contains(r.RequestURI, "#"):
		return bad("the address has a fragment")
	}
	path, rawQuery, _ := strings.Cut(r.RequestURI, "?")
	if message := pathProblem(path); message != "" {
		return bad(message)
	}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return bad("the query has a broken escape or a bare semicolon")
	}
	for name, values := range query {
		if (reserved[name] || name == nonceParameter) && len(values) > 1 {
			return bad("parameter " + name + " is there more than once")
		}
	}
	for _, name := range single {
		if len(r.Header.Values(name)) > 1 {
			return bad("header " + name + " is there more than once")
		}
	}
	a := asked{path: path, query: query, signed: query.Has("sign")}
	if authorization := r.Header.Get("Authorization"); authorization != "" {
		scheme, key, _ := strings.Cut(authorization, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return asked{}, refuse(http.StatusUnauthorized, ReasonKey, "use Authorization: Bearer and the key")
		}
		if a.bearer = strings.TrimSpace(key); a.signed {
			return bad("the request has a key and a signature; use one of them")
		}
	}
	return a, nil
}

// reserved are the parameters that the gateway takes out of a query.
var reserved = map[string]bool{
	"app_key": true, "timestamp": true, "sign": true, "access_token": true,
	"shop_cipher": true, "category_asset_cipher": true,
}

// single are the headers that a request has at most once.
var single = []string{"Authorization", "Content-Type", "Content-Length", "Transfer-Encoding", "X-Tts-Access-Token", HeaderShop, HeaderGrant}

// pathProblem says what is wrong with a path, or nothing.
func pathProblem(path string) string {
	if len(path) > 2048 {
		return "the path is too long"
	}
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return "the path has a character that must be escaped"
		}
		if c != '%' {
			continue
		}
		if i+2 >= len(path) {
			return "the path has a broken escape"
		}
		decoded, err := url.PathUnescape(path[i : i+3])
		switch {
		case err != nil:
			return "the path has a broken escape"
		case decoded[0] <= ' ' || decoded[0] == 0x7f || strings.Contains("/\\.%", decoded):
			return "the path has an escaped slash, dot, percent sign or control character"
		}
	}
	for segment := range strings.SplitSeq(path[1:], "/") {
		if segment == "" || segment == "." || segment == ".." {
			return "the path has an empty segment, or one that is dots"
		}
	}
	return ""
}

// hosts are the names that requests may be for. Addresses and localhost always are:
// a page of somebody else can bend its own name to this machine, but no address.
type hosts map[string]bool

func newHosts(names []string) hosts {
	h := hosts{"localhost": true, "": true}
	for _, name := range names {
		h[strings.ToLower(name)] = true
	}
	return h
}

func (h hosts) allow(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return h[strings.ToLower(strings.TrimSuffix(host, "."))]
}
