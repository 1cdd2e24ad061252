// Affiliatereport prints as CSV what creators earn for the orders of the last days:
// commissions that are certain, and those still expected.
//
//	affiliatereport -days 30 > creators.csv
package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/affiliateseller"
	"github.com/ttshop-go/ttshop/examples/internal/env"
)

func main() {
	days := flag.Int("days", 30, "how far to look back")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	shop, err := env.Shop()
	if err == nil {
		err = report(ctx, shop, time.Now().AddDate(0, 0, -*days), os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "affiliatereport:", err)
		os.Exit(1)
	}
}

// earned is what came of a creator's orders.
type earned struct{ paid, expected ttshop.Money }

// report adds up the orders placed since a time.
func report(ctx context.Context, shop *ttshop.Client, since time.Time, out io.Writer) error {
	creators := map[string]earned{}
	params := &affiliateseller.SearchOrdersParams{CreateTimeGe: ttshop.TimeOf(since)}
	for o, err := range affiliateseller.New(shop).SearchOrdersAll(ctx, params) {
		if err != nil {
			return fmt.Errorf("read orders: %w", err)
		}
		for _, sku := range o.SKUs {
			e := creators[sku.CreatorUsername]
			switch o.Status {
			case affiliateseller.OrderStatusCompleted:
				e.paid, err = e.paid.Add(ttshop.Money(sku.ActualPaidCommission))
			case affiliateseller.OrderStatusCancelled:
			default:
				e.expected, err = e.expected.Add(ttshop.Money(sku.EstimatedPaidCommission))
			}
			if err != nil {
				return fmt.Errorf("order %s: %w", o.ID, err)
			}
			creators[sku.CreatorUsername] = e
		}
	}
	records := [][]string{{"creator", "paid", "expected", "currency"}}
	for _, name := range slices.Sorted(maps.Keys(creators)) {
		e := creators[name]
		paid, expected := ttshop.Sum(e.paid.Amount), ttshop.Sum(e.expected.Amount) // "0" where there is nothing
		records = append(records, []string{name, string(paid), string(expected), cmp.Or(e.paid.Currency, e.expected.Currency)})
	}
	return csv.NewWriter(out).WriteAll(records)
}
