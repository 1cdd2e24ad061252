package ttshop

import (
	"context"
	"iter"
)

// Prefetch walks a sequence on its own goroutine, up to ahead items ahead of the
// caller. With ahead at the size of a page or more, the next page is read
// while the caller works on this one:
//
//	for o, err := range ttshop.Prefetch(ctx, 100, func(ctx context.Context) iter.Seq2[order.FoundOrder, error] {
//		return orders.SearchAll(ctx, params)
//	}) { … }
//
// The sequence gets a context that ends when the caller stops, so that a request
// in flight is cancelled; its goroutine has ended when the walk ends.
func Prefetch[T any](ctx context.Context, ahead int, sequence func(context.Context) iter.Seq2[T, error]) iter.Seq2[T, error] {
	type element struct {
		item T
		err  error
	}
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		elements := make(chan element, max(ahead, 1))
		complete := false
		go func() {
			defer close(elements)
			for item, err := range sequence(ctx) {
				select {
				case elements <- element{item, err}:
				case <-ctx.Done():
					return
				}
			}
			complete = true
		}()
		defer func() {
			cancel()
			for range elements { // until the goroutine has ended
			}
		}()
		for e := range elements {
			if !yield(e.item, e.err) {
				return
			}
		}
		if !complete {
			var zero T
			yield(zero, context.Cause(ctx))
		}
	}
}
