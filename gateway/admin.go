package gateway

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// Admin serves what operators watch, on a listener of its own: /healthz, /readyz and
// /metrics and /status.json. It shows no secrets, but names of keys and shops.
type Admin struct {
	Gateway *Gateway
	// Keeper looks after the grants; nil leaves them out.
	Keeper *tokenstore.Keeper
	// Pace returns the state of pacing; nil leaves it out.
	Pace func() []ttshop.PaceState
	// PaceLost returns since when the store of a shared pace is gone, or the zero
	// time; nil leaves it out.
	PaceLost func() time.Time
	// Console serves a page for people, at / and below /console; nil: there is none.
	Console http.Handler
}

// staleAfter is how old the last look at the keys may be for a gateway to be ready:
// whoever revokes a key relies on it.
const staleAfter = 15 * time.Second

// Readiness is whether a gateway should get calls.
type Readiness struct {
	Ready  bool             `json:"ready"`
	Policy policy.BookState `json:"policy"`
	Grants string           `json:"grants,omitempty"` // as the keeper sees them
	Pace   string           `json:"pace,omitempty"`   // set while each gateway paces itself
}

// Readiness says whether the gateway should get calls. A shared pace that is lost
// makes calls slower and does not count.
func (a *Admin) Readiness() Readiness {
	now := time.Now()
	state := a.Gateway.book.State()
	r := Readiness{Policy: state, Ready: state.Error == "" && now.Sub(state.Seen) <= staleAfter}
	if a.Keeper != nil {
		r.Grants = a.Keeper.Health().Status(a.Gateway.now())
		r.Ready = r.Ready && r.Grants != tokenstore.StatusDown
	}
	if a.PaceLost != nil {
		if lost := a.PaceLost(); !lost.IsZero() {
			r.Pace = "the shared pace is lost since " + lost.UTC().Format(time.RFC3339)
		}
	}
	return r
}

// ServeHTTP implements http.Handler.
func (a *Admin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if !a.Gateway.hosts.allow(r.Host) || len(r.Header.Values("Origin")) > 0 {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	switch path := r.URL.Path; path {
	case "/healthz":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "ok\n") // a client that is gone needs no answer
	case "/readyz":
		readiness := a.Readiness()
		body, err := json.Marshal(readiness)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if !readiness.Ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = w.Write(append(body, '\n'))
	case "/metrics":
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		if _, err := a.Gateway.metrics.WriteTo(w); err == nil {
			a.writeState(w)
		}
	case "/status.json":
		body, err := json.Marshal(a.Status(r.Context()))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(append(body, '\n'))
	default:
		if a.Console == nil || path != "/" && path != "/console" && !strings.HasPrefix(path, "/console/") {
			http.NotFound(w, r)
			return
		}
		a.Console.ServeHTTP(w, r)
	}
}

// writeState writes the metrics of what the gateway stands on.
func (a *Admin) writeState(w io.Writer) {
	gauge := func(name, help string) { fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name) }
	state := a.Gateway.book.State()
	gauge("ttshop_gateway_keys", "Keys that are in force, revoked and expired ones included.")
	fmt.Fprintf(w, "ttshop_gateway_keys %d\n", state.Keys)
	gauge("ttshop_gateway_policy_age_seconds", "Time since the keys were last found to be those of their store.")
	fmt.Fprintf(w, "ttshop_gateway_policy_age_seconds %g\n", time.Since(state.Seen).Seconds())
	if a.Pace != nil {
		states := a.Pace()
		for _, g := range []struct {
			name, help string
			value      func(ttshop.PaceState) float64
		}{
			{"ttshop_pace_rate", "Calls per second at present.", func(s ttshop.PaceState) float64 { return s.Rate }},
			{"ttshop_pace_limit", "Calls per second at most.", func(s ttshop.PaceState) float64 { return s.Limit }},
			{"ttshop_pace_waiting", "Calls waiting for their turn.", func(s ttshop.PaceState) float64 { return float64(s.Waiting) }},
			{"ttshop_pace_closed", "1 while no call may be sent.", func(s ttshop.PaceState) float64 {
				if s.Closed.IsZero() {
					return 0
				}
				return 1
			}},
		} {
			gauge(g.name, g.help)
			for _, s := range states {
				fmt.Fprintf(w, "%s{operation=%s,shop=%s} %g\n", g.name, quote(s.Operation), quote(a.shopID(s.Shop)), g.value(s))
			}
		}
	}
	if a.PaceLost != nil {
		lost := 0
		if !a.PaceLost().IsZero() {
			lost = 1
		}
		gauge("ttshop_pace_lost", "1 while the store of the shared pace is gone and each gateway paces itself.")
		fmt.Fprintf(w, "ttshop_pace_lost %d\n", lost)
	}
	if a.Keeper != nil {
		h := a.Keeper.Health()
		gauge("ttshop_gateway_grants", "Grants by what is wrong with them.")
		for _, g := range []struct {
			state string
			n     int
		}{{"all", h.Grants}, {"lost", len(h.Lost)}, {"failing", len(h.Failing)}, {"ending", len(h.Ending)}} {
			fmt.Fprintf(w, "ttshop_gateway_grants{state=%s} %d\n", quote(g.state), g.n)
		}
	}
}

// shopID returns the id of the shop with a cipher, which is not shown.
func (a *Admin) shopID(cipher string) string {
	if cipher == "" {
		return ""
	}
	return a.Gateway.fleet.ShopID(cipher)
}
