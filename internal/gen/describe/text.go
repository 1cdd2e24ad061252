package describe

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many characters a text may have: what needs more belongs in
// docs/.
const longest = 400

var region = regexp.MustCompile(`^[A-Z]{2}$`)

// problems returns what is wrong with the description of a field.
func (e *entry) problems(key string, official *Shingles) []error {
	problems := textProblems(e.Text, official)
	if e.Text != "" && repeats(key, e.Text) {
		problems = append(problems, fmt.Errorf("%q only repeats the name", e.Text))
	}
	for _, m := range e.Markets {
		if !region.MatchString(m) && m != "EU" {
			problems = append(problems, fmt.Errorf("market %q is not a region code", m))
		}
	}
	for what, text := range map[string]string{"deprecated": e.Deprecated, "sign": e.Sign} {
		if text == "" {
			continue
		}
		for _, err := range textProblems(text, official) {
			problems = append(problems, fmt.Errorf("%s: %w", what, err))
		}
	}
	if copied := official.Find(e.RequiredIf); copied != "" {
		problems = append(problems, fmt.Errorf("required_if: %q is copied word for word from the official text", copied))
	}
	return problems
}

// textProblems returns what is wrong with a sentence.
func textProblems(text string, official *Shingles) []error {
	var problems []error
	first, _ := utf8.DecodeRuneInString(text)
	switch {
	case text == "":
		return []error{fmt.Errorf("no text")}
	case strings.TrimSpace(text) != text || strings.Contains(text, "  ") || strings.ContainsAny(text, "\n\t"):
		problems = append(problems, fmt.Errorf("%q has stray spaces or line breaks", text))
	case !unicode.IsUpper(first) && !unicode.IsDigit(first):
		problems = append(problems, fmt.Errorf("%q does not begin with a capital letter", text))
	case !strings.HasSuffix(text, "."):
		problems = append(problems, fmt.Errorf("%q does not end with a full stop", text))
	}
	if n := utf8.RuneCountInString(text); n > longest {
		problems = append(problems, fmt.Errorf("%d characters, at most %d", n, longest))
	}
	if copied := official.Find(text); copied != "" {
		problems = append(problems, fmt.Errorf("%q is copied word for word from the official text", copied))
	}
	return problems
}

// empty are words that tell nothing that a name does not.
var empty = strings.Fields(`a an the of for in on to at by is are it its this that with and or be as was were which
	value field information info detail details data given returned specified corresponding related associated respective current`)

var word = regexp.MustCompile(`[a-z0-9]+`)

// repeats reports whether a text has no word that the key does not have.
func repeats(key, text string) bool {
	known := map[string]bool{}
	for _, w := range word.FindAllString(strings.ToLower(key), -1) {
		known[stem(w)] = true
	}
	for _, w := range word.FindAllString(strings.ToLower(text), -1) {
		if !slices.Contains(empty, w) && !known[stem(w)] && !known[w] {
			return false
		}
	}
	return true
}

// stem strips the plural.
func stem(w string) string {
	if len(w) > 3 {
		return strings.TrimSuffix(w, "s")
	}
	return w
}
