package compliance

// Codes of manufacturers and responsible persons as products refer to them.
const (
	codeManufacturerUnknown = 12052284
	codeManufacturerForeign = 12052285
	codeManufacturerTwice   = 12052295
	codePersonUnknown       = 12052289
	codePersonForeign       = 12052290
	codePersonTwice         = 12052296
)

// Codes of the registers of manufacturers and responsible persons.
const (
	codePersonCountry     = 38023026
	codePersonPrefix      = 38023028
	codePhoneLength       = 38023041
	codeEmail             = 38023042
	codePhonePrefix       = 38023046
	codeRegisterToken     = 38023048
	codeRegisterIDs       = 38023049
	codeRegisterForbidden = 38023050
	codeRegisterUnknown   = 38023051
	codeRegisterForeign   = 38023052
	codeRegisterPageSize  = 38023047
)
