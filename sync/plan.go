package sync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ttshop-go/ttshop"
)

// A Plan is what the copy of a table will take.
type Plan struct {
	Stream  string `json:"table"`
	Rows    int    `json:"rows"`              // that are to be copied at first; -1: nobody knows
	First   int    `json:"first"`             // requests until all is there
	Daily   int    `json:"daily"`             // requests on a day from then on
	Missing string `json:"missing,omitempty"` // the scope that is missing
	Error   string `json:"error,omitempty"`
}

// Plan asks the platform how much there is in each table, and how much of it is new, and
// says what a copy takes: at first, and on each day from then on, with a turn at each
// interval and, where [Config.Hinted] says so, one at each hint.
func (e *Engine) Plan(ctx context.Context, shop Shop, caller Caller) ([]Plan, error) {
	r := e.newRun(shop, caller, &Report{Shop: shop, Streams: map[string]*StreamReport{}})
	r.mu.Lock()
	defer r.mu.Unlock()
	rows := map[string]int{}
	var plans []Plan
	for _, s := range r.streams {
		p := Plan{Stream: s.Name, Rows: -1}
		if err := r.plan(ctx, s, rows, &p); err != nil {
			refused, ok := errors.AsType[*ttshop.Error](err)
			switch {
			case errors.Is(err, ttshop.ErrScope) && ok:
				p.Missing = refused.Message
				if s.calls.Scope != "" {
					p.Missing = s.calls.Scope
				}
			case ctx.Err() != nil || !ofStream(err):
				return plans, fmt.Errorf("plan %s: %w", s.Name, err)
			default:
				p.Error = err.Error()
			}
			p.First, p.Daily = 0, 0
		}
		if p.Rows >= 0 {
			rows[s.Name] = p.Rows
		}
		plans = append(plans, p)
	}
	return plans, nil
}

// plan fills in what one table takes.
func (r *run) plan(ctx context.Context, s *Stream, known map[string]int, p *Plan) error {
	turn := r.config.Interval
	days := max(r.config.Since.Hours()/24, 1)
	// times is how often a day has something that is done by the first turn after so long.
	times := func(every time.Duration) float64 {
		turns := (every + turn - 1) / turn
		return float64(24*time.Hour) / float64(max(turns, 1)*turn)
	}
	switch {
	case s.Class == Details:
		parents, ok := known[s.Parent]
		if s.ParentBy == "order_id" {
			var err error
			if parents, err = r.orders(ctx, known); err != nil {
				return err
			}
		} else if !ok {
			return nil
		}
		p.First = parents
		// Each is asked about when it is new, and once more when it is final.
		p.Daily = round(2 * float64(parents) / days)
		return nil
	case s.Class == Scans && s.IDsIn != "":
		p.First = s.pages(known[s.Parent], s.IDsAt)
		p.Daily = round(float64(p.First) * times(s.Rescan))
		return nil
	case s.Class == Days:
		q := request{stream: s, calls: s.calls, path: s.path, size: s.PageSize, query: map[string]string{}}
		q.setDay(nameOf(dayOf(r.serverNow().Unix()) - 2*day))
		a, err := r.ask(ctx, PhaseVerify, q)
		if err != nil {
			return err
		}
		rows := max(a.total, len(a.items))
		p.Rows = rows * int(days)
		p.First = s.pages(rows, s.PageSize)*int(days) + 1
		p.Daily = int(day/probe) + s.pages(rows, s.PageSize)
		for _, again := range reread {
			p.Daily += s.pages(rows, s.PageSize) * int(again.days*day/again.every)
		}
		return nil
	case s.Class == Scans:
		p.Rows, p.First = 0, 0
		for _, part := range s.parts() {
			a, err := r.ask(ctx, PhaseVerify, request{stream: s, calls: s.calls, path: s.path, size: s.PageSize, body: part})
			if err != nil {
				return err
			}
			rows := max(a.total, len(a.items))
			p.Rows += rows // of parts that overlap it is too many
			p.First += s.pages(rows, s.PageSize)
		}
		p.Daily = round(float64(p.First) * times(s.Rescan))
		return nil
	}
	now := r.serverNow().Unix()
	from := now - int64(r.config.Since.Seconds())
	if s.Always {
		from = firstOrder
	}
	all, a, err := r.count(ctx, s, s.created, from, now)
	if err != nil {
		return err
	}
	p.Rows = all
	p.First = s.pages(all, s.PageSize) + 1 // the cursor begins with one
	week, _, err := r.count(ctx, s, s.created, now-7*day, now)
	if err != nil {
		return err
	}
	// created is how many rows of an age there are about.
	created := func(age int64) int {
		if age <= 0 || all < 0 || float64(age) >= days*float64(day) {
			return all
		}
		return min(max(all, 0), max(int(float64(max(all, 0))*float64(age)/float64(day)/days), week))
	}
	if s.Class == Creations {
		before := 0.0 // what is read again more rarely is read in place of what is more often
		for i := len(rescans) - 1; i >= 0; i-- {
			n := times(time.Duration(rescans[i].every)*time.Second) - before
			before += n
			p.Daily += round(n * float64(s.pages(created(rescans[i].age), s.PageSize)))
		}
		return nil
	}
	for _, child := range s.table.Children { // what others ask about by their ids
		known[child.Name] = all
		if n := inside(a, child); len(a.items) > 0 {
			known[child.Name] = all * n / len(a.items)
		}
	}
	changes, _, err := r.count(ctx, s, s.updated, now-day, now)
	if err != nil {
		return err
	}
	rows := func(span time.Duration) int { return int(float64(max(changes, 0)) * span.Hours() / 24) }
	long := times(deep * time.Second)
	daily := (times(turn)-long)*s.windows(rows(2*turn)) + long*s.windows(rows(turn+deep*time.Second))
	if r.config.Hinted && s.hinted() {
		daily += float64(max(changes, 0))
	}
	if !r.config.NoAudits {
		before := 0.0
		for i := len(audits) - 1; i >= 0; i-- {
			n := 1/float64(audits[i].nights) - before
			before += n
			daily += n * float64(s.pages(created(audits[i].age*day), s.PageSize))
		}
	}
	p.Daily = round(daily)
	return nil
}

// count asks how many rows have a time in [from, to), and returns the answer as well;
// -1: nobody knows.
func (r *run) count(ctx context.Context, s *Stream, member string, from, to int64) (int, *answer, error) {
	a, err := r.ask(ctx, PhaseVerify, r.window(s, member, from, to))
	switch {
	case tooMany(err):
		return maxHits, &answer{}, nil
	case err != nil:
		return 0, nil, err
	case a.total >= 0:
		return a.total, a, nil
	case a.next == "":
		return len(a.items), a, nil
	}
	return -1, a, nil
}

// inside is how many items of a child an answer has.
func inside(a *answer, child *Table) int {
	n := 0
	for i := range a.items {
		n += len(a.items[i].at(child.items).items)
	}
	return n
}

// pages is how many requests so many rows take.
func (s *Stream) pages(rows, size int) int {
	if size == 0 {
		return 1
	}
	return max((rows+size-1)/size, 1)
}

// windows is about how many windows so many changes take, see [run.live].
func (s *Stream) windows(changes int) float64 {
	if changes <= s.PageSize {
		return 1
	}
	return 1 + float64(changes)/(0.75*float64(s.PageSize))
}

// hinted reports whether webhooks tell of rows of a stream.
func (s *Stream) hinted() bool {
	for _, h := range hinted {
		if h.stream == s.Name {
			return true
		}
	}
	return false
}

func round(x float64) int { return int(x + 0.5) }

// orders returns how many orders a copy has: about so many will be settled.
func (r *run) orders(ctx context.Context, known map[string]int) (int, error) {
	if n, ok := known["orders"]; ok {
		return n, nil
	}
	now := r.serverNow().Unix()
	orders := streamOf(r.all, "orders")
	a, err := r.ask(ctx, PhaseVerify, r.window(orders, orders.created, now-int64(r.config.Since.Seconds()), now))
	if err != nil {
		return 0, err
	}
	return max(a.total, len(a.items)), nil
}

// A Planner says what copies take. It stores nothing.
type Planner struct{ engine *Engine }

// NewPlanner returns a planner for the streams and the interval of a configuration.
func NewPlanner(config Config) (*Planner, error) {
	e, err := newEngine(nil, config)
	if err != nil {
		return nil, err
	}
	return &Planner{e}, nil
}

// Plan is [Engine.Plan].
func (p *Planner) Plan(ctx context.Context, shop Shop, caller Caller) ([]Plan, error) {
	return p.engine.Plan(ctx, shop, caller)
}
