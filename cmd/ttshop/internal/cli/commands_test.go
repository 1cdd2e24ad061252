package cli

import (
	"bytes"
	"testing"

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
