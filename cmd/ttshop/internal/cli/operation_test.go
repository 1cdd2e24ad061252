package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/operation"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// everyVersion calls f for each operation of the catalogue with its command
// line.
func everyVersion(t *testing.T, f func(op *catalog.Operation, command []string)) {
	t.Helper()
	known := new(catalog.Catalog)
	for _, domain := range known.Domains() {
		for _, family := range field.Families(known, domain) {
			for _, e := range family.Versions {
				op, err := known.Describe(e)
				if err != nil {
					t.Fatal(err)
				}
				f(op, append(strings.Fields(family.Command()), "--api-version", e.Version()))
			}
		}
	}
}

// TestOperationHelp checks that the help of every operation in every version
// fits a terminal and names each field.
func TestOperationHelp(t *testing.T) {
	t.Parallel()
	seen := 0
	everyVersion(t, func(op *catalog.Operation, command []string) {
		seen++
		got := run(t, nil, "", append(command, "--help")...)
		if got.code != console.ExitOK || got.err != "" {
			t.Fatalf("%q: %+v", command, got)
		}
		for line := range strings.Lines(got.stdout) {
			line = strings.TrimRight(line, "\n")
			if n := len([]rune(line)); n > console.Width && !breaksNowhere(line) {
				t.Errorf("%q: a line has %d columns: %s", command, n, line)
			}
			if line != strings.TrimRight(line, " ") {
				t.Errorf("%q: a line ends with spaces: %q", command, line)
			}
		}
		for _, f := range slices.Concat(op.Params, op.Body) {
			if !strings.Contains(got.stdout, "--"+field.Dashed(f.Name)) {
				t.Errorf("%q: no flag for %s", command, f.Name)
			}
		}
		if !strings.Contains(got.stdout, op.Method+" "+op.Path) {
			t.Errorf("%q: the request is missing", command)
		}
	})
	if seen < 400 {
		t.Errorf("only %d operations", seen)
	}
}

// breaksNowhere reports whether a line is one long word, such as a JSON value
// of an example, after its indentation or flag.
func breaksNowhere(line string) bool {
	longest := 0
	for word := range strings.FieldsSeq(line) {
		longest = max(longest, len(word))
	}
	return longest > console.Width/2
}

// TestOperationExamples checks that the examples of every operation are
// complete: with --dry-run each is signed and shown.
func TestOperationExamples(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"photo.png", "label.pdf"} {
		if err := os.WriteFile(name, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{platform.EnvAppKey: "k", platform.EnvAppSecret: "planted", platform.EnvShopCipher: "c", platform.EnvEndpoint: "http://127.0.0.1:1"}
	ran := 0
	everyVersion(t, func(op *catalog.Operation, command []string) {
		help := run(t, nil, "", append(command, "--help")...)
		for _, example := range examplesIn(help.stdout) {
			words := shellWords(example.command)
			args := append(words[1:], "--dry-run", "--category-asset-cipher", "a")
			got := run(t, env, "", args...)
			if got.code != console.ExitOK || !strings.Contains(got.stdout, op.Method+" http://127.0.0.1:1/") || !strings.Contains(got.stdout, "sign="+field.Mask) {
				t.Errorf("%q: %+v", args, got)
			}
			if strings.Contains(got.stdout+got.err, "planted") {
				t.Errorf("%q: a secret is shown", args)
			}
			ran++
		}
	})
	if ran < 530 {
		t.Errorf("only %d examples", ran)
	}
}

// shellWords splits a command line of ours, which quotes with single quotes
// alone.
func shellWords(line string) []string {
	var words []string
	for i, part := range strings.Split(strings.TrimSpace(line), "'") {
		if i%2 == 1 {
			words[len(words)-1] += part
			continue
		}
		fields := strings.Fields(part)
		words = append(words, fields...)
		if i == 0 || strings.HasSuffix(part, " ") {
			words = append(words, "") // the quoted word that follows
		}
	}
	return slices.DeleteFunc(words, func(word string) bool { return word == "" })
}

// TestLazy checks that only the domain that is asked for is built, and of its
// operations only the one.
func TestLazy(t *testing.T) {
	t.Parallel()
	sys := platform.NewSession(&console.System{Getenv: func(string) string { return "" }})
	root := newRootCmd(sys, nil)
	if err := operation.Grow(root, sys, []string{"order", "get-order-list"}); err != nil {
		t.Fatal(err)
	}
	for _, domain := range root.Commands() {
		if domain.GroupID != field.OperationsGroup {
			continue
		}
		if domain.HasSubCommands() != (domain.Name() == "order") {
			t.Errorf("%s has subcommands: %v", domain.Name(), domain.HasSubCommands())
		}
		for _, op := range domain.Commands() {
			if (op.Flags().Lookup("page-size") != nil) != (op.Name() == "get-order-list") {
				t.Errorf("%s: flags", op.Name())
			}
		}
	}
}

// BenchmarkHelp measures help and completion of operations: people do not notice
// 40 ms.
func BenchmarkHelp(b *testing.B) {
	sys := &console.System{Getenv: func(string) string { return "" }, Now: time.Now}
	for _, args := range [][]string{{"version"}, {"product", "--help"}, {"product", "create-product", "--help"}, {"__complete", "product", "search-products", "--status", ""}} {
		b.Run(strings.Join(args, " "), func(b *testing.B) {
			for b.Loop() {
				var out strings.Builder
				sys.Out, sys.Err, sys.In = &out, &out, strings.NewReader("")
				if code := Run(b.Context(), sys, args); code != console.ExitOK {
					b.Fatal(code, out.String())
				}
			}
		})
	}
}

func TestManual(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "man1")
	if got := run(t, nil, "", "man", folder); got.code != console.ExitOK || got.stdout != "" || got.err != "" {
		t.Fatalf("%+v", got)
	}
	pages, err := filepath.Glob(filepath.Join(folder, "*.1"))
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) < 360 {
		t.Errorf("only %d pages", len(pages))
	}
	page, err := os.ReadFile(filepath.Join(folder, "ttshop-order-get-order-list.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{".TH \"TTSHOP-ORDER-GET-ORDER-LIST\" 1", ".SH SYNOPSIS", `\fB\-\-order\-status\fP \fIVALUE\fP`, ".BR ttshop\\-order (1)"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page has no %q", want)
		}
	}
	for _, name := range pages {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(page), "\n") {
			if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !slices.Contains([]string{".TH", ".SH", ".TP", ".PP", ".nf", ".fi", ".B", ".BR", ".ad", ".nh"}, strings.Fields(line)[0]) {
				t.Errorf("%s:%d: not a request: %s", filepath.Base(name), i+1, line)
			}
		}
	}
}

// TestReferenceIsCurrent checks that the guide holds the reference that
// ttshop reference writes.
func TestReferenceIsCurrent(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "docs", "reference.md"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := insertReference(guide)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(guide) {
		t.Error("docs/reference.md is out of date; run go generate ./...")
	}
}

func TestReferenceNeedsItsMarks(t *testing.T) {
	t.Parallel()
	for _, guide := range []string{"", "# Guide\n" + referenceBegins, referenceEnds + referenceBegins} {
		if got, err := insertReference([]byte(guide)); err == nil {
			t.Errorf("%q: %d bytes", guide, len(got))
		}
	}
	got, err := insertReference([]byte("before\n" + referenceBegins + "OUTDATED\n" + referenceEnds + "after\n"))
	if err != nil || !strings.HasPrefix(string(got), "before\n"+referenceBegins) || !strings.HasSuffix(string(got), referenceEnds+"after\n") || strings.Contains(string(got), "OUTDATED\n") {
		t.Errorf("%v\n%s", err, got)
	}
}
