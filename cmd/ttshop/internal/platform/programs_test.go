package platform

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
)

// programFile is a file that can be run.
func programFile(t *testing.T, dir, name string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPrograms(t *testing.T) {
	beside, along, cache, work := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	goCommand := along
	var said strings.Builder
	p := Programs{Environ: os.Environ, Err: &said, Beside: beside, Cache: cache}
	find := func(want string) {
		t.Helper()
		path, err := p.Find(t.Context(), "ttshop-inbox")
		if err != nil || path != want {
			t.Errorf("found %s, %v, want %s", path, err, want)
		}
	}

	// Nothing is there, not even go.
	t.Setenv("PATH", along)
	_, err := p.Find(t.Context(), "ttshop-inbox")
	if err == nil || !strings.Contains(err.Error(), "go install github.com/ttshop-go/ttshop/webhook/inbox/cmd/ttshop-inbox@v"+ttshop.Version) {
		t.Errorf("the error does not say what to do: %v", err)
	}

	if runtime.GOOS != "windows" {
		// With go, outside the source: the release of this version.
		script := `#!/bin/sh
case $1 in
list) echo false ;;
install)
  [ -z "$TTSHOP_APP_SECRET" ] || exit 3
  [ "$2" = "github.com/ttshop-go/ttshop/webhook/inbox/cmd/ttshop-inbox@v` + ttshop.Version + `" ] || exit 4
  PATH=/bin:/usr/bin mkdir -p "$GOBIN"; : > "$GOBIN/ttshop-inbox" ;;
*) exit 5 ;;
esac
`
		if err := os.WriteFile(filepath.Join(goCommand, "go"), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		t.Chdir(work)
		t.Setenv("TTSHOP_APP_SECRET", "hidden")
		built := filepath.Join(cache, "v"+ttshop.Version, "ttshop-inbox")
		find(built)
		find(built)
		if n := strings.Count(said.String(), "building it"); n != 1 {
			t.Errorf("it is told %d times: %s", n, said.String())
		}
	}
	find(programFile(t, along, "ttshop-inbox"))
	find(programFile(t, beside, "ttshop-inbox"))
}

// In the source of ttshop the program is built from it.
func TestProgramsFromSource(t *testing.T) {
	t.Parallel()
	p := Programs{Environ: os.Environ, Beside: t.TempDir(), Cache: t.TempDir()}
	path, err := p.build(t.Context(), "ttshop-inbox", "ttshop-inbox")
	if err != nil {
		t.Fatal(err)
	}
	if !isFile(path) {
		t.Errorf("%s was not built", path)
	}
}
