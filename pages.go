package ttshop

import (
	"errors"
	"fmt"
	"iter"
)

// ErrPageLoop means that the platform returned the same page token twice.
var ErrPageLoop = errors.New("page token repeats")

// Pages returns an iterator over the items of all pages. It fetches a page
// when its first item is asked for, beginning with the page token first (empty
// for the first page), and stops when the caller does, after the last page or
// after the first error, which it yields once with a zero item. A page token
// that was seen before is an [ErrPageLoop].
func Pages[T any](first string, fetch func(token string) (items []T, next string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		seen := map[string]bool{}
		for token := first; ; {
			items, next, err := fetch(token)
			if err != nil {
				yield(zero, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			seen[token] = true
			if seen[next] {
				yield(zero, fmt.Errorf("walk pages: %w after %d of them; the items so far are complete; start over for the rest", ErrPageLoop, len(seen)))
				return
			}
			token = next
		}
	}
}
