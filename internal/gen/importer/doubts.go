package importer

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// A Doubt is a list of values that the rules may have read wrong: what the text
// or the sample of the field says beside it.
type Doubt struct {
	Field  string   // operation key, space, path of the field
	Listed []string // as imported
	Beside []string // values that are not in the list
	Why    string
}

// Doubts reads the package again and returns the lists of values that are not
// beyond doubt: where text or sample have values that the list lacks, and where
// there is no list although the text speaks of values. Fields whose values are
// set by hand are settled.
func Doubts(location, specDir string) ([]Doubt, error) {
	files, err := Read(location, specDir)
	if err != nil {
		return nil, err
	}
	domains, err := Import(location, specDir)
	if err != nil {
		return nil, err
	}
	over, err := loadOverrides(filepath.Join(specDir, "overrides"))
	if err != nil {
		return nil, err
	}
	fields := map[string]*spec.Field{}
	others := map[string]map[string]bool{} // by operation: names and values of all its fields
	for _, d := range domains {
		for _, op := range d.Operations {
			known := map[string]bool{}
			others[op.Key()] = known
			op.WalkAll(func(path string, f *spec.Field) {
				fields[op.Key()+" "+path] = f
				known[strings.ToLower(f.Name)] = true
				for _, v := range f.Leaf().Enum {
					known[strings.ToLower(v)] = true
				}
			})
		}
	}
	var doubts []Doubt
	for _, name := range slices.Sorted(maps.Keys(files)) {
		doc, err := parseDocument(files[name])
		if err != nil {
			return nil, fmt.Errorf("domain %s: %w", name, err)
		}
		for path, methods := range doc.Paths {
			for method, op := range methods {
				key := strings.ToUpper(method) + " " + path
				walkProse(op, func(at, text, sample string) {
					at = key + " " + at
					f := fields[at]
					if fix := over.fields[at]; f == nil || f.Leaf().Type != catalog.String || fix != nil && fix.Enum != nil {
						return
					}
					if why, beside := doubt(f.Leaf(), text, sample, others[key]); why != "" {
						doubts = append(doubts, Doubt{at, f.Leaf().Enum, beside, why})
					}
				})
			}
		}
	}
	slices.SortFunc(doubts, func(a, b Doubt) int { return strings.Compare(a.Field, b.Field) })
	return doubts, nil
}

// doubt compares the values of f with its text and its sample; known are the
// names and values of the operation's other fields, which texts mention too.
func doubt(f *spec.Field, text, sample string, known map[string]bool) (string, []string) {
	var beside []string
	for _, v := range append(mentions(tidy(text)), strings.Fields(sampleValue(sample))...) {
		if !slices.Contains(beside, v) && !slices.Contains(f.Enum, v) && !slices.Contains(notValues, v) && !slices.Contains(regions, v) {
			beside = append(beside, v)
		}
	}
	sampled := slices.Contains(beside, sampleValue(sample))
	names := len(f.Enum) > 0 && !slices.ContainsFunc(f.Enum, isSnake) // snake case names fields here, not values
	beside = slices.DeleteFunc(beside, func(v string) bool {
		return v != sampleValue(sample) && (known[strings.ToLower(v)] || names && isSnake(v))
	})
	switch {
	case len(f.Enum) > 0 && sampled:
		return "the sample is not in the list", beside
	case len(f.Enum) > 0 && len(beside) > 0:
		return "the text has more", beside
	case len(f.Enum) == 0 && len(beside) > 1 && sampled && !freeText.MatchString(f.Name):
		return "the text has values and no list was read", beside
	}
	return "", nil
}

// sampleValue returns the sample if it has the form of a listed value.
func sampleValue(sample string) string {
	sample = strings.Trim(sample, " \n\"")
	if isUpper(sample) || isSnake(sample) || capitalised.MatchString(sample) {
		return sample
	}
	return ""
}

var anyValue = regexp.MustCompile("[`\"']([A-Za-z][A-Za-z0-9_]+)[`\"']|\\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\\b|(?m:^[ \\t]*(?:[-*•·]|\\d{1,2}[.)])[ \\t]*([A-Z][A-Z0-9_]+)\\b)")

func mentions(text string) []string {
	var values []string
	for _, m := range anyValue.FindAllStringSubmatch(text, -1) {
		if v := m[1] + m[2] + m[3]; isUpper(v) || isSnake(v) || capitalised.MatchString(v) {
			values = append(values, v)
		}
	}
	return values
}

// walkProse calls visit with path, text and sample of every field of op.
func walkProse(op operation, visit func(path, text, sample string)) {
	for _, p := range op.Parameters {
		s := p.Schema
		if p.Description != "" {
			s.Description = p.Description
		}
		if p.Example != nil {
			s.Example = p.Example
		}
		walkSchema(p.In+"."+p.Name, s, visit)
	}
	if op.RequestBody != nil {
		for _, m := range op.RequestBody.Content {
			walkProperties("body", m.Schema.Properties, visit)
		}
	}
	data := op.Responses["200"].Content["application/json"].Schema.Properties["data"]
	walkProperties("result", data.Properties, visit)
}

func walkProperties(path string, properties map[string]schema, visit func(path, text, sample string)) {
	for name, s := range properties {
		walkSchema(path+"."+name, s, visit)
	}
}

func walkSchema(path string, s schema, visit func(path, text, sample string)) {
	inner, text, below := &s, s.Description, path
	for inner.Items != nil {
		inner = inner.Items
		text += "\n" + inner.Description
		below += "[]"
	}
	visit(path, text, inner.example())
	walkProperties(below, inner.Properties, visit)
}

// ReportDoubts writes doubts for a person to decide on.
func ReportDoubts(w io.Writer, doubts []Doubt) error {
	var b strings.Builder
	for _, d := range doubts {
		fmt.Fprintf(&b, "%s\n\t%s: %s\n", d.Field, d.Why, strings.Join(d.Beside, " "))
		if len(d.Listed) > 0 {
			fmt.Fprintf(&b, "\tlisted: %s\n", strings.Join(d.Listed, " "))
		}
	}
	fmt.Fprintf(&b, "%d lists undecided; settle one with \"enum\" and a reason in spec/overrides/fields.json\n", len(doubts))
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
