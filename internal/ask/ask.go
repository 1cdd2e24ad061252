package ask

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/names"
)

// The weights of the words of people, and of the meaning of a code.
const (
	inWords   = 4.0
	inMeaning = 3.0
)

// likelyShare is how good an operation or a code must be, compared with the best,
// to stand among those that are likely meant.
const likelyShare = 0.5

// mostLikely is how many are likely meant at most.
const mostLikely = 10

// longestQuestion is how much of a question is looked at, in bytes.
const longestQuestion = 1000

// Operations returns the operations that a question names, then those that it likely
// means, and then the others that have all of its words.
func Operations(known *catalog.Catalog, question string) []catalog.Entry {
	question = question[:min(len(question), longestQuestion)]
	var entries []catalog.Entry
	listed := make(map[string]bool)
	for _, found := range [][]catalog.Entry{named(known, question), likelyOperations(known, question), known.Search(question)} {
		for _, e := range found {
			if name := e.FullName(); !listed[name] {
				listed[name] = true
				entries = append(entries, e)
			}
		}
	}
	return entries
}

// Codes returns the codes that a question likely means, and then the others that
// have all of its words.
func Codes(known *catalog.Catalog, question string) []catalog.Code {
	codes := likelyCodes(known, question)
	for _, c := range known.SearchCodes(question) {
		if !slices.ContainsFunc(codes, func(listed catalog.Code) bool { return listed.Code == c.Code }) {
			codes = append(codes, c)
		}
	}
	return codes
}

// likelyOperations returns the operations that a question likely means, the best
// first, each once in its newest version.
func likelyOperations(known *catalog.Catalog, question string) []catalog.Entry {
	newest := make(map[string]catalog.Entry)
	for _, e := range names.Newest(known.Operations("")) {
		newest[e.Domain+"."+names.Base(e.Name)] = e
	}
	var entries []catalog.Entry
	ranked := operations().rank(question)
	for i, r := range ranked {
		if i == mostLikely || r.score < ranked[0].score*likelyShare {
			break
		}
		entries = append(entries, newest[r.name])
	}
	return entries
}

// AsksForField reports whether only a field can answer a question.
func AsksForField(question string) bool {
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
	all := make([]*Meaning, len(codes))
	at := make(map[string]int, len(codes))
	for i, c := range codes {
		number := strconv.Itoa(c.Code)
		m := &Meaning{Hit: Hit{Name: number}}
		m.add(c.Meaning, inMeaning)
		m.add(c.Fix, inNotes)
		m.add(c.Area+" "+strings.ReplaceAll(string(c.Class), "_", " "), inNotes)
		m.add(codeWords()[number], inWords)
		all[i], at[number] = m, i
	}
	var found []catalog.Code
	for _, h := range likely(Rank(meaningList(all), question)) {
		found = append(found, codes[at[h.Name]])
	}
	return found
}

// likely returns the hits that are not far behind the best.
func likely(hits []Hit) []Hit {
	for i, h := range hits {
		if i == mostLikely || h.Score < hits[0].Score*likelyShare {
			return hits[:i]
		}
	}
	return hits
}

// Variant returns the place of the variant of a code that a message is about.
func Variant(code catalog.Code, message string) (int, bool) {
	all := make([]*Meaning, len(code.Variants))
	for i, v := range code.Variants {
		all[i] = &Meaning{Hit: Hit{Name: strconv.Itoa(i)}}
		all[i].add(v.When, inMeaning)
		all[i].add(v.Fix, inNotes)
		all[i].add(variantWords(v.When), inMeaning)
	}
	hits := Rank(meaningList(all), message)
	if len(hits) == 0 {
		return 0, false
	}
	i, err := strconv.Atoi(hits[0].Name)
	return i, err == nil
}

// variantWords returns the words by which the platform's messages name what our
// sentences about the variants of a code call otherwise.
func variantWords(when string) string {
	words := ""
	for ours, theirs := range map[string]string{
		"x-tts-access-token": "header access token invalid", "5 minutes old": "expired timestamp too old", "ahead": "future timestamp",
		"mandatory": "required missing empty parameter", "JSON type": "type mismatch expected number string array object", "allowed list": "allow values enum invalid value",
		"sign is absent": "sign signature missing empty query",
	} {
		if strings.Contains(when, ours) {
			words += " " + theirs
		}
	}
	return words
}
