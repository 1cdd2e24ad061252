package replica

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
)

// statusOptions are the options of ttshop sync status.
type statusOptions struct {
	place
	JSON bool
}

// newStatusCmd returns the command ttshop sync status.
func newStatusCmd(sys *platform.Session) *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show how far a copy has come",
		Long: `Show for each shop and table of a copy how old what it has not seen yet is,
how many rows there are, how much of what is older has been copied, what waits,
and what went wrong last. The platform is not asked.`,
		Example: "  ttshop sync status --to sqlite:shop.db\n  ttshop sync status --to sqlite:shop.db --json",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	o.add(flags)
	flags.BoolVar(&o.JSON, "json", false, "answer in JSON")
	return cmd
}

// streamStatus is how far a table of a shop has come.
type streamStatus struct {
	Table      string     `json:"table"`
	Rows       int        `json:"rows"`
	LagSeconds float64    `json:"lag_seconds"`
	Cursor     *time.Time `json:"cursor,omitempty"`
	Backfilled float64    `json:"backfilled"`
	Waiting    int        `json:"waiting,omitempty"`
	Error      string     `json:"error,omitempty"`
	Blocked    string     `json:"blocked,omitempty"`
}

// shopStatus is how far a shop has come.
type shopStatus struct {
	ID       string         `json:"id"`
	Name     string         `json:"name,omitempty"`
	Region   string         `json:"region,omitempty"`
	Worker   string         `json:"worker,omitempty"` // who has it now
	Requests int            `json:"requests_today"`
	Issues   int            `json:"issues"`
	Tables   []streamStatus `json:"tables"`
}

// statusOf makes the status of all shops.
func statusOf(ctx context.Context, d sync.Inspector, now time.Time) ([]shopStatus, error) {
	streams, schema, err := sync.Streams()
	if err != nil {
		return nil, err
	}
	shops, err := d.Overview(ctx, schema)
	if err != nil {
		return nil, err
	}
	all := []shopStatus{}
	for _, o := range shops {
		s := shopStatus{ID: o.Shop.ID, Name: o.Shop.Name, Region: o.Shop.Region, Issues: o.Issues, Tables: []streamStatus{}}
		if !o.Until.IsZero() {
			s.Worker = o.Owner
		}
		if o.Day == now.UTC().Format(time.DateOnly) {
			s.Requests = o.Used
		}
		for _, stream := range streams {
			st, ok := o.Streams[stream.Name]
			if !ok {
				continue
			}
			line := streamStatus{
				Table: stream.Name, Rows: o.Rows[stream.Name], LagSeconds: st.Lag(now).Seconds(), Backfilled: stream.Backfilled(st),
				Waiting: o.Todo[stream.Name], Error: st.Error, Blocked: st.Blocked,
			}
			if st.Cursor > 0 {
				cursor := time.Unix(st.Cursor, 0).UTC()
				line.Cursor = &cursor
			}
			s.Tables = append(s.Tables, line)
		}
		all = append(all, s)
	}
	return all, nil
}

func (o *statusOptions) run(ctx context.Context, sys *platform.Session) error {
	return o.inspect(ctx, func(d sync.Inspector, _ *sync.Schema) error {
		shops, err := statusOf(ctx, d, sys.Now())
		if err != nil {
			return err
		}
		if o.JSON {
			return console.WriteJSON(sys.Out, shops)
		}
		return writeStatus(sys.Out, console.Painter(sys.Color), shops)
	})
}

// writeStatus writes the status for people.
func writeStatus(w io.Writer, paint console.Painter, shops []shopStatus) error {
	var b strings.Builder
	if len(shops) == 0 {
		b.WriteString("No shop has been copied yet.\n")
	}
	for i, s := range shops {
		if i > 0 {
			b.WriteByte('\n')
		}
		title := strings.TrimSpace(s.Name + " " + s.Region)
		fmt.Fprintf(&b, "%s %s: %s today, %s\n", paint.Bold(console.Printable(title)), s.ID, console.Count(s.Requests, "request"), console.Count(s.Issues, "issue"))
		if s.Worker != "" {
			fmt.Fprintf(&b, "being copied by %s\n", console.Printable(s.Worker))
		}
		b.WriteString(paint.Dim(fmt.Sprintf("%-24s%10s%18s%12s%9s", "table", "rows", "seen", "backfill", "waiting")) + "\n")
		for _, t := range s.Tables {
			seen := "never"
			if t.LagSeconds > 0 {
				seen = console.Span(time.Duration(t.LagSeconds*float64(time.Second))) + " ago"
			}
			fmt.Fprintf(&b, "%-24s%10d%18s%11.0f%%%9d\n", t.Table, t.Rows, shortSpan(seen), 100*t.Backfilled, t.Waiting)
		}
		for _, t := range s.Tables {
			if text := t.Blocked + t.Error; text != "" {
				fmt.Fprintf(&b, "%s %s\n", paint.Red(t.Table+":"), console.Printable(text))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// shortSpan keeps the first unit of a span: "2 days 3 hours ago" is "2 days ago".
func shortSpan(text string) string {
	words := strings.Fields(text)
	if len(words) > 3 {
		words = slices.Concat(words[:2], []string{"ago"})
	}
	return strings.Join(words, " ")
}
