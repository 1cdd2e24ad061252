package ask

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/names"
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

// Meanings reads what all operations and their fields mean. Only a search does
// so: it unpacks the whole catalogue.
func Meanings(known *catalog.Catalog) ([]*Meaning, error) {
	type key struct{ name, text string }
	var all []*Meaning
	fields := make(map[key]*Meaning)
	for _, e := range known.Operations("") {
		op, err := known.Explain(e)
		if err != nil {
			return nil, err
		}
		all = append(all, operationMeaning(op))
		var walk func(list []catalog.Field, part, parent string)
		walk = func(list []catalog.Field, part, parent string) {
			for i := range list {
				f := &list[i]
				path := strings.TrimPrefix(parent+"."+f.Name, ".")
				if f.Description != nil {
					k := key{f.Name, f.Description.Text}
					m := fields[k]
					if m == nil {
						m = fieldMeaning(f)
						fields[k] = m
						all = append(all, m)
					}
					m.addParents(parent)
					m.Places = append(m.Places, Place{e, part, path})
				}
				walk(membersOf(f), part, path)
			}
		}
		walk(op.Params, "parameter", "")
		walk(op.Body, "body", "")
		walk(op.Result, "answer", "")
	}
	return all, nil
}

func operationMeaning(op *catalog.Operation) *Meaning {
	m := &Meaning{Hit: Hit{Text: names.Sentence(op.Summary) + ".", Places: []Place{{Entry: op.Entry}}}}
	m.add(op.Summary, inText)
	m.add(names.Kebab(names.Base(op.Name)), inName)
	if op.Notes != nil {
		m.add(op.Notes.Before, inNotes)
		m.add(op.Notes.After, inNotes)
	}
	return m
}

func fieldMeaning(f *catalog.Field) *Meaning {
	d := f.Description
	m := &Meaning{Hit: Hit{Name: f.Name, Text: d.Text}}
	m.add(d.Text, inText)
	m.add(f.Name, inName)
	for _, fact := range d.Facts() {
		m.add(fact, inFacts)
	}
	for value, text := range d.Values {
		m.add(value, inFacts)
		m.add(text, inFacts)
	}
	for f.Type == catalog.Array && f.Items != nil {
		f = f.Items
	}
	switch {
	case f.Kind == catalog.KindUnix, f.Kind == catalog.KindUnixMilli, strings.HasSuffix(f.Name, "_date"), strings.HasSuffix(f.Name, "_time"):
		m.addTerm(askTime, inText)
	case f.Kind == catalog.KindDecimal:
		m.addTerm(askAmount, inText)
	case f.Type == catalog.Integer:
		m.addTerm(askNumber, inText)
	}
	return m
}

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

// addParents adds the names of the objects that a field is in, each once.
func (m *Meaning) addParents(path string) {
	for _, term := range terms(path) {
		if m.terms[term] == 0 {
			m.addTerm(term, inParents)
		}
	}
}

// Rank returns the meanings that match a question, the best first.
func Rank(all []*Meaning, question string) []Hit {
	asked := askedFor(question)
	if len(asked) == 0 {
		return nil
	}
	holders := make(map[string]float64)
	length := 0.0
	for _, m := range all {
		length += m.length
		for _, alternatives := range asked {
			for _, a := range alternatives {
				if m.terms[a.term] > 0 {
					holders[a.term]++
				}
			}
		}
	}
	n, mean := float64(len(all)), length/float64(len(all))
	rarity := func(term string) float64 { return math.Log(1 + (n-holders[term]+0.5)/(holders[term]+0.5)) }
	var hits []Hit
	for _, m := range all {
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
		found := m.Hit
		found.Score = score * met / sought // all that was asked counts more than one rare word
		hits = append(hits, found)
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

// terms returns the stems of the words of a text, without fillers.
func terms(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	found := words[:0]
	for _, word := range words {
		if !isFiller(word) {
			found = append(found, stem(word))
		}
	}
	return found
}

// isFiller reports whether a word says nothing about a field.
func isFiller(word string) bool {
	switch word {
	case "a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "did", "do", "does", "for", "from", "get", "had", "has", "have", "how", "i",
		"in", "into", "is", "it", "its", "many", "me", "much", "my", "of", "off", "on", "one", "or", "out", "over", "s", "should", "so", "than", "that", "the",
		"their", "there", "they", "this", "to", "up", "was", "we", "were", "what", "when", "where", "which", "who", "whose", "why", "will", "with", "you", "your",
		"could", "may", "must", "would", "our", "us", "them", "these", "those", "please", "show", "tell", "give", "let", "any", "some", "just", "ever", "being":
		return true
	}
	return false
}

// stem cuts off the endings of an English word that do not change its subject:
// shipped, shipping and ships become ship.
func stem(word string) string {
	const least = 3 // letters that are left
	for _, ending := range []struct{ cut, put string }{{"ies", "y"}, {"sses", "ss"}, {"ing", ""}, {"ed", ""}, {"es", ""}, {"s", ""}} {
		root, ok := strings.CutSuffix(word, ending.cut)
		if !ok || len(root) < least || ending.cut == "s" && strings.HasSuffix(root, "s") || !strings.ContainsAny(root, "aeiouy") {
			continue
		}
		word = root + ending.put
		if ending.put == "" && len(ending.cut) > 1 {
			word = single(word)
		}
		break
	}
	if len(word) > least {
		word = strings.TrimSuffix(word, "e")
	}
	return word
}

// single removes one of two equal letters at the end that an ending brought:
// shipp becomes ship and cancell cancel, but sell stays.
func single(word string) string {
	n := len(word)
	if n < 4 || word[n-1] != word[n-2] || word[n-1] == 's' || word[n-1] == 'z' || word[n-1] == 'l' && n < 6 {
		return word
	}
	return word[:n-1]
}

// membersOf returns the members of an object, or of the items of a list.
func membersOf(f *catalog.Field) []catalog.Field {
	for f != nil && f.Type == catalog.Array {
		f = f.Items
	}
	if f == nil {
		return nil
	}
	return f.Fields
}
