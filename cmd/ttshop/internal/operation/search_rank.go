package operation

import (
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// The weights of the words of people, and of the meaning of a code.
const (
	inWords   = 4.0
	inMeaning = 3.0
	inDomain  = 1.0
)

// likelyShare is how good an operation or a code must be, compared with the best,
// to stand among those that are likely meant.
const likelyShare = 0.5

// likelyOperations returns the operations that a question likely means, the best
// first, each once in its newest version.
func likelyOperations(known *catalog.Catalog, question string) []catalog.Entry {
	if asksForField(question) {
		return nil
	}
	var all []*meaning
	for _, domain := range field.Domains() {
		for _, f := range field.Families(known, domain.Label) {
			newest := f.Versions[0]
			m := &meaning{hit: hit{name: newest.FullName(), places: []place{{entry: newest}}}}
			m.add(newest.Summary, inText)
			m.add(field.Kebab(f.Name), inName)
			m.add(field.Kebab(newest.GoName), inName)
			m.add(strings.ReplaceAll(domain.Label, "_", " "), inDomain)
			m.add(wordsOf().Operations[newest.Domain+"."+f.Name], inWords)
			all = append(all, m)
		}
	}
	var entries []catalog.Entry
	for _, h := range likely(rank(meaningList(all), question)) {
		entries = append(entries, h.places[0].entry)
	}
	return entries
}

// asksForField reports whether only a field can answer a question.
func asksForField(question string) bool {
	for _, alternatives := range askedFor(question) {
		if term := alternatives[0].term; term == askTime || term == askNumber {
			return true
		}
	}
	return false
}

// likelyCodes returns the codes that a question likely means, the best first.
func likelyCodes(known *catalog.Catalog, question string) []catalog.Code {
	codes := known.Codes()
	all := make([]*meaning, len(codes))
	at := make(map[string]int, len(codes))
	for i, c := range codes {
		number := strconv.Itoa(c.Code)
		m := &meaning{hit: hit{name: number}}
		m.add(c.Meaning, inMeaning)
		m.add(c.Fix, inNotes)
		m.add(c.Area+" "+codeClass(c.Class), inNotes)
		m.add(wordsOf().Codes[number], inWords)
		all[i], at[number] = m, i
	}
	var found []catalog.Code
	for _, h := range likely(rank(meaningList(all), question)) {
		found = append(found, codes[at[h.name]])
	}
	return found
}

// likely returns the hits that are not far behind the best.
func likely(hits []hit) []hit {
	for i, h := range hits {
		if i == mostHits || h.score < hits[0].score*likelyShare {
			return hits[:i]
		}
	}
	return hits
}
