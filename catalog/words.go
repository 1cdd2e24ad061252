package catalog

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// A Description says what a field means. It is the same text that the comments
// of package api carry.
type Description struct {
	Text       string            `json:"text"`
	Unit       string            `json:"unit,omitempty"`        // of a number, such as kg
	Format     string            `json:"format,omitempty"`      // of a string, such as YYYY-MM-DD
	Markets    []string          `json:"markets,omitempty"`     // region codes of the only markets that use it
	RequiredIf string            `json:"required_if,omitempty"` // when a request must hold it
	Deprecated string            `json:"deprecated,omitempty"`  // what to use in its place
	Sum        string            `json:"sum,omitempty"`         // name of the amount that it is part of
	Sign       string            `json:"sign,omitempty"`        // what a positive or a negative amount means
	Values     map[string]string `json:"values,omitempty"`      // meaning of each known value
}

// Facts returns what stands beside the text, as sentences, without what the text
// says already.
func (d *Description) Facts() []string {
	var all []string
	add := func(sentence string) { all = append(all, strings.TrimSuffix(sentence, ".")+".") }
	if d.RequiredIf != "" {
		add("Required if " + d.RequiredIf)
	}
	if d.Unit != "" && d.Unit != "undocumented" && !d.says(d.Unit) && !(rates[d.Unit] && d.says("%")) {
		add("Unit: " + d.Unit)
	}
	if d.Format != "" && !d.says(d.Format) {
		add("Format: " + d.Format)
	}
	if d.Sign != "" {
		add(d.Sign)
	}
	if d.Sum != "" {
		add("Part of " + d.Sum)
	}
	if len(d.Markets) > 0 {
		add(markets(d.Markets) + " only")
	}
	return all
}

// rates are the units of shares; a text with an example in percent tells them.
var rates = map[string]bool{"percent": true, "fraction": true, "hundredths of a percent": true}

func (d *Description) says(words string) bool {
	return strings.Contains(strings.ToLower(d.Text), strings.ToLower(words))
}

// southeastAsia are the markets that the platform counts as Southeast Asia.
var southeastAsia = []string{"ID", "MY", "PH", "SG", "TH", "VN"}

// markets names markets, those of Southeast Asia together.
func markets(codes []string) string {
	rest := slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return slices.Contains(southeastAsia, code) })
	if len(codes)-len(rest) == len(southeastAsia) {
		codes = append(rest, "Southeast Asia")
	}
	if len(codes) == 1 {
		return codes[0]
	}
	return strings.Join(codes[:len(codes)-1], ", ") + " and " + codes[len(codes)-1]
}

// Notes say what surrounds a call.
type Notes struct {
	Before   string            `json:"before,omitempty"`   // the state that it needs
	After    string            `json:"after,omitempty"`    // the state that it leads to
	Webhooks []string          `json:"webhooks,omitempty"` // topics that it raises
	Codes    map[string]string `json:"codes,omitempty"`    // what to do about an error code
}

// Words are the descriptions of a domain, as they are stored: each once.
type Words struct {
	Descriptions []Description    `json:"descriptions"`
	Operations   []OperationWords `json:"operations"` // in the order of the list
}

// OperationWords are the descriptions of one operation.
type OperationWords struct {
	Notes *Notes `json:"notes,omitempty"`
	// Fields holds a number for each field, in the order of [Operation.Walk]: the
	// place in Descriptions counted from one, or zero if there is none.
	Fields []int `json:"fields,omitempty"`
}

// words reads the descriptions of a domain once.
type words struct {
	once sync.Once
	*Words
	err error
}

// Explain returns what Describe returns, with the descriptions of the operation
// and its fields. They are read when they are first asked for. The value is the
// caller's, the descriptions in it are shared and must not be changed.
func (c *Catalog) Explain(e Entry) (*Operation, error) {
	op, err := c.Describe(e)
	if err != nil {
		return nil, err
	}
	d := c.domain(e.Domain)
	d.words.once.Do(func() { d.words.Words, d.words.err = readWords(d.name) })
	if d.words.err != nil {
		return nil, fmt.Errorf("catalog: reading the descriptions of domain %s: %w", d.name, d.words.err)
	}
	if len(d.words.Operations) != len(d.entries) {
		return nil, fmt.Errorf("catalog: descriptions of domain %s: %d operations, the list has %d", d.name, len(d.words.Operations), len(d.entries))
	}
	for i, known := range d.entries {
		if known.Name == op.Name {
			op.apply(d.words.Words, d.words.Operations[i])
		}
	}
	return op, nil
}

func (op *Operation) apply(all *Words, own OperationWords) {
	op.Notes = own.Notes
	rest := own.Fields
	op.Walk(func(f *Field) {
		if len(rest) == 0 {
			return
		}
		if n := rest[0]; n > 0 && n <= len(all.Descriptions) {
			f.Description = &all.Descriptions[n-1]
		}
		rest = rest[1:]
	})
}

// Walk calls visit for every named field of op: parameters, body, result, each
// before its members.
func (op *Operation) Walk(visit func(f *Field)) {
	for _, fields := range [][]Field{op.Params, op.Body, op.Result} {
		walk(fields, visit)
	}
}

func walk(fields []Field, visit func(f *Field)) {
	for i := range fields {
		visit(&fields[i])
		for inner := &fields[i]; inner != nil; inner = inner.Items {
			walk(inner.Fields, visit)
		}
	}
}

func readWords(domain string) (*Words, error) {
	packed, err := data.ReadFile("data/words/" + domain + ".json.gz")
	if err != nil {
		return nil, err
	}
	zr, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(zr)
	if err != nil {
		return nil, err
	}
	all := new(Words)
	return all, json.Unmarshal(text, all)
}
