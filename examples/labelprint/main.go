// Labelprint ships all orders that await shipment by TikTok Shipping and saves
// the label of each package as a PDF:
//
//	labelprint -to labels
//
// A package whose label is in the folder is done. So after a failure, whatever it
// was, the same command goes on: nothing is shipped twice, no label is missing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/fulfillment"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/examples/internal/env"
)

func main() {
	to := flag.String("to", ".", "folder for the labels")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	shop, err := env.Shop()
	if err == nil {
		err = printLabels(ctx, shop, *to, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "labelprint:", err)
		os.Exit(1)
	}
}

// printLabels saves a label for every package that can be shipped. A package
// that the platform refuses is reported and does not hold up the others.
func printLabels(ctx context.Context, shop *ttshop.Client, to string, out io.Writer) error {
	packages, err := openPackages(ctx, shop)
	if err != nil {
		return err
	}
	for _, id := range packages {
		name := filepath.Join(to, id+".pdf")
		if _, err := os.Stat(name); err == nil {
			continue
		}
		err := printLabel(ctx, shop, id, name)
		var refused *ttshop.Error
		switch {
		case errors.As(err, &refused) && errors.Is(err, ttshop.ErrInvalidRequest):
			fmt.Fprintf(out, "package %s: %v\n", id, refused)
		case err != nil:
			return fmt.Errorf("package %s: %w", id, err)
		default:
			fmt.Fprintf(out, "package %s: %s\n", id, name)
		}
	}
	return nil
}

// openPackages returns the packages that the carrier has not taken over, each
// once, although orders can share one.
func openPackages(ctx context.Context, shop *ttshop.Client) ([]string, error) {
	var packages []string
	seen := map[string]bool{}
	for _, status := range []order.Status{order.StatusAwaitingShipment, order.StatusPartiallyShipping, order.StatusAwaitingCollection} {
		params := &order.SearchParams{OrderStatus: status, ShippingType: ttshop.ShippingByTikTok}
		for o, err := range order.New(shop).SearchAll(ctx, params) {
			if err != nil {
				return nil, fmt.Errorf("read orders: %w", err)
			}
			for _, p := range o.Packages {
				if !seen[p.ID] {
					seen[p.ID] = true
					packages = append(packages, p.ID)
				}
			}
		}
	}
	return packages, nil
}

// printLabel ships a package, unless that was done before, and saves its label.
func printLabel(ctx context.Context, shop *ttshop.Client, id, name string) (err error) {
	packages := fulfillment.New(shop)
	_, err = packages.ShipPackage(ctx, &fulfillment.ShipPackageParams{PackageID: id, HandoverMethod: fulfillment.HandoverMethodDropOff})
	if err != nil && !errors.Is(err, ttshop.ErrAlreadyDone) {
		return fmt.Errorf("ship: %w", err)
	}
	document, err := packages.GetPackageShippingDocument(ctx, &fulfillment.GetPackageShippingDocumentParams{
		PackageID: id, DocumentType: fulfillment.DocumentTypeShippingLabel,
	})
	if err != nil {
		return fmt.Errorf("get label: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(name), ".label-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = shop.Download(ctx, document.DocURL, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("save label: %w", err)
	}
	return os.Rename(file.Name(), name)
}
