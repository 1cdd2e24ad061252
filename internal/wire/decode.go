package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Number is an integer that decodes from a JSON number or string.
type Number int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *Number) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	if text == "null" || text == "" {
		*n = 0
		return nil
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("%q is not an integer", text)
	}
	*n = Number(v)
	return nil
}

// Decode decodes an answer's JSON into v, a pointer, and forgives what the
// platform does: numbers as strings, strings as numbers, and never through a
// float. Nulls leave zero values. The forgiving pass runs only after a strict one
// met a value of the wrong type, and touches only such values.
func Decode(data []byte, v any) error { return decode(data, v, repairer{}) }

// DecodeEvent is Decode for the data of webhooks. It also takes a single value
// where a list is meant, and a list of one where an object is meant.
func DecodeEvent(data []byte, v any) error { return decode(data, v, repairer{lists: true}) }

func decode(data []byte, v any, r repairer) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	err := json.Unmarshal(data, v)
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok {
		return err
	}
	target := reflect.TypeOf(v)
	if target == nil || target.Kind() != reflect.Pointer {
		return err
	}
	if !r.lists {
		return mend(data, reflect.ValueOf(v).Elem())
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return err
	}
	repaired, marshalErr := json.Marshal(r.repair(tree, target.Elem()))
	if marshalErr != nil {
		return marshalErr
	}
	reflect.ValueOf(v).Elem().SetZero()
	return json.Unmarshal(repaired, v)
}

var (
	unmarshaler = reflect.TypeFor[json.Unmarshaler]()
	rawMessage  = reflect.TypeFor[json.RawMessage]()
)

type repairer struct {
	lists bool // single values become lists, and lists of one become objects
}

// forgives reports whether a type decodes odd values itself.
func (r repairer) forgives(target reflect.Type) bool {
	return target == rawMessage ||
		r.lists && target.Kind() != reflect.Slice && reflect.PointerTo(target).Implements(unmarshaler)
}

// repair returns the tree with the shapes that the target type asks for. What
// it cannot convert without loss it leaves for the decoder to report.
func (r repairer) repair(tree any, target reflect.Type) any {
	for target.Kind() == reflect.Pointer {
		target = target.Elem()
	}
	if r.forgives(target) {
		return tree
	}
	switch node := tree.(type) {
	case map[string]any:
		switch {
		case target.Kind() == reflect.Struct:
			r.repairStruct(node, target)
		case target.Kind() == reflect.Map:
			for key, child := range node {
				node[key] = r.repair(child, target.Elem())
			}
		case target.Kind() == reflect.Slice && r.lists:
			return []any{r.repair(node, target.Elem())}
		}
	case []any:
		switch {
		case target.Kind() == reflect.Slice:
			for i, child := range node {
				node[i] = r.repair(child, target.Elem())
			}
		case target.Kind() == reflect.Struct && len(node) == 1 && r.lists:
			return r.repair(node[0], target)
		}
	case json.Number:
		return r.repairNumber(node, target)
	case bool:
		if target.Kind() == reflect.String {
			return strconv.FormatBool(node)
		}
	case string:
		return r.repairString(node, target)
	}
	return tree
}

func (r repairer) repairStruct(node map[string]any, target reflect.Type) {
	for f := range target.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct {
			r.repairStruct(node, f.Type)
			continue
		}
		if name == "" {
			name = f.Name
		}
		if child, ok := node[name]; ok {
			node[name] = r.repair(child, f.Type)
		}
	}
}

func (r repairer) repairNumber(n json.Number, target reflect.Type) any {
	switch target.Kind() {
	case reflect.String:
		return n.String()
	case reflect.Bool:
		if n == "0" || n == "1" {
			return n == "1"
		}
	case reflect.Int, reflect.Int32, reflect.Int64:
		if whole, fraction, ok := strings.Cut(n.String(), "."); ok && strings.Trim(fraction, "0") == "" {
			return json.Number(whole)
		}
	case reflect.Slice:
		if r.lists {
			return []any{r.repair(n, target.Elem())}
		}
	}
	return n
}

func (r repairer) repairString(s string, target reflect.Type) any {
	switch target.Kind() {
	case reflect.Int, reflect.Int32, reflect.Int64:
		if s == "" {
			return json.Number("0")
		}
		if v, err := strconv.ParseInt(s, 10, 64); err == nil {
			return json.Number(strconv.FormatInt(v, 10)) // without a plus or leading zeros
		}
	case reflect.Float64:
		if s == "" {
			return json.Number("0")
		}
		if _, err := strconv.ParseFloat(s, 64); err == nil && json.Valid([]byte(s)) {
			return json.Number(s)
		}
	case reflect.Bool:
		switch s {
		case "true", "false":
			return s == "true"
		case "":
			return false
		}
	case reflect.Slice:
		if s == "" {
			return nil
		}
		if r.lists {
			return []any{r.repair(s, target.Elem())}
		}
	case reflect.Struct, reflect.Map:
		if s == "" {
			return nil // an absent object, as some answers write it
		}
	}
	return s
}
