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
	deadlineChat         = "chat"         // a conversation has fallen silent
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

// fall makes the thing happen that a deadline is for. A deadline whose subject
// has moved on does nothing.
func (s *shop) fall(d deadline) {
	switch d.Kind {
	case deadlineCancellation:
		if c := s.trade.Cancellations[d.ID]; c != nil && c.Next == d.At {
			s.advanceCancellation(c, d.At)
		}
		return
	case deadlineReturn:
		if r := s.trade.Returns[d.ID]; r != nil && r.Next == d.At {
			s.advanceReturn(r, d.At)
		}
		return
	case deadlineChat:
		if c := s.desk.conversation(d.ID); c != nil && c.Ends == d.At {
			s.endConversation(c, d.At)
		}
		return
	}
	o := s.orders.byID[d.ID]
	switch {
	case o == nil:
	case d.Kind == deadlinePayment && o.Status == orderUnpaid:
		s.cancelUnpaid(o, roleSystem, s.region.reason("system_cancel_unpaid_time_out"), d.At)
	case d.Kind == deadlineHold && o.Status == orderOnHold:
		s.release(o, d.At)
	case d.Kind == deadlineShipment && o.Status == orderAwaitingShipment:
		s.cancelBySystem(o, s.region.reason("system_cancel_order_reason_shipping_timeout"), d.At)
	case d.Kind == deadlineCollection && o.Status == orderAwaitingCollection && d.At == o.CollectionDueTime:
		s.cancelBySystem(o, s.region.reason("system_cancel_order_untracked"), d.At)
	case d.Kind == deadlineCompletion && o.Status == orderDelivered:
		if !s.afterSaleOpen(o) { // else the order waits for its end
			s.complete(o, d.At)
		}
	}
}
