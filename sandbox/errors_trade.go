package sandbox

// Codes of orders, packages and after-sale requests. Where the documents list
// several codes for one cause, the one that names the cause most plainly is
// used.
const (
	codeParameterRange = codeAuthParameter // the return searches share this code with the authorization host

	// Orders and packages.
	codeShippingBlocked    = 10007002
	codeFieldRejected      = 11001002
	codeNoCarrierService   = 11021009
	codePackageLarge       = 11021014
	codeNotTikTokShipped   = 11034002
	codeFieldsRejected     = 21001001
	codeLabelServiceGone   = 21004008
	codeTrackingCharacters = 21004012
	codeTrackingMismatch   = 21004015
	codeAfterSaleOpen      = 21008044
	codeLineShipped        = 21008099
	codeRegionRefused      = 21008106
	codeNoShippingData     = 21008109
	codePackageAction      = 21011003
	codeNotSellerShipped   = 21011004
	codeGroupRejected      = 21011005
	codeOrderShipped       = 21011006
	codeAfterSalePending   = 21011007
	codeTradeRules         = 21011012
	codeTrackingWrong      = 21011022
	codeTrackingRepeated   = 21011025
	codeTrackingWorn       = 21011026
	codePackageDelivered   = 21011027
	codeShopForeignPackage = 21011028
	codeLineForeign        = 21011029
	codeTrackingFixed      = 21011030
	codeCombineForeign     = 21011031
	codeSplitForbidden     = 21011035
	codeNoService          = 21011037
	codePackageShipped     = 21011040
	codeShipCancelled      = 21011041
	codeChangeCancelled    = 21011042
	codeNotShipped         = 21011043
	codeOrderHeld          = 21011044
	codeSeveralPackages    = 21011048
	codeTrackingForbidden  = 21011049
	codeTrackingLate       = 21011050
	codeTrackingChanged    = 21011051
	codeSlotWrong          = 21011053
	codeSlotMissing        = 21011054
	codeDocumentBlocked    = 21021010
	codeDocumentTooEarly   = 21023035
	codeDocumentCancelled  = 21023059
	codeDocumentTooLate    = 21042102

	// Cancellations, refunds and returns.
	codeReturnParameter    = 25001001
	codeOrderState         = 25001003
	codeReturnFinished     = 25001010
	codeReturnRunning      = 25001011
	codeReasonUnknown      = 25001014
	codeReasonActor        = 25001015
	codeReasonAction       = 25001016
	codeReasonRetired      = 25001020
	codeReasonState        = 25001021
	codeReturnState        = 25001044
	codeOnItsWay           = 25001045
	codeOrderEnded         = 25001051
	codeReasonType         = 25001057
	codeRefundTooLarge     = 25005005
	codeNoLineCancel       = 25005010
	codeLineQuantity       = 25005011
	codeOrderUnknown       = 25007006
	codeNegotiating        = 25007007
	codeArbitrating        = 25011010
	codeRejectState        = 25011011
	codeApproveState       = 25011012
	codeReceiveState       = 25011013
	codePartialState       = 25011032
	codeDecisionType       = 25020004
	codeNotPermitted       = 25020005
	codeAlreadyCancelled   = 25020009
	codeAlreadyApproved    = 25020010
	codeAlreadyReceived    = 25020011
	codeRefuseReceiveState = 25020012
)
