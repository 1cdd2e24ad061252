package eventgen

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// Spec holds the webhook topics, by ascending type.
type Spec struct {
	Source string            `json:"source"` // where the facts come from
	Types  map[string]string `json:"types"`  // the field types and what they mean
	Events []*Topic          `json:"events"`
}

// Topic is one kind of event.
type Topic struct {
	Type         int             `json:"type"`
	Name         string          `json:"name"`  // as the Event API spells it
	Owner        string          `json:"owner"` // the envelope's field that names the account
	Domain       string          `json:"domain"`
	Summary      string          `json:"summary"`    // a sentence
	Confidence   string          `json:"confidence"` // grade of the payload, A to D, or X where sources disagree
	Subscribable bool            `json:"subscribable,omitempty"`
	Bare         bool            `json:"bare,omitempty"` // some deliveries come without an envelope
	Markets      []string        `json:"markets,omitempty"`
	Fields       []*Field        `json:"fields"`
	Sample       json.RawMessage `json:"sample"`
}

// Field is one member of the data of a topic, or of an object in it.
type Field struct {
	Path     string   `json:"path"` // dotted; [] marks a list
	Type     string   `json:"type"` // a key of Spec.Types
	Enum     []string `json:"enum,omitempty"`
	Optional bool     `json:"optional,omitempty"` // may be missing
	Go       string   `json:"go,omitempty"`       // name of its type, where the rule makes a poor one
	Note     string   `json:"note,omitempty"`

	fields []*Field // members of an object
	goType string   // name of the type of an object or an enum
}

// Load reads the spec.
func Load(path string) (*Spec, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading webhooks: %w", err)
	}
	var s Spec
	if err := spec.DecodeStrict(data, &s); err != nil {
		return nil, fmt.Errorf("decoding %s: %w", path, err)
	}
	last := 0
	for _, t := range s.Events {
		if t.Type <= last {
			return nil, fmt.Errorf("%s: type %d comes after type %d", path, t.Type, last)
		}
		last = t.Type
		if err := t.nest(s.Types); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, t.Name, err)
		}
	}
	return &s, nil
}

// nest hangs every field below the object that it is a member of.
func (t *Topic) nest(types map[string]string) error {
	objects := map[string]*Field{}
	top := t.Fields[:0:0]
	for _, f := range t.Fields {
		if types[f.Type] == "" {
			return fmt.Errorf("field %s has the unknown type %s", f.Path, f.Type)
		}
		if slices.Contains([]string{"object", "objects", "one_or_many"}, f.Type) {
			objects[f.Path] = f
		}
		i := strings.LastIndexByte(f.Path, '.')
		if i < 0 {
			top = append(top, f)
			continue
		}
		parent := objects[strings.TrimSuffix(f.Path[:i], "[]")]
		if parent == nil {
			return fmt.Errorf("field %s comes before its object", f.Path)
		}
		parent.fields = append(parent.fields, f)
	}
	t.Fields = top
	return nil
}

// name returns the field's own name.
func (f *Field) name() string { return f.Path[strings.LastIndexByte(f.Path, '.')+1:] }
