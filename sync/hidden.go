package sync

import (
	"context"
	"errors"
	"slices"

	"github.com/ttshop-go/ttshop"
)

// leaveHidden takes away from the second of two looks what only the copy seems to have
// and the platform knows: a list may leave out what has just changed, and nothing of
// this class is ever removed from it.
func (r *run) leaveHidden(ctx context.Context, s *Stream, first, second map[string]difference) error {
	if s.Class != Updates {
		return nil
	}
	var ids []string
	for id, d := range second {
		if before, ok := first[id]; ok && d.kind == kindSurplus && before.kind == kindSurplus {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	single := s.Single
	switch {
	case single != nil:
	case s.DetailOf != nil:
		single = s.DetailOf
	default:
		single = &Detail{IDsIn: s.IDsIn, IDsAt: s.IDsAt, calls: s.calls, path: s.path}
	}
	for some := range slices.Chunk(ids, single.IDsAt) {
		known, err := r.known(ctx, s, single, some)
		if err != nil {
			return err
		}
		for _, id := range known {
			delete(second, id)
		}
	}
	return nil
}

// known returns which ids the platform knows.
func (r *run) known(ctx context.Context, s *Stream, single *Detail, ids []string) ([]string, error) {
	q := request{stream: s, calls: single.calls, path: single.path, query: map[string]string{}, body: map[string]any{}}
	if single.calls == s.calls {
		q.size = s.PageSize
	}
	q.setIDs(single.IDsIn, ids)
	a, err := r.ask(ctx, PhaseVerify, q)
	refused := errors.Is(err, ttshop.ErrInvalidRequest) || errors.Is(err, ttshop.ErrNotFound)
	switch {
	case refused && len(ids) == 1:
		return nil, nil
	case refused: // one of them is not known
		var known []string
		for i := range ids {
			one, err := r.known(ctx, s, single, ids[i:i+1])
			if err != nil {
				return nil, err
			}
			known = append(known, one...)
		}
		return known, nil
	case err != nil:
		return nil, err
	case single.IDsAt == 1:
		if len(a.items) > 0 && len(a.items[0].members) > 0 {
			return ids, nil
		}
		return nil, nil
	}
	rows, _, err := r.rows(s, a, "")
	var known []string
	for _, row := range rows {
		known = append(known, row.ID(s.table))
	}
	return known, err
}
