package hooks

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// NewWebhooksCmd returns the command ttshop webhooks.
func NewWebhooksCmd(sys *platform.Session) *cobra.Command {
	cmd := console.Group(&cobra.Command{
		Use:   "webhooks",
		Short: "See and set where a shop's webhooks go",
		Long: `See and set the addresses that the shop in use has for webhooks, one for each
event. They take precedence over the address of the app, which is set in Partner
Center and applies to all its shops. Not every event can have an address of the
shop's own; ttshop trigger --list shows which can.`,
	})
	cmd.AddCommand(newWebhooksListCmd(sys), newWebhooksSetCmd(sys), newWebhooksDeleteCmd(sys))
	return cmd
}

// webhooksOptions are the options of the commands below ttshop webhooks.
type webhooksOptions struct {
	All  bool
	Yes  bool
	JSON bool

	platform.ShopFlags
}

func (o *webhooksOptions) add(flags *pflag.FlagSet, writes bool) {
	flags.SortFlags = false
	if writes {
		flags.BoolVar(&o.All, "all", false, "all events that a shop can have an address for")
		flags.BoolVarP(&o.Yes, "yes", "y", false, "send it to a real shop without asking")
	}
	flags.BoolVar(&o.JSON, "json", false, "answer in JSON")
	o.ShopFlags.Add(flags)
}

// subscribableTypes returns the events that a shop can have an address for.
func subscribableTypes() []event.Type { return subscribable(nil) }

// types returns the events that a write is about.
func (o *webhooksOptions) types(cmd *cobra.Command, args []string) ([]event.Type, error) {
	switch {
	case o.All && len(args) > 0:
		return nil, console.Usagef("--all means all events; leave out %s", args[0])
	case o.All:
		return subscribableTypes(), nil
	case len(args) == 0:
		return nil, console.Usagef("%s takes an event, or --all", cmd.CommandPath())
	}
	t, err := readEventType(args[0])
	if err != nil {
		return nil, err
	}
	if !t.Subscribable() {
		return nil, console.Usagef("a shop has no address of its own for %s; set the app's in Partner Center", t)
	}
	return []event.Type{t}, nil
}

// change makes a write for each event, after consent.
func (o *webhooksOptions) change(ctx context.Context, sys *platform.Session, api *shopWebhooks, types []event.Type, done string, write func(context.Context, event.Type) error) error {
	if !o.Yes {
		what := "the address for " + types[0].String()
		if len(types) > 1 {
			what = "the addresses for " + console.Count(len(types), "event")
		}
		if err := o.Consent(ctx, sys, "changing "+what, platform.TakesStdin(o.Readers())); err != nil {
			return err
		}
	}
	for i, t := range types {
		if err := write(ctx, t); err != nil {
			if i > 0 {
				err = fmt.Errorf("%s of %d are %s, then %s failed: %w", console.Count(i, "event"), len(types), done, t, err)
			}
			return err
		}
	}
	if o.JSON {
		list, err := api.list(ctx)
		if err != nil {
			return err
		}
		return o.show(sys, list)
	}
	_, err := fmt.Fprintf(sys.Out, "%s: %s.\n", topicList(types), done)
	return err
}
