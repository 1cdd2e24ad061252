package hooks

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// NewEventsCmd returns the command ttshop events.
func NewEventsCmd(sys *platform.Session) *cobra.Command {
	cmd := console.Group(&cobra.Command{
		Use:   "events",
		Short: "Look into the inbox of webhooks, and deliver events again",
		Long: `Look into the inbox that ttshop listen keeps, even while it runs, and deliver
events again. The inbox is that of the app in use; --inbox names another.`,
	})
	cmd.AddCommand(
		newEventsListCmd(sys), newEventsShowCmd(sys), newEventsResendCmd(sys), newEventsDeadCmd(sys),
		newEventsReplayCmd(sys), newEventsStatsCmd(sys), newEventsReconcileCmd(sys),
	)
	return cmd
}

// eventsOptions are the options that the commands below ttshop events share.
type eventsOptions struct {
	Sandbox string
	JSON    bool

	inboxFlags
}

func (o *eventsOptions) add(cmd *cobra.Command, json string) *pflag.FlagSet {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.JSON, "json", false, json)
	return flags
}

// addPlace adds the flags that say which inbox. They come last.
func (o *eventsOptions) addPlace(flags *pflag.FlagSet) {
	o.inboxFlags.add(flags)
	platform.AddSandboxFlag(flags, &o.Sandbox, "the inbox of the sandbox at `ADDRESS`, by default the one that runs on this machine")
}

// appKey returns the app whose inbox is used: the sandbox's, the one in use, or
// the only one that has an inbox here.
func (o *eventsOptions) appKey(ctx context.Context, sys *platform.Session, app *platform.AppFlags) (string, error) {
	if o.Sandbox != "" {
		sb, err := platform.FindSandbox(ctx, sys, o.Sandbox)
		if err != nil {
			return "", err
		}
		return sb.Key, nil
	}
	key, err := app.ReadKey(sys)
	if console.ExitCode(err) == console.ExitNotSignedIn {
		if only, ok := onlyInbox(sys); ok {
			return only, nil
		}
	}
	return key, err
}

// within calls f with the inbox.
func (o *eventsOptions) within(ctx context.Context, sys *platform.Session, f func(context.Context, *inbox.Inbox) error) (err error) {
	address, err := o.address(sys, func() (string, error) { return o.appKey(ctx, sys, new(platform.AppFlags)) })
	if err != nil {
		return err
	}
	box, err := openInbox(ctx, sys, address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	return f(ctx, box)
}

// window is a time window given by flags.
type window struct{ Since, Until string }

func (w *window) add(flags *pflag.FlagSet, since string) {
	flags.StringVar(&w.Since, "since", since, "from this `TIME` on: a date, or a span such as -24h or -7d")
	flags.StringVar(&w.Until, "until", "", "up to this `TIME`")
}

// read returns the bounds; a zero time is no bound.
func (w *window) read(now time.Time) (since, until time.Time, err error) {
	for _, bound := range []struct {
		flag, text string
		to         *time.Time
	}{{"--since", w.Since, &since}, {"--until", w.Until, &until}} {
		if bound.text == "" {
			continue
		}
		seconds, err := field.ParseMoment("", bound.text, now)
		if err != nil {
			return since, until, console.Usagef("%s: %w", bound.flag, err)
		}
		n, err := seconds.Int64()
		if err != nil {
			return since, until, console.Usagef("%s: %w", bound.flag, err)
		}
		*bound.to = time.Unix(n, 0)
	}
	if !since.IsZero() && !until.IsZero() && !since.Before(until) {
		return since, until, console.Usagef("--since %s is not before --until %s: the window is empty", w.Since, w.Until)
	}
	return since, until, nil
}

// readIDs reads the numbers of events.
func readIDs(words []string) ([]uint64, error) {
	ids := make([]uint64, len(words))
	for i, word := range words {
		id, err := strconv.ParseUint(word, 10, 64)
		if err != nil || id == 0 {
			return nil, console.Usagef("%q is not an event number; ttshop events list shows them", word)
		}
		ids[i] = id
	}
	return ids, nil
}

// noConsumer says what to do if nobody has listened yet.
func (o *eventsOptions) noConsumer(err error) error {
	if errors.Is(err, inbox.ErrNoConsumer) {
		return fmt.Errorf("this inbox has no consumer %q; run ttshop listen with --forward-to or --exec first, or name another with --consumer", o.Consumer)
	}
	return err
}

// handedOn reports how many events will be delivered again.
func (o *eventsOptions) handedOn(sys *platform.Session, n int, noun string) error {
	if o.JSON {
		return console.WriteJSON(sys.Out, map[string]int{"handed_on": n})
	}
	if n == 0 {
		_, err := fmt.Fprintf(sys.Out, "There is no %s to deliver again.\n", noun)
		return err
	}
	_, err := fmt.Fprintf(sys.Out, "%s will be delivered again by the running listener, or the next one.\n", console.Count(n, noun))
	return err
}
