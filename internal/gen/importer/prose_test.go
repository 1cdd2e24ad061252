package importer

import (
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
	"github.com/ttshop-go/ttshop/internal/testdiff"
)

func TestMineLimits(t *testing.T) {
	t.Parallel()
	list := &spec.Field{Type: catalog.String}
	for _, test := range []struct {
		name, text string
		in, want   spec.Field
	}{
		{"range", "Valid range: [1-100]. Default: 20", spec.Field{Type: catalog.Integer}, spec.Field{Type: catalog.Integer, Min: "1", Max: "100", Default: "20"}},
		{"range with comma", "Valid range: [1, 50]", spec.Field{Type: catalog.Integer}, spec.Field{Type: catalog.Integer, Min: "1", Max: "50"}},
		{"exclusive minimum", "It must be greater than 0 and less than or equal to 20.", spec.Field{Type: catalog.Integer}, spec.Field{Type: catalog.Integer, Min: "1", Max: "20"}},
		{"list", "Max count: 50", spec.Field{Type: catalog.Array, Items: list}, spec.Field{Type: catalog.Array, Items: list, MaxItems: 50}},
		{"length", "Max length: 255 characters", spec.Field{Type: catalog.String}, spec.Field{Type: catalog.String, MaxLength: 255}},
		{"length range", "Valid length: [1, 70]", spec.Field{Type: catalog.String}, spec.Field{Type: catalog.String, MinLength: 1, MaxLength: 70}},
		{"default of an enum", "Default: asc.", spec.Field{Type: catalog.String, Enum: []string{"ASC", "DESC"}}, spec.Field{Type: catalog.String, Enum: []string{"ASC", "DESC"}, Default: "ASC"}},
		{"default that is no value", "Default: the locale of the shop.", spec.Field{Type: catalog.String}, spec.Field{Type: catalog.String}},
		{"default locale", "Default: en-US", spec.Field{Type: catalog.String}, spec.Field{Type: catalog.String, Default: "en-US"}},
		{"default flag", "Default: False", spec.Field{Type: catalog.Boolean}, spec.Field{Type: catalog.Boolean, Default: "false"}},
		{"default text for a number", "Default: none", spec.Field{Type: catalog.Integer}, spec.Field{Type: catalog.Integer}},
		{"thousands", "Max length: 10,000 characters", spec.Field{Type: catalog.String}, spec.Field{Type: catalog.String, MaxLength: 10000}},
		{"thousands in a range", "Valid range: [1, 99,999]", spec.Field{Type: catalog.Integer}, spec.Field{Type: catalog.Integer, Min: "1", Max: "99999"}},
		{"a range without a space", "Valid range: [1,100]", spec.Field{Type: catalog.Integer}, spec.Field{Type: catalog.Integer, Min: "1", Max: "100"}},
		{"nothing", "The size.", spec.Field{Type: catalog.Integer}, spec.Field{Type: catalog.Integer}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := test.in
			mineLimits(&got, test.text)
			if diff := testdiff.Diff(test.want, got); diff != "" {
				t.Errorf("mineLimits(%q) (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	long := func(name string) *spec.Field { return &spec.Field{Name: name, Type: catalog.Integer, Format: "int64"} }
	text := func(name string) *spec.Field { return &spec.Field{Name: name, Type: catalog.String} }
	money := map[string]schema{"currency": {}}
	for _, test := range []struct {
		f             *spec.Field
		text, example string
		beside        map[string]schema
		want          catalog.Kind
	}{
		{long("create_time"), "", "1619611561", nil, catalog.KindUnix},
		{long("create_time_ge"), "Unix timestamp", "", nil, catalog.KindUnix},
		{long("create_time"), "", "1619611561123", nil, catalog.KindUnixMilli},
		{long("create_time"), "in milliseconds", "", nil, catalog.KindUnixMilli},
		{long("update_time"), "", "", nil, catalog.KindUnix},
		{long("handling_time"), "days", "3", nil, ""},
		{long("count"), "", "1619611561", nil, ""},
		{text("start_time"), "", "1619611561", nil, catalog.KindUnix},
		{text("start_time"), "", "2024-01-01", nil, ""},
		{text("amount"), "", "12.30", money, catalog.KindDecimal},
		{text("seller_discount"), "", "-10", nil, catalog.KindDecimal},
		{text("amount"), "", "Rp9.900", money, ""},
		{text("value"), "", "12", money, catalog.KindDecimal},
		{text("value"), "", "12", nil, ""},
		{text("tax_rate"), "", "0.1", nil, ""},
	} {
		if got := kindOf(test.f, test.text, test.example, test.beside); got != test.want {
			t.Errorf("kindOf(%s, %q, %q) = %q, want %q", test.f.Name, test.text, test.example, got, test.want)
		}
	}
}
