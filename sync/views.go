package sync

import (
	"fmt"
	"regexp"
	"strings"
)

// A View is a question about the tables that is asked often.
type View struct {
	Name    string
	Comment string
	query   string // with {function argument, argument} where dialects differ
}

// A Dialect is how a database writes what SQL has no common word for, as formats of
// their arguments.
type Dialect struct {
	DaysAgo string // whole days from the day of a time to today
	Hours   string // from one time to another, with two decimals
	Before  string // as long before the first time as the second is after it
}

var dialectCall = regexp.MustCompile(`\{(days_ago|hours|before) ([^}]*)\}`)

// SQL returns the view's query in a dialect.
func (v View) SQL(d Dialect) string {
	formats := map[string]string{"days_ago": d.DaysAgo, "hours": d.Hours, "before": d.Before}
	return dialectCall.ReplaceAllStringFunc(v.query, func(call string) string {
		parts := dialectCall.FindStringSubmatch(call)
		var args []any
		for arg := range strings.SplitSeq(parts[2], ", ") {
			args = append(args, arg)
		}
		return fmt.Sprintf(formats[parts[1]], args...)
	})
}

// views are made with the tables, in this order: later ones use earlier ones.
var views = []View{
	{
		Name: "sales", Comment: "a piece that was paid for, with what was refunded of it",
		query: `select l.shop_id, l.order_id, l.id as order_line_item_id, o.paid_time, date(o.paid_time) as day, {days_ago o.paid_time} as days_ago,
  o.user_id, l.product_id, l.product_name, l.sku_id, l.sku_name, l.seller_sku, l.currency,
  cast(l.sale_price as numeric) as amount,
  case when l.display_status = 'CANCELLED' then cast(l.sale_price as numeric) else coalesce(r.refunded, 0) end as refunded,
  cast(l.sale_price as numeric) - case when l.display_status = 'CANCELLED' then cast(l.sale_price as numeric) else coalesce(r.refunded, 0) end as net
from order_line_items l
join orders o on o.shop_id = l.shop_id and o.id = l.order_id
left join (
  select i.shop_id, i.order_line_item_id, sum(cast(i.refund_amount_refund_subtotal as numeric)) as refunded
  from return_line_items i
  join returns r on r.shop_id = i.shop_id and r.return_id = i.return_id
  where r.return_status in ('RETURN_OR_REFUND_REQUEST_SUCCESS', 'RETURN_OR_REFUND_REQUEST_COMPLETE', 'REPLACEMENT_REQUEST_REFUND_SUCCESS') and r._deleted_at is null
  group by i.shop_id, i.order_line_item_id
) r on r.shop_id = l.shop_id and r.order_line_item_id = l.id
where o.paid_time is not null and not coalesce(o.is_sample_order, false) and o._deleted_at is null`,
	},
	{
		Name: "to_ship", Comment: "an order that waits to be shipped, and until when",
		query: `select o.shop_id, o.id as order_id, o.status, o.rts_sla_time as ship_by, -{days_ago o.rts_sla_time} as days_left, o.warehouse_id, o.shipping_type, o.buyer_message,
  (select count(*) from order_line_items l where l.shop_id = o.shop_id and l.order_id = o.id and l.display_status = 'AWAITING_SHIPMENT') as pieces
from orders o
where o.status in ('AWAITING_SHIPMENT', 'PARTIALLY_SHIPPING') and not coalesce(o.is_buyer_request_cancel, false) and o._deleted_at is null`,
	},
	{
		Name: "stock_cover", Comment: "for how many days the stock of a SKU lasts, as it sold in the last 30",
		query: `select i.shop_id, i.sku_id, i.seller_sku, i.available, i.committed, coalesce(s.sold, 0) as sold_30_days,
  case when s.sold > 0 then round(cast(30.0 * i.available / s.sold as numeric), 1) end as days
from (
  select shop_id, sku_id, min(seller_sku) as seller_sku, sum(available_quantity) as available, sum(committed_quantity) as committed
  from inventory where _deleted_at is null group by shop_id, sku_id
) i
left join (
  select shop_id, sku_id, count(*) as sold from sales where days_ago < 30 group by shop_id, sku_id
) s on s.shop_id = i.shop_id and s.sku_id = i.sku_id`,
	},
	{
		Name: "statement_sums", Comment: "a statement beside the sum of what it is made of",
		query: `select s.shop_id, s.id as statement_id, s.statement_time, s.payment_status, s.payment_id, s.currency, cast(s.settlement_amount as numeric) as settlement_amount,
  count(t.transaction_id) as transactions, count(distinct t.order_id) as orders,
  round(sum(cast(t.revenue_amount as numeric)), 2) as revenue, round(sum(cast(t.shipping_cost_amount as numeric)), 2) as shipping_cost, round(sum(cast(t.fee_tax_amount as numeric)), 2) as fees_and_taxes,
  round(cast(s.settlement_amount as numeric) - sum(cast(t.settlement_amount as numeric)), 2) as unexplained
from statements s
left join statement_transactions t on t.shop_id = s.shop_id and t.statement_id = s.id and t._deleted_at is null
where s._deleted_at is null
group by s.shop_id, s.id, s.statement_time, s.payment_status, s.payment_id, s.currency, s.settlement_amount`,
	},
	{
		Name: "shipping_times", Comment: "how long an order took, from the payment on",
		query: `select o.shop_id, o.id as order_id, o.paid_time, o.shipping_type, o.shipping_provider, o.warehouse_id,
  {hours o.paid_time, o.rts_time} as hours_to_ship, {hours o.rts_time, o.collection_time} as hours_to_collection, {hours o.collection_time, o.delivery_time} as hours_on_the_way,
  case when o.rts_time > o.rts_sla_time then 1 else 0 end as late
from orders o
where o.paid_time is not null and o.rts_time is not null and not coalesce(o.is_cod, false) and o._deleted_at is null`,
	},
	{
		Name: "performance_by_day", Comment: "what the platform says a day came to, in the shop's zone, beside what was paid for on it",
		query: `select p.shop_id, p.day, p.sales_gmv_currency as currency, cast(p.sales_gmv_amount as numeric) as gmv, cast(p.sales_refunds_amount as numeric) as refunds,
  p.sales_orders_count as orders, p.sales_items_sold as items, p.traffic_avg_visitors as visitors, coalesce(s.pieces, 0) as pieces, s.sold, s.net
from shop_performance p
left join (
  select shop_id, cast(day as text) as day, count(*) as pieces, round(sum(amount), 2) as sold, round(sum(net), 2) as net from sales group by sales.shop_id, sales.day
) s on s.shop_id = p.shop_id and s.day = p.day
where p._deleted_at is null`,
	},
	{
		Name: "promotion_effect", Comment: "pieces of a product in the time of a promotion, and as long before it",
		query: `select a.shop_id, a.id as activity_id, a.title, a.activity_type, a.status, a.begin_time, a.end_time, p.id as product_id,
  count(case when s.paid_time >= a.begin_time and s.paid_time < a.end_time then 1 end) as pieces,
  count(case when s.paid_time >= {before a.begin_time, a.end_time} and s.paid_time < a.begin_time then 1 end) as pieces_before,
  round(coalesce(sum(case when s.paid_time >= a.begin_time and s.paid_time < a.end_time then s.net end), 0), 2) as net,
  round(coalesce(sum(case when s.paid_time >= {before a.begin_time, a.end_time} and s.paid_time < a.begin_time then s.net end), 0), 2) as net_before
from activities a
join activity_products p on p.shop_id = a.shop_id and p.activity_id = a.id and p._deleted_at is null
left join sales s on s.shop_id = p.shop_id and s.product_id = p.id
where a._deleted_at is null
group by a.shop_id, a.id, a.title, a.activity_type, a.status, a.begin_time, a.end_time, p.id`,
	},
}
