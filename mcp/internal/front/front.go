// Package front is what stands before a server of the protocol that is reached over
// HTTP: which hosts and pages it answers, the keys of clients, and the transport.
package front

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop/policy"
)

// Config says who is answered.
type Config struct {
	Book    *policy.Book // nil: clients need no key
	Hosts   []string     // besides addresses and localhost
	Origins []string     // besides pages of this machine
}

const (
	// Path is where clients reach a server.
	Path = "/mcp"
	// PolicyClient is where the extra information of a token has the policy's client.
	PolicyClient = "ttshop/policy"

	metadataPath = "/.well-known/oauth-protected-resource"
	maxBody      = 4 << 20
)

// Handler answers over streamable HTTP, without state: every request stands alone.
func Handler(config Config, now func() time.Time, server *sdk.Server) http.Handler {
	return guard(config, now, sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return server }, &sdk.StreamableHTTPOptions{
		Stateless: true, MaxRequestBodyBytes: maxBody, PropagateRequestCancellation: true,
		DisableLocalhostProtection: true, // guard is stricter, and knows the names of proxies
	}))
}

// guard lets through to next what is for this server, from a page that may call, and
// with a key that works.
func guard(config Config, now func() time.Time, next http.Handler) http.Handler {
	if config.Book != nil {
		verify := func(_ context.Context, token string, _ *http.Request) (*auth.TokenInfo, error) {
			client, decision := config.Book.Rules().Authenticate(token, now())
			if client == nil {
				return nil, fmt.Errorf("%s: %w", decision.String(), auth.ErrInvalidToken)
			}
			return &auth.TokenInfo{UserID: client.Name(), Extra: map[string]any{PolicyClient: client}}, nil
		}
		server := next
		next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			options := &auth.RequireBearerTokenOptions{AllowMissingExpiration: true, ResourceMetadataURL: origin(r) + metadataPath + Path}
			auth.RequireBearerToken(verify, options)(server).ServeHTTP(w, r)
		})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !config.isHost(r.Host):
			http.Error(w, "this server does not answer for this host", http.StatusForbidden)
		case !config.isOrigin(r.Header.Get("Origin")):
			http.Error(w, "pages of this origin may not call", http.StatusForbidden)
		case r.URL.Path == metadataPath || r.URL.Path == metadataPath+Path:
			metadata(w, r)
		case r.URL.Path != Path:
			http.NotFound(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isHost reports whether a request for a host is for this server: a page whose name
// leads here must not reach it.
func (c Config) isHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	return host == "localhost" || net.ParseIP(host) != nil || slices.ContainsFunc(c.Hosts, func(name string) bool { return strings.EqualFold(name, host) })
}

// isOrigin reports whether pages of an origin may call. Programs have none.
func (c Config) isOrigin(origin string) bool {
	if origin == "" || slices.Contains(c.Origins, origin) {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// origin returns the scheme and host of this server, as a request has them.
func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// metadata tells clients that this is a resource for bearer tokens. It names no
// authorization server: keys are given by hand.
func metadata(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	body, err := json.Marshal(map[string]any{"resource": origin(r) + Path, "resource_name": "ttshop", "bearer_methods_supported": []string{"header"}})
	if err != nil {
		http.Error(w, "the metadata cannot be encoded", http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(body) // a client that left needs none
}
