package cli

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// A command that is made alone shows the help that it has among all.
func TestCommandAlone(t *testing.T) {
	t.Parallel()
	help := func(sys *console.System, name string, args []string) string {
		var out bytes.Buffer
		sys.Out, sys.Err = &out, &out
		root := newRootCmd(platform.NewSession(sys), args)
		if n := len(root.Commands()); (n == 1) != (args != nil && name != "man") {
			t.Errorf("%s: %d commands were made for %q", name, n, args)
		}
		new(globalFlags).add(root.PersistentFlags())
		cmd, _, err := root.Find([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Help(); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	names := []string{"affiliate_creator"}
	for _, c := range ownCommands() {
		names = append(names, c.name)
	}
	for _, domain := range field.Domains() {
		names = append(names, field.Dashed(domain.Label))
	}
	for _, name := range names {
		sys := func() *console.System { return &console.System{Getenv: func(string) string { return "" }} }
		alone, among := help(sys(), name, []string{name, "--help"}), help(sys(), name, nil)
		if alone != among || alone == "" {
			t.Errorf("%s alone:\n%s\namong all:\n%s", name, alone, among)
		}
	}
}

// The path of a command foretells its file: that of ttshop events replay is
// events_replay.go, or events.go where the commands of a group are few.
func TestFilesOfCommands(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for _, file := range files {
		known[filepath.Base(file)] = true
	}
	sys := &console.System{Getenv: func(string) string { return "" }}
	var check func(cmd *cobra.Command, path []string)
	check = func(cmd *cobra.Command, path []string) {
		own := strings.Join(path, "_") + ".go"
		group := strings.Join(path[:len(path)-1], "_") + ".go"
		if !known[own] && !known[group] {
			t.Errorf("%s is not in a file %s or %s", cmd.CommandPath(), own, group)
		}
		for _, sub := range cmd.Commands() {
			check(sub, append(slices.Clone(path), strings.ReplaceAll(sub.Name(), "-", "_")))
		}
	}
	for _, c := range ownCommands() {
		cmd := c.make(platform.NewSession(sys))
		check(cmd, []string{cmd.Name()})
	}
}
