package ttshop_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/fulfillment"
	"github.com/ttshop-go/ttshop/api/product"
	"github.com/ttshop-go/ttshop/api/returnrefund"
)

// Three writes that are easy to get wrong, checked by hand: a retry must never
// create, refund or ship twice.
func TestRetryOfDelicateWrites(t *testing.T) {
	t.Parallel()
	create := func(t *testing.T, c *ttshop.Client) error {
		params := &product.CreateParams{Title: "t"}
		_, err := product.New(c).Create(t.Context(), params)
		if params.IdempotencyKey != "" {
			t.Error("the caller's params were changed")
		}
		return err
	}
	refund := func(t *testing.T, c *ttshop.Client) error {
		_, err := returnrefund.New(c).ApproveReturn(t.Context(), &returnrefund.ApproveReturnParams{ReturnID: "1", Decision: "APPROVE_REFUND"})
		return err
	}
	ship := func(t *testing.T, c *ttshop.Client) error {
		_, err := fulfillment.New(c).ShipPackage(t.Context(), &fulfillment.ShipPackageParams{PackageID: "1"})
		return err
	}
	tests := []struct {
		name    string
		call    func(*testing.T, *ttshop.Client) error
		key     string // where its idempotency key goes
		failure answer
		tries   int
		unknown bool
	}{
		{"create, cut", create, "body:idempotency_key", answer{err: errCut}, 2, false},
		{"create, time-out", create, "body:idempotency_key", refusal(200, 36009007), 2, false},
		{"create, 503", create, "body:idempotency_key", answer{status: 503}, 2, false},
		{"create, throttled", create, "body:idempotency_key", refusal(429, 36009002), 2, false},
		{"create, refused", create, "body:idempotency_key", refusal(200, 12052910), 1, false},
		{"refund, cut", refund, "query:idempotency_key", answer{err: errCut}, 2, false},
		{"refund, cut body", refund, "query:idempotency_key", answer{status: 200, body: success(`{}`), cut: true}, 2, false},
		{"refund, already decided", refund, "query:idempotency_key", refusal(200, 25020009), 1, false},
		{"refund, locked", refund, "query:idempotency_key", refusal(200, 25001028), 2, false},
		{"ship, cut", ship, "", answer{err: errCut}, 1, true},
		{"ship, cut body", ship, "", answer{status: 200, body: success(`{}`), cut: true}, 1, true},
		{"ship, 500", ship, "", answer{status: 500}, 1, true},
		{"ship, 503", ship, "", answer{status: 503}, 1, true},
		{"ship, time-out", ship, "", refusal(200, 36009007), 1, true},
		{"ship, carrier failed", ship, "", refusal(200, 21042067), 1, true},
		{"ship, already shipped", ship, "", refusal(200, 21008099), 1, false},
		{"ship, throttled", ship, "", refusal(429, 36009002), 2, false},
		{"ship, no connection", ship, "", answer{err: errDial}, 2, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, platform := scripted(t, []answer{tt.failure, fine})
				err := tt.call(t, client.Shop("cipher"))
				if len(platform.seen) != tt.tries || (err == nil) != (tt.tries == 2) || errors.Is(err, ttshop.ErrOutcomeUnknown) != tt.unknown {
					t.Errorf("sent %d times, error %v", len(platform.seen), err)
				}
				keys := map[string]bool{}
				for _, r := range platform.seen {
					if tt.key != "" {
						keys[keyIn(t, tt.key, r)] = true
					} else if strings.Contains(r.body+r.query.Encode(), "idempotency") {
						t.Errorf("a key where there is none: %v", r)
					}
				}
				if tt.key != "" && (len(keys) != 1 || keys[""]) {
					t.Errorf("keys %v, want one", keys)
				}
			})
		})
	}
}
