package sync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// deep is how far before the cursor a turn begins now and then, and how often.
const deep = 10 * 60

// ErrPages means that the pages of an answer do not agree with its total.
var ErrPages = errors.New("the pages and their total do not agree")

// passes is how often a range is read that does not agree with its total.
const passes = 3

// live reads all changes up to the horizon, window by window.
func (r *run) live(ctx context.Context, s *Stream) error {
	st := r.states[s.Name]
	if st.Cursor == 0 {
		// What the server's clock says is known with the first answer.
		a, err := r.ask(ctx, PhaseLive, r.window(s, s.updated, r.horizon()-1, r.horizon()))
		if err != nil {
			return err
		}
		st.Start = a.date.Unix() - int64(r.config.Settle.Seconds())
		st.Cursor, st.Live = st.Start, r.serverNow().Unix()
		_, err = r.commit(ctx, s, PhaseLive, Batch{State: &st}, 0)
		return err
	}
	now := r.serverNow().Unix()
	if r.hinted && now-st.Live < int64(r.config.Interval.Seconds()) {
		return nil // the turn is early, for the sake of hints
	}
	lo := st.Cursor - int64(r.config.Interval.Seconds())
	if now-st.Deep >= deep {
		lo = st.Cursor - deep
		st.Deep = now
	}
	if lo >= r.horizon() && !r.clock { // this machine's clock may be behind the server's
		if _, err := r.ask(ctx, PhaseLive, r.window(s, s.updated, lo, lo+1)); err != nil {
			return err
		}
	}
	width := max(r.horizon()-lo, 1)
	var ahead crowd
	for lo < r.horizon() {
		hi := min(lo+width, r.horizon())
		a, fits, err := r.closed(ctx, s, lo, hi)
		if err != nil {
			return err
		}
		if a == nil { // it was too early for hi, by the clock of the answer
			earlier := r.horizon()
			if earlier <= lo || earlier >= hi {
				break // the next turn goes on
			}
			width = earlier - lo
			continue
		}
		if !fits {
			ahead = crowd{hi, a.total}
			width = narrower(hi-lo, s.PageSize, a.total)
			continue
		}
		st.Cursor = max(st.Cursor, hi)
		if hi == r.horizon() {
			st.Live = r.serverNow().Unix()
		}
		rows, issues, err := r.rows(s, a, "")
		if err != nil {
			return err
		}
		if _, err := r.commit(ctx, s, PhaseLive, Batch{Rows: rows, Issues: issues, State: &st}, -1); err != nil {
			return err
		}
		st = r.states[s.Name]
		lo = hi
		ahead.rows -= len(a.items)
		width = ahead.bound(wider(width, s.PageSize, len(a.items)), width, lo, s.PageSize)
	}
	return nil
}

// crowd is how many rows there are up to a time, as a window told that had too many.
type crowd struct {
	to   int64
	rows int
}

// bound returns a next width that is not sure to have too many rows again: twice what
// rows that are spread evenly would need, and twice the last width at least, as there may
// be a long time without any.
func (c crowd) bound(next, last, lo int64, page int) int64 {
	if c.to <= lo || c.rows <= page {
		return next
	}
	even := int64(float64(c.to-lo) * 0.75 * float64(page) / float64(c.rows))
	return max(min(next, 2*max(even, last), (c.to-lo)/2), 1)
}

// narrower is the width of a window that is to hold three quarters of a page.
func narrower(width int64, page, total int) int64 {
	next := width / 2
	if total > page {
		next = int64(float64(width) * 0.75 * float64(page) / float64(total))
	}
	return max(min(next, width-1), 1)
}

// wider is the width of the window after one that held so many rows.
func wider(width int64, page, rows int) int64 {
	next := float64(width) * 8
	if rows > 0 {
		next = min(next, float64(width)*0.75*float64(page)/float64(rows))
	}
	return max(int64(next), 1)
}

// window is the request for the rows whose time is in [lo, hi).
func (r *run) window(s *Stream, member string, lo, hi int64) request {
	from, to := member+"_ge", member+"_lt"
	if s.Inclusive {
		to, hi = member+"_le", hi-1
	}
	q := request{stream: s, calls: s.calls, path: s.path, size: s.PageSize, query: map[string]string{}, body: map[string]any{}}
	q.bound(from, lo)
	q.bound(to, hi)
	if s.Sorted && s.Query["sort_field"] == "" {
		q.query["sort_field"], q.query["sort_order"] = member, "ASC"
	}
	return q
}

// bound sets a bound of a time filter where the operation takes it.
func (q *request) bound(name string, value int64) {
	for _, p := range q.stream.operation.Params {
		if p.Name == name {
			q.query[name] = strconv.FormatInt(value, 10)
			return
		}
	}
	q.body[name] = value
}

// closed reads a window, and reports whether its rows are all of it: they fit on one
// page, and the page agrees with its total. A nil answer means that the server's clock
// has not passed the window yet. A second that does not fit is read page by page.
func (r *run) closed(ctx context.Context, s *Stream, lo, hi int64) (*answer, bool, error) {
	var a *answer
	for pass := range passes {
		var err error
		a, err = r.ask(ctx, PhaseLive, r.window(s, s.updated, lo, hi))
		switch {
		case tooMany(err) && hi-lo > 1:
			return &answer{total: maxHits}, false, nil
		case tooMany(err): // pages up to the limit would not be all
			return nil, false, err
		case err != nil:
			return nil, false, err
		case hi > a.date.Unix()-int64(r.config.Settle.Seconds()):
			return nil, false, nil
		case a.total > s.PageSize || a.next != "": // a total may be too low
			if hi-lo > 1 {
				return a, false, nil
			}
			a, err = r.second(ctx, s, lo)
			return a, err == nil, err
		case a.total == len(a.items), a.total < 0:
			return a, true, nil
		}
		if pass == passes-1 && hi-lo > 1 {
			return a, false, nil // half of it may do
		}
	}
	return nil, false, fmt.Errorf("%s of the second %d: %w: %d rows on the page, total %d; the cursor stays", s.Name, lo, ErrPages, len(a.items), a.total)
}

// second reads one second that has more than one page, until a pass agrees with the
// total from its first page to its last.
func (r *run) second(ctx context.Context, s *Stream, lo int64) (*answer, error) {
	got, total := 0, 0
	for range passes {
		all := &answer{}
		agree := true
		err := r.pages(ctx, PhaseLive, r.window(s, s.updated, lo, lo+1), func(a *answer) error {
			if all.seq == 0 {
				all.seq, all.total = a.seq, a.total
			}
			agree = agree && a.total == all.total
			all.items = append(all.items, a.items...)
			return nil
		})
		if err != nil {
			return nil, err
		}
		all.items = distinct(s, all.items)
		got, total = len(all.items), all.total
		if agree && got == total {
			return all, nil
		}
	}
	return nil, fmt.Errorf("%s of the second %d: %w in %d passes: %d rows, total %d; the cursor stays", s.Name, lo, ErrPages, passes, got, total)
}

// pages hands over the pages of a request. While one is worked on, the next is on its
// way.
func (r *run) pages(ctx context.Context, phase Phase, q request, each func(*answer) error) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	seen := map[string]bool{}
	alike := map[string]int{}
	began := r.now()
	f, err := r.send(ctx, phase, q)
	for err == nil {
		var a *answer
		if a, err = r.wait(f); err != nil {
			return err
		}
		if q.most > 0 && q.token == "" && a.total > q.most {
			return tooLong{a.total}
		}
		if err := q.stream.numberAll(a.items, alike); err != nil {
			return err
		}
		if a.next == "" || len(a.items) == 0 {
			return each(a)
		}
		if seen[a.next] {
			return fmt.Errorf("%s: a page token repeats after %d pages", q.stream.Name, len(seen))
		}
		seen[a.next] = true
		q.token = a.next
		f, err = r.send(ctx, phase, q)
		if failed := each(a); failed != nil {
			if err == nil {
				stop()
				_, _ = r.wait(f) // it counts as a request, and is for nothing
			}
			return failed
		}
		now := r.now()
		r.pace, began = now.Sub(began), now
	}
	return err
}

// distinct returns the items with different keys; of two the later stays.
func distinct(s *Stream, items []node) []node {
	at := map[string]int{}
	var kept []node
	for _, item := range items {
		id := idOf(s.table, &item)
		if i, ok := at[id]; ok {
			kept[i] = item
			continue
		}
		at[id] = len(kept)
		kept = append(kept, item)
	}
	return kept
}

// idOf returns the key of an item as one text.
func idOf(t *Table, item *node) string {
	var id []byte
	for i, key := range t.Key {
		if i > 0 {
			id = append(id, '/')
		}
		if c := t.Columns[t.Column(key)]; c.derive != nil {
			id = append(id, c.derive(item, "")...)
		} else {
			id = append(id, item.at(c.Path).text()...)
		}
	}
	return string(id)
}

// peek reads what changed since the cursor without waiting for it to settle. The
// cursor stays: what shows later is still to come.
func (r *run) peek(ctx context.Context, s *Stream) error {
	st := r.states[s.Name]
	return r.pages(ctx, PhaseHints, r.window(s, s.updated, st.Cursor, r.serverNow().Unix()+1), func(a *answer) error {
		rows, issues, err := r.rows(s, a, "")
		if err != nil {
			return err
		}
		_, err = r.commit(ctx, s, PhaseHints, Batch{Rows: unique(s.table, rows), Issues: issues}, -1)
		return err
	})
}

// unique returns rows with different keys; of two the later stays.
func unique(t *Table, rows []Row) []Row {
	at := make(map[string]int, len(rows))
	for i := range rows {
		at[rows[i].ID(t)] = i
	}
	if len(at) == len(rows) {
		return rows
	}
	i := -1
	return slices.DeleteFunc(rows, func(row Row) bool { i++; return at[row.ID(t)] != i })
}
