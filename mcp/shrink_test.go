package mcp

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/mcp/internal/seal"
)

// FuzzShrink makes any answer fit, and what fits stays whole.
func FuzzShrink(f *testing.F) {
	f.Add([]byte(`{"id":"1","items":[{"a":"`+strings.Repeat("x", 900)+`"},{"b":[1,2,3]}]}`), 100)
	f.Add([]byte(`[[[[[[[[[[[[1]]]]]]]]]]]]`), 20)
	f.Add([]byte(`{"a":{"b":{"c":{"d":"`+strings.Repeat("長い", 300)+`"}}}}`), 60)
	f.Add([]byte(`"`+strings.Repeat("9", 5000)+`"`), 40)
	f.Fuzz(func(t *testing.T, data []byte, room int) {
		var v any
		if decode(data, &v) != nil || room < 40 || room > maxTokens {
			return
		}
		whole, err := json.Marshal(v)
		if err != nil {
			return
		}
		small, omitted := shrink(v, room)
		if n := size(small); n > room {
			t.Fatalf("%d tokens in room for %d", n, room)
		}
		if Tokens(string(whole)) <= room {
			if b, err := json.Marshal(small); err != nil || string(b) != string(whole) || omitted != nil {
				t.Fatalf("what fits was changed: %s", b)
			}
		} else if omitted == nil {
			t.Fatal("what was left out is not said")
		}
	})
}

// FuzzClean leaves nothing that people do not see.
func FuzzClean(f *testing.F) {
	f.Add("plain")
	f.Add("a\u202eb\u200bc\U000E0041\ufe0f\x1b[31m\x00\n\t")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range clean(s) {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
				t.Fatalf("%U stays", r)
			}
		}
	})
}

// FuzzOpen opens nothing that was not sealed here.
func FuzzOpen(f *testing.F) {
	s := seal.New()
	good, err := s.Seal("a", map[string]int{"n": 1})
	if err != nil {
		f.Fatal(err)
	}
	other, err := seal.New().Seal("a", 1)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("")
	f.Add(other)
	f.Add(good[1:])
	f.Fuzz(func(t *testing.T, text string) {
		var v any
		if s.Open("b", text, &v) == nil || s.Open("b", good, &v) == nil {
			t.Fatal("opened for another purpose")
		}
		if err := s.Open("a", text, &v); err == nil && strings.TrimRight(text, "\r\n") != good {
			t.Fatalf("%q was opened", text)
		}
	})
}

func TestProject(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		value, want string
		paths       []string
	}{
		{`{"a":{"b":1,"c":2},"d":3}`, `{"a":{"b":1}}`, []string{"a.b"}},
		{`{"a":{"b":1,"c":2},"d":3}`, `{"a":{"b":1,"c":2}}`, []string{"a.b", "a"}},
		{`{"a":[{"b":1,"c":2},{"b":3}]}`, `{"a":[{"b":1},{"b":3}]}`, []string{"a[].b"}},
		{`{"a":[{"b":1,"c":2}]}`, `{"a":[{"b":1,"c":2}]}`, []string{"a.b", "a.c"}},
		{`{"a":1}`, `{}`, []string{"x.y"}},
	} {
		var v any
		if err := decode([]byte(test.value), &v); err != nil {
			t.Fatal(err)
		}
		if b, err := json.Marshal(project(v, test.paths)); err != nil || string(b) != test.want {
			t.Errorf("%v of %s: %s, want %s", test.paths, test.value, b, test.want)
		}
	}
}

// Names of fields that tell of people are masked; those of things are not.
func TestKinds(t *testing.T) {
	t.Parallel()
	op := &catalog.Operation{Entry: catalog.Entry{Domain: "order", Name: "GetOrderList"}}
	for want, names := range map[string][]string{
		"email":   {"buyer_email", "email", "email_addresses"},
		"phone":   {"phone_number", "phone", "mobile", "contact_phone_number"},
		"name":    {"buyer_nickname", "first_name", "recipient_name", "full_name", "contact_name", "cpf_name", "nickname"},
		"paper":   {"cpf", "tax_id", "channel_entity_national_registry_id", "passport_number"},
		"buyer":   {"user_id", "buyer_user_id", "buyer_id", "customer_id"},
		"address": {"address_line1", "address_line_2", "full_address", "postal_code", "zipcode", "street"},
		"": {"product_name", "sku_name", "shop_name", "shipping_provider_name", "payment_method_name", "delivery_option_name", "order_id", "warehouse_id", "brand_name",
			"category_name", "file_name", "status", "total_amount", "seller_sku", "tracking_number", "tax_amount", "tax_rate", "address_type"},
	} {
		for _, name := range names {
			if got := kindOf(op, "", name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
	}
	if got := kindOf(op, "recipient", "name"); got != "name" {
		t.Errorf("the name of a recipient is %q", got)
	}
	creators := &catalog.Operation{Entry: catalog.Entry{Domain: "affiliate_seller", Name: "SellerSearchCreatorOnMarketplace"}}
	if got := kindOf(creators, "creator", "nickname"); got != "" {
		t.Errorf("the handle of a creator is %q", got)
	}
}
