// Returndesk answers the returns that are waiting for the seller: refunds up to a
// limit are approved, the rest are listed for a person. The last line says what the
// approved ones come to.
//
//	returndesk -limit 20.00
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/returnrefund"
	"github.com/ttshop-go/ttshop/examples/internal/env"
)

func main() {
	limit := flag.String("limit", "20.00", "approve refunds up to this amount, in the shop's currency")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	shop, err := env.Shop()
	if err == nil {
		err = answer(ctx, shop, ttshop.Decimal(*limit), os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "returndesk:", err)
		os.Exit(1)
	}
}

// answer goes through the pending returns, oldest first.
func answer(ctx context.Context, shop *ttshop.Client, limit ttshop.Decimal, out io.Writer) error {
	if err := limit.Err(); err != nil {
		return fmt.Errorf("limit: %w", err)
	}
	returns := returnrefund.New(shop)
	var pending []returnrefund.ReturnOrder
	params := &returnrefund.SearchReturnsParams{
		PageSize: 50, ReturnStatus: []returnrefund.ReturnStatus{returnrefund.ReturnStatusReturnOrRefundRequestPending},
	}
	// The list is read to the end first: answering changes its contents.
	for r, err := range returns.SearchReturnsAll(ctx, params) {
		if err != nil {
			return fmt.Errorf("read returns: %w", err)
		}
		pending = append(pending, r)
	}
	approved := 0
	var total ttshop.Money
	for _, r := range pending {
		amount := ttshop.Money{Amount: r.RefundAmount.RefundTotal, Currency: r.RefundAmount.Currency}
		if amount.Amount == "" || amount.Amount.Err() != nil || amount.Amount.Cmp(limit) > 0 {
			fmt.Fprintf(out, "%s: %s, %s: for a person\n", r.ReturnID, amount, r.ReturnReasonText)
			continue
		}
		switch err := approve(ctx, returns, r); {
		case errors.Is(err, ttshop.ErrState):
			// It was decided meanwhile, or waits for the buyer's answer to an offer.
			fmt.Fprintf(out, "%s: %v\n", r.ReturnID, err)
			continue
		case err != nil:
			return fmt.Errorf("approve return %s: %w", r.ReturnID, err)
		}
		fmt.Fprintf(out, "%s: %s, approved\n", r.ReturnID, amount)
		approved++
		var err error
		if total, err = total.Add(amount); err != nil {
			return fmt.Errorf("return %s: %w", r.ReturnID, err)
		}
	}
	fmt.Fprintf(out, "%d of %d approved, %s\n", approved, len(pending), total)
	return nil
}

// approve makes the decision that suits the kind of return.
func approve(ctx context.Context, returns returnrefund.Service, r returnrefund.ReturnOrder) error {
	decision := returnrefund.DecisionApproveReturn
	if r.ReturnType == returnrefund.ReturnTypeRefund {
		decision = returnrefund.DecisionApproveRefund
	}
	_, err := returns.ApproveReturn(ctx, &returnrefund.ApproveReturnParams{
		ReturnID: r.ReturnID, Decision: decision,
		IdempotencyKey: r.ReturnID + "-" + string(decision), // the same answer twice counts once
	})
	return err
}
