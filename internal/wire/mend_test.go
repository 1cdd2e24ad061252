package wire

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/internal/testdiff"
)

// repairTree is what mending is held against: the whole answer as a tree, repaired,
// written and decoded again.
func repairTree(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return err
	}
	repaired, err := json.Marshal(repairer{}.repair(tree, reflect.TypeOf(v).Elem()))
	if err != nil {
		return err
	}
	return json.Unmarshal(repaired, v)
}

type common struct {
	Region string `json:"region"`
	Active bool   `json:"active"`
}

type goods struct {
	common
	ID       string            `json:"id"`
	Count    int               `json:"count"`
	Big      int64             `json:"big"`
	Rate     float64           `json:"rate"`
	Yes      bool              `json:"yes"`
	Maybe    *int64            `json:"maybe"`
	Raw      json.RawMessage   `json:"raw"`
	Any      any               `json:"any"`
	Tags     []string          `json:"tags"`
	Parts    []goods           `json:"parts"`
	Deep     [][]int           `json:"deep"`
	Parent   *goods            `json:"parent"`
	ByName   map[string]string `json:"by_name"`
	ByGoods  map[string]goods  `json:"by_goods"`
	Hidden   string            `json:"-"`
	Untagged string
}

// A document of any values under names that fit, whatever their types, decodes to
// what a repaired tree gives, or both refuse it.
func TestMend(t *testing.T) {
	t.Parallel()
	refused := 0
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 0))
		data := []byte(anyGoods(random, 3))
		var want, got goods
		wantErr, gotErr := repairTree(data, &want), Decode(data, &got)
		if (wantErr == nil) != (gotErr == nil) {
			t.Fatalf("seed %d: error %v, want %v\n%s", seed, gotErr, wantErr, data)
		}
		if wantErr != nil {
			refused++
			continue
		}
		if diff := testdiff.Diff(want, got); diff != "" {
			t.Fatalf("seed %d: %s\n%s", seed, diff, data)
		}
	}
	if refused == 0 || refused > 1900 {
		t.Errorf("%d of 2000 documents are refused: the test says little", refused)
	}
}

// anyGoods writes an object with some of the fields of goods, mostly with values
// that can be converted.
func anyGoods(random *rand.Rand, depth int) string {
	one := func(values ...string) string { return values[random.IntN(len(values))] }
	number := func() string {
		return one("0", "1", "-7", "576461413038785752", "2.0", `"12"`, `"-3"`, `""`, `"007"`, "null")
	}
	text := func() string {
		return one(`"x"`, `""`, `"é\n\"\\"`, "5", "576461413038785752", "1.50", "true", "null", `"\u0041"`)
	}
	odd := func(value string) string {
		if random.IntN(150) == 0 {
			return one(`"much"`, "1.5", "{}", "[]", "true", "1e400", "99999999999999999999", `["x"]`)
		}
		return value
	}
	list := func(item func() string) string {
		if random.IntN(6) == 0 {
			return one("null", `""`, "[]")
		}
		items := make([]string, 1+random.IntN(3))
		for i := range items {
			items[i] = item()
		}
		return "[" + strings.Join(items, one(",", " ,\n")) + "]"
	}
	nested := func() string {
		if depth == 0 {
			return one("null", `""`, "{}")
		}
		return anyGoods(random, depth-1)
	}
	fields := map[string]func() string{
		"region": text, "active": func() string { return one("true", "false", `"true"`, `""`, "0", "1") },
		"id": text, "count": number, "big": number, "rate": func() string { return one("0.5", "1", `"0.25"`, `""`) },
		"yes": func() string { return one("true", `"false"`, "0", "1", `""`) }, "maybe": number,
		"raw": func() string { return one("5", `"x"`, `{"a":[1,"]"]}`, "[]") }, "any": func() string { return one("5", `"x"`, `{"a":[1]}`, "null") },
		"tags": func() string { return list(text) }, "parts": func() string { return list(nested) },
		"deep": func() string { return list(func() string { return list(number) }) }, "parent": nested,
		"by_name":  func() string { return one(`""`, "{}", `{"a":`+text()+`,"b":`+text()+"}") },
		"by_goods": func() string { return one(`""`, "{}", `{"a":`+nested()+"}") },
		"Untagged": text, "unknown": func() string { return one("5", `"}"`, `{"id":5,"x":[{}]}`, "[1,[2]]") },
	}
	var members []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value := fields[name]
		if random.IntN(3) == 0 {
			members = append(members, strconv.Quote(name)+one(":", " : ")+odd(value()))
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// What cannot be converted names its field.
func TestMendNamesTheField(t *testing.T) {
	t.Parallel()
	var g goods
	err := Decode([]byte(`{"id":1,"parts":[{"count":"much"}]}`), &g)
	if err == nil || !strings.Contains(err.Error(), "parts.count") {
		t.Errorf("error %v", err)
	}
}

// A field in another case, an escaped name and a type with its own decoding.
func TestMendOddNames(t *testing.T) {
	t.Parallel()
	var got struct {
		ID     string `json:"id"`
		Number Number `json:"number"`
	}
	if err := Decode([]byte(`{"ID":1,"n\u0075mber":"7"}`), &got); err != nil || got.ID != "1" || got.Number != 7 {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzMend(f *testing.F) {
	for seed := range uint64(20) {
		f.Add([]byte(anyGoods(rand.New(rand.NewPCG(seed, 1)), 2)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got goods
		err := Decode(data, &got)
		if err != nil {
			return
		}
		if len(bytes.TrimSpace(data)) > 0 && !json.Valid(data) {
			t.Fatalf("%q is decoded", data)
		}
		var strict goods
		if json.Unmarshal(data, &strict) == nil && testdiff.Diff(strict, got) != "" {
			t.Fatalf("%q gives %+v, want %+v", data, got, strict)
		}
	})
}
