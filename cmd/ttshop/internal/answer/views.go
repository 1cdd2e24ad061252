package answer

import (
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// views are the tables of the common reads, by the name of the operation without
// a version. Each fits 80 columns with typical values.
func views() map[string]View {
	order := []Column{
		{Title: "ID", Paths: []string{"id"}},
		{Title: "STATUS", Paths: []string{"status"}},
		{Title: "CREATED (UTC)", Paths: []string{"create_time"}, Kind: CellMoment},
		{Title: "ITEMS", Paths: []string{"line_items"}, Kind: cellCount},
		{Title: "TOTAL", Paths: []string{"payment.total_amount", "payment.currency"}, Kind: CellAmount},
	}
	product := []Column{
		{Title: "ID", Paths: []string{"id"}},
		{Title: "STATUS", Paths: []string{"status"}},
		{Title: "SKUS", Paths: []string{"skus"}, Kind: cellCount},
		{Title: "PRICE", Paths: []string{"skus[0].price.sale_price", "skus[0].price.currency"}, Kind: CellAmount},
		{Title: "TITLE", Paths: []string{"title"}, Gives: true},
	}
	return map[string]View{
		"order.GetOrderList":   {"orders", order},
		"order.GetOrderDetail": {"orders", order},

		"product.SearchProducts": {"products", product},

		"fulfillment.SearchPackage": {"packages", []Column{
			{Title: "ID", Paths: []string{"id"}},
			{Title: "STATUS", Paths: []string{"status"}},
			{Title: "CREATED (UTC)", Paths: []string{"create_time"}, Kind: CellMoment},
			{Title: "ORDERS", Paths: []string{"orders[].id"}, Gives: true},
			{Title: "TRACKING", Paths: []string{"tracking_number"}},
		}},
		"fulfillment.GetPackageDetail": {"packages", []Column{
			{Title: "ID", Paths: []string{"package_id"}},
			{Title: "STATUS", Paths: []string{"package_status"}},
			{Title: "CREATED (UTC)", Paths: []string{"create_time"}, Kind: CellMoment},
			{Title: "ORDERS", Paths: []string{"orders[].id"}, Gives: true},
			{Title: "TRACKING", Paths: []string{"tracking_number"}},
		}},

		"return_refund.SearchReturns": {"returns", []Column{
			{Title: "ID", Paths: []string{"return_id"}},
			{Title: "STATUS", Paths: []string{"return_status"}, Gives: true},
			{Title: "TYPE", Paths: []string{"return_type"}, Gives: true},
			{Title: "ORDER", Paths: []string{"order_id"}},
			{Title: "REFUND", Paths: []string{"refund_amount.refund_total", "refund_amount.currency"}, Kind: CellAmount},
		}},
		"return_refund.SearchCancellations": {"cancellations", []Column{
			{Title: "ID", Paths: []string{"cancel_id"}},
			{Title: "STATUS", Paths: []string{"cancel_status"}, Gives: true},
			{Title: "TYPE", Paths: []string{"cancel_type"}, Gives: true},
			{Title: "ORDER", Paths: []string{"order_id"}},
			{Title: "REFUND", Paths: []string{"refund_amount.refund_total", "refund_amount.currency"}, Kind: CellAmount},
		}},

		"finance.GetStatements": {"statements", []Column{
			{Title: "ID", Paths: []string{"id"}},
			{Title: "DATE (UTC)", Paths: []string{"statement_time"}, Kind: CellMoment},
			{Title: "PAYMENT", Paths: []string{"payment_status"}},
			{Title: "FEES", Paths: []string{"fee_amount"}, Kind: CellAmount},
			{Title: "SETTLED", Paths: []string{"settlement_amount", "currency"}, Kind: CellAmount},
		}},
		"finance.GetPayments": {"payments", []Column{
			{Title: "ID", Paths: []string{"id"}},
			{Title: "CREATED (UTC)", Paths: []string{"create_time"}, Kind: CellMoment},
			{Title: "STATUS", Paths: []string{"status"}},
			{Title: "AMOUNT", Paths: []string{"amount.value", "amount.currency"}, Kind: CellAmount},
		}},

		"authorization.GetAuthorizedShops": {"shops", []Column{
			{Title: "ID", Paths: []string{"id"}},
			{Title: "REGION", Paths: []string{"region"}},
			{Title: "TYPE", Paths: []string{"seller_type"}},
			{Title: "NAME", Paths: []string{"name"}, Gives: true},
			{Title: "CIPHER", Paths: []string{"cipher"}},
		}},
		"logistics.GetWarehouseList": {"warehouses", []Column{
			{Title: "ID", Paths: []string{"id"}},
			{Title: "TYPE", Paths: []string{"type"}},
			{Title: "STATUS", Paths: []string{"effect_status"}},
			{Title: "DEFAULT", Paths: []string{"is_default"}},
			{Title: "NAME", Paths: []string{"name"}, Gives: true},
		}},
	}
}

// ViewOf returns the table of an operation, and false where it has none.
func ViewOf(op *catalog.Operation) (View, bool) {
	v, ok := views()[op.Domain+"."+field.BaseName(op.Name)]
	return v, ok
}

// customView returns the table of the columns that the user names.
func customView(op *catalog.Operation, paths []string) (View, error) {
	v := View{Noun: NounOf(op)}
	fields := ItemFields(op)
	for _, path := range paths {
		path = strings.TrimSpace(path)
		steps, err := field.ParsePath(path)
		if err != nil {
			return View{}, console.Usagef("--columns: %w", err)
		}
		f, err := FieldAt(fields, steps)
		if err != nil {
			return View{}, console.Usagef("--columns: %w", err)
		}
		c := Column{Title: path, Paths: []string{path}, Gives: true}
		switch {
		case f == nil:
		case f.Kind == catalog.KindUnix, f.Kind == catalog.KindUnixMilli:
			c.Kind = CellMoment
		case f.Kind == catalog.KindDecimal, f.Type == catalog.Integer, f.Type == catalog.Number:
			c.Kind = CellAmount
		}
		v.Columns = append(v.Columns, c)
	}
	return v, nil
}

// ItemFields returns the fields of the items of an operation's list, or of its
// whole result where it has no list.
func ItemFields(op *catalog.Operation) []catalog.Field {
	fields := op.Result
	path := listPath(op)
	if path == "" {
		return fields
	}
	for name := range strings.SplitSeq(path, ".") {
		f := field.Named(fields, name)
		if f == nil {
			return nil
		}
		fields = field.MembersOf(f)
	}
	return fields
}

// FieldAt returns the field at a path below fields, nil where the catalogue does
// not describe it.
func FieldAt(fields []catalog.Field, steps []field.PathStep) (*catalog.Field, error) {
	at := &catalog.Field{Type: catalog.Object, Fields: fields}
	path := ""
	for _, step := range steps {
		switch {
		case step.Name == "" && at.Type == catalog.Array && at.Items != nil:
			at = at.Items
			continue
		case step.Name == "":
			return nil, console.Usagef("%s is not a list; leave the brackets out", path)
		case len(at.Fields) == 0 && at.Type == catalog.Array:
			return nil, console.Usagef("%s is a list; say which item, such as %s[0].%s, or %s[].%s for all", path, path, step.Name, path, step.Name)
		case len(at.Fields) == 0:
			return nil, nil
		}
		f := field.Named(at.Fields, step.Name)
		if f == nil {
			whole := step.Name
			if path != "" {
				whole = path + "." + step.Name
			}
			return nil, console.Usagef("there is no field %s%s", whole, console.DidYouMean(console.Closest(step.Name, field.Names(at.Fields))))
		}
		at, path = f, strings.TrimPrefix(path+"."+step.Name, ".")
	}
	return at, nil
}
