package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// shells lists the shells that completion is made for.
func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

func newCompletionCmd(sys *platform.Session) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that completes commands in your shell",
		Long: `Print a script that makes bash, zsh, fish or PowerShell complete commands, flags
and the values of fields, with a line about each.`,
		Example: `  ttshop completion bash > ttshop.bash   # then: source ttshop.bash
  ttshop completion zsh > _ttshop        # in a folder of your fpath
  ttshop completion fish > ttshop.fish   # in ~/.config/fish/completions
  ttshop completion powershell > ttshop.ps1`,
		Args:      console.Takes(1, 1, "a shell: "+strings.Join(shells(), ", ")),
		ValidArgs: shells(),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(sys.Out, true)
			case "zsh":
				return root.GenZshCompletion(sys.Out)
			case "fish":
				return root.GenFishCompletion(sys.Out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(sys.Out)
			}
			return console.Usagef("there is no completion for the shell %q; use one of %s%s", args[0], strings.Join(shells(), ", "), console.DidYouMean(console.Closest(args[0], shells())))
		},
	}
}
