package oauth

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/ttshop-go/ttshop"
)

// DefaultEndpoint is the address of the authorization host, the same for all
// regions.
const DefaultEndpoint = "https://auth.tiktok-shops.com"

// App is an app as the authorization host knows it. It is safe for concurrent
// use as long as its fields are not changed.
type App struct {
	// Key is the app key.
	Key string
	// Secret is the app secret.
	Secret ttshop.Secret
	// ServiceID is the id that the links for sellers and partners carry. Partner
	// Center shows it beside the app key; the two differ.
	ServiceID string
	// Endpoint is the address of the authorization host, scheme and host only;
	// empty means DefaultEndpoint. If it is set, links lead there too, which a
	// sandbox needs.
	Endpoint string
	// HTTPClient sends the requests; nil means one with a timeout of 30
	// seconds.
	HTTPClient *http.Client
	// Logger gets one record per request, without its parameters; nil means none.
	Logger *slog.Logger
}

// requestTimeout bounds a request to the token endpoints if the caller does not
// supply a client.
const requestTimeout = 30 * time.Second
