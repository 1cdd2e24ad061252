package docs_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

// The snippets of reliability.md: TestPromisesOfTheGuides finds them here.
func TestReliabilityCode(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	key, secret, source, endpoint := server.Credentials.AppKey, server.Credentials.AppSecret, ttshop.StaticToken(server.Credentials.AccessToken), ttshop.WithEndpoint(server.URL)
	ctx, logger := t.Context(), slog.New(slog.DiscardHandler)

	pacer := ttshop.NewPacer(ttshop.PacerConfig{
		MaxWait: time.Minute, // nobody waits for the next hour
		Budgets: []ttshop.Budget{{Operation: "customer_service.", Calls: 10_000, Reserve: 1_000}},
	})
	client := ttshop.New(key, secret, ttshop.WithTokenSource(source),
		ttshop.WithLimiter(pacer),
		ttshop.WithRetry(ttshop.RetryPolicy{Tries: 3}),
		ttshop.WithLogger(logger), endpoint)

	var cipher string
	for _, s := range server.Credentials.Shops {
		if s.Region == "GB" {
			cipher = s.Cipher
		}
	}
	shop := client.Shop(cipher)
	if message := explain(errors.Join(&ttshop.TransportError{Operation: "x", Write: true, Sent: true, Err: context.DeadlineExceeded}), logger); message != "ask" {
		t.Errorf("outcome unknown: %q", message)
	}

	orders := order.New(shop)
	params := &order.SearchParams{PageSize: 100}
	count := 0
	for o, err := range ttshop.Prefetch(ctx, 100, func(ctx context.Context) iter.Seq2[order.FoundOrder, error] {
		return orders.SearchAll(ctx, params, ttshop.AsBulk())
	}) {
		if err != nil {
			t.Fatal(err)
		}
		_ = o
		count++
	}

	saved := []byte("{}")
	from, to := time.Now().AddDate(-1, 0, 0), time.Now().Add(time.Hour)
	var checkpoint ttshop.Checkpoint
	if err := json.Unmarshal(saved, &checkpoint); err != nil {
		t.Fatal(err)
	}
	walk := &ttshop.TimeWalk[order.FoundOrder]{
		Span:   ttshop.Span{From: ttshop.TimeOf(from), To: ttshop.TimeOf(to)},
		Key:    func(o order.FoundOrder) string { return o.ID },
		Resume: checkpoint,
		Fetch: func(ctx context.Context, span ttshop.Span, token string) (ttshop.Page[order.FoundOrder], error) {
			res, err := orders.Search(ctx, &order.SearchParams{
				PageSize: 100, PageToken: token, CreateTimeGe: span.From, CreateTimeLt: span.To,
			}, ttshop.AsBulk())
			if err != nil {
				return ttshop.Page[order.FoundOrder]{}, err
			}
			return ttshop.Page[order.FoundOrder]{Items: res.Orders, Next: res.NextPageToken, Total: res.TotalCount}, nil
		},
	}
	walked := 0
	for o, err := range walk.All(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		_ = o
		walked++
	}
	saved, err := json.Marshal(walk.Checkpoint())
	if err != nil || walked != count || count == 0 || !strings.Contains(string(saved), "done") {
		t.Errorf("%d orders walked, %d listed, checkpoint %s, %v", walked, count, saved, err)
	}
}

// explain is the snippet on errors.
func explain(err error, logger *slog.Logger) string {
	switch {
	case errors.Is(err, ttshop.ErrOutcomeUnknown):
		logger.Warn("look before the write is sent again", "error", err)
		return "ask"
	case errors.Is(err, ttshop.ErrRateLimited), errors.Is(err, ttshop.ErrUnavailable):
		return "later"
	}
	return "fix"
}
