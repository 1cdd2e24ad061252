package webhook

import (
	"context"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// The methods below are one for each topic, in the order of the types; a test
// holds them against package event.

// OnOrderStatusChange sets the function for ORDER_STATUS_CHANGE, type 1.
func (m *Mux) OnOrderStatusChange(f func(ctx context.Context, e *event.OrderStatusChange) error) {
	on(m, f)
}

// OnReverseStatusUpdate sets the function for REVERSE_STATUS_UPDATE, type 2.
func (m *Mux) OnReverseStatusUpdate(f func(ctx context.Context, e *event.ReverseStatusUpdate) error) {
	on(m, f)
}

// OnRecipientAddressUpdate sets the function for RECIPIENT_ADDRESS_UPDATE, type 3.
func (m *Mux) OnRecipientAddressUpdate(f func(ctx context.Context, e *event.RecipientAddressUpdate) error) {
	on(m, f)
}

// OnPackageUpdate sets the function for PACKAGE_UPDATE, type 4.
func (m *Mux) OnPackageUpdate(f func(ctx context.Context, e *event.PackageUpdate) error) { on(m, f) }

// OnProductStatusChange sets the function for PRODUCT_STATUS_CHANGE, type 5.
func (m *Mux) OnProductStatusChange(f func(ctx context.Context, e *event.ProductStatusChange) error) {
	on(m, f)
}

// OnSellerDeauthorization sets the function for SELLER_DEAUTHORIZATION, type 6.
func (m *Mux) OnSellerDeauthorization(f func(ctx context.Context, e *event.SellerDeauthorization) error) {
	on(m, f)
}

// OnUpcomingAuthorizationExpiration sets the function for UPCOMING_AUTHORIZATION_EXPIRATION, type 7.
func (m *Mux) OnUpcomingAuthorizationExpiration(f func(ctx context.Context, e *event.UpcomingAuthorizationExpiration) error) {
	on(m, f)
}

// OnCancellationStatusChange sets the function for CANCELLATION_STATUS_CHANGE, type 11.
func (m *Mux) OnCancellationStatusChange(f func(ctx context.Context, e *event.CancellationStatusChange) error) {
	on(m, f)
}

// OnReturnStatusChange sets the function for RETURN_STATUS_CHANGE, type 12.
func (m *Mux) OnReturnStatusChange(f func(ctx context.Context, e *event.ReturnStatusChange) error) {
	on(m, f)
}

// OnNewConversation sets the function for NEW_CONVERSATION, type 13.
func (m *Mux) OnNewConversation(f func(ctx context.Context, e *event.NewConversation) error) {
	on(m, f)
}

// OnNewMessage sets the function for NEW_MESSAGE, type 14.
func (m *Mux) OnNewMessage(f func(ctx context.Context, e *event.NewMessage) error) { on(m, f) }

// OnProductInformationChange sets the function for PRODUCT_INFORMATION_CHANGE, type 15.
func (m *Mux) OnProductInformationChange(f func(ctx context.Context, e *event.ProductInformationChange) error) {
	on(m, f)
}

// OnProductCreation sets the function for PRODUCT_CREATION, type 16.
func (m *Mux) OnProductCreation(f func(ctx context.Context, e *event.ProductCreation) error) {
	on(m, f)
}

// OnShoppableContentPosting sets the function for SHOPPABLE_CONTENT_POSTING, type 17.
func (m *Mux) OnShoppableContentPosting(f func(ctx context.Context, e *event.ShoppableContentPosting) error) {
	on(m, f)
}

// OnProductCategoryChange sets the function for PRODUCT_CATEGORY_CHANGE, type 18.
func (m *Mux) OnProductCategoryChange(f func(ctx context.Context, e *event.ProductCategoryChange) error) {
	on(m, f)
}

// OnSizeChartChange sets the function for SIZE_CHART_CHANGE, type 19.
func (m *Mux) OnSizeChartChange(f func(ctx context.Context, e *event.SizeChartChange) error) {
	on(m, f)
}

// OnCreatorDeauthorization sets the function for CREATOR_DEAUTHORIZATION, type 20.
func (m *Mux) OnCreatorDeauthorization(f func(ctx context.Context, e *event.CreatorDeauthorization) error) {
	on(m, f)
}

// OnInboundFBTOrderStatusChange sets the function for INBOUND_FBT_ORDER_STATUS_CHANGE, type 21.
func (m *Mux) OnInboundFBTOrderStatusChange(f func(ctx context.Context, e *event.InboundFBTOrderStatusChange) error) {
	on(m, f)
}

// OnFBTMerchantOnboarding sets the function for FBT_MERCHANT_ONBOARDING, type 22.
func (m *Mux) OnFBTMerchantOnboarding(f func(ctx context.Context, e *event.FBTMerchantOnboarding) error) {
	on(m, f)
}

// OnGoodsMatch sets the function for GOODS_MATCH, type 23.
func (m *Mux) OnGoodsMatch(f func(ctx context.Context, e *event.GoodsMatch) error) { on(m, f) }

// OnFBTInventoryUpdate sets the function for FBT_INVENTORY_UPDATE, type 24.
func (m *Mux) OnFBTInventoryUpdate(f func(ctx context.Context, e *event.FBTInventoryUpdate) error) {
	on(m, f)
}

// OnOpportunityMatchingStatusChange sets the function for OPPORTUNITY_MATCHING_STATUS_CHANGE, type 25.
func (m *Mux) OnOpportunityMatchingStatusChange(f func(ctx context.Context, e *event.OpportunityMatchingStatusChange) error) {
	on(m, f)
}

// OnInventoryStatusChange sets the function for INVENTORY_STATUS_CHANGE, type 27.
func (m *Mux) OnInventoryStatusChange(f func(ctx context.Context, e *event.InventoryStatusChange) error) {
	on(m, f)
}

// OnNewMessageListener sets the function for NEW_MESSAGE_LISTENER, type 33.
func (m *Mux) OnNewMessageListener(f func(ctx context.Context, e *event.NewMessageListener) error) {
	on(m, f)
}

// OnTokopediaMirrorStatusChange sets the function for TOKOPEDIA_MIRROR_STATUS_CHANGE, type 35.
func (m *Mux) OnTokopediaMirrorStatusChange(f func(ctx context.Context, e *event.TokopediaMirrorStatusChange) error) {
	on(m, f)
}

// OnInvoiceStatusChange sets the function for INVOICE_STATUS_CHANGE, type 36.
func (m *Mux) OnInvoiceStatusChange(f func(ctx context.Context, e *event.InvoiceStatusChange) error) {
	on(m, f)
}

// OnProductAuditStatusChange sets the function for PRODUCT_AUDIT_STATUS_CHANGE, type 37.
func (m *Mux) OnProductAuditStatusChange(f func(ctx context.Context, e *event.ProductAuditStatusChange) error) {
	on(m, f)
}

// OnStrikethroughPriceExpired sets the function for STRIKETHROUGH_PRICE_EXPIRED, type 38.
func (m *Mux) OnStrikethroughPriceExpired(f func(ctx context.Context, e *event.StrikethroughPriceExpired) error) {
	on(m, f)
}

// OnActivityStatusChange sets the function for ACTIVITY_STATUS_CHANGE, type 39.
func (m *Mux) OnActivityStatusChange(f func(ctx context.Context, e *event.ActivityStatusChange) error) {
	on(m, f)
}

// OnCombinedListingChange sets the function for COMBINED_LISTING_CHANGE, type 42.
func (m *Mux) OnCombinedListingChange(f func(ctx context.Context, e *event.CombinedListingChange) error) {
	on(m, f)
}

// OnImageTranslationCompleted sets the function for IMAGE_TRANSLATION_COMPLETED, type 46.
func (m *Mux) OnImageTranslationCompleted(f func(ctx context.Context, e *event.ImageTranslationCompleted) error) {
	on(m, f)
}

// OnSKUStatusChange sets the function for SKU_STATUS_CHANGE, type 50.
func (m *Mux) OnSKUStatusChange(f func(ctx context.Context, e *event.SKUStatusChange) error) {
	on(m, f)
}

// OnGlobalReplicationStatusChange sets the function for GLOBAL_REPLICATION_STATUS_CHANGE, type 51.
func (m *Mux) OnGlobalReplicationStatusChange(f func(ctx context.Context, e *event.GlobalReplicationStatusChange) error) {
	on(m, f)
}

// OnGlobalListingMethodChange sets the function for GLOBAL_LISTING_METHOD_CHANGE, type 52.
func (m *Mux) OnGlobalListingMethodChange(f func(ctx context.Context, e *event.GlobalListingMethodChange) error) {
	on(m, f)
}

// OnVideoPrecheckResult sets the function for VIDEO_PRECHECK_RESULT, type 55.
func (m *Mux) OnVideoPrecheckResult(f func(ctx context.Context, e *event.VideoPrecheckResult) error) {
	on(m, f)
}

// OnSampleApplicationStatusChange sets the function for SAMPLE_APPLICATION_STATUS_CHANGE, type 56.
func (m *Mux) OnSampleApplicationStatusChange(f func(ctx context.Context, e *event.SampleApplicationStatusChange) error) {
	on(m, f)
}

// OnFBTMCFOrderStatus sets the function for FBT_MCF_ORDER_STATUS, type 58.
func (m *Mux) OnFBTMCFOrderStatus(f func(ctx context.Context, e *event.FBTMCFOrderStatus) error) {
	on(m, f)
}

// OnShoppableVideoPrecheckTasksResult sets the function for SHOPPABLE_VIDEO_PRECHECK_TASKS_RESULT, type 59.
func (m *Mux) OnShoppableVideoPrecheckTasksResult(f func(ctx context.Context, e *event.ShoppableVideoPrecheckTasksResult) error) {
	on(m, f)
}

// OnProductPackageRecommended sets the function for PRODUCT_PACKAGE_RECOMMENDED, type 62.
func (m *Mux) OnProductPackageRecommended(f func(ctx context.Context, e *event.ProductPackageRecommended) error) {
	on(m, f)
}

// OnActivityChange sets the function for ACTIVITY_CHANGE, type 63.
func (m *Mux) OnActivityChange(f func(ctx context.Context, e *event.ActivityChange) error) { on(m, f) }

// OnAftersalesRequestStatusUpdate sets the function for AFTERSALES_REQUEST_STATUS_UPDATE, type 64.
func (m *Mux) OnAftersalesRequestStatusUpdate(f func(ctx context.Context, e *event.AftersalesRequestStatusUpdate) error) {
	on(m, f)
}

// OnRMAStatusUpdate sets the function for RMA_STATUS_UPDATE, type 65.
func (m *Mux) OnRMAStatusUpdate(f func(ctx context.Context, e *event.RMAStatusUpdate) error) {
	on(m, f)
}

// OnAppealCompleted sets the function for APPEAL_COMPLETED, type 66.
func (m *Mux) OnAppealCompleted(f func(ctx context.Context, e *event.AppealCompleted) error) {
	on(m, f)
}

// OnRefundSuccess sets the function for REFUND_SUCCESS, type 67.
func (m *Mux) OnRefundSuccess(f func(ctx context.Context, e *event.RefundSuccess) error) { on(m, f) }

// OnInventoryChanged sets the function for INVENTORY_CHANGED, type 68.
func (m *Mux) OnInventoryChanged(f func(ctx context.Context, e *event.InventoryChanged) error) {
	on(m, f)
}

// OnInventoryChangedByShop sets the function for INVENTORY_CHANGED_BY_SHOP, type 71.
func (m *Mux) OnInventoryChangedByShop(f func(ctx context.Context, e *event.InventoryChangedByShop) error) {
	on(m, f)
}
