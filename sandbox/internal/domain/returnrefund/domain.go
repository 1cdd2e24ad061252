// Package returnrefund answers the operations on cancellations, returns and
// refunds. What becomes of them is decided in package trade.
package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Register binds the operations of cancellations, returns and refunds.
func Register(r *gate.Registry) {
	r.Write("return_refund.CancelOrder", cancelOrder)
	r.Read("return_refund.SearchCancellations", searchCancellations)
	r.Write("return_refund.CancelOrderV202602", cancelOrder)
	r.Read("return_refund.SearchCancellationsV202602", searchCancellations)
	r.Read("return_refund.CalculateRefundV202602", calculateRefund)
	r.Write("return_refund.CreateReturnV202602", createReturn)
	r.Read("return_refund.SearchReturnsV202602", searchReturns)
	r.Read("return_refund.GetDecisionEligibility", getDecisionEligibility)
	r.Read("return_refund.GetReviewDecision", getReviewDecision)
	r.Read("return_refund.SearchAftersalesRequest", searchAftersales)
	r.Read("return_refund.SearchReturnMerchandiseAuthorization", searchAuthorizations)
	r.Write("return_refund.ReviewAftersalesV202603", reviewAftersales)
	r.Write("return_refund.ReviewAftersales", reviewAftersales)
	r.Write("return_refund.ApproveCancellation", approveCancellation)
	r.Write("return_refund.RejectCancellation", rejectCancellation)
	r.Read("return_refund.CalculateRefund", calculateRefund)
	r.Read("return_refund.GetRejectReasons", getRejectReasons)
	r.Write("return_refund.CreateReturn", createReturn)
	r.Read("return_refund.SearchReturns", searchReturns)
	r.Write("return_refund.ApproveReturn", approveReturnRequest)
	r.Write("return_refund.RejectReturn", rejectReturnRequest)
	r.Read("return_refund.GetReturnRecords", getReturnRecords)

	// The request may leave the shop out; an id says which one to lock.
	r.Handle("return_refund.GetAftersaleEligibilityV202309", getEligibility)
	r.Handle("return_refund.GetAftersaleEligibility", getEligibility)
	r.Handle("return_refund.GetAftersaleEligibilityV202602", getEligibility)
	r.Handle("return_refund.UploadShippingDocumentAndTrackingInfo", uploadReturnDocument)

	r.Limit("page_size", gate.Limit{Code: gate.CodeAuthParameter}, "return_refund.SearchCancellations", "return_refund.SearchReturns",
		"return_refund.SearchCancellationsV202602", "return_refund.SearchReturnsV202602")
}
