package sandbox

const (
	approveRefund = "APPROVE_REFUND"
	approveReturn = "APPROVE_RETURN"
	offerPartial  = "OFFER_PARTIAL_REFUND"
)

// rejectKinds returns the kinds of reasons with which a request is refused in
// its state. Replacements have no list of their own; those of refunds and
// returns stand in.
func rejectKinds(r *returnRequest) []string {
	switch {
	case r.Type == returnRefund:
		return []string{reasonRejectRefund}
	case r.Type == returnReplacement:
		return []string{reasonRejectReturn, reasonRejectRefund}
	case r.Status == returnShipped:
		return []string{reasonRejectPackage}
	}
	return []string{reasonRejectReturn}
}

// reasonState is the state under which the reasons of a refusal are listed.
func (r *returnRequest) reasonState() string {
	if r.Status == replacementPending {
		return returnPending
	}
	return r.Status
}

const (
	rejectRefund      = "REJECT_REFUND"
	rejectReceived    = "REJECT_RECEIVED_PACKAGE"
	rejectReplacement = "REJECT_REPLACEMENT"
)
