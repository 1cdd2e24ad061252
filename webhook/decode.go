package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
)

// decode decodes JSON into v, a pointer, and forgives what the platform does:
// numbers as strings, strings as numbers, one object where a list is meant, and
// never through a float. Nulls leave zero values. The forgiving pass runs only
// after a strict one met a value of the wrong type.
func decode(data []byte, v any) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	err := json.Unmarshal(data, v)
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return err
	}
	target := reflect.ValueOf(v).Elem()
	repaired, marshalErr := json.Marshal(repair(tree, target.Type()))
	if marshalErr != nil {
		return marshalErr
	}
	target.SetZero()
	return json.Unmarshal(repaired, v)
}

var (
	unmarshaler = reflect.TypeFor[json.Unmarshaler]()
	rawMessage  = reflect.TypeFor[json.RawMessage]()
)

// repair returns the tree with the shapes that the target type asks for. What
// it cannot turn without loss it leaves, for the decoder to name.
func repair(tree any, target reflect.Type) any {
	for target.Kind() == reflect.Pointer {
		target = target.Elem()
	}
	if target == rawMessage || target.Kind() != reflect.Slice && reflect.PointerTo(target).Implements(unmarshaler) {
		return tree // it forgives by itself
	}
	switch node := tree.(type) {
	case map[string]any:
		switch target.Kind() {
		case reflect.Struct:
			repairStruct(node, target)
		case reflect.Slice:
			return []any{repair(node, target.Elem())}
		}
	case []any:
		switch {
		case target.Kind() == reflect.Slice:
			for i, child := range node {
				node[i] = repair(child, target.Elem())
			}
		case target.Kind() == reflect.Struct && len(node) == 1:
			return repair(node[0], target)
		}
	case json.Number:
		switch target.Kind() {
		case reflect.String:
			return node.String()
		case reflect.Bool:
			if node == "0" || node == "1" {
				return node == "1"
			}
		case reflect.Int, reflect.Int64:
			if whole, fraction, ok := strings.Cut(node.String(), "."); ok && strings.Trim(fraction, "0") == "" {
				return json.Number(whole)
			}
		case reflect.Slice:
			return []any{repair(node, target.Elem())}
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

func repairStruct(node map[string]any, target reflect.Type) {
	for f := range target.Fields() {
		if f.Anonymous {
			repairStruct(node, f.Type)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if child, ok := node[name]; ok {
			node[name] = repair(child, f.Type)
		}
	}
}

func repairString(s string, target reflect.Type) any {
	switch target.Kind() {
	case reflect.Int, reflect.Int64:
		if s == "" {
			return json.Number("0")
		}
		if v, err := strconv.ParseInt(s, 10, 64); err == nil {
			return json.Number(strconv.FormatInt(v, 10))
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
		return []any{repair(s, target.Elem())}
	case reflect.Struct:
		if s == "" {
			return nil // an absent object
		}
	}
	return s
}
