package mcp

import (
	"net/http"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop/policy"
)

// HTTPConfig says how a server is reached over HTTP.
type HTTPConfig struct {
	// Book has the keys of clients, who present one as a bearer token. Nil: everybody
	// who reaches the server may use it, so that it must listen on loopback alone.
	Book *policy.Book
	// Hosts are names that requests may be for, besides addresses and localhost.
	Hosts []string
	// Origins are those of web pages that may call, such as https://host.example,
	// besides pages of this machine.
	Origins []string
}

const (
	// Path is where clients reach a server over HTTP.
	Path = "/mcp"

	metadataPath = "/.well-known/oauth-protected-resource"
	// policyClient is where the extra information of a token has the policy's client.
	policyClient = "ttshop/policy"
	maxBody      = 4 << 20
)

// Handler answers over streamable HTTP, without state: every request stands alone.
func (s *Server) Handler(config HTTPConfig) http.Handler {
	return guard(config, s.now, sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return s.sdk }, httpOptions()))
}

// httpOptions are the options of the transport.
func httpOptions() *sdk.StreamableHTTPOptions {
	return &sdk.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, MaxRequestBodyBytes: maxBody, PropagateRequestCancellation: true,
		DisableLocalhostProtection: true, // guard is stricter, and knows the names of proxies
	}
}
