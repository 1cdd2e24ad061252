package record

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/recording"
)

// options are the options of ttshop record.
type options struct {
	platform.Connection
	recording.Options
	Dir     string
	Command []string
	Domains []string
}

// NewRecordCmd returns the command ttshop record. run carries out another command
// in the same session.
func NewRecordCmd(sys *platform.Session, run func(context.Context, []string) error) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "record DIR [-- COMMAND...]",
		Short: "Write answers of the platform to files, without people's data",
		Long: `Write answers of the platform to files in DIR, without people's data and
secrets, in the form of the recorded answers that ttshop is tested against. The
files can be given away: CONTRIBUTING.md of the project says how.

Without a COMMAND a round through the shop is made: operations that only read
are called, in their newest version, each with the ids that earlier answers
named. Nothing is changed. With a COMMAND, such as call or order, its answers
are recorded.

What stays as it was are names of fields, types, listed values, times, amounts
of money and measures. Ids are replaced, the same id by the same other one in
all files of a run. Texts, links and tokens are replaced by a letter, and so is
every value of a field that the catalogue does not know. Lists are cut. Look at
the files before you give them away.`,
		Example: `  ttshop record answers --domain order --domain logistics
  ttshop record answers --source 'VN, development shop' -- \
    call POST '/order/202309/orders/search?page_size=5'
  ttshop record answers -- product search-products --limit 3`,
		Args: func(cmd *cobra.Command, args []string) error {
			dash := cmd.ArgsLenAtDash()
			if dash < 0 {
				dash = len(args)
			}
			if dash != 1 {
				return console.Usagef("record takes a folder, and a command after --")
			}
			o.Dir, o.Command = args[0], args[1:]
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			return o.run(cmd.Context(), sys, run)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.Source, "source", "", "`TEXT` that says where the answers come from: market and kind of shop; the month is added")
	flags.StringArrayVar(&o.Domains, "domain", nil, "go through the operations of the `DOMAIN` only; can be repeated")
	flags.IntVar(&o.Items, "items", 5, "keep this `NUMBER` of items of each list")
	flags.IntVar(&o.PerOperation, "per-operation", 3, "write at most this `NUMBER` of answers of an operation, each with something new")
	o.Connection.Add(flags)
	return cmd
}

func (o *options) check() error {
	switch {
	case len(o.Command) > 0 && o.Command[0] == "record":
		return console.Usagef("record cannot record itself")
	case len(o.Command) > 0 && len(o.Domains) > 0:
		return console.Usagef("--domain is for the round through a shop, without a command")
	case o.Items < 1 || o.PerOperation < 1:
		return console.Usagef("--items and --per-operation expect a number of at least 1")
	}
	for _, domain := range o.Domains {
		if !slices.ContainsFunc(field.Domains(), func(d console.Row) bool { return field.Dashed(d.Label) == field.Dashed(domain) }) {
			return console.Usagef("there is no domain %q; ttshop ops list shows them", domain)
		}
	}
	return o.Connection.Check()
}

func (o *options) run(ctx context.Context, sys *platform.Session, run func(context.Context, []string) error) error {
	o.Now = sys.Now
	recorder, err := recording.New(o.Dir, o.Options)
	if err != nil {
		return err
	}
	sys.Record = recorder.Transport
	if len(o.Command) > 0 {
		err = run(ctx, o.Command)
	} else {
		err = o.round(ctx, sys)
	}
	sys.Record = nil
	files := recorder.Files()
	for _, name := range files {
		fmt.Fprintln(sys.Err, "recorded "+name)
	}
	if err = errors.Join(err, recorder.Err()); err == nil && len(files) == 0 {
		return errors.New("no answer was recorded: the command got none with data from the platform")
	}
	return err
}
