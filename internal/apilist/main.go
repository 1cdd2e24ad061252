// Apilist writes api.txt: one line for every exported declaration of the public
// packages of this module, so that a change of the API shows as a diff.
//
//	go run ./internal/apilist          writes api.txt
//	go run ./internal/apilist -check   fails when api.txt is not up to date
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "apilist:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("apilist", flag.ContinueOnError)
	check := flags.Bool("check", false, "write nothing; fail when api.txt is not up to date")
	root := flags.String("root", ".", "`folder` of the module")
	if err := flags.Parse(args); err != nil {
		return err
	}
	lines, err := list(*root)
	if err != nil {
		return err
	}
	text := []byte(strings.Join(lines, "\n") + "\n")
	path := filepath.Join(*root, "api.txt")
	old, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("reading api.txt: %w", err)
	}
	if bytes.Equal(old, text) {
		return nil
	}
	if *check {
		return fmt.Errorf("api.txt is not up to date, run go run ./internal/apilist and read the diff; first difference: %s", firstDifference(string(old), string(text)))
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return fmt.Errorf("writing api.txt: %w", err)
	}
	return nil
}

// firstDifference returns the first line that one text has and the other lacks.
func firstDifference(old, text string) string {
	had := map[string]bool{}
	for line := range strings.Lines(old) {
		had[line] = true
	}
	for line := range strings.Lines(text) {
		if !had[line] {
			return "+ " + strings.TrimSpace(line)
		}
		delete(had, line)
	}
	for line := range strings.Lines(old) {
		if had[line] {
			return "- " + strings.TrimSpace(line)
		}
	}
	return "the order of the lines"
}
