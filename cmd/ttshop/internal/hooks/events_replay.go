package hooks

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// replayOptions are the options of ttshop events replay.
type replayOptions struct {
	Dead  bool
	Types []string
	Shop  string
	About string

	window
	eventsOptions
}

func newEventsReplayCmd(sys *platform.Session) *cobra.Command {
	var o replayOptions
	cmd := &cobra.Command{
		Use:   "replay",
		Short: "Deliver dead letters, or the events of a time window, again",
		Long: `Deliver again all dead letters with --dead, or the events received in a time
window. They keep their keys, so a program that remembers the keys it has
handled does nothing twice.`,
		Example: `  ttshop events replay --dead
  ttshop events replay --since -2h --type order-status-change
  ttshop events replay --since 2026-10-01 --until 2026-10-02 --json`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := o.eventsOptions.add(cmd, "answer with the number of events in JSON")
	flags.BoolVar(&o.Dead, "dead", false, "all dead letters")
	o.window.add(flags, "")
	flags.StringSliceVar(&o.Types, "type", nil, "the `EVENTS` to replay, by name or number")
	flags.StringVar(&o.Shop, "shop", "", "only those of the shop, seller or creator with this `ID`")
	flags.StringVar(&o.About, "about", "", "only those about the order, product and so on with this `ID`")
	o.addConsumer(flags)
	o.addPlace(flags)
	completeTopics(cmd, "type")
	return cmd
}

func (o *replayOptions) run(ctx context.Context, sys *platform.Session) error {
	switch {
	case o.Dead && (o.Since != "" || o.Until != "" || o.Types != nil || o.Shop != "" || o.About != ""):
		return console.Usagef("--dead means all dead letters; leave out the other filters")
	case !o.Dead && o.Since == "":
		return console.Usagef("say which events: pass --dead, or --since with a time such as -2h")
	}
	types, err := readEventTypes(o.Types)
	if err != nil {
		return err
	}
	since, until, err := o.read(sys.Now())
	if err != nil {
		return err
	}
	return o.within(ctx, sys, func(ctx context.Context, box *inbox.Inbox) error {
		if o.Dead {
			n, err := o.replayDead(ctx, box)
			if err != nil {
				return fmt.Errorf("after %s: %w", console.Count(n, "dead letter"), err)
			}
			return o.handedOn(sys, n, "dead letter")
		}
		n, err := box.Replay(ctx, o.Consumer, inbox.Query{Since: since, Until: until, Types: types, Account: o.Shop, Object: o.About})
		if err != nil {
			return o.noConsumer(err)
		}
		return o.handedOn(sys, n, "event")
	})
}

func (o *replayOptions) replayDead(ctx context.Context, box *inbox.Inbox) (int, error) {
	var numbers []uint64 // first, since delivery removes them
	for d, err := range box.Dead(ctx, o.Consumer) {
		if err != nil {
			return 0, err
		}
		numbers = append(numbers, d.Sequence)
	}
	for i, number := range numbers {
		if err := box.ResendDead(ctx, number); err != nil && !errors.Is(err, inbox.ErrNotFound) {
			return i, err
		}
	}
	return len(numbers), nil
}
