package hooks

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

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
	v.Columns = slices.DeleteFunc(v.Columns, func(c answer.Column) bool { return c.Title == "SHOP" })
	v.Columns[len(v.Columns)-1] = answer.Column{Title: "WHY", Paths: []string{"more"}, Gives: true, Least: 24}
	return v.Write(sys.System, items)
}
