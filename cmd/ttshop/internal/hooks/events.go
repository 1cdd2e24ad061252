package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
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

// eventListOptions are the options of ttshop events list.
type eventListOptions struct {
	Types []string
	Shop  string
	About string
	Limit int

	window
	eventsOptions
}

func newEventsListCmd(sys *platform.Session) *cobra.Command {
	var o eventListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the events received",
		Long:  "List the events received, newest first.",
		Example: `  ttshop events list --sandbox
  ttshop events list --type order-status-change --since -1h --json
  ttshop events list --about 577418290361548802`,
		Args: console.Takes(0, 1, "at most the address of the sandbox"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := platform.SandboxWord(cmd, args, &o.Sandbox); err != nil {
				return err
			}
			return o.run(cmd.Context(), sys)
		},
	}
	flags := o.eventsOptions.add(cmd, "answer in JSON, one object for each event")
	flags.StringSliceVar(&o.Types, "type", nil, "the `EVENTS` to list, by name or number")
	flags.StringVar(&o.Shop, "shop", "", "only those of the shop, seller or creator with this `ID`")
	flags.StringVar(&o.About, "about", "", "only those about the order, product and so on with this `ID`")
	o.window.add(flags, "")
	flags.IntVar(&o.Limit, "limit", 20, "at most this `NUMBER` of them; 0 means no limit")
	o.addPlace(flags)
	completeTopics(cmd, "type")
	return cmd
}

func (o *eventListOptions) run(ctx context.Context, sys *platform.Session) error {
	types, err := readEventTypes(o.Types)
	if err != nil {
		return err
	}
	if o.Limit < 0 {
		return console.Usagef("--limit %d: must be 0 or more", o.Limit)
	}
	since, until, err := o.read(sys.Now())
	if err != nil {
		return err
	}
	return o.within(ctx, sys, func(ctx context.Context, box *inbox.Inbox) error {
		var newest []*inbox.Stored
		matched := 0
		query := inbox.Query{Since: since, Until: until, Types: types, Account: o.Shop, Object: o.About}
		for s, err := range box.Events(ctx, query) {
			if err != nil {
				return err
			}
			matched++
			if newest = append(newest, s); o.Limit > 0 && len(newest) >= 2*o.Limit+1000 {
				newest = slices.Delete(newest, 0, len(newest)-o.Limit)
			}
		}
		if o.Limit > 0 && len(newest) > o.Limit {
			newest = newest[len(newest)-o.Limit:]
		}
		slices.Reverse(newest)
		return o.show(sys, newest, matched)
	})
}

func (o *eventListOptions) show(sys *platform.Session, events []*inbox.Stored, matched int) error {
	items := make([]json.RawMessage, len(events))
	for i, s := range events {
		line := newEventLine(s.Sequence, s.Event)
		if o.JSON {
			if err := console.WriteJSON(sys.Out, line); err != nil {
				return err
			}
			continue
		}
		var err error
		if items[i], err = eventRow(line, ""); err != nil {
			return err
		}
	}
	if o.JSON {
		return nil
	}
	if err := eventView("ID").Write(sys.System, items); err != nil {
		return err
	}
	if len(events) < matched {
		fmt.Fprintf(sys.Err, "These are %d of %d; --limit shows more.\n", len(events), matched)
	}
	return nil
}

// eventRow is a row of a table of events. more goes into a column of its own.
func eventRow(l EventLine, more string) (json.RawMessage, error) {
	what := l.Summary
	if l.Reconciled {
		what += " (reconciled)"
	}
	row, err := json.Marshal(map[string]any{
		"id": l.ID, "received": l.Received.Unix(), "event": fmt.Sprintf("%s (%d)", l.Topic, l.Type),
		"account": l.Account, "object": l.Object, "what": what, "more": more,
	})
	if err != nil {
		return nil, fmt.Errorf("show an event: %w", err)
	}
	return row, nil
}

// eventView is a table of events; more are titles of further columns.
func eventView(id string) answer.View {
	return answer.View{Noun: "events", Columns: []answer.Column{
		{Title: id, Paths: []string{"id"}, Kind: answer.CellAmount}, {Title: "RECEIVED", Paths: []string{"received"}, Kind: answer.CellMoment},
		{Title: "EVENT", Paths: []string{"event"}}, {Title: "SHOP", Paths: []string{"account"}}, {Title: "ABOUT", Paths: []string{"object"}},
		{Title: "WHAT", Paths: []string{"what"}, Gives: true},
	}}
}

// newEventsShowCmd shows one event.
func newEventsShowCmd(sys *platform.Session) *cobra.Command {
	var o eventsOptions
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Show an event in full",
		Long:    "Show an event with its body as received, by its number in ttshop events list.",
		Example: "  ttshop events show 1\n  ttshop events show 1 --json",
		Args:    console.Takes(1, 1, "the number of an event"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := readIDs(args)
			if err != nil {
				return err
			}
			return o.within(cmd.Context(), sys, func(ctx context.Context, box *inbox.Inbox) error {
				s, err := box.Event(ctx, ids[0])
				if err != nil {
					return noEvent(err, ids[0])
				}
				return o.showOne(sys, newEventLine(s.Sequence, s.Event))
			})
		},
	}
	o.addPlace(o.add(cmd, "answer with one object in JSON"))
	return cmd
}

// noEvent says what to do about an event that does not exist.
func noEvent(err error, id uint64) error {
	if errors.Is(err, inbox.ErrNotFound) {
		return fmt.Errorf("there is no event %d in the inbox; ttshop events list shows those that exist", id)
	}
	return err
}

func (o *eventsOptions) showOne(sys *platform.Session, l EventLine) error {
	if o.JSON {
		return console.WriteJSON(sys.Out, l)
	}
	rows := []console.Row{
		{Label: "id", Value: strconv.FormatUint(l.ID, 10)}, {Label: "received", Value: console.Moment(l.Received)}, {Label: "event", Value: fmt.Sprintf("%s (%d)", l.Topic, l.Type)},
		{Label: "account", Value: console.Printable(l.Account)}, {Label: "about", Value: console.Printable(l.Object)}, {Label: "key", Value: console.Printable(l.Key)},
	}
	if l.Reconciled {
		rows = append(rows, console.Row{Label: "reconciled", Value: "not delivered; found by asking the API"})
	}
	if err := console.WriteRows(sys.Out, console.Painter(sys.Color), rows); err != nil {
		return err
	}
	if l.Event == nil {
		_, err := fmt.Fprintf(sys.Out, "\n%s\n", console.Printable(l.Body))
		return err
	}
	encoder := json.NewEncoder(sys.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if _, err := fmt.Fprintln(sys.Out); err != nil {
		return err
	}
	return encoder.Encode(l.Event)
}
