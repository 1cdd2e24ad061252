package sync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop"
)

// slicePages is about how many pages a slice of the backfill has. A slice costs half a
// page more than its rows need; an interruption costs a slice.
const slicePages = 50

// maxHits is what a search of products finds at most, and codeMaxHits what it answers
// beyond.
const (
	maxHits     = 10_000
	codeMaxHits = 12052180
)

// tooMany reports whether a search found more than it may.
func tooMany(err error) bool {
	refused, ok := errors.AsType[*ttshop.Error](err)
	return ok && refused.Code == codeMaxHits
}

// firstOrder is before anything that the platform has: it opened its first shops in
// 2021.
const firstOrder = 1_546_300_800 // 2019-01-01

// wanted is the span of creation that the backfill of a stream is to cover.
func (r *run) wanted(s *Stream) Span {
	st := r.states[s.Name]
	want := Span{From: st.Since, To: st.Start}
	if s.Always {
		want.From = firstOrder
	}
	return want
}

// backfill reads the next slice of what was created before the live cursor began, the
// latest first, and reports whether anything is left.
func (r *run) backfill(ctx context.Context, s *Stream) (bool, error) {
	st := r.states[s.Name]
	gap, left := missing(st.Done, r.wanted(s))
	if !left {
		return false, nil
	}
	slice, pages := r.latest(gap, st.Width)
	if pages < 1 {
		return true, errStop
	}
	err := r.slice(ctx, PhaseBackfill, s, &slice, nil, func(rows int) *State {
		st := r.states[s.Name]
		st.Done = add(st.Done, slice)
		st.Width = s.sliceWidth(slice, rows)
		return &st
	})
	if errors.Is(err, errStop) {
		// The turn was too short for the slice: the next one gets a smaller one, or it
		// would never end.
		st = r.states[s.Name]
		st.Width = halfOf(slice, pages)
		if _, err := r.commit(ctx, s, PhaseBackfill, Batch{State: &st}, -1); err != nil {
			return true, err
		}
		return true, errStop
	}
	if err != nil {
		return true, err
	}
	_, left = missing(r.states[s.Name].Done, r.wanted(s))
	return left, nil
}

// latest returns the latest part of a span that is one slice, and about how many pages it
// may have: less than one where the turn has no time for it. Width is that of a full
// slice; 0: not known.
func (r *run) latest(span Span, width int64) (Span, float64) {
	pages := r.pagesLeft()
	if width > 0 {
		span.From = max(span.From, span.To-max(int64(float64(width)*pages/slicePages), 1))
	}
	return span, pages
}

// halfOf returns half the width of a full slice, after one of so many pages was too much.
func halfOf(slice Span, pages float64) int64 {
	return max(int64(float64(slice.To-slice.From)*slicePages/pages/2), 1)
}

// pagesLeft is how many pages of a slice the turn has time for about.
func (r *run) pagesLeft() float64 {
	if r.until.IsZero() || r.pace <= 0 {
		return slicePages
	}
	const caution = 0.8
	return min(caution*float64(r.until.Sub(r.now()))/float64(r.pace), slicePages)
}

// slice stores all rows of a span of creation. Each is told of each item, and the
// state that goes with the last page is asked for, given the number of rows; both may be
// nil.
func (r *run) slice(ctx context.Context, phase Phase, s *Stream, span *Span, each func(*node), state func(rows int) *State) error {
	_, err := r.walk(ctx, phase, s, span, func(a *answer, got int, whole bool) error {
		rows, issues, err := r.rows(s, a, "")
		if err != nil {
			return err
		}
		for i := range a.items {
			if each != nil {
				each(&a.items[i])
			}
		}
		batch := Batch{Rows: unique(s.table, rows), Issues: issues}
		if whole && state != nil {
			batch.State = state(got)
		}
		_, err = r.commit(ctx, s, phase, batch, rest(a, got))
		return err
	})
	return err
}

// walk reads all rows of a span of creation, page by page: what was created does not
// leave the span. A span that has too many is made shorter, at its beginning. Page is
// told how many rows are there, and whether these are all. It returns the number of rows.
func (r *run) walk(ctx context.Context, phase Phase, s *Stream, span *Span, page func(a *answer, got int, whole bool) error) (int, error) {
	got, total := 0, 0
	for pass := 0; pass < passes; {
		seen := map[string]bool{}
		pages := max(r.pagesLeft(), 1)
		q := r.window(s, s.created, span.From, span.To)
		if span.To-span.From > 1 {
			q.most = int(2 * pages * float64(s.PageSize))
		}
		err := r.pages(ctx, phase, q, func(a *answer) error {
			for i := range a.items {
				seen[idOf(s.table, &a.items[i])] = true
			}
			total = a.total
			last := a.next == "" || len(a.items) == 0
			return page(a, len(seen), last && (total < 0 || len(seen) == total))
		})
		long, shorter := errors.AsType[tooLong](err)
		switch {
		case shorter:
			width := float64(span.To-span.From) * pages * float64(s.PageSize) / float64(long.total)
			span.From = max(span.From, span.To-max(int64(width), 1))
			continue
		case tooMany(err) && span.To-span.From > 1:
			span.From = span.To - max((span.To-span.From)/2, 1)
			continue
		case err != nil:
			return 0, err
		case total < 0 || len(seen) == total:
			return len(seen), nil
		}
		got = len(seen)
		pass++
	}
	return 0, fmt.Errorf("%s created from %d to %d: %w in %d passes: %d rows, total %d", s.Name, span.From, span.To, ErrPages, passes, got, total)
}

// rest returns how many rows are left of a slice.
func rest(a *answer, got int) int {
	if a.total < 0 {
		return -1
	}
	return max(a.total-got, 0)
}

// The ages up to which creations are read again, and how often.
var rescans = []struct{ age, every int64 }{
	{7 * day, hour}, {35 * day, day}, {120 * day, 7 * day},
}

const (
	hour = 60 * 60
	day  = 24 * hour
)

// creations reads what was created up to the horizon, and again what may have changed
// since.
func (r *run) creations(ctx context.Context, s *Stream) error {
	st := r.states[s.Name]
	now := r.serverNow().Unix()
	if st.Start == 0 {
		if !r.clock { // ask for an answer that tells the time
			if _, err := r.ask(ctx, PhaseLive, r.window(s, s.created, r.horizon()-1, r.horizon())); err != nil {
				return err
			}
		}
		st.Start = r.horizon()
		st.Cursor, st.Live = st.Start, now
		st.Rescans = []int64{now, now, now}
		_, err := r.commit(ctx, s, PhaseLive, Batch{State: &st}, 0)
		return err
	}
	if now-st.Live < rescans[0].every {
		return nil // that they are read again this often is enough
	}
	span := Span{st.Cursor, r.horizon()}
	due := -1
	for i, again := range rescans {
		if now-st.Rescans[i] >= again.every {
			span.From, due = now-again.age, i
		}
	}
	if due == len(rescans)-1 && st.Open > 0 {
		span.From = min(span.From, st.Open)
	}
	if !s.Always {
		span.From = max(span.From, st.Since)
	}
	if span.From >= span.To {
		return nil
	}
	open := int64(0) // the oldest that is not final
	each := func(item *node) {
		if s.Final != nil && !s.Final(item) {
			if at, err := strconv.ParseInt(item.get(s.created).text(), 10, 64); err == nil && (open == 0 || at < open) {
				open = at
			}
		}
	}
	for to := span.To; span.From < to; {
		part := Span{span.From, to}
		if err := r.slice(ctx, PhaseLive, s, &part, each, nil); err != nil {
			return err
		}
		to = part.From
	}
	st = r.states[s.Name]
	st.Cursor, st.Live = span.To, now
	st.Rescans = slices.Clone(st.Rescans)
	for i := 0; i <= due; i++ {
		st.Rescans[i] = now
	}
	if st.Open == 0 || span.From <= st.Open {
		st.Open = open
	}
	_, err := r.commit(ctx, s, PhaseLive, Batch{State: &st}, 0)
	return err
}
