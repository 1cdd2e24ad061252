package ttshop

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Version is the version of this module.
const Version = "0.2.0"

// DefaultEndpoint is the address of the API, the same for all regions.
const DefaultEndpoint = "https://open-api.tiktokglobalshop.com"

// Option configures a [Client].
type Option func(*Client)

// WithTokenSource sets where the access token of each call comes from.
func WithTokenSource(source TokenSource) Option { return func(c *Client) { c.tokens = source } }

// WithEndpoint sets the address of the API, scheme and host only; the default
// is [DefaultEndpoint]. Tokens are only ever sent there.
func WithEndpoint(endpoint string) Option {
	return func(c *Client) { c.endpoint, c.err = checkEndpoint(endpoint) }
}

// WithHTTPClient sets the HTTP client. The client is copied and does not
// follow redirects, since the platform sends none and following one would send
// the token elsewhere.
func WithHTTPClient(client *http.Client) Option {
	return func(c *Client) {
		if client != nil {
			copied := *client
			c.http = &copied
		}
	}
}

// WithLogger sets the logger. It gets one record per call, level debug for
// success and warn for failure, one of level debug per try, and one of level
// warn when the client corrects its clock. The default logs nothing.
func WithLogger(logger *slog.Logger) Option { return func(c *Client) { c.logger = logger } }

// WithUserAgent sets the header User-Agent; the default is ttshop-go/VERSION.
func WithUserAgent(userAgent string) Option { return func(c *Client) { c.userAgent = userAgent } }

// WithClock sets the clock that timestamps are taken from; the default is
// [time.Now].
func WithClock(now func() time.Time) Option { return func(c *Client) { c.now = now } }

// WithTimeout bounds the time of one try, from connecting to the last byte of
// the answer. The default is 60 seconds, ten times that for uploads. Zero
// leaves only the context's deadline.
func WithTimeout(d time.Duration) Option {
	return func(c *Client) { c.timeout, c.uploadTimeout = d, d }
}

// WithResponseLimit sets the size in bytes up to which an answer is read; the
// default is 32 MiB. A larger answer is an error.
func WithResponseLimit(bytes int64) Option { return func(c *Client) { c.responseLimit = bytes } }

// WithLimiter sets what paces the calls. The default is a [Pacer] for this
// client alone; nil turns pacing off.
func WithLimiter(limiter Limiter) Option { return func(c *Client) { c.limiter = limiter } }

// WithRetry sets how calls are repeated; the default is the zero policy.
func WithRetry(policy RetryPolicy) Option { return func(c *Client) { c.retry = policy } }

// WithoutRetry sends every call once, except when the platform refuses an expired
// token and a [Refresher] replaces it.
func WithoutRetry() Option { return WithRetry(RetryPolicy{Tries: 1}) }

// WithHooks adds hooks. Those added first are called first.
func WithHooks(hooks Hooks) Option {
	return func(c *Client) { c.hooks = append(c.hooks, hooks) }
}

// checkEndpoint returns scheme and host of an endpoint.
func checkEndpoint(endpoint string) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", fmt.Errorf("ttshop: endpoint %q is not a valid address; use, for example, %s", endpoint, DefaultEndpoint)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return "", fmt.Errorf("ttshop: endpoint of host %s has more than scheme and host; use, for example, %s", u.Host, DefaultEndpoint)
	}
	return u.Scheme + "://" + u.Host, nil
}

// newTransport returns a transport for many calls to one host.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          128,
		MaxIdleConnsPerHost:   128,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		// One HTTP/2 connection carries all calls: if the network drops it,
		// without pings one call after another would wait for its own timeout.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second, WriteByteTimeout: 15 * time.Second},
	}
}
