package apitest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
)

// Answers of a later platform, or of one that is careless with types, decode.
func TestForgiving(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, c *call) {
		var f filler
		data := f.answer(c.op.Result)
		params := c.newParams()
		fillPath(params.Elem())
		for _, variant := range []struct {
			name string
			data any
			want any // what of it must arrive
		}{
			{"unknown fields", withUnknown(data), data},
			{"swapped scalars", swapped(data), data},
			{"nulls", nulls(data), nil},
			{"null data", nil, nil},
			{"empty data", map[string]any{}, nil},
		} {
			result, err := c.do(t.Context(), params, variant.data)
			if err != nil {
				t.Errorf("%s: %v", variant.name, err)
				continue
			}
			if variant.want != nil {
				compare(variant.name+": result", variant.want, result, t.Errorf)
			} else if !reflect.ValueOf(result.Elem().Interface()).IsZero() && variant.name != "nulls" {
				t.Errorf("%s: result %v, want zero", variant.name, result)
			}
		}
		c.transport.answer = []byte(`{"code":0,"message":"Success","request_id":"1"}`)
		out := c.invoke(t.Context(), params)
		if err, _ := out[1].Interface().(error); err != nil {
			t.Errorf("missing data: %v", err)
		}
	})
}

// withUnknown adds members that no version knows, everywhere.
func withUnknown(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{"zz_added_later": map[string]any{"a": []any{1, "b", nil}}}
		for name, v := range value {
			out[name] = withUnknown(v)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, v := range value {
			out[i] = withUnknown(v)
		}
		return out
	}
	return value
}

// swapped turns numbers into strings and strings of digits into numbers.
func swapped(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, v := range value {
			out[name] = swapped(v)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, v := range value {
			out[i] = swapped(v)
		}
		return out
	case int64, float64:
		return fmt.Sprint(value)
	}
	return value
}

// nulls replaces every scalar and every second container by null.
func nulls(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, v := range value {
			out[name] = nulls(v)
		}
		return out
	case []any:
		return []any{nil, nulls(value[1])}
	}
	return nil
}

// Ids that come as numbers keep every digit.
func TestNumberForString(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, c *call) {
		var f filler
		data := f.answer(c.op.Result)
		params := c.newParams()
		fillPath(params.Elem())
		sent := digits(data, new(int64))
		result, err := c.do(t.Context(), params, sent)
		if err != nil {
			t.Fatal(err)
		}
		compare("result", sent, result, t.Errorf)
	})
}

// digits replaces every string by a number of nineteen digits.
func digits(value any, last *int64) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, v := range value {
			out[name] = digits(v, last)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, v := range value {
			out[i] = digits(v, last)
		}
		return out
	case string:
		*last++
		return json.Number(fmt.Sprint(7_494_560_109_732_334_000 + *last))
	}
	return value
}
