package replica

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
)

// newResetCmd returns the command ttshop sync reset.
func newResetCmd(sys *platform.Session) *cobra.Command {
	var p place
	cmd := &cobra.Command{
		Use:   "reset TABLE",
		Short: "Empty a table, to be copied again",
		Long: `Remove all rows of a table and of those that belong to it, and what is known of
how far it had come: the next ttshop sync copies it from the beginning. Versions
that --history kept stay.`,
		Example: "  ttshop sync reset returns --to sqlite:people.db",
		Args:    console.Takes(1, 1, "one table"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return change(cmd.Context(), &p, func(ctx context.Context, d sync.Inspector, schema *sync.Schema) error {
				if err := known(args); err != nil {
					return err
				}
				t := schema.Table(args[0])
				if t.Parent != nil {
					return console.Usagef("%s belongs to %s: reset that", t.Name, t.Parent.Name)
				}
				if err := d.Reset(ctx, t); err != nil {
					return fmt.Errorf("reset %s: %w", t.Name, err)
				}
				_, err := fmt.Fprintf(sys.Out, "%s is empty; ttshop sync copies it again.\n", t.Name)
				return err
			})
		},
	}
	cmd.Flags().SortFlags = false
	p.add(cmd.Flags())
	return cmd
}

// newForgetCmd returns the command ttshop sync forget.
func newForgetCmd(sys *platform.Session) *cobra.Command {
	var p place
	var order string
	cmd := &cobra.Command{
		Use:   "forget",
		Short: "Erase a buyer's data of an order",
		Long: `Erase names, addresses, phone numbers, mail and messages of a buyer in an order,
in all tables, in the JSON that is kept, and in the versions that --history
kept. The order itself and its amounts stay. Where the platform still has the
data, a later change of the order brings it back, unless people's data is
hashed.`,
		Example: "  ttshop sync forget --order 576401886028412589 --to sqlite:shop.db",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if order == "" {
				return console.Usagef("--order is missing: it says whose data is erased")
			}
			return change(cmd.Context(), &p, func(ctx context.Context, d sync.Inspector, schema *sync.Schema) error {
				n, err := d.Forget(ctx, schema, order, sync.Erase())
				if err != nil {
					return fmt.Errorf("forget order %s: %w", order, err)
				}
				if n == 0 {
					return fmt.Errorf("the copy has no order %s; check the number", order)
				}
				_, err = fmt.Fprintf(sys.Out, "The buyer's data of order %s is erased in %s.\n", order, console.Count(n, "row"))
				return err
			})
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&order, "order", "", "the `ID` of the order")
	p.add(cmd.Flags())
	return cmd
}

// change opens a place to change what is there.
func change(ctx context.Context, p *place, f func(context.Context, sync.Inspector, *sync.Schema) error) (err error) {
	err = p.inspect(ctx, func(sync.Inspector, *sync.Schema) error { return nil }) // there is a copy, and it is ours
	if err != nil {
		return err
	}
	_, schema, err := sync.Streams()
	if err != nil {
		return err
	}
	d, err := p.open(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return f(ctx, d, schema)
}
