package fulfillment

const codeForeignPackage = 10006402

const (
	// Orders and packages.
	codeShippingBlocked    = 10007002
	codeFieldRejected      = 11001002
	codeNoCarrierService   = 11021009
	codePackageLarge       = 11021014
	codeNotTikTokShipped   = 11034002
	codeFieldsRejected     = 21001001
	codeOrderUninvoiced    = 21004006
	codeLabelServiceGone   = 21004008
	codeRegionRefused      = 21008106
	codeNoShippingData     = 21008109
	codeNotSellerShipped   = 21011004
	codeGroupRejected      = 21011005
	codeAfterSalePending   = 21011007
	codePackageDelivered   = 21011027
	codeShopForeignPackage = 21011028
	codeTrackingFixed      = 21011030
	codeCombineForeign     = 21011031
	codeSplitForbidden     = 21011035
	codeNoService          = 21011037
	codePackageShipped     = 21011040
	codeShipCancelled      = 21011041
	codeChangeCancelled    = 21011042
	codeNotShipped         = 21011043
	codeTrackingForbidden  = 21011049
	codeTrackingLate       = 21011050
	codeTrackingChanged    = 21011051
	codeSlotWrong          = 21011053
	codeSlotMissing        = 21011054
	codeDocumentBlocked    = 21021010
	codeDocumentTooEarly   = 21023035
	codeDocumentCancelled  = 21023059
	codeDocumentTooLate    = 21042102
)

// Codes of the reports of warehouse providers.
const (
	codeSyncRejected = 39003016
	codeSyncEmpty    = 39003018
)
