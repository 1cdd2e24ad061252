package catalog

import (
	"cmp"
	"slices"
	"strings"
)

// Search returns the operations that have every word of a query in one of their
// names, in path or summary, the best first: a word in a name counts most, and of
// two equal ones the shorter name comes first. Words match as prefixes, so that "ord"
// finds orders. Case does not matter.
func (c *Catalog) Search(query string) []Entry {
	words := strings.FieldsFunc(strings.ToLower(query), func(r rune) bool { return !isWord(r) })
	if len(words) == 0 {
		return nil
	}
	type hit struct {
		Entry
		score int
	}
	var hits []hit
	for _, e := range c.Operations("") {
		if score := e.score(words); score > 0 {
			hits = append(hits, hit{e, score})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(len(a.Name), len(b.Name)), cmp.Compare(b.Version(), a.Version()))
	})
	entries := make([]Entry, len(hits))
	for i, h := range hits {
		entries[i] = h.Entry
	}
	return entries
}

// score rates e for words: 0 when one is missing.
func (e Entry) score(words []string) int {
	name, path, summary := append(camelWords(e.Name), camelWords(e.GoName)...), strings.ToLower(e.Path), strings.ToLower(e.Summary)
	total := 0
	for _, w := range words {
		best := 0
		if strings.EqualFold(e.Name, w) || strings.EqualFold(e.GoFullName(), w) {
			best = 16
		}
		for _, n := range name {
			if n == w {
				best = max(best, 8)
			} else if strings.HasPrefix(n, w) {
				best = max(best, 6)
			}
		}
		if best == 0 {
			if startsWord(path, w) {
				best = 3
			} else if startsWord(summary, w) {
				best = 2
			}
		}
		if best == 0 {
			return 0
		}
		total += best
	}
	return total
}

// camelWords splits a Go name into lower-case words: GetSKUList into get sku list.
func camelWords(name string) []string {
	var words []string
	start := 0
	upper := func(i int) bool { return name[i] >= 'A' && name[i] <= 'Z' }
	for i := 1; i <= len(name); i++ {
		if i == len(name) || upper(i) && (!upper(i-1) || i+1 < len(name) && !upper(i+1) && name[i+1] != 's') {
			words = append(words, strings.ToLower(name[start:i]))
			start = i
		}
	}
	return words
}

// startsWord reports whether a word of text starts with prefix.
func startsWord(text, prefix string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], prefix)
		if i < 0 {
			return false
		}
		at := from + i
		if at == 0 || !isWord(rune(text[at-1])) {
			return true
		}
		from = at + 1
	}
}

func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
}
