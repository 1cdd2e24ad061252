package ask

import (
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// A question in plain words finds the field that answers it among the first
// three.
func TestRank(t *testing.T) {
	t.Parallel()
	all, err := OpenIndex(new(catalog.Catalog))
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{
		"When was the parcel handed over?":             "orders.rts_time",
		"when was the order paid":                      "orders.paid_time",
		"when was the statement paid out":              "statements.payment_time",
		"which warehouse ships the order":              "orders.warehouse_id",
		"is the buyer asking to cancel":                "orders.is_buyer_request_cancel",
		"shipping fee that the buyer pays":             "orders.payment.shipping_fee",
		"name of the customer":                         "orders.buyer_nickname",
		"phone number of the recipient":                "orders.recipient_address.phone_number",
		"what does the parcel weigh":                   "weight",
		"how many units are in stock":                  "products.stock.quantity",
		"when does the promotion end":                  "activities.end_time",
		"tracking number of the package":               "tracking_number",
		"how much commission does the platform charge": "statement_transactions.platform_commission_amount",
	} {
		hits := Rank(all, question)
		hits = hits[:min(3, len(hits))]
		if !slices.ContainsFunc(hits, func(h Hit) bool {
			return slices.ContainsFunc(h.Places, func(at Place) bool { return at.Path == want })
		}) {
			var found []string
			for _, h := range hits {
				found = append(found, h.Places[0].Entry.FullName()+" "+h.Places[0].Path+": "+h.Text)
			}
			t.Errorf("%s: %s is not among the first three:\n%s", question, want, strings.Join(found, "\n"))
		}
	}
	for _, question := range []string{"", "when was it", "zzzz", "?!"} {
		if hits := Rank(all, question); len(hits) > 0 {
			t.Errorf("%q finds %d meanings, the first: %s", question, len(hits), hits[0].Text)
		}
	}
}

func TestStem(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"ship", "ships", "shipped", "shipping"},
		{"package", "packages"},
		{"refund", "refunds", "refunded"},
		{"deliver", "delivers", "delivered"},
		{"warehouse", "warehouses"},
		{"cancel", "cancelled", "cancels"},
		{"category", "categories"},
		{"settle", "settled", "settles"},
		{"address", "addresses"},
	} {
		want := stem(same[0])
		for _, word := range same[1:] {
			if got := stem(word); got != want {
				t.Errorf("%s becomes %s, but %s %s", word, got, same[0], want)
			}
		}
	}
	for word, want := range map[string]string{"bus": "bus", "is": "is", "status": "statu", "sing": "sing", "id": "id", "": ""} {
		if got := stem(word); got != want {
			t.Errorf("%s becomes %s, want %s", word, got, want)
		}
	}
}

// Stems that synonyms are looked up by are those that words of a question have.
func TestSynonyms(t *testing.T) {
	t.Parallel()
	for _, same := range [][2]string{{"parcel", "package"}, {"customers", "buyer"}, {"void", "cancelling"}, {"photos", "image"}, {"colour", "color"}} {
		if a, b := lemma(same[0]), lemma(same[1]); a != b && !slices.Contains(synonyms().words[a], b) {
			t.Errorf("%s does not stand for %s", same[0], same[1])
		}
	}
}
