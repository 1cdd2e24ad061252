package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

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
