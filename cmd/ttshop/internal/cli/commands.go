package cli

import (
	"slices"

	"github.com/spf13/cobra"
)

// ownCommand is a command that does not come from the catalogue.
type ownCommand struct {
	name string
	make func(*System) *cobra.Command
}

// ownCommands lists them by name.
func ownCommands() []ownCommand {
	return []ownCommand{
		{"bench", newBenchCmd},
		{"call", newCallCmd},
		{"completion", newCompletionCmd},
		{"doctor", newDoctorCmd},
		{"errors", newErrorsCmd},
		{"events", newEventsCmd},
		{"explain", newExplainCmd},
		{"listen", newListenCmd},
		{"login", newLoginCmd},
		{"logout", newLogoutCmd},
		{"man", newManCmd},
		{"open", newOpenCmd},
		{"ops", newOpsCmd},
		{"profiles", newProfilesCmd},
		{"quickstart", newQuickstartCmd},
		{"reference", newReferenceCmd},
		{"sandbox", newSandboxCmd},
		{"shops", newShopsCmd},
		{"sign", newSignCmd},
		{"status", newStatusCmd},
		{"token", newTokenCmd},
		{"tokens", newTokensCmd},
		{"trigger", newTriggerCmd},
		{"use", newUseCmd},
		{"verify", newVerifyCmd},
		{"version", newVersionCmd},
		{"webhooks", newWebhooksCmd},
	}
}

// addCommands adds to root the command that the arguments begin with or, where
// they begin with none, all of them: the flags of all take longer to make than
// many a command needs for its work.
func addCommands(root *cobra.Command, sys *System, args []string) {
	own, operations := ownCommands(), domains()
	if len(args) > 0 && args[0] != "man" { // the manual is about all
		first := dashed(args[0])
		isOwn := func(c ownCommand) bool { return c.name == args[0] }
		isDomain := func(d row) bool { return dashed(d.label) == first }
		switch {
		case slices.ContainsFunc(own, isOwn):
			own, operations = keep(own, isOwn), nil
		case slices.ContainsFunc(operations, isDomain):
			own, operations = nil, keep(operations, isDomain)
		}
	}
	for _, c := range own {
		root.AddCommand(c.make(sys))
	}
	addDomains(root, operations)
}

func keep[T any](list []T, wanted func(T) bool) []T {
	return slices.DeleteFunc(list, func(item T) bool { return !wanted(item) })
}
