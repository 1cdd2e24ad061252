package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
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

// deadLine is a dead letter as the commands show it.
type deadLine struct {
	Number   uint64    `json:"number"` // among the dead letters
	Consumer string    `json:"consumer"`
	Tries    int       `json:"tries"`
	Error    string    `json:"error"`
	Died     time.Time `json:"died"`
	EventLine
}

// newEventsDeadCmd lists the dead letters.
func newEventsDeadCmd(sys *platform.Session) *cobra.Command {
	var o eventsOptions
	cmd := &cobra.Command{
		Use:   "dead",
		Short: "List the dead letters: events that were given up on",
		Long: `List the events that were given up on because every try failed, each with its
last error. ttshop events replay --dead delivers them again.`,
		Example: "  ttshop events dead\n  ttshop events dead --json",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.within(cmd.Context(), sys, func(ctx context.Context, box *inbox.Inbox) error { return o.dead(ctx, sys, box) })
		},
	}
	o.addPlace(o.add(cmd, "answer in JSON, one object for each dead letter"))
	return cmd
}

func (o *eventsOptions) dead(ctx context.Context, sys *platform.Session, box *inbox.Inbox) error {
	var items []json.RawMessage
	for d, err := range box.Dead(ctx, "") {
		if err != nil {
			return err
		}
		line := newEventLine(d.EventSequence, d.Event)
		line.Replayed = false // that says how it was handed on last
		if o.JSON {
			if err := console.WriteJSON(sys.Out, deadLine{d.Sequence, d.Consumer, d.Tries, d.Error, d.Time.UTC(), line}); err != nil {
				return err
			}
			continue
		}
		row, err := eventRow(line, fmt.Sprintf("%s: %s", console.Count(d.Tries, "try"), d.Error))
		if err != nil {
			return err
		}
		items = append(items, row)
	}
	if o.JSON {
		return nil
	}
	v := eventView("ID")
	v.Noun = "dead letters"
	v.Columns[len(v.Columns)-1] = answer.Column{Title: "WHY", Paths: []string{"more"}, Gives: true}
	return v.Write(sys.System, items)
}

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

// newEventsStatsCmd shows the state of the inbox.
func newEventsStatsCmd(sys *platform.Session) *cobra.Command {
	var o eventsOptions
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "Show how full the inbox is, and what is waiting",
		Long: `Show how many events the inbox holds and, for each listener, how many are not
done (backlog), how many of these wait for a later try, their own or that of an
earlier event about the same object, how old the oldest is (lag), and its dead
letters.`,
		Example: "  ttshop events stats\n  ttshop events stats --json",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.within(cmd.Context(), sys, func(ctx context.Context, box *inbox.Inbox) error {
				s, err := box.Stats(ctx)
				if err != nil {
					return err
				}
				return o.stats(sys, s)
			})
		},
	}
	o.addPlace(o.add(cmd, "answer with one object in JSON"))
	return cmd
}

func (o *eventsOptions) stats(sys *platform.Session, s inbox.Stats) error {
	type consumer struct {
		Name       string  `json:"name"`
		Backlog    uint64  `json:"backlog"`
		Open       int     `json:"open"`
		Waiting    int     `json:"waiting"`
		LagSeconds float64 `json:"lag_seconds"`
		Dead       int     `json:"dead"`
	}
	consumers := []consumer{}
	rows := []console.Row{
		{Label: "events", Value: strconv.FormatUint(s.Events, 10)}, {Label: "bytes", Value: strconv.FormatUint(s.Bytes, 10)}, {Label: "dead letters", Value: strconv.FormatUint(s.Dead, 10)},
	}
	if s.Events > 0 {
		rows = append(rows, console.Row{Label: "oldest", Value: console.Moment(s.First)}, console.Row{Label: "newest", Value: console.Moment(s.Last)})
	}
	for _, c := range s.Consumers {
		consumers = append(consumers, consumer{c.Name, c.Backlog, c.Open, c.Waiting, c.Lag.Seconds(), c.Dead})
		text := fmt.Sprintf("backlog %d, dead letters %d", c.Backlog, c.Dead)
		if c.Waiting > 0 {
			text += fmt.Sprintf(", waiting for a later try %d", c.Waiting)
		}
		if c.Backlog > 0 {
			text += ", lag " + console.Span(c.Lag)
		}
		rows = append(rows, console.Row{Label: "listener " + c.Name, Value: text})
	}
	if o.JSON {
		return console.WriteJSON(sys.Out, struct {
			Events    uint64     `json:"events"`
			Bytes     uint64     `json:"bytes"`
			Dead      uint64     `json:"dead"`
			Consumers []consumer `json:"consumers"`
		}{s.Events, s.Bytes, s.Dead, consumers})
	}
	return console.WriteRows(sys.Out, console.Painter(sys.Color), rows)
}
