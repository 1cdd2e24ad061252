package operation

import (
	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// Grow builds the commands below the domains that the arguments name, and the
// flags of the operations that they name. Runs, help and completion all use it.
func Grow(root *cobra.Command, sys *platform.Session, args []string) error {
	known := new(catalog.Catalog)
	for _, domain := range root.Commands() {
		if domain.GroupID != field.OperationsGroup || !named(domain, args) {
			continue
		}
		domain.Long = domain.Short + "."
		families := field.Families(known, field.CommandDomain(domain.Name()))
		for _, f := range families {
			cmd := &cobra.Command{Use: field.Kebab(f.Name), Aliases: f.Aliases(families), Short: f.Short()}
			if named(cmd, args) {
				if err := fillOperation(cmd, sys, known, f, args); err != nil {
					return err
				}
			} else {
				cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() } // only listed
			}
			domain.AddCommand(cmd)
		}
	}
	return nil
}

// named reports whether the arguments contain the name of cmd.
func named(cmd *cobra.Command, args []string) bool {
	for _, arg := range args {
		if arg == cmd.Name() || cmd.HasAlias(arg) {
			return true
		}
	}
	return false
}
