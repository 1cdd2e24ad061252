package operation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// requestExample is a request of an operation, without what the client adds,
// and an answer to it. Its values are made up, except for ids of the sandbox.
type requestExample struct {
	Method string         `json:"method"`
	Path   string         `json:"path"`
	Query  map[string]any `json:"query,omitempty"`
	Body   map[string]any `json:"body,omitempty"`
	Form   map[string]any `json:"form,omitempty"` // in place of a body; files by name
	Answer map[string]any `json:"answer"`
}

// newRequestExample makes up a request with what the operation needs.
func newRequestExample(op *catalog.Operation) requestExample {
	return newRequestExampleWith(op, exampleIDsOf(op))
}

func newRequestExampleWith(op *catalog.Operation, ids idSource) requestExample {
	x := requestExample{Method: op.Method, Path: op.Path, Query: make(map[string]any)}
	noun := lastNoun(op.Path)
	value := func(f *catalog.Field) any {
		if given, _ := givenExample(op, f.Name); given != nil {
			return ids.fill(given, f.Name, noun)
		}
		return ids.fill(exampleValue(f), f.Name, noun)
	}
	for i := range op.Params {
		f := &op.Params[i]
		switch {
		case f.In == "path":
			x.Path = strings.ReplaceAll(x.Path, "{"+f.Name+"}", url.PathEscape(field.QueryText(value(f))))
		case isPageSize(op, f):
			x.Query[f.Name] = examplePageSize(f)
		case f.Required:
			x.Query[f.Name] = value(f)
		}
	}
	body := exampleMaker{future: op.Write}.object(op.Body)
	chosen := slices.ContainsFunc(op.Body, func(f catalog.Field) bool { given, _ := givenExample(op, f.Name); return given != nil })
	if chosen && !slices.ContainsFunc(op.Body, func(f catalog.Field) bool { return f.Required }) {
		clear(body) // it is known what is needed
	}
	for i := range op.Body {
		if f := &op.Body[i]; body[f.Name] != nil && isPageSize(op, f) {
			body[f.Name] = examplePageSize(f)
		}
	}
	for name := range exampleFields()[op.FullName()] {
		if value, _ := givenExample(op, name); value != nil && field.Named(op.Body, name) != nil {
			body[name] = bodyValue(field.Named(op.Body, name), value)
		}
	}
	body = ids.fill(body, "", noun).(map[string]any) // fill returns what it was given, an object
	switch op.BodyType {
	case catalog.BodyJSON:
		x.Body = body
	case catalog.BodyMultipart:
		x.Form = body
	}
	x.Answer = map[string]any{"code": 0, "message": "Success", "request_id": "20260131120000000000000000000000001"}
	if len(op.Result) > 0 {
		x.Answer["data"] = exampleMaker{all: true}.object(op.Result)
	}
	return x
}

// bodyValue returns what exampleFields has for a flag as it stands in a body.
func bodyValue(f *catalog.Field, given any) any {
	text, isText := given.(string)
	if !isText || f.Type == catalog.String {
		return given
	}
	if f.Type == catalog.Array {
		return []any{text}
	}
	if value, err := field.DecodeJSON([]byte(text)); err == nil {
		return value
	}
	return given
}

// isPageSize reports whether a field is the size of an operation's pages.
func isPageSize(op *catalog.Operation, f *catalog.Field) bool {
	return f.Name == "page_size" || op.Paging != nil && f.Name == field.AfterColon(op.Paging.Size)
}

// examplePageSize returns the usual size of a page, or the largest if that is
// less.
func examplePageSize(f *catalog.Field) any {
	const usual = 20
	size := usual
	if most, err := strconv.Atoi(f.Max); err == nil {
		size = min(size, most)
	}
	if f.Type == catalog.String {
		return strconv.Itoa(size)
	}
	return json.Number(strconv.Itoa(size))
}

// exampleMaker makes up objects.
type exampleMaker struct {
	all    bool // not only what is required
	future bool // times lie ahead, as writes require
}

// object returns an object with the members that are required or, if none is,
// with all of them, since it is then not known what is needed. A first page has
// no token.
func (m exampleMaker) object(fields []catalog.Field) map[string]any {
	object := make(map[string]any)
	known := slices.ContainsFunc(fields, func(f catalog.Field) bool { return f.Required })
	for i := range fields {
		if f := &fields[i]; m.all || f.Required || !known && f.Name != "page_token" {
			object[f.Name] = m.value(f)
		}
	}
	return object
}

// value returns a value for a field.
func (m exampleMaker) value(f *catalog.Field) any {
	switch {
	case f.Type == catalog.Object:
		object := m.object(f.Fields)
		for i := range f.Fields {
			// The value of a weight is a weight.
			if member := &f.Fields[i]; object[member.Name] != nil && slices.Contains([]string{"value", "amount", "country_code"}, member.Name) {
				named := *member
				named.Name = f.Name + "_" + member.Name
				object[member.Name] = m.value(&named)
			}
		}
		return object
	case f.Type == catalog.Array && f.Items != nil:
		item := *f.Items
		if item.Name == "" {
			item.Name = f.Name // says what a plain value is
		}
		return []any{m.value(&item)}
	case m.future && (f.Kind == catalog.KindUnix || f.Kind == catalog.KindUnixMilli):
		return futureTime(f)
	}
	return exampleValue(f)
}

// futureTime returns a time that lies ahead, a week later if something ends.
func futureTime(f *catalog.Field) any {
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	if strings.Contains(f.Name, "end") || strings.Contains(f.Name, "expire") {
		at = at.AddDate(0, 0, 7)
	}
	text := strconv.FormatInt(at.Unix(), 10)
	if f.Kind == catalog.KindUnixMilli {
		text = strconv.FormatInt(at.UnixMilli(), 10)
	}
	if f.Type == catalog.String {
		return text
	}
	return json.Number(text)
}

// showExample writes the example for people or machines.
func showExample(sys *platform.Session, op *catalog.Operation, asJSON bool) error {
	x := newRequestExample(op)
	if asJSON {
		return console.WriteJSON(sys.Out, x)
	}
	var b strings.Builder
	paint := console.Painter(sys.Color)
	target := x.Path
	if query := exampleQuery(x.Query).Encode(); query != "" {
		target += "?" + query
	}
	fmt.Fprintf(&b, "%s\n", paint.Bold(x.Method+" "+target))
	write := func(title string, value map[string]any) error {
		text, err := indented(value)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "\n%s\n%s", paint.Bold(title), text)
		return nil
	}
	if x.Body != nil {
		if err := write("Body", x.Body); err != nil {
			return err
		}
	}
	if x.Form != nil {
		if err := write("Form", x.Form); err != nil {
			return err
		}
	}
	if err := write("Answer", x.Answer); err != nil {
		return err
	}
	_, err := fmt.Fprint(sys.Out, b.String())
	return err
}

// exampleQuery returns the parameters as they are sent.
func exampleQuery(params map[string]any) url.Values {
	query := make(url.Values)
	for name, value := range params {
		query.Set(name, field.QueryText(value))
	}
	return query
}

// indented returns an object as JSON for people.
func indented(value map[string]any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return "", fmt.Errorf("write the example: %w", err)
	}
	return b.String(), nil
}
