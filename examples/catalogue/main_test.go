package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/product"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

func TestCatalogue(t *testing.T) {
	t.Parallel()
	shop := sandboxtest.Start(t).Shop("GB")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 600, 600))); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "mug.png")
	if err := os.WriteFile(name, picture.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	mug := goods{
		SellerSKU: "MUG-350", Title: "Stoneware mug for coffee and tea, 350 ml", Description: "<p>A mug.</p>", Image: name,
		WeightKG: "0.4", Price: "12.5", Quantity: 20, Attributes: map[string]string{"Material": "Ceramic", "Care instructions": "By hand, with care"},
	}
	put := func(want string, g goods) {
		t.Helper()
		in, err := json.Marshal([]goods{g})
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		c := &catalogue{shop: shop, currency: "GBP", tree: product.CategoryVersionV1, out: &out}
		if err := c.run(t.Context(), bytes.NewReader(in)); err != nil || !strings.HasPrefix(out.String(), g.SellerSKU+": "+want) {
			t.Errorf("error %v, report %q, want %q", err, &out, want)
		}
	}

	for _, test := range []struct {
		want string
		edit func(*goods)
	}{
		{"wrong in the file: no seller_sku or no price", func(g *goods) { g.Price = "a lot" }},
		{`wrong in the file: attribute Country of origin cannot be "Atlantis"`, func(g *goods) { g.Attributes["Country of origin"] = "Atlantis" }},
		{"wrong in the file: the category has only 2 of the 3 attributes", func(g *goods) { g.Attributes["Taste"] = "Sweet" }},
		{"create: product.Create", func(g *goods) { g.WeightKG = "heavy" }},
	} {
		g := mug
		g.Attributes = maps.Clone(mug.Attributes)
		test.edit(&g)
		put(test.want, g)
	}
	if held := products(t, shop, mug.SellerSKU); len(held) != 0 {
		t.Fatalf("what is wrong was listed: %v", held)
	}

	put("created as product ", mug)
	put("as it should be", mug)
	mug.Price = "11.00"
	put("12.50 GBP → 11.00 GBP", mug)
	mug.Price = "11"
	put("as it should be", mug)

	held := products(t, shop, mug.SellerSKU)
	if len(held) != 1 {
		t.Fatalf("the shop has the mug %d times", len(held))
	}
	p, err := product.New(shop).Get(t.Context(), &product.GetParams{ProductID: held[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	sku := p.SKUs[0]
	if p.Status != product.StatusActivate || p.Title != mug.Title || len(p.MainImages) != 1 || len(p.ProductAttributes) != 2 ||
		!sku.Price.TaxExclusivePrice.Equal("11") || sku.Price.Currency != "GBP" || len(sku.Inventory) != 1 || sku.Inventory[0].Quantity != 20 {
		t.Errorf("the shop has %+v", p)
	}
}

// The platform sets no price of what is off sale, which holds up nothing else.
func TestCatalogueLeavesOffSaleAlone(t *testing.T) {
	t.Parallel()
	shop := sandboxtest.Start(t).Shop("GB")
	for p, err := range product.New(shop).SearchAll(t.Context(), &product.SearchParams{Status: product.StatusSellerDeactivated}) {
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		c := &catalogue{shop: shop, currency: "GBP", tree: product.CategoryVersionV1, out: &out}
		in := `[{"seller_sku": "` + p.SKUs[0].SellerSKU + `", "price": "0.01"}, {"seller_sku": "X"}]`
		if err := c.run(t.Context(), strings.NewReader(in)); err != nil || !strings.Contains(out.String(), ": product.UpdatePrice: the platform refused the call") ||
			!strings.HasSuffix(out.String(), "\nX: wrong in the file: no seller_sku or no price\n") {
			t.Errorf("error %v, report %q", err, &out)
		}
		return
	}
	t.Fatal("the sandbox has nothing off sale")
}

func products(t *testing.T, shop *ttshop.Client, sellerSKU string) (held []product.Product) {
	t.Helper()
	for p, err := range product.New(shop).SearchAll(t.Context(), &product.SearchParams{SellerSKUs: []string{sellerSKU}}) {
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, p)
	}
	return held
}
