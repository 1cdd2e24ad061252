package cli

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/account"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/assistant"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/gate"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/hooks"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/local"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/operation"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/replica"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/signing"
)

// ownCommand is a command that does not come from the catalogue.
type ownCommand struct {
	name string
	make func(*platform.Session) *cobra.Command
}

// ownCommands lists them by name.
func ownCommands() []ownCommand {
	return []ownCommand{
		{"bench", local.NewBenchCmd},
		{"call", operation.NewCallCmd},
		{"completion", newCompletionCmd},
		{"doctor", newDoctorCmd},
		{"console", gate.NewConsoleCmd},
		{"errors", operation.NewErrorsCmd},
		{"events", hooks.NewEventsCmd},
		{"explain", signing.NewExplainCmd},
		{"gateway", gate.NewGatewayCmd},
		{"listen", hooks.NewListenCmd},
		{"login", account.NewLoginCmd},
		{"logout", account.NewLogoutCmd},
		{"man", newManCmd},
		{"mcp", assistant.NewCmd},
		{"open", operation.NewOpenCmd},
		{"ops", operation.NewOpsCmd},
		{"profiles", account.NewProfilesCmd},
		{"quickstart", local.NewQuickstartCmd},
		{"record", newRecordCmd},
		{"reference", newReferenceCmd},
		{"sandbox", local.NewSandboxCmd},
		{"shops", account.NewShopsCmd},
		{"sign", signing.NewSignCmd},
		{"status", account.NewStatusCmd},
		{"sync", replica.NewSyncCmd},
		{"token", account.NewTokenCmd},
		{"tokens", account.NewTokensCmd},
		{"trigger", hooks.NewTriggerCmd},
		{"use", account.NewUseCmd},
		{"verify", signing.NewVerifyCmd},
		{"version", newVersionCmd},
		{"webhooks", hooks.NewWebhooksCmd},
	}
}

// addCommands adds to root the command that the arguments begin with or, if they
// begin with none, all of them: making the flags of all takes longer than the work
// of many commands.
func addCommands(root *cobra.Command, sys *platform.Session, args []string) {
	own, operations := ownCommands(), field.Domains()
	if len(args) > 0 && args[0] != "man" { // the manual covers all of them
		first := field.Dashed(args[0])
		isOwn := func(c ownCommand) bool { return c.name == args[0] }
		isDomain := func(d console.Row) bool {
			return field.DomainCommand(d.Label) == first || slices.Contains(field.DomainAliases(d.Label), args[0])
		}
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

// addDomains adds commands for domains. operation.Grow adds what is below them.
func addDomains(root *cobra.Command, domains []console.Row) {
	root.AddGroup(&cobra.Group{ID: field.OperationsGroup, Title: "Operations, by domain:"})
	for _, domain := range domains {
		name := field.DomainCommand(domain.Label)
		cmd := console.Group(&cobra.Command{Use: name, Short: domain.Value, Example: "  ttshop ops list " + name, GroupID: field.OperationsGroup})
		cmd.Aliases = field.DomainAliases(domain.Label)
		root.AddCommand(cmd)
	}
}
