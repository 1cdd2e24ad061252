package affiliatepartner

// Codes of campaigns.
const (
	codePeriod       = 16032002
	codeRegistration = 16032003
	codeSellers      = 16032004
	codeUnknown      = 16032005
	codeForeign      = 16032007
	codeState        = 16032008
	codeOffline      = 16032009
	codeNoProduct    = 16032010
)
