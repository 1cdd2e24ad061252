// Catalogue lists the goods of a file that the shop does not have yet, and sets the
// price of those that it has:
//
//	catalogue -currency GBP < goods.json
//
// The file is a JSON list; the seller's own code tells what is listed already:
//
//	[{"seller_sku": "MUG-1", "title": "Stoneware mug, 350 ml", "description": "<p>…</p>", "image": "mug.jpg",
//	  "weight_kg": "0.4", "price": "12.50", "quantity": 20, "attributes": {"Material": "Ceramic"}}]
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/logistics"
	"github.com/ttshop-go/ttshop/api/product"
	"github.com/ttshop-go/ttshop/examples/internal/env"
)

func main() {
	currency := flag.String("currency", "", "currency of the prices, such as GBP")
	tree := flag.String("tree", string(product.CategoryVersionV1), "category tree of the market; v2 in the US")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	shop, err := env.Shop()
	if err == nil {
		err = (&catalogue{shop, *currency, product.CategoryVersion(*tree), os.Stdout}).run(ctx, os.Stdin)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "catalogue:", err)
		os.Exit(1)
	}
}

var errEntry = errors.New("wrong in the file")

// goods is an entry of the file.
type goods struct {
	SellerSKU   string            `json:"seller_sku"`
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Image       string            `json:"image"`
	WeightKG    string            `json:"weight_kg"`
	Price       ttshop.Decimal    `json:"price"`
	Quantity    int               `json:"quantity"`
	Attributes  map[string]string `json:"attributes"`
}

type catalogue struct {
	shop     *ttshop.Client
	currency string
	tree     product.CategoryVersion
	out      io.Writer
}

// run goes through the file. What the platform refuses, or what lacks something
// for a listing, is reported and does not hold up the rest.
func (c *catalogue) run(ctx context.Context, in io.Reader) error {
	var list []goods
	if err := json.NewDecoder(in).Decode(&list); err != nil {
		return fmt.Errorf("read goods: %w", err)
	}
	for _, g := range list {
		what, err := c.put(ctx, g)
		if errors.Is(err, errEntry) || errors.Is(err, ttshop.ErrInvalidRequest) {
			what = err.Error()
		} else if err != nil {
			return fmt.Errorf("%s: %w", g.SellerSKU, err)
		}
		fmt.Fprintf(c.out, "%s: %s\n", g.SellerSKU, what)
	}
	return nil
}

// put lists goods, or sets their price, and tells what it did.
func (c *catalogue) put(ctx context.Context, g goods) (string, error) {
	if g.SellerSKU == "" || g.Price.Err() != nil || g.Price.Sign() <= 0 {
		return "", fmt.Errorf("%w: no seller_sku or no price", errEntry)
	}
	for p, err := range product.New(c.shop).SearchAll(ctx, &product.SearchParams{SellerSKUs: []string{g.SellerSKU}}) {
		if err != nil {
			return "", fmt.Errorf("search: %w", err)
		}
		for _, sku := range p.SKUs {
			if sku.SellerSKU == g.SellerSKU && p.Status != product.StatusDeleted {
				return c.setPrice(ctx, p, sku, g)
			}
		}
	}
	return c.create(ctx, g)
}

func (c *catalogue) setPrice(ctx context.Context, p product.Product, sku product.ProductSKU, g goods) (string, error) {
	held := ttshop.Money{Amount: sku.Price.TaxExclusivePrice, Currency: sku.Price.Currency}
	want := ttshop.Money{Amount: g.Price, Currency: c.currency}
	difference, err := held.Cmp(want)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errEntry, err)
	}
	if difference == 0 {
		return "as it should be", nil
	}
	price := product.UpdatePriceSKU{ID: sku.ID, Price: product.PriceInput{Amount: want.Amount, Currency: want.Currency}}
	_, err = product.New(c.shop).UpdatePrice(ctx, &product.UpdatePriceParams{ProductID: p.ID, SKUs: []product.UpdatePriceSKU{price}})
	return held.String() + " → " + want.String(), err
}

func (c *catalogue) create(ctx context.Context, g goods) (string, error) {
	products := product.New(c.shop)
	category, err := products.RecommendCategory(ctx, &product.RecommendCategoryParams{ProductTitle: g.Title, CategoryVersion: c.tree})
	if err != nil {
		return "", fmt.Errorf("choose category: %w", err)
	}
	attributes, err := c.attributes(ctx, category.LeafCategoryID, g.Attributes)
	if err != nil {
		return "", err
	}
	warehouses, err := logistics.New(c.shop).ListWarehouses(ctx)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(warehouses.Warehouses, func(w logistics.Warehouse) bool { return w.IsDefault })
	if i < 0 {
		return "", errors.New("the shop has no default warehouse")
	}
	picture, err := os.ReadFile(g.Image)
	if err != nil {
		return "", err
	}
	image, err := products.UploadImage(ctx, &product.UploadImageParams{
		Data: ttshop.File{Name: filepath.Base(g.Image), Content: bytes.NewReader(picture)}, UseCase: product.UseCaseMainImage,
	})
	if err != nil {
		return "", fmt.Errorf("upload image: %w", err)
	}
	created, err := products.Create(ctx, &product.CreateParams{
		Title: g.Title, Description: g.Description, CategoryID: category.LeafCategoryID, CategoryVersion: c.tree,
		MainImages: []product.ImageURI{{URI: image.URI}}, ProductAttributes: attributes,
		PackageWeight: product.Weight{Value: g.WeightKG, Unit: product.WeightUnitKilogram},
		SKUs: []product.SKUInput{{
			SellerSKU: g.SellerSKU, Price: product.PriceInput{Amount: g.Price, Currency: c.currency},
			Inventory: []product.InventoryInput{{WarehouseID: warehouses.Warehouses[i].ID, Quantity: &g.Quantity}},
		}},
	})
	if err != nil {
		return "", fmt.Errorf("create: %w", err)
	}
	return "created as product " + created.ProductID, nil
}

// attributes looks up by name what the file says, and what the category demands.
func (c *catalogue) attributes(ctx context.Context, category string, named map[string]string) ([]product.ProductAttributeInput, error) {
	res, err := product.New(c.shop).GetAttributes(ctx, &product.GetAttributesParams{CategoryID: category, CategoryVersion: c.tree})
	if err != nil {
		return nil, fmt.Errorf("read attributes: %w", err)
	}
	var found []product.ProductAttributeInput
	for _, a := range res.Attributes {
		text, given := named[a.Name]
		i := slices.IndexFunc(a.Values, func(v product.AttributeValue) bool { return v.Name == text })
		switch {
		case a.Type != product.AttributeTypeProductProperty:
		case given && i >= 0:
			found = append(found, product.ProductAttributeInput{ID: a.ID, Values: []product.GlobalAttributeValue{{ID: a.Values[i].ID}}})
		case given && a.IsCustomizable:
			found = append(found, product.ProductAttributeInput{ID: a.ID, Values: []product.GlobalAttributeValue{{Name: text}}})
		case given || a.IsRequired:
			return nil, fmt.Errorf("%w: attribute %s cannot be %q", errEntry, a.Name, text)
		}
	}
	if len(found) < len(named) {
		return nil, fmt.Errorf("%w: the category has only %d of the %d attributes", errEntry, len(found), len(named))
	}
	return found, nil
}
