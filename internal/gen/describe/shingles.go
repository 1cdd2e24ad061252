package describe

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

// run is how many words in a row may not be those of the official text.
const run = 8

// Shingles holds a hash of 40 bits of every eight words in a row of the official
// text, so that a copied phrase is found without the text. The nil value finds
// nothing.
type Shingles struct{ set map[uint64]bool }

// NewShingles makes the hashes of texts.
func NewShingles(texts []string) *Shingles {
	s := &Shingles{set: map[uint64]bool{}}
	for _, text := range texts {
		words := tokens(text)
		for i := 0; i+run <= len(words); i++ {
			s.set[hash(words[i:i+run])] = true
		}
	}
	return s
}

// Find returns the first words of text that also stand in the official one, or "".
func (s *Shingles) Find(text string) string {
	if s == nil {
		return ""
	}
	words := tokens(text)
	for i := 0; i+run <= len(words); i++ {
		if s.set[hash(words[i:i+run])] {
			return strings.Join(words[i:i+run], " ")
		}
	}
	return ""
}

// tokens splits text into words. The name of a field is one word, so that a
// formula of field names is not taken for prose.
func tokens(text string) []string { return token.FindAllString(strings.ToLower(text), -1) }

var token = regexp.MustCompile(`[a-z0-9_]+`)

func hash(words []string) uint64 {
	h := fnv.New64a()
	for _, w := range words {
		_, _ = io.WriteString(h, w+" ") // a hash takes all
	}
	return h.Sum64() >> 24
}

// Bytes returns the hashes as a file: sorted, as differences, compressed.
func (s *Shingles) Bytes() ([]byte, error) {
	var b bytes.Buffer
	zw, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	var last uint64
	var buf []byte
	for _, h := range slices.Sorted(maps.Keys(s.set)) {
		buf = binary.AppendUvarint(buf, h-last)
		last = h
	}
	if _, err := zw.Write(buf); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// LoadShingles reads what Bytes made.
func LoadShingles(path string) (*Shingles, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing: make it with go run ./internal/gen describe -shingles -package FILE", path)
	}
	if err != nil {
		return nil, fmt.Errorf("reading hashes of the official text: %w", err)
	}
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("decompressing %s: %w", path, err)
	}
	raw, err := io.ReadAll(zr)
	if err != nil {
		return nil, fmt.Errorf("decompressing %s: %w", path, err)
	}
	s := &Shingles{set: map[uint64]bool{}}
	var last uint64
	for len(raw) > 0 {
		step, n := binary.Uvarint(raw)
		if n <= 0 {
			return nil, fmt.Errorf("%s is damaged", path)
		}
		last += step
		s.set[last] = true
		raw = raw[n:]
	}
	return s, nil
}
