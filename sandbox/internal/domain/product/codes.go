package product

const (
	CodeProductUnknown       = 12052032
	CodeProductForeign       = 12052048
	CodeProductStatus        = 12052901
	CodeTooManyProducts      = 12019120
	codeTooManySellerSKUs    = 12019027
	codeTooManySKUIDs        = 12019087
	codeBrandUnknown         = 12052026
	CodeTitleLength          = 12052051
	codeTitleText            = 12052931
	codeDescriptionText      = 12052932
	codeDescriptionImages    = 12052056
	codeMainImageMissing     = 12052028
	CodeMainImageCount       = 12052306
	codeMainImageUnknown     = 12052300
	codeSKUCount             = 12052558
	codeCombinedType         = 12052805
	codeCombinedMinimum      = 12052815
	CodeSKUListEmpty         = 12052902
	CodeSKURepeated          = 12052553
	CodeSKUUnknown           = 12052556
	CodeSKUForeign           = 12052557
	CodeSellerSKU            = 12052054
	CodeSalesAttributeCount  = 12052525
	CodeExtraIdentifierCount = 12052292
	codeSalesAttributeSet    = 12052550
	codeSalesAttributeTwice  = 12052560
	codeSalesAttribute       = 12052527
	codeSalesValue           = 12052529
	codeSalesImageUnknown    = 12052520
	codeSalesImageCount      = 12052356
	codeSalesImageSpread     = 12052528
	codeMainImageSmall       = 12052301
	codeMainImageLarge       = 12052302
	codeAttributeTwice       = 12052254
	codeAttributeForbidden   = 12052240
	codeAttributeMandatory   = 12052104
	codeAttributeUnnamed     = 12052241
	CodeAttributeNameLength  = 12052242
	codeAttributeSingle      = 12052246
	codeAttributeCustom      = 12052247
	codeAttributeValue       = 12052248
	CodeAttributeLength      = 12052249
	codeCOD                  = 12052222
	CodePriceFormat          = 12052012
	CodePriceRange           = 12052570
	CodePriceCurrency        = 12052084
	codeListPrice            = 12052383
	CodeSalePriceMissing     = 12052424
	CodeQuantity             = 12052055
	CodeWarehouseForeign     = 12052530
	codeWarehouseOff         = 12052531
	CodeWarehouseOutbound    = 12052532
	codeListingQuota         = 12052093
	CodeWarehouseUnknown     = 12052097
	CodeWarehouseSet         = 12052037
	codeWeightZero           = 12052181
	codeWeight               = 12019011
	codeImperialUnits        = 12019061
	codeUnitSystems          = 12052915
	codeDimensions           = 12052116
	codeMinimumQuantity      = 12052706
	codeIdentifierDigits     = 12052591
	codeIdentifierTwice      = 12052592
	codeCertificationImage   = 12052650
	codeCertificationTwice   = 12052656
	codeCertificationFile    = 12052658
	codeSizeChartUnknown     = 12052128
	codeSizeChartImage       = 12052670
)

// Codes of the operations about listings.
const (
	codeProductHidden  = 12009014
	codeUpgradeRunning = 12052234
	codeUpgradeRefused = 12052265
)
