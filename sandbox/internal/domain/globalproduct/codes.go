package globalproduct

// Codes of global products and their publication.
const (
	codeGlobalNotFound   = 12019150 // where an operation does not list the other one
	codeGlobalForbidden  = 12019114
	codeInputRejected    = 12052910
	codeRegionPublished  = 12019212
	codeRegionInactive   = 12052903
	codeMarketPrice      = 12019010
	codeMarketWarehouse  = 12019016
	codeSharedWarehouse  = 12052379
	codeWarehousesDiffer = 12052143
	codeWarehousesFixed  = 12052533
	codeExtraIdentifier  = 12052293
	codeCreatedFilter    = 12019118
	codeUpdatedFilter    = 12019119
	codeTitleChinese     = 12052262
	codeTextChinese      = 12052346
	codeNameChinese      = 12052243
	codeValueChinese     = 12052250
)
