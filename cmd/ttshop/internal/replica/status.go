package replica

import (
	"context"
	"fmt"
	"io"
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
	JSON   bool
	Web    bool
	Listen string
	Budget int
}

// newStatusCmd returns the command ttshop sync status.
func newStatusCmd(sys *platform.Session) *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show how far a copy has come",
		Long: `Show for each shop and table of a copy how old what it has not seen yet is,
how many rows there are, how much of what is older has been copied, what waits,
when the copy is compared with the source next, what that has repaired, and what
went wrong last. The platform is not asked.

--web serves the same as a page that keeps itself up to date, with plots of how
far the copy is behind, of rows and of requests. It serves loopback addresses
only, and nobody has to sign in.`,
		Example: `  ttshop sync status --to sqlite:shop.db
  ttshop sync status --to sqlite:shop.db --json
  ttshop sync status --to postgres://db/shops --web`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	o.add(flags)
	flags.BoolVar(&o.Web, "web", false, "serve the status as a page")
	flags.StringVar(&o.Listen, "listen", "127.0.0.1:8099", "`HOST:PORT` of the page, where port 0 picks a free one")
	flags.IntVar(&o.Budget, "budget", sync.DefaultBudget, "requests that a shop may use on a day, as ttshop sync has it, for the page")
	flags.BoolVar(&o.JSON, "json", false, "answer in JSON; with --web, report the address")
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
	Behind     bool       `json:"behind,omitempty"`
	LastAudit  *time.Time `json:"last_audit,omitempty"`
	NextAudit  *time.Time `json:"next_audit,omitempty"` // in the past: it is due, or under way
	Repaired   int64      `json:"repaired,omitempty"`   // by audits, since the copy began

	follows           bool // changes, and does not read the whole now and then
	since             time.Time
	written, requests int64 // since it began
}

// lag is the age of what the table has not seen.
func (t *streamStatus) lag() time.Duration { return time.Duration(t.LagSeconds * float64(time.Second)) }

// problem is what the table stands at, empty if nothing.
func (t *streamStatus) problem() string { return t.Blocked + t.Error }

// patience is how old what a stream has not seen may get before somebody should look:
// some turns, or two scans. Zero is for ever.
func patience(s *sync.Stream) time.Duration {
	switch s.Class {
	case sync.Updates:
		return 15 * time.Minute
	case sync.Creations:
		return 2 * time.Hour
	case sync.Scans:
		return 2 * s.Rescan
	case sync.Days:
		return 12 * time.Hour
	}
	return 0
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
			line.Behind = patience(stream) > 0 && line.lag() > patience(stream)
			line.follows = stream.Class == sync.Updates
			line.written, line.requests = st.Rows, st.Requests
			if st.ErrorAt > 0 {
				line.since = time.Unix(st.ErrorAt, 0)
			}
			line.Repaired = st.Repaired
			if next := stream.NextAudit(o.Shop, st); !next.IsZero() {
				next = next.UTC()
				line.NextAudit = &next
			}
			if st.Checked != nil {
				last := time.Unix(st.Checked.Began, 0).UTC()
				line.LastAudit = &last
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

// title names the shop.
func (s *shopStatus) title() string {
	if name := strings.TrimSpace(s.Name + " " + s.Region); name != "" {
		return name
	}
	return s.ID
}

func (o *statusOptions) run(ctx context.Context, sys *platform.Session) error {
	return o.inspect(ctx, func(d sync.Inspector, _ *sync.Schema) error {
		if o.Web {
			return o.serveStatus(ctx, sys, d)
		}
		shops, err := statusOf(ctx, d, sys.Now())
		if err != nil {
			return err
		}
		if o.JSON {
			return console.WriteJSON(sys.Out, shops)
		}
		return writeStatus(sys.Out, console.Painter(sys.Color), shops, sys.Now())
	})
}

// writeStatus writes the status for people.
func writeStatus(w io.Writer, paint console.Painter, shops []shopStatus, now time.Time) error {
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
		for i := range s.Tables {
			t := &s.Tables[i]
			seen := "never"
			if t.LagSeconds > 0 {
				seen = firstUnit(console.Span(t.lag())) + " ago"
			}
			fmt.Fprintf(&b, "%-24s%10d%18s%11.0f%%%9d\n", t.Table, t.Rows, seen, 100*t.Backfilled, t.Waiting)
		}
		if text := auditText(s.Tables, now); text != "" {
			fmt.Fprintf(&b, "%s\n", text)
		}
		for i := range s.Tables {
			t := &s.Tables[i]
			if t.Repaired > 0 {
				fmt.Fprintf(&b, "%s: audits have repaired %s\n", t.Table, console.Count(int(t.Repaired), "row"))
			}
			if text := t.problem(); text != "" {
				fmt.Fprintf(&b, "%s %s\n", paint.Red(t.Table+":"), console.Printable(text))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// auditText says when a shop is compared with the source next, empty where it is not.
func auditText(tables []streamStatus, now time.Time) string {
	var next time.Time
	for i := range tables {
		if at := tables[i].NextAudit; at != nil && (next.IsZero() || at.Before(next)) {
			next = *at
		}
	}
	switch {
	case next.IsZero():
		return ""
	case next.Before(now):
		return "an audit is due"
	}
	return "next audit in " + console.Span(next.Sub(now))
}

// firstUnit keeps the first unit of a span: "2 days 3 hours" is "2 days".
func firstUnit(span string) string {
	words := strings.Fields(span)
	return strings.Join(words[:min(2, len(words))], " ")
}
