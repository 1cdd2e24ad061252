package field

import (
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

func TestKebab(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"GetOrderList":                "get-order-list",
		"GSBetaQuerySKUs":             "gs-beta-query-skus",
		"GetFBTMCFOrderStatus":        "get-fbtmcf-order-status",
		"SearchTAPAffiliateOrders":    "search-tap-affiliate-orders",
		"UpdateProductSKU":            "update-product-sku",
		"SendIMMessage":               "send-im-message",
		"CreateConversationWithABoss": "create-conversation-with-a-boss",
		"GSListSKUsOfDay":             "gs-list-skus-of-day",
	} {
		if got := Kebab(name); got != want {
			t.Errorf("kebab(%s) = %s, want %s", name, got, want)
		}
	}
}

// TestDomains checks that the hand-written list has exactly the domains of the
// catalogue.
func TestDomains(t *testing.T) {
	t.Parallel()
	var names []string
	for _, domain := range Domains() {
		names = append(names, domain.Label)
		if domain.Value == "" || strings.HasSuffix(domain.Value, ".") {
			t.Errorf("%s: line %q", domain.Label, domain.Value)
		}
	}
	if want := new(catalog.Catalog).Domains(); !slices.Equal(names, want) {
		t.Errorf("domains %q, the catalogue has %q", names, want)
	}
}

// TestFamilies checks that each operation of the catalogue has one command and
// that versions are told apart by their date.
func TestFamilies(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	total := 0
	for _, domain := range known.Domains() {
		commands := map[string]bool{}
		for _, f := range Families(known, domain) {
			command := Kebab(f.Name)
			if commands[command] || strings.Trim(command, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
				t.Errorf("%s: command %q is taken or odd", domain, command)
			}
			commands[command] = true
			dates := f.Dates()
			typed := slices.DeleteFunc(slices.Clone(f.Versions), func(e catalog.Entry) bool { return e.Raw })
			order := func(a, b catalog.Entry) int { return strings.Compare(b.Version(), a.Version()) }
			if !slices.IsSortedFunc(typed, order) || !slices.IsSortedFunc(f.Versions[len(typed):], order) || !slices.Equal(f.Versions[:len(typed)], typed) || len(slices.Compact(slices.Clone(dates))) != len(dates) || dates[len(dates)-1] == "" {
				t.Errorf("%s: versions %q", f.Command(), dates)
			}
			total += len(f.Versions)
			for _, e := range f.Versions {
				op, err := known.Describe(e)
				if err != nil {
					t.Fatal(err)
				}
				siblings := append([]string{e.Name}, op.Siblings...)
				for _, other := range f.Versions {
					if !slices.Contains(siblings, other.Name) || len(siblings) != len(f.Versions) {
						t.Errorf("%s: siblings %q, versions %q", e.FullName(), siblings, dates)
					}
				}
				for _, words := range [][]string{{e.FullName()}, {e.Method, e.Path}} {
					if found, err := Lookup(known, words); err != nil || found.FullName() != e.FullName() {
						t.Errorf("lookup(%q) = %s, %v", words, found.FullName(), err)
					}
				}
			}
			if found, err := Lookup(known, strings.Fields(f.Command())); err != nil || BaseName(found.Name) != f.Name {
				t.Errorf("lookup(%s) = %s, %v", f.Command(), found.FullName(), err)
			}
		}
	}
	if want := len(known.Operations("")); total != want || total == 0 {
		t.Errorf("%d operations have a command, want %d", total, want)
	}
}

func TestLookupFails(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for text, want := range map[string]string{
		"GetOrdrList":          "order get-order-list",
		"order get-ordr-list":  "order get-order-list",
		"GET /order/1/nothing": "no operation GET /order/1/nothing",
		"GetShopProducts":      "more than one domain",
		"zzzz":                 `no operation "zzzz"`,
	} {
		_, err := Lookup(known, strings.Fields(text))
		if err == nil || console.ExitCode(err) != console.ExitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("lookup(%s): %v, want %q in it", text, err, want)
		}
	}
}
