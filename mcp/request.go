package mcp

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
)

// decode decodes JSON without losing a digit.
func decode(data []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode(v)
}

// text returns a parameter of a path or a query.
func text(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case int:
		return strconv.Itoa(v), nil
	case bool:
		return strconv.FormatBool(v), nil
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			part, err := text(item)
			if err != nil {
				return "", err
			}
			parts[i] = part
		}
		return strings.Join(parts, ","), nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}

// members returns the members of an object, or of the items of a list.
func members(f *catalog.Field) []catalog.Field {
	for f != nil && f.Type == catalog.Array {
		f = f.Items
	}
	if f == nil {
		return nil
	}
	return f.Fields
}

func fieldNamed(fields []catalog.Field, name string) *catalog.Field {
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}

// made is a request that was made from parameters.
type made struct {
	Path  string          `json:"path"`
	Query url.Values      `json:"query,omitempty"`
	Body  json.RawMessage `json:"body,omitempty"`
}

// newRequest makes the request of an operation from its parameters: those of path,
// query and body side by side, by their names.
func newRequest(op *catalog.Operation, params map[string]any) (made, error) {
	query, body := url.Values{}, map[string]any{}
	inPath := map[string]string{}
	var problems []string
	for name, value := range params {
		param, member := fieldNamed(op.Params, name), fieldNamed(op.Body, name)
		if param == nil && member == nil && !(name == "category_asset_cipher" && op.AssetCipher != catalog.RuleAbsent) {
			problems = append(problems, fmt.Sprintf("%s: there is no such parameter%s", name, like(op, name)))
			continue
		}
		if member != nil {
			body[name] = value
		}
		if param == nil && member != nil {
			continue
		}
		s, err := text(value)
		if err != nil {
			return made{}, fmt.Errorf("parameter %s: %w", name, err)
		}
		if param != nil && param.In == "path" {
			inPath[name] = s
		} else {
			query.Set(name, s)
		}
	}
	for _, fields := range [][]catalog.Field{op.Params, op.Body} {
		for _, f := range fields {
			if _, ok := params[f.Name]; !ok && f.Required {
				problems = append(problems, fmt.Sprintf("%s: required%s", f.Name, about(&f)))
			}
		}
	}
	path := op.Path
	for _, f := range op.Params {
		if f.In == "path" {
			if inPath[f.Name] == "" || inPath[f.Name] == "." || inPath[f.Name] == ".." {
				if _, given := params[f.Name]; given || !f.Required {
					problems = append(problems, f.Name+": required, it is part of the path")
				}
				continue
			}
			path = strings.ReplaceAll(path, "{"+f.Name+"}", url.PathEscape(inPath[f.Name]))
		}
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		return made{}, fmt.Errorf("%s; describe_operation shows all parameters", strings.Join(problems, "; "))
	}
	m := made{Path: path, Query: query}
	if len(query) == 0 {
		m.Query = nil
	}
	if len(body) > 0 || op.BodyType == catalog.BodyJSON && op.Method != "GET" {
		b, err := json.Marshal(body)
		if err != nil {
			return made{}, fmt.Errorf("the body: %w", err)
		}
		m.Body = b
	}
	return m, nil
}

// about says what a missing field holds.
func about(f *catalog.Field) string {
	s := ", " + string(f.Type)
	if len(f.Enum) > 0 {
		s += " such as " + strings.Join(f.Enum[:min(3, len(f.Enum))], ", ")
	}
	return s
}

// like names the parameters that begin as a misspelt one, or end like it.
func like(op *catalog.Operation, name string) string {
	var near []string
	for _, fields := range [][]catalog.Field{op.Params, op.Body} {
		for _, f := range fields {
			if len(name) >= 3 && (strings.HasPrefix(f.Name, name[:3]) || strings.HasSuffix(f.Name, name[len(name)-3:])) {
				near = append(near, f.Name)
			}
		}
	}
	if len(near) == 0 {
		return ""
	}
	return " (did you mean " + strings.Join(near[:min(3, len(near))], ", ") + "?)"
}

// form returns the multipart body of a made request. A file is an object with name
// and base64.
func (m made) form(op *catalog.Operation) (*ttshop.Form, error) {
	var body map[string]any
	if m.Body != nil {
		if err := decode(m.Body, &body); err != nil {
			return nil, fmt.Errorf("the form: %w", err)
		}
	}
	form := &ttshop.Form{Fields: url.Values{}, Files: map[string]ttshop.File{}}
	for name, value := range body {
		f := fieldNamed(op.Body, name)
		if f == nil || f.Type != catalog.File {
			s, err := text(value)
			if err != nil {
				return nil, fmt.Errorf("parameter %s: %w", name, err)
			}
			form.Fields.Set(name, s)
			continue
		}
		object, ok := value.(map[string]any)
		data, isText := object["base64"].(string)
		if !ok || !isText {
			return nil, fmt.Errorf(`parameter %s: give the file as {"name": "front.jpg", "base64": "…"}`, name)
		}
		content, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return nil, fmt.Errorf("parameter %s: base64: %w", name, errors.New("it cannot be decoded"))
		}
		fileName, _ := object["name"].(string) // the field's name stands in
		form.Files[name] = ttshop.File{Name: fileName, Content: bytes.NewReader(content)}
	}
	return form, nil
}
