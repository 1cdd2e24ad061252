// Package describe reads the descriptions of operations, fields and values from
// spec/descriptions, gives each field its own, and checks them.
package describe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// sharedName is the file that all domains fall back to.
const sharedName = "shared"

// A file is one file of descriptions. Keys of Fields are the ends of dotted wire
// paths; keys of Values end with the value. A key may be several, joined by a
// comma and a space.
type file struct {
	Operations map[string]*operation `json:"operations,omitempty"` // by method and path; * stands for any date
	Fields     map[string]*entry     `json:"fields,omitempty"`
	Values     map[string]string     `json:"values,omitempty"`
}

// An operation holds what is noted of an operation, and what holds for its
// fields alone.
type operation struct {
	catalog.Notes
	Fields map[string]*entry `json:"fields,omitempty"`
	Values map[string]string `json:"values,omitempty"`
}

// An entry describes a field. In JSON it is just the text if it has no facts.
type entry struct {
	Text       string   `json:"text"`
	Unit       string   `json:"unit,omitempty"`
	Format     string   `json:"format,omitempty"`
	Markets    []string `json:"markets,omitempty"`
	RequiredIf string   `json:"required_if,omitempty"`
	Deprecated string   `json:"deprecated,omitempty"`
	Sum        string   `json:"sum,omitempty"`
	Sign       string   `json:"sign,omitempty"`

	// Limits that the official text states in a form that the importer does not
	// read. They may not contradict the spec.
	Default   string `json:"default,omitempty"`
	Min       string `json:"min,omitempty"`
	Max       string `json:"max,omitempty"`
	MinLength int    `json:"min_length,omitempty"`
	MaxLength int    `json:"max_length,omitempty"`
	MaxItems  int    `json:"max_items,omitempty"`
}

type plainEntry entry // without methods

// UnmarshalJSON takes a string or an object.
func (e *entry) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &e.Text)
	}
	return spec.DecodeStrict(data, (*plainEntry)(e))
}

// MarshalJSON writes a string if there is nothing but text.
func (e *entry) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	var v any = e.Text
	if !e.textOnly() {
		v = (*plainEntry)(e)
	}
	err := enc.Encode(v)
	return b.Bytes(), err
}

func (e *entry) textOnly() bool {
	return e.Unit+e.Format+e.RequiredIf+e.Deprecated+e.Sum+e.Sign+e.Default+e.Min+e.Max == "" &&
		len(e.Markets) == 0 && e.MinLength == 0 && e.MaxLength == 0 && e.MaxItems == 0
}

// loadFiles reads all files below dir by name without ending.
func loadFiles(dir string) (map[string]*file, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", dir, err)
	}
	files := map[string]*file{}
	var problems []error
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("reading descriptions: %w", err)
		}
		f, err := parse(data)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", filepath.Base(path), err))
			continue
		}
		files[strings.TrimSuffix(filepath.Base(path), ".json")] = f
	}
	return files, errors.Join(problems...)
}

func parse(data []byte) (*file, error) {
	if err := noDuplicates(data); err != nil {
		return nil, err
	}
	f := new(file)
	if err := spec.DecodeStrict(data, f); err != nil {
		return nil, fmt.Errorf("decoding: %w", err)
	}
	return f, nil
}

// Format rewrites the files below dir in their canonical form: sorted, an entry
// on a line.
func Format(dir string) error {
	files, err := loadFiles(dir)
	if err != nil {
		return err
	}
	for name, f := range files {
		data, err := spec.Encode(f)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name+".json"), data, 0o644); err != nil {
			return fmt.Errorf("writing descriptions: %w", err)
		}
	}
	return nil
}

// noDuplicates refuses an object that has a key twice: the decoder would silently
// keep the last and drop the first.
func noDuplicates(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	type level struct {
		keys    map[string]bool
		name    string
		pending bool // the next token is a key
	}
	var stack []*level
	top := func() *level { return stack[len(stack)-1] }
	name := ""
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("at byte %d: %w", dec.InputOffset(), err)
		}
		if len(stack) > 0 && top().keys != nil && top().pending {
			if key, ok := token.(string); ok {
				if top().keys[key] {
					return fmt.Errorf("%q appears twice in %s", key, strings.TrimPrefix(strings.Join(names(stack, func(l *level) string { return l.name }), " › ")+" › ", " › "))
				}
				top().keys[key] = true
				top().pending = false
				name = key
				continue
			}
		}
		switch token {
		case json.Delim('{'):
			stack = append(stack, &level{keys: map[string]bool{}, name: name, pending: true})
			continue
		case json.Delim('['):
			stack = append(stack, &level{name: name})
			continue
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:len(stack)-1]
		}
		if len(stack) > 0 {
			top().pending = true
		}
	}
}

func names[T any](list []T, name func(T) string) []string {
	var out []string
	for _, v := range list {
		if n := name(v); n != "" {
			out = append(out, n)
		}
	}
	return out
}

// keys splits a key that is several.
func keys(joined string) []string { return strings.Split(joined, ", ") }

// stale reports whether data is not what Format would write.
func stale(data []byte, f *file) (bool, error) {
	want, err := spec.Encode(f)
	if err != nil {
		return false, err
	}
	return !slices.Equal(data, want), nil
}
