package compliance

const (
	codeManufacturerUnknown = 12052284
	codeManufacturerForeign = 12052285
	codeManufacturerTwice   = 12052295
	codePersonUnknown       = 12052289
	codePersonForeign       = 12052290
	codePersonTwice         = 12052296
)
