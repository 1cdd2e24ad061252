package cli

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/operation"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/record"
)

// newRecordCmd returns the command ttshop record, which runs any other command.
func newRecordCmd(sys *platform.Session) *cobra.Command {
	return record.NewRecordCmd(sys, func(ctx context.Context, args []string) error {
		root := newRootCmd(sys, args)
		var global globalFlags
		global.add(root.PersistentFlags())
		root.PersistentPreRunE = func(*cobra.Command, []string) error { return global.apply(sys) }
		root.SetArgs(args)
		if err := operation.Grow(root, sys, args); err != nil {
			return err
		}
		return root.ExecuteContext(ctx)
	})
}
