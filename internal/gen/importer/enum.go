package importer

import (
	"regexp"
	"slices"
	"strings"
)

// The official files hold no enums: the values of a field stand in its prose, in
// a dozen layouts. mineEnum returns them where the text clearly lists them, in
// their order, and nothing if it merely mentions a value.
func mineEnum(field, text, example string) []string {
	text = tidy(text)
	if values := accept(field, example, announced(text)); len(values) > 0 {
		return values
	}
	for _, in := range intros(text) {
		if values := accept(field, example, listAfter(text[in.end:])); len(values) > 0 {
			return values
		}
	}
	if values := accept(field, example, bareList(text)); len(values) > 0 {
		return values
	}
	if strings.Contains(field, "sort_order") && strings.Contains(text, "ASC") && strings.Contains(text, "DESC") {
		return []string{"ASC", "DESC"}
	}
	return accept(field, example, mentioned(text, example))
}

var tidier = strings.NewReplacer(
	"\r\n", "\n", "：", ":", "，", ",", "、", ",", "（", " (", "）", ")", "；", ";",
	"**", "", "“", `"`, "”", `"`, "‘", "'", "’", "'", "\u00a0", " ", "\u200b", "", "\ufeff", "", `\_`, "_", "–", "-", "—", "-",
)

func tidy(text string) string {
	return brokenValue.ReplaceAllString(cutValue.ReplaceAllString(tidier.Replace(text), "$1$2"), "$1$2")
}

var (
	// cutValue matches a value whose closing quote stands inside it.
	cutValue = regexp.MustCompile("`([A-Z][A-Z0-9_]+)`([A-Z]+)\\b")
	// brokenValue matches a value with a space after an underscore.
	brokenValue = regexp.MustCompile(`\b([A-Z][A-Z0-9]*_) ([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\b`)
)

// intro matches the words that announce a list of values.
var intro = regexp.MustCompile(`(?i)(?:` +
	`\b(?:possible|available|valid|allowed|acceptable|accepted|supported|optional|permitted|potential|field|enum|enumerated|enumeration|status|current)s? (?:\w+ )?(?:values?|enumerations?|enums?|options?|types?|statuses)\b(?: of [\w ]+)?(?: are| is| include| can be)?(?: as follows| the following| listed below)?\s*(?:\([^)]*\))?\s*[:\n-]?` +
	`|\benum(?:eration|erated)?s?(?: type)?(?: values?)?(?: with)?(?: values)?(?: are| is| include)?(?: as follows)?\s*[:\n]` +
	`|\b(?:possible|available) (?:status )?enumerations?\b\s*:?` +
	`|\b(?:one of|any of|some of) the following(?: \w+){0,2}:?` +
	`|\b(?:the )?following (?:\w+ ){0,2}(?:values?|enumerations?|enums?|options?|types?|statuses|status|permissions)\b(?: are \w+)?:?` +
	`|\benumerated w?type with values:?` +
	`|\b(?:values?|options?|types|statuses|status) (?:include|are|can be)\s*:` +
	`|\bincluding:` +
	`|\bvalues:` +
	`|\benums?:` +
	`|\bvalue range:` +
	`|\bcan be:` +
	`)`)

// An announcement is where the words are that announce a list, and what they are.
type announcement struct {
	end   int
	words string // lower case
}

// meaning matches what stands before an announcement that is only part of what a
// value means: "BASE: Enumeration type means …".
var meaning = regexp.MustCompile("(?:^|\n)[ \t]*(?:[-*•·][ \t]*|\\d{1,2}[.)][ \t]+)?[`\"']?[A-Z][A-Z0-9_]+[`\"']?[ \t]*:[ \t]*$")

func intros(text string) []announcement {
	var found []announcement
	for _, loc := range intro.FindAllStringIndex(text, -1) {
		if text[loc[0]:loc[1]] == "ENUM:" || meaning.MatchString(text[:loc[0]]) {
			continue
		}
		// Leave the line break to the list, which starts on its own line.
		end := loc[1]
		for end > loc[0] && text[end-1] == '\n' {
			end--
		}
		found = append(found, announcement{end, strings.ToLower(text[loc[0]:end])})
	}
	return found
}

// announced reads lists that are announced in a way of their own: values by
// market, and several lists that the same words announce, one for each case.
func announced(text string) []string {
	if at := byMarket.FindStringIndex(text); at != nil {
		var values []string
		for line := range strings.Lines(text[at[1]:]) {
			if strings.HasPrefix(line, "  ") {
				continue // a remark on the last item
			}
			if !marketLine.MatchString(line) {
				if strings.TrimSpace(line) != "" && len(values) > 0 {
					break
				}
				continue
			}
			for _, m := range quoted.FindAllStringSubmatch(line, -1) {
				values = append(values, m[1])
			}
		}
		return values
	}
	found := intros(text)
	var values []string
	for i, in := range found {
		if in.words != found[0].words || len(found) == 1 {
			return nil
		}
		stop := len(text)
		if i+1 < len(found) {
			stop = found[i+1].end
		}
		list := listAfter(text[in.end:stop])
		if len(list) == 0 {
			return nil
		}
		values = append(values, list...)
	}
	return values
}

var (
	byMarket   = regexp.MustCompile(`(?i)possible values based on region:`)
	marketLine = regexp.MustCompile(`^[ \t]*[-*•][ \t]*(?:[A-Z]{2}\b|SEA\b|Other )`)
	quoted     = regexp.MustCompile("`([A-Za-z0-9_]+)`")
)

// mentioned returns the values that a text uses, quoted or in capitals with an
// underscore, where the example is one of them: then they are those of this
// field and not of another that it depends on.
func mentioned(text, example string) []string {
	if forInstance.MatchString(text) {
		return nil
	}
	var values []string
	for _, m := range mention.FindAllStringSubmatch(text, -1) {
		if v := m[1] + m[2] + m[3]; !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	if len(values) < 2 || !slices.Contains(values, strings.TrimSpace(example)) {
		return nil
	}
	return values
}

var (
	forInstance = regexp.MustCompile(`(?i)\be\.g\b|\bfor example\b|\bsuch as\b`)
	mention     = regexp.MustCompile("[`\"']([A-Z][A-Z0-9_]+)[`\"']|\\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\\b|(?m:^- ?([A-Z][A-Z0-9_]+) )")
)

// item matches a line that starts with a value: an optional bullet or number, an
// optional quote, the value, and after it the end of the line or an explanation.
var item = regexp.MustCompile("^[ \t]*(?:[-*•·][ \t]*|\\d{1,2}[.)][ \t]+)?([`\"']*)((?:[A-Za-z]|[0-9]+_?[A-Z])[A-Za-z0-9_]*(?:[-/ ][A-Z0-9_][A-Za-z0-9_]*)*)[`\"']*[ \t]*[.,;]?[ \t]*(?:$|`|[:(=]|-[ \t>]|- ?[A-Z]|[ \t]*[A-Z][a-z])")

// listAfter reads the values that follow the announcement of a list.
func listAfter(text string) []string {
	first, rest, _ := strings.Cut(text, "\n")
	if values := inlineList(first); len(values) > 0 {
		return values
	}
	if strings.Trim(first, " \t:.-(") != "" && inlineStart.MatchString(first) {
		rest = text
	}
	var values []string
	for line := range strings.Lines(rest) {
		line = strings.TrimRight(line, "\n \t")
		if strings.TrimSpace(line) == "" {
			continue
		}
		m := item.FindStringSubmatch(line)
		if m != nil && isValue(m[2], true) && !isProse(line, m) {
			values = append(values, m[2])
			continue
		}
		if len(values) > 0 && indented.MatchString(line) {
			continue // a remark on the last item
		}
		if len(values) == 0 {
			if values = inlineList(line); len(values) > 0 {
				return values
			}
			continue
		}
		if endsList(line) {
			break
		}
	}
	return values
}

var indented = regexp.MustCompile(`^(?: {2,}|\t)-`)

var inlineStart = regexp.MustCompile(`^[ \t:]*[-*•]?[ \t]*["'` + "`" + `]?[A-Za-z]\w+`)

// bareList reads a list that nothing announces: two or more lines in a row that
// each start with an upper-case value.
func bareList(text string) []string {
	var values, best []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n \t")
		if strings.TrimSpace(line) == "" {
			continue
		}
		m := item.FindStringSubmatch(line)
		if m != nil && isUpper(m[2]) && !isProse(line, m) {
			values = append(values, m[2])
			continue
		}
		if len(values) > 0 && endsList(line) {
			if len(best) < 2 {
				best = values
			}
			values = nil
		}
	}
	if len(best) < 2 {
		best = values
	}
	if len(best) >= 2 {
		return best
	}
	return nil
}

// endsList distinguishes the end of a list from the continuation of its last item.
func endsList(line string) bool {
	trimmed := strings.TrimLeft(line, " \t-*#")
	for _, word := range []string{"Note", "Default", "If ", "When ", "The ", "This ", "For ", "Only ", "See ", "Applicable", "You ", "Prerequisite", "Refer", "Available"} {
		if strings.HasPrefix(trimmed, word) {
			return true
		}
	}
	return strings.HasSuffix(strings.TrimSpace(line), ":")
}

// isProse distinguishes a sentence that starts with a capitalised word from an
// item.
func isProse(line string, m []string) bool {
	value := m[2]
	if m[1] != "" || isUpper(value) {
		return false
	}
	// A lower-case or mixed value stands alone or before its explanation.
	after := strings.TrimSpace(line[strings.Index(line, value)+len(value):])
	return after != "" && !strings.ContainsAny(after[:1], ":(=-`\"'.,;")
}

var inlineSep = regexp.MustCompile(`\s*(?:,\s*(?:and|or)?\s|,|\||/|;|\s(?:and|or)\s)\s*`)

// inlineList reads announced values on one line: A, B or C.
func inlineList(line string) []string {
	line = strings.TrimLeft(line, " \t:-([")
	// The list ends with the sentence.
	if i := strings.Index(line, ". "); i >= 0 {
		line = line[:i]
	}
	line = strings.TrimRight(line, " \t.)]")
	line = parenthesis.ReplaceAllString(line, "")
	var values []string
	plain := false
	for _, part := range inlineSep.Split(line, -1) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		bare := strings.Trim(part, "`\"' ")
		if name, _, ok := strings.Cut(bare, ":"); ok {
			bare = strings.Trim(name, "`\"' ")
		}
		quoted := bare != part
		if !isValue(bare, quoted) && !isSnake(bare) && !plainWord.MatchString(bare) && !capitalised.MatchString(bare) {
			return nil
		}
		plain = plain || !quoted && plainWord.MatchString(bare)
		values = append(values, bare)
	}
	// Plain words make a list only beside names that are not words.
	if plain && !slices.ContainsFunc(values, isSnake) && !slices.Contains(values, "gmv") {
		return nil
	}
	if len(values) == 1 && !strings.Contains(values[0], "_") && !isUpper(values[0]) {
		return nil
	}
	return values
}

var plainWord = regexp.MustCompile(`^[a-z]+$`)

var parenthesis = regexp.MustCompile(`\s*\([^)]*\)`)

var (
	upperValue = regexp.MustCompile(`^(?:[A-Z]|[0-9]+_?[A-Z])[A-Z0-9]*(?:[_\-/ ][A-Z0-9]+)*_?$`)
	lowerValue = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(?:[_\-][A-Za-z0-9]+)*$`)
	snakeValue = regexp.MustCompile(`^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$`)
)

func isUpper(s string) bool { return len(s) >= 2 && upperValue.MatchString(s) }
func isSnake(s string) bool { return snakeValue.MatchString(s) }

// isValue reports whether s can be a value; a lower-case word only where the text
// announced a list.
func isValue(s string, announced bool) bool {
	return isUpper(s) || announced && lowerValue.MatchString(s)
}

// notValues are capitalised words that start lines of prose.
var notValues = []string{
	"NOTE", "API", "ID", "SKU", "URL", // ID is also Indonesia
}

// regions are the codes of the markets; in a field about something else they
// introduce a remark about one market.
var regions = []string{
	"BR", "CN", "DE", "ES", "EU", "FR", "GB", "ID", "IE", "IT", "JP", "MX", "MY", "PH", "SEA", "SG", "TH", "UK", "US", "VN",
}

var (
	capitalised = regexp.MustCompile(`^[A-Z][a-z]+$`)
	// freeText matches the names of fields that hold anything but an enum.
	freeText = regexp.MustCompile(`(?:^|_)(?:codes?|content|value|name|identifier|id|ids|url|link|amount|rate|message|description|text|category_version)$`)
)

// accept drops duplicates and anything that is not a value, and refuses the whole
// set if the field is free text whose example is not among the values.
func accept(field, example string, values []string) []string {
	if freeText.MatchString(field) && !slices.Contains(values, strings.TrimSpace(example)) {
		return nil
	}
	about := strings.Contains(field, "region") || strings.Contains(field, "country") || strings.Contains(field, "market")
	example = strings.TrimSpace(example)
	words := capitalised.MatchString(example) && slices.Contains(values, example)
	var kept []string
	for _, v := range values {
		switch {
		case slices.Contains(notValues, v) && !(about && slices.Contains(regions, v)), slices.Contains(kept, v),
			capitalised.MatchString(v) && !words,
			!about && slices.Contains(regions, v):
			continue
		}
		kept = append(kept, v)
	}
	if len(kept)*2 < len(values) {
		return nil
	}
	return kept
}
