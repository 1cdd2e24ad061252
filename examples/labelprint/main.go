// Labelprint ships all orders that await shipment by TikTok Shipping and saves
// the label of each package as a PDF:
//
//	labelprint -to labels
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
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
	var packages []string
	seen := map[string]bool{}
	params := &order.SearchParams{PageSize: 50, OrderStatus: order.StatusAwaitingShipment, ShippingType: order.ShippingTypeTikTok}
	for o, err := range order.New(shop).SearchAll(ctx, params) {
		if err != nil {
			return fmt.Errorf("read orders: %w", err)
		}
		for _, p := range o.Packages {
			if !seen[p.ID] { // orders can share a package
				seen[p.ID] = true
				packages = append(packages, p.ID)
			}
		}
	}
	for _, id := range packages {
		name, err := printLabel(ctx, shop, id, to)
		var refused *ttshop.Error
		switch {
		case errors.As(err, &refused) && !errors.Is(err, ttshop.ErrUnauthorized):
			fmt.Fprintf(out, "package %s: %v\n", id, refused)
		case err != nil:
			return fmt.Errorf("package %s: %w", id, err)
		default:
			fmt.Fprintf(out, "package %s: %s\n", id, name)
		}
	}
	return nil
}

// printLabel ships a package and saves its label.
func printLabel(ctx context.Context, shop *ttshop.Client, id, to string) (name string, err error) {
	packages := fulfillment.New(shop)
	if _, err := packages.ShipPackage(ctx, &fulfillment.ShipPackageParams{PackageID: id, HandoverMethod: fulfillment.HandoverMethodDropOff}); err != nil {
		return "", fmt.Errorf("ship: %w", err)
	}
	document, err := packages.GetPackageShippingDocument(ctx, &fulfillment.GetPackageShippingDocumentParams{
		PackageID: id, DocumentType: fulfillment.DocumentTypeShippingLabel,
	})
	if err != nil {
		return "", fmt.Errorf("get label: %w", err)
	}
	name = filepath.Join(to, id+".pdf")
	return name, download(ctx, document.DocURL, name)
}

// download saves the file at a URL, which carries its own permission: no token is
// sent there.
func download(ctx context.Context, rawURL, name string) (err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, rawURL, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("download label: %s", resp.Status)
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	_, err = io.Copy(file, resp.Body)
	return err
}
