package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
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
		if got := kebab(name); got != want {
			t.Errorf("kebab(%s) = %s, want %s", name, got, want)
		}
	}
}

// TestDomains checks that the hand-written list has exactly the domains of the
// catalogue.
func TestDomains(t *testing.T) {
	t.Parallel()
	var names []string
	for _, domain := range domains() {
		names = append(names, domain.label)
		if domain.value == "" || strings.HasSuffix(domain.value, ".") {
			t.Errorf("%s: line %q", domain.label, domain.value)
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
		for _, f := range families(known, domain) {
			command := kebab(f.name)
			if commands[command] || strings.Trim(command, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
				t.Errorf("%s: command %q is taken or odd", domain, command)
			}
			commands[command] = true
			dates := f.dates()
			if !slices.IsSortedFunc(dates, func(a, b string) int { return strings.Compare(b, a) }) || len(slices.Compact(slices.Clone(dates))) != len(dates) || dates[len(dates)-1] == "" {
				t.Errorf("%s: versions %q", f.command(), dates)
			}
			total += len(f.versions)
			for _, e := range f.versions {
				op, err := known.Describe(e)
				if err != nil {
					t.Fatal(err)
				}
				siblings := append([]string{e.Name}, op.Siblings...)
				for _, other := range f.versions {
					if !slices.Contains(siblings, other.Name) || len(siblings) != len(f.versions) {
						t.Errorf("%s: siblings %q, versions %q", e.FullName(), siblings, dates)
					}
				}
				for _, words := range [][]string{{e.FullName()}, {e.Method, e.Path}} {
					if found, err := lookup(known, words); err != nil || found.FullName() != e.FullName() {
						t.Errorf("lookup(%q) = %s, %v", words, found.FullName(), err)
					}
				}
			}
			if found, err := lookup(known, strings.Fields(f.command())); err != nil || baseName(found.Name) != f.name {
				t.Errorf("lookup(%s) = %s, %v", f.command(), found.FullName(), err)
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
		_, err := lookup(known, strings.Fields(text))
		if err == nil || exitCode(err) != exitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("lookup(%s): %v, want %q in it", text, err, want)
		}
	}
}

func TestClosest(t *testing.T) {
	t.Parallel()
	names := []string{"order-status", "page-size", "page-token", "limit", "all"}
	for typed, want := range map[string]string{
		"page-sice":   "page-size",
		"paeg-size":   "page-size", // neighbours swapped
		"page":        "page-size page-token",
		"lmit":        "limit",
		"aal":         "all",
		"quite-other": "",
		"":            "",
	} {
		if got := strings.Join(closest(typed, names), " "); got != want {
			t.Errorf("closest(%q) = %q, want %q", typed, got, want)
		}
	}
	if got := distance("kitten", "sitting"); got != 3 {
		t.Errorf("distance = %d, want 3", got)
	}
}
