// Package finance keeps the books of a shop: statements, payments and withdrawals
// that follow from its orders. It has no state of its own.
package finance

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Register binds the operations of finance.
func Register(r *gate.Registry) {
	r.Handle("finance.GetStatements", getStatements)
	r.Handle("finance.GetTransactionsByStatementV202309", getStatementTransactions202309)
	r.Handle("finance.GetTransactionsByStatement", getStatementTransactions202501)
	r.Handle("finance.GetTransactionsByOrderV202309", getOrderTransactions202309)
	r.Handle("finance.GetTransactionsByOrder", getOrderTransactions202501)
	r.Handle("finance.GetUnsettledTransactions", getUnsettled)
	r.Handle("finance.GetPayments", getPayments)
	r.Handle("finance.GetWithdrawals", getWithdrawals)
}
