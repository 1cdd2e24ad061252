package apigen

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// comment states the facts that hold for every use of a slot: limits, default,
// unit, standard codes. In answers only the unit matters.
func (s *slot) comment(request, required bool) string {
	return strings.Join(s.facts(request, required), ", ")
}

func (s *slot) facts(request, required bool) []string {
	var facts []string
	first := s.fields[0]
	same := func(get func(f *spec.Field) string) string {
		value := get(first)
		for _, f := range s.fields[1:] {
			if get(f) != value {
				return ""
			}
		}
		return value
	}
	if request && required {
		facts = append(facts, "required")
	}
	switch leaf := first.Leaf(); {
	case s.scalar() != "": // the type says it
	case leaf.Kind == catalog.KindUnixMilli:
		facts = append(facts, "Unix time in milliseconds")
	case leaf.Kind == catalog.KindUnix && leaf.Type == catalog.String:
		facts = append(facts, "Unix time in seconds")
	}
	if request {
		facts = append(facts, limits(same)...)
		if v := same(func(f *spec.Field) string { return f.Default }); v != "" {
			facts = append(facts, "default "+quoted(v))
		}
		if codes := first.Leaf().Enum; s.enum == nil && len(codes) > 0 {
			facts = append(facts, "one of "+strings.Join(codes, ", "))
		}
	}
	return facts
}

// quoted puts quotes around a value that could be taken for the name of a field.
func quoted(value string) string {
	if wireName.MatchString(value) && value == strings.ToLower(value) {
		return strconv.Quote(value)
	}
	return value
}

func limits(same func(func(*spec.Field) string) string) []string {
	count := func(get func(f *spec.Field) int) string {
		return same(func(f *spec.Field) string {
			if n := get(f); n > 0 {
				return fmt.Sprint(n)
			}
			return ""
		})
	}
	var facts []string
	low, high := same(func(f *spec.Field) string { return f.Min }), same(func(f *spec.Field) string { return f.Max })
	switch {
	case low != "" && high != "":
		facts = append(facts, "from "+low+" to "+high)
	case high != "":
		facts = append(facts, "at most "+high)
	case low != "":
		facts = append(facts, "at least "+low)
	}
	short, long := count(func(f *spec.Field) int { return f.MinLength }), count(func(f *spec.Field) int { return f.MaxLength })
	switch {
	case short != "" && long != "":
		facts = append(facts, "from "+short+" to "+long+" characters")
	case long != "":
		facts = append(facts, "at most "+long+" characters")
	}
	if n := count(func(f *spec.Field) int { return f.MaxItems }); n != "" {
		facts = append(facts, "at most "+n+" items")
	}
	return facts
}
