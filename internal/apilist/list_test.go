package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestList(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, source := range map[string]string{
		"go.mod": "module example.com/m\n",
		"root.go": `package m

import "context"

type Client struct {
	Name string ` + "`json:\"name\"`" + `
	hidden int
	*Base
}
type Base struct{}
type Source interface {
	Token(ctx context.Context) (string, error)
	private()
}
type Kind uint8
const (
	One Kind = iota
	Two
	three
)
var Err = error(nil)
func New(key string, options ...func(*Client)) *Client { return nil }
func (c *Client) Do(
	ctx context.Context,
	n int,
) error { return nil }
func (c *Client) do() {}
func Pages[T any](f func() ([]T, error)) {}
type List[T any] []T
type Alias = Kind
`,
		"sub/sub.go":           "package sub\n\nconst Size = 64\n",
		"sub/sub_test.go":      "package sub\n\nconst Tested = 1\n",
		"internal/x/x.go":      "package x\n\nconst X = 1\n",
		"cmd/tool/main.go":     "package main\n\nconst Y = 1\n",
		"nested/go.mod":        "module example.com/m/nested\n",
		"nested/nested.go":     "package nested\n\nconst Z = 1\n",
		"sub/testdata/bad.go":  "package bad\n\nconst V = 1\n",
		"sub/internal/priv.go": "package internal\n\nconst W = 1\n",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := list(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"pkg ., const One Kind = iota",
		"pkg ., const Two Kind",
		"pkg ., func New(key string, options ...func(*Client)) *Client",
		"pkg ., func Pages[T any](f func() ([]T, error))",
		"pkg ., method (*Client) Do(ctx context.Context, n int) error",
		"pkg ., type Alias = Kind",
		"pkg ., type Base struct",
		"pkg ., type Client struct",
		"pkg ., type Client struct, Name string `json:\"name\"`",
		"pkg ., type Client struct, embedded *Base",
		"pkg ., type Kind uint8",
		"pkg ., type List[T any] []T",
		"pkg ., type Source interface",
		"pkg ., type Source interface, Token(ctx context.Context) (string, error)",
		"pkg ., var Err",
		"pkg sub, const Size = 64",
	}
	if !slices.Equal(got, want) {
		t.Errorf("list:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	if err := run([]string{"-root", root, "-check"}); err == nil {
		t.Error("-check passes without api.txt")
	}
	if err := run([]string{"-root", root}); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"-root", root, "-check"}); err != nil {
		t.Errorf("-check fails on a fresh api.txt: %v", err)
	}
	if err := os.WriteFile(filepath.Join(root, "sub", "sub.go"), []byte("package sub\n\nconst Size = 65\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"-root", root, "-check"}); err == nil || !strings.Contains(err.Error(), "const Size = 65") {
		t.Errorf("-check after a change: %v", err)
	}
}
