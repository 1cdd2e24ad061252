package cli

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// shells lists the shells that completion is made for.
func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

func newCompletionCmd(sys *platform.Session) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that completes commands in your shell",
		Long: `Print a script that makes bash, zsh, fish or PowerShell complete commands, flags
and the values of fields, with a line about each. In bash it needs the package
bash-completion, in zsh the function compinit, which most set-ups call.`,
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

// completeProfiles completes the name of a profile.
func completeProfiles(sys *platform.Session) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var words []string
		if h, err := sys.Home(); err == nil { // completion has no way to report it
			for _, name := range h.Names() {
				words = console.Suggest(words, name, "")
			}
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}

// finishCompletion adds to what is completed for a flag of an operation the flags
// as they may be written without the name of the domain, --status for
// --order-status, and takes quotes out of the lines about words, which shells would
// take for their own. It returns what writes the completions; in other runs it does
// nothing.
func finishCompletion(root *cobra.Command, sys *platform.Session, args []string) func() error {
	if len(args) < 2 || args[0] != cobra.ShellCompRequestCmd && args[0] != cobra.ShellCompNoDescRequestCmd {
		return func() error { return nil }
	}
	var all bytes.Buffer
	root.SetOut(&all)
	return func() error {
		var b strings.Builder
		for line := range strings.Lines(shortFlags(root, args) + all.String()) {
			word, about, told := strings.Cut(line, "\t")
			if told {
				about = strings.NewReplacer("'", "’", `"`, "”", "`", "’").Replace(about)
				word += "\t"
			}
			b.WriteString(word + about)
		}
		_, err := fmt.Fprint(sys.Out, b.String())
		return err
	}
}

// shortFlags returns the completions of flags without the name of the domain.
func shortFlags(root *cobra.Command, args []string) string {
	typed := args[len(args)-1]
	cmd, _, err := root.Find(args[1 : len(args)-1])
	if err != nil || !strings.HasPrefix(typed, "--") || strings.Contains(typed, "=") || !cmd.HasParent() || cmd.Parent().GroupID != field.OperationsGroup {
		return ""
	}
	var short strings.Builder
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		name, ok := strings.CutPrefix(f.Name, cmd.Parent().Name()+"-")
		if !ok || f.Hidden || cmd.Flags().Lookup(name) != f || !strings.HasPrefix("--"+name, typed) {
			return
		}
		short.WriteString("--" + name)
		if args[0] == cobra.ShellCompRequestCmd {
			short.WriteString("\t" + f.Usage)
		}
		short.WriteByte('\n')
	})
	return short.String()
}
