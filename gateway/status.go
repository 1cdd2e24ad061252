package gateway

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ttshop-go/ttshop/oauth"
)

// Status is what a page for operators shows of a gateway. It holds no secret.
type Status struct {
	Time     time.Time     `json:"time"`
	Node     string        `json:"node,omitempty"`
	Ready    Readiness     `json:"ready"`
	InFlight int64         `json:"in_flight"`
	Unkept   int64         `json:"audit_failures"` // records that could not be written
	SpanTime time.Duration `json:"span"`           // of Spans, in nanoseconds
	Spans    []Span        `json:"spans"`          // the last ten minutes, the newest last
	P50      time.Duration `json:"p50"`            // of the last minute, in nanoseconds
	P95      time.Duration `json:"p95"`
	Keys     []KeyStatus   `json:"keys"`
	Pace     []PaceStatus  `json:"pace"`
	Grants   []GrantStatus `json:"grants"`
	Missing  string        `json:"missing,omitempty"` // what could not be read, and why
	Failures []Record      `json:"failures"`          // the newest first
}

// KeyStatus is a key with what was called with it since the gateway started.
type KeyStatus struct {
	Name    string `json:"name"`
	State   string `json:"state,omitempty"` // active, revoked or expired; empty for one that is not known
	Calls   int64  `json:"calls"`           // that were sent
	Refused int64  `json:"refused"`
	Daily   int    `json:"daily,omitempty"` // quota of a day; 0: none
	Left    int    `json:"left,omitempty"`  // of it
}

// PaceStatus is the pace of an operation for a shop.
type PaceStatus struct {
	Operation string    `json:"operation"`
	Shop      string    `json:"shop"` // id
	Rate      float64   `json:"rate"` // calls per second at present
	Limit     float64   `json:"limit"`
	Waiting   int       `json:"waiting"`
	Closed    time.Time `json:"closed,omitzero"` // until then no call is sent
}

// The states of a grant.
const (
	GrantOK     = "ok"
	GrantEnding = "ends soon" // the authorization ends within 30 days, or the token within the hour
	GrantEnded  = "token ended"
	GrantLost   = "lost"
)

// GrantStatus is a grant with the ends of its tokens.
type GrantStatus struct {
	OpenID string    `json:"open_id"`
	Name   string    `json:"name"`
	Kind   string    `json:"kind"`
	Shops  []string  `json:"shops"` // names
	State  string    `json:"state"`
	Token  time.Time `json:"token_until,omitzero"`
	Until  time.Time `json:"authorization_until,omitzero"`
	Reason string    `json:"reason,omitempty"`
}

// spentBudgets is a [Budgets] that says what was used.
type spentBudgets interface {
	Spent(ctx context.Context, budget string, day int64) (int, error)
}

// storePatience is how long a status waits for the token store: it is looked at when
// something is wrong.
const storePatience = time.Second

// Status returns what there is to see.
func (a *Admin) Status(ctx context.Context) Status {
	ctx, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	g := a.Gateway
	now := g.now()
	s := Status{
		Time: now.UTC(), Node: g.node, Ready: a.Readiness(), InFlight: g.metrics.inFlight.Load(), Unkept: g.metrics.audits.Load(),
		SpanTime: recentSpan, Failures: g.metrics.recent.lastFailures(),
	}
	s.Spans, s.P50, s.P95 = g.metrics.recent.list(now)
	var errs [2]error
	s.Keys, errs[0] = g.keyStatus(ctx, now)
	s.Grants, errs[1] = g.grantStatus(ctx, now)
	for _, err := range errs {
		if err != nil && s.Missing == "" {
			g.logger.Error("the status is not complete", "error", err.Error())
			s.Missing = "The token store cannot be read; the log says why."
		}
	}
	if a.Pace != nil {
		for _, p := range a.Pace() {
			s.Pace = append(s.Pace, PaceStatus{p.Operation, a.shopID(p.Shop), p.Rate, p.Limit, p.Waiting, p.Closed})
		}
		slices.SortFunc(s.Pace, func(a, b PaceStatus) int {
			return cmp.Or(cmp.Compare(b.Waiting, a.Waiting), cmp.Compare(a.Rate/a.Limit, b.Rate/b.Limit), cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Shop, b.Shop))
		})
	}
	return s
}

// keyStatus returns the keys that may call, and others that were called with.
func (g *Gateway) keyStatus(ctx context.Context, now time.Time) ([]KeyStatus, error) {
	byName := map[string]*KeyStatus{}
	of := func(name string) *KeyStatus {
		if byName[name] == nil {
			byName[name] = &KeyStatus{Name: name}
		}
		return byName[name]
	}
	var failed error
	for _, client := range g.book.Rules().Clients() {
		k := of(client.Name())
		k.State = client.State(now)
		if k.Daily = client.Daily(); k.Daily == 0 {
			continue
		}
		k.Left = k.Daily
		budgets, ok := g.budgets.(spentBudgets)
		if !ok {
			continue
		}
		used, err := budgets.Spent(ctx, budgetOf(client), now.Unix()/secondsPerDay)
		if err != nil {
			failed = err
			continue
		}
		k.Left = max(0, k.Daily-used)
	}
	g.metrics.mu.Lock()
	for labels, c := range g.metrics.calls {
		k := of(labels.key)
		k.Calls += c.n
		if labels.outcome != "ok" {
			k.Refused += c.n
		}
	}
	for labels, n := range g.metrics.refusals {
		if labels.reason != string(ReasonUpstream) { // which were counted as calls
			of(labels.key).Refused += n
		}
	}
	g.metrics.mu.Unlock()
	list := make([]KeyStatus, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		list = append(list, *byName[name])
	}
	return list, failed
}

// grantStatus returns the grants, those first that need attention.
func (g *Gateway) grantStatus(ctx context.Context, now time.Time) ([]GrantStatus, error) {
	grants, err := g.fleet.Grants(ctx)
	list := make([]GrantStatus, 0, len(grants))
	for _, grant := range grants {
		s := GrantStatus{
			OpenID: grant.OpenID, Name: grant.Token.SellerName, Kind: grant.Token.UserType.String(), State: GrantOK,
			Token: grant.Token.AccessTokenExpiresAt, Until: grant.Token.RefreshTokenExpiresAt,
		}
		for _, shop := range grant.Shops {
			s.Shops = append(s.Shops, shop.Name)
		}
		switch days := oauth.EndingMark(grant.Token, now); {
		case grant.Lost():
			s.State, s.Reason = GrantLost, grant.LostReason
		case !grant.Token.ValidAt(now):
			s.State, s.Reason = GrantEnded, "the access token has ended and was not refreshed"
		case days != 0, !s.Token.IsZero() && s.Token.Sub(now) < time.Hour:
			s.State = GrantEnding
		}
		list = append(list, s)
	}
	urgency := []string{GrantLost, GrantEnded, GrantEnding, GrantOK}
	slices.SortFunc(list, func(a, b GrantStatus) int {
		return cmp.Or(cmp.Compare(slices.Index(urgency, a.State), slices.Index(urgency, b.State)), a.Token.Compare(b.Token), cmp.Compare(a.OpenID, b.OpenID))
	})
	return list, err
}
