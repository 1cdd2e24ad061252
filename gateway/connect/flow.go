package connect

import (
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/ttshop-go/ttshop/oauth"
)

// flow is an authorization that was begun. It travels sealed in a cookie, so that
// any gateway with the same keys can go on, and in the browser that began alone.
type flow struct {
	State       string    `json:"state"`
	Application string    `json:"application"`
	Theirs      string    `json:"theirs,omitempty"` // the application's own state
	Until       time.Time `json:"until"`
}

// flowTime is how long an authorization may take.
const flowTime = 30 * time.Minute

// cookiePrefix begins the names of the cookies; a browser may have several flows.
const cookiePrefix = "ttshop_connect_"

// cookieName is the name of the cookie of a state.
func cookieName(state string) string { return cookiePrefix + state[:min(len(state), 8)] }

// about is what the seal of a flow is about. Where used states are remembered by
// this process alone, it names the process.
func (h *Handler) about() string { return "ttshop gateway connect\x00" + h.process }

// begin starts a flow and returns it with its cookie.
func (h *Handler) begin(application, theirs string) (flow, *http.Cookie, error) {
	f := flow{State: oauth.NewState(), Application: application, Theirs: theirs, Until: h.now().Add(flowTime).UTC()}
	plain, err := json.Marshal(f)
	if err != nil {
		return flow{}, nil, err
	}
	sealed, err := h.sealer.Seal(plain, h.about())
	if err != nil {
		return flow{}, nil, err
	}
	cookie := h.cookie(f.State, base64.RawURLEncoding.EncodeToString(sealed))
	cookie.MaxAge = int(flowTime / time.Second)
	return f, cookie, nil
}

// cookie returns a cookie for a state. The platform's page leads back by a plain
// link, with which browsers send cookies that are lax.
func (h *Handler) cookie(state, value string) *http.Cookie {
	return &http.Cookie{
		Name: cookieName(state), Value: value, Path: "/connect/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: h.base.Scheme == "https",
	}
}

// flowOf returns the flow that a callback belongs to.
func (h *Handler) flowOf(r *http.Request, state string) (flow, bool) {
	if state == "" {
		return flow{}, false
	}
	for _, cookie := range r.CookiesNamed(cookieName(state)) {
		if f, ok := h.open(cookie.Value); ok && subtle.ConstantTimeCompare([]byte(f.State), []byte(state)) == 1 {
			return f, true
		}
	}
	return flow{}, false
}

// open reads a cookie.
func (h *Handler) open(value string) (f flow, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return flow{}, false
	}
	plain, err := h.sealer.Open(sealed, h.about())
	if err != nil {
		return flow{}, false
	}
	return f, json.Unmarshal(plain, &f) == nil
}
