package sandbox

import (
	"net/url"
	"strings"
)

// cipherRule says what an operation wants with the parameter shop_cipher.
type cipherRule uint8

const (
	cipherNone cipherRule = iota
	cipherOptional
	cipherRequired
)

// handler answers one operation: it appends the data of the answer to c.out,
// or nothing where the answer carries none.
type handler func(c *call) *failure

// route is one operation of the API.
type route struct {
	method    string
	path      string     // with parameters in braces
	name      string     // domain and operation, in the words of the SDK
	scope     string     // "" where the catalogue tells it
	cipher    cipherRule // cipherNone where the catalogue tells it
	multipart bool       // wants multipart/form-data instead of JSON
	maxBody   int64      // of a form; 0 for what the gateway takes
	handle    handler

	index int          // position in the table
	shape bool         // answered from the shape of its result, see shape.go
	spec  func() *spec // what the catalogue says; read when it is first needed
}

// routes lists all operations of the catalogue. The table below names those
// with state of their own; the rest is answered from the shape of its result.
// Scopes and cipher rules are those of the operations' documentation; where it
// states none they stand in the table.
func routes() []*route {
	const (
		get, post, put, del = "GET", "POST", "PUT", "DELETE"

		scopeAuthorization  = "seller.authorization.info"
		scopePartner        = "partner.authorization.info"
		scopeShop           = "seller.shop.info"
		scopeLogistics      = "seller.logistics"
		scopeOrder          = "seller.order.info"
		scopeProduct        = "seller.product.basic"
		scopeProductWrite   = "seller.product.write"
		scopeProductDelete  = "seller.product.delete"
		scopeGlobal         = "seller.global_product.info"
		scopeGlobalWrite    = "seller.global_product.write"
		scopeGlobalDelete   = "seller.global_product.delete"
		scopeGlobalCategory = "seller.global_product.category.info"
		scopePromotion      = "seller.promotion.info"
		scopePromotionWrite = "seller.promotion.write"
		scopeFinance        = "seller.finance.info"
		scopeFulfillment    = "seller.fulfillment.basic"
		scopePackage        = "seller.fulfillment.package.write"
		scopeDelivery       = "seller.delivery.status.write"
		scopeReturn         = "seller.return_refund.basic"
		scopeExternalRead   = "seller.order.ext_ref.read"
		scopeExternalWrite  = "seller.order.ext_ref.write"
		scopeService        = "seller.customer_service"
		scopeAnalytics      = "data.shop_analytics.public.read"
	)
	table := []*route{
		{method: get, path: "/authorization/202309/shops", name: "authorization.GetAuthorizedShops", scope: scopeAuthorization, handle: getAuthorizedShops},
		{method: get, path: "/authorization/202405/category_assets", name: "authorization.GetAuthorizedCategoryAssets", scope: scopePartner, handle: getCategoryAssets},

		{method: get, path: "/seller/202309/shops", name: "seller.GetActiveShops", scope: scopeShop, handle: getActiveShops},
		{method: get, path: "/seller/202309/permissions", name: "seller.GetSellerPermissions", scope: scopeShop, handle: getSellerPermissions},

		{method: get, path: "/event/202309/webhooks", name: "event.GetShopWebhooks", scope: scopeAuthorization, cipher: cipherRequired, handle: getWebhooks},
		{method: put, path: "/event/202309/webhooks", name: "event.UpdateShopWebhook", scope: scopeAuthorization, cipher: cipherRequired, handle: updateWebhook},
		{method: del, path: "/event/202309/webhooks", name: "event.DeleteShopWebhook", scope: scopeAuthorization, cipher: cipherRequired, handle: deleteWebhook},
		{method: get, path: "/finance/202309/statements", name: "finance.GetStatements", scope: scopeFinance, cipher: cipherRequired, handle: getStatements},
		{method: get, path: "/finance/202309/statements/{statement_id}/statement_transactions", name: "finance.GetTransactionsByStatementV202309", scope: scopeFinance, cipher: cipherRequired, handle: getStatementTransactions202309},
		{method: get, path: "/finance/202501/statements/{statement_id}/statement_transactions", name: "finance.GetTransactionsByStatement", scope: scopeFinance, cipher: cipherRequired, handle: getStatementTransactions202501},
		{method: get, path: "/finance/202309/orders/{order_id}/statement_transactions", name: "finance.GetTransactionsByOrderV202309", scope: scopeFinance, cipher: cipherRequired, handle: getOrderTransactions202309},
		{method: get, path: "/finance/202501/orders/{order_id}/statement_transactions", name: "finance.GetTransactionsByOrder", scope: scopeFinance, cipher: cipherRequired, handle: getOrderTransactions202501},
		{method: get, path: "/finance/202507/orders/unsettled", name: "finance.GetUnsettledTransactions", scope: scopeFinance, cipher: cipherRequired, handle: getUnsettled},
		{method: get, path: "/finance/202309/payments", name: "finance.GetPayments", scope: scopeFinance, cipher: cipherRequired, handle: getPayments},
		{method: get, path: "/finance/202309/withdrawals", name: "finance.GetWithdrawals", scope: scopeFinance, cipher: cipherRequired, handle: getWithdrawals},
		{method: post, path: "/promotion/202309/activities", name: "promotion.CreateActivity", scope: scopePromotionWrite, cipher: cipherRequired, handle: createActivity},
		{method: post, path: "/promotion/202309/activities/search", name: "promotion.SearchActivities", scope: scopePromotion, cipher: cipherRequired, handle: searchActivities},
		{method: get, path: "/promotion/202309/activities/{activity_id}", name: "promotion.GetActivity", scope: scopePromotion, cipher: cipherRequired, handle: getActivity},
		{method: put, path: "/promotion/202309/activities/{activity_id}", name: "promotion.UpdateActivity", scope: scopePromotionWrite, cipher: cipherRequired, handle: updateActivity},
		{method: post, path: "/promotion/202309/activities/{activity_id}/deactivate", name: "promotion.DeactivateActivity", scope: scopePromotionWrite, cipher: cipherRequired, handle: deactivateActivity},
		{method: put, path: "/promotion/202309/activities/{activity_id}/products", name: "promotion.UpdateActivityProduct", scope: scopePromotionWrite, cipher: cipherRequired, handle: putActivityProducts},
		{method: del, path: "/promotion/202309/activities/{activity_id}/products", name: "promotion.RemoveActivityProduct", scope: scopePromotionWrite, cipher: cipherRequired, handle: deleteActivityProducts},
		{method: post, path: "/promotion/202406/coupons/search", name: "promotion.SearchCoupons", scope: scopePromotion, cipher: cipherRequired, handle: searchCoupons},
		{method: get, path: "/promotion/202406/coupons/{coupon_id}", name: "promotion.GetCoupon", scope: scopePromotion, cipher: cipherRequired, handle: getCoupon},

		{method: get, path: "/customer_service/202309/agents/settings", name: "customer_service.GetAgentSettings", scope: scopeService, cipher: cipherRequired, handle: getAgentSettings},
		{method: put, path: "/customer_service/202309/agents/settings", name: "customer_service.UpdateAgentSettings", scope: scopeService, cipher: cipherRequired, handle: updateAgentSettings},
		{method: get, path: "/customer_service/202309/conversations", name: "customer_service.GetConversations", scope: scopeService, cipher: cipherRequired, handle: getConversations},
		{method: post, path: "/customer_service/202309/conversations", name: "customer_service.CreateConversation", scope: scopeService, cipher: cipherRequired, handle: createConversation},
		{method: get, path: "/customer_service/202601/conversations/{conversation_id}", name: "customer_service.GetConversation", cipher: cipherOptional, handle: getConversation},
		{method: get, path: "/customer_service/202309/conversations/{conversation_id}/messages", name: "customer_service.GetConversationMessages", scope: scopeService, cipher: cipherRequired, handle: getMessages},
		{method: post, path: "/customer_service/202309/conversations/{conversation_id}/messages", name: "customer_service.SendMessage", scope: scopeService, cipher: cipherRequired, handle: sendMessage},
		{method: post, path: "/customer_service/202309/conversations/{conversation_id}/messages/read", name: "customer_service.ReadMessage", scope: scopeService, cipher: cipherRequired, handle: readMessages},
		{method: post, path: "/customer_service/202309/images/upload", name: "customer_service.UploadBuyerMessagesImage", scope: scopeService, cipher: cipherRequired, multipart: true, handle: uploadChatImage},
		{method: get, path: "/customer_service/202407/performance", name: "customer_service.GetCustomerServicePerformance", scope: scopeService, cipher: cipherRequired, handle: getChatPerformance},

		{method: post, path: "/affiliate_seller/202405/open_collaborations", name: "affiliate_seller.CreateOpenCollaborationV202405", handle: createOpenCollaboration},
		{method: post, path: "/affiliate_seller/202412/open_collaborations", name: "affiliate_seller.CreateOpenCollaboration", handle: createOpenCollaboration},
		{method: post, path: "/affiliate_seller/202405/open_collaboration_settings", name: "affiliate_seller.EditOpenCollaborationSettings", handle: editOpenSettings},
		{method: get, path: "/affiliate_seller/202409/open_collaboration_settings", name: "affiliate_seller.GetOpenCollaborationSettings", handle: getOpenSettings},
		{method: post, path: "/affiliate_seller/202409/open_collaborations/search", name: "affiliate_seller.SearchOpenCollaborationV202409", handle: searchOpenCollaborations},
		{method: post, path: "/affiliate_seller/202412/open_collaborations/search", name: "affiliate_seller.SearchOpenCollaboration", handle: searchOpenCollaborations},
		{method: del, path: "/affiliate_seller/202409/open_collaborations/products/{product_id}", name: "affiliate_seller.RemoveOpenCollaboration", handle: removeOpenCollaboration},
		{method: post, path: "/affiliate_seller/202405/open_collaborations/products/search", name: "affiliate_seller.SellerSearchOpenCollaborationProduct", handle: searchOpenProducts},
		{method: post, path: "/affiliate_seller/202410/open_collaborations/sample_rules", name: "affiliate_seller.EditOpenCollaborationSampleRule", handle: editSampleRule},
		{method: get, path: "/affiliate_seller/202410/open_collaborations/sample_rules", name: "affiliate_seller.GetOpenCollaborationSampleRules", handle: getSampleRules},
		{method: get, path: "/affiliate_seller/202412/open_collaborations/creator_content_details", name: "affiliate_seller.GetOpenCollaborationCreatorContentDetailV202412", handle: getContentDetails},
		{method: get, path: "/affiliate_seller/202508/open_collaborations/creator_content_details", name: "affiliate_seller.GetOpenCollaborationCreatorContentDetail", handle: getContentDetails},
		{method: post, path: "/affiliate_seller/202405/open_collaborations/{open_collaboration_id}/remove_creator", name: "affiliate_seller.RemoveCreatorFromOpenCollaborationV202405", handle: removePromoter202405},
		{method: post, path: "/affiliate_seller/202508/open_collaborations/{open_collaboration_id}/remove_creator", name: "affiliate_seller.RemoveCreatorFromOpenCollaboration", handle: removePromoter},

		{method: post, path: "/affiliate_seller/202405/target_collaborations", name: "affiliate_seller.CreateTargetCollaborationV202405", handle: createTarget202405},
		{method: post, path: "/affiliate_seller/202508/target_collaborations", name: "affiliate_seller.CreateTargetCollaboration", handle: createTarget},
		{method: put, path: "/affiliate_seller/202409/target_collaborations/{target_collaboration_id}", name: "affiliate_seller.UpdateTargetCollaborationV202409", handle: updateTarget202409},
		{method: put, path: "/affiliate_seller/202508/target_collaborations/{target_collaboration_id}", name: "affiliate_seller.UpdateTargetCollaboration", handle: updateTarget},
		{method: get, path: "/affiliate_seller/202409/target_collaborations/{target_collaboration_id}", name: "affiliate_seller.QueryTargetCollaborationDetailV202409", handle: getTarget},
		{method: get, path: "/affiliate_seller/202412/target_collaborations/{target_collaboration_id}", name: "affiliate_seller.QueryTargetCollaborationDetailV202412", handle: getTarget},
		{method: get, path: "/affiliate_seller/202508/target_collaborations/{target_collaboration_id}", name: "affiliate_seller.QueryTargetCollaborationDetail", handle: getTarget},
		{method: post, path: "/affiliate_seller/202409/target_collaborations/search", name: "affiliate_seller.SearchTargetCollaborationsV202409", handle: searchTargets},
		{method: post, path: "/affiliate_seller/202508/target_collaborations/search", name: "affiliate_seller.SearchTargetCollaborations", handle: searchTargets},
		{method: del, path: "/affiliate_seller/202409/target_collaborations/{target_collaboration_id}", name: "affiliate_seller.RemoveTargetCollaboration", handle: removeTarget},
		{method: post, path: "/affiliate_seller/202509/target_collaboration/{target_collaboration_id}/link", name: "affiliate_seller.GenerateTargetCollaborationLink", handle: linkTarget},

		{method: post, path: "/affiliate_seller/202406/marketplace_creators/search", name: "affiliate_seller.SellerSearchCreatorOnMarketplaceV202406", handle: searchCreators},
		{method: post, path: "/affiliate_seller/202505/marketplace_creators/search", name: "affiliate_seller.SellerSearchCreatorOnMarketplaceV202505", handle: searchCreators},
		{method: post, path: "/affiliate_seller/202508/marketplace_creators/search", name: "affiliate_seller.SellerSearchCreatorOnMarketplace", handle: searchCreators},
		{method: get, path: "/affiliate_seller/202406/marketplace_creators/{creator_user_id}", name: "affiliate_seller.GetMarketplaceCreatorPerformanceV202406", handle: getCreatorPerformance},
		{method: get, path: "/affiliate_seller/202505/marketplace_creators/{creator_user_id}", name: "affiliate_seller.GetMarketplaceCreatorPerformanceV202505", handle: getCreatorPerformance},
		{method: get, path: "/affiliate_seller/202508/marketplace_creators/{creator_user_id}", name: "affiliate_seller.GetMarketplaceCreatorPerformance", handle: getCreatorPerformance},
		{method: post, path: "/affiliate_seller/202405/orders/search", name: "affiliate_seller.SearchSellerAffiliateOrdersV202405", handle: searchAffiliateOrders202405},
		{method: post, path: "/affiliate_seller/202410/orders/search", name: "affiliate_seller.SearchSellerAffiliateOrders", handle: searchAffiliateOrders},
		{method: post, path: "/affiliate_seller/202409/sample_applications/search", name: "affiliate_seller.SellerSearchSampleApplicationsV202409", handle: searchSamples},
		{method: post, path: "/affiliate_seller/202507/sample_applications/search", name: "affiliate_seller.SellerSearchSampleApplicationsV202507", handle: searchSamples},
		{method: post, path: "/affiliate_seller/202508/sample_applications/search", name: "affiliate_seller.SellerSearchSampleApplications", handle: searchSamples},
		{method: post, path: "/affiliate_seller/202409/sample_applications/{application_id}/review", name: "affiliate_seller.SellerReviewSampleApplicationsV202409", handle: reviewSample},
		{method: post, path: "/affiliate_seller/202507/sample_applications/{application_id}/review", name: "affiliate_seller.SellerReviewSampleApplications", handle: reviewSample},

		{method: get, path: "/analytics/202405/shop/performance", name: "analytics.GetShopPerformanceV202405", scope: scopeAnalytics, cipher: cipherRequired, handle: getShopPerformance202405},
		{method: get, path: "/analytics/202509/shop/performance", name: "analytics.GetShopPerformance", cipher: cipherOptional, handle: getShopPerformance},
		{method: get, path: "/analytics/202510/shop/performance/{date}/performance_per_hour", name: "analytics.GetShopPerformancePerHour", cipher: cipherOptional, handle: getShopHours},
		{method: get, path: "/analytics/202405/shop_products/performance", name: "analytics.GetShopProductPerformanceListV202405", scope: scopeAnalytics, cipher: cipherRequired, handle: getProductRanking202405},
		{method: get, path: "/analytics/202509/shop_products/performance", name: "analytics.GetShopProductPerformanceList", cipher: cipherOptional, handle: getProductRanking},
		{method: get, path: "/analytics/202405/shop_products/{product_id}/performance", name: "analytics.GetShopProductPerformanceDetailV202405", scope: scopeAnalytics, cipher: cipherRequired, handle: getProductPerformance202405},
		{method: get, path: "/analytics/202509/shop_products/{product_id}/performance", name: "analytics.GetShopProductPerformanceDetail", cipher: cipherOptional, handle: getProductPerformance},
		{method: get, path: "/analytics/202406/shop_skus/performance", name: "analytics.GetShopSKUPerformanceListV202406", scope: scopeAnalytics, cipher: cipherRequired, handle: getSKURanking},
		{method: get, path: "/analytics/202509/shop_skus/performance", name: "analytics.GetShopSKUPerformanceList", cipher: cipherOptional, handle: getSKURanking},
		{method: get, path: "/analytics/202406/shop_skus/{sku_id}/performance", name: "analytics.GetShopSKUPerformanceV202406", scope: scopeAnalytics, cipher: cipherRequired, handle: getSKUPerformance202406},
		{method: get, path: "/analytics/202509/shop_skus/{sku_id}/performance", name: "analytics.GetShopSKUPerformance", cipher: cipherOptional, handle: getSKUPerformance},

		{method: get, path: "/logistics/202309/warehouses", name: "logistics.GetWarehouseList", scope: scopeLogistics, cipher: cipherRequired, handle: getWarehouses},
		{method: post, path: "/logistics/202502/warehouses", name: "logistics.CreateWarehouse", cipher: cipherOptional, handle: createWarehouse},
		{method: post, path: "/logistics/202502/warehouses/{warehouse_id}", name: "logistics.UpdateWarehouse", cipher: cipherOptional, handle: updateWarehouse},
		{method: post, path: "/logistics/202412/addresses/standardize", name: "logistics.StandardizeWarehouseAddress", cipher: cipherRequired, handle: standardizeAddress},
		{method: get, path: "/logistics/202309/global_warehouses", name: "logistics.GetGlobalSellerWarehouse", scope: scopeShop, handle: getGlobalWarehouses},
		{method: get, path: "/logistics/202309/warehouses/{warehouse_id}/delivery_options", name: "logistics.GetWarehouseDeliveryOptions", scope: scopeLogistics, cipher: cipherRequired, handle: getDeliveryOptions},
		{method: get, path: "/logistics/202309/delivery_options/{delivery_option_id}/shipping_providers", name: "logistics.GetShippingProviders", cipher: cipherRequired, handle: getShippingProviders},
		{method: get, path: "/logistics/202510/seller_templates", name: "logistics.GetAvailableShippingTemplate", scope: scopeLogistics, cipher: cipherRequired, handle: getShippingTemplates},

		{method: post, path: "/order/202309/orders/search", name: "order.GetOrderList", scope: scopeOrder, cipher: cipherRequired, handle: searchOrders},
		{method: get, path: "/order/202309/orders", name: "order.GetOrderDetailV202309", scope: scopeOrder, cipher: cipherRequired, handle: getOrders},
		{method: get, path: "/order/202507/orders", name: "order.GetOrderDetail", scope: scopeOrder, cipher: cipherRequired, handle: getOrders},

		{method: get, path: "/order/202407/orders/{order_id}/price_detail", name: "order.GetPriceDetail", scope: scopeOrder, cipher: cipherRequired, handle: getPriceDetail},
		{method: post, path: "/order/202406/orders/external_orders", name: "order.AddExternalOrderReferences", scope: scopeExternalWrite, cipher: cipherRequired, handle: addExternalOrders},
		{method: get, path: "/order/202406/orders/{order_id}/external_orders", name: "order.GetExternalOrderReferences", scope: scopeExternalRead, cipher: cipherRequired, handle: getExternalOrders},
		{method: post, path: "/order/202406/orders/external_order_search", name: "order.SearchOrderByExternalOrderReference", scope: scopeExternalRead, cipher: cipherRequired, handle: searchExternalOrders},

		{method: post, path: "/fulfillment/202309/packages/search", name: "fulfillment.SearchPackage", scope: scopeFulfillment, cipher: cipherOptional, handle: searchPackages},
		{method: get, path: "/fulfillment/202309/packages/{package_id}", name: "fulfillment.GetPackageDetail", scope: scopeFulfillment, cipher: cipherOptional, handle: getPackage},
		{method: post, path: "/fulfillment/202309/orders/{order_id}/shipping_services/query", name: "fulfillment.GetEligibleShippingService", scope: scopeFulfillment, cipher: cipherRequired, handle: queryShippingServices},
		{method: post, path: "/fulfillment/202309/packages", name: "fulfillment.CreatePackagesV202309", scope: scopeFulfillment, cipher: cipherRequired, handle: createPackages},
		{method: post, path: "/fulfillment/202512/packages", name: "fulfillment.CreatePackages", scope: scopeFulfillment, cipher: cipherOptional, handle: createPackages},
		{method: post, path: "/fulfillment/202309/packages/schedule", name: "fulfillment.SchedulePackageHandover", scope: scopeFulfillment, cipher: cipherOptional, handle: schedulePackage},
		{method: get, path: "/fulfillment/202309/orders/{order_id}/handover_time_slots", name: "fulfillment.GetHandoverTimeSlots", scope: scopeFulfillment, cipher: cipherOptional, handle: getOrderSlots},
		{method: get, path: "/fulfillment/202309/packages/{package_id}/handover_time_slots", name: "fulfillment.GetPackageHandoverTimeSlots", scope: scopePackage, cipher: cipherRequired, handle: getPackageSlots},
		{method: post, path: "/fulfillment/202309/packages/{package_id}/ship", name: "fulfillment.ShipPackage", scope: scopeFulfillment, cipher: cipherRequired, handle: shipPackage},
		{method: post, path: "/fulfillment/202309/packages/ship", name: "fulfillment.BatchShipPackages", scope: scopeFulfillment, cipher: cipherRequired, handle: shipPackages},
		{method: post, path: "/fulfillment/202309/orders/{order_id}/packages", name: "fulfillment.MarkPackageAsShipped", scope: scopeFulfillment, cipher: cipherRequired, handle: markAsShipped},
		{method: get, path: "/fulfillment/202309/orders/split_attributes", name: "fulfillment.GetOrderSplitAttributes", scope: scopePackage, cipher: cipherRequired, handle: getSplitAttributes},
		{method: post, path: "/fulfillment/202309/orders/{order_id}/split", name: "fulfillment.SplitOrders", scope: scopePackage, cipher: cipherRequired, handle: splitOrder},
		{method: get, path: "/fulfillment/202309/combinable_packages/search", name: "fulfillment.SearchCombinablePackages", scope: scopePackage, cipher: cipherRequired, handle: searchCombinable},
		{method: post, path: "/fulfillment/202309/packages/combine", name: "fulfillment.CombinePackage", scope: scopePackage, cipher: cipherRequired, handle: combinePackages},
		{method: post, path: "/fulfillment/202309/packages/{package_id}/uncombine", name: "fulfillment.UncombinePackages", scope: scopePackage, cipher: cipherRequired, handle: uncombinePackage},
		{method: get, path: "/fulfillment/202309/packages/{package_id}/shipping_documents", name: "fulfillment.GetPackageShippingDocument", scope: scopeFulfillment, cipher: cipherRequired, handle: getShippingDocument},
		{method: get, path: "/fulfillment/202309/orders/{order_id}/tracking", name: "fulfillment.GetTracking", scope: scopeLogistics, cipher: cipherRequired, handle: getTracking},
		{method: post, path: "/fulfillment/202309/orders/{order_id}/shipping_info/update", name: "fulfillment.UpdateShippingInfo", scope: scopeLogistics, cipher: cipherRequired, handle: updateOrderShipping},
		{method: post, path: "/fulfillment/202309/packages/{package_id}/shipping_info/update", name: "fulfillment.UpdatePackageShippingInfo", scope: scopeFulfillment, cipher: cipherRequired, handle: updatePackageShipping},
		{method: post, path: "/fulfillment/202309/packages/deliver", name: "fulfillment.UpdatePackageDeliveryStatus", scope: scopeDelivery, cipher: cipherRequired, handle: deliverPackages},
		{method: post, path: "/fulfillment/202309/images/upload", name: "fulfillment.FulfillmentUploadDeliveryImage", scope: scopeFulfillment, cipher: cipherRequired, multipart: true, handle: uploadDeliveryImage},
		{method: post, path: "/fulfillment/202309/files/upload", name: "fulfillment.FulfillmentUploadDeliveryFile", scope: scopeFulfillment, cipher: cipherRequired, multipart: true, handle: uploadDeliveryFile},
		{method: get, path: "/fulfillment/202508/tts_tracking_validation", name: "fulfillment.TTSTrackingValidation", scope: scopeLogistics, cipher: cipherRequired, handle: validateTracking},
		{method: post, path: "/fulfillment/202407/bundles", name: "fulfillment.CreateFirstMileBundleV202407", scope: scopeFulfillment, handle: createBundle},
		{method: post, path: "/fulfillment/202510/first_mile_bundle", name: "fulfillment.CreateFirstMileBundle", scope: scopeFulfillment, cipher: cipherRequired, handle: createBundle},

		{method: post, path: "/supply_chain/202309/packages/sync", name: "supply_chain.ConfirmPackageShipment", scope: scopeFulfillment, handle: syncPackages},

		{method: post, path: "/return_refund/202309/cancellations", name: "return_refund.CancelOrder", scope: scopeReturn, cipher: cipherRequired, handle: cancelOrder},
		{method: post, path: "/return_refund/202309/cancellations/search", name: "return_refund.SearchCancellations", scope: scopeReturn, cipher: cipherRequired, handle: searchCancellations},
		{method: post, path: "/return_refund/202309/cancellations/{cancel_id}/approve", name: "return_refund.ApproveCancellation", scope: scopeReturn, cipher: cipherRequired, handle: approveCancellation},
		{method: post, path: "/return_refund/202309/cancellations/{cancel_id}/reject", name: "return_refund.RejectCancellation", scope: scopeReturn, cipher: cipherRequired, handle: rejectCancellation},
		{method: get, path: "/return_refund/202309/orders/{order_id}/aftersale_eligibility", name: "return_refund.GetAftersaleEligibilityV202309", scope: scopeReturn, cipher: cipherRequired, handle: getEligibility},
		{method: get, path: "/return_refund/202512/orders/{order_id}/aftersale_eligibility", name: "return_refund.GetAftersaleEligibility", scope: scopeReturn, cipher: cipherOptional, handle: getEligibility},
		{method: post, path: "/return_refund/202309/refunds/calculate", name: "return_refund.CalculateRefund", scope: scopeReturn, cipher: cipherRequired, handle: calculateRefund},
		{method: get, path: "/return_refund/202309/reject_reasons", name: "return_refund.GetRejectReasons", scope: scopeReturn, cipher: cipherRequired, handle: getRejectReasons},
		{method: post, path: "/return_refund/202309/returns", name: "return_refund.CreateReturn", scope: scopeReturn, cipher: cipherRequired, handle: createReturn},
		{method: post, path: "/return_refund/202309/returns/search", name: "return_refund.SearchReturns", scope: scopeReturn, cipher: cipherRequired, handle: searchReturns},
		{method: post, path: "/return_refund/202309/returns/{return_id}/approve", name: "return_refund.ApproveReturn", scope: scopeReturn, cipher: cipherRequired, handle: approveReturnRequest},
		{method: post, path: "/return_refund/202309/returns/{return_id}/reject", name: "return_refund.RejectReturn", scope: scopeReturn, cipher: cipherRequired, handle: rejectReturnRequest},
		{method: get, path: "/return_refund/202309/returns/{return_id}/records", name: "return_refund.GetReturnRecords", scope: scopeReturn, cipher: cipherRequired, handle: getReturnRecords},
		{method: post, path: "/return_refund/202405/returns/shipping_documents", name: "return_refund.UploadShippingDocumentAndTrackingInfo", scope: scopeReturn, cipher: cipherOptional, multipart: true, handle: uploadReturnDocument},

		{method: get, path: "/product/202309/categories", name: "product.GetCategories", scope: scopeProduct, cipher: cipherRequired, handle: getCategories},
		{method: post, path: "/product/202309/categories/recommend", name: "product.RecommendCategory", scope: scopeProduct, cipher: cipherOptional, handle: recommendCategory},
		{method: get, path: "/product/202309/categories/{category_id}/attributes", name: "product.GetAttributes", scope: scopeProduct, cipher: cipherRequired, handle: getCategoryAttributes},
		{method: get, path: "/product/202309/categories/{category_id}/rules", name: "product.GetCategoryRules", scope: scopeProduct, cipher: cipherRequired, handle: getCategoryRules},
		{method: get, path: "/product/202309/brands", name: "product.GetBrands", scope: scopeProduct, cipher: cipherRequired, handle: getBrands},
		{method: post, path: "/product/202309/brands", name: "product.CreateCustomBrands", scope: scopeProduct, handle: createBrand},
		{method: post, path: "/product/202309/images/upload", name: "product.UploadProductImage", scope: scopeProduct, multipart: true, handle: uploadImage},
		{method: post, path: "/product/202309/files/upload", name: "product.UploadProductFile", scope: scopeProduct, multipart: true, maxBody: maxUploadBody, handle: uploadFile},

		{method: post, path: "/product/202309/products", name: "product.CreateProduct", scope: scopeProductWrite, cipher: cipherRequired, handle: createProduct},
		{method: del, path: "/product/202309/products", name: "product.DeleteProducts", scope: scopeProductDelete, cipher: cipherRequired, handle: deleteProducts},
		{method: get, path: "/product/202309/products/{product_id}", name: "product.GetProduct", scope: scopeProduct, cipher: cipherRequired, handle: getProduct},
		{method: put, path: "/product/202309/products/{product_id}", name: "product.EditProductV202309", scope: scopeProductWrite, cipher: cipherRequired, handle: editProduct},
		{method: put, path: "/product/202509/products/{product_id}", name: "product.EditProduct", scope: scopeProductWrite, cipher: cipherRequired, handle: editProduct},
		{method: post, path: "/product/202309/products/{product_id}/partial_edit", name: "product.PartialEditProductV202309", scope: scopeProductWrite, cipher: cipherRequired, handle: partialEditProduct},
		{method: post, path: "/product/202509/products/{product_id}/partial_edit", name: "product.PartialEditProduct", scope: scopeProductWrite, cipher: cipherRequired, handle: partialEditProduct},
		{method: post, path: "/product/202309/products/{product_id}/prices/update", name: "product.UpdatePrice", scope: scopeProductWrite, cipher: cipherRequired, handle: updatePrices},
		{method: post, path: "/product/202309/products/{product_id}/inventory/update", name: "product.UpdateInventory", scope: scopeProductWrite, cipher: cipherOptional, handle: updateInventory},
		{method: post, path: "/product/202309/inventory/search", name: "product.InventorySearch", scope: scopeProduct, cipher: cipherRequired, handle: searchInventory},
		{method: post, path: "/product/202309/products/search", name: "product.SearchProductsV202309", scope: scopeProduct, cipher: cipherRequired, handle: searchProducts202309},
		{method: post, path: "/product/202312/products/search", name: "product.SearchProductsV202312", scope: scopeProduct, cipher: cipherRequired, handle: searchProducts202312},
		{method: post, path: "/product/202502/products/search", name: "product.SearchProducts", scope: scopeProduct, cipher: cipherRequired, handle: searchProducts202502},
		{method: post, path: "/product/202309/products/activate", name: "product.ActivateProduct", scope: scopeProduct, cipher: cipherRequired, handle: activateProducts},
		{method: post, path: "/product/202309/products/deactivate", name: "product.DeactivateProducts", scope: scopeProduct, cipher: cipherRequired, handle: deactivateProducts},
		{method: post, path: "/product/202309/products/recover", name: "product.RecoverProducts", scope: scopeProductDelete, cipher: cipherRequired, handle: recoverProducts},

		{method: get, path: "/product/202312/prerequisites", name: "product.CheckListingPrerequisites", scope: scopeProduct, cipher: cipherRequired, handle: getPrerequisites},
		{method: post, path: "/product/202309/products/listing_check", name: "product.CheckProductListing", cipher: cipherRequired, handle: checkProductListing},
		{method: get, path: "/product/202405/products/diagnoses", name: "product.ProductInformationIssueDiagnosis", cipher: cipherRequired, handle: getDiagnoses},
		{method: post, path: "/product/202411/products/diagnose_optimize", name: "product.DiagnoseAndOptimizeProduct", cipher: cipherRequired, handle: diagnoseProduct},
		{method: get, path: "/product/202405/products/seo_words", name: "product.GetProductsSEOWords", scope: scopeProduct, cipher: cipherRequired, handle: getSEOWords},
		{method: get, path: "/product/202405/products/suggestions", name: "product.GetRecommendedProductTitleAndDescription", cipher: cipherRequired, handle: getSuggestions},
		{method: post, path: "/product/202407/products/category_upgrade_task", name: "product.CreateCategoryUpgradeTask", scope: scopeProduct, cipher: cipherRequired, handle: upgradeCategories},
		{method: post, path: "/product/202309/brands/recommend", name: "product.RecommendBrand", handle: recommendBrand},
		{method: post, path: "/product/202404/images/optimize", name: "product.OptimizeImages", scope: scopeProduct, cipher: cipherRequired, handle: optimizeImages},

		{method: post, path: "/product/202407/sizecharts/search", name: "product.SearchSizeCharts", scope: scopeProduct, handle: searchSizeCharts},
		{method: post, path: "/product/202409/compliance/manufacturers", name: "product.CreateManufacturer", scope: scopeProduct, handle: createManufacturer},
		{method: post, path: "/product/202409/compliance/manufacturers/{manufacturer_id}/partial_edit", name: "product.PartialEditManufacturer", scope: scopeProduct, handle: editManufacturer},
		{method: post, path: "/product/202409/compliance/manufacturers/search", name: "product.SearchManufacturersV202409", scope: scopeProduct, handle: searchManufacturers202409},
		{method: post, path: "/product/202501/compliance/manufacturers/search", name: "product.SearchManufacturers", scope: scopeProduct, handle: searchManufacturers},
		{method: post, path: "/product/202409/compliance/responsible_persons", name: "product.CreateResponsiblePerson", scope: scopeProduct, handle: createResponsiblePerson},
		{method: post, path: "/product/202409/compliance/responsible_persons/{responsible_person_id}/partial_edit", name: "product.PartialEditResponsiblePerson", scope: scopeProduct, handle: editResponsiblePerson},
		{method: post, path: "/product/202409/compliance/responsible_persons/search", name: "product.SearchResponsiblePersonsV202409", scope: scopeProduct, handle: searchResponsible202409},
		{method: post, path: "/product/202501/compliance/responsible_persons/search", name: "product.SearchResponsiblePersons", scope: scopeProduct, handle: searchResponsible},

		{method: post, path: "/product/202309/global_products", name: "product.CreateGlobalProduct", scope: scopeGlobalWrite, handle: createGlobalProduct},
		{method: del, path: "/product/202309/global_products", name: "product.DeleteGlobalProducts", scope: scopeGlobalDelete, handle: deleteGlobalProducts},
		{method: get, path: "/product/202309/global_products/{global_product_id}", name: "product.GetGlobalProduct", scope: scopeGlobal, handle: getGlobalProduct},
		{method: put, path: "/product/202309/global_products/{global_product_id}", name: "product.EditGlobalProduct", scope: scopeGlobalWrite, handle: editGlobalProduct},
		{method: put, path: "/product/202509/global_products/{global_product_id}/partial_edit", name: "product.PartialEditGlobalProduct", scope: scopeProduct, handle: partialEditGlobalProduct},
		{method: post, path: "/product/202309/global_products/{global_product_id}/inventory/update", name: "product.UpdateGlobalInventory", scope: scopeGlobalWrite, handle: updateGlobalInventory},
		{method: post, path: "/product/202309/global_products/{global_product_id}/publish", name: "product.PublishGlobalProduct", scope: scopeGlobalWrite, handle: publishGlobalProduct},
		{method: post, path: "/product/202309/global_products/search", name: "product.SearchGlobalProductsV202309", scope: scopeGlobal, handle: searchGlobalProducts},
		{method: post, path: "/product/202312/global_products/search", name: "product.SearchGlobalProducts", scope: scopeGlobal, handle: searchGlobalProducts},
		{method: post, path: "/product/202404/global_products/listing_check", name: "product.CheckGlobalProductListing", handle: checkGlobalListing},
		{method: post, path: "/product/202503/global_products/{global_product_id}/bind_local_products", name: "product.BindLocalProducts", handle: bindLocalProducts},
		{method: get, path: "/product/202309/global_categories", name: "product.GetGlobalCategories", scope: scopeGlobalCategory, handle: getGlobalCategories},
		{method: post, path: "/product/202309/global_categories/recommend", name: "product.RecommendGlobalCategories", scope: scopeGlobalCategory, handle: recommendGlobalCategories},
		{method: get, path: "/product/202309/categories/{category_id}/global_attributes", name: "product.GetGlobalAttributes", scope: scopeGlobalCategory, handle: getGlobalAttributes},
		{method: get, path: "/product/202309/categories/{category_id}/global_rules", name: "product.GetGlobalCategoryRules", scope: scopeGlobalCategory, handle: getGlobalCategoryRules},
		{method: post, path: "/product/202507/products/{product_id}/global_replicate", name: "product.ReplicateProduct", scope: scopeProductWrite, cipher: cipherRequired, handle: replicateProduct},
		{method: get, path: "/product/202507/products/{product_id}/replicated_products", name: "product.GetGlobalReplicatedProducts", scope: scopeProduct, cipher: cipherRequired, handle: getReplicatedProducts},
		{method: get, path: "/product/202507/global_listing_rules", name: "product.GetGlobalListingRules", scope: scopeProduct, cipher: cipherRequired, handle: getGlobalListingRules},
	}
	return complete(table)
}

// router finds the route of a request by walking the segments of its path.
type router struct {
	fixed   map[string]*router
	param   *router
	methods map[string]*route
}

// maxPathParams is the largest number of parameters in a path of the API.
const maxPathParams = 4

// pathParams are the values of the parameters of a path, in order.
type pathParams struct {
	values [maxPathParams]string
	count  int
}

func newRouter(table []*route) *router {
	root := new(router)
	for _, r := range table {
		at := root
		for segment := range strings.SplitSeq(r.path[1:], "/") {
			if strings.HasPrefix(segment, "{") {
				if at.param == nil {
					at.param = new(router)
				}
				at = at.param
				continue
			}
			if at.fixed == nil {
				at.fixed = map[string]*router{}
			}
			if at.fixed[segment] == nil {
				at.fixed[segment] = new(router)
			}
			at = at.fixed[segment]
		}
		if at.methods == nil {
			at.methods = map[string]*route{}
		}
		at.methods[r.method] = r
	}
	return root
}

// find returns the routes of an escaped path by method, nil where the API has
// no such path, and the path's parameters. A trailing slash makes another
// path.
func (rt *router) find(path string) (map[string]*route, pathParams) {
	var params pathParams
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return nil, params
	}
	for at := rt; ; {
		segment, tail, more := strings.Cut(rest, "/")
		if next := at.fixed[segment]; next != nil {
			at = next
		} else if at.param != nil && segment != "" && params.count < maxPathParams {
			value, err := url.PathUnescape(segment)
			if err != nil {
				return nil, params
			}
			params.values[params.count] = value
			params.count++
			at = at.param
		} else {
			return nil, params
		}
		if !more {
			return at.methods, params
		}
		rest = tail
	}
}
