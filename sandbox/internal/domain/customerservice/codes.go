package customerservice

// The codes of the customer service.
const (
	codeChatFailed       = 45101001 // of a message to be sent: wrong parameters
	codeReturnCard       = 45101002
	codeChatUnknown      = 45101003
	CodeChatAllowance    = 45101004
	codeChatForeign      = 45102007
	codeChatClosed       = 45109001
	codeChatNotAllowed   = 45109003
	codeCouponCardPause  = 45111012
	codeCouponCardFailed = 45111017
)
