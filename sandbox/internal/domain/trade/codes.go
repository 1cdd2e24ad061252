package trade

// Codes of orders, packages and after-sale requests. Where the documents list
// several codes for one cause, the one that names the cause most plainly is
// used.
const (
	codeTrackingCharacters = 21004012
	CodeInvoiceMissing     = 21004019
	CodeInvoiceOpen        = 21004020
	codeTrackingMismatch   = 21004015
	codeAfterSaleOpen      = 21008044
	codeLineShipped        = 21008099
	CodePackageAction      = 21011003
	codeOrderShipped       = 21011006
	codeTradeRules         = 21011012
	CodeTrackingWrong      = 21011022
	codeTrackingRepeated   = 21011025
	codeTrackingWorn       = 21011026
	CodeLineForeign        = 21011029
	codeOrderHeld          = 21011044
	codeSeveralPackages    = 21011048

	// Cancellations, refunds and returns.
	CodeReturnParameter = 25001001
	CodeOrderState      = 25001003
	codeReturnFinished  = 25001010
	CodeReturnRunning   = 25001011
	CodeReasonUnknown   = 25001014
	codeReasonActor     = 25001015
	codeReasonAction    = 25001016
	codeReasonRetired   = 25001020
	codeReasonState     = 25001021
	codeOnItsWay        = 25001045
	codeOrderEnded      = 25001051
	codeReasonType      = 25001057
	codeLineQuantity    = 25005011
)

// CodeForeignOrder answers for an order that is not the shop's.
const CodeForeignOrder = 21008111
