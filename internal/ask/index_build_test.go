package ask

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/names"
)

// meanings reads what all operations and their fields mean. It unpacks the whole
// catalogue, which takes too long for a search.
func meanings(known *catalog.Catalog) ([]*Meaning, error) {
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

// addParents adds the names of the objects that a field is in, each once.
func (m *Meaning) addParents(path string) {
	for _, term := range terms(path) {
		if m.terms[term] == 0 {
			m.addTerm(term, inParents)
		}
	}
}

// encodeIndex writes meanings as Index reads them.
func encodeIndex(all []*Meaning) []byte {
	var b []byte
	number := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	text := func(s string) { number(len(s)); b = append(b, s...) }
	tenths := func(f float64) int { return int(math.Round(f * 10)) }

	number(len(all))
	postings := make(map[string][][2]int) // document, tenths
	for i, m := range all {
		number(tenths(m.length))
		for term, weight := range m.terms {
			postings[term] = append(postings[term], [2]int{i, tenths(weight)})
		}
	}
	number(len(postings))
	for _, term := range slices.Sorted(maps.Keys(postings)) {
		var list []byte
		last := 0
		for _, p := range postings[term] {
			list = binary.AppendUvarint(binary.AppendUvarint(list, uint64(p[0]-last)), uint64(p[1]))
			last = p[0]
		}
		text(term)
		text(string(list))
	}
	entries, ordinal := []string{}, make(map[string]int)
	for _, m := range all {
		for _, at := range m.Places {
			if name := at.Entry.FullName(); ordinal[name] == 0 {
				entries = append(entries, name)
				ordinal[name] = len(entries)
			}
		}
	}
	number(len(entries))
	for _, name := range entries {
		text(name)
	}
	for _, m := range all {
		outer := b
		b = nil
		text(m.Name)
		text(m.Text)
		number(len(m.Places))
		for _, at := range m.Places {
			number(ordinal[at.Entry.FullName()] - 1)
			text(at.Part)
			text(at.Path)
		}
		document := string(b)
		b = outer
		text(document)
	}
	return b
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
