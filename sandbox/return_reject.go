package sandbox

// The decisions with which a seller refuses.
const (
	rejectReturn = "REJECT_RETURN"
)

// returnRejection is the body of a refusal of a request, or of the goods.
type returnRejection struct{ rejection }

// kind returns the type of the requests that the decision is for; empty for
// what is no decision.
func (in *returnRejection) kind() string {
	switch in.Decision {
	case rejectRefund:
		return returnRefund
	case rejectReturn, rejectReceived:
		return returnGoods
	case rejectReplacement:
		return returnReplacement
	}
	return ""
}

func (in *returnRejection) validate() *failure {
	switch {
	case in.Decision == "":
		return missing("decision")
	case in.kind() == "":
		return notAllowed("decision", in.Decision, []string{rejectRefund, rejectReturn, rejectReceived, rejectReplacement})
	}
	return in.rejection.validate()
}

// fits reports why a request is not open to the decision.
func (in *returnRejection) fits(r *returnRequest) *failure {
	received := in.Decision == rejectReceived
	approved := r.Status == returnSuccess || r.Status == returnComplete || r.Status == replacementComplete || r.Status == replacementRefund
	switch {
	case r.Arbitration == arbitrationRunning:
		return fail(codeArbitrating, "an arbitration about return ", r.ID, " is running")
	case in.kind() != r.Type:
		return fail(codeDecisionType, "decision ", in.Decision, " is none for a ", r.Type)
	case received && approved:
		return fail(codeAlreadyReceived, "the goods of return ", r.ID, " were accepted")
	case received && r.Status != returnShipped:
		return fail(codeRefuseReceiveState, "return ", r.ID, " is ", r.Status)
	case !received && (approved || r.Status == returnAwaitingShip || r.Status == returnShipped || r.Status == returnGoodsRejected):
		return fail(codeAlreadyApproved, "return ", r.ID, " is ", r.Status)
	case !received && !r.pending():
		return fail(codeOrderState, "return ", r.ID, " is ", r.Status)
	}
	return nil
}

// outcome is the state of a request that was refused so.
func (in *returnRejection) outcome() string {
	switch in.Decision {
	case rejectReceived:
		return returnGoodsRejected
	case rejectReplacement:
		return replacementRejected
	}
	return returnRejected
}

// rejectReturnRequest is the seller's refusal of a request, or of the goods.
func rejectReturnRequest(c *call) *failure {
	var input returnRejection
	if f := c.decode(&input); f != nil {
		return f
	}
	if f := input.validate(); f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	return repeat(c, func() *failure {
		r, f := findReturn(c, c.param(0))
		if f != nil {
			return f
		}
		if f := input.fits(r); f != nil {
			return f
		}
		if f := checkReason(s.region, input.Reason, roleSeller, r.reasonState(), rejectKinds(r)...); f != nil {
			return f
		}
		moveReturn(s, r, input.outcome(), returnRecord{
			Time: c.now.Unix(), Role: roleSeller, Event: input.Decision, Text: "The seller refused",
			Note: input.Comment, Reason: input.Reason, Images: input.imageIDs(),
		})
		return nil
	})
}
