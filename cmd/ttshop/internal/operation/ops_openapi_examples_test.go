package operation

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// Most operations have an example, with code 0, the same in every run.
func TestSandboxExamples(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	found, err := sandboxExamples(known)
	if err != nil {
		t.Fatal(err)
	}
	if most := len(known.Operations("")); len(found) < most*2/3 {
		t.Errorf("%d of %d operations have an example", len(found), most)
	}
	for name, example := range found {
		var answer struct {
			Code *int `json:"code"`
		}
		if err := json.Unmarshal(example.Answer, &answer); err != nil || answer.Code == nil || *answer.Code != 0 {
			t.Errorf("%s: answer %s (%v)", name, example.Answer, err)
		}
	}
	detail := found["order.GetOrderDetail"]
	if detail == nil {
		t.Fatal("order.GetOrderDetail has no example")
	}
	var answer struct {
		Data struct {
			Orders []struct {
				ID        string           `json:"id"`
				LineItems []map[string]any `json:"line_items"`
			} `json:"orders"`
		} `json:"data"`
	}
	if err := json.Unmarshal(detail.Answer, &answer); err != nil {
		t.Fatal(err)
	}
	orders := answer.Data.Orders
	if len(orders) != 1 || len(orders[0].LineItems) != 1 || !reflect.DeepEqual(detail.Params["ids"], []any{orders[0].ID}) {
		t.Errorf("asked for %v, got %s", detail.Params, detail.Answer)
	}
	again, err := sandboxExamples(known)
	if err != nil {
		t.Fatal(err)
	}
	for name := range found {
		if !reflect.DeepEqual(found[name], again[name]) {
			t.Errorf("%s has another example in the second run", name)
		}
	}
}

func TestSingular(t *testing.T) {
	t.Parallel()
	for noun, want := range map[string]string{"orders": "order", "categories": "category", "product_ids": "product_id", "sku": "sku", "": ""} {
		if got := singular(noun); got != want {
			t.Errorf("singular(%q) = %q, want %q", noun, got, want)
		}
	}
	for path, want := range map[string]string{"/order/202309/orders/search": "order", "/product/202309/products/{product_id}": "product", "/x": ""} {
		if got := lastNoun(path); got != want {
			t.Errorf("lastNoun(%q) = %q, want %q", path, got, want)
		}
	}
}
