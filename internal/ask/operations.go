package ask

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"iter"
	"math"
	"strings"
	"sync"
)

// operationsFile has what operations are found by. TestOperationIndex writes it, and
// says when it is out of date.
//
//go:generate go test . -count=1 -run ^TestOperationIndex$ -update-index
//go:embed operations.bin.gz
var operationsFile []byte

// document is an operation, in all of its versions, as a search sees it.
type document struct {
	name    string // domain.Name without a version
	write   bool
	domain  int
	phrases []phrase
}

// phrase is one way to ask for an operation.
type phrase struct {
	terms  []int
	weight float64 // of all terms
}

// operationIndex is what operations are found by.
type operationIndex struct {
	terms     []string
	stems     map[string][]int // terms by their stem
	roots     map[string][]int // terms by the root of their stem
	rarity    []float64        // by term: of its stem
	stray     []bool           // by term: only fields have it
	postings  [][]byte         // by term: steps to the next document, and frequencies
	documents []document

	domainCount int
}

// operations returns the index of all operations.
var operations = sync.OnceValue(func() *operationIndex {
	x, err := readOperations(operationsFile)
	if err != nil {
		panic("operations.bin.gz: " + err.Error()) // a test reads it
	}
	return x
})

func readOperations(file []byte) (*operationIndex, error) {
	compressed, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	var content bytes.Buffer
	content.Grow(unpackedRatio * len(file))
	if _, err := content.ReadFrom(compressed); err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return decodeOperations(content.Bytes()), nil
}

// decodeOperations reads what encodeOperations wrote.
func decodeOperations(content []byte) *operationIndex {
	r := indexReader(content)
	x := &operationIndex{documents: make([]document, r.number())}
	count := r.number()
	x.terms = make([]string, count)
	x.rarity = make([]float64, count)
	x.stray = make([]bool, count)
	x.postings = make([][]byte, count)
	x.stems = make(map[string][]int, count)
	x.roots = make(map[string][]int, count)
	n := float64(len(x.documents))
	for i := range x.terms {
		term := string(r.bytes())
		x.terms[i] = term
		s := lemma(term)
		x.stems[s] = append(x.stems[s], i)
		base := root(s)
		x.roots[base] = append(x.roots[base], i)
		holders := float64(r.number())
		x.stray[i] = holders == 0
		x.rarity[i] = math.Log(1 + (n-holders+0.5)/(holders+0.5))
		x.postings[i] = r.bytes()
	}
	domains := make(map[string]int)
	var terms []int // of all phrases
	for i := range x.documents {
		d := &x.documents[i]
		d.name = string(r.bytes())
		domain, _, _ := strings.Cut(d.name, ".")
		if _, ok := domains[domain]; !ok {
			domains[domain] = len(domains)
		}
		d.domain = domains[domain]
		d.write = r.number() == 1
		d.phrases = make([]phrase, r.number())
		for j := range d.phrases {
			p := &d.phrases[j]
			from := len(terms)
			for range r.number() {
				term := r.number()
				terms = append(terms, term)
				p.weight += x.rarity[term]
			}
			p.terms = terms[from:len(terms):len(terms)]
		}
	}
	x.domainCount = len(domains)
	return x
}

// unpackedRatio is about how much larger the index is unpacked.
const unpackedRatio = 2

// tfSteps is how finely frequencies of terms are kept.
const tfSteps = 16

// holders calls yield with each document that has a term, and how often it does.
func (x *operationIndex) holders(term int) iter.Seq2[int, float64] {
	return func(yield func(document int, tf float64) bool) {
		document := 0
		for r := indexReader(x.postings[term]); len(r) > 0; {
			document += r.number()
			if !yield(document, float64(r.number())/tfSteps) {
				return
			}
		}
	}
}
