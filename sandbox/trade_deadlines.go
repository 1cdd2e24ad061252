package sandbox

// What happens by itself when its time has come.
const (
	deadlinePayment      = "payment"      // an order is not paid
	deadlineHold         = "hold"         // the hour after the payment is over
	deadlineShipment     = "shipment"     // an order is not shipped
	deadlineCollection   = "collection"   // the carrier has not seen an order
	deadlineCompletion   = "completion"   // the after-sale period is over
	deadlineCancellation = "cancellation" // next step of a cancellation
	deadlineReturn       = "return"       // next step of a return
)

// The periods. The hour of the hold and the seller's times to answer are
// documented, a day for replacements, two for the rest; that a US cancellation
// is answered within one day is second-hand and not followed. The others depend
// on market and seller and are choices of ours.
const (
	paymentPeriod       = 24 * 3600
	holdPeriod          = 3600
	shipmentPeriod      = 96 * 3600
	afterSalePeriod     = 15 * 24 * 3600
	answerPeriod        = 48 * 3600
	replacementPeriod   = 24 * 3600
	offerPeriod         = 48 * 3600      // for the buyer to take a partial refund
	disputePeriod       = 48 * 3600      // for the buyer to dispute a refusal
	buyerShippingPeriod = 10 * 24 * 3600 // for the buyer to send goods back
	refundPeriod        = 10 * 60        // from the decision to the money
)

// registerDeadlines says what comes of the deadlines of orders and of what
// buyers ask for. A deadline whose subject has moved on does nothing.
func registerDeadlines(r *registry) {
	r.deadline(deadlineCancellation, func(s *shop, d deadline) {
		if c := tradeOf(s).Cancellations[d.ID]; c != nil && c.Next == d.At {
			advanceCancellation(s, c, d.At)
		}
	})
	r.deadline(deadlineReturn, func(s *shop, d deadline) {
		if r := tradeOf(s).Returns[d.ID]; r != nil && r.Next == d.At {
			advanceReturn(s, r, d.At)
		}
	})
	orders := func(kind, status string, come func(s *shop, o *order, at int64)) {
		r.deadline(kind, func(s *shop, d deadline) {
			if o := ordersOf(s).byID[d.ID]; o != nil && o.Status == status {
				come(s, o, d.At)
			}
		})
	}
	orders(deadlinePayment, orderUnpaid, func(s *shop, o *order, at int64) {
		cancelUnpaid(s, o, roleSystem, s.region.reason("system_cancel_unpaid_time_out"), at)
	})
	orders(deadlineHold, orderOnHold, release)
	orders(deadlineShipment, orderAwaitingShipment, func(s *shop, o *order, at int64) {
		cancelBySystem(s, o, s.region.reason("system_cancel_order_reason_shipping_timeout"), at)
	})
	orders(deadlineCollection, orderAwaitingCollection, func(s *shop, o *order, at int64) {
		if at == o.CollectionDueTime {
			cancelBySystem(s, o, s.region.reason("system_cancel_order_untracked"), at)
		}
	})
	orders(deadlineCompletion, orderDelivered, func(s *shop, o *order, at int64) {
		if !afterSaleOpen(s, o) { // else the order waits for its end
			complete(s, o, at)
		}
	})
}
