package depcheck

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/ttshop-go/ttshop"

// rule says which of our packages the packages that it matches may import.
type rule struct {
	match   string   // package path below the module; a trailing /... includes all below
	allowed []string // of ours; the same form as match
	reason  string
}

// rules are tried in order; the first that matches a package counts.
var rules = []rule{
	{"", []string{"sign", "internal/wire", "internal/partial"}, "the core stands below everything that calls it"},
	{"sign", nil, "signing is innermost: values in, signature out"},
	{"sign/explain", []string{"sign"}, "an explanation needs the rule and nothing else"},
	{"sign/explain/paste", []string{"sign/explain"}, "what people paste becomes requests to explain"},
	{"internal/wire", nil, "the wire format knows no client"},
	{"internal/partial", nil, "a list of names, for client and generator"},
	{"internal/apitest", []string{"", "sign", "catalog", "internal/wire"}, "it checks what the typed operations send"},
	{"internal/apilist", nil, "it reads the source of the packages, not the packages"},
	{"internal/openapi", []string{"catalog"}, "a document of the operations is the catalogue in another form"},
	{"internal/names", []string{"catalog"}, "names of operations are those of the catalogue"},
	{"internal/ask", []string{"catalog", "internal/names"}, "questions are answered from the catalogue alone"},
	{"mcp", []string{"", "policy", "catalog", "tokenstore", "oauth", "sign/...", "internal/ask", "internal/names", "mcp/internal/front", "mcp/internal/seal"}, "assistants decide by the policy, and call with the client"},
	{"mcp/internal/front", []string{"policy"}, "what stands before a server knows keys and no tool"},
	{"mcp/internal/seal", nil, "it seals values, whatever they are"},
	{"mcp/internal/fixture", []string{"catalog", "policy", "mcp/internal/..."}, "the suite's server stands behind the same front"},
	{"internal/filelock", nil, "a lock on a file knows nothing of what it guards"},
	{"internal/realpath", nil, "it resolves paths and opens nothing"},
	{"internal/testdiff", nil, "it compares values, whatever they are"},
	{"internal/release/...", nil, "it looks at files and built commands from outside"},
	{"internal/depcheck", nil, "it reads the import graph and no package"},
	{"internal/faultkit/...", nil, "tests break what the project runs on; the tools for that import none of ours"},
	{"internal/gen/...", []string{"internal/gen/...", "internal/partial", "catalog"}, "the generator writes the packages; it does not use them"},
	{"oauth", []string{"", "internal/wire"}, "tokens are obtained with plain requests"},
	{"tokenstore/...", []string{"", "oauth", "tokenstore/...", "internal/filelock", "internal/realpath"}, "a store keeps grants"},
	{"api/...", []string{""}, "a program pays only for the domains that it uses"},
	{"webhook/event", nil, "payloads are plain types"},
	{"webhook", []string{"sign", "webhook/event", "internal/wire"}, "a receiver needs no client"},
	{"webhook/webhooktest", []string{"sign", "webhook", "webhook/event", "internal/wire"}, "it signs deliveries for tests"},
	{"webhook/inbox/...", []string{"sign", "webhook", "webhook/event", "webhook/inbox/..."}, "an inbox keeps what a receiver accepted"},
	{"webhook/reconcile", []string{"", "webhook", "webhook/event", "internal/wire"}, "it asks the API for what no webhook reported"},
	{"otel", []string{""}, "an adapter of the client's hooks"},
	{"prom", []string{""}, "an adapter of the client's hooks"},
	{"pace/pgpace", []string{"", "internal/faultkit/..."}, "a limiter of the client over a database"},
	{"sync", []string{"", "catalog", "webhook/event"}, "a copy is made by calls of the client, of what the catalogue knows"},
	{"sync/synctest", []string{"sync"}, "it tests a destination, whatever it is"},
	{"sync/manifest", nil, "it lists files, whatever they hold"},
	{"sync/parquet", []string{"sync", "sync/manifest"}, "files are made of what any destination has"},
	{"sync/workers", nil, "it shares work, whatever it is"},
	{"sync/readonly", []string{"sync"}, "it checks statements, whatever carries them out"},
	{"sync/...", []string{"sync", "sync/readonly", "internal/filelock", "internal/realpath"}, "a destination stores rows and calls nobody"},
	{"catalog/...", nil, "the catalogue is data"},
	{"gateway/connect", []string{"", "gateway", "policy", "tokenstore", "oauth", "sign"}, "users connect to what stands behind a gateway"},
	{"gateway/pgaudit", []string{"gateway", "internal/faultkit/..."}, "an audit of gateways over a database"},
	{"gateway", []string{"", "policy", "catalog", "tokenstore", "oauth", "sign"}, "it decides by the policy and calls with the client"},
	{"recording", []string{"catalog"}, "a transport that records works with any client"},
	{"policy", []string{"catalog", "internal/filelock", "internal/realpath"}, "it judges names and calls nothing"},
	{"sandbox", []string{"sandbox/internal/...", "sandbox/control", "catalog", "webhook/event"}, "an emulator that shares the client's code shares its mistakes"},
	{"sandbox/internal/...", []string{"sandbox/internal/...", "sandbox/control", "catalog", "webhook/event"}, "the rooms share the rule of the house; TestRooms says which may know which"},
	{"sandbox/sandboxtest", []string{"", "oauth", "sandbox", "sandbox/control", "tokenstore"}, "it joins sandbox and client for tests"},
	{"sandbox/pagetest", []string{"", "oauth", "sandbox", "sandbox/sandboxtest", "sign/explain"}, "it opens the sandbox's pages in a browser"},
	{"sandbox/control", nil, "it talks to a sandbox over HTTP only"},
	{"internal/soak", []string{"", "oauth", "sandbox", "api/..."}, "it drives a sandbox with the client"},
	{"bench/...", []string{"", "sign", "catalog", "oauth", "sandbox/...", "api/...", "internal/wire", "internal/soak"}, "benchmarks compare all parts"},
	{"cmd/ttshop/internal/console", []string{""}, "terminals, output and exit codes know no operation"},
	{"cmd/ttshop/internal/field", []string{"", "catalog", "internal/names", "cmd/ttshop/internal/console"}, "names and values of fields come from the catalogue"},
	{"cmd/ttshop/internal/answer", []string{"", "catalog", "cmd/ttshop/internal/console", "cmd/ttshop/internal/field"}, "an answer is shown the same way whoever asked"},
	{"cmd/ttshop/internal/screentest", []string{"cmd/ttshop/internal/answer"}, "screens of tests are measured as tables are"},
	{"cmd/ttshop/internal/platform", []string{"", "sign/...", "oauth", "catalog", "sandbox/...", "tokenstore/...", "webhook/...", "internal/soak", "internal/filelock", "internal/realpath", "cmd/ttshop/internal/console", "cmd/ttshop/internal/field", "cmd/ttshop/internal/answer"}, "a connection knows no command"},
	{"cmd/ttshop/internal/signing", []string{"", "sign/...", "oauth", "catalog", "sandbox/...", "tokenstore/...", "webhook/...", "internal/soak", "internal/filelock", "cmd/ttshop/internal/console", "cmd/ttshop/internal/field", "cmd/ttshop/internal/platform"}, "signatures are checked without an account"},
	{"cmd/ttshop/internal/account", []string{"", "sign/...", "oauth", "catalog", "sandbox/...", "tokenstore/...", "webhook/...", "internal/soak", "internal/filelock", "cmd/ttshop/internal/console", "cmd/ttshop/internal/field", "cmd/ttshop/internal/answer", "cmd/ttshop/internal/platform", "cmd/ttshop/internal/signing"}, "signing in and tokens need no other group of commands"},
	{"cmd/ttshop/internal/operation", []string{"", "sign/...", "oauth", "catalog", "sandbox/...", "tokenstore/...", "webhook/...", "internal/soak", "internal/filelock", "internal/openapi", "internal/ask", "cmd/ttshop/internal/console", "cmd/ttshop/internal/field", "cmd/ttshop/internal/answer", "cmd/ttshop/internal/platform", "cmd/ttshop/internal/signing"}, "operations are called whoever signed in"},
	{"cmd/ttshop/internal/hooks", []string{"", "sign/...", "oauth", "catalog", "sandbox/...", "tokenstore/...", "webhook/...", "internal/soak", "internal/filelock", "cmd/ttshop/internal/console", "cmd/ttshop/internal/field", "cmd/ttshop/internal/answer", "cmd/ttshop/internal/platform", "cmd/ttshop/internal/signing"}, "webhooks are handled whoever calls operations"},
	{"cmd/ttshop/internal/consolepage", nil, "a page of panels knows nothing of what they show"},
	{"cmd/ttshop/internal/gate", []string{"cmd/ttshop/internal/consolepage", "", "oauth", "catalog", "policy", "gateway", "gateway/connect", "gateway/pgaudit", "pace/pgpace", "sandbox", "sandbox/control", "tokenstore/...", "cmd/ttshop/internal/console", "cmd/ttshop/internal/field", "cmd/ttshop/internal/platform"}, "a gateway calls for whoever has a key, and needs no other group of commands"},
	{"cmd/ttshop/internal/assistant", []string{"", "sign/explain/...", "oauth", "catalog", "policy", "mcp/...", "sync", "sync/readonly", "sync/sqlite", "sync/postgres", "sandbox", "tokenstore/...", "cmd/ttshop/internal/console", "cmd/ttshop/internal/field", "cmd/ttshop/internal/gate", "cmd/ttshop/internal/platform"}, "assistants use the keys of the gateway, and no other group of commands"},
	{"cmd/ttshop/internal/local", []string{"", "sign/...", "oauth", "catalog", "sandbox/...", "tokenstore/...", "webhook/...", "internal/soak", "internal/filelock", "cmd/ttshop/internal/console", "cmd/ttshop/internal/field", "cmd/ttshop/internal/answer", "cmd/ttshop/internal/platform", "cmd/ttshop/internal/signing"}, "what runs on this machine needs no account"},
	{"cmd/ttshop/internal/record", []string{"", "catalog", "recording", "cmd/ttshop/internal/console", "cmd/ttshop/internal/field", "cmd/ttshop/internal/platform"}, "answers are recorded whatever command asks for them"},
	{"cmd/ttshop/internal/replica", []string{"cmd/ttshop/internal/consolepage", "", "sync/...", "oauth", "sandbox", "sandbox/control", "tokenstore/...", "webhook/...", "cmd/ttshop/internal/console", "cmd/ttshop/internal/field", "cmd/ttshop/internal/platform"}, "data of shops is copied whoever signed in"},
	{"cmd/ttshop/internal/cli", []string{"", "internal/faultkit/...", "sign/...", "oauth", "catalog", "sandbox/...", "tokenstore/...", "webhook/...", "internal/soak", "internal/filelock", "cmd/ttshop/internal/..."}, "the tree of commands knows all of them"},
	{"cmd/ttshop", []string{"cmd/ttshop/internal/cli"}, "main only starts the command"},
	{"cmd/ttshop/ttshop-sync", []string{"", "sandbox/...", "sync/...", "tokenstore/...", "webhook/...", "cmd/ttshop/internal/cli", "cmd/ttshop/internal/platform", "cmd/ttshop/internal/replica"}, "it is the command with what is too heavy for it"},
	{"examples/openapi/...", []string{"sign", "examples/openapi/..."}, "a generated client needs signatures and nothing else of ours"},
	{"examples/...", []string{"", "oauth", "api/...", "webhook/...", "tokenstore/...", "examples/..."}, "examples show the public API"},
	{"docs/...", []string{"", "sign", "oauth", "api/...", "sandbox/..."}, "the guides' code runs against the sandbox"},
}

// free are imports from outside that the packages of the SDK module may have.
var free = []string{"golang.org/x/"}

type pkg struct {
	path    string // below the module; empty for the root package
	sdk     bool   // part of the SDK module, not of a nested one
	imports []string
}

func TestImports(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range list(t) {
		path := p.path
		r, ok := find(path)
		if !ok {
			t.Errorf("no rule for package %q: add one to the table, with its reason", path)
			continue
		}
		seen[r.match] = true
		for _, imported := range p.imports {
			switch {
			case imported == module || strings.HasPrefix(imported, module+"/"):
				below := strings.TrimPrefix(strings.TrimPrefix(imported, module), "/")
				if !allowed(r, below) {
					t.Errorf("%q imports %q: %s", path, below, r.reason)
				}
			case p.sdk && strings.Contains(strings.Split(imported, "/")[0], ".") && !hasPrefix(imported, free):
				t.Errorf("%q imports %s: users of the SDK would inherit it; a package that needs more gets its own module", path, imported)
			case imported == "text/template" && (path == "" || strings.HasPrefix(path, "api/")):
				t.Errorf("%q imports text/template: the linker then keeps every exported method", path)
			}
		}
	}
	for _, path := range []string{"", "sign", "sandbox", "oauth"} {
		if !seen[path] {
			t.Errorf("package %q was not checked", path)
		}
	}
}

func find(path string) (rule, bool) {
	for _, r := range rules {
		if matches(r.match, path) {
			return r, true
		}
	}
	return rule{}, false
}

func matches(pattern, path string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == base || strings.HasPrefix(path, base+"/")
	}
	return path == pattern
}

func allowed(r rule, path string) bool {
	for _, pattern := range r.allowed {
		if matches(pattern, path) {
			return true
		}
	}
	return false
}

func hasPrefix(s string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return false
}

// list returns the packages of all modules of the workspace, without tests. It
// reads the files itself, so that a cached result is never stale.
func list(t *testing.T) []*pkg {
	t.Helper()
	const root = "../.."
	pkgs := map[string]*pkg{}
	nested := map[string]bool{} // folders with a go.mod of their own
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() {
			if name != root && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
				return filepath.SkipDir
			}
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil && name != root {
				nested[name] = true
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := filepath.Dir(name)
		p := pkgs[dir]
		if p == nil {
			below, err := filepath.Rel(root, dir)
			if err != nil {
				return err
			}
			p = &pkg{path: strings.TrimPrefix(filepath.ToSlash(below), "."), sdk: true}
			for d := dir; d != root; d = filepath.Dir(d) {
				p.sdk = p.sdk && !nested[d]
			}
			pkgs[dir] = p
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			p.imports = append(p.imports, imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(maps.Values(pkgs))
}

// repeats finds sentences about imports that belong in the table.
var repeats = regexp.MustCompile(`(?i)(must not|cannot|never|only) import\b|imports?\s+(nothing|only|no)\b`)

// The tables of this package are the one place for import rules: CONTRIBUTING.md
// links to it, and neither it nor a guide repeats one.
func TestRulesStandInOnePlace(t *testing.T) {
	t.Parallel()
	const link = "(internal/depcheck/depcheck_test.go)"
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, "../../README.md", "../../CONTRIBUTING.md") {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(content)
		if filepath.Base(name) == "CONTRIBUTING.md" && !strings.Contains(text, link) {
			t.Errorf("%s does not link to the table of import rules, %s", name, link)
		}
		for _, found := range repeats.FindAllString(text, -1) {
			t.Errorf("%s repeats an import rule (%q): link to the table in internal/depcheck", name, found)
		}
	}
}

// Users inherit what go.mod asks for, in their go.sum at least: the SDK asks for
// nothing, and tests that need more get a module of their own.
func TestRootModuleRequiresNothing(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(content), "require") {
		t.Errorf("go.mod requires something:\n%s", content)
	}
	if sums, err := os.ReadFile("../../go.sum"); err == nil && len(sums) > 0 {
		t.Errorf("go.sum is not empty:\n%s", sums)
	}
}
