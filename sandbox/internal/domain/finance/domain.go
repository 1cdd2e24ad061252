// Package finance keeps the books of a shop: statements, payments and withdrawals
// that follow from its orders. It has no state of its own.
package finance

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Register binds the operations of finance.
func Register(r *gate.Registry) {
	r.Read("finance.GetStatements", getStatements)
	r.Read("finance.GetTransactionsByStatementV202309", getStatementTransactions202309)
	r.Read("finance.GetTransactionsByStatement", getStatementTransactions202501)
	r.Read("finance.GetTransactionsByOrderV202309", getOrderTransactions202309)
	r.Read("finance.GetTransactionsByOrder", getOrderTransactions202501)
	r.Read("finance.GetUnsettledTransactions", getUnsettled)
	r.Read("finance.GetPayments", getPayments)
	r.Read("finance.GetPaymentsV202605", getPaymentsSorted)
	r.Read("finance.GetWithdrawals", getWithdrawals)
}
