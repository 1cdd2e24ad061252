package ask

import (
	"slices"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/names"
)

// Words that are written otherwise, misspelt, torn apart or put together find the same.
func TestOperationsByOtherWords(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for question, want := range map[string]string{
		"print the shipping label":              "fulfillment.GetPackageShippingDocument",
		"print the shippinglabel":               "fulfillment.GetPackageShippingDocument",
		"print the shippping lable":             "fulfillment.GetPackageShippingDocument",
		"call the order off":                    "return_refund.CancelOrder",
		"void an order":                         "return_refund.CancelOrder",
		"when is the pick up of this package":   "fulfillment.GetPackageHandoverTimeSlots",
		"WHICH WAREHOUSES DO WE HAVE???":        "logistics.GetWarehouseList",
		"how do our live streams do altogether": "analytics.GetShopLivePerformanceOverview",
	} {
		var found []string
		for _, e := range likelyOperations(known, question) {
			found = append(found, e.Domain+"."+names.Base(e.Name))
		}
		if !slices.Contains(found[:min(3, len(found))], want) {
			t.Errorf("%q: %v, want %s", question, found, want)
		}
	}
}

func TestLemma(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"ship", "shipped", "shipping"},
		{"pay", "paid", "paying"},
		{"color", "colour", "colours"},
		{"fulfill", "fulfil", "fulfilled"},
		{"organize", "organise", "organised"},
		{"license", "licence"},
		{"person", "people"},
	} {
		for _, word := range same[1:] {
			if got, want := lemma(word), lemma(same[0]); got != want {
				t.Errorf("%s becomes %s, but %s %s", word, got, same[0], want)
			}
		}
	}
	for _, same := range [][2]string{{"cancel", "cancellation"}, {"pay", "payment"}, {"deliver", "delivery"}, {"translate", "translation"}} {
		if a, b := root(lemma(same[0])), root(lemma(same[1])); a != b {
			t.Errorf("%s has the root %s, but %s %s", same[0], a, same[1], b)
		}
	}
	for _, apart := range [][2]string{{"create", "creator"}, {"sell", "seller"}, {"custom", "customer"}, {"order", "ordinary"}} {
		if root(lemma(apart[0])) == root(lemma(apart[1])) {
			t.Errorf("%s and %s have the same root", apart[0], apart[1])
		}
	}
}

// A question may be anything. It is answered, each operation once.
func FuzzOperations(f *testing.F) {
	for _, question := range []string{
		"", "ship", "Where's the order?", "GET /order/202309/orders/search", "https://[", "a-b-c", "-", "é-ü ß", "\x00\xff", "get back get back",
		"shippinglabel", "ordrs", "ttshop ", "order.", "100%", "/%zz",
	} {
		f.Add(question)
	}
	known := new(catalog.Catalog)
	f.Fuzz(func(t *testing.T, question string) {
		seen := make(map[string]bool)
		for _, e := range Operations(known, question) {
			if name := e.FullName(); seen[name] {
				t.Errorf("%q finds %s twice", question, name)
			} else {
				seen[name] = true
			}
		}
	})
}
