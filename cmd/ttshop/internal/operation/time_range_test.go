package operation

import (
	"slices"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// The catalogue's ranges of time are found, whole seconds and their ends alike.
func TestTimeRanges(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for name, want := range map[string][]timeRange{
		"order.GetOrderList":                           {{from: "create_time_ge", to: "create_time_lt"}, {from: "update_time_ge", to: "update_time_lt"}},
		"product.SearchProducts":                       {{from: "create_time_ge", to: "create_time_le", inclusive: true}, {from: "update_time_ge", to: "update_time_le", inclusive: true}},
		"finance.GetStatements":                        {{from: "statement_time_ge", to: "statement_time_lt", param: true}},
		"analytics.GetShopProductPerformanceList":      nil, // days, not seconds
		"promotion.SearchActivities":                   nil,
		"fulfillment.SearchPackage":                    {{from: "create_time_ge", to: "create_time_lt"}, {from: "update_time_ge", to: "update_time_lt"}},
		"return_refund.SearchCancellations":            {{from: "create_time_ge", to: "create_time_lt"}, {from: "update_time_ge", to: "update_time_lt"}},
		"affiliate_seller.SearchSellerAffiliateOrders": {{from: "create_time_ge", to: "create_time_lt"}},
	} {
		entry, ok := known.ByName(name)
		if !ok {
			t.Fatalf("the catalogue has no %s", name)
		}
		op, err := known.Describe(entry)
		if err != nil {
			t.Fatal(err)
		}
		if got := timeRanges(op); !slices.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}
