package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/returnrefund"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

func TestAnswer(t *testing.T) {
	t.Parallel()
	shop := sandboxtest.Start(t).Shop("GB")
	returns := returnrefund.New(shop)
	pending := func() (list []returnrefund.ReturnOrder) {
		params := &returnrefund.SearchReturnsParams{
			PageSize: 50, ReturnStatus: []returnrefund.ReturnStatus{returnrefund.ReturnStatusReturnOrRefundRequestPending},
		}
		for r, err := range returns.SearchReturnsAll(t.Context(), params) {
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, r)
		}
		return list
	}
	before := pending()
	if len(before) == 0 {
		t.Fatal("the sandbox has no return that waits")
	}
	var out strings.Builder
	if err := answer(t.Context(), shop, "0", &out); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "for a person"); got != len(before) || len(pending()) != len(before) {
		t.Errorf("a limit of nothing lists %d of %d for a person: %s", got, len(before), &out)
	}
	// Half of the amounts are within the limit.
	slices.SortFunc(before, func(a, b returnrefund.ReturnOrder) int {
		return a.RefundAmount.RefundTotal.Cmp(b.RefundAmount.RefundTotal)
	})
	limit := before[len(before)/2].RefundAmount.RefundTotal
	out.Reset()
	if err := answer(t.Context(), shop, limit, &out); err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	for _, r := range pending() {
		left[r.ReturnID] = true
	}
	var total ttshop.Money
	for _, r := range before {
		amount := ttshop.Money{Amount: r.RefundAmount.RefundTotal, Currency: r.RefundAmount.Currency}
		switch {
		case !left[r.ReturnID] && amount.Amount.Cmp(limit) > 0:
			t.Errorf("return %s of %s was decided, the limit is %s", r.ReturnID, amount, limit)
		case !left[r.ReturnID]:
			var err error
			if total, err = total.Add(amount); err != nil {
				t.Fatal(err)
			}
		case amount.Amount.Cmp(limit) <= 0 && !strings.Contains(out.String(), r.ReturnID+": returnrefund.ApproveReturn: the platform refused"):
			t.Errorf("return %s of %s is left without a reason: %s", r.ReturnID, amount, &out)
		}
	}
	want := fmt.Sprintf("\n%d of %d approved, %s\n", len(before)-len(left), len(before), total)
	if total.IsZero() || len(left) == 0 || !strings.HasSuffix(out.String(), want) {
		t.Errorf("the report is %s, want at its end %s", &out, want)
	}
	out.Reset()
	if err := answer(t.Context(), shop, limit, &out); err != nil || !strings.Contains(out.String(), "\n0 of ") {
		t.Errorf("the second run approves again: %v %s", err, &out)
	}
	if err := answer(t.Context(), shop, "a lot", &out); err == nil {
		t.Error("a word is accepted as an amount")
	}
}
