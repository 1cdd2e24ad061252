package realpath_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ttshop-go/ttshop/internal/realpath"
)

func TestOf(t *testing.T) {
	t.Parallel()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	at := func(path string) string { return filepath.Join(root, path) }
	for _, folder := range []string{"real", "real/deep"} {
		if err := os.Mkdir(at(folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(at("real/file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{
		"folder": "real", "to-file": "real/file", "to-missing": "real/missing", "absolute": at("real/missing"),
		"chain": "to-missing", "real/deep/up": "../file", "through": "folder/missing", "circle": "circle2", "circle2": "circle",
		"nowhere": "gone/missing", "away": "gone/deep", "loop": "loop/file",
	} {
		if err := os.Symlink(target, at(link)); err != nil {
			t.Skip(err)
		}
	}
	for path, want := range map[string]string{
		"real/file": "real/file", "real/missing": "real/missing", "folder/file": "real/file", "folder/missing": "real/missing",
		"to-file": "real/file", "to-missing": "real/missing", "absolute": "real/missing", "chain": "real/missing",
		"folder/deep/up": "real/file", "through": "real/missing", "real": "real",
		"nowhere": "gone/missing", "gone/file": "gone/file", "away/file": "gone/deep/file", "away/../file": "file",
		"circle": "", "circle/file": "", "loop": "", "real/file/below": "",
	} {
		got, err := realpath.Of(at(path))
		if want == "" {
			if err == nil {
				t.Errorf("%s: %s, want an error", path, got)
			}
			continue
		}
		if err != nil || got != at(want) {
			t.Errorf("%s: %s, error %v; want %s", path, got, err, at(want))
		}
	}
}
