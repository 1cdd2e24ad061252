package mcp_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// TestCurrents holds what is read before writes against the catalogue.
func TestCurrents(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("current.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]struct {
		Read, Each, As string
		Params         map[string]string
		Keep           []string
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	// has reports whether an operation takes a parameter, at a path of names.
	has := func(op *catalog.Operation, path string) bool {
		for _, p := range op.Params {
			if p.Name == path {
				return true
			}
		}
		return hasField(op.Body, path)
	}
	for name, how := range all {
		write, read := described(t, name), described(t, how.Read)
		if !write.Write || read.Write {
			t.Errorf("%s is read by %s", name, how.Read)
		}
		for param, path := range how.Params {
			if !has(read, param) || !has(write, path) {
				t.Errorf("%s: %s of %s is to be %s", name, param, how.Read, path)
			}
		}
		if how.Each != "" && (!has(read, how.As) || !has(write, how.Each)) {
			t.Errorf("%s: each of %s, as %s of %s", name, how.Each, how.As, how.Read)
		}
		for _, path := range how.Keep {
			if !hasField(read.Result, path) {
				t.Errorf("%s: %s has no %s", name, how.Read, path)
			}
		}
	}
}

func described(t *testing.T, name string) *catalog.Operation {
	t.Helper()
	known := new(catalog.Catalog)
	e, ok := known.ByName(name)
	if !ok {
		t.Fatalf("there is no operation %s", name)
	}
	op, err := known.Describe(e)
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func hasField(fields []catalog.Field, path string) bool {
	name, rest, more := strings.Cut(path, ".")
	for _, f := range fields {
		if f.Name != name {
			continue
		}
		inner := f.Fields
		if f.Items != nil {
			inner = f.Items.Fields
		}
		return !more || hasField(inner, rest)
	}
	return false
}

// TestPlanShowsNow: a plan shows what it changes, also to the person who approves it, and
// is good only as long as that is so. Stock moves by itself, and binds nothing.
func TestPlanShowsNow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	session := client(t, d.config, nil)
	price := func(amount string) answer {
		return use(t, session, "plan_write", args{"operation": "product.UpdatePrice", "shop": d.shop, "params": args{"product_id": d.product, "skus": []any{args{"id": d.sku, "price": args{"amount": amount, "currency": "GBP"}}}}})
	}
	apply := func(plan answer) answer {
		t.Helper()
		if a := use(t, session, "apply_write", args{"plan": plan.Data["plan"]}); a.Data["status"] != "waiting" {
			t.Fatal(a.Raw)
		}
		waiting, err := d.approvals.List(d.clock.now())
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range waiting {
			if w.Operation == "product.UpdatePrice" && !strings.Contains(string(w.Now), d.sku) {
				t.Errorf("the person is shown %s", w.Now)
			}
			if err := d.approvals.Decide(w, true); err != nil {
				t.Fatal(err)
			}
		}
		return use(t, session, "apply_write", args{"plan": plan.Data["plan"]})
	}
	first, second := price("20.00"), price("30.00")
	if now, err := json.Marshal(first.Data["now"]); err != nil || !strings.Contains(string(now), d.sku) || !strings.Contains(string(now), "price") {
		t.Fatalf("now: %s, %v", now, err)
	}
	if a := apply(first); a.Data["status"] != "sent" {
		t.Fatal(a.Raw)
	}
	sent := len(d.platform.sent())
	if a := apply(second); a.failure() != "changed" {
		t.Errorf("a plan about an old price: %s", a.Raw)
	}
	if len(d.platform.sent()) != sent {
		t.Error("it was sent all the same")
	}
	if a := use(t, session, "apply_write", args{"plan": second.Data["plan"]}); a.failure() != "plan" {
		t.Errorf("the plan is still there: %s", a.Raw)
	}
	if third := price("30.00"); !strings.Contains(third.Raw, "20.00") && !strings.Contains(third.Raw, `"20"`) {
		t.Errorf("it does not show the new price: %s", third.Raw)
	}

	unknown := use(t, session, "plan_write", args{"operation": "product.CreateProduct", "shop": d.shop, "params": example(described(t, "product.CreateProduct"))})
	if unknown.IsError || unknown.Data["now_unknown"] == nil || unknown.Data["now"] != nil {
		t.Error(unknown.Raw)
	}
	missing := use(t, session, "plan_write", args{"operation": "product.DeleteProducts", "shop": d.shop, "params": args{"product_ids": []any{"1"}}})
	if text, _ := missing.Data["now_unknown"].(string); missing.IsError || !strings.Contains(text, "could not be read") {
		t.Error(missing.Raw)
	}
}
