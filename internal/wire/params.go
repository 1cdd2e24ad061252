package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Encoder encodes the Params structs of operations. A field's tag says where
// its value goes: path:"name", query:"name", form:"name" or file:"name" and,
// for the JSON body, json:"name". With the option omitempty a zero value is
// left out, with default=VALUE it is sent as that; nil pointers and nil slices
// always are left out. The zero value is ready to use, and it is safe for
// concurrent use.
type Encoder struct {
	plans sync.Map // reflect.Type → *plan
}

// Encoded holds the parts of a request.
type Encoded struct {
	Path  string
	Query []Param
	JSON  []byte // nil if there is no body
	Form  *Form  // nil if the operation is not an upload
}

// FileField is the type of a field with a file tag.
type FileField interface {
	// FormFile returns the file's name, media type and content; a nil content
	// means that no file is sent.
	FormFile() (name, contentType string, content io.Reader)
}

type plan struct {
	path, query, form, file []field
	body                    bool
}

type field struct {
	name      string
	index     int
	omitEmpty bool
	fallback  string // what a zero value is sent as; empty if as itself
}

// Encode encodes a pointer to a Params struct for a path template. A nil
// pointer stands for the zero value.
func (e *Encoder) Encode(template string, params any) (Encoded, error) {
	value := reflect.ValueOf(params)
	if !value.IsValid() {
		value = reflect.ValueOf(&struct{}{})
	}
	if value.Kind() != reflect.Pointer || value.Type().Elem().Kind() != reflect.Struct {
		return Encoded{}, fmt.Errorf("params are a %T, want a pointer to a struct", params)
	}
	if value.IsNil() {
		value = reflect.New(value.Type().Elem())
	}
	p, err := e.plan(value.Type().Elem())
	if err != nil {
		return Encoded{}, err
	}
	fields := value.Elem()
	encoded := Encoded{}
	encoded.Path, err = ExpandPath(template, func(name string) (string, bool) {
		for _, f := range p.path {
			if f.name == name {
				return text(fields.Field(f.index))
			}
		}
		return "", false
	})
	if err != nil {
		return Encoded{}, err
	}
	encoded.Query = setParams(fields, p.query)
	if len(p.form)+len(p.file) > 0 {
		encoded.Form = &Form{Fields: setParams(fields, p.form)}
		for _, f := range p.file {
			file, ok := fields.Field(f.index).Interface().(FileField)
			if !ok {
				return Encoded{}, fmt.Errorf("field %s is not a file", f.name)
			}
			if name, contentType, content := file.FormFile(); content != nil {
				encoded.Form.Files = append(encoded.Form.Files, FormFile{f.name, name, contentType, content})
			}
		}
		return encoded, nil
	}
	if p.body {
		encoded.JSON, err = MarshalBody(value.Interface())
	}
	return encoded, err
}

// MarshalBody encodes a JSON body. An empty object yields nil: no body is
// sent, since sources disagree on whether the two bytes {} are signed.
func MarshalBody(v any) ([]byte, error) {
	body, err := Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode body: %w", err)
	}
	if string(body) == "{}" || string(body) == "null" {
		return nil, nil
	}
	return body, nil
}

// Marshal is json.Marshal without escapes for HTML, which the platform does not
// write either.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func (e *Encoder) plan(t reflect.Type) (*plan, error) {
	if p, ok := e.plans.Load(t); ok {
		return p.(*plan), nil
	}
	p := &plan{}
	for i := range t.NumField() {
		sf := t.Field(i)
		placed := false
		for tag, list := range map[string]*[]field{"path": &p.path, "query": &p.query, "form": &p.form, "file": &p.file} {
			if value, ok := sf.Tag.Lookup(tag); ok {
				name, option, _ := strings.Cut(value, ",")
				fallback, _ := strings.CutPrefix(option, "default=")
				if fallback == option {
					fallback = ""
				}
				*list = append(*list, field{name, i, option == "omitempty", fallback})
				placed = true
			}
		}
		if sf.PkgPath != "" && placed {
			return nil, fmt.Errorf("%s: field %s is tagged but not exported", t, sf.Name)
		}
		if !placed && sf.PkgPath == "" && sf.Tag.Get("json") != "-" {
			p.body = true
		}
	}
	actual, _ := e.plans.LoadOrStore(t, p)
	return actual.(*plan), nil
}

// setParams returns the parameters of the planned fields that are set.
func setParams(fields reflect.Value, planned []field) []Param {
	if len(planned) == 0 {
		return nil
	}
	params := make([]Param, 0, len(planned))
	for _, f := range planned {
		v := fields.Field(f.index)
		if f.omitEmpty && (v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0) {
			continue
		}
		if f.fallback != "" && v.IsZero() {
			params = append(params, Param{f.name, f.fallback})
			continue
		}
		if value, ok := text(v); ok {
			params = append(params, Param{f.name, value})
		}
	}
	return params
}

// text returns a value as a parameter carries it: decimal numbers, true and
// false, lists joined by commas. It is false for nil and for what a parameter
// cannot carry.
func text(v reflect.Value) (string, bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return "", false
		}
		return text(v.Elem())
	case reflect.String:
		return v.String(), true
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), true
	case reflect.Int, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64), true
	case reflect.Slice:
		if v.IsNil() {
			return "", false
		}
		items := make([]string, v.Len())
		for i := range items {
			items[i], _ = text(v.Index(i))
		}
		return strings.Join(items, ","), true
	}
	return "", false
}
