package main

import (
	"strings"
	"testing"

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
	out.Reset()
	if err := answer(t.Context(), shop, "100000", &out); err != nil {
		t.Fatal(err)
	}
	approved := strings.Count(out.String(), ", approved\n")
	refused := strings.Count(out.String(), "the platform refused the call")
	if left := pending(); approved == 0 || approved+refused != len(before) || len(left) != refused {
		t.Errorf("of %d, %d are approved, %d refused and %d left: %s", len(before), approved, refused, len(left), &out)
	}
	if err := answer(t.Context(), shop, "a lot", &out); err == nil {
		t.Error("a word is accepted as an amount")
	}
}
