package sandbox

import (
	"cmp"
	"container/heap"
	"math"
	"time"
)

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

// deadline is something that happens at a time unless the state of its subject
// has moved on by then.
type deadline struct {
	At   int64  `json:"at"` // Unix seconds
	Turn uint64 `json:"turn"`
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// deadlines is a queue of deadlines, the next one first. Deadlines of the same
// second keep their order.
type deadlines struct {
	Turns uint64     `json:"turns"`
	Queue []deadline `json:"queue"` // a heap
}

func (d *deadlines) Len() int      { return len(d.Queue) }
func (d *deadlines) Swap(i, j int) { d.Queue[i], d.Queue[j] = d.Queue[j], d.Queue[i] }
func (d *deadlines) Push(x any)    { d.Queue = append(d.Queue, x.(deadline)) }
func (d *deadlines) Less(i, j int) bool {
	a, b := d.Queue[i], d.Queue[j]
	return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Turn, b.Turn)) < 0
}

func (d *deadlines) Pop() any {
	last := d.Queue[len(d.Queue)-1]
	d.Queue = d.Queue[:len(d.Queue)-1]
	return last
}

// schedule makes something happen at a time.
func (s *shop) schedule(at int64, kind, id string) {
	d := &s.trade.Deadlines
	d.Turns++
	heap.Push(d, deadline{at, d.Turns, kind, id})
	s.setDue()
}

// setDue notes when the next deadline is.
func (s *shop) setDue() {
	next := int64(math.MaxInt64)
	if queue := s.trade.Deadlines.Queue; len(queue) > 0 {
		next = queue[0].At
	}
	s.due.Store(next)
	if next != math.MaxInt64 {
		s.hooks.reviewEnds(time.Unix(next, 0)) // webhooks do not wait until somebody looks
	}
}

// settle makes everything happen whose time has come by now, in the order of
// the deadlines and each at its own time. It is called before every operation,
// so that nobody sees a deadline missed.
func (w *world) settle(now time.Time) {
	for _, s := range w.shops {
		if s.due.Load() <= now.Unix() {
			s.settle(now.Unix())
		}
	}
}

func (s *shop) settle(now int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.setDue()
	d := &s.trade.Deadlines
	for len(d.Queue) > 0 && d.Queue[0].At <= now {
		s.fall(heap.Pop(d).(deadline))
	}
}

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
