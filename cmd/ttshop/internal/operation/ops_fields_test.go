package operation

import (
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

func TestOnlyFields(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	describe := func() *catalog.Operation {
		e, ok := known.ByName("order.GetOrderDetail")
		if !ok {
			t.Fatal("order.GetOrderDetail is gone")
		}
		op, err := known.Explain(e)
		if err != nil {
			t.Fatal(err)
		}
		return op
	}
	for _, tt := range []struct {
		paths string
		want  string // all fields that are left
	}{
		{"ids", "ids"},
		{"rts_time", "orders orders.line_items orders.line_items.rts_time orders.rts_time"},
		{"orders.rts_time, paid_time", "orders orders.paid_time orders.rts_time"},
		{"payment.total_amount,ids", "ids orders orders.payment orders.payment.total_amount"},
		{"orders.packages", "orders orders.packages orders.packages.id"},
	} {
		op := describe()
		if err := onlyFields(op, strings.Split(tt.paths, ",")); err != nil {
			t.Errorf("%s: %v", tt.paths, err)
			continue
		}
		var got []string
		var walk func(fields []catalog.Field, parent string)
		walk = func(fields []catalog.Field, parent string) {
			for i := range fields {
				at := strings.TrimPrefix(parent+"."+fields[i].Name, ".")
				got = append(got, at)
				walk(field.MembersOf(&fields[i]), at)
			}
		}
		walk(op.Params, "")
		walk(op.Body, "")
		walk(op.Result, "")
		slices.Sort(got)
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("%s leaves %s, want %s", tt.paths, text, tt.want)
		}
	}
	for path, near := range map[string]string{"orders.rts_tme": "orders.rts_time", "rtss_time": "orders.rts_time", "": "ops describe", "zzzzzz": "ops describe"} {
		err := onlyFields(describe(), []string{"ids", path})
		if err == nil || !strings.Contains(err.Error(), near) || console.ExitCode(err) != console.ExitUsage {
			t.Errorf("%q: %v, want %s in the error", path, err, near)
		}
	}
	// The catalogue itself is left as it is.
	if op := describe(); len(op.Result) == 0 || len(field.MembersOf(&op.Result[0])) < 20 {
		t.Errorf("fields are missing: %+v", op.Result)
	}
}
