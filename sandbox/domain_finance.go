package sandbox

// registerFinance binds the operations of finance.
func registerFinance(r *registry) {
	r.handle("finance.GetStatements", getStatements)
	r.handle("finance.GetTransactionsByStatementV202309", getStatementTransactions202309)
	r.handle("finance.GetTransactionsByStatement", getStatementTransactions202501)
	r.handle("finance.GetTransactionsByOrderV202309", getOrderTransactions202309)
	r.handle("finance.GetTransactionsByOrder", getOrderTransactions202501)
	r.handle("finance.GetUnsettledTransactions", getUnsettled)
	r.handle("finance.GetPayments", getPayments)
	r.handle("finance.GetWithdrawals", getWithdrawals)

	// They are like their newer versions, whose documents say that it is mandatory.
	r.needsCipher("finance.GetTransactionsByStatementV202309")
	r.needsCipher("finance.GetTransactionsByOrderV202309")
}
