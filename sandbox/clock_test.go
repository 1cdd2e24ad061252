package sandbox_test

import (
	"net/url"
	"sync"
	"testing"
	"time"
)

// manualClock is a clock that tests move.
type manualClock struct {
	mu  sync.Mutex
	now time.Time
}

func newManualClock() *manualClock { return &manualClock{now: start} }

func (c *manualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *manualClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// creatorToken returns an access token of a creator, who owns no shop and has
// no seller's scope.
func (w *world) creatorToken(t *testing.T) string {
	t.Helper()
	target := w.redirect(t, "/alliance/creator/auth?app_key="+w.credentials.AppKey+"&state=s&approve=true")
	var tokens struct {
		AccessToken string `json:"access_token"`
	}
	w.token(t, "get", url.Values{"auth_code": {target.Query().Get("code")}, "grant_type": {"authorized_code"}}).into(t, &tokens)
	return tokens.AccessToken
}
