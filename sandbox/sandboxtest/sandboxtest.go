// Package sandboxtest gives tests a running sandbox and clients that are ready
// to call it.
//
//	server := sandboxtest.Start(t)
//	shop := server.Shop("GB")
//	res, err := shop.Call(t.Context(), "POST", "/order/202309/orders/search", url.Values{"page_size": {"20"}}, nil)
package sandboxtest

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// Server is a sandbox that listens on a loopback port until its test ends.
type Server struct {
	// Sandbox is the emulator itself.
	Sandbox *sandbox.Sandbox
	// URL is the address of both the API and the authorization host.
	URL string
	// Credentials are those of the one app, with tokens of the seller who owns
	// all shops.
	Credentials sandbox.Credentials
	// Client calls the sandbox as that seller; it is bound to no shop.
	Client *ttshop.Client
	// App takes the app through the authorization.
	App *oauth.App
	// Control drives the world: clock, orders, faults, deliveries.
	Control *control.Client

	t    testing.TB // nil outside of tests
	http *httptest.Server
}

// Start starts a sandbox with the default world.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartWith(t, sandbox.Config{})
}

// StartWith starts a sandbox as configured. A configuration that cannot be used
// fails the test.
func StartWith(t testing.TB, config sandbox.Config) *Server {
	t.Helper()
	s, err := Open(config)
	if err != nil {
		t.Fatal(err)
	}
	s.t = t
	t.Cleanup(s.Close)
	return s
}

// Open starts a sandbox outside of a test, such as in an Example. The caller
// closes it.
func Open(config sandbox.Config) (*Server, error) {
	sb, err := sandbox.New(config)
	if err != nil {
		return nil, fmt.Errorf("start sandbox: %w", err)
	}
	server := httptest.NewServer(sb)
	credentials := sb.Credentials()
	credentials.BaseURL = server.URL
	s := &Server{Sandbox: sb, URL: server.URL, Credentials: credentials, http: server}
	s.Client = s.NewClient(credentials.AccessToken)
	s.App = &oauth.App{
		Key: credentials.AppKey, Secret: ttshop.Secret(credentials.AppSecret), ServiceID: credentials.ServiceID,
		Endpoint: server.URL, HTTPClient: server.Client(),
	}
	s.Control = control.NewWithClient(server.URL, server.Client())
	return s, nil
}

// Close ends the sandbox. Tests need not call it.
func (s *Server) Close() {
	// Deliveries of webhooks first, they may go to a receiver of the test.
	_ = s.Sandbox.Close() // never fails
	s.http.Close()
}

// NewClient returns a client that calls the sandbox with an access token.
func (s *Server) NewClient(accessToken string, options ...ttshop.Option) *ttshop.Client {
	return ttshop.New(s.Credentials.AppKey, s.Credentials.AppSecret, append([]ttshop.Option{
		ttshop.WithEndpoint(s.URL), ttshop.WithHTTPClient(s.http.Client()),
		ttshop.WithTokenSource(ttshop.StaticToken(accessToken)),
	}, options...)...)
}

// Shop returns the client bound to the shop of a region, such as GB. A region
// without a shop fails the test, or panics outside of one.
func (s *Server) Shop(region string) *ttshop.Client {
	shop, ok := s.find(region)
	if !ok {
		s.noShop(region)
		return nil
	}
	return s.Client.Shop(shop.Cipher).WithShopID(shop.ID)
}

// ShopID returns the id of the shop of a region, as webhooks, the control client
// and a fleet know it. A region without a shop fails the test, or panics outside of
// one.
func (s *Server) ShopID(region string) string {
	shop, ok := s.find(region)
	if !ok {
		s.noShop(region)
	}
	return shop.ID
}

func (s *Server) find(region string) (sandbox.Shop, bool) {
	for _, shop := range s.Credentials.Shops {
		if shop.Region == region {
			return shop, true
		}
	}
	return sandbox.Shop{}, false
}

func (s *Server) noShop(region string) {
	if s.t == nil {
		panic("the sandbox has no shop in " + region)
	}
	s.t.Helper()
	s.t.Fatalf("the sandbox has no shop in %s", region)
}

// Fleet returns a fleet of the app over a store in memory, with the grant of the
// seller who owns all shops. It is closed at the end of the test; outside of one,
// the caller closes it. Endpoint and HTTP client are added to the client's options.
func (s *Server) Fleet(config tokenstore.FleetConfig) (*tokenstore.Fleet, error) {
	config.ClientOptions = append([]ttshop.Option{ttshop.WithEndpoint(s.URL), ttshop.WithHTTPClient(s.http.Client())}, config.ClientOptions...)
	fleet := tokenstore.NewFleet(s.App, new(tokenstore.Memory), config)
	if _, err := fleet.Authorize(context.Background(), s.Sandbox.Credentials().AuthCode); err != nil {
		return nil, errors.Join(fmt.Errorf("start fleet: %w", err), fleet.Close(context.Background()))
	}
	if s.t != nil {
		s.t.Cleanup(func() {
			if err := fleet.Close(context.Background()); err != nil {
				s.t.Errorf("close fleet: %v", err)
			}
		})
	}
	return fleet, nil
}
