package gate

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	operations "github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// checkFields holds query and body to the catalogue: what is required, types,
// listed values, ranges and sizes. Unknown fields are ignored.
func (w *Wire) checkFields(verdict *Verdict, strict bool) *Failure {
	check := fieldCheck{Spec: w.Route.Spec(), route: w.Route, verdict: verdict, strict: strict}
	for i := range check.Spec.Query {
		field := &check.Spec.Query[i]
		value, _ := wire.Lookup(w.Query, field.Name)
		if f := check.param(field, value); f != nil {
			return f
		}
	}
	if len(check.Spec.Body) == 0 {
		return nil
	}
	if check.Spec.Multipart {
		if !w.Route.Shape { // it reads the form itself
			return nil
		}
		return check.form(w)
	}
	f := check.body(w.Body)
	w.fields = check.fields
	return f
}

// fieldCheck is one run of checks. It knows the field that it is at.
type fieldCheck struct {
	*Spec
	route   *Route
	verdict *Verdict
	path    []string
	strict  bool   // an empty list is not an empty object
	fields  []byte // the body with empty objects in the place of what means nothing; nil where it has none
}

// name returns the dotted path of the field that is being checked.
func (v *fieldCheck) name() string { return strings.Join(v.path, ".") }

// limit returns what is special about the field that is being checked.
func (v *fieldCheck) limit() Limit {
	if len(v.limits) == 0 {
		return Limit{}
	}
	return v.limits[v.name()]
}

// beyond says that a limit of the current field is passed.
func (v *fieldCheck) beyond(text ...string) *Failure {
	special := v.limit()
	if special.InOperation {
		return nil
	}
	code := special.Code
	if code == 0 {
		code = CodeInvalidParameter
	}
	return Fail(code, append([]string{"'", v.name(), "' "}, text...)...)
}

// param checks a parameter of the query. An empty one is like none.
func (v *fieldCheck) param(field *operations.Field, value string) *Failure {
	v.path = append(v.path[:0], field.Name)
	if value == "" {
		if field.Required {
			return Missing(field.Name)
		}
		return nil
	}
	return v.text(field, value)
}

// text checks a value that is written as text, in the query or in a form.
func (v *fieldCheck) text(field *operations.Field, value string) *Failure {
	switch field.Type {
	case operations.Integer:
		n, err := strconv.ParseInt(value, 10, Bits(field))
		if err != nil {
			return WrongType(v.name(), "string", "integer")
		}
		return v.integer(field, n)
	case operations.Number:
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return WrongType(v.name(), "string", "number")
		}
	case operations.Boolean:
		if !slices.Contains([]string{"true", "false", "1", "0"}, strings.ToLower(value)) {
			return WrongType(v.name(), "string", "boolean")
		}
	case operations.String:
		return v.string(field, value)
	case operations.Array:
		count := 0
		for item := range strings.SplitSeq(value, ",") {
			item = strings.TrimSpace(item)
			if item == "" {
				continue
			}
			count++
			if field.Items == nil {
				continue
			}
			if f := v.text(field.Items, item); f != nil {
				return f
			}
		}
		if count == 0 && field.Required {
			return Missing(v.name())
		}
		return v.items(field, count)
	}
	return nil
}

func (v *fieldCheck) integer(field *operations.Field, n int64) *Failure {
	if field.Min == "" && field.Max == "" {
		return nil
	}
	least, hasLeast := ParseInt(field.Min)
	most, hasMost := ParseInt(field.Max)
	if corrected, ok := ParseInt(v.limit().Max); ok {
		most = corrected
	}
	switch {
	case hasLeast && hasMost && (n < least || n > most):
		return v.beyond("must be from ", strconv.FormatInt(least, 10), " to ", strconv.FormatInt(most, 10))
	case hasLeast && n < least:
		return v.beyond("must be at least ", strconv.FormatInt(least, 10))
	case hasMost && n > most:
		return v.beyond("must be at most ", strconv.FormatInt(most, 10))
	}
	return nil
}

// ParseInt reads a whole number and tells whether it is one.
func ParseInt(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// Bits is the size of an integer field.
func Bits(field *operations.Field) int {
	switch field.Format {
	case "int8":
		return 8
	case "int16":
		return 16
	case "int32":
		return 32
	}
	return 64
}

// string checks the text of a string field that is present. Empty text in a
// required field is like none.
func (v *fieldCheck) string(field *operations.Field, value string) *Failure {
	if value == "" {
		if field.Required {
			return Missing(v.name())
		}
		return nil
	}
	if len(field.Enum) > 0 && !slices.Contains(field.Enum, value) && !slices.Contains(field.Enum, otherSpelling(value)) {
		if v.closed() {
			return NotAllowed(v.name(), value, field.Enum)
		}
		v.verdict.warn(v.name(), value)
	}
	if field.MinLength > 0 || field.MaxLength > 0 {
		most := field.MaxLength
		if corrected := v.limit().MaxLength; corrected > 0 {
			most = corrected
		}
		length := utf8.RuneCountInString(value)
		if length < field.MinLength {
			return v.beyond("has fewer than ", strconv.Itoa(field.MinLength), " characters")
		}
		if most > 0 && length > most {
			return v.beyond("has more than ", strconv.Itoa(most), " characters")
		}
	}
	if field.Min == "" && field.Max == "" {
		return nil
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return Fail(CodeInvalidParameter, "'", v.name(), "' is not a number")
	}
	least, errLeast := strconv.ParseFloat(field.Min, 64)
	most, errMost := strconv.ParseFloat(field.Max, 64)
	switch {
	case errLeast == nil && errMost == nil && (n < least || n > most):
		return v.beyond("must be from ", field.Min, " to ", field.Max)
	case errLeast == nil && n < least:
		return v.beyond("must be at least ", field.Min)
	case errMost == nil && n > most:
		return v.beyond("must be at most ", field.Max)
	}
	return nil
}

func (v *fieldCheck) items(field *operations.Field, count int) *Failure {
	if field.MaxItems > 0 && count > field.MaxItems {
		return v.beyond("takes at most ", strconv.Itoa(field.MaxItems), " values")
	}
	return nil
}

// form checks the parts of a multipart body.
func (v *fieldCheck) form(w *Wire) *Failure {
	parts, f := w.FormParts()
	if f != nil {
		return f
	}
	for i := range v.Body {
		field := &v.Body[i]
		v.path = append(v.path[:0], field.Name)
		value, sent := parts[field.Name]
		switch {
		case !sent || len(value) == 0:
			if field.Required {
				return Missing(field.Name)
			}
		case field.Type != operations.File:
			if f := v.text(field, string(value)); f != nil {
				return f
			}
		}
	}
	return nil
}

// FormParts reads a multipart body. Of a repeated part the last one counts.
func (w *Wire) FormParts() (map[string][]byte, *Failure) {
	parts := map[string][]byte{}
	if len(w.Body) == 0 {
		return parts, nil
	}
	_, params, err := mime.ParseMediaType(w.Request.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, Fail(codeMultipartOnly, "'content-type' has no boundary")
	}
	for reader := multipart.NewReader(bytes.NewReader(w.Body), params["boundary"]); ; {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return parts, nil
		}
		if err != nil {
			return nil, Fail(CodeInvalidParameter, "the body is not a complete multipart form")
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, Fail(CodeInvalidParameter, "the body is not a complete multipart form")
		}
		parts[part.FormName()] = content
	}
}

// PathNames returns the names of the parameters of a path, in order.
func PathNames(path string) []string {
	var names []string
	for segment := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// closed reports whether the platform refuses what is not in the list of values
// of the current field. It was seen to for sort_order, and the other fields that
// sort are read like it; the pages of data reconciliation say that they do. Of
// every other list nobody says so, and samples have values that the pages lack:
// there a warning has to do.
func (v *fieldCheck) closed() bool {
	field := v.path[len(v.path)-1]
	return v.limit().Listed || strings.HasPrefix(field, "sort_") || v.route.entry.Domain == "data_reconciliation" && strings.HasPrefix(field, "channel_")
}

// otherSpelling returns how another official page spells a value, or "": the
// pages disagree on cancelled requests, and either spelling is taken.
func otherSpelling(value string) string {
	switch value {
	case "CANCELLATION_REQUEST_CANCEL":
		return "CANCELLATION_REQUEST_CANCELLED"
	case "CANCELLATION_REQUEST_CANCELLED":
		return "CANCELLATION_REQUEST_CANCEL"
	}
	return ""
}
