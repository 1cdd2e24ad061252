package replica

import (
	"cmp"
	"context"
	"embed"
	"slices"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/consolepage"
)

//go:embed panels/*.html
var panelFiles embed.FS

// panelText is the template of a panel.
func panelText(name string) string {
	text, err := panelFiles.ReadFile("panels/" + name + ".html")
	if err != nil {
		panic("replica: " + err.Error()) // it is in the program
	}
	return string(text)
}

// maxRows is how many rows a panel shows; the search finds the others.
const maxRows = 200

// panels are those of a copy in a place.
func (w *observer) panels(place string) []consolepage.Panel {
	panel := func(id, title string, data func([]shopStatus, consolepage.Query) any) consolepage.Panel {
		return consolepage.Panel{ID: id, Title: title, Body: consolepage.Parse(panelText(id)), Load: func(ctx context.Context, q consolepage.Query) (any, error) {
			shops, err := w.status(ctx)
			if err != nil {
				return nil, err
			}
			return data(shops, q), nil
		}}
	}
	return []consolepage.Panel{
		panel("now", "Now", func(shops []shopStatus, _ consolepage.Query) any { return nowOf(shops, place) }),
		panel("past", "While this page was served", func([]shopStatus, consolepage.Query) any { return pastOf(w.history()) }),
		panel("errors", "What stands still", errorsOf),
		panel("shops", "Shops", func(shops []shopStatus, q consolepage.Query) any { return shopsOf(shops, w.budget, q) }),
		panel("tables", "Tables", func(shops []shopStatus, q consolepage.Query) any { return tablesOf(shops, w.now(), q) }),
	}
}

// tile is a value with its name.
type tile struct{ Name, Value, Class string }

// nowOf is the copy at a glance.
func nowOf(shops []shopStatus, place string) any {
	var sum lineOfShop
	for i := range shops {
		s := shopLine(&shops[i], 0)
		sum.Rows += s.Rows
		sum.Requests += s.Requests
		sum.Waiting += s.Waiting
		sum.Issues += s.Issues
		sum.Bad += s.Bad
		sum.Behind += s.Behind
		sum.Backfilled += s.Backfilled / float64(len(shops))
		sum.Lag = max(sum.Lag, s.Lag)
	}
	state, class := stateOf(sum.Bad, sum.Behind, sum.Backfilled)
	tiles := []tile{
		{"State", state, class},
		{"Shops", strconv.Itoa(len(shops)), ""},
		{"Furthest behind", spanText(sum.Lag), ""},
		{"Backfill", percent(sum.Backfilled), ""},
		{"Rows", consolepage.Whole(sum.Rows), ""},
		{"Requests today", consolepage.Whole(sum.Requests), ""},
		{"Ids that wait", consolepage.Whole(int64(sum.Waiting)), ""},
		{"Issues", consolepage.Whole(int64(sum.Issues)), ""},
	}
	if len(shops) == 0 {
		tiles = nil
	}
	return struct {
		Place string
		Tiles []tile
	}{place, tiles}
}

// stateOf names the state of a shop, or of all.
func stateOf(bad, behind int, backfilled float64) (state, class string) {
	switch {
	case bad > 0:
		return "stands still", "bad"
	case behind > 0:
		return "behind", "warn"
	case backfilled < 1:
		return "being copied", ""
	}
	return "current", "good"
}

// lineOfShop is a shop as a row.
type lineOfShop struct {
	ID, Name, Region, Worker, State, Class, LagText, Share string
	Lag                                                    time.Duration // of the tables that follow changes, the longest
	Rows                                                   int64
	Backfilled                                             float64 // between 0 and 1, over the tables
	Requests, Budget                                       int64
	High                                                   int64 // requests from which on older data has to wait
	Waiting, Issues                                        int
	Bad, Behind                                            int // tables
}

// shopLine sums up a shop. A budget of 0 is not known.
func shopLine(s *shopStatus, budget int) lineOfShop {
	line := lineOfShop{ID: s.ID, Name: s.Name, Region: s.Region, Worker: s.Worker, Requests: int64(s.Requests), Budget: int64(budget), High: int64(budget) * 85 / 100, Issues: s.Issues}
	for i := range s.Tables {
		t := &s.Tables[i]
		line.Rows += int64(t.Rows)
		line.Waiting += t.Waiting
		line.Backfilled += t.Backfilled / float64(len(s.Tables))
		if t.follows {
			line.Lag = max(line.Lag, t.lag())
		}
		switch {
		case t.problem() != "":
			line.Bad++
		case t.Behind:
			line.Behind++
		}
	}
	if len(s.Tables) > 0 && line.Backfilled > 1-1e-9 { // a sum of parts
		line.Backfilled = 1
	}
	line.State, line.Class = stateOf(line.Bad, line.Behind, line.Backfilled)
	line.LagText, line.Share = spanText(line.Lag), percent(line.Backfilled)
	return line
}

// shopsOf are the shops, those that need attention first.
func shopsOf(shops []shopStatus, budget int, q consolepage.Query) any {
	var rows []lineOfShop
	for i := range shops {
		if line := shopLine(&shops[i], budget); q.Match(line.ID, line.Name, line.Region, line.State, line.Worker) {
			rows = append(rows, line)
		}
	}
	slices.SortStableFunc(rows, func(a, b lineOfShop) int {
		return cmp.Or(cmp.Compare(b.Bad, a.Bad), cmp.Compare(b.Behind, a.Behind), cmp.Compare(b.Lag, a.Lag))
	})
	return cut(rows, q)
}

// lineOfTable is a table of a shop as a row.
type lineOfTable struct {
	Shop, Table, State, Class, Seen, Share string
	Next                                   time.Time // audit; zero: none
	Now                                    time.Time
	Repaired                               int64
	Rows                                   int64
	Backfilled                             float64
	Waiting                                int
	rank                                   int // what needs attention has a lower one
}

// tablesOf are the tables of shops, those that need attention first.
func tablesOf(shops []shopStatus, now time.Time, q consolepage.Query) any {
	var rows []lineOfTable
	for i := range shops {
		s := &shops[i]
		for j := range s.Tables {
			t := &s.Tables[j]
			line := lineOfTable{Shop: s.title(), Table: t.Table, Seen: "never", Share: percent(t.Backfilled), Rows: int64(t.Rows), Backfilled: t.Backfilled, Waiting: t.Waiting, Now: now, Repaired: t.Repaired, rank: 2}
			if t.NextAudit != nil {
				line.Next = *t.NextAudit
			}
			bad, behind := 0, 0
			switch {
			case t.problem() != "":
				bad, line.rank = 1, 0
			case t.Behind:
				behind, line.rank = 1, 1
			}
			line.State, line.Class = stateOf(bad, behind, t.Backfilled)
			if t.LagSeconds > 0 {
				line.Seen = spanText(t.lag()) + " ago"
			}
			if q.Match(line.Shop, s.ID, line.Table, line.State) {
				rows = append(rows, line)
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b lineOfTable) int { return cmp.Compare(a.rank, b.rank) })
	return cut(rows, q)
}

// lineOfError is what a table stands at.
type lineOfError struct {
	Shop, Table, Kind, Text string
	Since                   time.Time
}

// errorsOf are the errors, the latest first.
func errorsOf(shops []shopStatus, q consolepage.Query) any {
	var rows []lineOfError
	for i := range shops {
		s := &shops[i]
		for j := range s.Tables {
			t := &s.Tables[j]
			line := lineOfError{Shop: s.title(), Table: t.Table, Kind: "tried again", Text: t.problem(), Since: t.since}
			if t.Blocked != "" {
				line.Kind = "scope is missing"
			}
			if line.Text != "" && q.Match(line.Shop, s.ID, line.Table, line.Kind, line.Text) {
				rows = append(rows, line)
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b lineOfError) int { return b.Since.Compare(a.Since) })
	return cut(rows, q)
}

// list is rows of a panel.
type list[T any] struct {
	Rows   []T
	More   int // that are not shown
	Sought bool
}

func cut[T any](rows []T, q consolepage.Query) list[T] {
	l := list[T]{Rows: rows, Sought: q.Text != ""}
	if len(rows) > maxRows {
		l.Rows, l.More = rows[:maxRows], len(rows)-maxRows
	}
	return l
}

// sampleOf takes the numbers out of a look.
func sampleOf(shops []shopStatus, at time.Time) sample {
	s := sample{At: at}
	var lags []float64
	for i := range shops {
		for j := range shops[i].Tables {
			t := &shops[i].Tables[j]
			s.Rows += t.written
			s.Requests += t.requests
			if t.follows && t.LagSeconds > 0 {
				lags = append(lags, t.LagSeconds)
			}
		}
	}
	if len(lags) > 0 {
		slices.Sort(lags)
		s.Worst, s.Half = lags[len(lags)-1], lags[len(lags)/2]
	}
	return s
}

// pastView is what samples tell, drawn.
type pastView struct {
	Enough              bool
	Lag, Rows, Requests consolepage.Plot
	RowSum, RequestSum  int64
}

func pastOf(samples []sample) pastView {
	past := pastView{Enough: len(samples) > 2}
	if !past.Enough {
		return past
	}
	first, last := samples[0], samples[len(samples)-1]
	from, to := first.At.UTC().Format(time.TimeOnly), last.At.UTC().Format(time.TimeOnly)
	for _, p := range []*consolepage.Plot{&past.Lag, &past.Rows, &past.Requests} {
		p.From, p.To = from, to
	}
	past.Lag.Title, past.Rows.Title, past.Requests.Title = "Seconds behind, over time", "Rows per second, over time", "Requests per second, over time"
	past.Lag.Unit = " s"
	past.RowSum, past.RequestSum = max(last.Rows-first.Rows, 0), max(last.Requests-first.Requests, 0)
	for i, s := range samples {
		past.Lag.First, past.Lag.Second = append(past.Lag.First, s.Worst), append(past.Lag.Second, s.Half)
		if i == 0 {
			continue
		}
		// A table that is reset counts from the beginning.
		seconds := max(s.At.Sub(samples[i-1].At).Seconds(), 0.001)
		past.Rows.First = append(past.Rows.First, max(float64(s.Rows-samples[i-1].Rows), 0)/seconds)
		past.Requests.First = append(past.Requests.First, max(float64(s.Requests-samples[i-1].Requests), 0)/seconds)
	}
	return past
}

// percent writes a share; only what is whole is 100 %.
func percent(share float64) string { return strconv.Itoa(int(100*share)) + " %" }

// spanText writes a time that has passed, in one unit.
func spanText(d time.Duration) string {
	if d <= 0 {
		return "–"
	}
	return firstUnit(console.Span(d))
}
