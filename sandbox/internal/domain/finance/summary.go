package finance

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Amounts are the sums of a booking as people read them: what is taken from the
// seller is negative, and settlement = revenue + shipping + fees.
type Amounts struct{ Revenue, Shipping, Fees, Settlement string }

// StatementSummary is a statement with what is on it.
type StatementSummary struct {
	ID      string
	At      int64
	Status  string // of its payment
	Payment string // id; "" where there is none yet
	Amounts
	Transactions []TransactionSummary
}

// TransactionSummary is a line of a statement.
type TransactionSummary struct {
	ID, OrderID string
	At          int64
	Refund      bool // after the order was settled
	Amounts
}

// Ledger is the finance of a shop at a time.
type Ledger struct {
	Statements []StatementSummary // the newest first
	Open       []TransactionSummary
}

// LedgerOf works out the finance of a shop: the figures with which the operations
// answer. The caller holds the shop's lock.
func LedgerOf(s *world.Shop, now int64) Ledger {
	b := newBooks(s, now)
	var l Ledger
	for i := len(b.Statements) - 1; i >= 0; i-- {
		st := b.Statements[i]
		shown := StatementSummary{ID: st.id, At: st.at, Status: st.status(now), Amounts: b.amounts(&st.Total)}
		if st.Payment != nil {
			shown.Payment = st.Payment.id
		}
		shown.Transactions = b.transactions(st.bookings)
		l.Statements = append(l.Statements, shown)
	}
	l.Open = b.transactions(b.Open)
	return l
}

func (b *books) transactions(list []booking) []TransactionSummary {
	shown := make([]TransactionSummary, 0, len(list))
	for i := range list {
		entry := &list[i]
		shown = append(shown, TransactionSummary{entry.ID(), entry.order.ID, entry.At, entry.later, b.amounts(&entry.BookAmounts)})
	}
	return shown
}

func (b *books) amounts(a *BookAmounts) Amounts {
	return Amounts{b.region.Money(a.Net()), b.region.Money(-a.shippingCost()), b.region.Money(-a.fees()), b.region.Money(a.Settlement())}
}
