// Stocksync sets the stock of the shop's SKUs to that of a warehouse system,
// given as CSV with the columns seller_sku and quantity:
//
//	stocksync < stock.csv
//
// It writes only what differs, to the sales warehouse that holds the SKU's stock. A
// SKU stocked in several warehouses is reported and left alone.
package main

import (
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/product"
	"github.com/ttshop-go/ttshop/examples/internal/env"
)

func main() {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	shop, err := env.Shop()
	if err == nil {
		err = sync(ctx, shop, os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "stocksync:", err)
		os.Exit(1)
	}
}

// sync brings the shop's stock to what the CSV says and reports each change.
func sync(ctx context.Context, shop *ttshop.Client, in io.Reader, out io.Writer) error {
	want, err := readStock(in)
	if err != nil {
		return fmt.Errorf("read stock: %w", err)
	}
	products := product.New(shop)
	params := &product.SearchParams{PageSize: 100, Status: product.StatusActivate}
	for p, err := range products.SearchAll(ctx, params) {
		if err != nil {
			return fmt.Errorf("read products: %w", err)
		}
		var changes []product.UpdateInventorySKU
		for _, sku := range p.SKUs {
			quantity, listed := want[sku.SellerSKU]
			switch {
			case !listed:
			case len(sku.Inventory) != 1:
				fmt.Fprintf(out, "%s: in %d warehouses, left alone\n", sku.SellerSKU, len(sku.Inventory))
			case sku.Inventory[0].Quantity != quantity:
				changes = append(changes, product.UpdateInventorySKU{ID: sku.ID, Inventory: []product.InventoryInput{{
					WarehouseID: sku.Inventory[0].WarehouseID, Quantity: &quantity,
				}}})
				fmt.Fprintf(out, "%s: %d → %d\n", sku.SellerSKU, sku.Inventory[0].Quantity, quantity)
			}
		}
		if len(changes) == 0 {
			continue
		}
		result, err := products.UpdateInventory(ctx, &product.UpdateInventoryParams{ProductID: p.ID, SKUs: changes})
		if err != nil {
			return fmt.Errorf("update product %s: %w", p.ID, err)
		}
		if err := result.Failed(); err != nil {
			fmt.Fprintf(out, "product %s: %v\n", p.ID, err)
		}
	}
	return nil
}

// readStock returns the quantities by seller SKU.
func readStock(in io.Reader) (map[string]int, error) {
	records, err := csv.NewReader(in).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(records) == 0 || len(records[0]) != 2 || records[0][0] != "seller_sku" || records[0][1] != "quantity" {
		return nil, fmt.Errorf("the first line must be seller_sku,quantity")
	}
	stock := make(map[string]int, len(records)-1)
	for i, record := range records[1:] {
		quantity, err := strconv.Atoi(record[1])
		if err != nil || quantity < 0 {
			return nil, fmt.Errorf("line %d: quantity is %q, want a whole number from 0", i+2, record[1])
		}
		stock[record[0]] = quantity
	}
	return stock, nil
}
