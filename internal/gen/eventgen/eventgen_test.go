package eventgen_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/ttshop-go/ttshop/internal/gen/eventgen"
)

var update = flag.Bool("update", false, "write webhook/event instead of comparing it")

// The package in the tree is what the spec makes.
func TestUpToDate(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..")
	s, err := eventgen.Load(filepath.Join(root, "spec", "webhooks.json"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := eventgen.Files(s)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "webhook", "event")
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, data := range files {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if files[entry.Name()] == nil {
			t.Errorf("%s is not generated", entry.Name())
		}
	}
	for name, want := range files {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not up to date", name)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"unknown member": `{"source":"s","types":{},"events":[],"more":1}`,
		"order":          `{"source":"s","types":{},"events":[{"type":2,"name":"B","fields":[]},{"type":1,"name":"A","fields":[]}]}`,
		"unknown type":   `{"source":"s","types":{},"events":[{"type":1,"name":"A","fields":[{"path":"a","type":"float"}]}]}`,
		"orphan":         `{"source":"s","types":{"int":"i"},"events":[{"type":1,"name":"A","fields":[{"path":"a.b","type":"int"}]}]}`,
	} {
		path := filepath.Join(t.TempDir(), "webhooks.json")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := eventgen.Load(path); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestClashesAreNamed(t *testing.T) {
	t.Parallel()
	s := &eventgen.Spec{Events: []*eventgen.Topic{{Type: 1, Name: "A", Sample: []byte("{}")}, {Type: 2, Name: "A", Sample: []byte("{}")}}}
	if _, err := eventgen.Files(s); err == nil {
		t.Error("two topics of one name: no error")
	}
}
