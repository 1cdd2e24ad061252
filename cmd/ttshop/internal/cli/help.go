package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/operation"
)

// usage writes how a command is called, in lines of at most columns columns where
// we can break them.
func usage(cmd *cobra.Command, columns int) error {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s COMMAND\n", cmd.CommandPath())
	} else {
		b.WriteString("  " + strings.Join(console.Wrap(strings.Fields(cmd.UseLine()), " ", columns-4), "\n    ") + "\n")
	}
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	writeCommands(&b, cmd, "Commands:", "", columns)
	for _, group := range cmd.Groups() {
		writeCommands(&b, cmd, group.Title, group.ID, columns)
	}
	writeFlags(&b, cmd.LocalFlags(), cmd.InheritedFlags(), columns)
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\nSee %s COMMAND --help for more.\n", cmd.CommandPath())
	}
	_, err := io.WriteString(cmd.OutOrStdout(), b.String())
	return err
}

// writeCommands writes the commands of a group below cmd.
func writeCommands(b *strings.Builder, cmd *cobra.Command, title, group string, columns int) {
	var rows []console.Row
	for _, sub := range cmd.Commands() {
		if sub.GroupID == group && (sub.IsAvailableCommand() || sub.Name() == "help") {
			rows = append(rows, console.Row{Label: sub.Name(), Value: sub.Short})
		}
	}
	if len(rows) > 0 {
		fmt.Fprintf(b, "\n%s\n", title)
		operation.WriteList(b, rows, columns)
	}
}

// writeFlags writes flags, those with a section under its title. How to connect is
// the same for all operations and described by ttshop call --help.
func writeFlags(b *strings.Builder, flags, inherited *pflag.FlagSet, columns int) {
	bySection := make(map[string]*pflag.FlagSet)
	flags.VisitAll(func(f *pflag.Flag) {
		section := "Flags"
		if names := f.Annotations[operation.SectionFlag]; len(names) > 0 {
			section = names[0]
		}
		if f.Hidden {
			return
		}
		if bySection[section] == nil {
			bySection[section] = pflag.NewFlagSet("", pflag.ContinueOnError)
			bySection[section].SortFlags = false
		}
		bySection[section].AddFlag(f)
	})
	for _, section := range append(operation.Sections(), "Flags") {
		switch set := bySection[section]; {
		case set == nil:
		case section == operation.SectionWhom:
			var names []string
			add := func(f *pflag.Flag) { names = append(names, "--"+f.Name) }
			set.VisitAll(add)
			inherited.VisitAll(add)
			fmt.Fprintf(b, "\n%s (see ttshop call --help):\n", section)
			for _, line := range console.Wrap(strings.Fields(strings.Join(names, ", ")), " ", columns-2) {
				fmt.Fprintf(b, "  %s\n", line)
			}
		default:
			fmt.Fprintf(b, "\n%s:\n", section)
			var rows []console.Row
			set.VisitAll(func(f *pflag.Flag) { rows = append(rows, flagRow(f)) })
			operation.WriteList(b, rows, columns)
		}
	}
}

// flagRow returns how a flag is written, and what it does.
func flagRow(f *pflag.Flag) console.Row {
	value, text := pflag.UnquoteUsage(f)
	name := "    --" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", --" + f.Name
	}
	if value != "" {
		name += " " + value
	}
	switch f.DefValue {
	case "", "0", "false", "[]":
	default:
		text += " (default " + f.DefValue + ")"
	}
	return console.Row{Label: name, Value: text}
}

// newHelpCmd returns a help command that, unlike cobra's, fails for topics that do
// not exist.
func newHelpCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about any command",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || about == nil || len(rest) > 0 {
				return console.Usagef("there is no command %q", strings.Join(args, " "))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}
