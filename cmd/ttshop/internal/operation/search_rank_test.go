package operation

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

//go:embed testdata/questions.txt
var questions string

// TestQuestions asks what people ask: the right thing is among the first three of
// at least 95 in 100.
func TestQuestions(t *testing.T) {
	t.Parallel()
	const among, share = 3, 0.95
	known := new(catalog.Catalog)
	asked, answered := 0, 0
	for line := range strings.Lines(questions) {
		question, answers, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		asked++
		var found []string
		if code, isCode := strings.CutPrefix(question, "! "); isCode {
			for _, c := range searchCodes(known, code) {
				found = append(found, strconv.Itoa(c.Code))
			}
		} else {
			for _, e := range searchOperations(known, question) {
				found = append(found, field.Family{Name: field.BaseName(e.Name), Versions: []catalog.Entry{e}}.Command())
			}
		}
		found = found[:min(len(found), among)]
		if slices.ContainsFunc(strings.Split(field.Dashed(answers), ", "), func(answer string) bool { return slices.Contains(found, answer) }) {
			answered++
		} else {
			t.Logf("%s: %v, want %s", question, found, answers)
		}
	}
	t.Logf("%d of %d", answered, asked)
	if asked < 100 || float64(answered) < share*float64(asked) {
		t.Errorf("%d of %d questions are answered", answered, asked)
	}
}

func TestSearchWordsAreKnown(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	names := make(map[string]bool)
	for _, e := range known.Operations("") {
		names[e.Domain+"."+field.BaseName(e.Name)] = true
	}
	for name := range wordsOf().Operations {
		if !names[name] {
			t.Errorf("search_words.json: there is no operation %s", name)
		}
	}
	for text := range wordsOf().Codes {
		n, err := strconv.Atoi(text)
		if _, ok := known.Code(n); err != nil || !ok {
			t.Errorf("search_words.json: there is no code %s", text)
		}
	}
}

func TestExampleFieldsAreKnown(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for name, fields := range exampleFields() {
		entry, ok := known.ByName(name)
		if !ok {
			t.Errorf("example_fields.json: there is no operation %s", name)
			continue
		}
		op, err := known.Describe(entry)
		if err != nil {
			t.Fatal(err)
		}
		for f := range fields {
			if f == inMarket {
				continue
			}
			if field.Named(op.Params, f) == nil && field.Named(op.Body, f) == nil {
				t.Errorf("example_fields.json: %s has no field %s", name, f)
			}
		}
	}
}
