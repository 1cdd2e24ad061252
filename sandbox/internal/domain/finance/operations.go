package finance

import (
	"slices"
	"strconv"

	operations "github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

func covers(l *gate.TimedList, at int64) bool { return at >= l.From && (l.To == 0 || at < l.To) }

// fillResult makes an object with all amounts that the catalogue lists, those without
// a value being zero. Other fields without a value are left out.
func fillResult(r *market.Region, fields []operations.Field, values map[string]any) *gate.ShapeObject {
	o := new(gate.ShapeObject)
	for i := range fields {
		field := &fields[i]
		value, ok := values[field.Name]
		switch {
		case ok:
			if n, isAmount := value.(moneyAmount); isAmount {
				value = r.Money(int64(n))
			}
		case field.Type == operations.Object:
			value = fillResult(r, field.Fields, values)
		case field.Kind == operations.KindDecimal:
			value = r.Money(0)
		default:
			continue
		}
		o.Names, o.Values = append(o.Names, field.Name), append(o.Values, value)
	}
	return o
}

// bookedOrder is the type of a transaction about an order. The documents name
// it in the text and leave it out of the list of values, which holds the types
// of adjustments only.
const bookedOrder = "ORDER"

// moneyAmount is an amount for fill, in the smallest unit.
type moneyAmount int64

// itemsOf returns the fields of the entries of a list.
func itemsOf(fields []operations.Field, name string) []operations.Field {
	i := slices.IndexFunc(fields, func(f operations.Field) bool { return f.Name == name })
	return fields[i].Items.Fields
}

// values202309 are the amounts as the version of 202309 shows them: what takes away
// from the seller is negative. For the American and British shops
// settlement = net sales + shipping cost + fees, for the others
// settlement = revenue + fees, where revenue has the shipping fees in it and
// the fees have the carrier. Only the tax that went back is positive: by its
// description it is subtracted.
func (a *BookAmounts) values202309(r *market.Region) map[string]any {
	values := map[string]any{
		"gross_sales_amount":                       moneyAmount(a[bookGross]),
		"gross_sales_refund_amount":                moneyAmount(-a[bookGrossRefund]),
		"seller_discount_amount":                   moneyAmount(-a[bookSellerDiscount]),
		"seller_discount_refund_amount":            moneyAmount(a[bookSellerDiscountRefund]),
		"after_seller_discounts_subtotal_amount":   moneyAmount(a[bookGross] - a[bookSellerDiscount]),
		"platform_discount_amount":                 moneyAmount(a[bookPlatformDiscount]),
		"platform_discount_refund_amount":          moneyAmount(-a[bookPlatformDiscountRefund]),
		"customer_payment_amount":                  moneyAmount(a.Paid()),
		"customer_order_refund_amount":             moneyAmount(-a.Refunded()),
		"customer_refund_amount":                   moneyAmount(-a.Refunded()),
		"customer_shipping_fee_amount":             moneyAmount(a[bookShipping]),
		"customer_paid_shipping_fee_amount":        moneyAmount(a[bookShipping]),
		"customer_paid_shipping_fee_refund_amount": moneyAmount(-a[bookShippingRefund]),
		"shipping_fee_subsidy_amount":              moneyAmount(a[bookShippingSubsidy]),
		"actual_shipping_fee_amount":               moneyAmount(-a[bookCarrier]),
		"sales_tax_payment_amount":                 moneyAmount(a[bookTax]),
		"sales_tax_refund_amount":                  moneyAmount(a[bookTaxRefund]),
		"sales_tax_amount":                         moneyAmount(a[bookTax] - a[bookTaxRefund]),
		"retail_delivery_fee_payment_amount":       moneyAmount(a[bookRetail]),
		"retail_delivery_fee_refund_amount":        moneyAmount(-a[bookRetailRefund]),
		"retail_delivery_fee_amount":               moneyAmount(a[bookRetail] - a[bookRetailRefund]),
		"settlement_amount":                        moneyAmount(a.Settlement()),
		"currency":                                 r.Currency,
	}
	a.commissions(r, values)
	if r.Code != "US" && r.Code != "GB" {
		values["revenue_amount"] = moneyAmount(a.Net() + a[bookShipping] - a[bookShippingRefund] + a[bookShippingSubsidy])
		values["shipping_fee_amount"] = moneyAmount(-a[bookCarrier])
		values["fee_amount"] = moneyAmount(-a.fees() - a[bookCarrier])
		return values
	}
	// The documents give the revenue for other regions only; here it is the
	// net sales, as in the later version.
	values["revenue_amount"] = moneyAmount(a.Net())
	values["net_sales_amount"] = moneyAmount(a.Net())
	values["fbm_shipping_cost_amount"] = moneyAmount(-a[bookCarrier])
	values["shipping_cost_amount"] = moneyAmount(-a.shippingCost())
	values["fee_amount"] = moneyAmount(-a.fees())
	return values
}

// commissions adds what the platform and creators take, which has the same names
// and signs in all versions. Nobody withholds taxes from creators here, so that
// their commission is the same before them.
func (a *BookAmounts) commissions(r *market.Region, values map[string]any) {
	values[commissionField(r)] = moneyAmount(-a[bookFee])
	for _, name := range []string{
		"affiliate_commission_amount", "affiliate_commission_before_pit",
		"affiliate_commission_amount_before_pit", "affiliate_commission_before_pit_amount",
	} {
		values[name] = moneyAmount(-a[bookAffiliate])
	}
}

// commissionField is the name of the platform's commission: the American one is
// called a referral fee.
func commissionField(r *market.Region) string {
	if r.Code == "US" {
		return "referral_fee_amount"
	}
	return "platform_commission_amount"
}

// values202501 are the amounts as the versions since 202501 show them. Whatever is
// taken from the seller is negative, and settlement = revenue + shipping cost +
// fees and taxes: so it is in recorded answers, where the pages subtract.
func (a *BookAmounts) values202501(r *market.Region) map[string]any {
	values := map[string]any{
		"subtotal_before_discount_amount":        moneyAmount(a[bookGross]),
		"refund_subtotal_before_discount_amount": moneyAmount(-a[bookGrossRefund]),
		"seller_discount_amount":                 moneyAmount(-a[bookSellerDiscount]),
		"seller_discount_refund_amount":          moneyAmount(a[bookSellerDiscountRefund]),
		"revenue_amount":                         moneyAmount(a.Net()),
		"actual_shipping_fee_amount":             moneyAmount(-a[bookCarrier]),
		"customer_paid_shipping_fee_amount":      moneyAmount(a[bookShipping] - a[bookShippingRefund]),
		"shipping_fee_discount_amount":           moneyAmount(a[bookShippingSubsidy]),
		"shipping_cost_amount":                   moneyAmount(-a.shippingCost()),
		"fee_tax_amount":                         moneyAmount(-a.fees()),
		"fee_and_tax_amount":                     moneyAmount(-a.fees()),
		"settlement_amount":                      moneyAmount(a.Settlement()),
		"customer_payment_amount":                moneyAmount(a.Paid()),
		"customer_refund_amount":                 moneyAmount(-a.Refunded()),
		"platform_discount_amount":               moneyAmount(a[bookPlatformDiscount]),
		"platform_discount_refund_amount":        moneyAmount(-a[bookPlatformDiscountRefund]),
		"sales_tax_payment_amount":               moneyAmount(a[bookTax]),
		"sales_tax_refund_amount":                moneyAmount(-a[bookTaxRefund]),
		"sales_tax_amount":                       moneyAmount(a[bookTax] - a[bookTaxRefund]),
		"retail_delivery_fee_payment_amount":     moneyAmount(a[bookRetail]),
		"retail_delivery_fee_refund_amount":      moneyAmount(-a[bookRetailRefund]),
		"retail_delivery_fee_amount":             moneyAmount(a[bookRetail] - a[bookRetailRefund]),
		"currency":                               r.Currency,
	}
	a.commissions(r, values)
	return values
}

func getStatements(c *gate.Call) *gate.Failure {
	l, f := c.TimedList("statement_time", "statement_time")
	if f != nil {
		return f
	}
	status, _ := wire.Lookup(c.Query, "payment_status")
	books := newBooks(c.Shop, c.Now.Unix())
	page, next, _ := gate.TimedPage(l, books.Statements,
		func(st *statement) gate.Cursor { return gate.Cursor{At: st.at, ID: invent.Number(st.id)} },
		func(st *statement) bool {
			return covers(l, st.at) && (status == "" || st.status(c.Now.Unix()) == status)
		})
	list := []any{}
	items := itemsOf(c.Route.Spec().Result, "statements")
	for _, st := range page {
		values := st.Total.values202309(c.Shop.Market)
		values["id"], values["statement_time"], values["payment_status"] = st.id, st.at, st.status(c.Now.Unix())
		if st.Payment != nil {
			values["payment_id"], values["payment_time"] = st.Payment.id, st.Payment.at
		}
		list = append(list, fillResult(c.Shop.Market, items, values))
	}
	c.Out = fillResult(c.Shop.Market, c.Route.Spec().Result, map[string]any{"statements": list, "next_page_token": next}).Append(c.Out)
	return nil
}

// status is the state of the payment of a statement.
func (st *statement) status(now int64) string {
	if st.Payment == nil || now < st.Payment.paidAt() {
		return "PROCESSING"
	}
	return "PAID"
}

// unknownFinance answers for an id that the shop has not. The documents name no
// code for it.
func unknownFinance(name, id string) *gate.Failure {
	return gate.Fail(gate.CodeInvalidParameter, "'", name, "' ", strconv.Quote(id), " is unknown in this shop")
}

func getStatementTransactions202309(c *gate.Call) *gate.Failure {
	return statementTransactions(c, false)
}

func getStatementTransactions202501(c *gate.Call) *gate.Failure {
	return statementTransactions(c, true)
}

func statementTransactions(c *gate.Call, later bool) *gate.Failure {
	l, f := c.TimedList("order_create_time", "order_create_time")
	if f != nil {
		return f
	}
	r, now := c.Shop.Market, c.Now.Unix()
	st := newBooks(c.Shop, now).statement(c.Param(0))
	if st == nil {
		return unknownFinance("statement_id", c.Param(0))
	}
	page, next, total := gate.TimedPage(l, invent.Indexed(st.bookings),
		func(i int) gate.Cursor { return gate.Cursor{At: st.bookings[i].order.CreateTime, ID: int64(i)} },
		func(int) bool { return true })
	name, whole := "statement_transactions", st.Total.values202309(r)
	if later {
		name, whole = "transactions", map[string]any{
			"total_settlement_amount": moneyAmount(st.Total.Settlement()), "payable_amount": moneyAmount(st.Total.Settlement()),
			"total_revenue_amount": moneyAmount(st.Total.Net()), "total_shipping_cost_amount": moneyAmount(-st.Total.shippingCost()),
			"total_fee_tax_amount": moneyAmount(-st.Total.fees()),
			"id":                   st.id, "create_time": st.at, "status": "SETTLED", "currency": r.Currency,
		}
	}
	items := itemsOf(c.Route.Spec().Result, name)
	list := []any{}
	for _, i := range page {
		b := &st.bookings[i]
		values := b.values202309(r)
		if later {
			values = b.values202501(r)
		}
		values["id"], values["type"] = b.ID(), bookedOrder
		values["order_id"], values["order_create_time"] = b.order.ID, b.order.CreateTime
		list = append(list, fillResult(r, items, values))
	}
	whole[name], whole["next_page_token"], whole["total_count"] = list, next, int64(total)
	whole["statement_id"], whole["statement_time"] = st.id, st.at
	c.Out = fillResult(r, c.Route.Spec().Result, whole).Append(c.Out)
	return nil
}

// skuShare is the part of a booking that belongs to one SKU of the order.
type skuShare struct {
	line  *trade.LineItem // the first of the SKU
	count int
	BookAmounts
}

// Shares divides a booking among the SKUs of the order by their prices; the
// commission of creators belongs to what they sold. The shares add up to the
// booking.
func (b *booking) Shares(r *market.Region) []skuShare {
	var list []skuShare
	var weights []int64
	for i := range b.order.LineItems {
		line := &b.order.LineItems[i]
		at := slices.IndexFunc(list, func(s skuShare) bool { return s.line.SKUID == line.SKUID })
		if at < 0 {
			at = len(list)
			list, weights = append(list, skuShare{line: line}), append(weights, 0)
		}
		price, _ := r.ParseMoney(line.OriginalPrice)
		list[at].count++
		weights[at] += price
	}
	for i := range list {
		list[i].BookAmounts[bookAffiliate] = b.creators[list[i].line.SKUID]
	}
	last := len(list) - 1 // with a price: gifts earn nothing
	for last > 0 && weights[last] == 0 {
		last--
	}
	for part, amount := range b.BookAmounts {
		if part == bookAffiliate {
			continue
		}
		total, left := int64(0), amount
		for _, w := range weights {
			total += w
		}
		for i := range list {
			share := left
			if i != last && total > 0 {
				share = amount * weights[i] / total
			}
			list[i].BookAmounts[part] = share
			left -= share
		}
	}
	return list
}

// settled returns the bookings of an order that are on statements. An order of
// another shop is as unknown as one that does not exist.
func settled(c *gate.Call, id string) (*trade.Order, []booking, *gate.Failure) {
	o := trade.OrdersOf(c.Shop).ByID[id]
	if o == nil {
		return nil, nil, unknownFinance("order_id", id)
	}
	list := slices.DeleteFunc(newBooks(c.Shop, c.Now.Unix()).byOrder[id], func(b booking) bool {
		return !b.settledBy(c.Now.Unix())
	})
	return o, list, nil
}

func getOrderTransactions202309(c *gate.Call) *gate.Failure {
	o, bookings, f := settled(c, c.Param(0))
	if f != nil {
		return f
	}
	r := c.Shop.Market
	items := itemsOf(c.Route.Spec().Result, "statement_transactions")
	list := []any{}
	for i := range bookings {
		b := &bookings[i]
		values := b.values202309(r)
		values["id"], values["type"], values["status"] = b.ID(), bookedOrder, "SETTLED"
		values["statement_id"], values["statement_time"] = statementID(c, b), statementTime(b.At)
		skus := []any{}
		for _, share := range b.Shares(r) {
			values := share.values202309(r)
			values["sku_id"], values["sku_name"] = share.line.SKUID, share.line.SKUName
			values["product_name"], values["quantity"] = share.line.ProductName, int64(share.count)
			skus = append(skus, fillResult(r, itemsOf(items, "sku_statement_transactions"), values))
		}
		values["sku_statement_transactions"] = skus
		list = append(list, fillResult(r, items, values))
	}
	c.Out = fillResult(r, c.Route.Spec().Result, map[string]any{
		"order_id": o.ID, "order_create_time": o.CreateTime, "statement_transactions": list,
	}).Append(c.Out)
	return nil
}

func statementID(c *gate.Call, b *booking) string {
	return invent.FinanceID("statement", c.Shop.ID, strconv.FormatInt(statementTime(b.At), 10))
}

func getOrderTransactions202501(c *gate.Call) *gate.Failure {
	o, bookings, f := settled(c, c.Param(0))
	if f != nil {
		return f
	}
	r := c.Shop.Market
	items := itemsOf(c.Route.Spec().Result, "sku_transactions")
	var total BookAmounts
	list := []any{}
	for i := range bookings {
		total.Add(&bookings[i].BookAmounts)
		for _, share := range bookings[i].Shares(r) {
			values := share.values202501(r)
			values["statement_id"] = statementID(c, &bookings[i])
			values["sku_id"], values["sku_name"] = share.line.SKUID, share.line.SKUName
			values["product_name"], values["quantity"] = share.line.ProductName, strconv.Itoa(share.count)
			list = append(list, fillResult(r, items, values))
		}
	}
	values := total.values202501(r)
	values["order_id"], values["order_create_time"] = o.ID, o.CreateTime
	values["sku_transactions"], values["total_count"] = list, int64(len(list))
	c.Out = fillResult(r, c.Route.Spec().Result, values).Append(c.Out)
	return nil
}

// money with its currency, as payments show it.
type moneyView struct {
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

type paymentView struct {
	ID             string     `json:"id"`
	CreateTime     int64      `json:"create_time"`
	Status         string     `json:"status"`
	PaidTime       int64      `json:"paid_time,omitempty"`
	Amount         moneyView  `json:"amount"`
	Settlement     moneyView  `json:"settlement_amount"`
	Reserve        *moneyView `json:"reserve_amount,omitempty"` // until version 202309
	BeforeExchange moneyView  `json:"payment_amount_before_exchange"`
	ExchangeRate   string     `json:"exchange_rate"`
	BankAccount    string     `json:"bank_account"`
}

// getPayments lists the automatic payouts, which South-East Asia does not have:
// there the seller takes the money out.
func getPayments(c *gate.Call) *gate.Failure { return listPayments(c, true) }

// getPaymentsSorted is getPayments as of 202605: it asks for the order, and has no
// reserves.
func getPaymentsSorted(c *gate.Call) *gate.Failure {
	if field, _ := wire.Lookup(c.Query, "sort_field"); field == "" {
		return gate.Missing("sort_field")
	}
	return listPayments(c, false)
}

func listPayments(c *gate.Call, reserves bool) *gate.Failure {
	l, f := c.TimedList("create_time", "create_time")
	if f != nil {
		return f
	}
	r, now := c.Shop.Market, c.Now.Unix()
	payouts := newBooks(c.Shop, now).Payouts
	if r.SouthEastAsia {
		payouts = nil
	}
	page, next, _ := gate.TimedPage(l, payouts,
		func(p *payout) gate.Cursor { return gate.Cursor{At: p.at, ID: invent.Number(p.id)} },
		func(p *payout) bool { return covers(l, p.at) })
	answer := struct {
		Payments      []paymentView `json:"payments"`
		NextPageToken string        `json:"next_page_token"`
	}{[]paymentView{}, next}
	for _, p := range page {
		amount := moneyView{r.Money(p.Amount), r.Currency}
		view := paymentView{
			ID: p.id, CreateTime: p.at, Status: "PROCESSING", Amount: amount, Settlement: amount,
			BeforeExchange: amount,
			ExchangeRate:   "1.000000", BankAccount: "****0000",
		}
		if now >= p.paidAt() {
			view.Status, view.PaidTime = "PAID", p.paidAt()
		}
		if reserves {
			view.Reserve = &moneyView{r.Money(0), r.Currency}
		}
		answer.Payments = append(answer.Payments, view)
	}
	c.JSON(answer)
	return nil
}

type withdrawalView struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Status     string `json:"status"`
	Amount     string `json:"amount"`
	Currency   string `json:"currency"`
	CreateTime int64  `json:"create_time"`
}

// The movements of the seller's balance. TRANSFER and REVERSE exist too.
const (
	movementSettle   = "SETTLE"
	movementWithdraw = "WITHDRAW"
)

// getWithdrawals lists the movements of the balance: settlements go in, payouts
// go out.
func getWithdrawals(c *gate.Call) *gate.Failure {
	l, f := c.TimedList("", "create_time")
	if f != nil {
		return f
	}
	types := c.List("types")
	r, now := c.Shop.Market, c.Now.Unix()
	books := newBooks(c.Shop, now)
	var all []withdrawalView
	for _, st := range books.Statements {
		all = append(all, withdrawalView{invent.FinanceID(movementSettle, st.id), movementSettle, "SUCCESS", r.Money(st.Total.Settlement()), r.Currency, st.at})
		if p := st.Payment; p != nil && p.at == st.at {
			status := "PROCESSING"
			if now >= p.paidAt() {
				status = "SUCCESS"
			}
			all = append(all, withdrawalView{invent.FinanceID(movementWithdraw, p.id), movementWithdraw, status, r.Money(p.Amount), r.Currency, p.at})
		}
	}
	key := func(v withdrawalView) gate.Cursor { return gate.Cursor{At: v.CreateTime, ID: invent.Number(v.ID)} }
	slices.SortFunc(all, func(a, b withdrawalView) int { return key(a).Compare(key(b)) })
	page, next, total := gate.TimedPage(l, all, key, func(v withdrawalView) bool {
		return covers(l, v.CreateTime) && slices.Contains(types, v.Type)
	})
	c.JSON(struct {
		Withdrawals   []withdrawalView `json:"withdrawals"`
		NextPageToken string           `json:"next_page_token"`
		TotalCount    int              `json:"total_count"`
	}{page, next, total})
	return nil
}
