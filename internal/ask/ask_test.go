package ask

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/names"
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
			for _, c := range Codes(known, code) {
				found = append(found, strconv.Itoa(c.Code))
			}
		} else {
			for _, e := range Operations(known, question) {
				found = append(found, strings.ReplaceAll(e.Domain, "_", "-")+" "+names.Kebab(names.Base(e.Name)))
			}
		}
		found = found[:min(len(found), among)]
		if slices.ContainsFunc(strings.Split(strings.ReplaceAll(answers, "_", "-"), ", "), func(answer string) bool { return slices.Contains(found, answer) }) {
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

//go:embed testdata/plain.txt
var plain string

// TestPlainQuestions asks in whole sentences, as an assistant passes them on: the
// right operation is among the first three of at least 95 in 100.
func TestPlainQuestions(t *testing.T) {
	t.Parallel()
	const among, share = 3, 0.95
	known := new(catalog.Catalog)
	asked, answered := 0, 0
	for line := range strings.Lines(plain) {
		question, answers, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		asked++
		var found []string
		for _, e := range Operations(known, question) {
			found = append(found, e.Domain+"."+names.Base(e.Name))
		}
		found = found[:min(len(found), among)]
		wanted := strings.Split(answers, ", ")
		for _, name := range wanted {
			if _, ok := known.ByName(name); !ok {
				t.Errorf("%s: there is no operation %s", question, name)
			}
		}
		if slices.ContainsFunc(wanted, func(name string) bool { return slices.Contains(found, name) }) {
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
	there := make(map[string]bool)
	for _, e := range known.Operations("") {
		there[e.Domain+"."+names.Base(e.Name)] = true
	}
	for name := range wordsOf().Operations {
		if !there[name] {
			t.Errorf("words.json: there is no operation %s", name)
		}
	}
	for text := range wordsOf().Codes {
		n, err := strconv.Atoi(text)
		if _, ok := known.Code(n); err != nil || !ok {
			t.Errorf("words.json: there is no code %s", text)
		}
	}
}
