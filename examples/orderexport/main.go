// Orderexport writes the line items of all orders of the last days as CSV, one
// line each, oldest first:
//
//	orderexport -days 30 > orders.csv
package main

import (
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/examples/internal/env"
)

func main() {
	days := flag.Int("days", 30, "how far to look back")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	shop, err := env.Shop()
	if err == nil {
		err = export(ctx, shop, time.Now().AddDate(0, 0, -*days), os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "orderexport:", err)
		os.Exit(1)
	}
}

// export writes what was ordered since a point in time.
func export(ctx context.Context, shop *ttshop.Client, since time.Time, out io.Writer) error {
	w := csv.NewWriter(out)
	if err := w.Write([]string{"order", "status", "created", "sku", "seller_sku", "product", "price", "currency"}); err != nil {
		return err
	}
	params := &order.SearchParams{
		PageSize: 100, SortField: order.SortFieldCreateTime, SortOrder: ttshop.SortAscending, CreateTimeGe: ttshop.TimeOf(since),
	}
	for o, err := range order.New(shop).SearchAll(ctx, params) {
		if err != nil {
			return fmt.Errorf("read orders: %w", err)
		}
		for _, item := range o.LineItems {
			record := []string{
				o.ID, string(o.Status), o.CreateTime.Time().Format(time.RFC3339),
				item.SKUID, item.SellerSKU, item.ProductName, string(item.SalePrice), item.Currency,
			}
			if err := w.Write(record); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}
