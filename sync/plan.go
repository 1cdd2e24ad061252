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

// Plan asks the platform once for each table how much there is, and says what a copy
// takes: at first, and on each day from then on, with a turn at each interval.
func (e *Engine) Plan(ctx context.Context, shop Shop, caller Caller) ([]Plan, error) {
	r := &run{Engine: e, shop: shop, caller: caller, states: map[string]State{}, report: &Report{Shop: shop, Streams: map[string]*StreamReport{}}}
	rows := map[string]int{}
	var plans []Plan
	for _, s := range e.streams {
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
	perDay := int(24 * time.Hour / r.config.Interval)
	pages := func(rows int) int {
		if s.PageSize == 0 {
			return 1
		}
		return max((rows+s.PageSize-1)/s.PageSize, 1)
	}
	days := max(r.config.Since.Hours()/24, 1)
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
		p.Daily = int(float64(parents)/days + 0.5)
		return nil
	case s.Class == Scans && s.IDsIn != "":
		ids := known[s.Parent]
		if s.Parent == "skus" {
			ids = 2 * known["products"] // about; the answer to a search has no count of SKUs
		}
		p.First = max((ids+s.IDsAt-1)/s.IDsAt, 1)
		p.Daily = p.First * int(24*time.Hour/s.Rescan)
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
		p.First = pages(rows)*int(days) + 1
		p.Daily = int(day/probe) + pages(rows)
		for _, again := range reread {
			p.Daily += pages(rows) * int(again.days*day/again.every)
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
			p.First += pages(rows)
		}
		p.Daily = p.First * int(24*time.Hour/max(s.Rescan, r.config.Interval))
		return nil
	}
	now := r.serverNow().Unix()
	from := now - int64(r.config.Since.Seconds())
	if s.Always {
		from = firstOrder
	}
	a, err := r.ask(ctx, PhaseVerify, r.window(s, s.created, from, now))
	if err != nil && !tooMany(err) {
		return err
	}
	switch {
	case err != nil:
		p.Rows = maxHits
	case a.total >= 0:
		p.Rows = a.total
	case a.next == "":
		p.Rows = len(a.items)
	default:
		p.Rows = -1
	}
	if s.Class == Updates {
		p.First = pages(max(p.Rows, 0)) + 1 // the cursor begins with one
		// A window of each turn fits on a page, unless a day has more changes than that:
		// three for each row is what orders have.
		changes := float64(max(p.Rows, 0)) / days * 3
		p.Daily = max(perDay, int(changes/(0.75*float64(s.PageSize)))+1)
		return nil
	}
	p.First = pages(max(p.Rows, 0)) + 1
	for _, again := range rescans {
		part := min(float64(again.age)/float64(day)/days, 1)
		p.Daily += pages(int(float64(max(p.Rows, 0))*part)) * int(day/again.every)
	}
	return nil
}

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
