package console

import (
	"strings"

	"github.com/spf13/cobra"
)

// Group makes cmd a mere parent: alone it shows its help, and an unknown
// subcommand is an error with suggestions.
func Group(cmd *cobra.Command) *cobra.Command {
	cmd.FParseErrWhitelist.UnknownFlags = true // the unknown subcommand is the better complaint
	cmd.SuggestionsMinimumDistance = 2
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		hint := ""
		if names := cmd.SuggestionsFor(args[0]); len(names) > 0 {
			hint = "\n\nDid you mean this?\n\t" + strings.Join(names, "\n\t") + "\n"
		}
		return Usagef("unknown command %q for %q%s", args[0], cmd.CommandPath(), hint)
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	return cmd
}

// Takes checks the number of arguments; what names them, such as "one URL".
// The arguments themselves may be secrets and are not repeated.
func Takes(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return Usagef("%s takes %s, got %s", cmd.CommandPath(), what, Count(len(args), "argument"))
		}
		return nil
	}
}
