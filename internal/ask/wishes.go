package ask

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// wish is a word of a question with the terms of the index that meet it.
type wish struct {
	weight float64
	met    []metTerm
}

// metTerm is a term that meets a word, and how well.
type metTerm struct {
	term    int
	quality float64
}

// idiomSpan is how far after the first word of an idiom its second may be.
const idiomSpan = 4

// How well a term meets a word of a question that is not the same.
const (
	sameStem    = 0.85
	sameMeaning = 0.8
	sameParts   = 0.8 // written as one word, or as two
	sameLetters = 0.7 // most of them
	sameRoot    = 0.45
	nearMeaning = 0.25 // the root of a synonym
)

// perOwn is how much the weight of a word is its own rarity; the rest is that of the
// commonest word with its meaning.
const perOwn = 0.8

// wishes returns what a question asks for.
func (x *operationIndex) wishes(question string) []wish {
	var all []wish
	list := tokens(question)
	asked := make(map[string]bool)
	for i, t := range list {
		word := lemma(t.word)
		met := x.meetToken(list, i)
		if len(met) == 0 || asked[word] {
			continue
		}
		asked[word] = true
		w := wish{weight: x.weigh(word, met)}
		for _, term := range slices.Sorted(maps.Keys(met)) {
			w.met = append(w.met, metTerm{term, met[term]})
		}
		all = append(all, w)
	}
	return all
}

// meetToken returns the terms that meet a word of a question, and how well.
func (x *operationIndex) meetToken(list []token, i int) map[int]float64 {
	met := make(map[int]float64)
	word := list[i].word
	says := !isSmall(word)
	if i+1 < len(list) {
		x.meet(met, lemma(word+list[i+1].word), sameParts)
	}
	if i > 0 && says {
		x.meet(met, lemma(list[i-1].word+word), sameParts)
	}
	if says && strings.ContainsFunc(word, unicode.IsLetter) {
		x.meetWord(met, word)
		if len(met) == 0 {
			x.meetParts(met, word)
		}
		if len(met) == 0 {
			x.meetNearly(met, word)
		}
	}
	for _, idiom := range synonyms().idioms[lemma(word)] {
		for _, next := range list[i+1 : min(len(list), i+1+idiomSpan)] {
			if lemma(next.word) != idiom.second {
				continue
			}
			for _, other := range idiom.means {
				x.meet(met, other, sameMeaning)
			}
		}
	}
	return met
}

// weigh returns how much a wish counts: the rarer a word, the more. A rare word for
// something common counts less than its rarity.
func (x *operationIndex) weigh(word string, met map[int]float64) float64 {
	own, least := 0.0, -1.0
	if same := x.stems[word]; same != nil {
		own = x.rarity[same[0]]
	}
	for id, quality := range met {
		if r := x.rarity[id]; quality >= sameMeaning && (least < 0 || r < least) {
			least = r
		}
	}
	if least < 0 {
		for id := range met {
			least = max(least, x.rarity[id])
		}
		least *= sameLetters
	}
	if own == 0 {
		return least
	}
	return own*perOwn + least*(1-perOwn)
}

// meet meets a stem by the terms that have it.
func (x *operationIndex) meet(met map[int]float64, stem string, quality float64) {
	for _, id := range x.stems[stem] {
		met[id] = max(met[id], quality)
	}
}

// meetWord meets a word by itself, by words of the same root, and by synonyms.
func (x *operationIndex) meetWord(met map[int]float64, word string) {
	stem := lemma(word)
	x.meet(met, stem, sameStem)
	for _, id := range x.stems[stem] {
		if x.terms[id] == word {
			met[id] = 1
		}
	}
	base := root(stem)
	for _, id := range x.roots[base] {
		met[id] = max(met[id], sameRoot)
	}
	for _, from := range []string{stem, base} {
		for _, other := range synonyms().words[from] {
			x.meet(met, other, sameMeaning)
			for _, id := range x.roots[root(other)] {
				met[id] = max(met[id], nearMeaning)
			}
		}
	}
}

// meetParts meets a word that is two words of the index, such as shippinglabel.
func (x *operationIndex) meetParts(met map[int]float64, word string) {
	const least = 3
	for i := least; i+least <= len(word); i++ {
		if first, second := lemma(word[:i]), lemma(word[i:]); x.stems[first] != nil && x.stems[second] != nil {
			x.meet(met, first, sameParts)
			x.meet(met, second, sameParts)
		}
	}
}

// meetNearly meets a misspelt word by the terms that share most pairs of letters with
// it; the first letter of a word is seldom wrong.
func (x *operationIndex) meetNearly(met map[int]float64, word string) {
	const (
		shortest = 4
		longer   = 3    // letters at most
		enough   = 0.55 // of the pairs
		close    = 0.05 // to the best
	)
	if len(word) < shortest {
		return
	}
	best := enough
	likeness := make(map[int]float64)
	for id, term := range x.terms {
		if n := len(term); x.stray[id] || n < shortest || term[0] != word[0] || n > len(word)+longer || n < len(word)-longer {
			continue
		}
		if like := sharedPairs(word, term); like >= enough {
			likeness[id] = like
			best = max(best, like)
		}
	}
	for id, like := range likeness {
		if like >= best-close {
			met[id] = sameLetters
		}
	}
}

// sharedPairs returns which part of the pairs of neighbouring letters two words share,
// ends included.
func sharedPairs(a, b string) float64 {
	a, b = "^"+a+"$", "^"+b+"$"
	used := make([]bool, len(b))
	common := 0
	for i := range len(a) - 1 {
		for j := range len(b) - 1 {
			if !used[j] && a[i] == b[j] && a[i+1] == b[j+1] {
				used[j] = true
				common++
				break
			}
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b)-2)
}
