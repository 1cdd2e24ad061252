package cli

import (
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
)

// views are the tables of the common reads, by the name of the operation
// without a version. Each keeps to 80 columns with the values that are usual.
func views() map[string]view {
	order := []column{
		{title: "ID", paths: []string{"id"}},
		{title: "STATUS", paths: []string{"status"}},
		{title: "CREATED (UTC)", paths: []string{"create_time"}, kind: cellMoment},
		{title: "ITEMS", paths: []string{"line_items"}, kind: cellCount},
		{title: "TOTAL", paths: []string{"payment.total_amount", "payment.currency"}, kind: cellAmount},
	}
	product := []column{
		{title: "ID", paths: []string{"id"}},
		{title: "STATUS", paths: []string{"status"}},
		{title: "SKUS", paths: []string{"skus"}, kind: cellCount},
		{title: "PRICE", paths: []string{"skus[0].price.sale_price", "skus[0].price.currency"}, kind: cellAmount},
		{title: "TITLE", paths: []string{"title"}, gives: true},
	}
	return map[string]view{
		"order.GetOrderList":   {"orders", order},
		"order.GetOrderDetail": {"orders", order},

		"product.SearchProducts": {"products", product},

		"fulfillment.SearchPackage": {"packages", []column{
			{title: "ID", paths: []string{"id"}},
			{title: "STATUS", paths: []string{"status"}},
			{title: "CREATED (UTC)", paths: []string{"create_time"}, kind: cellMoment},
			{title: "ORDERS", paths: []string{"orders[].id"}, gives: true},
			{title: "TRACKING", paths: []string{"tracking_number"}},
		}},
		"fulfillment.GetPackageDetail": {"packages", []column{
			{title: "ID", paths: []string{"package_id"}},
			{title: "STATUS", paths: []string{"package_status"}},
			{title: "CREATED (UTC)", paths: []string{"create_time"}, kind: cellMoment},
			{title: "ORDERS", paths: []string{"orders[].id"}, gives: true},
			{title: "TRACKING", paths: []string{"tracking_number"}},
		}},

		"return_refund.SearchReturns": {"returns", []column{
			{title: "ID", paths: []string{"return_id"}},
			{title: "STATUS", paths: []string{"return_status"}, gives: true},
			{title: "TYPE", paths: []string{"return_type"}, gives: true},
			{title: "ORDER", paths: []string{"order_id"}},
			{title: "REFUND", paths: []string{"refund_amount.refund_total", "refund_amount.currency"}, kind: cellAmount},
		}},
		"return_refund.SearchCancellations": {"cancellations", []column{
			{title: "ID", paths: []string{"cancel_id"}},
			{title: "STATUS", paths: []string{"cancel_status"}, gives: true},
			{title: "TYPE", paths: []string{"cancel_type"}, gives: true},
			{title: "ORDER", paths: []string{"order_id"}},
			{title: "REFUND", paths: []string{"refund_amount.refund_total", "refund_amount.currency"}, kind: cellAmount},
		}},

		"finance.GetStatements": {"statements", []column{
			{title: "ID", paths: []string{"id"}},
			{title: "DATE (UTC)", paths: []string{"statement_time"}, kind: cellMoment},
			{title: "PAYMENT", paths: []string{"payment_status"}},
			{title: "FEES", paths: []string{"fee_amount"}, kind: cellAmount},
			{title: "SETTLED", paths: []string{"settlement_amount", "currency"}, kind: cellAmount},
		}},
		"finance.GetPayments": {"payments", []column{
			{title: "ID", paths: []string{"id"}},
			{title: "CREATED (UTC)", paths: []string{"create_time"}, kind: cellMoment},
			{title: "STATUS", paths: []string{"status"}},
			{title: "AMOUNT", paths: []string{"amount.value", "amount.currency"}, kind: cellAmount},
		}},

		"authorization.GetAuthorizedShops": {"shops", []column{
			{title: "ID", paths: []string{"id"}},
			{title: "REGION", paths: []string{"region"}},
			{title: "TYPE", paths: []string{"seller_type"}},
			{title: "NAME", paths: []string{"name"}, gives: true},
			{title: "CIPHER", paths: []string{"cipher"}},
		}},
		"logistics.GetWarehouseList": {"warehouses", []column{
			{title: "ID", paths: []string{"id"}},
			{title: "TYPE", paths: []string{"type"}},
			{title: "STATUS", paths: []string{"effect_status"}},
			{title: "DEFAULT", paths: []string{"is_default"}},
			{title: "NAME", paths: []string{"name"}, gives: true},
		}},
	}
}

// viewOf returns the table of an operation, and false where it has none.
func viewOf(op *catalog.Operation) (view, bool) {
	v, ok := views()[op.Domain+"."+baseName(op.Name)]
	return v, ok
}

// customView returns the table of the columns that the user names.
func customView(op *catalog.Operation, paths []string) (view, error) {
	v := view{noun: nounOf(op)}
	fields := itemFields(op)
	for _, path := range paths {
		path = strings.TrimSpace(path)
		steps, err := parsePath(path)
		if err != nil {
			return view{}, usagef("--columns: %w", err)
		}
		f, err := fieldAt(fields, steps)
		if err != nil {
			return view{}, usagef("--columns: %w", err)
		}
		c := column{title: path, paths: []string{path}, gives: true}
		switch {
		case f == nil:
		case f.Kind == catalog.KindUnix, f.Kind == catalog.KindUnixMilli:
			c.kind = cellMoment
		case f.Kind == catalog.KindDecimal, f.Type == catalog.Integer, f.Type == catalog.Number:
			c.kind = cellAmount
		}
		v.columns = append(v.columns, c)
	}
	return v, nil
}

// itemFields returns the fields of the items of an operation's list, or of its
// whole result where it has no list.
func itemFields(op *catalog.Operation) []catalog.Field {
	fields := op.Result
	path := listPath(op)
	if path == "" {
		return fields
	}
	for name := range strings.SplitSeq(path, ".") {
		f := fieldNamed(fields, name)
		if f == nil {
			return nil
		}
		fields = membersOf(f)
	}
	return fields
}

// fieldAt returns the field at a path below fields, nil where the catalogue
// does not tell.
func fieldAt(fields []catalog.Field, steps []pathStep) (*catalog.Field, error) {
	at := &catalog.Field{Type: catalog.Object, Fields: fields}
	path := ""
	for _, step := range steps {
		switch {
		case step.name == "" && at.Type == catalog.Array && at.Items != nil:
			at = at.Items
			continue
		case step.name == "":
			return nil, usagef("%s is no list", path)
		case len(at.Fields) == 0 && at.Type == catalog.Array:
			return nil, usagef("%s is a list; say which item, such as %s[0].%s, or %s[].%s for all", path, path, step.name, path, step.name)
		case len(at.Fields) == 0:
			return nil, nil
		}
		f := fieldNamed(at.Fields, step.name)
		if f == nil {
			whole := step.name
			if path != "" {
				whole = path + "." + step.name
			}
			return nil, usagef("there is no field %s%s", whole, didYouMean(closest(step.name, fieldNames(at.Fields))))
		}
		at, path = f, strings.TrimPrefix(path+"."+step.name, ".")
	}
	return at, nil
}
