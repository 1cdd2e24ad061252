package ask

import (
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// BenchmarkOperations finds operations by a question, beside reading the index, which a
// command has to do first.
func BenchmarkOperations(b *testing.B) {
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, err := readOperations(operationsFile); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ask", func(b *testing.B) {
		known := new(catalog.Catalog)
		for b.Loop() {
			Operations(known, "Which orders still have to be shipped today?")
		}
	})
	b.Run("misspelt", func(b *testing.B) {
		known := new(catalog.Catalog)
		for b.Loop() {
			Operations(known, "Which ordrz stil hav to be shippd tooday?")
		}
	})
}
