// Returndesk answers the returns that are waiting for the seller: refunds up to a
// limit are approved, the rest are listed for a person.
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
	for _, r := range pending {
		amount := r.RefundAmount.RefundTotal
		if amount == "" || amount.Err() != nil || amount.Cmp(limit) > 0 {
			fmt.Fprintf(out, "%s: %s %s, %s: for a person\n", r.ReturnID, r.RefundAmount.RefundTotal, r.RefundAmount.Currency, r.ReturnReasonText)
			continue
		}
		err := approve(ctx, returns, r)
		if refused, ok := errors.AsType[*ttshop.Error](err); ok && errors.Is(err, ttshop.ErrInvalidRequest) {
			// Such as an offer that the buyer has not answered yet.
			fmt.Fprintf(out, "%s: %v\n", r.ReturnID, refused)
			continue
		}
		if err != nil {
			return fmt.Errorf("approve return %s: %w", r.ReturnID, err)
		}
		fmt.Fprintf(out, "%s: %s %s, approved\n", r.ReturnID, r.RefundAmount.RefundTotal, r.RefundAmount.Currency)
	}
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
