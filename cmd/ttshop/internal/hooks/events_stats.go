package hooks

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

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
