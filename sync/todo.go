package sync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ttshop-go/ttshop"
)

// todoBatch is how many ids are taken out of the list at a time.
const todoBatch = 200

// details makes the requests that parents wait for, and reports whether any are left.
func (r *run) details(ctx context.Context, s *Stream, phase Phase) (bool, error) {
	todo, err := r.to.Todo(ctx, r.shop.ID, s.Name, todoBatch)
	if err != nil {
		return false, fmt.Errorf("read what %s waits for: %w", s.Name, err)
	}
	for i, t := range todo {
		if err := r.detail(ctx, s, phase, t, len(todo)-i-1); err != nil {
			return true, err
		}
	}
	return len(todo) == todoBatch, nil
}

// owe notes the parents that were here before a stream was asked for: nothing says of
// them that they changed.
func (r *run) owe(ctx context.Context, s *Stream) error {
	st := r.states[s.Name]
	if st.owed() {
		return nil
	}
	ids, err := r.parents(ctx, s, "", time.Time{}, time.Time{})
	if err != nil {
		return fmt.Errorf("read the rows of %s: %w", s.Parent, err)
	}
	for batch := range slices.Chunk(ids, markBatch) {
		marks := make([]Todo, len(batch))
		for i, id := range batch {
			marks[i] = Todo{Stream: s.Name, ID: id, Reason: "changed"}
		}
		if err := r.to.Mark(ctx, r.shop.ID, marks); err != nil {
			return fmt.Errorf("note what %s waits for: %w", s.Name, err)
		}
	}
	st.Start = r.serverNow().Unix()
	_, err = r.commit(ctx, s, PhaseBackfill, Batch{State: &st}, -1)
	return err
}

// markBatch is how many ids are noted at a time.
const markBatch = 1000

// owed reports whether what changes is noted for a stream that asks about parents.
func (s State) owed() bool { return s.Start > 0 || s.Live > 0 }

// detail reads all about one parent. What was there before and is not any more is
// deleted.
func (r *run) detail(ctx context.Context, s *Stream, phase Phase, t Todo, left int) error {
	generation := int64(0)
	err := r.about(ctx, phase, s, t.ID, func(a *answer, first, whole bool) error {
		if first {
			generation = a.seq
		}
		rows, issues, err := r.rows(s, a, t.ID)
		if err != nil {
			return err
		}
		b := Batch{Rows: unique(s.table, rows), Issues: issues, Generation: generation}
		if whole {
			b.Before, b.Parent, b.Done = generation, t.ID, []Todo{t}
			st := r.states[s.Name]
			st.Live = r.serverNow().Unix()
			b.State = &st
		}
		_, err = r.commit(ctx, s, phase, b, left)
		return err
	})
	if !refused(err) {
		return err
	}
	// It would stand in the way of the others. What was known of it stays.
	issue := Issue{Table: s.Name, ID: t.ID, Problem: "the platform refuses to tell about it: " + err.Error()}
	_, err = r.commit(ctx, s, phase, Batch{Issues: []Issue{issue}, Done: []Todo{t}}, left)
	return err
}

// refused reports whether the platform does not know what it was asked about.
func refused(err error) bool { return errors.Is(err, ttshop.ErrNotFound) }

// about reads all about one parent, or one day, until a pass agrees with its total. Page
// is told whether an answer is the first of a pass, and whether all is there with it.
func (r *run) about(ctx context.Context, phase Phase, s *Stream, id string, page func(a *answer, first, whole bool) error) error {
	q := request{stream: s, calls: s.calls, path: s.path, size: s.PageSize, query: map[string]string{}, body: map[string]any{}}
	if s.Class == Days {
		q.setDay(id)
	} else {
		q.setIDs(s.IDsIn, []string{id})
	}
	got, total := 0, 0
	for range passes {
		seen := map[string]bool{}
		first := true
		total = -1
		err := r.pages(ctx, phase, q, func(a *answer) error {
			for i := range a.items {
				seen[idOf(s.table, &a.items[i])] = true
			}
			total = a.total
			last := a.next == "" || len(a.items) == 0
			err := page(a, first, last && (total < 0 || len(seen) == total))
			first = false
			return err
		})
		if err != nil {
			return fmt.Errorf("%s of %s: %w", s.Name, id, err)
		}
		if got = len(seen); total < 0 || got == total {
			return nil
		}
	}
	return fmt.Errorf("%s of %s: %w in %d passes: %d rows, total %d", s.Name, id, ErrPages, passes, got, total)
}

// hints fetches the rows of a stream that somebody said have changed.
func (r *run) hints(ctx context.Context, s *Stream) error {
	for {
		limit := todoBatch
		op, path, in := s.calls, s.path, s.IDsIn
		if s.DetailOf != nil {
			op, path, in, limit = s.DetailOf.calls, s.DetailOf.path, s.DetailOf.IDsIn, s.DetailOf.IDsAt
		} else if s.IDsIn != "" {
			limit = s.IDsAt
		}
		todo, err := r.to.Todo(ctx, r.shop.ID, s.Name, limit)
		if err != nil {
			return fmt.Errorf("read the hints for %s: %w", s.Name, err)
		}
		if len(todo) == 0 {
			return nil
		}
		if in == "" { // it cannot be asked about single rows
			if err := r.peek(ctx, s); err != nil {
				return err
			}
			if _, err := r.commit(ctx, s, PhaseHints, Batch{Done: todo}, 0); err != nil {
				return err
			}
			continue
		}
		ids := make([]string, len(todo))
		for i, t := range todo {
			ids[i] = t.ID
		}
		if err := r.fetch(ctx, s, PhaseHints, op, path, in, ids, todo); err != nil {
			return err
		}
	}
}

// fetch asks about single rows. Where one of the ids is refused, each is asked about
// alone.
func (r *run) fetch(ctx context.Context, s *Stream, phase Phase, op *ttshop.Operation, path []string, in string, ids []string, done []Todo) error {
	q := request{stream: s, calls: op, path: path, query: map[string]string{}, body: map[string]any{}}
	if op == s.calls {
		q.size = s.PageSize
	}
	q.setIDs(in, ids)
	a, err := r.ask(ctx, phase, q)
	if errors.Is(err, ttshop.ErrInvalidRequest) || errors.Is(err, ttshop.ErrNotFound) {
		if len(ids) > 1 {
			for i := range ids {
				if err := r.fetch(ctx, s, phase, op, path, in, ids[i:i+1], done[i:i+1]); err != nil {
					return err
				}
			}
			return nil
		}
		issue := Issue{Table: s.Name, ID: ids[0], Problem: "a hint about it, and the platform refuses it: " + err.Error()}
		_, err = r.commit(ctx, s, phase, Batch{Issues: []Issue{issue}, Done: done}, 0)
		return err
	}
	if err != nil {
		return err
	}
	rows, issues, err := r.rows(s, a, "")
	if err != nil {
		return err
	}
	b := Batch{Rows: unique(s.table, rows), Issues: issues, Done: done}
	if s.Class == Scans {
		b.Generation = r.states[s.Name].Generation
	}
	_, err = r.commit(ctx, s, phase, b, 0)
	return err
}
