package apigen

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/naming"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// doc returns the description that most fields of a slot have, the first one's
// where several are equally frequent, or nil.
func (s *slot) doc() *catalog.Description {
	count := map[string]int{}
	var best *catalog.Description
	all := 0
	for _, f := range s.fields {
		if f.Doc == nil {
			continue
		}
		all++
		count[f.Doc.Text]++
		if best == nil || count[f.Doc.Text] > count[best.Text] {
			best = f.Doc
		}
	}
	if best == nil {
		return nil
	}
	return s.majority(best, count[best.Text], all)
}

// paragraphs returns the comment above a member: what it means, then the facts.
// It is empty where the field has no description.
func (s *slot) paragraphs(request, required bool) []string {
	doc := s.doc()
	if doc == nil {
		return nil
	}
	first := []string{doc.Text}
	if facts := s.facts(request, required && doc.RequiredIf == ""); len(facts) > 0 {
		first = append(first, sentence(strings.Join(facts, ", ")))
	}
	beside := *doc
	if !request {
		beside.RequiredIf = ""
	}
	if doc.Sum != "" {
		beside.Sum = naming.Exported(doc.Sum)
	}
	first = append(first, beside.Facts()...)
	if s.failures() {
		if ids := s.failureIDs(); ids != "" {
			first = append(first, ids)
		}
	}
	all := []string{strings.Join(first, " ")}
	if doc.Deprecated != "" {
		all = append(all, "Deprecated: "+doc.Deprecated)
	}
	return all
}

// wireName matches the name of a field, or a path of several, in a text; and a
// quoted value, which may look like one.
var wireName = regexp.MustCompile(`"[^"]*"|[a-z][a-z0-9]*(?:[._][a-z0-9]+)+`)

// nameFields replaces the wire names of fields in the comments of members by
// their Go names.
func (d *Domain) nameFields() {
	d.fields = map[string]bool{}
	for _, op := range d.Operations {
		op.WalkAll(func(_ string, f *spec.Field) { d.fields[f.Name] = true })
	}
	rewrite := func(members []*member) {
		for _, m := range members {
			for i, text := range m.docs {
				m.docs[i] = d.plain(text)
			}
		}
	}
	for _, c := range d.types {
		rewrite(c.members)
	}
	for _, op := range d.Operations {
		rewrite(op.params)
		rewrite(op.result)
	}
}

// goNames replaces the wire names of the domain's fields in text.
func (d *Domain) goNames(text string) string {
	return wireName.ReplaceAllStringFunc(text, func(path string) string {
		if path[0] == '"' {
			return path
		}
		segments := strings.Split(path, ".")
		for i, s := range segments {
			if !d.fields[s] {
				return path
			}
			segments[i] = naming.Exported(s)
		}
		return strings.Join(segments, ".")
	})
}

func sentenceOrNone(text string) string {
	if text == "" {
		return ""
	}
	return sentence(text)
}

// sentence makes a sentence of words.
func sentence(text string) string {
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// lower makes a sentence go on after a colon, unless it begins with a name.
func lower(text string) string {
	first, _, _ := strings.Cut(text, " ")
	if first == "" || strings.ToLower(first[1:]) != first[1:] {
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// meaning returns the words for a value of an enum: those of most of its fields.
func (e *enum) meaning(value string) string {
	count := map[string]int{}
	best := ""
	for _, s := range e.slots {
		for _, f := range s.fields {
			if f.Doc == nil || !slices.Contains(f.Leaf().Enum, value) {
				continue
			}
			text := f.Doc.Values[value]
			if count[text]++; text != "" && (best == "" || count[text] > count[best]) {
				best = text
			}
		}
	}
	return best
}

// object returns what the fields that hold a type say of it, where they agree.
func (c *class) object() string {
	text := ""
	for _, u := range c.uses {
		holder := u.holder
		if holder == nil || holder.Doc == nil {
			return ""
		}
		if text != "" && holder.Doc.Text != text {
			return ""
		}
		text = holder.Doc.Text
	}
	return text
}

// operationName matches what may be the name of an operation.
var operationName = regexp.MustCompile(`\b[A-Z][a-z]+[A-Z]\w*`)

// prose returns a text as the comment of a declaration: fields have their Go
// names, and operations of the domain are links.
func (d *Domain) prose(text string) string {
	return d.methods(text, func(op *Operation) string { return "[Service." + op.Name + "]" })
}

// plain returns a text as the comment of a member, in which links mean nothing.
func (d *Domain) plain(text string) string {
	return d.methods(text, func(op *Operation) string { return op.Name })
}

// methods gives fields and operations in text their Go names. An operation that
// only another domain has is named with its package.
func (d *Domain) methods(text string, own func(*Operation) string) string {
	return operationName.ReplaceAllStringFunc(d.goNames(text), func(name string) string {
		for _, op := range d.typed() {
			if op.Official == name {
				return own(op)
			}
		}
		if method, ok := d.foreign[name]; ok {
			return method
		}
		return name
	})
}

// nameForeign tells the domains the operations that exactly one other has.
func (api *API) nameForeign() {
	homes := map[string][]*Operation{}
	for _, d := range api.Domains {
		for _, op := range d.typed() {
			homes[op.Official] = append(homes[op.Official], op)
		}
	}
	for _, d := range api.Domains {
		d.foreign = map[string]string{}
		for name, ops := range homes {
			if op := ops[0]; len(ops) == 1 && op.Domain != d {
				d.foreign[name] = op.Domain.Package + "." + op.Name
			}
		}
	}
}

// list returns the Go name of the list that holds a type, where all lists of it
// have one name.
func (c *class) list() string {
	name := ""
	for _, u := range c.uses {
		if u.holder == nil || u.holder.Type != catalog.Array || name != "" && u.holder.Name != name {
			return ""
		}
		name = u.holder.Name
	}
	if name == "" {
		return ""
	}
	return naming.Exported(name)
}

// notes prints what is noted of an operation beside its summary.
func (op *Operation) notes(w *writer) {
	doc := op.Doc
	if doc == nil {
		return
	}
	var about []string
	if doc.Before != "" {
		about = append(about, "Before: "+lower(doc.Before))
	}
	if doc.After != "" {
		about = append(about, "After: "+lower(doc.After))
	}
	if len(doc.Webhooks) > 0 {
		about = append(about, "Webhooks: "+strings.Join(doc.Webhooks, ", ")+".")
	}
	if len(about) > 0 {
		w.printf("//\n")
		w.comment(op.Domain.prose(strings.Join(about, " ")))
	}
	if len(doc.Codes) == 0 {
		return
	}
	w.printf("//\n// Codes to expect:\n//\n")
	for _, code := range sortedKeys(doc.Codes) {
		for i, line := range wrap(code+": "+op.Domain.prose(doc.Codes[code]), 72) {
			mark := "//   - "
			if i > 0 {
				mark = "//     "
			}
			w.printf("%s%s\n", mark, line)
		}
	}
}
