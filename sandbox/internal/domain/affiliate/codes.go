package affiliate

import "github.com/ttshop-go/ttshop/sandbox/internal/gate"

// Codes of collaborations with creators. Where none is listed for an operation
// the collective one answers.
const (
	codeOpenTaken          = 16003012
	codeOpenRate           = 16003033
	codeOpenRestricted     = 16003035
	codeCreatorParameter   = 16015001
	codeSampleAgency       = 16022020
	codeTargetForeign      = 16024008
	codeTargetTaken        = 16024022
	codeTargetUnknown      = 50001700
	codeTargetOver         = 50001701
	codeTargetItem         = 50001702
	codeTargetField        = gate.CodeAuthParameter // also means that a parameter is out of range
	codeCreatorUnknown     = 16901005
	codeCreatorOtherRegion = 16901006
)
