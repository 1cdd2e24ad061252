package cli

import (
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

func TestGuessedNames(t *testing.T) {
	t.Parallel()
	for guess, command := range map[string]string{
		"orders list": "order get-order-list", "orders get": "order get-order-detail", "order search": "order get-order-list",
		"products search": "product search-products", "products get": "product get-product", "product list": "product search-products",
		"packages ship": "fulfillment ship-package", "packages label": "fulfillment get-package-shipping-document",
		"returns list": "return-refund search-returns", "warehouses list": "logistics get-warehouse-list",
		"promotions create": "promotion create-activity", "conversations list": "customer-service get-conversations",
		"shops list": "shops list",
	} {
		got := run(t, nil, "", append(strings.Fields(guess), "--help")...)
		if got.code != console.ExitOK || !strings.Contains(got.stdout, "Usage:\n  ttshop "+command+" ") {
			t.Errorf("ttshop %s: exit code %d, %s%s", guess, got.code, got.stdout, got.err)
		}
	}
}

// TestGuessesAreKnown keeps the list of guesses from naming what is not there, or
// what another command is called.
func TestGuessesAreKnown(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	own := make(map[string]bool)
	for _, c := range ownCommands() {
		own[c.name] = true
	}
	aliases := 0
	for _, domain := range field.Domains() {
		for _, alias := range field.DomainAliases(domain.Label) {
			if own[alias] {
				t.Errorf("%s is a command of its own", alias)
			}
		}
		families := field.Families(known, domain.Label)
		taken := make(map[string]string)
		for _, f := range families {
			taken[field.Kebab(f.Name)] = f.Name
		}
		for _, f := range families {
			for _, alias := range f.Aliases(families) {
				if other := taken[alias]; other != "" && other != f.Name {
					t.Errorf("%s %s means %s and %s", domain.Label, alias, other, f.Name)
				}
				taken[alias] = f.Name
				aliases++
			}
		}
	}
	if aliases < 500 {
		t.Errorf("%d aliases", aliases)
	}
}

func TestIDsWithoutFlags(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ args, sent, wrong string }{
		{args: "orders get 5 6", sent: "ids=5%2C6"},
		{args: "orders get 5,6", sent: "ids=5%2C6"},
		{args: "product get 17", sent: "/products/17\n"},
		{args: "packages ship 8 --yes", sent: "/packages/8/ship"},
		{args: "product get 17 18", wrong: "no more than the values of --product-id"},
		{args: "product get 17 --product-id 18", wrong: "given twice"},
		{args: "product list 17", wrong: "flags alone"},
	} {
		got := run(t, answering(t, 200, `{"code":0,"request_id":"1","data":{}}`), "", append(strings.Fields(tt.args), "--shop-cipher", "c", "--verbose", "--no-check")...)
		switch {
		case tt.wrong != "" && (got.code != console.ExitUsage || !strings.Contains(got.err, tt.wrong)):
			t.Errorf("%s: exit code %d, %q, want %q", tt.args, got.code, got.err, tt.wrong)
		case tt.wrong == "" && (got.code != console.ExitOK || !strings.Contains(strings.ReplaceAll(got.err, ",", "%2C"), tt.sent)):
			t.Errorf("%s: exit code %d, %q, want %q", tt.args, got.code, got.err, tt.sent)
		}
	}
}
