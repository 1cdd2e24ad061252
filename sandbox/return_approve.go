package sandbox

// The decisions with which a seller agrees.
const (
	approveReceived    = "APPROVE_RECEIVED_PACKAGE"
	approveReplacement = "APPROVE_REPLACEMENT"
	refundInstead      = "ISSUE_REPLACEMENT_REFUND"
)

// approval is the body of a seller's consent.
type approval struct {
	Decision  string `json:"decision"`
	KeepsItem bool   `json:"buyer_keep_item"`
	Partial   *struct {
		Amount   string `json:"amount"`
		Currency string `json:"currency"`
	} `json:"partial_refund"`
}

// kind returns the type of the requests that the decision is for; empty for
// what is no decision.
func (in *approval) kind() string {
	switch in.Decision {
	case approveRefund, offerPartial:
		return returnRefund
	case approveReturn, approveReceived:
		return returnGoods
	case approveReplacement, refundInstead:
		return returnReplacement
	}
	return ""
}

func (in *approval) validate() *failure {
	switch {
	case in.Decision == "":
		return missing("decision")
	case in.kind() == "":
		return notAllowed("decision", in.Decision, []string{approveRefund, approveReturn, approveReceived, approveReplacement, refundInstead, offerPartial})
	case in.KeepsItem && in.Decision != approveReturn:
		return fail(codeReturnParameter, "'buyer_keep_item' goes with the decision ", approveReturn, " only")
	case in.Decision == offerPartial && in.Partial == nil:
		return missing("partial_refund")
	}
	return nil
}

// fits reports why a request is not open to the decision.
func (in *approval) fits(r *returnRequest) *failure {
	switch {
	case r.Arbitration == arbitrationRunning:
		return fail(codeArbitrating, "an arbitration about return ", r.ID, " is running")
	case in.kind() != r.Type:
		return fail(codeDecisionType, "decision ", in.Decision, " is none for a ", r.Type)
	case r.Status == returnCancel || r.Status == replacementCancel:
		return fail(codeAlreadyCancelled, "return ", r.ID, " was taken back or closed")
	case in.Decision == approveReceived && r.Status != returnShipped:
		return fail(codeReceiveState, "return ", r.ID, " is ", r.Status)
	case in.Decision == offerPartial && !r.pending():
		return fail(codePartialState, "return ", r.ID, " is ", r.Status)
	case in.Decision != approveReceived && !r.pending():
		return fail(codeApproveState, "return ", r.ID, " is ", r.Status)
	case r.OfferOpen:
		return fail(codeNegotiating, "the buyer has not answered the offer of return ", r.ID)
	}
	return nil
}

// approveReturnRequest is the seller's consent.
func approveReturnRequest(c *call) *failure {
	var input approval
	if f := c.decode(&input); f != nil {
		return f
	}
	if f := input.validate(); f != nil {
		return f
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	return repeat(c, func() *failure {
		r, f := findReturn(c, c.param(0))
		if f != nil {
			return f
		}
		if f := input.fits(r); f != nil {
			return f
		}
		return grantReturn(c.shop, r, &input, c.now.Unix())
	})
}

func grantReturn(s *shop, r *returnRequest, in *approval, now int64) *failure {
	done := returnRecord{Time: now, Role: roleSeller, Event: in.Decision, Text: "The seller agreed"}
	switch in.Decision {
	case approveRefund, approveReceived:
		moveReturn(s, r, returnSuccess, done)
	case approveReturn:
		if in.KeepsItem {
			letKeep(s, r, done)
		} else {
			moveReturn(s, r, returnAwaitingShip, done)
		}
	case approveReplacement:
		if !replace(s, r, now) {
			return fail(codeReturnState, "the goods of return ", r.ID, " are out of stock")
		}
		moveReturn(s, r, replacementComplete, done)
	case refundInstead:
		refundUnreplaced(s, r, done)
	case offerPartial:
		amount, f := checkAmount(s, in.Partial.Amount, in.Partial.Currency)
		if f != nil {
			return f
		}
		if most := sumOf(r.Lines).total(); amount >= most {
			return fail(codeRefundTooLarge, "a partial refund is less than ", s.region.money(most))
		}
		offerPart(s, r, amount, returnRecord{Time: now, Role: roleSeller, Event: in.Decision, Text: "The seller offered a part of the money"}, now)
	}
	return nil
}
