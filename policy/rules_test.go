package policy_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/policy"
)

var now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

func newOperations(t testing.TB) (*policy.Operations, *catalog.Catalog) {
	t.Helper()
	c := new(catalog.Catalog)
	operations, err := policy.NewOperations(c)
	if err != nil {
		t.Fatal(err)
	}
	return operations, c
}

// create adds a key to a document and returns its secrets.
func create(t testing.TB, d *policy.Document, k policy.Key, sealer policy.Sealer) policy.Issued {
	t.Helper()
	issued, err := d.Create(k, now, sealer)
	if err != nil {
		t.Fatal(err)
	}
	return issued
}

func newRules(t testing.TB, operations *policy.Operations, d *policy.Document) *policy.Rules {
	t.Helper()
	rules, err := operations.NewRules(d.Keys)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// Every operation against keys of all kinds: what is allowed is what the patterns
// say, and what counts as reading is the catalogue's judgement.
func TestMatrixIsTheCatalogue(t *testing.T) {
	t.Parallel()
	operations, c := newOperations(t)
	keys := []policy.Key{
		{Name: "all", Allow: []string{"*"}},
		{Name: "reader", Allow: []string{"*"}, ReadOnly: true},
		{Name: "orders", Allow: []string{"order.*"}},
		{Name: "not-orders", Allow: []string{"*"}, Deny: []string{"order.*"}},
		{Name: "orders-reader", Allow: []string{"order.*", "logistics.*"}, ReadOnly: true},
		{Name: "none"},
	}
	wants := map[string]func(op *catalog.Operation) bool{
		"all":        func(*catalog.Operation) bool { return true },
		"reader":     func(op *catalog.Operation) bool { return !op.Write },
		"orders":     func(op *catalog.Operation) bool { return op.Domain == "order" },
		"not-orders": func(op *catalog.Operation) bool { return op.Domain != "order" },
		"orders-reader": func(op *catalog.Operation) bool {
			return !op.Write && (op.Domain == "order" || op.Domain == "logistics")
		},
		"none": func(*catalog.Operation) bool { return false },
	}
	d := &policy.Document{Version: 1}
	for _, k := range keys {
		k.Shops = []string{"1"}
		create(t, d, k, nil)
	}
	rules := newRules(t, operations, d)
	reads, posts := 0, 0
	for _, e := range c.Operations("") {
		op, err := c.Describe(e)
		if err != nil {
			t.Fatal(err)
		}
		if !op.Write {
			reads++
			if op.Method != "GET" {
				posts++
			}
		}
		for name, want := range wants {
			got := rules.Client(name).Decide(policy.Request{Operation: e.FullName(), Shop: policy.Shop{ID: "1"}})
			if got.Allowed != want(op) || got.Write != op.Write || got.Key != name || got.Operation != e.FullName() {
				t.Errorf("%s, key %s: %+v, want %t", e.FullName(), name, got, want(op))
			}
		}
	}
	if reads < 200 || posts < 30 {
		t.Errorf("%d operations only read, %d of them by another method than GET: the catalogue has changed", reads, posts)
	}
}

func TestWhichRuleDecides(t *testing.T) {
	t.Parallel()
	operations, _ := newOperations(t)
	d := &policy.Document{Version: 1}
	gb, us := policy.Shop{ID: "1", Code: "GBCODE", Name: "London", Region: "GB"}, policy.Shop{ID: "2", Name: "*", Region: "US"}
	for _, k := range []policy.Key{
		{Name: "id", Shops: []string{"1"}},
		{Name: "code", Shops: []string{"GB*"}},
		{Name: "name", Shops: []string{"name:Lon*"}},
		{Name: "region", Shops: []string{"region:US", "region:DE"}},
		{Name: "any", Shops: []string{"*"}},
		{Name: "whole", Shops: []string{"1"}, WholeAccounts: true},
		{Name: "creator", Grants: []string{"open-1"}},
		{Name: "none"},
	} {
		k.Allow = []string{"order.Get*", "product.*", "order.*"}
		k.Deny = []string{"product.Delete*", "product.DeleteProducts"}
		create(t, d, k, nil)
	}
	create(t, d, policy.Key{Name: "reader", Allow: []string{"*"}, Shops: []string{"*"}, ReadOnly: true, Deny: []string{"finance.*"}}, nil)
	rules := newRules(t, operations, d)
	for _, test := range []struct {
		key, rule, pattern string
		q                  policy.Request
	}{
		{"id", "allow", "order.Get*", policy.Request{Operation: "order.GetOrderList", Shop: gb}},
		{"id", "allow", "order.*", policy.Request{Operation: "order.AddExternalOrderReferences", Shop: gb}},
		{"id", "deny", "product.Delete*", policy.Request{Operation: "product.DeleteProducts", Shop: gb}},
		{"id", "default", "", policy.Request{Operation: "finance.GetStatements", Shop: gb}},
		{"id", "catalogue", "", policy.Request{Operation: "order.GetNothing", Shop: gb}},
		{"id", "catalogue", "", policy.Request{Shop: gb}},
		{"id", "shop", "", policy.Request{Operation: "order.GetOrderList", Shop: us}},
		{"id", "shop", "", policy.Request{Operation: "order.GetOrderList"}},
		{"code", "allow", "order.Get*", policy.Request{Operation: "order.GetOrderList", Shop: gb}},
		{"code", "shop", "", policy.Request{Operation: "order.GetOrderList", Shop: us}},
		{"name", "allow", "order.Get*", policy.Request{Operation: "order.GetOrderList", Shop: gb}},
		{"name", "shop", "", policy.Request{Operation: "order.GetOrderList", Shop: us}},
		{"region", "allow", "order.Get*", policy.Request{Operation: "order.GetOrderList", Shop: us}},
		{"region", "shop", "", policy.Request{Operation: "order.GetOrderList", Shop: gb}},
		{"any", "shop", "", policy.Request{Operation: "order.GetOrderList"}},
		{"id", "account", "", policy.Request{Operation: "order.GetOrderList", Shop: gb, Account: []policy.Shop{gb, us}}},
		{"id", "allow", "order.Get*", policy.Request{Operation: "order.GetOrderList", Shop: gb, Account: []policy.Shop{gb}}},
		{"whole", "allow", "order.Get*", policy.Request{Operation: "order.GetOrderList", Shop: gb, Account: []policy.Shop{gb, us}}},
		{"whole", "shop", "", policy.Request{Operation: "order.GetOrderList", Shop: us, Account: []policy.Shop{gb, us}}},
		{"creator", "allow", "order.Get*", policy.Request{Operation: "order.GetOrderList", Grant: "open-1"}},
		{"creator", "grant", "", policy.Request{Operation: "order.GetOrderList", Grant: "open-2"}},
		{"creator", "shop", "", policy.Request{Operation: "order.GetOrderList", Shop: gb}},
		{"any", "grant", "", policy.Request{Operation: "order.GetOrderList", Grant: "open-1"}},
		{"none", "shop", "", policy.Request{Operation: "order.GetOrderList", Shop: gb}},
		{"reader", "read-only", "", policy.Request{Operation: "product.DeleteProducts", Shop: gb}},
		{"reader", "deny", "finance.*", policy.Request{Operation: "finance.GetStatements", Shop: gb}},
		{"reader", "allow", "*", policy.Request{Operation: "order.GetOrderList", Shop: gb}},
	} {
		got := rules.Client(test.key).Decide(test.q)
		if string(got.Rule) != test.rule || got.Pattern != test.pattern || got.Allowed != (test.rule == "allow") {
			t.Errorf("key %s, %+v: %+v, want rule %s %q", test.key, test.q, got, test.rule, test.pattern)
		}
		if text := got.String(); !strings.Contains(text, test.key) && test.rule != "catalogue" {
			t.Errorf("%q does not name the key %s", text, test.key)
		}
	}
}

func TestMisspeltPatternsAreErrors(t *testing.T) {
	t.Parallel()
	operations, _ := newOperations(t)
	for name, k := range map[string]policy.Key{
		"deny":    {Name: "k", Allow: []string{"*"}, Deny: []string{"ordr.*"}},
		"allow":   {Name: "k", Allow: []string{"order.getorderlist"}},
		"shop":    {Name: "k", Shops: []string{"shape:x"}},
		"no shop": {Name: "k", Shops: []string{""}},
		"name":    {Name: "k k"},
		"rate":    {Name: "k", Rate: -1},
		"daily":   {Name: "k", Daily: -1},
		"grant":   {Name: "k", Grants: []string{"*"}},
	} {
		if _, err := operations.NewRules([]policy.Key{k}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestOnlyShop(t *testing.T) {
	t.Parallel()
	operations, _ := newOperations(t)
	for want, shops := range map[string][]string{"7": {"7"}, "-1": {"7", "8"}, "-2": {"7*"}, "-3": {"name:x"}, "-4": nil} {
		rules, err := operations.NewRules([]policy.Key{{Name: "k", Shops: shops}})
		if err != nil {
			t.Fatal(err)
		}
		got, ok := rules.Client("k").OnlyShop()
		if ok != (want == "7") || ok && got != want {
			t.Errorf("shops %q: %q, %t", shops, got, ok)
		}
	}
}

// A decision at 10,000 keys and 5,000 shops takes less than 5 µs: from the
// presented key to the shop.
func BenchmarkDecide(b *testing.B) {
	operations, _ := newOperations(b)
	d := &policy.Document{Version: 1}
	const keys, shops = 10_000, 5_000
	presented := make([]string, keys)
	for i := range keys {
		k := policy.Key{Name: "key" + strconv.Itoa(i), Allow: []string{"order.*", "product.*", "logistics.Get*"}, Deny: []string{"product.Delete*"}, Rate: 10}
		k.Shops = []string{strconv.Itoa(i % shops), strconv.Itoa((i + 1) % shops), "name:UK *", "region:DE"}
		if i%100 == 0 { // some have all of them, one by one
			k.Shops = nil
			for s := range shops {
				k.Shops = append(k.Shops, strconv.Itoa(s))
			}
		}
		c, issued, err := policy.Issue(now)
		if err != nil {
			b.Fatal(err)
		}
		k.Credentials = []policy.Credential{c}
		presented[i] = issued.RevealKey()
		d.Keys = append(d.Keys, k)
	}
	rules := newRules(b, operations, d)
	i := 0
	for b.Loop() {
		client, _ := rules.Authenticate(presented[i%keys], now)
		id := strconv.Itoa(i % keys % shops)
		if !client.Decide(policy.Request{Operation: "order.GetOrderList", Shop: policy.Shop{ID: id, Code: "C", Name: "Shop", Region: "GB"}}).Allowed {
			b.Fatal("refused")
		}
		i++
	}
}
