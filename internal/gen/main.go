package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/internal/gen/apigen"
	"github.com/ttshop-go/ttshop/internal/gen/cataloggen"
	"github.com/ttshop-go/ttshop/internal/gen/codegen"
	"github.com/ttshop-go/ttshop/internal/gen/eventgen"
	"github.com/ttshop-go/ttshop/internal/gen/importer"
	"github.com/ttshop-go/ttshop/internal/gen/lock"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	if len(args) > 0 && args[0] == "import" {
		return runImport(root, args[1:])
	}
	if len(args) > 0 && args[0] == "enums" {
		return runEnums(root, args[1:])
	}
	if len(args) > 0 && args[0] == "describe" {
		return runDescribe(root, args[1:])
	}
	flags := flag.NewFlagSet("gen", flag.ContinueOnError)
	check := flags.Bool("check", false, "write nothing; fail when a generated file is not up to date")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unknown command %s", flags.Arg(0))
	}
	return runGenerate(root, *check)
}

// runGenerate makes every generated file from the spec, in memory, and writes
// them or compares them with the tree.
func runGenerate(root string, check bool) error {
	specDir := filepath.Join(root, "spec")
	out, err := generate(specDir, check)
	if err != nil {
		return err
	}
	var stale []string
	for _, dir := range []string{"api", "catalog/data", "webhook/event"} {
		path := filepath.Join(root, filepath.FromSlash(dir))
		if !check {
			if err := writeFolder(path, out.folders[dir]); err != nil {
				return err
			}
			continue
		}
		names, err := compareFolder(path, out.folders[dir])
		if err != nil {
			return err
		}
		for _, name := range names {
			stale = append(stale, dir+"/"+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(out.files)) {
		path := filepath.Join(root, filepath.FromSlash(name))
		old, err := os.ReadFile(path)
		if err == nil && bytes.Equal(old, out.files[name]) {
			continue
		}
		if check {
			stale = append(stale, name)
		} else if err := os.WriteFile(path, out.files[name], 0o644); err != nil {
			return fmt.Errorf("writing: %w", err)
		}
	}
	if check {
		if len(stale) > 0 {
			return fmt.Errorf("not up to date, run go generate ./...: %s", strings.Join(stale, " "))
		}
		return nil
	}
	for _, line := range out.added {
		fmt.Println("new:", line)
	}
	for _, line := range out.gone {
		fmt.Println("gone:", line)
	}
	return nil
}

// output is what the generator makes.
type output struct {
	folders map[string]map[string][]byte // by folder, then name
	files   map[string][]byte            // single files among hand-written ones
	added   []string                     // lines that are new in the lock
	gone    []string                     // lines of the lock that no longer name anything
}

// generate makes the output from the spec folder. It is strict where a release
// is: every operation needs its summary.
func generate(specDir string, strict bool) (*output, error) {
	domains, err := spec.Load(filepath.Join(specDir, "operations"))
	if err != nil {
		return nil, err
	}
	if err := describeDomains(specDir, domains, strict); err != nil {
		return nil, err
	}
	names, err := lock.Load(filepath.Join(specDir, "names.lock"))
	if err != nil {
		return nil, err
	}
	var over apigen.Overrides
	if err := spec.ReadJSON(filepath.Join(specDir, "overrides", "names.json"), &over); err != nil {
		return nil, err
	}
	if err := spec.ReadJSON(filepath.Join(specDir, "overrides", "methods.json"), &over.Methods); err != nil {
		return nil, err
	}
	if err := spec.ReadJSON(filepath.Join(specDir, "overrides", "fill.json"), &over.Fills); err != nil {
		return nil, err
	}
	if err := spec.ReadJSON(filepath.Join(specDir, "overrides", "summaries.json"), &over.Summaries); err != nil {
		return nil, err
	}
	if err := spec.ReadJSON(filepath.Join(specDir, "overrides", "examples.json"), &over.Examples); err != nil {
		return nil, err
	}
	if strict {
		for _, d := range domains {
			if _, ok := over.Examples[d.Name]; !ok {
				return nil, fmt.Errorf("no example for domain %s", d.Name)
			}
		}
		if err := checkFills(domains, over.Fills); err != nil {
			return nil, err
		}
		if err := checkSummaries(domains, over.Summaries); err != nil {
			return nil, err
		}
	}
	api, err := apigen.New(domains, names, over)
	if err != nil {
		return nil, fmt.Errorf("naming: %w", err)
	}
	codes, err := codegen.Load(filepath.Join(specDir, "facts", "error-codes.json"))
	if err != nil {
		return nil, err
	}
	var codeNames map[string]string
	if err := spec.ReadJSON(filepath.Join(specDir, "overrides", "codes.json"), &codeNames); err != nil {
		return nil, err
	}
	if err := api.NameCodes(codes, codeNames); err != nil {
		return nil, err
	}
	out := &output{folders: map[string]map[string][]byte{}, files: map[string][]byte{"spec/names.lock": names.Bytes()}, added: names.Added(), gone: names.Unclaimed()}
	if out.folders["api"], err = apigen.Files(api); err != nil {
		return nil, fmt.Errorf("printing: %w", err)
	}
	if out.folders["catalog/data"], err = cataloggen.Files(api); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	packed, err := codegen.JSON(codes)
	if err != nil {
		return nil, err
	}
	if out.folders["catalog/data"]["errors.json.gz"], err = cataloggen.Compress(packed); err != nil {
		return nil, fmt.Errorf("compressing error codes: %w", err)
	}
	if out.files["codes.go"], err = codegen.Source(codes); err != nil {
		return nil, err
	}
	events, err := eventgen.Load(filepath.Join(specDir, "webhooks.json"))
	if err != nil {
		return nil, err
	}
	if out.folders["webhook/event"], err = eventgen.Files(events); err != nil {
		return nil, fmt.Errorf("webhook events: %w", err)
	}
	return out, nil
}

// checkFills refuses what stands for no parameter.
func checkFills(domains []*spec.Domain, fills map[string]apigen.Fill) error {
	known := map[string]bool{}
	for _, d := range domains {
		for _, op := range d.Operations {
			for _, f := range op.Params {
				known[apigen.FillKey(op, f)] = true
			}
		}
	}
	for key := range fills {
		if !known[key] {
			return fmt.Errorf("a value for the unknown parameter %s", key)
		}
	}
	return nil
}

func checkSummaries(domains []*spec.Domain, summaries map[string]string) error {
	known := map[string]bool{}
	for _, d := range domains {
		for _, op := range d.Operations {
			known[op.Key()] = true
			if summaries[op.Key()] == "" {
				return fmt.Errorf("no summary for %s", op.Key())
			}
		}
	}
	for key := range summaries {
		if !known[key] {
			return fmt.Errorf("summary for the unknown operation %s", key)
		}
	}
	return nil
}

func runImport(root string, args []string) error {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	location := flags.String("package", "", "the official package: a .tgz `file` or the folder that it unpacks to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *location == "" || flags.NArg() > 0 {
		return fmt.Errorf("usage: import -package FILE")
	}
	specDir := filepath.Join(root, "spec")
	domains, err := importer.Import(*location, specDir)
	if err != nil {
		return fmt.Errorf("importing: %w", err)
	}
	dir := filepath.Join(specDir, "operations")
	before, err := spec.Load(dir)
	if err != nil {
		return err
	}
	if err := spec.Report(os.Stdout, spec.Diff(before, domains)); err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, d := range domains {
		if files[d.Name+".json"], err = spec.Encode(d); err != nil {
			return err
		}
	}
	return writeFolder(dir, files)
}

// runEnums compares every list of values with the official text again.
func runEnums(root string, args []string) error {
	flags := flag.NewFlagSet("enums", flag.ContinueOnError)
	location := flags.String("official", "", "the official package: a .tgz `file` or the folder that it unpacks to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *location == "" || flags.NArg() > 0 {
		return fmt.Errorf("usage: enums -official FILE")
	}
	doubts, err := importer.Doubts(*location, filepath.Join(root, "spec"))
	if err != nil {
		return fmt.Errorf("comparing lists of values: %w", err)
	}
	return importer.ReportDoubts(os.Stdout, doubts)
}

// moduleRoot returns the folder of the go.mod above the working directory.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the module: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("finding the module: no go.mod above the working directory")
		}
		dir = parent
	}
}
