package ttshop

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// MissingError names the ids that no answer had an item for. It is
// [ErrNotFound].
type MissingError struct{ IDs []string }

// Error lists the ids, the first twenty at most.
func (e *MissingError) Error() string {
	const most = 20
	text := strings.Join(e.IDs[:min(len(e.IDs), most)], ", ")
	if len(e.IDs) > most {
		text += ", …"
	}
	return fmt.Sprintf("no item for %d of the ids: %s", len(e.IDs), text)
}

// Is reports whether target is [ErrNotFound].
func (e *MissingError) Is(target error) bool { return target == ErrNotFound }

// InBatches reads the items of any number of ids by an operation that takes at most
// limit of them: the comment of its parameter says how many. Items come in the order
// of ids, each as often as its id is there, though an id is asked for once. It
// stops after the first error of fetch. Ids without an item are left out, and a
// [*MissingError] at the end names them.
//
//	for o, err := range ttshop.InBatches(ctx, ids, 50, func(o order.OrderDetail) string { return o.ID },
//		func(ctx context.Context, ids []string) ([]order.OrderDetail, error) { … }) { … }
func InBatches[T any](ctx context.Context, ids []string, limit int, id func(T) string, fetch func(ctx context.Context, ids []string) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		if limit <= 0 {
			yield(zero, fmt.Errorf("read in batches: %w: the limit is %d", ErrInvalidRequest, limit))
			return
		}
		found, asked := map[string]T{}, map[string]bool{}
		missing := new(MissingError)
		for at := 0; at < len(ids); {
			// As many ids as have limit different ones among them that were not asked for.
			end := at
			var batch []string
			for end < len(ids) && len(batch) < limit {
				if next := ids[end]; !asked[next] {
					asked[next] = true
					batch = append(batch, next)
				}
				end++
			}
			if len(batch) > 0 {
				items, err := fetch(ctx, slices.Clone(batch))
				if err != nil {
					yield(zero, err)
					return
				}
				for _, item := range items {
					found[id(item)] = item
				}
			}
			for _, next := range ids[at:end] {
				item, ok := found[next]
				if !ok {
					if !slices.Contains(missing.IDs, next) {
						missing.IDs = append(missing.IDs, next)
					}
					continue
				}
				if !yield(item, nil) {
					return
				}
			}
			at = end
		}
		if len(missing.IDs) > 0 {
			yield(zero, missing)
		}
	}
}
