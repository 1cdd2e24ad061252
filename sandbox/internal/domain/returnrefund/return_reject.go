package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// returnRejection is the body of a refusal of a request, or of the goods.
type returnRejection struct{ rejection }

func (in *returnRejection) validate() *gate.Failure {
	if f := checkDecision(in.Decision, trade.RejectRefund, trade.RejectReturn, trade.RejectReceived, trade.RejectReplacement); f != nil {
		return f
	}
	return in.rejection.validate()
}

// fits reports why a request is not open to the decision.
func (in *returnRejection) fits(r *trade.ReturnRequest) *gate.Failure {
	if f := undecidable(r, in.Decision); f != nil {
		return f
	}
	received := in.Decision == trade.RejectReceived
	approved := r.Status == trade.ReturnSuccess || r.Status == trade.ReturnComplete || r.Status == trade.ReplacementComplete || r.Status == trade.ReplacementRefund
	switch {
	case received && approved:
		return gate.Fail(codeAlreadyReceived, "the goods of return ", r.ID, " were accepted")
	case received && r.Status != trade.ReturnShipped:
		return gate.Fail(codeRefuseReceiveState, "return ", r.ID, " is ", r.Status)
	case !received && (approved || r.Status == trade.ReturnAwaitingShip || r.Status == trade.ReturnShipped || r.Status == trade.ReturnGoodsRejected):
		return gate.Fail(codeAlreadyApproved, "return ", r.ID, " is ", r.Status)
	case !received && !r.Pending():
		return gate.Fail(trade.CodeOrderState, "return ", r.ID, " is ", r.Status)
	}
	return nil
}

// rejectReturnRequest is the seller's refusal of a request, or of the goods.
func rejectReturnRequest(c *gate.Call) *gate.Failure {
	var input returnRejection
	if f := c.Decode(&input); f != nil {
		return f
	}
	if f := input.validate(); f != nil {
		return f
	}
	return decide(c, findReturn, func(r *trade.ReturnRequest) *gate.Failure {
		if f := input.fits(r); f != nil {
			return f
		}
		if f := trade.CheckReason(c.Shop.Market, input.Reason, trade.RoleSeller, r.ReasonState(), trade.RejectKinds(r)...); f != nil {
			return f
		}
		trade.MoveReturn(c.Shop, r, trade.Rejected(input.Decision), trade.ReturnRecord{
			Time: c.Now.Unix(), Role: trade.RoleSeller, Event: input.Decision, Text: "The seller refused",
			Note: input.Comment, Reason: input.Reason, Images: input.imageIDs(),
		})
		return nil
	})
}
