// Reconcile checks a month's statements, to the cent, against transactions and orders.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/finance"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/examples/internal/env"
)

var errDiffers = errors.New("the statements do not agree with the orders")

func main() {
	shop, err := env.Shop()
	if err == nil {
		err = reconcile(context.Background(), shop, time.Now().AddDate(0, 0, -30), os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "reconcile:", err)
		os.Exit(1)
	}
}

func reconcile(ctx context.Context, shop *ttshop.Client, since time.Time, out io.Writer) (failed error) {
	check := func(what string, got, want ttshop.Decimal) {
		if !got.Equal(want) {
			failed = errDiffers
			fmt.Fprintf(out, "%s is %s, want %s\n", what, got, want)
		}
	}
	books, total, ids := finance.New(shop), ttshop.Money{}, []string{}
	goods, discounts := map[string]ttshop.Decimal{}, map[string]ttshop.Decimal{} // by order
	for s, err := range books.GetStatementsAll(ctx, &finance.GetStatementsParams{StatementTimeGe: ttshop.TimeOf(since)}) {
		if err != nil {
			return fmt.Errorf("read statements: %w", err)
		}
		var settled ttshop.Decimal
		for x, err := range books.GetTransactionsByStatementAll(ctx, &finance.GetTransactionsByStatementParams{StatementID: s.ID}) {
			if err != nil {
				return fmt.Errorf("read statement %s: %w", s.ID, err)
			}
			settled = settled.Add(x.SettlementAmount)
			check("transaction "+x.ID, x.SettlementAmount, ttshop.Sum(x.RevenueAmount, x.ShippingCostAmount, x.FeeTaxAmount, x.AdjustmentAmount))
			if sold := x.RevenueBreakdown; x.Type == finance.TransactionTypeOrder && !sold.SubtotalBeforeDiscountAmount.IsZero() {
				ids = append(ids, x.OrderID)
				goods[x.OrderID] = goods[x.OrderID].Add(sold.SubtotalBeforeDiscountAmount)
				discounts[x.OrderID] = discounts[x.OrderID].Add(sold.SellerDiscountAmount)
			}
		}
		check("statement "+s.ID, s.SettlementAmount, settled)
		fmt.Fprintf(out, "%s  %s  %s %s\n", s.StatementTime.Time().Format(time.DateOnly), s.ID, s.SettlementAmount, s.Currency)
		if total, err = total.Add(ttshop.Money{Amount: s.SettlementAmount, Currency: s.Currency}); err != nil {
			return fmt.Errorf("statement %s: %w", s.ID, err)
		}
	}
	read := func(ctx context.Context, ids []string) ([]order.OrderDetail, error) {
		res, err := order.New(shop).Get(ctx, &order.GetParams{IDs: ids})
		if err != nil {
			return nil, err
		}
		return res.Orders, nil
	}
	for o, err := range ttshop.InBatches(ctx, ids, 50, func(o order.OrderDetail) string { return o.ID }, read) {
		if err != nil {
			return fmt.Errorf("read orders: %w", err)
		}
		check("subtotal of order "+o.ID, goods[o.ID], o.Payment.OriginalTotalProductPrice)
		check("seller discount of order "+o.ID, discounts[o.ID], o.Payment.SellerDiscount.Neg())
	}
	fmt.Fprintf(out, "%d orders, %s\n", len(goods), total)
	return failed
}
