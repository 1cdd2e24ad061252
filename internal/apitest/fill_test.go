package apitest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
)

// A filler makes values, no two of which are equal.
type filler struct {
	n    int
	skip *rand.Rand // leaves out one field in three of an answer; nil leaves out none
}

func (f *filler) next() int {
	f.n++
	return f.n
}

// fill sets everything below v: pointers, lists of two, files.
func (f *filler) fill(v reflect.Value) {
	if v.Type() == reflect.TypeFor[ttshop.File]() {
		n := f.next()
		v.Set(reflect.ValueOf(ttshop.File{Name: fmt.Sprintf("f%d.jpg", n), Content: strings.NewReader(fmt.Sprintf("content %d", n))}))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Struct:
		for _, field := range v.Fields() {
			f.fill(field)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			f.fill(v.Index(i))
		}
	case reflect.String:
		// Awkward in a path, a query and JSON alike.
		v.SetString(fmt.Sprintf("v%d /?&=+%%é\"", f.next()))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(f.next()) + 1<<40)
	case reflect.Float64:
		v.SetFloat(float64(f.next()) + 0.5)
	default:
		panic(fmt.Sprintf("no value for a %s", v.Type()))
	}
}

// zero sets the pointers below v to zero values and lists to empty ones.
func zero(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		zero(v.Elem())
	case reflect.Struct:
		for _, field := range v.Fields() {
			if v.Type() != reflect.TypeFor[ttshop.File]() {
				zero(field)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	}
}

// answer makes the data that fields describe, every scalar with a value of its own.
func (f *filler) answer(fields []catalog.Field) map[string]any {
	data := map[string]any{}
	for _, field := range fields {
		if f.skip == nil || f.skip.IntN(3) > 0 {
			data[field.Name] = f.value(field)
		}
	}
	return data
}

func (f *filler) value(field catalog.Field) any {
	switch field.Type {
	case catalog.Array:
		return []any{f.value(*field.Items), f.value(*field.Items)}
	case catalog.Object:
		return f.answer(field.Fields)
	case catalog.Boolean:
		return true
	case catalog.Integer:
		if field.Format == "int64" || field.Format == "" {
			return int64(f.next()) + 1<<53 // not exact in a float
		}
		return int64(f.next())
	case catalog.Number:
		return float64(f.next()) + 0.25
	default:
		return "s" + strconv.Itoa(f.next())
	}
}

// compare holds a Go value against the JSON that it was decoded from.
func compare(path string, sent any, got reflect.Value, report func(format string, args ...any)) {
	if got.Kind() == reflect.Pointer {
		got = got.Elem()
	}
	switch sent := sent.(type) {
	case map[string]any:
		if item, ok := got.Interface().(ttshop.ItemError); ok {
			if fmt.Sprint(item.Code) != fmt.Sprint(sent["code"]) && item.Code != 0 || fmt.Sprint(item.Message) != fmt.Sprint(sent["message"]) || len(item.Raw) == 0 {
				report("%s is %v, want code %v and message %v", path, &item, sent["code"], sent["message"])
			}
			return
		}
		if got.Kind() != reflect.Struct {
			report("%s is a %s, want a struct", path, got.Type())
			return
		}
		for name, value := range sent {
			if field := jsonField(got, name); field.IsValid() {
				compare(path+"."+name, value, field, report)
			} else {
				report("%s.%s has no field in %s", path, name, got.Type())
			}
		}
	case []any:
		if got.Kind() != reflect.Slice || got.Len() != len(sent) {
			report("%s is %v, want %d items", path, got, len(sent))
			return
		}
		for i, value := range sent {
			compare(fmt.Sprintf("%s[%d]", path, i), value, got.Index(i), report)
		}
	default:
		plain := got.Interface()
		switch got.Kind() { // as it is on the wire, not as a rate prints itself
		case reflect.Int, reflect.Int64:
			plain = got.Int()
		case reflect.String:
			plain = got.String()
		}
		if fmt.Sprint(plain) != fmt.Sprint(sent) {
			report("%s = %v, want %v", path, plain, sent)
		}
	}
}

// jsonField returns the field of v with a JSON name.
func jsonField(v reflect.Value, name string) reflect.Value {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag == name {
			return v.Field(i)
		}
		if field.Anonymous {
			if inner := jsonField(v.Field(i), name); inner.IsValid() {
				return inner
			}
		}
	}
	return reflect.Value{}
}
