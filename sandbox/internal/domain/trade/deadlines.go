package trade

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// What happens by itself when its time has come.
const (
	DeadlinePayment      = "payment"      // an order is not paid
	DeadlineHold         = "hold"         // the hour after the payment is over
	DeadlineShipment     = "shipment"     // an order is not shipped
	DeadlineCollection   = "collection"   // the carrier has not seen an order
	DeadlineCompletion   = "completion"   // the after-sale period is over
	DeadlineCancellation = "cancellation" // next step of a cancellation
	DeadlineReturn       = "return"       // next step of a return
	deadlineInvoice      = "invoice"      // the invoices of a package are checked
)

// The periods. The hour of the hold and the seller's times to answer are
// documented, a day for replacements, two for the rest; that a US cancellation
// is answered within one day is second-hand and not followed. The others depend
// on market and seller and are choices of ours.
const (
	PaymentPeriod       = 24 * 3600
	HoldPeriod          = 3600
	ShipmentPeriod      = 96 * 3600
	AfterSalePeriod     = 15 * 24 * 3600
	answerPeriod        = 48 * 3600
	replacementPeriod   = 24 * 3600
	offerPeriod         = 48 * 3600      // for the buyer to take a partial refund
	disputePeriod       = 48 * 3600      // for the buyer to dispute a refusal
	buyerShippingPeriod = 10 * 24 * 3600 // for the buyer to send goods back
	RefundPeriod        = 10 * 60        // from the decision to the money
)

// registerDeadlines says what comes of the deadlines of orders and of what
// buyers ask for. A deadline whose subject has moved on does nothing.
func registerDeadlines(r *gate.Registry) {
	r.Deadline(DeadlineCancellation, func(s *world.Shop, d world.Deadline) {
		if c := Of(s).Cancellations[d.ID]; c != nil && c.Next == d.At {
			AdvanceCancellation(s, c, d.At)
		}
	})
	r.Deadline(DeadlineReturn, func(s *world.Shop, d world.Deadline) {
		if r := Of(s).Returns[d.ID]; r != nil && r.Next == d.At {
			AdvanceReturn(s, r, d.At)
		}
	})
	r.Deadline(deadlineInvoice, func(s *world.Shop, d world.Deadline) {
		if p := Of(s).Packages[d.ID]; p != nil {
			checkInvoices(s, p, d.At)
		}
	})
	orders := func(kind, status string, come func(s *world.Shop, o *Order, at int64)) {
		r.Deadline(kind, func(s *world.Shop, d world.Deadline) {
			if o := OrdersOf(s).ByID[d.ID]; o != nil && o.Status == status {
				come(s, o, d.At)
			}
		})
	}
	orders(DeadlinePayment, OrderUnpaid, func(s *world.Shop, o *Order, at int64) {
		CancelUnpaid(s, o, RoleSystem, s.Market.Reason("system_cancel_unpaid_time_out"), at)
	})
	orders(DeadlineHold, OrderOnHold, release)
	orders(DeadlineShipment, OrderAwaitingShipment, func(s *world.Shop, o *Order, at int64) {
		cancelBySystem(s, o, s.Market.Reason("system_cancel_order_reason_shipping_timeout"), at)
	})
	orders(DeadlineCollection, OrderAwaitingCollection, func(s *world.Shop, o *Order, at int64) {
		if at == o.CollectionDueTime {
			cancelBySystem(s, o, s.Market.Reason("system_cancel_order_untracked"), at)
		}
	})
	orders(DeadlineCompletion, OrderDelivered, func(s *world.Shop, o *Order, at int64) {
		if !AfterSaleOpen(s, o) { // else the order waits for its end
			complete(s, o, at)
		}
	})
}
