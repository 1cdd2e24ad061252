package promotion

// The codes of promotions.
const (
	codeActivityField        = 17029001
	codeActivityTitleLength  = 17029002
	codeActivityTitleMissing = 17029003
	codeActivityTitleUsed    = 17029004
	codeActivityPast         = 17029005
	codeActivityShort        = 17029006
	codeActivityUnknown      = 17029009
	codeActivityStopped      = 17029010
	codeActivityStartFixed   = 17029011
	codeActivityEnded        = 17029012
	codeActivityNoSKUs       = 17029013
	codeActivityQuantityFix  = 17029015
	codeActivitySKU          = 17029016
	codeActivityForeignItem  = 17029017
	codeActivitySKUStock     = 17029018
	codeActivityStock        = 17029019
	codeActivityDiscountHigh = 17029020 // of a SKU: one more
	codeActivityItemTaken    = 17029022
	codeActivityNotInside    = 17029023
	codeActivitySKUNotInside = 17029024
	codeActivityFull         = 17029025
	codeActivityForeign      = 17029028
	codeActivityEmpty        = 17029033
	codeActivityPrice        = 17029034
	codeActivitySKUsMissing  = 17029037
	codeActivityTwoLevels    = 17029038
	codeActivityTwice        = 17029039
	codeActivitySKUTwice     = 17029040
	codeActivityTooMany      = 17029046
	codeActivityFlash        = 17029047
	codeActivityFlashSKU     = 17029048
	codeActivityQuantity     = 17029050
	codeActivityNoProduct    = 17029051
	codeActivityOtherProduct = 17029053
	codeActivityStatus       = 17029056
	codeActivityDiscountLow  = 17029062 // of a SKU: one more
	codeActivityLevel        = 17029102
	codeActivityLimitsFixed  = 17029106
)
