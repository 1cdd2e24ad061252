package sync

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// scan reads a stream as a whole. A row that this scan and the one before did not have
// is deleted.
func (r *run) scan(ctx context.Context, s *Stream) error {
	st := r.states[s.Name]
	began := r.serverNow().Unix()
	if st.Scanned > 0 && began-st.Scanned < int64(s.Rescan.Seconds()) {
		return nil
	}
	generation := st.Generation + 1
	store := func(a *answer, left int) error {
		rows, issues, err := r.rows(s, a, "")
		if err != nil {
			return err
		}
		_, err = r.commit(ctx, s, PhaseLive, Batch{Rows: unique(s.table, rows), Issues: issues, Generation: generation}, left)
		return err
	}
	var err error
	if s.IDsIn != "" {
		err = r.scanByIDs(ctx, s, PhaseLive, store)
	} else {
		err = r.scanPages(ctx, s, PhaseLive, store)
	}
	if err != nil {
		return err
	}
	st = r.states[s.Name]
	st.Generation, st.Scanned, st.Live = generation, began, began
	_, err = r.commit(ctx, s, PhaseLive, Batch{State: &st, Before: generation - 1}, 0)
	return err
}

// scanPages reads a stream page by page, one part after the other.
func (r *run) scanPages(ctx context.Context, s *Stream, phase Phase, store func(*answer, int) error) error {
	for _, part := range s.parts() {
		if err := r.scanPart(ctx, s, phase, part, store); err != nil {
			return err
		}
	}
	return nil
}

// parts returns the bodies of the requests that all rows of a stream take.
func (s *Stream) parts() []map[string]any {
	if len(s.Parts) > 0 {
		return s.Parts
	}
	return []map[string]any{nil}
}

// scanPart reads a part of a stream until a pass agrees with its total.
func (r *run) scanPart(ctx context.Context, s *Stream, phase Phase, part map[string]any, store func(*answer, int) error) error {
	got, total := 0, 0
	for range passes {
		seen := map[string]bool{}
		total = -1
		err := r.pages(ctx, phase, request{stream: s, calls: s.calls, path: s.path, size: s.PageSize, body: part}, func(a *answer) error {
			for i := range a.items {
				seen[idOf(s.table, &a.items[i])] = true
			}
			total = a.total
			return store(a, rest(a, len(seen)))
		})
		if err != nil {
			return err
		}
		if got = len(seen); total < 0 || got == total {
			return nil
		}
	}
	return fmt.Errorf("%s: %w in %d passes: %d rows, total %d", s.Name, ErrPages, passes, got, total)
}

// scanByIDs reads a stream by the ids of another.
func (r *run) scanByIDs(ctx context.Context, s *Stream, phase Phase, store func(*answer, int) error) error {
	ids, err := r.parents(ctx, s, "", time.Time{}, time.Time{})
	if err != nil {
		return fmt.Errorf("read the keys of %s: %w", s.Parent, err)
	}
	for batch := range slices.Chunk(ids, s.IDsAt) {
		q := request{stream: s, calls: s.calls, path: s.path, body: map[string]any{}, query: map[string]string{}}
		q.setIDs(s.IDsIn, batch)
		a, err := r.ask(ctx, phase, q)
		if err != nil {
			return err
		}
		if err := store(a, -1); err != nil {
			return err
		}
	}
	return nil
}

// parents returns what a stream asks about: the keys of its parent's rows, or the values
// of another of their columns. Time may bound them.
func (r *run) parents(ctx context.Context, s *Stream, at string, from, to time.Time) ([]string, error) {
	t := r.schema.Table(s.Parent)
	column := s.ParentBy
	if column == "" {
		column = t.Key[len(t.Key)-1]
	}
	ids, err := r.to.Keys(ctx, r.shop.ID, t, column, at, from, to)
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" }), err
}

// setIDs puts ids to where the operation takes them.
func (q *request) setIDs(place string, ids []string) {
	where, name, _ := strings.Cut(place, ":")
	switch where {
	case "path":
		if q.values == nil {
			q.values = map[string]string{}
		}
		q.values[name] = ids[0]
	case "query":
		q.query[name] = strings.Join(ids, ",")
	case "body":
		q.body[name] = ids
	}
}
