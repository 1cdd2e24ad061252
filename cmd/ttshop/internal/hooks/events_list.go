package hooks

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

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
	const most = 31 // of a state; a message may be longer
	row, err := json.Marshal(map[string]any{
		"id": l.ID, "received": l.Received.Unix(), "event": l.short, "state": answer.CutCell(l.State, most), "rest": l.rest,
		"mark": l.mark(), "object": l.Object, "account": l.Account, "more": more,
	})
	if err != nil {
		return nil, fmt.Errorf("show an event: %w", err)
	}
	return row, nil
}

// eventView is a table of events.
func eventView(id string) answer.View {
	return answer.View{Noun: "events", Columns: []answer.Column{
		{Title: id, Paths: []string{"id"}, Kind: answer.CellAmount},
		{Title: "RECEIVED", Paths: []string{"received"}, Kind: answer.CellMoment, Drops: 3},
		{Title: "EVENT", Paths: []string{"event"}, Gives: true, Least: 8},
		{Title: "STATE", Paths: []string{"state"}, Gives: true, Least: 23},
		{Title: "ABOUT", Paths: []string{"object"}, Gives: true, Least: idWidth},
		{Title: "SHOP", Paths: []string{"account"}, Gives: true, Least: idWidth, Drops: 2},
		{Title: "MORE", Paths: []string{"mark", "rest"}, Gives: true, Drops: 1},
	}}
}
