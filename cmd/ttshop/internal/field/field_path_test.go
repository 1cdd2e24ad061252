package field

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
)

// pricedBody is the body that the tests set values in.
func pricedBody() *catalog.Field {
	price := catalog.Field{Name: "price", Type: catalog.Object, Fields: []catalog.Field{
		{Name: "amount", Type: catalog.String, Kind: catalog.KindDecimal}, {Name: "currency", Type: catalog.String},
	}}
	return &catalog.Field{Type: catalog.Object, Fields: []catalog.Field{
		{Name: "skus", Type: catalog.Array, Items: &catalog.Field{Type: catalog.Object, Fields: []catalog.Field{
			{Name: "id", Type: catalog.String}, price, {Name: "stock", Type: catalog.Integer},
			{Name: "tags", Type: catalog.Array, Items: &catalog.Field{Type: catalog.String}},
		}}},
		{Name: "on", Type: catalog.Boolean},
		{Name: "map", Type: catalog.Object},
	}}
}

func setAll(assignments ...string) (string, error) {
	var body any
	for _, text := range assignments {
		path, value, _ := strings.Cut(text, "=")
		steps, err := ParsePath(path)
		if err != nil {
			return "", err
		}
		s := Setter{Leaf: func(f *catalog.Field, _ string) (any, error) { return ParseField(f, value, time.Time{}) }}
		if body, err = s.Set(body, pricedBody(), steps, ""); err != nil {
			return "", err
		}
	}
	b, err := json.Marshal(body)
	return string(b), err
}

func TestSet(t *testing.T) {
	t.Parallel()
	tests := []struct{ assignments, want string }{
		{"skus[0].price.amount=9.90", `{"skus":[{"price":{"amount":"9.90"}}]}`},
		{"skus[0].id=1 skus[1].id=2 skus[0].stock=0", `{"skus":[{"id":"1","stock":0},{"id":"2"}]}`},
		{"skus[].id=1 skus[].id=2", `{"skus":[{"id":"1"},{"id":"2"}]}`},
		{"skus[0].tags=a,b skus[0].tags[]=c", `{"skus":[{"tags":["a","b","c"]}]}`},
		{"on=true", `{"on":true}`},
		{"map.any.thing=1", `{"map":{"any":{"thing":1}}}`},
		{"map.list[0]=x", `{"map":{"list":["x"]}}`},
		{`skus[0]={"id":"7"} skus[0].stock=3`, `{"skus":[{"id":"7","stock":3}]}`},
	}
	for _, tt := range tests {
		if got, err := setAll(strings.Fields(tt.assignments)...); err != nil || got != tt.want {
			t.Errorf("%s: %s, %v; want %s", tt.assignments, got, err, tt.want)
		}
	}
	fails := []struct{ assignments, want string }{
		{"skus.id=1", "skus is a list; say which item, such as skus[0].id"},
		{"skus[1].id=1", "skus[1] leaves a gap: the list has 0 items so far"},
		{"skus[0].prise.amount=1", "there is no field skus[0].prise\n\nDid you mean this?\n\tprice"},
		{"skus[0].stock=many", `expected a whole number, got "many"`},
		{"on.off=1", "on takes true or false and has no member off"},
		{"on[0]=1", "on takes true or false, not a list"},
		{"[x]=1", "not an index"},
		{"a..b=1", "not a path"},
		{"=1", "not a path"},
		{"skus[0=1", "a bracket is missing"},
		{"skus[0]x=1", "a bracket is missing"},
		{"map.a=1 map.a.b=2", "map.a is not an object and has no member b"},
		{"map.a=1 map.a[0]=2", "map.a is not a list and has no item 0"},
	}
	for _, tt := range fails {
		if got, err := setAll(strings.Fields(tt.assignments)...); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %s, %v; want %q", tt.assignments, got, err, tt.want)
		}
	}
}

func TestValuesAt(t *testing.T) {
	t.Parallel()
	value, err := DecodeJSON([]byte(`{"a":[{"b":1},{"b":2},{}],"c":null,"d":{"e":"x"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"a[].b": "[1,2]", "a[1].b": "[2]", "a[7].b": "null", "c": "null", "d.e": `["x"]`, "d.e.f": "null", "x.y": "null", "d": `[{"e":"x"}]`,
	} {
		steps, err := ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(ValuesAt(value, steps)); err != nil || string(got) != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// FuzzSet sets values at paths of any kind: no path does harm, and what is set
// can be read back at the same path.
func FuzzSet(f *testing.F) {
	for _, path := range []string{"skus[0].price.amount", "on", "map.a[0].b", "[", "a]", "a[0]b", ".", "skus[99999999999999999999]", "skus[]"} {
		f.Add(path, "1")
	}
	f.Fuzz(func(t *testing.T, path, value string) {
		steps, err := ParsePath(path)
		if err != nil {
			return
		}
		s := Setter{Free: true, Leaf: func(*catalog.Field, string) (any, error) { return value, nil }}
		set, err := s.Set(nil, nil, steps, "")
		if err != nil {
			return
		}
		for i := range steps {
			if steps[i].Name == "" && steps[i].index == everyItem {
				steps[i].index = 0 // [] appended the first
			}
		}
		if got := ValuesAt(set, steps); len(got) != 1 || got[0] != value {
			t.Errorf("%q: %v", path, got)
		}
	})
}
