package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

const (
	codeParameterRange      = gate.CodeAuthParameter // the return searches share this code with the authorization host
	codeReturnState         = 25001044
	codeRefundTooLarge      = 25005005
	codeNoLineCancel        = 25005010
	codeOrderUnknown        = 25007006
	codeNegotiating         = 25007007
	codeArbitrating         = 25011010
	codeRejectState         = 25011011
	codeApproveState        = 25011012
	codeReceiveState        = 25011013
	codeRejectReceivedState = 25011014 // seen in a recorded answer only
	codePartialState        = 25011032
	codeDecisionType        = 25020004
	codeNotPermitted        = 25020005
	codeAlreadyCancelled    = 25020009
	codeAlreadyApproved     = 25020010
	codeAlreadyReceived     = 25020011
	codeRefuseReceiveState  = 25020012
)
