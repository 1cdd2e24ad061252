package apigen

import (
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

func TestProse(t *testing.T) {
	t.Parallel()
	d := &Domain{fields: map[string]bool{"create_time": true, "line_items": true, "sku_id": true}, Operations: []*Operation{{Operation: &spec.Operation{}, Official: "GetToys", Name: "List"}}, foreign: map[string]string{"GetShopList": "shops.List"}}
	for _, test := range []struct{ text, member, declaration string }{
		{"After create_time.", "After CreateTime.", "After CreateTime."},
		{"In line_items.sku_id.", "In LineItems.SKUID.", "In LineItems.SKUID."},
		{"No field is other_time.", "No field is other_time.", "No field is other_time."},
		{`Must be "create_time".`, `Must be "create_time".`, `Must be "create_time".`},
		{"GetToys lists them, GetToysV2 too.", "List lists them, GetToysV2 too.", "[Service.List] lists them, GetToysV2 too."},
		{"As in GetShopList.", "As in shops.List.", "As in shops.List."},
		{"TikTok Shop tells.", "TikTok Shop tells.", "TikTok Shop tells."},
	} {
		if got := d.plain(test.text); got != test.member {
			t.Errorf("plain(%s) = %s, want %s", test.text, got, test.member)
		}
		if got := d.prose(test.text); got != test.declaration {
			t.Errorf("prose(%s) = %s, want %s", test.text, got, test.declaration)
		}
	}
}

func TestLower(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"What it is.": "what it is.", "TikTok Shop pays.": "TikTok Shop pays.", "SKU that was bought.": "SKU that was bought.", "A piece.": "a piece.", "": "",
	} {
		if got := lower(text); got != want {
			t.Errorf("lower(%s) = %s, want %s", text, got, want)
		}
	}
}

// A default that reads like the name of a field stays a value.
func TestDefaults(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"create_time": `Sorted. Default "create_time".`, "DESC": "Sorted. Default DESC.", "20": "Sorted. Default 20.", "SALES_TAX": "Sorted. Default SALES_TAX.",
	} {
		s := &slot{fields: []*spec.Field{{Name: "sort", Type: catalog.String, Default: value, Doc: &catalog.Description{Text: "Sorted."}}}}
		got := s.paragraphs(true, false)
		if len(got) != 1 || got[0] != want {
			t.Errorf("default %s: %q, want %q", value, got, want)
		}
	}
}

// A description that holds for fewer than half of the uses of a shared member is
// not its comment.
func TestMajority(t *testing.T) {
	t.Parallel()
	field := func(text string) *spec.Field {
		return &spec.Field{Name: "amount", Type: catalog.String, Doc: &catalog.Description{Text: text}}
	}
	for _, test := range []struct {
		name string
		s    slot
		want string
	}{
		{"most", slot{name: "amount", fields: []*spec.Field{field("Sales."), field("Sales."), field("Fee.")}}, "Sales."},
		{"few", slot{name: "amount", fields: []*spec.Field{field("Sales."), field("Sales."), field("Fee."), field("Tax."), field("Price.")}}, neutral["amount"]},
		{"nothing said", slot{name: "amount", fields: []*spec.Field{{Name: "amount"}}}, ""},
	} {
		got := ""
		if doc := test.s.doc(); doc != nil {
			got = doc.Text
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
