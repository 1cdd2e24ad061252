package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/internal/gen/describe"
	"github.com/ttshop-go/ttshop/internal/gen/eventgen"
	"github.com/ttshop-go/ttshop/internal/gen/importer"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// shinglesFile holds the hashes of the official text, in spec.
const shinglesFile = "official.shingles"

// runDescribe serves those who write descriptions.
func runDescribe(root string, args []string) error {
	flags := flag.NewFlagSet("describe", flag.ContinueOnError)
	missing := flags.String("missing", "", "print what a `domain` lacks")
	location := flags.String("package", "", "show the official text beside it: a .tgz `file` or the folder that it unpacks to")
	sample := flags.Int("sample", 0, "print `n` described fields drawn at random, to be read against the sources")
	seed := flags.Uint64("seed", 1, "of the draw: the same `number` draws the same fields")
	format := flags.Bool("format", false, "bring the files into their layout")
	stated := flags.String("stated", "", "print what the official text states and no fact carries: a `kind` such as unit, or all")
	in := flags.String("in", "", "with -sample or -stated: of these `domains` alone, joined by commas")
	shingles := flags.Bool("shingles", false, "write the hashes of the official text that -package names")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("describe takes no arguments: found %s", flags.Arg(0))
	}
	specDir := filepath.Join(root, "spec")
	var official *describe.Official
	if *location != "" {
		files, err := importer.Read(*location, specDir)
		if err != nil {
			return err
		}
		if official, err = describe.NewOfficial(files); err != nil {
			return err
		}
	}
	if *shingles {
		if official == nil {
			return fmt.Errorf("usage: describe -shingles -package FILE")
		}
		data, err := describe.NewShingles(official.All()).Bytes()
		if err != nil {
			return fmt.Errorf("hashing the official text: %w", err)
		}
		return os.WriteFile(filepath.Join(specDir, shinglesFile), data, 0o644)
	}
	dir := filepath.Join(specDir, "descriptions")
	if *format {
		return describe.Format(dir)
	}
	domains, err := spec.Load(filepath.Join(specDir, "operations"))
	if err != nil {
		return err
	}
	book, err := describe.Load(dir)
	if err != nil {
		return err
	}
	gaps, err := book.Apply(domains)
	if *missing != "" {
		if !slices.ContainsFunc(domains, func(d *spec.Domain) bool { return d.Name == *missing }) {
			return fmt.Errorf("there is no domain %q", *missing)
		}
		return errors.Join(err, describe.Worklist(os.Stdout, gaps[*missing], official))
	}
	chosen := domains
	if *in != "" {
		chosen = nil
		for name := range strings.SplitSeq(*in, ",") {
			i := slices.IndexFunc(domains, func(d *spec.Domain) bool { return d.Name == name })
			if i < 0 {
				return fmt.Errorf("there is no domain %q", name)
			}
			chosen = append(chosen, domains[i])
		}
	}
	if *stated != "" {
		if official == nil {
			return fmt.Errorf("usage: describe -stated KIND [-in DOMAIN] -package FILE")
		}
		tallies, failed := book.Statements(os.Stdout, chosen, official, *stated)
		for _, t := range tallies {
			fmt.Printf("%-12s %4d stated, %4d carried\n", t.Kind, t.Stated, t.Carried)
		}
		return errors.Join(err, failed)
	}
	if *sample > 0 {
		return errors.Join(err, describe.Sample(os.Stdout, chosen, *sample, *seed, official))
	}
	err = errors.Join(err, checkDescriptions(specDir, book))
	fmt.Printf("%-28s %8s %8s %8s\n", "described", "fields", "values", "notes")
	for _, d := range domains {
		n := describe.Count(d)
		fmt.Printf("%-28s %4d/%-4d %4d/%-4d %3d/%d\n", d.Name, n.Fields, n.AllFields, n.Values, n.AllValues, n.Notes, len(d.Operations))
	}
	return err
}

// describeDomains gives the domains their descriptions. Where strict, the texts
// must keep to the rules and every domain that has a file must be complete.
func describeDomains(specDir string, domains []*spec.Domain, strict bool) error {
	book, err := describe.Load(filepath.Join(specDir, "descriptions"))
	if err != nil {
		return err
	}
	gaps, err := book.Apply(domains)
	if err != nil || !strict {
		return err
	}
	problems := []error{checkDescriptions(specDir, book)}
	for _, d := range domains {
		if book.Has(d.Name) && len(gaps[d.Name]) > 0 {
			problems = append(problems, fmt.Errorf("descriptions/%s.json lacks %d fields or their values, the first is %s; see go run ./internal/gen describe -missing %s",
				d.Name, len(gaps[d.Name]), gaps[d.Name][0].Path, d.Name))
		}
	}
	return errors.Join(problems...)
}

func checkDescriptions(specDir string, book *describe.Book) error {
	official, err := describe.LoadShingles(filepath.Join(specDir, shinglesFile))
	if err != nil {
		return err
	}
	events, err := eventgen.Load(filepath.Join(specDir, "webhooks.json"))
	if err != nil {
		return err
	}
	topics := map[string]bool{}
	for _, topic := range events.Events {
		topics[topic.Name] = true
	}
	data, err := os.ReadFile(filepath.Join(specDir, "facts", "error-codes.json"))
	if err != nil {
		return fmt.Errorf("reading codes: %w", err)
	}
	var list []struct {
		Code int `json:"code"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return fmt.Errorf("decoding codes: %w", err)
	}
	codes := map[int]bool{}
	for _, c := range list {
		codes[c.Code] = true
	}
	if err := book.Check(official, topics, codes); err != nil {
		return fmt.Errorf("descriptions:\n%s", indent(err.Error()))
	}
	return nil
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }
