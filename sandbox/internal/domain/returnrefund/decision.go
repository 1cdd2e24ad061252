package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// decide runs a seller's decision about the cancellation or the return that the
// path names, once per idempotency key.
func decide[T any](c *gate.Call, find func(c *gate.Call, id string) (T, *gate.Failure), work func(T) *gate.Failure) *gate.Failure {
	return trade.Repeat(c, func() *gate.Failure {
		found, f := find(c, c.Param(0))
		if f != nil {
			return f
		}
		return work(found)
	})
}

// checkDecision checks that a decision about a return is among those that the
// operation takes.
func checkDecision(decision string, allowed ...string) *gate.Failure {
	switch {
	case decision == "":
		return gate.Missing("decision")
	case !slices.Contains(allowed, decision):
		return gate.NotAllowed("decision", decision, allowed)
	}
	return nil
}

// undecidable reports why no decision of this kind can be taken about a return,
// whatever its state.
func undecidable(r *trade.ReturnRequest, decision string) *gate.Failure {
	switch {
	case r.Arbitration == trade.ArbitrationRunning:
		return gate.Fail(codeArbitrating, "an arbitration about return ", r.ID, " is running")
	case trade.DecisionType(decision) != r.Type:
		return gate.Fail(codeDecisionType, "decision ", decision, " does not apply to a ", r.Type)
	}
	return nil
}
