package tokenstore

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// The states of a fleet.
const (
	StatusOK       = "ok"       // nothing to do
	StatusDegraded = "degraded" // some grants are lost, fail or end soon: a person must act, a restart does not help
	StatusDown     = "down"     // the keeper has not completed a round recently
)

// Health is the state of a fleet as far as its keeper knows. It holds no secret.
type Health struct {
	Began     time.Time     `json:"began,omitzero"`     // first round
	Round     time.Time     `json:"round,omitzero"`     // end of the last round
	RoundTook time.Duration `json:"round_took"`         // in nanoseconds
	Succeeded time.Time     `json:"succeeded,omitzero"` // end of the last round that could read the store
	Error     string        `json:"error,omitempty"`    // of the last round, or about grants that cannot be read
	Grants    int           `json:"grants"`             // in the store
	Pending   int           `json:"pending"`            // grants whose shops are not fetched yet
	Lost      []GrantHealth `json:"lost,omitempty"`     // only a new authorization helps
	Failing   []GrantHealth `json:"failing,omitempty"`  // the last refresh failed
	Ending    []GrantHealth `json:"ending,omitempty"`   // authorizations that end within 30 days
	interval  time.Duration // of the rounds
}

// GrantHealth is a grant that needs attention.
type GrantHealth struct {
	Grant       string    `json:"grant"` // app key and open id
	SellerName  string    `json:"seller_name,omitempty"`
	AccessUntil time.Time `json:"access_until,omitzero"` // end of the access token
	Until       time.Time `json:"until,omitzero"`        // end of the authorization
	Since       time.Time `json:"since,omitzero"`        // when it was lost
	Reason      string    `json:"reason"`
}

// Status returns [StatusDown] if no round has read the store within three
// intervals, [StatusDegraded] if a grant is lost, fails, ends soon or cannot be
// read, and [StatusOK] otherwise.
func (h Health) Status(now time.Time) string {
	switch {
	case h.Succeeded.IsZero(), now.Sub(h.Succeeded) > 3*h.interval+h.RoundTook:
		return StatusDown
	case len(h.Lost)+len(h.Failing)+len(h.Ending) > 0, h.Error != "":
		return StatusDegraded
	}
	return StatusOK
}

// Health returns the state of the fleet as of the last round.
func (k *Keeper) Health() Health {
	k.mu.Lock()
	defer k.mu.Unlock()
	h := k.health
	h.Lost, h.Failing, h.Ending = slices.Clone(h.Lost), slices.Clone(h.Failing), slices.Clone(h.Ending)
	return h
}

// ServeHTTP answers a health check with the status and the health as JSON. The
// HTTP status is 503 if the keeper is down and 200 otherwise: an orchestrator can
// do nothing about a lost grant.
func (k *Keeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	health := k.Health()
	status := health.Status(k.Fleet.now())
	body, err := json.Marshal(struct {
		Status string `json:"status"`
		Health
	}{status, health})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if status == StatusDown {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(append(body, '\n')) // a client that is gone needs no answer
}
