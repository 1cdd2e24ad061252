package mcp

import (
	"net/http"

	"github.com/ttshop-go/ttshop/mcp/internal/front"
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

// Path is where clients reach a server over HTTP.
const Path = front.Path

// Handler answers over streamable HTTP, without state: every request stands alone.
func (s *Server) Handler(config HTTPConfig) http.Handler {
	return front.Handler(front.Config(config), s.now, s.sdk)
}
