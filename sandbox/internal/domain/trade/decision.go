package trade

const (
	ApproveRefund = "APPROVE_REFUND"
	ApproveReturn = "APPROVE_RETURN"
	OfferPartial  = "OFFER_PARTIAL_REFUND"
)

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

const (
	RejectRefund      = "REJECT_REFUND"
	RejectReceived    = "REJECT_RECEIVED_PACKAGE"
	RejectReplacement = "REJECT_REPLACEMENT"
)
