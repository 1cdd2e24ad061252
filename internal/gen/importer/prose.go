package importer

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// The patterns of limits and defaults in prose. Each takes only what stands in a
// fixed form; a limit that is explained in a sentence stays unread.
var (
	rangePattern     = regexp.MustCompile(`(?i)(?:valid|value) range(?: is)?:?\s*[\[(]?\s*(\d+)\s*(?:-|,|to)\s*(\d+)\s*[\])]?(\s*char)?`)
	greaterPattern   = regexp.MustCompile(`(?i)must be greater than (\d+) and less than or equal to (\d+)`)
	maxCountPattern  = regexp.MustCompile(`(?i)\bmax(?:imum)?\.? (?:count|quantity|items|size|list size|number of \w+)(?: of the list)?(?: is)?:?\s*(\d+)`)
	maxValuePattern  = regexp.MustCompile(`(?i)\b(?:max(?:imum)?\.? (?:value|page size)(?: is)?|max):?\s+(\d+)\b`)
	listLenPattern   = regexp.MustCompile(`(?i)\bmax(?:imum)? length of the list is (\d+)`)
	maxLengthPattern = regexp.MustCompile(`(?i)\bmax(?:imum)?\.? (?:string )?length(?: is)?:?\s*(\d+)`)
	lengthPattern    = regexp.MustCompile(`(?i)(?:valid )?length:?\s*\[\s*(\d+)\s*,\s*(\d+)\s*\]`)
	// thousandsPattern finds 10,000 but not the range [1,100].
	thousandsPattern = regexp.MustCompile(`([^\[(\d,])(\d{1,3}),(\d{3})\b`)
	defaultPattern   = regexp.MustCompile("(?i)\\bdefault(?: value| page size)?(?: is)?\\s*:?\\s*[`\"']?([A-Za-z0-9_\\-]+)[`\"']?[ \t]*(?:$|[.\\n,;])")
)

// mineLimits enters the limits and the default that the text of f states.
func mineLimits(f *spec.Field, text string) {
	text = thousandsPattern.ReplaceAllString(text, "$1$2$3")
	text = tidy(text)
	leaf := f.Leaf()
	switch f.Type {
	case catalog.Array:
		f.MaxItems = number(firstMatch(text, maxCountPattern, listLenPattern))
	case catalog.Integer:
		if m := rangePattern.FindStringSubmatch(text); m != nil && m[3] == "" {
			f.Min, f.Max = m[1], m[2]
		} else if m := greaterPattern.FindStringSubmatch(text); m != nil {
			f.Min, f.Max = strconv.Itoa(number(m[1])+1), m[2]
		} else {
			f.Max = firstMatch(text, maxValuePattern)
		}
	case catalog.String:
		if m := lengthPattern.FindStringSubmatch(text); m != nil {
			f.MinLength, f.MaxLength = number(m[1]), number(m[2])
		} else {
			f.MaxLength = number(firstMatch(text, maxLengthPattern))
		}
	}
	if m := defaultPattern.FindStringSubmatch(text); m != nil && f.Type != catalog.Array {
		f.Default = cleanDefault(leaf, m[1])
	}
}

// cleanDefault returns the default in the form of the type of f, or "" when the
// text cannot be a value of f.
func cleanDefault(f *spec.Field, value string) string {
	switch f.Type {
	case catalog.Integer:
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return ""
		}
		return value
	case catalog.Boolean:
		value = strings.ToLower(value)
		if value != "true" && value != "false" {
			return ""
		}
		return value
	case catalog.String:
		if len(f.Enum) > 0 {
			for _, v := range f.Enum {
				if strings.EqualFold(v, value) {
					return v
				}
			}
			return ""
		}
		// Without a list of values only what looks like one is taken.
		if localeValue.MatchString(value) || isUpper(value) || isSnake(value) || versionValue.MatchString(value) {
			return value
		}
	}
	return ""
}

var (
	localeValue  = regexp.MustCompile(`^[a-z]{2}-[A-Z]{2}$`)
	versionValue = regexp.MustCompile(`^v\d$`)
)

func firstMatch(text string, patterns ...*regexp.Regexp) string {
	for _, p := range patterns {
		if m := p.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
