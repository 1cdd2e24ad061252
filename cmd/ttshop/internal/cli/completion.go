package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
)

// shells lists the shells that completion is made for.
func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

func newCompletionCmd(sys *System) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that completes commands in your shell",
		Long: `Print a script that makes bash, zsh, fish or PowerShell complete commands, flags
and the values that fields take, with a line about each.`,
		Example: `  ttshop completion bash > ttshop.bash   # then: source ttshop.bash
  ttshop completion zsh > _ttshop        # in a folder of your fpath
  ttshop completion fish > ttshop.fish   # in ~/.config/fish/completions
  ttshop completion powershell > ttshop.ps1`,
		Args:      takes(1, 1, "a shell: "+strings.Join(shells(), ", ")),
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
			return usagef("%q is no shell that completion is made for; want one of %s%s", args[0], strings.Join(shells(), ", "), didYouMean(closest(args[0], shells())))
		},
	}
}

// addCompletion completes the values of the flags of an operation.
func (o *operationOptions) addCompletion(cmd *cobra.Command, sys *System) {
	complete := func(name string, values func(typed string) []string, directive cobra.ShellCompDirective) {
		_ = cmd.RegisterFlagCompletionFunc(name, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return values(typed), directive
		}) // the flag exists
	}
	const alone = cobra.ShellCompDirectiveNoFileComp
	for _, f := range o.fields {
		switch {
		case f.field.Type == catalog.File:
			complete(f.name, func(string) []string { return nil }, cobra.ShellCompDirectiveDefault)
		case f.readsFiles():
			complete(f.name, func(string) []string { return nil }, alone)
		default:
			complete(f.name, f.complete, alone)
		}
	}
	complete("api-version", func(string) []string { return o.family.dates() }, alone)
	complete("columns", func(typed string) []string { return completeLast(typed, fieldPaths(itemFields(o.op), "[]")) }, alone|cobra.ShellCompDirectiveNoSpace)
	if o.op.BodyType == catalog.BodyJSON {
		complete("set", o.completeSet, alone|cobra.ShellCompDirectiveNoSpace)
		complete("body", func(string) []string { return nil }, alone)
	}
	complete("shop-cipher", func(string) []string { return shopCiphers(cmd.Context(), sys) }, alone)
	for _, name := range []string{"jq", "template", "category-asset-cipher", "app-key", "secret", "endpoint", "limit"} {
		if cmd.Flags().Lookup(name) != nil {
			complete(name, func(string) []string { return nil }, alone)
		}
	}
}

// shopCiphers returns the ciphers of the shops that are known here, each with a
// line about the shop. Nobody is asked for them.
func shopCiphers(ctx context.Context, sys *System) []string {
	g, err := currentGrant(ctx, sys)
	if err != nil {
		return nil // completion has nobody to tell
	}
	ciphers := make([]string, len(g.Shops))
	for i, shop := range g.Shops {
		ciphers[i] = shop.Cipher + "\t" + shop.Name + ", " + shop.Region
	}
	return ciphers
}

// complete returns the known values of the field.
func (f *fieldFlag) complete(typed string) []string {
	switch {
	case f.field.Type == catalog.Boolean:
		return []string{"true", "false"}
	case f.isList() && f.field.Items != nil:
		return completeLast(typed, f.field.Items.Enum)
	}
	return f.field.Enum
}

// completeLast completes the last of values parted by commas.
func completeLast(typed string, values []string) []string {
	head := typed[:strings.LastIndexByte(typed, ',')+1]
	whole := make([]string, len(values))
	for i, value := range values {
		whole[i] = head + value
	}
	return whole
}

// completeSet completes the path of --set, and then the value that the field
// there takes.
func (o *operationOptions) completeSet(typed string) []string {
	path, _, ok := strings.Cut(typed, "=")
	if !ok {
		paths := fieldPaths(o.op.Body, "[0]")
		for i := range paths {
			paths[i] += "="
		}
		return paths
	}
	steps, err := parsePath(path)
	if err != nil {
		return nil
	}
	f, err := fieldAt(o.op.Body, steps)
	if err != nil || f == nil {
		return nil
	}
	values := f.Enum
	if f.Type == catalog.Boolean {
		values = []string{"true", "false"}
	}
	whole := make([]string, len(values))
	for i, value := range values {
		whole[i] = path + "=" + value
	}
	return whole
}

// completeOperation completes an operation as the command line has it: domain,
// then operation.
func completeOperation(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var words []string
	switch len(args) {
	case 0:
		for _, domain := range domains() {
			words = append(words, dashed(domain.label)+"\t"+domain.value)
		}
	case 1:
		for _, f := range families(new(catalog.Catalog), strings.ReplaceAll(args[0], "-", "_")) {
			words = append(words, fmt.Sprintf("%s\t%s", kebab(f.name), f.short()))
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}
