package catalog

import (
	"regexp"
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

// What descriptions and notes name in the manner of an operation is one.
func TestWordsNameOperations(t *testing.T) {
	t.Parallel()
	c := new(Catalog)
	verbs, names := map[string]bool{}, map[string]bool{}
	for _, e := range c.Operations("") {
		names[e.Name] = true
		names[dated.ReplaceAllString(e.Name, "")] = true
		verbs[firstHump.FindString(e.Name)] = true
	}
	checked := 0
	check := func(place, text string) {
		for _, name := range operationName.FindAllString(text, -1) {
			if !verbs[firstHump.FindString(name)] {
				continue
			}
			checked++
			if !names[name] {
				t.Errorf("%s names %s, which is not an operation: %s", place, name, text)
			}
		}
	}
	for _, e := range c.Operations("") {
		op, err := c.Explain(e)
		if err != nil {
			t.Fatal(err)
		}
		if n := op.Notes; n != nil {
			check(e.FullName(), n.Before+" "+n.After)
			for code, text := range n.Codes {
				check(e.FullName()+" "+code, text)
			}
		}
		op.Walk(func(f *Field) {
			if d := f.Description; d != nil {
				check(e.FullName()+" "+f.Name, d.Text+" "+d.RequiredIf+" "+d.Deprecated+" "+d.Sign)
				for _, text := range d.Values {
					check(e.FullName()+" "+f.Name, text)
				}
			}
		})
	}
	if checked < 300 {
		t.Errorf("%d names checked", checked)
	}
}

var (
	dated         = regexp.MustCompile(`V\d{6}$`)
	firstHump     = regexp.MustCompile(`^[A-Z][a-z]+`)
	operationName = regexp.MustCompile(`\b[A-Z][a-z]+[A-Z]\w*`)
)

func TestFacts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		of   Description
		want string
	}{
		{"nothing", Description{Text: "Name of the shop."}, ""},
		{"all", Description{
			Text: "Weight.", RequiredIf: "type is SINGLE", Unit: "kg", Format: "three decimals", Sign: "Never negative.", Sum: "total", Markets: []string{"GB"},
		}, "Required if type is SINGLE. Unit: kg. Format: three decimals. Never negative. Part of total. GB only."},
		{"unit that the text says", Description{Text: "Commission, in hundredths of a percent: 3587 means 35.87 %.", Unit: "hundredths of a percent"}, ""},
		{"rate with an example", Description{Text: "Clicks by views: 5 means 5 %.", Unit: "percent"}, ""},
		{"unit that nobody says", Description{Text: "Size.", Unit: "undocumented"}, ""},
		{"format that the text says", Description{Text: "ISO 4217 code of the amount.", Format: "ISO 4217"}, ""},
		{"two markets", Description{Text: "Fee.", Markets: []string{"GB", "US"}}, "GB and US only."},
		{"Southeast Asia", Description{Text: "Fee.", Markets: []string{"ID", "MY", "PH", "SG", "TH", "VN"}}, "Southeast Asia only."},
		{"Southeast Asia and more", Description{Text: "Fee.", Markets: []string{"BR", "EU", "ID", "MY", "PH", "SG", "TH", "VN"}}, "BR, EU and Southeast Asia only."},
		{"a part of Southeast Asia", Description{Text: "Fee.", Markets: []string{"ID", "MY", "PH"}}, "ID, MY and PH only."},
	} {
		if got := strings.Join(test.of.Facts(), " "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
