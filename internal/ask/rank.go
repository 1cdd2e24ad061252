package ask

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
)

// Place is where a field is: an operation, the part of it, and the path.
type Place struct {
	Entry catalog.Entry
	Part  string // parameter, body or answer
	Path  string
}

// Hit is something that matches a question: a field with all places where it
// has one meaning, or an operation, which has no name of a field.
type Hit struct {
	Name   string
	Text   string // what it means, as a sentence
	Places []Place
	Score  float64
}

// Meaning is a hit with the words that it is found by.
type Meaning struct {
	Hit
	terms  map[string]float64 // how often a word occurs, weighted by where
	length float64
}

// The weights of the places in which a word may stand.
const (
	inText    = 2.0
	inName    = 2.0
	inParents = 1.0
	inFacts   = 0.7
	inNotes   = 0.5
)

// The usual parameters of BM25. Descriptions are short, so that their length
// counts for little.
const (
	saturation    = 1.2
	lengthPenalty = 0.4
)

// Kinds of fields that a question can ask for; they are terms like words.
const (
	askTime   = "?time"
	askAmount = "?amount"
	askNumber = "?number"
)

func (m *Meaning) add(text string, weight float64) {
	for _, term := range terms(text) {
		m.addTerm(term, weight)
	}
}

func (m *Meaning) addTerm(term string, weight float64) {
	if m.terms == nil {
		m.terms = make(map[string]float64)
	}
	m.terms[term] += weight
	m.length += weight
}

// Corpus is what a question is ranked in.
type Corpus interface {
	// count returns how many meanings there are.
	count() int
	// length returns that of all meanings together.
	length() float64
	// having returns the meanings that have one of the terms, with how often they
	// have each of them.
	having(terms map[string]bool) []*Meaning
}

// meaningList is a corpus in memory.
type meaningList []*Meaning

func (l meaningList) count() int { return len(l) }

func (l meaningList) length() (sum float64) {
	for _, m := range l {
		sum += m.length
	}
	return sum
}

func (l meaningList) having(map[string]bool) []*Meaning { return l }

// Rank returns the meanings that match a question, the best first.
func Rank(all Corpus, question string) []Hit {
	asked := askedFor(question)
	if len(asked) == 0 {
		return nil
	}
	terms := make(map[string]bool)
	for _, alternatives := range asked {
		for _, a := range alternatives {
			terms[a.term] = true
		}
	}
	found := all.having(terms)
	holders := make(map[string]float64)
	for _, m := range found {
		for term := range terms {
			if m.terms[term] > 0 {
				holders[term]++
			}
		}
	}
	n := float64(all.count())
	mean := all.length() / n
	rarity := func(term string) float64 { return math.Log(1 + (n-holders[term]+0.5)/(holders[term]+0.5)) }
	var hits []Hit
	for _, m := range found {
		score, words, met, sought := 0.0, 0, 0.0, 0.0
		for _, alternatives := range asked {
			best, weight := 0.0, rarity(alternatives[0].term)
			if holders[alternatives[0].term] == 0 && len(alternatives) > 1 {
				weight = rarity(alternatives[1].term) // the catalogue says it otherwise
			}
			for _, a := range alternatives {
				if tf := m.terms[a.term]; tf > 0 {
					norm := saturation * (1 - lengthPenalty + lengthPenalty*m.length/mean)
					best = max(best, a.weight*rarity(a.term)*tf*(saturation+1)/(tf+norm))
				}
			}
			sought += weight
			if best > 0 {
				score += best
				met += weight
				if !strings.HasPrefix(alternatives[0].term, "?") {
					words++
				}
			}
		}
		if words == 0 {
			continue
		}
		h := m.Hit
		h.Score = score * met / sought // all that was asked counts more than one rare word
		hits = append(hits, h)
	}
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(len(b.Places), len(a.Places)))
	})
	return hits
}

// wanted is a term that a word of a question stands for, and how well.
type wanted struct {
	term   string
	weight float64
}

// askedFor returns the terms of a question, each with others that mean the same.
func askedFor(question string) [][]wanted {
	const kind, similar = 0.8, 0.8
	var asked [][]wanted
	text := strings.ToLower(question)
	for _, ask := range []struct{ phrase, term string }{{"when", askTime}, {"how much", askAmount}, {"how many", askNumber}} {
		if strings.Contains(" "+text+" ", " "+ask.phrase+" ") {
			asked = append(asked, []wanted{{ask.term, kind}})
		}
	}
	seen := make(map[string]bool)
	for _, term := range terms(text) {
		if seen[term] {
			continue
		}
		seen[term] = true
		alternatives := []wanted{{term, 1}}
		for _, word := range strings.Fields(otherWords()[term]) {
			alternatives = append(alternatives, wanted{stem(word), similar})
		}
		asked = append(asked, alternatives)
	}
	return asked
}

// otherWords returns, for the stems of words that people use, those that the
// platform and the descriptions use for the same.
func otherWords() map[string]string {
	return map[string]string{
		"parcel":    "package",
		"packag":    "parcel",
		"hand":      "ship handover collect",
		"handov":    "ship collect",
		"customer":  "buyer",
		"client":    "buyer",
		"consumer":  "buyer",
		"merchant":  "seller",
		"cost":      "price fee",
		"money":     "amount",
		"payout":    "payment settlement",
		"goods":     "product item",
		"articl":    "product item",
		"inventory": "stock",
		"stock":     "inventory",
		"phon":      "telephone",
		"courier":   "carrier provider",
		"deadlin":   "latest due",
		"voucher":   "coupon",
		"discount":  "promotion",
		"webhook":   "event",
		"delet":     "remove",
		"arriv":     "deliver",
		"bought":    "order buy",
		"sent":      "ship send",
	}
}
