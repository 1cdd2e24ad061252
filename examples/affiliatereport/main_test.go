package main

import (
	"encoding/csv"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/finance"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/api/returnrefund"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// What creators were paid is what statements took off for the orders that are
// over, and what was taken off already for others is among what is expected.
func TestReportEqualsStatements(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	for _, region := range []string{"GB", "US", "VN"} {
		shop := server.Shop(region)
		paid, expected := sum(t, shop)
		over, running := charges(t, shop)
		if !paid.Equal(over) || over.Sign() <= 0 || expected.Cmp(running) <= 0 || running.Sign() <= 0 {
			t.Errorf("%s: %s paid and %s expected; the statements have %s and %s", region, paid, expected, over, running)
		}
	}
}

// A refund after the statement gives the commission back, and the creator loses it.
func TestReportAfterRefund(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	shop := server.Shop("US")
	refunded := refundSettled(t, server, shop)
	if _, err := server.Control.Advance(t.Context(), 60*24*time.Hour); err != nil {
		t.Fatal(err)
	}
	fleet, err := server.Fleet(tokenstore.FleetConfig{}) // the token of before has expired
	if err != nil {
		t.Fatal(err)
	}
	if shop, err = fleet.Shop(t.Context(), server.ShopID("US")); err != nil {
		t.Fatal(err)
	}
	paid, _ := sum(t, shop)
	if over, _ := charges(t, shop); !paid.Equal(over) {
		t.Errorf("%s paid; the statements have %s", paid, over)
	}
	if left := charged(t, shop)[refunded]; !left.IsZero() {
		t.Errorf("the seller still pays %s for the refunded order", left)
	}
}

// refundSettled gives back the money of an order that earned a commission which a
// statement has already, and returns the order's id.
func refundSettled(t *testing.T, server *sandboxtest.Server, shop *ttshop.Client) string {
	t.Helper()
	commissions, statuses := charged(t, shop), statusOf(t, shop)
	for _, id := range slices.Sorted(maps.Keys(commissions)) {
		if statuses[id] != order.StatusDelivered || commissions[id].IsZero() {
			continue
		}
		asked, err := server.Control.AskAsBuyer(t.Context(), id, control.Ask{Ask: "refund"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := returnrefund.New(shop).ApproveReturn(t.Context(), &returnrefund.ApproveReturnParams{
			ReturnID: asked.ID, Decision: returnrefund.DecisionApproveRefund,
		}); err != nil {
			t.Fatal(err)
		}
		return id
	}
	t.Fatal("no order can be refunded")
	return ""
}

// sum adds up a report.
func sum(t *testing.T, shop *ttshop.Client) (paid, expected ttshop.Decimal) {
	t.Helper()
	var out strings.Builder
	if err := report(t.Context(), shop, time.Now().AddDate(-1, 0, 0), &out); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		paid = paid.Add(ttshop.Decimal(record[1]))
		expected = expected.Add(ttshop.Decimal(record[2]))
	}
	return paid, expected
}

// charges adds up the commissions on all statements, of orders that are over and
// of others.
func charges(t *testing.T, shop *ttshop.Client) (over, running ttshop.Decimal) {
	t.Helper()
	statuses := statusOf(t, shop)
	for id, commission := range charged(t, shop) {
		if statuses[id] == order.StatusCompleted {
			over = over.Add(commission)
		} else {
			running = running.Add(commission)
		}
	}
	return over, running
}

// charged returns the commission of each settled order, as the seller pays it.
func charged(t *testing.T, shop *ttshop.Client) map[string]ttshop.Decimal {
	t.Helper()
	all := map[string]ttshop.Decimal{}
	books := finance.New(shop)
	for s, err := range books.GetStatementsAll(t.Context(), &finance.GetStatementsParams{PageSize: 100}) {
		if err != nil {
			t.Fatal(err)
		}
		params := &finance.GetTransactionsByStatementParams{StatementID: s.ID, PageSize: 100}
		for x, err := range books.GetTransactionsByStatementAll(t.Context(), params) {
			if err != nil {
				t.Fatal(err)
			}
			all[x.OrderID] = all[x.OrderID].Sub(x.FeeTaxBreakdown.Fee.AffiliateCommissionAmount)
		}
	}
	return all
}

func statusOf(t *testing.T, shop *ttshop.Client) map[string]order.Status {
	t.Helper()
	all := map[string]order.Status{}
	for o, err := range order.New(shop).SearchAll(t.Context(), &order.SearchParams{}) {
		if err != nil {
			t.Fatal(err)
		}
		all[o.ID] = o.Status
	}
	return all
}
