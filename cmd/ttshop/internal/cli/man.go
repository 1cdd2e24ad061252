package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/operation"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

func newManCmd(sys *platform.Session) *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR",
		Short:   "Write the manual pages",
		Long:    "Write a manual page for every command into a folder.",
		Example: "  ttshop man man1   # then: man -l man1/ttshop.1",
		Args:    console.Takes(1, 1, "one folder"),
		Hidden:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			return writeManual(cmd.Root(), sys, args[0])
		},
	}
}

// writeManual writes a manual page for every command into a folder.
func writeManual(root *cobra.Command, sys *platform.Session, folder string) error {
	if err := growAll(root, sys); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("write the manual: %w", err)
	}
	for _, cmd := range subtree(root) {
		name := filepath.Join(folder, manName(cmd)+".1")
		if err := os.WriteFile(name, []byte(manPage(cmd)), 0o644); err != nil {
			return fmt.Errorf("write the manual: %w", err)
		}
	}
	return nil
}

// growAll builds the commands of all operations.
func growAll(root *cobra.Command, sys *platform.Session) error {
	var names []string
	known := new(catalog.Catalog)
	for _, domain := range known.Domains() {
		names = append(names, field.DomainCommand(domain))
		for _, f := range field.Families(known, domain) {
			names = append(names, field.Kebab(f.Name))
		}
	}
	return operation.Grow(root, sys, names)
}

// subtree returns cmd and all commands below it that are shown.
func subtree(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			all = append(all, subtree(sub)...)
		}
	}
	return all
}

func manName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manPage returns the manual page of a command.
func manPage(cmd *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %q 1 \"\" \"ttshop %s\" \"ttshop\"\n", strings.ToUpper(manName(cmd)), ttshop.Version)
	b.WriteString(".ad l\n.nh\n")
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(manName(cmd)), roff(cmd.Short))
	line := cmd.UseLine()
	if cmd.HasAvailableSubCommands() {
		line = cmd.CommandPath() + " COMMAND"
	}
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(line))
	if cmd.Long != "" {
		b.WriteString(".SH DESCRIPTION\n" + roffText(cmd.Long))
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString(".SH COMMANDS\n")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&b, ".TP\n.BR %s (1)\n%s\n", roff(manName(sub)), roff(sub.Short))
			}
		}
	}
	if cmd.HasAvailableLocalFlags() {
		b.WriteString(".SH OPTIONS\n")
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Hidden {
				return
			}
			value, text := pflag.UnquoteUsage(f)
			name := "--" + f.Name
			if f.Shorthand != "" {
				name = "-" + f.Shorthand + ", " + name
			}
			fmt.Fprintf(&b, ".TP\n\\fB%s\\fP", roff(name))
			if value != "" {
				fmt.Fprintf(&b, " \\fI%s\\fP", roff(value))
			}
			fmt.Fprintf(&b, "\n%s\n", cmp.Or(roffLine(text), `\&`))
		})
	}
	if cmd.HasExample() {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roffVerbatim(cmd.Example))
	}
	if cmd.HasParent() {
		fmt.Fprintf(&b, ".SH SEE ALSO\n.BR %s (1)\n", roff(manName(cmd.Parent())))
	}
	return b.String()
}

// roffText returns a text in paragraphs; what is indented stays as it is.
func roffText(text string) string {
	var b strings.Builder
	for i, paragraph := range strings.Split(strings.TrimRight(text, "\n"), "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		if strings.Contains(paragraph, "\n  ") || strings.Contains(paragraph, "   ") || strings.Contains(paragraph, "\nversion ") {
			b.WriteString(".nf\n" + roffVerbatim(paragraph) + "\n.fi\n")
			continue
		}
		for line := range strings.Lines(paragraph) {
			b.WriteString(roffLine(strings.TrimRight(line, "\n")) + "\n")
		}
	}
	return b.String()
}

// roff escapes a text.
func roff(text string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
}

// roffLine escapes a line, whose first character must not start a request.
func roffLine(line string) string {
	line = roff(line)
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
		return `\&` + line
	}
	return line
}

func roffVerbatim(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = roffLine(lines[i])
	}
	return strings.Join(lines, "\n")
}
