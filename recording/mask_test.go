package recording

import (
	"encoding/json"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// Forms of what is known stay, forms of what could be somebody's do not.
func TestMaskText(t *testing.T) {
	t.Parallel()
	m := newMasker(5)
	text := &catalog.Field{Type: catalog.String}
	listed := &catalog.Field{Type: catalog.String, Enum: []string{"OPEN", "half open"}}
	money := &catalog.Field{Type: catalog.String, Kind: catalog.KindDecimal}
	at := &catalog.Field{Type: catalog.String, Kind: catalog.KindUnix}
	for _, test := range []struct {
		field            *catalog.Field
		name, text, want string
	}{
		{text, "title", "", ""},
		{text, "tax", "0.00", "0.00"},
		{listed, "status", "half open", "half open"},
		{listed, "status", "NOT_LISTED_YET", "NOT_LISTED_YET"},
		{listed, "status", "Maria Silva", "t"},
		{listed, "buyer_name", "MARIA", "t"},
		{money, "total_amount", "-129000.5", "-129000.5"},
		{money, "total_amount", "two", "t"},
		{money, "account_balance", "12", "12"},
		{at, "update_time", "1700000001", "1700000001"},
		{at, "update_time", "5511987654321", "t"},
		{text, "weight", "0.25", "0.25"},
		{text, "value", "11987654321", "t"},
		{text, "phone_number", "11987", "t"},
		{text, "postal_code", "01310", "t"},
		{text, "cpf", "12345678909", "t"},
		{text, "user", "MARIA_SILVA", "t"},
		{text, "cancel_reason", "CUSTOMER_OVERDUE", "CUSTOMER_OVERDUE"},
		{text, "cancel_reason", "MARIA", "t"},
		{text, "currency", "BRL", "BRL"},
		{text, "currency", "Maria", "t"},
		{text, "region_code", "BR", "BR"},
		{text, "region", "Minas Gerais", "t"},
		{text, "locale", "pt-BR", "pt-BR"},
		{text, "next_page_token", "abc", "x"},
		{text, "shop_cipher", "ROW_1", "x"},
		{text, "image_url", "tos/x", "https://t"},
		{text, "detail", "http://example.org/maria", "https://t"},
		{text, "order_id", "Maria Silva", "t"},
		{nil, "status", "OPEN", "t"},
		{nil, "total_amount", "12.5", "t"},
		{nil, "currency", "BRL", "t"},
	} {
		if got := m.text(test.field, test.name, test.text); got != test.want {
			t.Errorf("%s %q became %q, want %q", test.name, test.text, got, test.want)
		}
	}
}

func TestMaskNumber(t *testing.T) {
	t.Parallel()
	m := newMasker(5)
	count := &catalog.Field{Type: catalog.Integer}
	at := &catalog.Field{Type: catalog.Integer, Kind: catalog.KindUnix}
	for _, test := range []struct {
		field        *catalog.Field
		name, number string
		want         string // "" for another one of the same length
	}{
		{count, "quantity", "42", "42"},
		{count, "age", "42", "1"},
		{count, "phone", "11987654321", "1"},
		{at, "create_time", "1700000001", "1700000001"},
		{count, "order_id", "576400000000000001", ""},
		{count, "anything", "576400000000000001", ""},
		{nil, "create_time", "1700000001", maskedTime},
		{nil, "create_time", "1700000001123", maskedTime + "000"},
		{nil, "ratio", "0.123", "0.5"},
		{nil, "quantity", "42", "1"},
	} {
		got := m.number(test.field, test.name, json.Number(test.number)).String()
		if test.want == "" && (got == test.number || len(got) != len(test.number)) || test.want != "" && got != test.want {
			t.Errorf("%s %s became %s, want %q", test.name, test.number, got, test.want)
		}
	}
}

// An id is replaced by one of the same form, always by the same.
func TestMaskID(t *testing.T) {
	t.Parallel()
	m := newMasker(5)
	for _, id := range []string{"576400000000000001", "IBR578830194427551069", "9b41f07cd25e4a6388e0c7d1532f6ab4", "tos-sandbox-i-abc/0123456789abcdef0123456789abcdef"} {
		got := m.id(id)
		if got == id || len(got) != len(id) || got != m.id(id) || got == newMasker(5).id(id) {
			t.Errorf("%s became %s", id, got)
		}
		for i := range id {
			digit := func(c byte) bool { return c >= '0' && c <= '9' }
			if digit(id[i]) != digit(got[i]) {
				t.Errorf("%s became %s, of another form", id, got)
				break
			}
		}
	}
}
