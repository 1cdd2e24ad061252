package replica

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
)

// tableLine is what a run came to for one table, over all shops.
type tableLine struct {
	Table    string     `json:"table"`
	Tally    sync.Tally `json:"rows"`
	Requests int        `json:"requests"`
	Errors   []string   `json:"errors,omitempty"`
}

// lines sums up the reports of shops by table, in the order of the streams.
func lines(reports []shopReport) []tableLine {
	streams, _, err := sync.Streams()
	if err != nil {
		return nil // the engine would not have started
	}
	var all []tableLine
	for _, s := range streams {
		line := tableLine{Table: s.Name}
		seen := false
		for _, r := range reports {
			one := r.report.Streams[s.Name]
			if one == nil {
				continue
			}
			seen = true
			line.Tally.Add(one.Tally)
			line.Requests += one.Requests
			if one.Err != nil {
				line.Errors = append(line.Errors, fmt.Sprintf("%s: %v", nameOf(r.report.Shop), one.Err))
			}
		}
		if seen {
			all = append(all, line)
		}
	}
	return all
}

// summary says what the run came to and what to try.
func (o *syncOptions) summary(sys *platform.Session, g *ground, reports []shopReport, elapsed time.Duration) error {
	tables := lines(reports)
	total, requests, rest := sync.Tally{}, 0, false
	var failed []string
	for _, r := range reports {
		total.Add(r.report.Tally)
		requests += r.report.Requests
		rest = rest || r.report.Rest
		if r.err != nil {
			failed = append(failed, fmt.Sprintf("%s: %v", nameOf(r.report.Shop), mending(r.err)))
		}
	}
	if o.JSON {
		return console.WriteJSON(sys.Out, struct {
			Shops    int         `json:"shops"`
			Tables   []tableLine `json:"tables"`
			Requests int         `json:"requests"`
			Seconds  float64     `json:"seconds"`
			Rest     bool        `json:"rest"`
			Errors   []string    `json:"errors,omitempty"`
		}{len(reports), tables, requests, elapsed.Seconds(), rest, failed})
	}
	paint := console.Painter(sys.Color)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", paint.Bold(fmt.Sprintf("%s of %s copied to %s", countSources(g.sources), g.text, o.shown(sys))))
	b.WriteString(paint.Dim(fmt.Sprintf("%-24s%9s%9s%11s%9s%10s", "table", "new", "changed", "unchanged", "deleted", "requests")) + "\n")
	for _, t := range tables {
		fmt.Fprintf(&b, "%-24s%9d%9d%11d%9d%10d\n", t.Table, t.Tally.Inserted, t.Tally.Changed, t.Tally.Unchanged+t.Tally.Stale, t.Tally.Deleted, t.Requests)
	}
	fmt.Fprintf(&b, "%s in %s, %d requests.\n", console.Count(total.Stored(), "row"), elapsed.Round(10*time.Millisecond), requests)
	for _, t := range tables {
		for _, e := range t.Errors {
			fmt.Fprintf(&b, "%s %s, %s\n", paint.Red("failed:"), t.Table, console.Printable(e))
		}
	}
	for _, e := range failed {
		fmt.Fprintf(&b, "%s %s\n", paint.Red("failed:"), console.Printable(e))
	}
	if rest {
		b.WriteString("More is left: run the command again.\n")
	}
	o.tryQuery(&b, tables)
	_, err := io.WriteString(sys.Out, b.String())
	return err
}

// tryQuery shows a query to try.
func (o *syncOptions) tryQuery(b *strings.Builder, tables []tableLine) {
	table, query := "orders", "select status, count(*) from %s group by status"
	if len(tables) > 0 && !slices.ContainsFunc(tables, func(t tableLine) bool { return t.Table == table }) {
		table, query = tables[0].Table, "select count(*) from %s"
	}
	program, place := "sqlite3", o.file()
	if o.isPostgres() {
		program, place, table = "psql", console.Before(platform.ShownStore(o.To), "?"), "tiktok_shop."+table
	}
	fmt.Fprintf(b, "\nTry it:\n  %s %s \\\n    %s\n", program, console.ShellWord(place), strconv.Quote(fmt.Sprintf(query, table)))
}
