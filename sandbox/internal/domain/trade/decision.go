package trade

// The decisions with which a seller agrees to a request.
const (
	ApproveRefund      = "APPROVE_REFUND"
	ApproveReturn      = "APPROVE_RETURN"
	ApproveReceived    = "APPROVE_RECEIVED_PACKAGE"
	ApproveReplacement = "APPROVE_REPLACEMENT"
	RefundInstead      = "ISSUE_REPLACEMENT_REFUND"
	OfferPartial       = "OFFER_PARTIAL_REFUND"
)

// The decisions with which a seller refuses a request, or the goods.
const (
	RejectRefund      = "REJECT_REFUND"
	RejectReturn      = "REJECT_RETURN"
	RejectReceived    = "REJECT_RECEIVED_PACKAGE"
	RejectReplacement = "REJECT_REPLACEMENT"
)

// DecisionType returns the type of the requests that a decision is for, or ""
// if there is no such decision.
func DecisionType(decision string) string {
	switch decision {
	case ApproveRefund, OfferPartial, RejectRefund:
		return ReturnRefund
	case ApproveReturn, ApproveReceived, RejectReturn, RejectReceived:
		return ReturnGoods
	case ApproveReplacement, RefundInstead, RejectReplacement:
		return ReturnReplacement
	}
	return ""
}

// Rejected returns the state of a request after a refusal.
func Rejected(decision string) string {
	switch decision {
	case RejectReceived:
		return ReturnGoodsRejected
	case RejectReplacement:
		return ReplacementRejected
	}
	return ReturnRejected
}

// RejectKinds returns the kinds of reasons with which a request is refused in
// its state. Replacements have no list of their own; those of refunds and
// returns stand in.
func RejectKinds(r *ReturnRequest) []string {
	switch {
	case r.Type == ReturnRefund:
		return []string{reasonRejectRefund}
	case r.Type == ReturnReplacement:
		return []string{reasonRejectReturn, reasonRejectRefund}
	case r.Status == ReturnShipped:
		return []string{reasonRejectPackage}
	}
	return []string{reasonRejectReturn}
}

// ReasonState is the state under which the reasons of a refusal are listed.
func (r *ReturnRequest) ReasonState() string {
	if r.Status == ReplacementPending {
		return ReturnPending
	}
	return r.Status
}
