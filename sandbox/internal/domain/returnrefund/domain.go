// Package returnrefund answers the operations on cancellations, returns and
// refunds. What becomes of them is decided in package trade.
package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Register binds the operations of cancellations, returns and refunds.
func Register(r *gate.Registry) {
	r.Handle("return_refund.CancelOrder", cancelOrder)
	r.Handle("return_refund.SearchCancellations", searchCancellations)
	r.Handle("return_refund.ApproveCancellation", approveCancellation)
	r.Handle("return_refund.RejectCancellation", rejectCancellation)
	r.Handle("return_refund.GetAftersaleEligibilityV202309", getEligibility)
	r.Handle("return_refund.GetAftersaleEligibility", getEligibility)
	r.Handle("return_refund.CalculateRefund", calculateRefund)
	r.Handle("return_refund.GetRejectReasons", getRejectReasons)
	r.Handle("return_refund.CreateReturn", createReturn)
	r.Handle("return_refund.SearchReturns", searchReturns)
	r.Handle("return_refund.ApproveReturn", approveReturnRequest)
	r.Handle("return_refund.RejectReturn", rejectReturnRequest)
	r.Handle("return_refund.GetReturnRecords", getReturnRecords)
	r.Handle("return_refund.UploadShippingDocumentAndTrackingInfo", uploadReturnDocument)

	r.Limit("page_size", gate.Limit{Code: gate.CodeAuthParameter}, "return_refund.SearchCancellations", "return_refund.SearchReturns")
}
