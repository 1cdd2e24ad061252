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

// Decode decodes JSON into v, a pointer, and forgives what the platform does:
// numbers as strings, strings as numbers, and never through a float. Nulls
// leave zero values. The forgiving pass runs only after a strict one met a
// value of the wrong type.
func Decode(data []byte, v any) error {
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
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return err
	}
	repaired, marshalErr := json.Marshal(repair(tree, target.Elem()))
	if marshalErr != nil {
		return marshalErr
	}
	reflect.ValueOf(v).Elem().SetZero()
	return json.Unmarshal(repaired, v)
}

// repair returns the tree with the scalars that the target type asks for. What
// it cannot turn without loss it leaves, for the decoder to name.
func repair(tree any, target reflect.Type) any {
	for target.Kind() == reflect.Pointer {
		target = target.Elem()
	}
	switch node := tree.(type) {
	case map[string]any:
		switch target.Kind() {
		case reflect.Struct:
			for f := range target.Fields() {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if name == "" {
					name = f.Name
				}
				if child, ok := node[name]; ok {
					node[name] = repair(child, f.Type)
				}
			}
		case reflect.Map:
			for key, child := range node {
				node[key] = repair(child, target.Elem())
			}
		}
	case []any:
		if target.Kind() == reflect.Slice {
			for i, child := range node {
				node[i] = repair(child, target.Elem())
			}
		}
	case json.Number:
		switch target.Kind() {
		case reflect.String:
			return node.String()
		case reflect.Bool:
			if node == "0" || node == "1" {
				return node == "1"
			}
		case reflect.Int, reflect.Int32, reflect.Int64:
			if whole, fraction, ok := strings.Cut(node.String(), "."); ok && strings.Trim(fraction, "0") == "" {
				return json.Number(whole)
			}
		}
	case bool:
		if target.Kind() == reflect.String {
			return strconv.FormatBool(node)
		}
	case string:
		return repairString(node, target)
	}
	return tree
}

func repairString(s string, target reflect.Type) any {
	switch target.Kind() {
	case reflect.Int, reflect.Int32, reflect.Int64:
		if s == "" {
			return json.Number("0")
		}
		if _, err := strconv.ParseInt(s, 10, 64); err == nil {
			return json.Number(s)
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
	case reflect.Struct, reflect.Slice, reflect.Map:
		if s == "" {
			return nil // an absent object, as some answers write it
		}
	}
	return s
}
