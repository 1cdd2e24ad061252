package apigen

import (
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

func field(typ catalog.Type, kind catalog.Kind, unit, layout string) *spec.Field {
	f := &spec.Field{Name: "x", Type: typ, Kind: kind}
	if unit+layout != "" {
		f.Doc = &catalog.Description{Unit: unit, Format: layout}
	}
	return f
}

func TestScalar(t *testing.T) {
	t.Parallel()
	const integer, text, basis = catalog.Integer, catalog.String, "hundredths of a percent"
	list := &spec.Field{Name: "x", Type: catalog.Array, Items: field(integer, "", "", ""), Doc: &catalog.Description{Unit: "percent"}}
	for _, c := range []struct {
		what   string
		fields []*spec.Field
		want   string
	}{
		{"nothing known", []*spec.Field{field(text, "", "", "")}, ""},
		{"seconds", []*spec.Field{field(integer, catalog.KindUnix, "", "")}, "ttshop.UnixTime"},
		{"seconds as text", []*spec.Field{field(text, catalog.KindUnix, "", "")}, "ttshop.UnixText"},
		{"milliseconds", []*spec.Field{field(integer, catalog.KindUnixMilli, "", "")}, "ttshop.UnixMilli"},
		{"day", []*spec.Field{field(text, "", "", "YYYY-MM-DD")}, "ttshop.Date"},
		{"another format", []*spec.Field{field(text, "", "", "ISO 4217")}, ""},
		{"amount", []*spec.Field{field(text, catalog.KindDecimal, "", "")}, "ttshop.Decimal"},
		{"amount known of one", []*spec.Field{field(text, "", "", ""), field(text, catalog.KindDecimal, "", "")}, "ttshop.Decimal"},
		{"rate", []*spec.Field{field(integer, "", basis, "")}, "ttshop.BasisPoints"},
		{"rate as text", []*spec.Field{field(text, "", basis, "")}, "ttshop.BasisPointsText"},
		{"rate that looks like an amount", []*spec.Field{field(text, catalog.KindDecimal, "percent", "")}, "ttshop.PercentText"},
		{"fraction", []*spec.Field{field(text, "", "fraction", "")}, "ttshop.FractionText"},
		{"list of rates", []*spec.Field{list}, "ttshop.Percent"},
		{"unit that is no rate", []*spec.Field{field(integer, "", "days", "")}, ""},
		{"nobody says the unit", []*spec.Field{field(text, "", "undocumented", "")}, ""},
		{"the unit of one is not said", []*spec.Field{field(text, "", "percent", ""), field(text, "", "undocumented", "")}, ""},
		{"units that differ", []*spec.Field{field(text, "", "percent", ""), field(text, "", "fraction", "")}, ""},
		{"seconds and milliseconds", []*spec.Field{field(integer, catalog.KindUnix, "", ""), field(integer, catalog.KindUnixMilli, "", "")}, ""},
	} {
		if got := (&slot{name: "x", fields: c.fields}).scalar(); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// An answer's amount of zero goes back to the wire: only an empty one is absent.
func TestZeroAmountIsKept(t *testing.T) {
	t.Parallel()
	m, err := (&slot{name: "x", fields: []*spec.Field{field(catalog.String, catalog.KindDecimal, "", "")}}).member(inAnswer, false, "")
	if err != nil || m.tag != `json:"x,omitempty"` {
		t.Errorf("tag %v, error %v", m, err)
	}
}
