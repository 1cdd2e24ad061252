package hooks

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// newEventsResendCmd hands given events on again.
func newEventsResendCmd(sys *platform.Session) *cobra.Command {
	var o eventsOptions
	cmd := &cobra.Command{
		Use:   "resend ID…",
		Short: "Deliver events again, by their numbers",
		Long: `Deliver events again: the running listener, or the next one, forwards them or
runs its command for them. They keep their keys and are marked as replayed.`,
		Example: "  ttshop events resend 1 2\n  ttshop events resend 1 --json",
		Args:    console.Takes(1, 1000, "numbers of events"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := readIDs(args)
			if err != nil {
				return err
			}
			return o.within(cmd.Context(), sys, func(ctx context.Context, box *inbox.Inbox) error {
				for i, id := range ids {
					if err := box.Resend(ctx, o.Consumer, id); err != nil {
						return fmt.Errorf("after %s: %w", console.Count(i, "event"), o.noConsumer(noEvent(err, id)))
					}
				}
				return o.handedOn(sys, len(ids), "event")
			})
		},
	}
	flags := o.add(cmd, "answer with the number of events in JSON")
	o.addConsumer(flags)
	o.addPlace(flags)
	return cmd
}
