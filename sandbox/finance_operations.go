package sandbox

import (
	"slices"
	"strconv"

	operations "github.com/ttshop-go/ttshop/catalog"
)

func covers(l *financeList, at int64) bool { return at >= l.from && (l.to == 0 || at < l.to) }

// fillResult makes an object with all amounts that the catalogue lists, those without
// a value being zero. Other fields without a value are left out.
func fillResult(r *region, fields []operations.Field, values map[string]any) *shapeObject {
	o := new(shapeObject)
	for i := range fields {
		field := &fields[i]
		value, ok := values[field.Name]
		switch {
		case ok:
			if n, isAmount := value.(moneyAmount); isAmount {
				value = r.money(int64(n))
			}
		case field.Type == operations.Object:
			value = fillResult(r, field.Fields, values)
		case field.Kind == operations.KindDecimal:
			value = r.money(0)
		default:
			continue
		}
		o.names, o.values = append(o.names, field.Name), append(o.values, value)
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
// the fees have the carrier.
func (a *bookAmounts) values202309(r *region) map[string]any {
	values := map[string]any{
		"gross_sales_amount":                       moneyAmount(a[bookGross]),
		"gross_sales_refund_amount":                moneyAmount(-a[bookGrossRefund]),
		"seller_discount_amount":                   moneyAmount(-a[bookSellerDiscount]),
		"seller_discount_refund_amount":            moneyAmount(a[bookSellerDiscountRefund]),
		"after_seller_discounts_subtotal_amount":   moneyAmount(a[bookGross] - a[bookSellerDiscount]),
		"platform_discount_amount":                 moneyAmount(a[bookPlatformDiscount]),
		"platform_discount_refund_amount":          moneyAmount(-a[bookPlatformDiscountRefund]),
		"customer_payment_amount":                  moneyAmount(a.paid()),
		"customer_order_refund_amount":             moneyAmount(-a.refunded()),
		"customer_refund_amount":                   moneyAmount(-a.refunded()),
		"customer_shipping_fee_amount":             moneyAmount(a[bookShipping]),
		"customer_paid_shipping_fee_amount":        moneyAmount(a[bookShipping]),
		"customer_paid_shipping_fee_refund_amount": moneyAmount(-a[bookShippingRefund]),
		"shipping_fee_subsidy_amount":              moneyAmount(a[bookShippingSubsidy]),
		"actual_shipping_fee_amount":               moneyAmount(-a[bookCarrier]),
		"sales_tax_payment_amount":                 moneyAmount(a[bookTax]),
		"sales_tax_refund_amount":                  moneyAmount(-a[bookTaxRefund]),
		"sales_tax_amount":                         moneyAmount(a[bookTax] - a[bookTaxRefund]),
		"retail_delivery_fee_payment_amount":       moneyAmount(a[bookRetail]),
		"retail_delivery_fee_refund_amount":        moneyAmount(-a[bookRetailRefund]),
		"retail_delivery_fee_amount":               moneyAmount(a[bookRetail] - a[bookRetailRefund]),
		"settlement_amount":                        moneyAmount(a.settlement()),
		"currency":                                 r.currency,
	}
	values[commissionField(r)] = moneyAmount(-a[bookFee])
	if r.southEastAsia {
		values["revenue_amount"] = moneyAmount(a.net() + a[bookShipping] - a[bookShippingRefund] + a[bookShippingSubsidy])
		values["fee_amount"] = moneyAmount(-a[bookFee] - a[bookCarrier])
		return values
	}
	// The documents give the revenue for other regions only; here it is the
	// net sales, as in the later version.
	values["revenue_amount"] = moneyAmount(a.net())
	values["net_sales_amount"] = moneyAmount(a.net())
	values["fbm_shipping_cost_amount"] = moneyAmount(-a[bookCarrier])
	values["shipping_cost_amount"] = moneyAmount(-a.shippingCost())
	values["fee_amount"] = moneyAmount(-a[bookFee])
	return values
}

// commissionField is the name of the platform's commission: the American one is
// called a referral fee.
func commissionField(r *region) string {
	if r.code == "US" {
		return "referral_fee_amount"
	}
	return "platform_commission_amount"
}

// values202501 are the amounts as the versions since 202501 show them:
// settlement = revenue - shipping cost - fees and taxes, costs being positive.
func (a *bookAmounts) values202501(r *region) map[string]any {
	values := map[string]any{
		"subtotal_before_discount_amount":        moneyAmount(a[bookGross]),
		"refund_subtotal_before_discount_amount": moneyAmount(-a[bookGrossRefund]),
		"seller_discount_amount":                 moneyAmount(-a[bookSellerDiscount]),
		"seller_discount_refund_amount":          moneyAmount(a[bookSellerDiscountRefund]),
		"revenue_amount":                         moneyAmount(a.net()),
		"actual_shipping_fee_amount":             moneyAmount(a[bookCarrier]),
		"customer_paid_shipping_fee_amount":      moneyAmount(a[bookShippingRefund] - a[bookShipping]),
		"shipping_fee_discount_amount":           moneyAmount(-a[bookShippingSubsidy]),
		"shipping_cost_amount":                   moneyAmount(a.shippingCost()),
		"fee_tax_amount":                         moneyAmount(a[bookFee]),
		"fee_and_tax_amount":                     moneyAmount(a[bookFee]),
		"settlement_amount":                      moneyAmount(a.settlement()),
		"customer_payment_amount":                moneyAmount(a.paid()),
		"customer_refund_amount":                 moneyAmount(a.refunded()),
		"platform_discount_amount":               moneyAmount(a[bookPlatformDiscount]),
		"platform_discount_refund_amount":        moneyAmount(a[bookPlatformDiscountRefund]),
		"sales_tax_payment_amount":               moneyAmount(a[bookTax]),
		"sales_tax_refund_amount":                moneyAmount(a[bookTaxRefund]),
		"sales_tax_amount":                       moneyAmount(a[bookTax] - a[bookTaxRefund]),
		"retail_delivery_fee_payment_amount":     moneyAmount(a[bookRetail]),
		"retail_delivery_fee_refund_amount":      moneyAmount(a[bookRetailRefund]),
		"retail_delivery_fee_amount":             moneyAmount(a[bookRetail] - a[bookRetailRefund]),
		"currency":                               r.currency,
	}
	values[commissionField(r)] = moneyAmount(a[bookFee])
	return values
}

func readBooks(s *shop, now int64) *books {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return newBooks(s, now)
}

func getStatements(c *call) *failure {
	l, f := c.financeList("statement_time", "statement_time")
	if f != nil {
		return f
	}
	status, _ := lookup(c.query, "payment_status")
	books := readBooks(c.shop, c.now.Unix())
	page, next, _ := financePageOf(l, books.statements,
		func(st *statement) cursor { return cursor{st.at, number(st.id)} },
		func(st *statement) bool {
			return covers(l, st.at) && (status == "" || st.status(c.now.Unix()) == status)
		})
	list := []any{}
	items := itemsOf(c.route.spec().Result, "statements")
	for _, st := range page {
		values := st.total.values202309(c.shop.region)
		values["id"], values["statement_time"], values["payment_status"] = st.id, st.at, st.status(c.now.Unix())
		if st.payment != nil {
			values["payment_id"], values["payment_time"] = st.payment.id, st.payment.at
		}
		list = append(list, fillResult(c.shop.region, items, values))
	}
	c.out = fillResult(c.shop.region, c.route.spec().Result, map[string]any{"statements": list, "next_page_token": next}).append(c.out)
	return nil
}

// status is the state of the payment of a statement.
func (st *statement) status(now int64) string {
	if st.payment == nil || now < st.payment.paidAt() {
		return "PROCESSING"
	}
	return "PAID"
}

// unknownFinance answers for an id that the shop has not. The documents name no
// code for it.
func unknownFinance(name, id string) *failure {
	return fail(codeInvalidParameter, "'", name, "' ", strconv.Quote(id), " is unknown in this shop")
}

func getStatementTransactions202309(c *call) *failure { return statementTransactions(c, false) }

func getStatementTransactions202501(c *call) *failure { return statementTransactions(c, true) }

func statementTransactions(c *call, later bool) *failure {
	l, f := c.financeList("order_create_time", "order_create_time")
	if f != nil {
		return f
	}
	r, now := c.shop.region, c.now.Unix()
	st := readBooks(c.shop, now).statement(c.param(0))
	if st == nil {
		return unknownFinance("statement_id", c.param(0))
	}
	page, next, total := financePageOf(l, indexed(st.bookings),
		func(i int) cursor { return cursor{st.bookings[i].order.CreateTime, int64(i)} },
		func(int) bool { return true })
	name, whole := "statement_transactions", st.total.values202309(r)
	if later {
		name, whole = "transactions", map[string]any{
			"total_settlement_amount": moneyAmount(st.total.settlement()), "payable_amount": moneyAmount(st.total.settlement()),
			"total_revenue_amount": moneyAmount(st.total.net()), "total_shipping_cost_amount": moneyAmount(st.total.shippingCost()),
			"total_fee_tax_amount": moneyAmount(st.total[bookFee]),
			"id":                   st.id, "create_time": st.at, "status": "SETTLED", "currency": r.currency,
		}
	}
	items := itemsOf(c.route.spec().Result, name)
	list := []any{}
	for _, i := range page {
		b := &st.bookings[i]
		values := b.values202309(r)
		if later {
			values = b.values202501(r)
		}
		values["id"], values["type"] = b.id(), bookedOrder
		values["order_id"], values["order_create_time"] = b.order.ID, b.order.CreateTime
		list = append(list, fillResult(r, items, values))
	}
	whole[name], whole["next_page_token"], whole["total_count"] = list, next, int64(total)
	whole["statement_id"], whole["statement_time"] = st.id, st.at
	c.out = fillResult(r, c.route.spec().Result, whole).append(c.out)
	return nil
}

// skuShare is the part of a booking that belongs to one SKU of the order.
type skuShare struct {
	line  *lineItem // the first of the SKU
	count int
	bookAmounts
}

// shares divides a booking among the SKUs of the order by their prices. The
// shares add up to the booking.
func (b *booking) shares(r *region) []skuShare {
	var list []skuShare
	var weights []int64
	for i := range b.order.LineItems {
		line := &b.order.LineItems[i]
		at := slices.IndexFunc(list, func(s skuShare) bool { return s.line.SKUID == line.SKUID })
		if at < 0 {
			at = len(list)
			list, weights = append(list, skuShare{line: line}), append(weights, 0)
		}
		price, _ := r.parseMoney(line.OriginalPrice)
		list[at].count++
		weights[at] += price
	}
	for part, amount := range b.bookAmounts {
		total, left := int64(0), amount
		for _, w := range weights {
			total += w
		}
		for i := range list {
			share := left
			if i < len(list)-1 && total > 0 {
				share = amount * weights[i] / total
			}
			list[i].bookAmounts[part] = share
			left -= share
		}
	}
	return list
}

// settled returns the bookings of an order that are on statements. An order of
// another shop is as unknown as one that does not exist.
func settled(c *call, id string) (*order, []booking, *failure) {
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	o := ordersOf(c.shop).byID[id]
	if o == nil {
		return nil, nil, unknownFinance("order_id", id)
	}
	list := slices.DeleteFunc(newBooks(c.shop, c.now.Unix()).byOrder[id], func(b booking) bool {
		return statementTime(b.at) > c.now.Unix()
	})
	return o, list, nil
}

func getOrderTransactions202309(c *call) *failure {
	o, bookings, f := settled(c, c.param(0))
	if f != nil {
		return f
	}
	r := c.shop.region
	items := itemsOf(c.route.spec().Result, "statement_transactions")
	list := []any{}
	for i := range bookings {
		b := &bookings[i]
		values := b.values202309(r)
		values["id"], values["type"], values["status"] = b.id(), bookedOrder, "SETTLED"
		values["statement_id"], values["statement_time"] = statementID(c, b), statementTime(b.at)
		skus := []any{}
		for _, share := range b.shares(r) {
			values := share.values202309(r)
			values["sku_id"], values["sku_name"] = share.line.SKUID, share.line.SKUName
			values["product_name"], values["quantity"] = share.line.ProductName, int64(share.count)
			skus = append(skus, fillResult(r, itemsOf(items, "sku_statement_transactions"), values))
		}
		values["sku_statement_transactions"] = skus
		list = append(list, fillResult(r, items, values))
	}
	c.out = fillResult(r, c.route.spec().Result, map[string]any{
		"order_id": o.ID, "order_create_time": o.CreateTime, "statement_transactions": list,
	}).append(c.out)
	return nil
}

func statementID(c *call, b *booking) string {
	return financeID("statement", c.shop.ID, strconv.FormatInt(statementTime(b.at), 10))
}

func getOrderTransactions202501(c *call) *failure {
	o, bookings, f := settled(c, c.param(0))
	if f != nil {
		return f
	}
	r := c.shop.region
	items := itemsOf(c.route.spec().Result, "sku_transactions")
	var total bookAmounts
	list := []any{}
	for i := range bookings {
		total.add(&bookings[i].bookAmounts)
		for _, share := range bookings[i].shares(r) {
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
	c.out = fillResult(r, c.route.spec().Result, values).append(c.out)
	return nil
}

func getUnsettled(c *call) *failure {
	l, f := c.financeList("order_create_time", "search_time")
	if f != nil {
		return f
	}
	r := c.shop.region
	open := readBooks(c.shop, c.now.Unix()).open
	page, next, total := financePageOf(l, indexed(open),
		func(i int) cursor { return cursor{open[i].order.CreateTime, int64(i)} },
		func(i int) bool { return covers(l, open[i].order.CreateTime) })
	var sum bookAmounts
	for i := range open {
		if covers(l, open[i].order.CreateTime) {
			sum.add(&open[i].bookAmounts)
		}
	}
	items := itemsOf(c.route.spec().Result, "transactions")
	list := []any{}
	for _, i := range page {
		b := &open[i]
		values := b.values202501(r)
		for name, old := range map[string]string{
			"est_revenue_amount": "revenue_amount", "est_shipping_cost_amount": "shipping_cost_amount",
			"est_fee_tax_amount": "fee_tax_amount", "est_settlement_amount": "settlement_amount",
		} {
			values[name] = values[old]
		}
		values["id"], values["type"], values["status"] = b.id(), bookedOrder, "UNSETTLED"
		values["order_id"], values["order_create_time"], values["order_delivery_time"] = b.order.ID, b.order.CreateTime, b.order.DeliveryTime
		values["estimated_settlement"] = strconv.FormatInt(statementTime(b.at), 10)
		list = append(list, fillResult(r, items, values))
	}
	c.out = fillResult(r, c.route.spec().Result, map[string]any{
		"transactions": list, "next_page_token": next, "total_count": int64(total),
		"sum_est_revenue_amount": moneyAmount(sum.net()), "sum_est_fee_amount": moneyAmount(sum[bookFee]),
		"sum_est_settlement_amount": moneyAmount(sum.settlement()),
	}).append(c.out)
	return nil
}

// money with its currency, as payments show it.
type moneyView struct {
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

type paymentView struct {
	ID             string    `json:"id"`
	CreateTime     int64     `json:"create_time"`
	Status         string    `json:"status"`
	PaidTime       int64     `json:"paid_time,omitempty"`
	Amount         moneyView `json:"amount"`
	Settlement     moneyView `json:"settlement_amount"`
	Reserve        moneyView `json:"reserve_amount"`
	BeforeExchange moneyView `json:"payment_amount_before_exchange"`
	ExchangeRate   string    `json:"exchange_rate"`
	BankAccount    string    `json:"bank_account"`
}

// getPayments lists the automatic payouts, which South-East Asia does not have:
// there the seller takes the money out.
func getPayments(c *call) *failure {
	l, f := c.financeList("create_time", "create_time")
	if f != nil {
		return f
	}
	r, now := c.shop.region, c.now.Unix()
	payouts := readBooks(c.shop, now).payouts
	if r.southEastAsia {
		payouts = nil
	}
	page, next, _ := financePageOf(l, payouts,
		func(p *payout) cursor { return cursor{p.at, number(p.id)} },
		func(p *payout) bool { return covers(l, p.at) })
	answer := struct {
		Payments      []paymentView `json:"payments"`
		NextPageToken string        `json:"next_page_token"`
	}{[]paymentView{}, next}
	for _, p := range page {
		amount := moneyView{r.money(p.amount), r.currency}
		view := paymentView{
			ID: p.id, CreateTime: p.at, Status: "PROCESSING", Amount: amount, Settlement: amount,
			Reserve: moneyView{r.money(0), r.currency}, BeforeExchange: amount,
			ExchangeRate: "1.000000", BankAccount: "****0000",
		}
		if now >= p.paidAt() {
			view.Status, view.PaidTime = "PAID", p.paidAt()
		}
		answer.Payments = append(answer.Payments, view)
	}
	c.json(answer)
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
func getWithdrawals(c *call) *failure {
	l, f := c.financeList("", "create_time")
	if f != nil {
		return f
	}
	types := c.list("types")
	r, now := c.shop.region, c.now.Unix()
	books := readBooks(c.shop, now)
	var all []withdrawalView
	for _, st := range books.statements {
		all = append(all, withdrawalView{financeID(movementSettle, st.id), movementSettle, "SUCCESS", r.money(st.total.settlement()), r.currency, st.at})
		if p := st.payment; p != nil && p.at == st.at {
			status := "PROCESSING"
			if now >= p.paidAt() {
				status = "SUCCESS"
			}
			all = append(all, withdrawalView{financeID(movementWithdraw, p.id), movementWithdraw, status, r.money(p.amount), r.currency, p.at})
		}
	}
	key := func(v withdrawalView) cursor { return cursor{v.CreateTime, number(v.ID)} }
	slices.SortFunc(all, func(a, b withdrawalView) int { return key(a).compare(key(b)) })
	page, next, total := financePageOf(l, all, key, func(v withdrawalView) bool {
		return covers(l, v.CreateTime) && slices.Contains(types, v.Type)
	})
	c.json(struct {
		Withdrawals   []withdrawalView `json:"withdrawals"`
		NextPageToken string           `json:"next_page_token"`
		TotalCount    int              `json:"total_count"`
	}{page, next, total})
	return nil
}
