package catalog

import (
	"strings"
	"testing"
)

// Every operation has its descriptions in step with its fields.
func TestExplain(t *testing.T) {
	t.Parallel()
	c := new(Catalog)
	for _, e := range c.Operations("") {
		plain, err := c.Describe(e)
		if err != nil {
			t.Fatal(err)
		}
		fields := 0
		plain.Walk(func(f *Field) {
			fields++
			if f.Description != nil {
				t.Errorf("%s: Describe filled in the description of %s", e.FullName(), f.Name)
			}
		})
		if _, err := c.Explain(e); err != nil {
			t.Error(err)
			continue
		}
		d := c.domain(e.Domain)
		for i, known := range d.entries {
			if known.Name == e.Name && len(d.words.Operations[i].Fields) != fields {
				t.Errorf("%s: %d descriptions for %d fields", e.FullName(), len(d.words.Operations[i].Fields), fields)
			}
		}
	}
}

func TestExplainFields(t *testing.T) {
	t.Parallel()
	c := new(Catalog)
	e, _ := c.ByName("order.GetOrderList")
	op, err := c.Explain(e)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*Description{}
	op.Walk(func(f *Field) {
		if f.Description == nil {
			t.Errorf("%s has no description", f.Name)
			return
		}
		found[f.Name] = f.Description
	})
	if d := found["rts_time"]; d == nil || !strings.Contains(d.Text, "shipped") {
		t.Errorf("rts_time: %+v", d)
	}
	if d := found["order_status"]; d == nil || !strings.Contains(d.Values["UNPAID"], "not paid") {
		t.Errorf("order_status: %+v", d)
	}
	if d := found["sub_total"]; d == nil || d.Sum != "total_amount" {
		t.Errorf("sub_total: %+v", d)
	}
}
