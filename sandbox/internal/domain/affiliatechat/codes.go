package affiliatechat

// Codes of conversations with creators.
const (
	codeCreatorUnknown     = 16030001
	codeCreatorOtherRegion = 16032001
	codeAllowance          = 45101004
)
