package apigen

import (
	"fmt"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// rateTypes has the types of rates by their unit: of integers, and of strings.
var rateTypes = map[string]struct{ integer, text string }{
	"hundredths of a percent": {"ttshop.BasisPoints", "ttshop.BasisPointsText"},
	"percent":                 {"ttshop.Percent", "ttshop.PercentText"},
	"fraction":                {"", "ttshop.FractionText"},
	"ratio":                   {"", "ttshop.Decimal"},
}

// rateUnits has the types that say the unit of a rate.
var rateUnits = map[string]bool{
	"ttshop.BasisPoints": true, "ttshop.BasisPointsText": true, "ttshop.Percent": true, "ttshop.PercentText": true, "ttshop.FractionText": true,
}

// scalar returns the type of the root package that says what the leaf of a field
// holds; it is empty if a plain type does.
func scalar(f *spec.Field) string {
	unit, layout, leaf := "", "", f.Leaf()
	if f.Doc != nil {
		unit, layout = f.Doc.Unit, f.Doc.Format
	}
	rate := rateTypes[unit]
	switch leaf.Type {
	case catalog.Integer:
		switch {
		case rate.integer != "":
			return rate.integer
		case leaf.Kind == catalog.KindUnix:
			return "ttshop.UnixTime"
		case leaf.Kind == catalog.KindUnixMilli:
			return "ttshop.UnixMilli"
		}
	case catalog.String:
		switch {
		case rate.text != "":
			return rate.text
		case leaf.Kind == catalog.KindDecimal:
			return "ttshop.Decimal"
		case leaf.Kind == catalog.KindUnix:
			return "ttshop.UnixText"
		case layout == "YYYY-MM-DD", layout == "YYYY_MM_DD":
			return "ttshop.Date"
		}
	}
	return ""
}

// scalar returns the type that says what all fields of a slot hold. A time, a day
// or an amount may be known of only some of them. Of a rate each must say the same:
// where one does not, a plain type promises nothing.
func (s *slot) scalar() string {
	found, silent := "", false
	for _, f := range s.fields {
		switch typ := scalar(f); {
		case typ == "":
			silent = true
		case found == "", typ == found:
			found = typ
		default:
			return ""
		}
	}
	if silent && rateUnits[found] {
		return ""
	}
	return found
}

// number reports whether a Go type of a request is a number or a boolean, whose
// zero is a value that must be told from none.
func number(goType string) bool {
	switch goType {
	case "bool", "int", "int64", "float64", "ttshop.BasisPoints", "ttshop.Percent":
		return true
	}
	return false
}

// plainType returns the Go type for a JSON type that nothing more is known of.
func (s *slot) plainType() (string, error) {
	leaf := s.fields[0].Leaf()
	switch leaf.Type {
	case catalog.Integer:
		for _, f := range s.fields {
			if f.Leaf().Format == "int64" {
				return "int64", nil
			}
		}
		return "int", nil
	case catalog.String:
		return "string", nil
	case catalog.Boolean:
		return "bool", nil
	case catalog.Number:
		return "float64", nil
	case catalog.File:
		if s.fields[0] == leaf {
			return "ttshop.File", nil
		}
	}
	return "", fmt.Errorf("field %s has the unknown type %s", s.name, signature(s.fields[0]))
}
