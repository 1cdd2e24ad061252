package gateway_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/policy"
)

// hangingBudgets are those of a database that does not answer.
type hangingBudgets struct{}

func (hangingBudgets) Spend(context.Context, string, int64, int, int) (bool, error) { return true, nil }

func (hangingBudgets) Spent(ctx context.Context, _ string, _ int64) (int, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// A status has what happened: calls, refusals, quotas, grants, pace and failures, the
// newest first. A store that hangs does not hold it up for long.
func TestStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	issued := w.key(policy.Key{Name: "k", Allow: []string{"order.*"}, Shops: []string{w.shop("GB").ID}, Daily: 10}, nil)
	w.key(policy.Key{Name: "idle", Allow: []string{"*"}, Shops: []string{"*"}}, nil)
	for _, path := range []string{"/order/202309/orders/search?page_size=1", "/order/202309/orders/search?page_size=500", "/product/202309/brands", "/nothing"} {
		w.send("POST", path, bearer(issued), nil)
	}
	pacer := ttshop.NewPacer(ttshop.PacerConfig{})
	admin := &gateway.Admin{Gateway: w.gate, Pace: pacer.States}
	s := admin.Status(t.Context())
	calls, refused := 0, 0
	for _, span := range s.Spans {
		calls, refused = calls+span.Calls, refused+span.Refused
	}
	if calls != 4 || refused != 3 || s.P50 == 0 || s.P95 < s.P50 || s.InFlight != 0 || s.Missing != "" {
		t.Errorf("%d calls, %d refused, p50 %v, p95 %v, %d under way, missing %q", calls, refused, s.P50, s.P95, s.InFlight, s.Missing)
	}
	if len(s.Keys) != 2 || s.Keys[0].Name != "idle" || s.Keys[1] != (gateway.KeyStatus{Name: "k", State: s.Keys[1].State, Calls: 2, Refused: 3, Daily: 10, Left: 8}) {
		t.Errorf("the keys are %+v", s.Keys)
	}
	if len(s.Failures) != 3 || s.Failures[0].Rule != "catalogue" || s.Failures[2].Code == 0 || s.Failures[2].Status != http.StatusBadRequest {
		t.Errorf("the failures are %+v", s.Failures)
	}
	if len(s.Grants) < 3 || s.Grants[0].State != gateway.GrantOK || s.Grants[0].Token.IsZero() {
		t.Errorf("the grants are %+v", s.Grants)
	}

	gate, _ := w.gateway(gateway.Config{Fleet: w.fleet, Book: w.book, Budgets: hangingBudgets{}})
	began := time.Now()
	s = (&gateway.Admin{Gateway: gate}).Status(t.Context())
	if took := time.Since(began); took > 20*time.Second || !strings.Contains(s.Missing, "cannot be read") || len(s.Keys) != 2 {
		t.Errorf("after %v: missing %q, keys %+v", took, s.Missing, s.Keys)
	}
}
