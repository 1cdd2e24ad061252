package describe

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
	"github.com/ttshop-go/ttshop/internal/testdiff"
)

// domain is one operation of two dates with a nested field and an enum.
func domain() []*spec.Domain {
	op := func(date string) *spec.Operation {
		return &spec.Operation{
			Method: "GET", Path: "/order/" + date + "/orders", Title: "GetOrders", Version: date,
			Params: []*spec.Field{{Name: "id", In: "query", Type: catalog.String}},
			Result: []*spec.Field{{Name: "orders", Type: catalog.Array, Items: &spec.Field{Type: catalog.Object, Fields: []*spec.Field{
				{Name: "id", Type: catalog.String},
				{Name: "status", Type: catalog.String, Enum: []string{"PAID", "SENT"}, MaxLength: 9},
			}}}},
		}
	}
	return []*spec.Domain{{Name: "order", Operations: []*spec.Operation{op("202309"), op("202507")}}}
}

// load writes files by name and loads them.
func load(t *testing.T, files map[string]string) (*Book, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Load(dir)
}

const complete = `{
 "fields": {"id": "Of a query.", "orders": "All of them.", "orders.id": "Names one.", "status": {"text": "How far it is.", "unit": "steps"}},
 "values": {"PAID": "Money came.", "status.SENT": "On its way."}
}`

func TestApply(t *testing.T) {
	t.Parallel()
	book, err := load(t, map[string]string{"order.json": `{
 "operations": {
  "GET /order/*/orders": {"before": "Any state.", "fields": {"query.id": "Of all dates."}},
  "GET /order/202507/orders": {"after": "The same.", "fields": {"result.orders.id": "Of one date."}, "values": {"PAID": "Paid in 2025."}}
 },
 "fields": {"orders": "All of them.", "orders.id": "Of an order.", "status": {"text": "How far it is.", "unit": "steps", "max_length": 9}},
 "values": {"PAID": "Money came."}
}`, "shared.json": `{"values": {"SENT": "On its way."}}`})
	if err != nil {
		t.Fatal(err)
	}
	domains := domain()
	gaps, err := book.Apply(domains)
	if err != nil || len(gaps["order"]) > 0 {
		t.Fatalf("gaps %v, error %v", gaps, err)
	}
	got := map[string]string{}
	for _, op := range domains[0].Operations {
		op.WalkAll(func(path string, f *spec.Field) {
			got[op.Version+" "+path] = f.Doc.Text + f.Doc.Unit + f.Doc.Values["PAID"] + f.Doc.Values["SENT"]
		})
	}
	want := map[string]string{
		"202309 query.id": "Of all dates.", "202309 result.orders": "All of them.", "202309 result.orders[].id": "Of an order.",
		"202309 result.orders[].status": "How far it is.stepsMoney came.On its way.",
		"202507 query.id":               "Of all dates.", "202507 result.orders": "All of them.", "202507 result.orders[].id": "Of one date.",
		"202507 result.orders[].status": "How far it is.stepsPaid in 2025.On its way.",
	}
	if diff := testdiff.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if doc := domains[0].Operations[1].Doc; doc == nil || doc.After != "The same." {
		t.Errorf("notes of the exact date: %+v", doc)
	}
	if doc := domains[0].Operations[0].Doc; doc == nil || doc.Before != "Any state." {
		t.Errorf("notes of all dates: %+v", doc)
	}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	book, err := load(t, map[string]string{"order.json": `{"fields": {"id": "Of anything.", "status": "How far it is."}, "values": {"PAID": "Money came."}}`})
	if err != nil {
		t.Fatal(err)
	}
	gaps, err := book.Apply(domain())
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Worklist(&out, gaps["order"], nil); err != nil {
		t.Fatal(err)
	}
	want := "result.orders  ([]object) ×2  at GetOrders202309 result.orders … GetOrders202507 result.orders\n" +
		"orders.status  (string length≤9) ×2 values only  at GetOrders202309 result.orders.status … GetOrders202507 result.orders.status\n" +
		"    values: SENT\n"
	if diff := testdiff.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

// What is wrong in a file is refused with the place where it stands.
func TestRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"unknown member":     {`{"feilds": {}}`, `order.json: decoding: json: unknown field "feilds"`},
		"unknown fact":       {`{"fields": {"id": {"text": "A.", "untis": "kg"}}}`, `unknown field "untis"`},
		"key twice":          {`{"fields": {"id": "A.", "id": "B."}}`, `order.json: "id" appears twice in fields`},
		"joined key twice":   {`{"fields": {"id, status": "A.", "orders, id": "B."}}`, `order.json: fields › "id" appears twice`},
		"no such field":      {`{"fields": {"colour": "Red."}}`, `order.json: fields › "colour" describes no field`},
		"no such value":      {`{"values": {"LOST": "Gone."}}`, `order.json: values › "LOST" describes no value`},
		"hidden by a longer": {`{"fields": {"status": "A.", "orders.status": "B."}}`, `order.json: fields › "status" describes no field`},
		"no such operation":  {`{"operations": {"GET /order/*/parcels": {}}}`, `order.json: operations › GET /order/*/parcels: there is no such operation`},
		"no such sum":        {`{"fields": {"status": {"text": "A.", "sum": "totl"}}}`, `is part of totl, which is not a field of the domain`},
		"limit contradicts":  {`{"fields": {"status": {"text": "A.", "max_length": 8}}}`, `max_length is 8 here and 9 in spec/operations`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book, err := load(t, map[string]string{"order.json": test.text})
			if err == nil {
				_, err = book.Apply(domain())
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
	book, err := load(t, map[string]string{"parcels.json": `{}`})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := book.Apply(domain()); err == nil || !strings.Contains(err.Error(), "parcels.json: there is no domain parcels") {
		t.Errorf("a file without a domain: %v", err)
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	official := NewShingles([]string{"The date and time at which the <b>seller</b> handed the parcel over, as `ship_time` of orders."})
	for text, want := range map[string]string{
		"When the carrier has it.":     "",
		"":                             "no text",
		"when it left.":                "capital letter",
		"When it left":                 "full stop",
		"When  it left.":               "stray spaces",
		"Ship time.":                   "only repeats the name",
		"The ship times of the order.": "only repeats the name",
		"Date and time at which the seller handed the parcel.":             "", // "b" of the markup stands between
		"It is seller b handed the parcel over as ship_time of orders.":    "word for word",
		"Long " + strings.Repeat("and longer ", 40) + "than one can read.": "at most 400",
	} {
		e := &entry{Text: text}
		problems := e.problems("order.ship_time", official)
		switch {
		case want == "" && len(problems) > 0:
			t.Errorf("%q: %v", text, problems)
		case want != "" && (len(problems) == 0 || !strings.Contains(problems[0].Error(), want)):
			t.Errorf("%q: %v, want %q", text, problems, want)
		}
	}
}

// The hashes that are stored find what those in memory find.
func TestShingles(t *testing.T) {
	t.Parallel()
	s := NewShingles([]string{"one two three four five six seven eight nine ten", "too short to count"})
	data, err := s.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	back, err := LoadShingles(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := testdiff.Diff(s.set, back.set); diff != "" || len(back.set) != 3 {
		t.Errorf("%d hashes: %s", len(back.set), diff)
	}
	if got := back.Find("zero, One two three four five six seven EIGHT."); got != "one two three four five six seven eight" {
		t.Errorf("found %q", got)
	}
	if got := back.Find("one two three four five six seven"); got != "" {
		t.Errorf("seven words: found %q", got)
	}
	if _, err := LoadShingles(path + "x"); err == nil || !strings.Contains(err.Error(), "-shingles") {
		t.Errorf("a missing file: %v", err)
	}
}

// Format leaves a file alone that is in its layout, and Check refuses others.
func TestLayout(t *testing.T) {
	t.Parallel()
	book, err := load(t, map[string]string{"order.json": complete})
	if err != nil {
		t.Fatal(err)
	}
	if err := book.Check(nil, nil, nil); err == nil || !strings.Contains(err.Error(), "describe -format") {
		t.Errorf("before: %v", err)
	}
	if err := Format(book.dir); err != nil {
		t.Fatal(err)
	}
	if book, err = Load(book.dir); err != nil {
		t.Fatal(err)
	}
	if err := book.Check(nil, nil, nil); err != nil {
		t.Errorf("after: %v", err)
	}
}

// The same seed draws the same fields, and only described ones.
func TestSample(t *testing.T) {
	t.Parallel()
	book, err := load(t, map[string]string{"order.json": `{"fields": {"status": {"text": "How far it is.", "sign": "Forwards."}}, "values": {"PAID": "Money came."}}`})
	if err != nil {
		t.Fatal(err)
	}
	domains := domain()
	if _, err := book.Apply(domains); err != nil {
		t.Fatal(err)
	}
	draw := func(n int, seed uint64) string {
		var out strings.Builder
		if err := Sample(&out, domains, n, seed, nil); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	want := "1. GET /order/202309/orders result.orders.status  (string length≤9)\n   How far it is. [sign: Forwards.]\n     PAID: Money came.\n" +
		"2. GET /order/202507/orders result.orders.status  (string length≤9)\n   How far it is. [sign: Forwards.]\n     PAID: Money came.\n"
	if diff := testdiff.Diff(want, draw(9, 1)); diff != "" {
		t.Error(diff)
	}
	if first, second := draw(1, 1), draw(1, 1); first != second {
		t.Error("the same seed drew two samples")
	}
}

func TestStatements(t *testing.T) {
	t.Parallel()
	official, err := NewOfficial(map[string][]byte{"order.json": []byte(`{"paths": {"/order/202309/orders": {"get": {
 "parameters": [{"name": "id", "in": "query", "description": "Format: E.164. Required when no other filter is set. Available only in Brazil."}],
 "responses": {"200": {"content": {"application/json": {"schema": {"properties": {"data": {"properties": {"orders": {
  "items": {"properties": {"id": {"description": "The number of the order."}, "status": {"description": "Max length: 9 characters."}}}}}}}}}}}}
}}}}`)})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, entry  string
		want, listed map[string]string
	}{
		{
			"nothing carried", `"Of a query."`,
			map[string]string{"format": "1 of 0", "required_if": "1 of 0", "markets": "1 of 0", "length": "1 of 1"},
			map[string]string{"format: ": "order.json › query.id", "markets: ": "order.json › query.id"},
		},
		{
			"all carried", `{"text": "Of a query.", "format": "E.164", "required_if": "nothing else is", "markets": ["BR"]}`,
			map[string]string{"format": "1 of 1", "required_if": "1 of 1", "markets": "1 of 1", "length": "1 of 1"}, nil,
		},
	} {
		domains := domain()
		book, err := load(t, map[string]string{"order.json": `{"fields": {"query.id": ` + test.entry + `, "orders.id": "Of an order.", "orders": "All.", "status": "How far."}, "values": {"PAID": "Paid.", "SENT": "Sent."}}`})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := book.Apply(domains); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		tallies, err := book.Statements(&out, domains, official, "all")
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, tally := range tallies {
			if tally.Stated > 0 {
				got[tally.Kind] = fmt.Sprintf("%d of %d", tally.Stated, tally.Carried)
			}
		}
		if diff := testdiff.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
		if len(test.listed) == 0 && out.Len() > 0 {
			t.Errorf("%s: lists %s", test.name, out.String())
		}
		for kind, place := range test.listed {
			if !strings.Contains(out.String(), kind+place) {
				t.Errorf("%s: %s of %s is not listed in\n%s", test.name, kind, place, out.String())
			}
		}
		if _, err := book.Statements(&out, domains, official, "colour"); err == nil {
			t.Errorf("%s: an unknown kind gave no error", test.name)
		}
	}
}
