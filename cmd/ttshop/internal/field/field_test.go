package field

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
)

func TestParseField(t *testing.T) {
	t.Parallel()
	text := &catalog.Field{Type: catalog.String}
	status := &catalog.Field{Type: catalog.String, Enum: []string{"UNPAID", "ON_HOLD"}}
	integer := &catalog.Field{Type: catalog.Integer}
	seconds := &catalog.Field{Type: catalog.Integer, Kind: catalog.KindUnix}
	object := &catalog.Field{Type: catalog.Object}
	tests := []struct {
		name  string
		field *catalog.Field
		text  string
		want  any // nil: an error
	}{
		{"text", text, "12", "12"},
		{"known value", status, "ON_HOLD", "ON_HOLD"},
		{"known value in another spelling", status, "on-hold", "ON_HOLD"},
		{"unknown value", status, "OTHER", "OTHER"},
		{"integer", integer, "-3", json.Number("-3")},
		{"large integer", integer, "9007199254740993", json.Number("9007199254740993")},
		{"no integer", integer, "3.5", nil},
		{"number", &catalog.Field{Type: catalog.Number}, "1.10", json.Number("1.10")},
		{"no number", &catalog.Field{Type: catalog.Number}, "0x1", nil},
		{"boolean", &catalog.Field{Type: catalog.Boolean}, "false", false},
		{"no boolean", &catalog.Field{Type: catalog.Boolean}, "maybe", nil},
		{"list", &catalog.Field{Type: catalog.Array, Items: text}, "1,2", []any{"1", "2"}},
		{"list of integers", &catalog.Field{Type: catalog.Array, Items: integer}, "1,2", []any{json.Number("1"), json.Number("2")}},
		{"empty list", &catalog.Field{Type: catalog.Array, Items: text}, "", []any{}},
		{"JSON list", &catalog.Field{Type: catalog.Array, Items: text}, `["a,b"]`, []any{"a,b"}},
		{"broken list", &catalog.Field{Type: catalog.Array, Items: text}, `["a`, nil},
		{"list of objects", &catalog.Field{Type: catalog.Array, Items: object}, `{"a":1}`, []any{map[string]any{"a": json.Number("1")}}},
		{"object", object, `{"a":"b"}`, map[string]any{"a": "b"}},
		{"no object", object, `[1]`, nil},
		{"two objects", object, `{} {}`, nil},
		{"seconds", seconds, "1767225600", json.Number("1767225600")},
		{"date", seconds, "2026-01-01", json.Number("1767225600")},
		{"date and time", seconds, "2026-01-01T00:00:00Z", json.Number("1767225600")},
		{"span", seconds, "-24h", json.Number("1699913600")},
		{"days", seconds, "-7d", json.Number("1699395200")},
		{"milliseconds", &catalog.Field{Type: catalog.Integer, Kind: catalog.KindUnixMilli}, "2026-01-01", json.Number("1767225600000")},
		{"seconds as text", &catalog.Field{Type: catalog.String, Kind: catalog.KindUnix}, "2026-01-01", "1767225600"},
		{"no time", seconds, "yesterday", nil},
		{"days of a date", &catalog.Field{Type: catalog.String, Name: "start_date_ge"}, "-7d", "2023-11-07"},
		{"a date as it is", &catalog.Field{Type: catalog.String, Name: "start_date_ge"}, "2026-01-01", "2026-01-01"},
		{"a text that is not a date", &catalog.Field{Type: catalog.String, Name: "title"}, "-7d", "-7d"},
		{"nobody knows: number", nil, "12", json.Number("12")},
		{"nobody knows: text", nil, "a b", "a b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseField(tt.field, tt.text, fieldNow)
			if (err != nil) != (tt.want == nil) || err == nil && !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%#v, %v; want %#v", got, err, tt.want)
			}
		})
	}
}

func TestCheckField(t *testing.T) {
	t.Parallel()
	body := []catalog.Field{
		{Name: "skus", Type: catalog.Array, Required: true, MaxItems: 2, Items: &catalog.Field{Type: catalog.Object, Fields: []catalog.Field{
			{Name: "id", Type: catalog.String, Required: true, MaxLength: 3},
			{Name: "price", Type: catalog.String, Kind: catalog.KindDecimal, Min: "0.01"},
			{Name: "stock", Type: catalog.Integer, Min: "0", Max: "10"},
		}}},
		{Name: "mode", Type: catalog.String, Enum: []string{"FAST", "SLOW"}},
		{Name: "currency", Type: catalog.String, Enum: []string{"USD"}},
		{Name: "on", Type: catalog.Boolean},
	}
	tests := []struct{ body, want string }{
		{`{"skus":[{"id":"1","price":"9.90","stock":0}],"mode":"FAST","currency":"GBP","on":true}`, ""},
		{`{}`, "--skus: required, a JSON array"},
		{`{"skus":[]}`, ""},
		{`{"skus":[{}]}`, "skus[0].id: required, text"},
		{`{"skus":[{"id":"1"},{"id":"2"},{"id":"3"}]}`, "--skus: at most 2 items, got 3"},
		{`{"skus":[{"id":"1234"}]}`, "skus[0].id: at most 3 characters, got 4"},
		{`{"skus":[{"id":7}]}`, "skus[0].id: expected text, got a number"},
		{`{"skus":[{"id":"1","stock":11}]}`, "skus[0].stock: expected 0 to 10, got 11"},
		{`{"skus":[{"id":"1","stock":1.5}]}`, "skus[0].stock: expected a whole number, got 1.5"},
		{`{"skus":[{"id":"1","stock":"1"}]}`, "skus[0].stock: expected a whole number, got text"},
		{`{"skus":[{"id":"1","price":"cheap"}]}`, `skus[0].price: expected an amount such as 9.90, got "cheap"`},
		{`{"skus":{"id":"1"}}`, "--skus: expected a JSON array, got an object"},
		{`{"skus":[["1"]]}`, "skus[0]: expected a JSON object, got a list"},
		{`{"skus":[],"mode":"FSAT"}`, `--mode: "FSAT" is not one of FAST, SLOW; did you mean FAST?`},
		{`{"skus":[],"on":"true"}`, "--on: expected true or false, got text"},
		{`{"skus":null,"mode":null}`, ""},
	}
	for _, tt := range tests {
		value, err := DecodeJSON([]byte(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		var problems []Problem
		CheckObject(body, value.(map[string]any), "", &problems)
		var got []string
		for _, p := range problems {
			got = append(got, p.String())
		}
		if text := strings.Join(got, " | "); text != tt.want {
			t.Errorf("%s: %q, want %q", tt.body, text, tt.want)
		}
	}
}

func TestUnknownFields(t *testing.T) {
	t.Parallel()
	body := []catalog.Field{
		{Name: "skus", Type: catalog.Array, Items: &catalog.Field{Type: catalog.Object, Fields: []catalog.Field{{Name: "id", Type: catalog.String}}}},
		{Name: "map", Type: catalog.Object},
	}
	value, err := DecodeJSON([]byte(`{"skus":[{"id":"1"},{"idd":"2"}],"map":{"free":1},"extra":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(UnknownFields(body, value, ""), " "); got != "extra skus.idd" {
		t.Errorf("%q", got)
	}
}

// fieldNow is the time in these tests.
var fieldNow = time.Unix(1_700_000_000, 0)
