package describe

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// A Book holds all descriptions and knows which of them were used.
type Book struct {
	dir    string
	files  map[string]*file
	scopes map[string]*scope // by domain or "shared"
	ops    map[string]map[string]*scope

	origins map[*spec.Field]string // where the entry of a field stands, once applied
}

// A scope finds descriptions by the end of a path.
type scope struct {
	file, section string
	fields        map[string]*entry
	values        map[string]string
	used          map[string]bool // "fields key" or "values key"
}

// Load reads the descriptions below dir.
func Load(dir string) (*Book, error) {
	files, err := loadFiles(dir)
	if err != nil {
		return nil, err
	}
	b := &Book{dir: dir, files: files, scopes: map[string]*scope{}, ops: map[string]map[string]*scope{}, origins: map[*spec.Field]string{}}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f := files[name]
		s, err := newScope(name+".json", "", f.Fields, f.Values)
		problems = append(problems, err)
		b.scopes[name] = s
		b.ops[name] = map[string]*scope{}
		for _, key := range slices.Sorted(maps.Keys(f.Operations)) {
			op := f.Operations[key]
			s, err := newScope(name+".json", ": operations › "+key, op.Fields, op.Values)
			problems = append(problems, err)
			b.ops[name][key] = s
		}
	}
	return b, errors.Join(problems...)
}

func newScope(name, section string, fields map[string]*entry, values map[string]string) (*scope, error) {
	s := &scope{file: name, section: section, fields: map[string]*entry{}, values: map[string]string{}, used: map[string]bool{}}
	var problems []error
	for _, joined := range slices.Sorted(maps.Keys(fields)) {
		for _, key := range keys(joined) {
			if s.fields[key] != nil {
				problems = append(problems, fmt.Errorf("%s: fields › %q appears twice", s.place(), key))
			}
			s.fields[key] = fields[joined]
		}
	}
	for _, joined := range slices.Sorted(maps.Keys(values)) {
		for _, key := range keys(joined) {
			if s.values[key] != "" {
				problems = append(problems, fmt.Errorf("%s: values › %q appears twice", s.place(), key))
			}
			s.values[key] = values[joined]
		}
	}
	return s, errors.Join(problems...)
}

func (s *scope) place() string { return s.file + s.section }

// field returns the entry that describes a path, and its key.
func (s *scope) field(path string) (*entry, string) {
	if s == nil {
		return nil, ""
	}
	for end := path; ; {
		if e := s.fields[end]; e != nil {
			s.used["fields "+end] = true
			return e, end
		}
		_, rest, ok := strings.Cut(end, ".")
		if !ok {
			return nil, ""
		}
		end = rest
	}
}

func (s *scope) value(path, value string) string {
	if s == nil {
		return ""
	}
	for end := path + "." + value; ; {
		if text := s.values[end]; text != "" {
			s.used["values "+end] = true
			return text
		}
		if len(end) <= len(value) {
			return ""
		}
		_, end, _ = strings.Cut(end, ".")
	}
}

// A Gap is a field without a description, or one whose values lack theirs.
type Gap struct {
	Operation *spec.Operation
	Path      string // dotted, without brackets
	Field     *spec.Field
	Values    []string // those without words
	NoText    bool
}

// Apply gives operations, fields and values their descriptions and returns what
// is missing, by domain. Limits that a description states are entered into the
// fields.
func (b *Book) Apply(domains []*spec.Domain) (map[string][]Gap, error) {
	gaps := map[string][]Gap{}
	var problems []error
	for _, d := range domains {
		names := map[string]bool{}
		for _, op := range d.Operations {
			op.WalkAll(func(_ string, f *spec.Field) { names[f.Name] = true })
		}
		for _, op := range d.Operations {
			scopes := b.ladder(d.Name, op)
			op.WalkAll(func(path string, f *spec.Field) {
				gap, err := b.apply(scopes, op, strings.ReplaceAll(path, "[]", ""), f)
				if gap != nil {
					gaps[d.Name] = append(gaps[d.Name], *gap)
				}
				problems = append(problems, err)
				if f.Doc != nil && f.Doc.Sum != "" && !names[f.Doc.Sum] {
					problems = append(problems, fmt.Errorf("%s.json: %s of %s is part of %s, which is not a field of the domain", d.Name, path, op.Key(), f.Doc.Sum))
				}
			})
			problems = append(problems, b.operation(d.Name, op))
		}
	}
	known := map[string]bool{sharedName: true}
	for _, d := range domains {
		known[d.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		if !known[name] {
			problems = append(problems, fmt.Errorf("%s.json: there is no domain %s", name, name))
			continue
		}
		problems = append(problems, b.unused(name))
	}
	return gaps, errors.Join(problems...)
}

// ladder returns where descriptions for op are looked for, in this order.
func (b *Book) ladder(domain string, op *spec.Operation) []*scope {
	return []*scope{b.ops[domain][op.Key()], b.ops[domain][undated(op.Key())], b.scopes[domain], b.scopes[sharedName]}
}

var date = regexp.MustCompile(`/\d{6}/`)

// undated returns the key of all dates of an operation.
func undated(key string) string { return date.ReplaceAllString(key, "/*/") }

func (b *Book) apply(scopes []*scope, op *spec.Operation, path string, f *spec.Field) (*Gap, error) {
	var e *entry
	var from *scope
	for _, s := range scopes {
		var key string
		if e, key = s.field(path); e != nil {
			from = s
			b.origins[f] = s.place() + " › " + key
			break
		}
	}
	gap := &Gap{Operation: op, Path: path, Field: f, NoText: e == nil}
	values := map[string]string{}
	for _, v := range f.Leaf().Enum {
		for _, s := range scopes {
			if values[v] = s.value(path, v); values[v] != "" {
				break
			}
		}
		if values[v] == "" {
			delete(values, v)
			gap.Values = append(gap.Values, v)
		}
	}
	var err error
	if e != nil {
		f.Doc = &catalog.Description{
			Text: e.Text, Unit: e.Unit, Format: e.Format, Markets: e.Markets, RequiredIf: e.RequiredIf,
			Deprecated: e.Deprecated, Sum: e.Sum, Sign: e.Sign, Values: values,
		}
		if f.Seen != "" {
			f.Doc.Text += " Not in the official files of December 2025; seen in " + f.Seen + "."
		}
		if err = e.limit(f); err != nil {
			err = fmt.Errorf("%s: %s of %s: %w", from.place(), path, op.Key(), err)
		}
	}
	if gap.NoText || len(gap.Values) > 0 {
		return gap, err
	}
	return nil, err
}

// limit enters the limits of e into f.
func (e *entry) limit(f *spec.Field) error {
	var problems []error
	text := func(what, value string, into *string) {
		if value != "" && *into != "" && *into != value {
			problems = append(problems, fmt.Errorf("%s is %s here and %s in spec/operations", what, value, *into))
		}
		*into = cmp.Or(*into, value)
	}
	number := func(what string, value int, into *int) {
		if value != 0 && *into != 0 && *into != value {
			problems = append(problems, fmt.Errorf("%s is %d here and %d in spec/operations", what, value, *into))
		}
		*into = cmp.Or(*into, value)
	}
	text("default", e.Default, &f.Default)
	text("min", e.Min, &f.Min)
	text("max", e.Max, &f.Max)
	number("min_length", e.MinLength, &f.MinLength)
	number("max_length", e.MaxLength, &f.MaxLength)
	number("max_items", e.MaxItems, &f.MaxItems)
	return errors.Join(problems...)
}

func (b *Book) operation(domain string, op *spec.Operation) error {
	f := b.files[domain]
	if f == nil {
		return nil
	}
	for _, key := range []string{op.Key(), undated(op.Key())} {
		o := f.Operations[key]
		if o == nil {
			continue
		}
		b.ops[domain][key].used["operation"] = true
		if op.Doc == nil && (o.Before+o.After != "" || len(o.Webhooks)+len(o.Codes) > 0) {
			doc := o.Notes
			op.Doc = &doc
		}
	}
	return nil
}

// unused finds the entries of a file that describe nothing.
func (b *Book) unused(name string) error {
	var problems []error
	report := func(s *scope) {
		for _, key := range slices.Sorted(maps.Keys(s.fields)) {
			if !s.used["fields "+key] {
				problems = append(problems, fmt.Errorf("%s: fields › %q describes no field, or only fields that a longer key describes", s.place(), key))
			}
		}
		for _, key := range slices.Sorted(maps.Keys(s.values)) {
			if !s.used["values "+key] {
				problems = append(problems, fmt.Errorf("%s: values › %q describes no value, or only values that a longer key describes", s.place(), key))
			}
		}
	}
	report(b.scopes[name])
	for _, key := range slices.Sorted(maps.Keys(b.ops[name])) {
		s := b.ops[name][key]
		if !s.used["operation"] {
			problems = append(problems, fmt.Errorf("%s: there is no such operation", s.place()))
			continue
		}
		report(s)
	}
	return errors.Join(problems...)
}

// Has reports whether a domain has its file, and so must be complete.
func (b *Book) Has(domain string) bool { return b.files[domain] != nil }

// Check holds the files against the rules for texts, topics and codes against
// what the spec knows, and the layout against what Format writes.
func (b *Book) Check(official *Shingles, topics map[string]bool, codes map[int]bool) error {
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		f := b.files[name]
		data, err := os.ReadFile(filepath.Join(b.dir, name+".json"))
		if err != nil {
			return fmt.Errorf("reading descriptions: %w", err)
		}
		if old, err := stale(data, f); err != nil || old {
			problems = append(problems, errors.Join(err, fmt.Errorf("%s.json is not in its layout: run go run ./internal/gen describe -format", name)))
		}
		check := func(place string, fields map[string]*entry, values map[string]string) {
			for _, key := range slices.Sorted(maps.Keys(fields)) {
				for _, err := range fields[key].problems(key, official) {
					problems = append(problems, fmt.Errorf("%s.json: %sfields › %q: %w", name, place, key, err))
				}
			}
			for _, key := range slices.Sorted(maps.Keys(values)) {
				for _, err := range textProblems(values[key], official) {
					problems = append(problems, fmt.Errorf("%s.json: %svalues › %q: %w", name, place, key, err))
				}
			}
		}
		check("", f.Fields, f.Values)
		for _, key := range slices.Sorted(maps.Keys(f.Operations)) {
			op := f.Operations[key]
			place := "operations › " + key + " › "
			check(place, op.Fields, op.Values)
			for _, err := range op.problems(official, topics, codes) {
				problems = append(problems, fmt.Errorf("%s.json: %s%w", name, place, err))
			}
		}
	}
	return errors.Join(problems...)
}

func (o *operation) problems(official *Shingles, topics map[string]bool, codes map[int]bool) []error {
	var problems []error
	for _, topic := range o.Webhooks {
		if !topics[topic] {
			problems = append(problems, fmt.Errorf("webhooks › %q is not a topic of spec/webhooks.json", topic))
		}
	}
	texts := map[string]string{"before": o.Before, "after": o.After}
	for code, text := range o.Codes {
		if n, err := strconv.Atoi(code); err != nil || !codes[n] {
			problems = append(problems, fmt.Errorf("codes › %q is not a code of spec/facts/error-codes.json", code))
		}
		texts["codes › "+code] = text
	}
	for _, place := range slices.Sorted(maps.Keys(texts)) {
		if texts[place] == "" {
			continue
		}
		for _, err := range textProblems(texts[place], official) {
			problems = append(problems, fmt.Errorf("%s: %w", place, err))
		}
	}
	return problems
}
