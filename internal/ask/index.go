package ask

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"github.com/ttshop-go/ttshop/catalog"
)

// indexFile has the words of all descriptions, so that a search need not unpack
// the catalogue. TestSearchIndex writes it, and says when it is out of date.
//
//go:generate go test . -count=1 -run ^TestSearchIndex$ -update-index
//go:embed index.bin.gz
var indexFile []byte

// Index is a [Corpus] of what all operations and their fields mean.
type Index struct {
	lengths   []float64
	sum       float64
	postings  map[string][]byte // by term: pairs of steps to the next document, and tenths
	entries   []catalog.Entry
	documents [][]byte
}

// OpenIndex returns the index of what the operations of a catalogue mean.
func OpenIndex(known *catalog.Catalog) (*Index, error) {
	compressed, err := gzip.NewReader(bytes.NewReader(indexFile))
	if err != nil {
		return nil, fmt.Errorf("open the index of the search: %w", err)
	}
	content, err := io.ReadAll(compressed)
	if err != nil {
		return nil, fmt.Errorf("unpack the index of the search: %w", err)
	}
	r := indexReader(content)
	x := &Index{lengths: make([]float64, r.number())}
	for i := range x.lengths {
		x.lengths[i] = float64(r.number()) / 10
		x.sum += x.lengths[i]
	}
	count := r.number()
	x.postings = make(map[string][]byte, count)
	for range count {
		term := string(r.bytes())
		x.postings[term] = r.bytes()
	}
	named := make(map[string]catalog.Entry)
	for _, e := range known.Operations("") {
		named[e.FullName()] = e
	}
	x.entries = make([]catalog.Entry, r.number())
	for i := range x.entries {
		name := string(r.bytes())
		entry, ok := named[name]
		if !ok {
			return nil, fmt.Errorf("the index of the search names %s, which the catalogue does not have", name)
		}
		x.entries[i] = entry
	}
	x.documents = make([][]byte, len(x.lengths))
	for i := range x.documents {
		x.documents[i] = r.bytes()
	}
	return x, nil
}

func (x *Index) count() int { return len(x.lengths) }

func (x *Index) length() float64 { return x.sum }

// having returns the meanings that have one of the terms.
func (x *Index) having(terms map[string]bool) []*Meaning {
	found := make(map[int]*Meaning)
	for term := range terms {
		document := 0
		for r := indexReader(x.postings[term]); len(r) > 0; {
			document += r.number()
			m := found[document]
			if m == nil {
				m = &Meaning{terms: make(map[string]float64), length: x.lengths[document]}
				found[document] = m
			}
			m.terms[term] = float64(r.number()) / 10
		}
	}
	order := make([]int, 0, len(found))
	for document := range found {
		order = append(order, document)
	}
	slices.Sort(order)
	all := make([]*Meaning, len(order))
	for i, document := range order {
		all[i] = found[document]
		all[i].Hit = x.read(document)
	}
	return all
}

// read returns a meaning without its words.
func (x *Index) read(document int) Hit {
	r := indexReader(x.documents[document])
	h := Hit{Name: string(r.bytes()), Text: string(r.bytes())}
	h.Places = make([]Place, r.number())
	for i := range h.Places {
		h.Places[i] = Place{x.entries[r.number()], string(r.bytes()), string(r.bytes())}
	}
	return h
}

// indexReader is the rest of an index. What it reads is part of the program, and
// compared with its source by a test.
type indexReader []byte

func (r *indexReader) number() int {
	n, size := binary.Uvarint(*r)
	*r = (*r)[size:]
	return int(n)
}

func (r *indexReader) bytes() []byte {
	n := r.number()
	b := (*r)[:n]
	*r = (*r)[n:]
	return b
}
