package naming

import "testing"

func TestMethod(t *testing.T) {
	t.Parallel()
	var none MethodRule
	order := MethodRule{Drop: []string{"Order"}}
	product := MethodRule{Drop: []string{"Product"}}
	creator := MethodRule{Drop: []string{"Affiliate", "Creator"}}
	seller := MethodRule{Drop: []string{"Affiliate", "Seller"}}
	full := MethodRule{Drop: []string{"GS", "Global", "Selling", "Full", "Service", "Preview", "Beta"}}
	for _, c := range []struct {
		rule           MethodRule
		official, path string
		want           string
	}{
		{order, "GetOrderDetail", "/order/202507/orders", "Get"},
		{order, "GetOrderList", "/order/202309/orders/search", "Search"},
		{none, "GetOrderDetail", "/order/202507/orders", "GetOrder"},
		{order, "SearchOrderByExternalOrderReference", "/order/202406/orders/external_order_search", "SearchByExternalOrderReference"},
		{product, "DeleteProducts", "/product/202309/products", "Delete"},
		{product, "PartialEditProduct", "/product/202309/products/{product_id}/partial_edit", "PartialEdit"},
		{product, "GetProductsSEOWords", "/product/202405/products/seo_words", "GetSEOWords"},
		{product, "CheckProductListing", "/product/202309/products/listing_check", "CheckListing"},
		{seller, "SellerSearchSampleApplications", "/affiliate_seller/202508/sample_applications/search", "SearchSampleApplications"},
		{seller, "SearchSellerAffiliateOrders", "/affiliate_seller/202410/orders/search", "SearchOrders"},
		{seller, "QueryTargetCollaborationDetail", "/affiliate_seller/202508/target_collaborations/{target_collaboration_id}", "GetTargetCollaboration"},
		{creator, "SearchCreatorTargetCollaborations", "/affiliate_creator/202405/target_collaborations/search", "SearchTargetCollaborations"},
		{creator, "CreatorSearchOpenCollaborationProduct", "/affiliate_creator/202405/open_collaborations/products/search", "SearchOpenCollaborationProducts"},
		{none, "GetWarehouseList", "/logistics/202309/warehouses", "ListWarehouses"},
		{none, "GetShopLivePerformanceList", "/analytics/202509/shop_lives/performance", "ListShopLivePerformance"},
		{none, "GetBrands", "/product/202309/brands", "GetBrands"},
		{none, "UpdateShippingInfo", "/fulfillment/202309/orders/{order_id}/shipping_info/update", "UpdateShippingInfo"},
		{full, "GSBetaQuerySKUs", "/gs_full_service_commodity/202406/beta/products/search", "SearchSKUsBeta"},
		{full, "GSFullServicePreviewGetBrands", "/gs_full_service_commodity/202404/preview/brands", "GetBrandsPreview"},
		{full, "GlobalSellingSearchStockupOrders", "/gs_full_service_shipment/202407/stockup_orders/search", "SearchStockupOrders"},
		{full, "GSListSupplierManufacturer", "/gs_full_service_commodity/202508/supplier_manufacturers", "ListSupplierManufacturers"},
	} {
		if got := c.rule.Method(c.official, c.path); got != c.want {
			t.Errorf("Method(%s) = %s, want %s", c.official, got, c.want)
		}
	}
	if Verb("OrderStatusDataExchange") || !Verb("GetV202309") || Verb("") {
		t.Error("Verb is wrong about OrderStatusDataExchange, GetV202309 or nothing")
	}
}
