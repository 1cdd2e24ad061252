package operation

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// openOptions are the options of ttshop open.
type openOptions struct {
	Words []string
	Print bool
}

// NewOpenCmd returns the command ttshop open.
func NewOpenCmd(sys *platform.Session) *cobra.Command {
	var o openOptions
	cmd := &cobra.Command{
		Use:   "open OPERATION",
		Short: "Open the official page of an operation",
		Long: `Open the official page of an operation in the browser, or print its address if
there is no browser. The operation is given as a command, a name, or a
method and a path.`,
		Example: `  ttshop open order get-order-list --print
  ttshop open order.GetOrderList --print
  ttshop open GET /authorization/202309/shops --print`,
		Args:              console.Takes(1, 3, "an operation"),
		ValidArgsFunction: field.CompleteOperation,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Words = args
			return o.run(cmd.Context(), sys)
		},
	}
	cmd.Flags().BoolVarP(&o.Print, "print", "p", false, "print the address instead")
	return cmd
}

func (o *openOptions) run(ctx context.Context, sys *platform.Session) error {
	known := new(catalog.Catalog)
	entry, err := field.Lookup(known, o.Words)
	if err != nil {
		return err
	}
	op, err := known.Describe(entry)
	if err != nil {
		return err
	}
	if op.Page == "" {
		return fmt.Errorf("the catalogue has no page for %s", op.FullName())
	}
	if !o.Print && (sys.Getenv("CI") == "" || sys.Getenv("CI") == "false") && console.OpenBrowser(ctx, sys.System, op.Page) == nil {
		return nil
	}
	_, err = fmt.Fprintln(sys.Out, op.Page)
	return err
}
