package sync

import (
	"context"
	"fmt"
	"time"
)

// probe is how often a stream of days asks which day is the latest.
const probe = 3 * hour

// The ages up to which days are read again, and how often. No document says when the
// figures of a day are final; refunds and what led to an order may still move them.
var reread = []struct{ days, every int64 }{{7, day}, {35, 7 * day}}

// days notes which days are to be read: those that have become available, those that may
// have changed, and those of before that are not here. They are then read as parents are.
func (r *run) days(ctx context.Context, s *Stream) error {
	st := r.states[s.Name]
	if st.Scanned > 0 && r.serverNow().Unix()-st.Scanned < probe {
		return nil
	}
	latest, err := r.latestDay(ctx, s)
	if err != nil {
		return err
	}
	now := r.serverNow().Unix()
	want := Span{dayOf(st.Since), latest + day}
	due := map[int64]bool{}
	note := func(span Span) {
		for at := max(span.From, want.From); at < min(span.To, want.To); at += day {
			due[at] = true
		}
	}
	for {
		gap, left := missing(st.Done, want)
		if !left {
			break
		}
		note(gap)
		st.Done = add(st.Done, gap)
	}
	rescans := make([]int64, len(reread))
	for i, again := range reread {
		switch {
		case st.Rescans == nil:
			rescans[i] = now
		case now-st.Rescans[i] >= again.every:
			note(Span{want.To - again.days*day, want.To})
			rescans[i] = now
		default:
			rescans[i] = st.Rescans[i]
		}
	}
	st.Rescans, st.Scanned, st.Cursor = rescans, now, max(st.Cursor, want.To)
	if len(due) == 0 && st.Live > 0 {
		st.Live = now
	}
	todo := make([]Todo, 0, len(due))
	for at := range due {
		todo = append(todo, Todo{Stream: s.Name, ID: nameOf(at), Reason: "changed", Mark: latestFirst - at/day})
	}
	_, err = r.commit(ctx, s, PhaseLive, Batch{State: &st, Todo: todo}, -1)
	return err
}

// latestFirst puts the latest day first: what waits is taken by its mark.
const latestFirst = 1 << 32

// latestDay asks for the latest day that has figures.
func (r *run) latestDay(ctx context.Context, s *Stream) (int64, error) {
	over := dayOf(r.serverNow().Unix()) - 2*day // in every zone
	q := request{stream: s, calls: s.calls, path: s.path, size: min(s.PageSize, 1), query: map[string]string{}}
	q.setDay(nameOf(over))
	a, err := r.ask(ctx, PhaseLive, q)
	if err != nil {
		return 0, err
	}
	if a.until == "" {
		return over, nil // where the platform does not say so, a day that is over is taken as there
	}
	at, err := time.Parse(time.DateOnly, a.until)
	if err != nil {
		return 0, fmt.Errorf("the latest day that %s has figures of: %w", s.Name, err)
	}
	return min(at.Unix(), dayOf(r.serverNow().Unix())), nil
}

// setDay asks for one day. It is one of the shop's own zone, which need not be known: the
// platform says which day is the latest.
func (q *request) setDay(name string) {
	q.query["start_date_ge"] = name
	if at, err := time.Parse(time.DateOnly, name); err == nil {
		q.query["end_date_lt"] = nameOf(at.Unix() + day)
	}
}

// dayOf returns the beginning of a day of UTC, which stands for the day of that name in
// any zone.
func dayOf(at int64) int64 { return at - at%day }

// nameOf is the name of a day.
func nameOf(at int64) string { return time.Unix(at, 0).UTC().Format(time.DateOnly) }
