// Reconcile checks the statements of the last days against the orders that they
// settle, to the cent, and prints what each statement pays and what does not agree:
//
//	reconcile -days 30
//
// It ends with an error when anything does not agree.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"
	"slices"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/finance"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/examples/internal/env"
)

var errDiffers = errors.New("the statements do not agree with the orders")

func main() {
	days := flag.Int("days", 30, "how far to look back")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	shop, err := env.Shop()
	if err == nil {
		err = reconcile(ctx, shop, time.Now().AddDate(0, 0, -*days), os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "reconcile:", err)
		os.Exit(1)
	}
}

// sale is what statements say about the goods of an order.
type sale struct {
	subtotal, sellerDiscount ttshop.Decimal
	settled                  bool // in these statements, and not only refunded in them
}

// reconcile checks the statements made since a time.
func reconcile(ctx context.Context, shop *ttshop.Client, since time.Time, out io.Writer) error {
	books := finance.New(shop)
	var total ttshop.Money
	agree := true
	check := func(what string, got, want ttshop.Decimal) {
		if !got.Equal(want) {
			agree = false
			fmt.Fprintf(out, "%s is %s, want %s\n", what, got, want)
		}
	}
	sales := map[string]sale{}
	var ids []string
	params := &finance.GetStatementsParams{StatementTimeGe: ttshop.TimeOf(since), PageSize: 100}
	for s, err := range books.GetStatementsAll(ctx, params) {
		if err != nil {
			return fmt.Errorf("read statements: %w", err)
		}
		var settled ttshop.Decimal
		for x, err := range books.GetTransactionsByStatementAll(ctx, &finance.GetTransactionsByStatementParams{StatementID: s.ID, PageSize: 100}) {
			if err != nil {
				return fmt.Errorf("read statement %s: %w", s.ID, err)
			}
			settled = settled.Add(x.SettlementAmount)
			check("transaction "+x.ID, x.SettlementAmount, ttshop.Sum(x.RevenueAmount, x.ShippingCostAmount, x.FeeTaxAmount, x.AdjustmentAmount))
			if x.Type != finance.TransactionTypeOrder {
				continue
			}
			o, known := sales[x.OrderID]
			if !known {
				ids = append(ids, x.OrderID)
			}
			o.subtotal = o.subtotal.Add(x.RevenueBreakdown.SubtotalBeforeDiscountAmount)
			o.sellerDiscount = o.sellerDiscount.Add(x.RevenueBreakdown.SellerDiscountAmount)
			o.settled = o.settled || !x.RevenueBreakdown.SubtotalBeforeDiscountAmount.IsZero()
			sales[x.OrderID] = o
		}
		check("statement "+s.ID, s.SettlementAmount, settled)
		amount := ttshop.Money{Amount: s.SettlementAmount, Currency: s.Currency}
		fmt.Fprintf(out, "%s  %s  %s\n", s.StatementTime.Time().Format(time.DateOnly), s.ID, amount)
		if total, err = total.Add(amount); err != nil {
			return fmt.Errorf("statement %s: %w", s.ID, err)
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return !sales[id].settled })
	for o, err := range ordersOf(ctx, shop, ids) {
		if err != nil {
			return fmt.Errorf("read orders: %w", err)
		}
		check("subtotal of order "+o.ID, sales[o.ID].subtotal, o.Payment.OriginalTotalProductPrice)
		check("seller discount of order "+o.ID, sales[o.ID].sellerDiscount, o.Payment.SellerDiscount.Neg())
	}
	fmt.Fprintf(out, "%d orders, %s\n", len(ids), total)
	if !agree {
		return errDiffers
	}
	return nil
}

// ordersOf reads orders by their ids, which an operation takes 50 of.
func ordersOf(ctx context.Context, shop *ttshop.Client, ids []string) iter.Seq2[order.OrderDetail, error] {
	return ttshop.InBatches(ctx, ids, 50, func(o order.OrderDetail) string { return o.ID },
		func(ctx context.Context, ids []string) ([]order.OrderDetail, error) {
			res, err := order.New(shop).Get(ctx, &order.GetParams{IDs: ids})
			if err != nil {
				return nil, err
			}
			return res.Orders, nil
		})
}
