package importer

import (
	"slices"
	"strings"
	"testing"
)

func TestMineEnum(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, field, text, example string
		want                       []string
	}{
		{"bullets", "status", "Where it stands.\nPossible values:\n- OPEN\n- CLOSED", "OPEN", []string{"OPEN", "CLOSED"}},
		{"bullets with meanings", "status", "Possible values: \n- `OPEN`: not yet done\n- `CLOSED`: done\n\n**Note**: `GONE` went away.", "", []string{"OPEN", "CLOSED"}},
		{"wide colons", "status", "Available values：\n* OPEN：not yet done\n* IN_WORK：soon", "", []string{"OPEN", "IN_WORK"}},
		{"numbered and bold", "status", "Possible Status Enumerations\n1. **OPEN** - to do\n2. **IN_WORK** - soon", "", []string{"OPEN", "IN_WORK"}},
		{"blank lines between", "status", "Possible values:\n\n- OPEN\n\n- CLOSED\n", "", []string{"OPEN", "CLOSED"}},
		{"remark between", "unit", "Possible values:\n- GRAM: small\nmore on grams\n- POUND: large", "", []string{"GRAM", "POUND"}},
		{"inline", "day", "Possible values: `MON`, `TUE`, `WED`.", "", []string{"MON", "TUE", "WED"}},
		{"inline with or", "origin", "The origin. Possible values are LIVE or SHOWCASE.", "", []string{"LIVE", "SHOWCASE"}},
		{"inline sort fields", "sort_field", "Sort by it.\nAvailable values: gmv, sku_orders, views\nDefault value: gmv", "", []string{"gmv", "sku_orders", "views"}},
		{"announced lower case", "sort_field", "Possible values:\n- create_time\n- update_time", "", []string{"create_time", "update_time"}},
		{"nothing announces it", "type", "The kind of thing.\n- FREE_SAMPLE: for nothing\n- COUPON: cheaper", "", []string{"FREE_SAMPLE", "COUPON"}},
		{"sort order in a sentence", "sort_order", "ASC sorts upwards, DESC downwards.", "", []string{"ASC", "DESC"}},
		{"leading digit", "granularity", "Available values: ALL, 1D", "", []string{"ALL", "1D"}},
		{"second announcement counts", "sort_field", "See the field values in the request.\nPossible values:\n- commission_rate\n- commission", "", []string{"commission_rate", "commission"}},
		{"capitalised words of the example", "card", "Possible values are: Debit, Credit", "Debit", []string{"Debit", "Credit"}},
		{"market introduces a remark", "sku_type", "Possible values:\n- NORMAL\n- US: only there\n- PRE_ORDER", "", []string{"NORMAL", "PRE_ORDER"}},
		{"regions in a field about regions", "sales_regions", "Possible values:\n- DE\n- US", "", []string{"DE", "US"}},
		{"a region that is also a word", "sales_regions", "Possible values:\n- DE\n- ID: Indonesia\n- US", "", []string{"DE", "ID", "US"}},
		{"a quote that ends inside a word", "type", "Available values:\n- `LABE`L\n- `CODE`", "LABEL", []string{"LABEL", "CODE"}},
		{"a space inside a word", "type", "Possible values:\n- TEXT\n- TARGET_ CARD\n- IMAGE", "TEXT", []string{"TEXT", "TARGET_CARD", "IMAGE"}},
		{"a full stop after the value", "status", "Possible values:\n- `OPEN`: yes\n- `NONE_LEFT`. `stock` is `0`.\n- `OVER`: no", "", []string{"OPEN", "NONE_LEFT", "OVER"}},
		{"indented remarks", "type", "Possible values:\n- PAID: by the platform\n  -When nobody else pays.\n- REBATE: a part", "", []string{"PAID", "REBATE"}},
		{"a meaning that sounds like an announcement", "type", "It includes:\nBASE: Enumeration type means basic.\nSALE: Enumeration type means sold.\nOTHER: Enumeration type means the rest.", "SALE", []string{"BASE", "SALE", "OTHER"}},
		{"a value that is called ENUM", "value_type", "The type includes:\nENUM: only what is listed.\nTEXT: anything.\nENUM_TEXT: both.", "TEXT", []string{"ENUM", "TEXT", "ENUM_TEXT"}},
		{"remarks between the values by region", "category_version", "Possible values based on region:\n- US: `v2`, seven levels.\n  **Important**: not `v1` there.\n- Other regions: `v1`, three levels.", "v1", []string{"v2", "v1"}},
		{"two lists", "filter", "For the first, the possible values are:\n- MARKET: all\n- JOINED: some\nFor the second, the possible values are:\n- FREE: open\n- JOINED: some", "", []string{"MARKET", "JOINED", "FREE"}},
		{"mentioned in a sentence", "origin", "Set to `LIVE` for a live room. Set to `SHOWCASE` for a showcase.", "LIVE", []string{"LIVE", "SHOWCASE"}},
		{"values by region", "category_version", "Possible values based on region:\n- US: `v2`, seven levels.\n- Other regions: `v1`, three levels.", "v1", []string{"v2", "v1"}},

		{"formats of codes", "extra_identifier_codes", "Up to ten codes.\n\nFormat:\nGTIN: 14 digits\nEAN: 8 or 13 digits\nISBN: 13 digits", "", nil},
		{"examples in a sentence", "module", "Where it is, e.g. FIELD_TITLE, FIELD_IMAGES", "FIELD_TITLE", nil},
		{"a condition on another field", "value", "When `type` is `PERCENT_OFF`, a share. `AMOUNT_OFF` is money.", "10", nil},
		{"one value mentioned", "product_ids", "Needed when `add_type` is `PRODUCT_ID`.", "", nil},
		{"two values mentioned", "order_id", "Needed for \"SAMPLE_COUPON\" and \"SAMPLE_CAMPAIGN\".", "", nil},
		{"markets with limits", "title", "The title.\n- US: 255 characters\n- GB: 300 characters", "", nil},
		{"content with examples per type", "content", "Possible values:\n- TEXT: {\"a\":1}\n- IMAGE: {\"b\":2}", "{}", nil},
		{"numbers with meanings", "type", "Possible values:\n1 - Open\n2 - Closed", "", nil},
		{"prose lines", "note", "Possible values depend on the shop.\nThe seller sets them.\nNote that they change.", "", nil},
		{"empty", "note", "", "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := mineEnum(test.field, test.text, test.example); !slices.Equal(got, test.want) {
				t.Errorf("mineEnum(%q) = %q, want %q", test.text, got, test.want)
			}
		})
	}
}

func FuzzMineEnum(f *testing.F) {
	f.Add("status", "Possible values:\n- OPEN: to do\n- CLOSED", "OPEN")
	f.Add("sort_field", "Available values: gmv, sku_orders or views.", "")
	f.Add("x", "- A：b\n1. `C_D`（e）", "")
	f.Fuzz(func(t *testing.T, field, text, example string) {
		values := mineEnum(field, text, example)
		for i, v := range values {
			if v == "" || strings.ContainsAny(v, "\n\t`\"',:;") {
				t.Errorf("value %q", v)
			}
			if slices.Contains(values[:i], v) {
				t.Errorf("value %q twice", v)
			}
		}
	})
}
