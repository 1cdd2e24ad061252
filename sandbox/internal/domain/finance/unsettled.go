package finance

import (
	"fmt"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

// What a transaction waits for that is not settled.
const (
	waitingForDelivery   = "WAITING_FOR_PACKAGE_DELIVERY"
	waitingForSettlement = "DELIVERED_AWAITING_SETTLEMENT"
)

// estimate is what is expected of a booking that is not settled. What shipping
// costs is known with the delivery, so that it is nothing before; a recorded
// answer and the page agree about that.
func (b *booking) estimate() BookAmounts {
	a := b.BookAmounts
	if b.At == 0 {
		a[bookShipping], a[bookShippingRefund], a[bookShippingSubsidy], a[bookCarrier] = 0, 0, 0, 0
	}
	return a
}

// valuesUnsettled are the estimated amounts of a booking, why they are not
// settled and when they will be: words before the delivery, a time after it.
func (b *booking) valuesUnsettled(r *market.Region) map[string]any {
	a := b.estimate()
	values := a.values202501(r)
	for name, settled := range map[string]string{
		"est_revenue_amount": "revenue_amount", "est_shipping_cost_amount": "shipping_cost_amount",
		"est_fee_tax_amount": "fee_tax_amount", "est_settlement_amount": "settlement_amount",
	} {
		values[name] = values[settled]
	}
	values["id"], values["type"], values["status"] = b.ID(), bookedOrder, "UNSETTLED"
	values["order_id"], values["order_create_time"] = b.order.ID, b.order.CreateTime
	if b.At == 0 {
		values["unsettled_reason"] = waitingForDelivery
		values["estimated_settlement"] = fmt.Sprintf("Delivered + %d days", settlementDays)
		return values
	}
	values["order_delivery_time"] = b.order.DeliveryTime
	values["unsettled_reason"] = waitingForSettlement
	values["estimated_settlement"] = strconv.FormatInt(statementTime(b.At), 10)
	return values
}

func getUnsettled(c *gate.Call) *gate.Failure {
	l, f := c.TimedList("order_create_time", "search_time")
	if f != nil {
		return f
	}
	r := c.Shop.Market
	open := newBooks(c.Shop, c.Now.Unix()).Open
	page, next, total := gate.TimedPage(l, invent.Indexed(open),
		func(i int) gate.Cursor { return gate.Cursor{At: open[i].order.CreateTime, ID: int64(i)} },
		func(i int) bool { return covers(l, open[i].order.CreateTime) })
	var sum BookAmounts
	for i := range open {
		if covers(l, open[i].order.CreateTime) {
			a := open[i].estimate()
			sum.Add(&a)
		}
	}
	items := itemsOf(c.Route.Spec().Result, "transactions")
	list := []any{}
	for _, i := range page {
		list = append(list, fillResult(r, items, open[i].valuesUnsettled(r)))
	}
	c.Out = fillResult(r, c.Route.Spec().Result, map[string]any{
		"transactions": list, "next_page_token": next, "total_count": int64(total),
		"sum_est_revenue_amount": moneyAmount(sum.Net()), "sum_est_fee_amount": moneyAmount(-sum.fees()),
		"sum_est_settlement_amount": moneyAmount(sum.Settlement()),
	}).Append(c.Out)
	return nil
}
