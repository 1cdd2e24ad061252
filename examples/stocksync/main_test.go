package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/product"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

func TestSync(t *testing.T) {
	t.Parallel()
	shop := sandboxtest.Start(t).Shop("GB")
	sku := pick(t, shop, func(sku product.ProductSKU) bool { return len(sku.Inventory) == 1 && sku.Inventory[0].Quantity > 0 })
	in := fmt.Sprintf("seller_sku,quantity\n%s,0\nunknown,1\n", sku.SellerSKU)
	var out strings.Builder
	if err := sync(t.Context(), shop, strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%s: %d → 0\n", sku.SellerSKU, sku.Inventory[0].Quantity); out.String() != want {
		t.Errorf("the report is %q, want %q", out.String(), want)
	}
	if got := stockOf(t, shop, sku.ID); got != 0 {
		t.Errorf("%d pieces are left, want none", got)
	}
	out.Reset()
	if err := sync(t.Context(), shop, strings.NewReader(in), &out); err != nil || out.Len() > 0 {
		t.Errorf("the second run writes again: %v %s", err, &out)
	}
}

func TestSyncLeavesSeveralWarehousesAlone(t *testing.T) {
	t.Parallel()
	shop := sandboxtest.Start(t).Shop("US")
	sku := pick(t, shop, func(sku product.ProductSKU) bool { return len(sku.Inventory) == 2 })
	before := stockOf(t, shop, sku.ID)
	var out strings.Builder
	if err := sync(t.Context(), shop, strings.NewReader("seller_sku,quantity\n"+sku.SellerSKU+",7\n"), &out); err != nil {
		t.Fatal(err)
	}
	if want := sku.SellerSKU + ": in 2 warehouses, left alone\n"; out.String() != want {
		t.Errorf("the report is %q, want %q", out.String(), want)
	}
	if got := stockOf(t, shop, sku.ID); got != before {
		t.Errorf("the stock changed from %d to %d", before, got)
	}
}

// pick returns a SKU on sale that fits.
func pick(t *testing.T, shop *ttshop.Client, fits func(product.ProductSKU) bool) product.ProductSKU {
	t.Helper()
	params := &product.SearchParams{PageSize: 100, Status: product.StatusActivate}
	for p, err := range product.New(shop).SearchAll(t.Context(), params) {
		if err != nil {
			t.Fatal(err)
		}
		for _, sku := range p.SKUs {
			if sku.SellerSKU != "" && fits(sku) {
				return sku
			}
		}
	}
	t.Fatal("the sandbox has no such SKU")
	return product.ProductSKU{}
}

func stockOf(t *testing.T, shop *ttshop.Client, id string) int {
	t.Helper()
	res, err := product.New(shop).SearchInventory(t.Context(), &product.SearchInventoryParams{SKUIDs: []string{id}})
	if err != nil {
		t.Fatal(err)
	}
	return res.Inventory[0].SKUs[0].TotalAvailableQuantity
}

func TestReadStockRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "a,b\n", "seller_sku,quantity\nX,many\n", "seller_sku,quantity\nX,-1\n", "seller_sku,quantity\nX\n"} {
		if _, err := readStock(strings.NewReader(in)); err == nil {
			t.Errorf("readStock(%q): no error", in)
		}
	}
}
