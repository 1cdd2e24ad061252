package naming

import "testing"

func TestOperation(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"GetOrderDetail":                   "GetOrderDetail",
		"GetShopLIVEPerformanceList":       "GetShopLivePerformanceList",
		"GetSKUPrintDocument":              "GetSKUPrintDocument",
		"SearchTapAffiliateOrders":         "SearchTAPAffiliateOrders",
		"CancelFBTMCFOrder":                "CancelFBTMCFOrder",
		"GSQuerySKUs":                      "GSQuerySKUs",
		"GSGetDelivery-OrderPrintDocument": "GSGetDeliveryOrderPrintDocument",
		"TTSTrackingValidation":            "TTSTrackingValidation",
		"GetProductsSEOWords":              "GetProductsSEOWords",
		"SendIMMessage":                    "SendIMMessage",
		"GSFullServiceGetBrands":           "GSFullServiceGetBrands",
		"GetAffiliateProductsByIDs":        "GetAffiliateProductsByIDs",
	} {
		if got := Operation(title); got != want {
			t.Errorf("Operation(%s) = %s, want %s", title, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		f    func(string) string
		in   string
		want string
	}{
		{"Exported", Exported, "buyer_user_id", "BuyerUserID"},
		{"Exported", Exported, "skus", "SKUs"},
		{"Exported", Exported, "24h_live_gmv", "Field24hLiveGMV"},
		{"Exported", Exported, "default_RP", "DefaultRP"},
		{"Constant", Constant, "AWAITING_SHIPMENT", "AwaitingShipment"},
		{"Constant", Constant, "TIKTOK_SHOP", "TikTokShop"},
		{"Constant", Constant, "AGE_RANGE_18_24", "AgeRange18To24"},
		{"Exported", Exported, "is_requried", "IsRequired"}, //nolint:misspell // as the platform spells it
		{"Constant", Constant, "CALCELLED", "Cancelled"},
		{"Constant", Constant, "create_time", "CreateTime"},
		{"Constant", Constant, "MERCHANT SKU ID", "MerchantSKUID"},
		{"Constant", Constant, "1_STAR", "1Star"},
		{"Unexported", Unexported, "GetOrderList", "getOrderList"},
		{"Unexported", Unexported, "SKUList", "skuList"},
		{"Unexported", Unexported, "TTSTrackingValidation", "ttsTrackingValidation"},
		{"Snake", Snake, "GetFBTMCFOrderStatus", "get_fbt_mcf_order_status"},
		{"Kebab", Kebab, "GetShopLIVEPerformanceList", "get-shop-live-performance-list"},
		{"Kebab", Kebab, "CreateFirstMileBundleV2", "create-first-mile-bundle-v2"},
		{"Singular", Singular, "line_items", "line_item"},
		{"Singular", Singular, "categories", "category"},
		{"Singular", Singular, "addresses", "address"},
		{"Singular", Singular, "warehouses", "warehouse"},
		{"Singular", Singular, "permission_statuses", "permission_status"},
		{"Singular", Singular, "batches", "batch"},
		{"Singular", Singular, "order_info_list", "order_info"},
		{"Singular", Singular, "goods", "goods"},
	} {
		if got := c.f(c.in); got != c.want {
			t.Errorf("%s(%s) = %s, want %s", c.name, c.in, got, c.want)
		}
	}
}
