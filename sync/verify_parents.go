package sync

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// byParent reports whether a stream is compared parent by parent, or day by day: it has a
// request for each.
func (s *Stream) byParent() bool { return s.Class == Details || s.Class == Days }

// compared returns the parents, or the days, whose rows an audit compares.
func (r *run) compared(ctx context.Context, s *Stream, audit Audit) ([]string, error) {
	now := r.serverNow()
	from := int64(0)
	if audit.Since > 0 {
		from = now.Unix() - int64(audit.Since.Seconds())
	}
	if s.Class == Days {
		var days []string
		for _, span := range r.states[s.Name].Done {
			for at := max(span.From, dayOf(from)); at < span.To; at += day {
				days = append(days, nameOf(at))
			}
		}
		return days, nil
	}
	at := ""
	if from > 0 {
		at = s.Dated
	}
	ids, err := r.parents(ctx, s, at, time.Unix(from, 0).UTC(), now.UTC())
	if err != nil {
		return nil, fmt.Errorf("read the rows of %s: %w", s.Parent, err)
	}
	return ids, nil
}

// costByParent returns about how many requests a stream's audit takes.
func (e *Engine) costByParent(ctx context.Context, shop string, s *Stream, audit Audit) (int, error) {
	state, err := e.to.State(ctx, shop)
	if err != nil {
		return 0, fmt.Errorf("read the state of shop %s: %w", shop, err)
	}
	r := &run{Engine: e, shop: Shop{ID: shop}, states: state.Streams}
	ids, err := r.compared(ctx, s, audit)
	if err != nil {
		return 0, err
	}
	cost := len(ids)
	if s.PageSize == 0 {
		return cost, nil
	}
	want := setOf(ids)
	rows := map[string]int{}
	for k, err := range e.to.Rows(ctx, shop, s.table, "", time.Time{}, time.Time{}) {
		if err != nil {
			return 0, fmt.Errorf("count the rows of %s: %w", s.Name, err)
		}
		if want[k.Key[0]] && !k.Deleted {
			if rows[k.Key[0]]++; rows[k.Key[0]] > s.PageSize {
				rows[k.Key[0]] = 1
				cost++
			}
		}
	}
	return cost, nil
}

func setOf(ids []string) map[string]bool {
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// verifyByParent compares a stream that has a request for each parent. What is known to
// have changed is copied first. Those whose rows differ are looked at once more.
func (r *run) verifyByParent(ctx context.Context, s *Stream, audit Audit) (Comparison, error) {
	c := Comparison{Stream: s.Name}
	if err := r.catchUp(ctx, s); err != nil {
		return c, err
	}
	if audit.Since > 0 {
		c.From, c.To = r.serverNow().Add(-audit.Since).UTC(), r.serverNow().UTC()
	}
	ids, err := r.compared(ctx, s, audit)
	if err != nil {
		return c, err
	}
	first, suspects, err := r.compareParents(ctx, s, setOf(ids), &c)
	if err != nil || len(first) == 0 {
		return c, err
	}
	if err := r.catchUp(ctx, s); err != nil {
		return c, err
	}
	second, _, err := r.compareParents(ctx, s, suspects, new(Comparison))
	if err != nil {
		return c, err
	}
	d := c.confirm(first, second)
	if !audit.Repair {
		return c, nil
	}
	err = r.repair(ctx, s, d, &c)
	return c, err
}

// catchUp copies what parents that are known to have changed wait for.
func (r *run) catchUp(ctx context.Context, s *Stream) error {
	if parent := streamOf(r.all, s.Parent); parent != nil && parent.Class == Updates && r.states[parent.Name].Cursor > 0 {
		if err := r.live(ctx, parent); err != nil {
			return fmt.Errorf("bring %s up to date: %w", parent.Name, err)
		}
	}
	for {
		if left, err := r.details(ctx, s, PhaseVerify); err != nil || !left {
			return err
		}
	}
}

// compareParents returns what is not the same here of the rows of some parents, and the
// parents that these are of. It holds the rows of one parent at a time.
func (r *run) compareParents(ctx context.Context, s *Stream, want map[string]bool, c *Comparison) (map[string]difference, map[string]bool, error) {
	found, suspects := map[string]difference{}, map[string]bool{}
	left := maps.Clone(want)
	compare := func(parent string, here []Known) error {
		if !left[parent] {
			return nil
		}
		delete(left, parent)
		before := len(found)
		err := r.compareParent(ctx, s, parent, here, found, c)
		if len(found) > before {
			suspects[parent] = true
		}
		return err
	}
	parent, here := "", []Known(nil)
	for k, err := range r.to.Rows(ctx, r.shop.ID, s.table, "", time.Time{}, time.Time{}) {
		if err != nil {
			return nil, nil, fmt.Errorf("read the rows of %s: %w", s.Name, err)
		}
		if k.Key[0] != parent {
			if err := compare(parent, here); err != nil {
				return nil, nil, err
			}
			parent, here = k.Key[0], here[:0]
		}
		if left[parent] {
			here = append(here, k)
		}
	}
	if err := compare(parent, here); err != nil {
		return nil, nil, err
	}
	for _, parent := range slices.Sorted(maps.Keys(left)) { // that have no rows here
		if err := compare(parent, nil); err != nil {
			return nil, nil, err
		}
	}
	return found, suspects, nil
}

// compareParent adds what is not the same here of the rows of one parent. One that the
// platform does not tell about any more keeps its rows, and is not compared.
func (r *run) compareParent(ctx context.Context, s *Stream, parent string, here []Known, found map[string]difference, c *Comparison) error {
	source := map[string]Row{}
	err := r.about(ctx, PhaseVerify, s, parent, func(a *answer, first, _ bool) error {
		if first {
			clear(source)
		}
		rows, _, err := r.rows(s, a, parent)
		for _, row := range rows {
			source[row.ID(s.table)] = row
		}
		return err
	})
	if refused(err) {
		return nil
	}
	if err != nil {
		return err
	}
	c.Source += len(source)
	for _, k := range here {
		row, ok := source[k.ID]
		delete(source, k.ID)
		if !k.Deleted {
			c.Here++
		}
		switch {
		case k.Deleted && ok: // it is back
			found[k.ID] = difference{kind: kindMissing, there: row}
		case k.Deleted:
		case !ok:
			found[k.ID] = difference{kind: kindSurplus, key: k.Key}
		case row.Hash != k.Hash:
			found[k.ID] = difference{kind: kindDiffers, there: row}
		}
	}
	for id, row := range source {
		found[id] = difference{kind: kindMissing, there: row}
	}
	return nil
}
