package docs_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// orderSearcher is what this program asks of the order domain.
type orderSearcher interface {
	SearchAll(ctx context.Context, params *order.SearchParams, options ...ttshop.CallOption) iter.Seq2[order.FoundOrder, error]
}

// revenue adds up what buyers paid for the orders since a time.
func revenue(ctx context.Context, orders orderSearcher, since time.Time) (ttshop.Money, error) {
	var total ttshop.Money
	for o, err := range orders.SearchAll(ctx, &order.SearchParams{PageSize: 50, CreateTimeGe: ttshop.TimeOf(since)}) {
		if err != nil {
			return ttshop.Money{}, err
		}
		if total, err = total.Add(ttshop.Money{Amount: o.Payment.TotalAmount, Currency: o.Payment.Currency}); err != nil {
			return ttshop.Money{}, err
		}
	}
	return total, nil
}

// orderList plays the domain from a list, and fails after it if told to.
type orderList struct {
	orders []order.FoundOrder
	err    error
}

func (l orderList) SearchAll(context.Context, *order.SearchParams, ...ttshop.CallOption) iter.Seq2[order.FoundOrder, error] {
	return func(yield func(order.FoundOrder, error) bool) {
		for _, o := range l.orders {
			if !yield(o, nil) {
				return
			}
		}
		if l.err != nil {
			yield(order.FoundOrder{}, l.err)
		}
	}
}

func TestRevenueOfAList(t *testing.T) {
	t.Parallel()
	paid := func(amount ttshop.Decimal) order.FoundOrder {
		return order.FoundOrder{Order: order.Order{Payment: order.Payment{TotalAmount: amount, Currency: "GBP"}}}
	}
	total, err := revenue(t.Context(), orderList{orders: []order.FoundOrder{paid("25"), paid("0.50")}}, time.Now())
	if err != nil || total.String() != "25.50 GBP" {
		t.Errorf("revenue %v, error %v", total, err)
	}
	refused := &ttshop.Error{Code: 36009002, HTTPStatus: 200}
	if _, err := revenue(t.Context(), orderList{err: refused}, time.Now()); !errors.Is(err, ttshop.ErrRateLimited) {
		t.Errorf("error %v", err)
	}
}

func TestRevenueOfTheSandbox(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	total, err := revenue(t.Context(), order.New(server.Shop("GB")), time.Now().AddDate(0, -6, 0))
	if err != nil || total.Amount.Sign() <= 0 || total.Currency != "GBP" {
		t.Errorf("revenue %v, error %v", total, err)
	}
}

func TestRevenueOfAFleet(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	fleet, err := server.Fleet(tokenstore.FleetConfig{})
	if err != nil {
		t.Fatal(err)
	}
	shop, err := fleet.Shop(t.Context(), server.ShopID("GB"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := revenue(t.Context(), order.New(shop), time.Now().AddDate(0, -6, 0)); err != nil {
		t.Error(err)
	}
	if _, err := server.Control.Advance(t.Context(), time.Hour); err != nil {
		t.Error(err)
	}
}

// The code of testing.md is that of this file.
func TestTestingGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("testing.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("testing_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	if len(blocks) < 4 {
		t.Fatalf("%d blocks of code", len(blocks))
	}
	for _, block := range blocks {
		if !strings.Contains(string(code), block[1]) {
			t.Errorf("not in testing_test.go:\n%s", block[1])
		}
	}
}
