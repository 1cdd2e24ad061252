package field

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// ParseField turns the text of a flag into the JSON value that a field of the
// catalogue wants. A nil field takes whatever the text looks like.
func ParseField(f *catalog.Field, text string, now time.Time) (any, error) {
	if f == nil {
		return guess(text), nil
	}
	switch f.Type {
	case catalog.Integer:
		if f.Kind == catalog.KindUnix || f.Kind == catalog.KindUnixMilli {
			return ParseMoment(f.Kind, text, now)
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("expected a whole number, got %q", text)
		}
		return json.Number(strconv.FormatInt(n, 10)), nil
	case catalog.Number:
		if _, err := strconv.ParseFloat(text, 64); err != nil || !json.Valid([]byte(text)) {
			return nil, fmt.Errorf("expected a number, got %q", text)
		}
		return json.Number(text), nil
	case catalog.Boolean:
		value, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("expected true or false, got %q", text)
		}
		return value, nil
	case catalog.Array:
		return parseList(f, text, now)
	case catalog.Object:
		value, err := DecodeJSON([]byte(text))
		if _, ok := value.(map[string]any); err != nil || !ok {
			return nil, errors.New(`expected a JSON object such as {"…":…}, @FILE or @-`)
		}
		return value, nil
	}
	if f.Kind == catalog.KindUnix || f.Kind == catalog.KindUnixMilli {
		seconds, err := ParseMoment(f.Kind, text, now)
		if err != nil {
			return nil, err
		}
		return seconds.String(), nil
	}
	if date, ok := parseDate(f, text, now); ok {
		return date, nil
	}
	return spellEnum(f, text), nil
}

// parseList reads a JSON array, or comma-separated values.
func parseList(f *catalog.Field, text string, now time.Time) (any, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		value, err := DecodeJSON([]byte(text))
		if _, ok := value.([]any); err != nil || !ok {
			return nil, errors.New("expected a JSON array such as […]")
		}
		return value, nil
	}
	parts := []string{text}
	switch {
	case text == "":
		return []any{}, nil
	case f.Items != nil && f.Items.Type == catalog.Object, f.Items != nil && f.Items.Type == catalog.Array:
	default:
		parts = strings.Split(text, ",")
	}
	list := make([]any, len(parts))
	for i, part := range parts {
		value, err := ParseField(f.Items, part, now)
		if err != nil {
			return nil, err
		}
		list[i] = value
	}
	return list, nil
}

// ParseMoment reads a point in time: Unix seconds (or milliseconds, where the
// field has those), a date, a date with time, or a time span such as -24h or
// -7d before now.
func ParseMoment(kind catalog.Kind, text string, now time.Time) (json.Number, error) {
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return json.Number(text), nil
	}
	t, err := readMoment(text, now)
	if err != nil {
		return "", err
	}
	if kind == catalog.KindUnixMilli {
		return json.Number(strconv.FormatInt(t.UnixMilli(), 10)), nil
	}
	return json.Number(strconv.FormatInt(t.Unix(), 10)), nil
}

// parseDate reads a number of days from now, such as -7d, where a field takes a
// date.
func parseDate(f *catalog.Field, text string, now time.Time) (string, bool) {
	days, ok := strings.CutSuffix(text, "d")
	n, err := strconv.Atoi(days)
	if !ok || err != nil || !IsDate(f) {
		return "", false
	}
	return now.UTC().AddDate(0, 0, n).Format(time.DateOnly), true
}

// IsDate reports whether a field takes a day as text, such as 2026-01-31.
func IsDate(f *catalog.Field) bool {
	if f.Type != catalog.String {
		return false
	}
	name := strings.TrimSuffix(strings.TrimSuffix(f.Name, "_ge"), "_lt")
	return name == "date" || strings.HasSuffix(name, "_date")
}

func readMoment(text string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil {
			return now.AddDate(0, 0, n), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil {
		return now.Add(d), nil
	}
	return time.Time{}, fmt.Errorf("expected a time: Unix seconds, a date such as 2026-01-31, or a span such as -24h or -7d; got %q", text)
}

// spellEnum returns the known value that a text means when it differs in case
// or writes dashes for underscores, and otherwise the text.
func spellEnum(f *catalog.Field, text string) string {
	if slices.Contains(f.Enum, text) {
		return text
	}
	for _, known := range f.Enum {
		if strings.EqualFold(known, strings.ReplaceAll(text, "-", "_")) {
			return known
		}
	}
	return text
}

// guess returns the value that a text looks like: JSON, or else a string.
func guess(text string) any {
	if value, err := DecodeJSON([]byte(text)); err == nil {
		return value
	}
	return text
}

// DecodeJSON decodes one JSON value and keeps numbers as they are written.
func DecodeJSON(b []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return value, nil
}

// Problem is what is wrong with the field at a path.
type Problem struct {
	Path, Text string
	Doubtful   bool // values and limits change, and the catalogue may be behind
}

// String names the flag, for a field at the top, or the path.
func (p Problem) String() string {
	if strings.ContainsAny(p.Path, ".[") {
		return p.Path + ": " + p.Text
	}
	return "--" + Dashed(p.Path) + ": " + p.Text
}

// checkField adds to problems what is wrong with a value of the field at path:
// its type, values and limits, and required fields that are missing within it.
func checkField(f *catalog.Field, value any, path string, problems *[]Problem) {
	complain := func(format string, args ...any) {
		*problems = append(*problems, Problem{Path: path, Text: fmt.Sprintf(format, args...)})
	}
	doubt := func(format string, args ...any) {
		*problems = append(*problems, Problem{Path: path, Text: fmt.Sprintf(format, args...), Doubtful: true})
	}
	switch value := value.(type) {
	case nil: // a field that is to be emptied
	case map[string]any:
		if f.Type != catalog.Object {
			complain("expected %s, got an object", kindOfValue(f))
			return
		}
		CheckObject(f.Fields, value, path, problems)
	case []any:
		switch {
		case f.Type != catalog.Array:
			complain("expected %s, got a list", kindOfValue(f))
			return
		case f.MaxItems > 0 && len(value) > f.MaxItems:
			doubt("at most %s, got %d", console.Count(f.MaxItems, "item"), len(value))
		}
		if f.Items == nil {
			return
		}
		for i, item := range value {
			checkField(f.Items, item, path+"["+strconv.Itoa(i)+"]", problems)
		}
	case bool:
		if f.Type != catalog.Boolean {
			complain("expected %s, got true or false", kindOfValue(f))
		}
	case json.Number:
		if f.Type != catalog.Integer && f.Type != catalog.Number {
			complain("expected %s, got a number", kindOfValue(f))
			return
		}
		if f.Type == catalog.Integer && strings.ContainsAny(value.String(), ".eE") {
			complain("expected a whole number, got %s", value)
		}
		checkRange(f, value.String(), doubt)
	case string:
		checkText(f, value, complain, doubt)
	}
}

// checkText checks a text. A field with one known value takes others too: it is
// an example.
func checkText(f *catalog.Field, value string, complain, doubt func(string, ...any)) {
	length := len([]rune(value))
	switch {
	case f.Type == catalog.File:
		return
	case f.Type != catalog.String && f.Type != "":
		complain("expected %s, got text", kindOfValue(f))
		return
	case len(f.Enum) > 1 && value != "" && !slices.Contains(f.Enum, value):
		doubt("%q is not one of %s%s", value, Listed(f.Enum, 12), meant(value, f.Enum))
	case f.MaxLength > 0 && length > f.MaxLength:
		doubt("at most %s, got %d", console.Count(f.MaxLength, "character"), length)
	case length < f.MinLength:
		doubt("at least %s, got %d", console.Count(f.MinLength, "character"), length)
	case f.Kind == catalog.KindDecimal:
		if _, ok := new(big.Rat).SetString(value); !ok && value != "" || strings.ContainsAny(value, "/eE") {
			complain("expected an amount such as 9.90, got %q", value)
			return
		}
	}
	checkRange(f, value, doubt) // some limits are of numbers written as text
}

// checkRange doubts a number beyond the limits of its field. What is
// no number has no limits.
func checkRange(f *catalog.Field, text string, doubt func(string, ...any)) {
	n, ok := new(big.Rat).SetString(text)
	if !ok || f.Min == "" && f.Max == "" {
		return
	}
	low, hasLow := new(big.Rat).SetString(f.Min)
	high, hasHigh := new(big.Rat).SetString(f.Max)
	if hasLow && n.Cmp(low) < 0 || hasHigh && n.Cmp(high) > 0 {
		doubt("expected %s, got %s", limits(f), text)
	}
}

// CheckObject checks the members of an object.
func CheckObject(fields []catalog.Field, object map[string]any, path string, problems *[]Problem) {
	for i := range fields {
		f := &fields[i]
		name := f.Name
		if path != "" {
			name = path + "." + f.Name
		}
		value, given := object[f.Name]
		switch {
		case given:
			checkField(f, value, name, problems)
		case f.Required:
			*problems = append(*problems, Problem{Path: name, Text: "required, " + kindOfValue(f)})
		}
	}
}

// UnknownFields returns the paths of members that the catalogue does not know.
func UnknownFields(fields []catalog.Field, value any, path string) []string {
	var found []string
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			found = append(found, UnknownFields(fields, item, path)...)
		}
	case map[string]any:
		if len(fields) == 0 {
			return nil // a map, whose keys are data
		}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			f := Named(fields, name)
			at := name
			if path != "" {
				at = path + "." + name
			}
			if f == nil {
				found = append(found, at)
				continue
			}
			found = append(found, UnknownFields(MembersOf(f), value[name], at)...)
		}
	}
	return found
}

// MembersOf returns the members of an object, or of the objects in an array.
func MembersOf(f *catalog.Field) []catalog.Field {
	for f != nil && f.Type == catalog.Array {
		f = f.Items
	}
	if f == nil {
		return nil
	}
	return f.Fields
}

// Named returns the field of a name, or nil.
func Named(fields []catalog.Field, name string) *catalog.Field {
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}

// meant returns the end of a complaint: the value that may have been meant.
func meant(value string, values []string) string {
	if near := console.Closest(strings.ToUpper(value), values); len(near) > 0 {
		return "; did you mean " + near[0] + "?"
	}
	return ""
}

// Listed returns values as words, with the last of too many cut off.
func Listed(values []string, most int) string {
	if len(values) > most {
		return strings.Join(values[:most], ", ") + " and " + strconv.Itoa(len(values)-most) + " more"
	}
	return strings.Join(values, ", ")
}

// kindOfValue names what a field takes, for people.
func kindOfValue(f *catalog.Field) string {
	switch f.Type {
	case catalog.Integer:
		switch f.Kind {
		case catalog.KindUnix:
			return "a time in Unix seconds"
		case catalog.KindUnixMilli:
			return "a time in Unix milliseconds"
		}
		return "a whole number"
	case catalog.Number:
		return "a number"
	case catalog.Boolean:
		return "true or false"
	case catalog.Array:
		if f.Items != nil && f.Items.Type != catalog.Object && f.Items.Type != catalog.Array {
			return "a list of values"
		}
		return "a JSON array"
	case catalog.Object:
		return "a JSON object"
	case catalog.File:
		return "a file"
	}
	switch f.Kind {
	case catalog.KindDecimal:
		return "an amount such as 9.90"
	case catalog.KindUnix, catalog.KindUnixMilli:
		return "a time in Unix seconds, as text"
	}
	return "text"
}

// limits returns the range of a number in words, or nothing.
func limits(f *catalog.Field) string {
	switch {
	case f.Min != "" && f.Max != "":
		return f.Min + " to " + f.Max
	case f.Min != "":
		return "at least " + f.Min
	case f.Max != "":
		return "at most " + f.Max
	}
	return ""
}

// Facts returns what the catalogue knows of a field beyond its type, in short
// words: values, limits, default.
func Facts(f *catalog.Field, mostValues int) []string {
	var words []string
	if f.Required {
		words = append(words, "required")
	}
	values, choice := f, "one of "
	if f.Type == catalog.Array && f.Items != nil {
		values, choice = f.Items, "any of "
	}
	switch {
	case len(values.Enum) == 1:
		words = append(words, "such as "+values.Enum[0])
	case len(values.Enum) > 1:
		words = append(words, choice+Listed(values.Enum, mostValues))
	}
	if text := limits(f); text != "" {
		words = append(words, text)
	}
	if f.MaxItems > 0 {
		words = append(words, "at most "+console.Count(f.MaxItems, "value"))
	}
	switch {
	case f.MinLength > 0 && f.MaxLength > 0:
		words = append(words, fmt.Sprintf("%d to %d characters", f.MinLength, f.MaxLength))
	case f.MaxLength > 0:
		words = append(words, "at most "+console.Count(f.MaxLength, "character"))
	case f.MinLength > 0:
		words = append(words, "at least "+console.Count(f.MinLength, "character"))
	}
	if f.Default != "" {
		words = append(words, "default "+f.Default)
	}
	return words
}
