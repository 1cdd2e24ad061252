package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
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

func (in *approval) validate() *gate.Failure {
	if f := checkDecision(in.Decision, trade.ApproveRefund, trade.ApproveReturn, trade.ApproveReceived, trade.ApproveReplacement, trade.RefundInstead, trade.OfferPartial); f != nil {
		return f
	}
	switch {
	case in.KeepsItem && in.Decision != trade.ApproveReturn:
		return gate.Fail(trade.CodeReturnParameter, "'buyer_keep_item' goes with the decision ", trade.ApproveReturn, " only")
	case in.Decision == trade.OfferPartial && in.Partial == nil:
		return gate.Missing("partial_refund")
	}
	return nil
}

// fits reports why a request is not open to the decision.
func (in *approval) fits(r *trade.ReturnRequest) *gate.Failure {
	if f := undecidable(r, in.Decision); f != nil {
		return f
	}
	switch {
	case r.Status == trade.ReturnCancel || r.Status == trade.ReplacementCancel:
		return gate.Fail(codeAlreadyCancelled, "return ", r.ID, " was taken back or closed")
	case in.Decision == trade.ApproveReceived && r.Status != trade.ReturnShipped:
		return gate.Fail(codeReceiveState, "return ", r.ID, " is ", r.Status)
	case in.Decision == trade.OfferPartial && !r.Pending():
		return gate.Fail(codePartialState, "return ", r.ID, " is ", r.Status)
	case in.Decision != trade.ApproveReceived && !r.Pending():
		return gate.Fail(codeApproveState, "return ", r.ID, " is ", r.Status)
	case r.OfferOpen:
		return gate.Fail(codeNegotiating, "the buyer has not answered the offer of return ", r.ID)
	}
	return nil
}

// approveReturnRequest is the seller's consent.
func approveReturnRequest(c *gate.Call) *gate.Failure {
	var input approval
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
		return grantReturn(c.Shop, r, &input, c.Now.Unix())
	})
}

func grantReturn(s *world.Shop, r *trade.ReturnRequest, in *approval, now int64) *gate.Failure {
	done := trade.ReturnRecord{Time: now, Role: trade.RoleSeller, Event: in.Decision, Text: "The seller agreed"}
	switch in.Decision {
	case trade.ApproveRefund, trade.ApproveReceived:
		trade.MoveReturn(s, r, trade.ReturnSuccess, done)
	case trade.ApproveReturn:
		if in.KeepsItem {
			trade.LetKeep(s, r, done)
		} else {
			trade.MoveReturn(s, r, trade.ReturnAwaitingShip, done)
		}
	case trade.ApproveReplacement:
		if !trade.Replace(s, r, now) {
			return gate.Fail(codeReturnState, "the goods of return ", r.ID, " are out of stock")
		}
		trade.MoveReturn(s, r, trade.ReplacementComplete, done)
	case trade.RefundInstead:
		trade.RefundUnreplaced(s, r, done)
	case trade.OfferPartial:
		amount, f := checkAmount(s, in.Partial.Amount, in.Partial.Currency)
		if f != nil {
			return f
		}
		if most := trade.SumOf(r.Lines).Total(); amount >= most {
			return gate.Fail(codeRefundTooLarge, "a partial refund is less than ", s.Market.Money(most))
		}
		trade.OfferPart(s, r, amount, trade.ReturnRecord{Time: now, Role: trade.RoleSeller, Event: in.Decision, Text: "The seller offered a part of the money"}, now)
	}
	return nil
}
