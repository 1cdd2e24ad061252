package describe

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Official holds the prose of the official files, for writers to read. It is never
// stored.
type Official struct {
	text map[string]string // by operation key, space, dotted path
}

type prose struct {
	Description string           `json:"description"`
	Items       *prose           `json:"items"`
	Properties  map[string]prose `json:"properties"`
	Example     any              `json:"example"`
}

type media struct {
	Content map[string]struct {
		Schema prose `json:"schema"`
	} `json:"content"`
}

// NewOfficial reads the OpenAPI files of the official package.
func NewOfficial(files map[string][]byte) (*Official, error) {
	o := &Official{text: map[string]string{}}
	for name, data := range files {
		var doc struct {
			Paths map[string]map[string]struct {
				Description string `json:"description"`
				Parameters  []struct {
					Name, In, Description string
					Schema                prose
				} `json:"parameters"`
				RequestBody *media           `json:"requestBody"`
				Responses   map[string]media `json:"responses"`
			} `json:"paths"`
		}
		if err := json.Unmarshal(data, &doc); err != nil {
			return nil, fmt.Errorf("decoding the official file %s: %w", name, err)
		}
		for path, methods := range doc.Paths {
			for method, op := range methods {
				key := strings.ToUpper(method) + " " + path
				o.text[key] = op.Description
				for _, p := range op.Parameters {
					o.text[key+" "+p.In+"."+p.Name] = p.Description + " " + p.Schema.Description
				}
				if op.RequestBody != nil {
					for _, m := range op.RequestBody.Content {
						o.walk(key+" body", m.Schema)
					}
				}
				for _, m := range op.Responses["200"].Content {
					o.walk(key+" result", m.Schema.Properties["data"])
				}
			}
		}
	}
	return o, nil
}

func (o *Official) walk(path string, s prose) {
	for name, p := range s.Properties {
		at := path + "." + name
		text := p.Description
		for inner := &p; ; inner = inner.Items {
			o.walk(at, *inner)
			if inner.Items == nil {
				break
			}
			text += " " + inner.Items.Description
		}
		o.text[at] = strings.TrimSpace(text)
	}
}

var (
	markup = regexp.MustCompile(`<[^>]*>|\*\*|\\n`)
	spaces = regexp.MustCompile(`\s+`)
)

// Text returns what the official page says of a field, on one line.
func (o *Official) Text(key, path string) string {
	if o == nil {
		return ""
	}
	return strings.TrimSpace(spaces.ReplaceAllString(markup.ReplaceAllString(o.text[key+" "+path], " "), " "))
}

// All returns all texts.
func (o *Official) All() []string {
	var all []string
	for _, text := range o.text {
		all = append(all, markup.ReplaceAllString(text, " "))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
