package ask

import (
	_ "embed"
	"os"
	"path/filepath"
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

// TestPlainQuestions asks in whole sentences, as an assistant passes them on: the right
// operation is among the first three. The files say how their questions came about, so
// what their rates are worth.
func TestPlainQuestions(t *testing.T) {
	t.Parallel()
	for file, floor := range map[string]float64{
		"plain.txt": 0.96,
		"dev.txt":   0.95,
		"check.txt": 0.93,
		"every.txt": 1,
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(filepath.Join("testdata", file))
			if err != nil {
				t.Fatal(err)
			}
			checkQuestions(t, string(content), floor, file != "check.txt")
		})
	}
}

// checkQuestions checks which part of the questions of a file finds an answer among the
// first three, and names the others if it may.
func checkQuestions(t *testing.T, questions string, floor float64, name bool) {
	t.Helper()
	const among, least = 3, 100
	known := new(catalog.Catalog)
	asked, answered := 0, 0
	for line := range strings.Lines(questions) {
		question, answers, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		asked++
		var found []string
		for _, e := range Operations(known, question) {
			if name := e.Domain + "." + names.Base(e.Name); !slices.Contains(found, name) && len(found) < among {
				found = append(found, name)
			}
		}
		wanted := strings.Split(answers, ", ")
		for _, name := range wanted {
			if _, ok := known.ByName(name); !ok {
				t.Errorf("%s: there is no operation %s", question, name)
			}
		}
		if slices.ContainsFunc(wanted, func(name string) bool { return slices.Contains(found, name) }) {
			answered++
		} else if name {
			t.Logf("%s: %v, want %s", question, found, answers)
		}
	}
	t.Logf("%d of %d", answered, asked)
	if asked < least || float64(answered) < floor*float64(asked) {
		t.Errorf("%d of %d questions are answered", answered, asked)
	}
}

// Every operation has a question of its own.
func TestEveryOperationIsAskedFor(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("testdata/every.txt")
	if err != nil {
		t.Fatal(err)
	}
	phrases, err := readPhrases()
	if err != nil {
		t.Fatal(err)
	}
	asked := make(map[string]bool)
	for line := range strings.Lines(string(content)) {
		if question, name, ok := strings.Cut(strings.TrimSpace(line), " = "); ok {
			asked[name] = true
			if slices.Contains(phrases[name], question) {
				t.Errorf("%q is one of the phrases", question)
			}
		}
	}
	const least = 4
	for _, e := range names.Newest(new(catalog.Catalog).Operations("")) {
		name := e.Domain + "." + names.Base(e.Name)
		if !asked[name] {
			t.Errorf("no question asks for %s", name)
		}
		if len(phrases[name]) < least {
			t.Errorf("%s has %d phrases", name, len(phrases[name]))
		}
		delete(phrases, name)
	}
	for name := range phrases {
		t.Errorf("there is no operation %s", name)
	}
}

func TestCodeWordsAreKnown(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for text := range codeWords() {
		n, err := strconv.Atoi(text)
		if _, ok := known.Code(n); err != nil || !ok {
			t.Errorf("words.json: there is no code %s", text)
		}
	}
}
