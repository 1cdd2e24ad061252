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
	// ServiceID is the id that the links for sellers and partners carry. It
	// stands in Partner Center beside the app key and is another number.
	ServiceID string
	// Endpoint is the address of the authorization host, scheme and host only;
	// empty means DefaultEndpoint. Where it is set, links lead there too, as a
	// sandbox needs it.
	Endpoint string
	// HTTPClient sends the requests; nil means one with a time limit of 30
	// seconds.
	HTTPClient *http.Client
	// Logger gets one record per request, without its parameters; nil means none.
	Logger *slog.Logger
}

// requestTimeout bounds a request to the token endpoints where the caller
// brings no client of their own.
const requestTimeout = 30 * time.Second
