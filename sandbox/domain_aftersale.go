package sandbox

// registerAftersale binds the operations of cancellations, returns and refunds.
func registerAftersale(r *registry) {
	r.handle("return_refund.CancelOrder", cancelOrder)
	r.handle("return_refund.SearchCancellations", searchCancellations)
	r.handle("return_refund.ApproveCancellation", approveCancellation)
	r.handle("return_refund.RejectCancellation", rejectCancellation)
	r.handle("return_refund.GetAftersaleEligibilityV202309", getEligibility)
	r.handle("return_refund.GetAftersaleEligibility", getEligibility)
	r.handle("return_refund.CalculateRefund", calculateRefund)
	r.handle("return_refund.GetRejectReasons", getRejectReasons)
	r.handle("return_refund.CreateReturn", createReturn)
	r.handle("return_refund.SearchReturns", searchReturns)
	r.handle("return_refund.ApproveReturn", approveReturnRequest)
	r.handle("return_refund.RejectReturn", rejectReturnRequest)
	r.handle("return_refund.GetReturnRecords", getReturnRecords)
	r.handle("return_refund.UploadShippingDocumentAndTrackingInfo", uploadReturnDocument)

	// The catalogue names no scope of these, or one that serves them only as well.
	r.scope("return_refund.CreateReturn", "seller.return_refund.basic")
	r.scope("return_refund.UploadShippingDocumentAndTrackingInfo", "seller.return_refund.basic")

	r.limit("page_size", limit{code: codeAuthParameter}, "return_refund.SearchCancellations", "return_refund.SearchReturns")
}
