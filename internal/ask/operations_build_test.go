package ask

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/names"
)

// readPhrases returns the phrases of all operations, by domain.Name.
func readPhrases() (map[string][]string, error) {
	files, err := filepath.Glob("phrases/*.txt")
	if err != nil {
		return nil, err
	}
	all := make(map[string][]string)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		domain := strings.TrimSuffix(filepath.Base(file), ".txt")
		name := ""
		for line := range strings.Lines(string(content)) {
			line = strings.TrimSuffix(line, "\n")
			phrase, indented := strings.CutPrefix(line, "  ")
			switch {
			case strings.HasPrefix(line, "#"):
			case indented && name != "":
				all[name] = append(all[name], phrase)
			case indented || line == "" || all[domain+"."+line] != nil:
				return nil, fmt.Errorf("%s: %q is empty, a second time there, or without an operation", file, line)
			default:
				name = domain + "." + line
				all[name] = []string{}
			}
		}
	}
	return all, nil
}

// The fields of an operation.
const (
	fieldName = iota
	fieldSummary
	fieldPhrases
	fieldDomain
	fieldNotes
	fieldMembers // names of parameters and of what is answered
	fieldCount
)

// fieldWeights is how much a word counts by where it stands.
var fieldWeights = [fieldCount]float64{
	fieldName: 2.4, fieldSummary: 1.6, fieldDomain: 0.9, fieldPhrases: 0.7, fieldNotes: 0.25, fieldMembers: 0.12,
}

// operationText is what an operation is found by.
type operationText struct {
	name    string
	write   bool
	fields  [fieldCount]string
	phrases []string
}

// operationTexts returns what all operations are found by.
func operationTexts(known *catalog.Catalog) ([]operationText, error) {
	phrases, err := readPhrases()
	if err != nil {
		return nil, err
	}
	var all []operationText
	at := make(map[string]int)
	for _, e := range names.Newest(known.Operations("")) {
		base := names.Base(e.Name)
		name := e.Domain + "." + base
		at[name] = len(all)
		t := operationText{name: name, phrases: phrases[name]}
		t.fields[fieldName] = names.Kebab(base) + " " + names.Kebab(names.Base(e.GoName))
		t.fields[fieldDomain] = strings.ReplaceAll(e.Domain, "_", " ")
		t.fields[fieldPhrases] = strings.Join(t.phrases, "\n")
		t.phrases = append(slices.Clone(t.phrases), strings.ReplaceAll(names.Kebab(base), "-", " "))
		all = append(all, t)
	}
	for _, e := range known.Operations("") {
		t := &all[at[e.Domain+"."+names.Base(e.Name)]]
		op, err := known.Explain(e)
		if err != nil {
			return nil, err
		}
		t.write = op.Write
		t.fields[fieldSummary] += op.Summary + "\n"
		t.phrases = append(t.phrases, op.Summary)
		if op.Notes != nil {
			t.fields[fieldNotes] += op.Notes.Before + "\n" + op.Notes.After + "\n"
		}
		var members strings.Builder
		for _, list := range [][]catalog.Field{op.Params, op.Body, op.Result} {
			writeMembers(&members, list)
		}
		t.fields[fieldMembers] += members.String()
	}
	return all, nil
}

// writeMembers writes the names of fields, and what they mean.
func writeMembers(b *strings.Builder, list []catalog.Field) {
	for i := range list {
		f := &list[i]
		b.WriteString(f.Name + "\n")
		if f.Description != nil {
			b.WriteString(f.Description.Text + "\n")
		}
		writeMembers(b, membersOf(f))
	}
}

// encodeOperations writes texts as decodeOperations reads them: how often an operation
// has a term, weighted by field and by the length of the field as in BM25F.
func encodeOperations(all []operationText) []byte {
	const lengthPenalty = 0.5
	counts := make([][fieldCount]map[string]int, len(all))
	var lengths [fieldCount]float64
	holders := make(map[string]map[int]bool) // documents by stem
	tfs := make(map[string]map[int]float64)  // by term and document
	for i := range all {
		for f, field := range all[i].fields {
			counts[i][f] = make(map[string]int)
			list := words(field)
			for _, word := range list {
				counts[i][f][word]++
			}
			lengths[f] += float64(len(list))
		}
	}
	for i := range all {
		for f := range counts[i] {
			length := 0
			for _, n := range counts[i][f] {
				length += n
			}
			norm := 1 - lengthPenalty + lengthPenalty*float64(length)*float64(len(all))/lengths[f]
			for word, n := range counts[i][f] {
				if tfs[word] == nil {
					tfs[word] = make(map[int]float64)
				}
				tfs[word][i] += fieldWeights[f] * float64(n) / norm
				if s := lemma(word); f != fieldMembers && f != fieldNotes {
					if holders[s] == nil {
						holders[s] = make(map[int]bool)
					}
					holders[s][i] = true
				}
			}
		}
	}
	var b []byte
	number := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	text := func(s string) { number(len(s)); b = append(b, s...) }
	number(len(all))
	number(len(tfs))
	ids := make(map[string]int, len(tfs))
	for id, term := range slices.Sorted(maps.Keys(tfs)) {
		ids[term] = id
		text(term)
		number(len(holders[lemma(term)]))
		var list []byte
		last := 0
		for _, i := range slices.Sorted(maps.Keys(tfs[term])) {
			list = binary.AppendUvarint(list, uint64(i-last))
			list = binary.AppendUvarint(list, uint64(math.Round(tfs[term][i]*tfSteps)))
			last = i
		}
		text(string(list))
	}
	for i := range all {
		t := &all[i]
		text(t.name)
		number(map[bool]int{true: 1}[t.write])
		number(len(t.phrases))
		for _, phrase := range t.phrases {
			list := words(phrase)
			number(len(list))
			for _, word := range list {
				number(ids[word])
			}
		}
	}
	return b
}
