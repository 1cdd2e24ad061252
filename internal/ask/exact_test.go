package ask

import (
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/names"
)

// What names an operation finds it before all others, in whatever form.
func TestOperationsByName(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for question, want := range map[string]string{
		"/order/202309/orders/search":                                                       "order.GetOrderList",
		"order/202309/orders/search/":                                                       "order.GetOrderList",
		"POST /order/202309/orders/search":                                                  "order.GetOrderList",
		"post /product/202309/products/17/prices/update":                                    "product.UpdatePrice",
		"https://open-api.tiktokglobalshop.com/order/202309/orders/search?app_key=k&sign=s": "order.GetOrderList",
		"/order/202309/orders":                                                              "order.GetOrderDetailV202309",
		"GetOrderList":                                                                      "order.GetOrderList",
		"getorderlist":                                                                      "order.GetOrderList",
		"Get Order List":                                                                    "order.GetOrderList",
		" get-order-list ":                                                                  "order.GetOrderList",
		"order.GetOrderList":                                                                "order.GetOrderList",
		"order.Search":                                                                      "order.GetOrderList",
		"ttshop order get-order-list":                                                       "order.GetOrderList",
		"return_refund.ApproveReturn":                                                       "return_refund.ApproveReturn",
		"returnrefund.ApproveReturn":                                                        "return_refund.ApproveReturn",
		"GetOrderDetailV202309":                                                             "order.GetOrderDetailV202309",
	} {
		found := Operations(known, question)
		if len(found) == 0 || found[0].FullName() != want {
			t.Errorf("%q: %v, want %s first", question, found[:min(3, len(found))], want)
		}
	}
	for _, question := range []string{"", "/", "/nothing/202309/there", "GET", "GET /", "://", "get", "...", "order."} {
		if found := named(known, question); len(found) > 0 {
			t.Errorf("%q names %s", question, found[0].FullName())
		}
	}
}

// Each operation is the first that its full name and its path find, and among the
// first that its Go name and its title find: a few are those of two operations.
func TestEveryOperationByName(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for _, e := range known.Operations("") {
		for _, question := range []string{e.FullName(), e.Method + " " + e.Path} {
			if found := named(known, question); len(found) == 0 || found[0] != e {
				t.Errorf("%s finds %v", question, found)
			}
		}
		for _, question := range []string{e.GoFullName(), strings.ReplaceAll(names.Kebab(e.Name), "-", " ")} {
			if found := named(known, question); !slices.Contains(found, e) {
				t.Errorf("%s finds %v", question, found)
			}
		}
	}
}
