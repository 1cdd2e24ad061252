package catalog_test

import (
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// The first use of a catalogue reads the list of all operations.
func BenchmarkFirstFind(b *testing.B) {
	for b.Loop() {
		var c catalog.Catalog
		if _, ok := c.Find("POST", "/order/202309/orders/search"); !ok {
			b.Fatal("not found")
		}
	}
}

// The first description of an operation reads its domain; product is the largest.
func BenchmarkFirstDescribe(b *testing.B) {
	for b.Loop() {
		var c catalog.Catalog
		e, _ := c.ByName("product.CreateProduct")
		if _, err := c.Describe(e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	var c catalog.Catalog
	for b.Loop() {
		if _, ok := c.Find("GET", "/product/202309/products/1729592969712207008"); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	var c catalog.Catalog
	for b.Loop() {
		if len(c.Search("order list")) == 0 {
			b.Fatal("nothing found")
		}
	}
}
