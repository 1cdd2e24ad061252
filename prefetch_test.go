package ttshop_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop"
)

// slowPages is a walk over pages of 10 items of which each takes a second.
func slowPages(pages int, fail error, fetched *int) func(context.Context) iter.Seq2[int, error] {
	return func(ctx context.Context) iter.Seq2[int, error] {
		return ttshop.Pages("", func(token string) ([]int, string, error) {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return nil, "", ctx.Err()
			}
			var page int
			if token != "" {
				if _, err := fmt.Sscan(token, &page); err != nil {
					return nil, "", err
				}
			}
			*fetched++
			if page == pages-1 && fail != nil {
				return nil, "", fail
			}
			items := make([]int, 10)
			for i := range items {
				items[i] = page*10 + i
			}
			next := ""
			if page < pages-1 {
				next = fmt.Sprint(page + 1)
			}
			return items, next, nil
		})
	}
}

func TestPrefetch(t *testing.T) {
	t.Parallel()
	errPage := errors.New("page lost")
	tests := []struct {
		name    string
		ahead   int
		stop    int
		fail    error
		cancel  time.Duration
		items   int
		took    time.Duration
		fetched int
		err     error
	}{
		{"side by side", 10, 0, nil, 0, 50, 6 * time.Second, 5, nil},
		{"far ahead", 1000, 0, nil, 0, 50, 6 * time.Second, 5, nil},
		{"no room", 0, 0, nil, 0, 50, 0, 5, nil},
		{"stops", 10, 15, nil, 0, 15, 0, 0, nil},
		{"an error, once", 10, 0, errPage, 0, 40, 0, 5, errPage},
		{"cancelled", 10, 0, nil, 2500 * time.Millisecond, -1, 0, 0, context.Canceled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tt.cancel > 0 {
					time.AfterFunc(tt.cancel, cancel)
				}
				fetched := 0
				start := time.Now()
				var got []int
				var errs []error
				for item, err := range ttshop.Prefetch(ctx, tt.ahead, slowPages(5, tt.fail, &fetched)) {
					if err != nil {
						errs = append(errs, err)
						continue
					}
					time.Sleep(100 * time.Millisecond)
					got = append(got, item)
					if len(got) == tt.stop {
						break
					}
				}
				if tt.took > 0 && time.Since(start) != tt.took {
					t.Errorf("took %v, want %v: a second for the first page and then work alone", time.Since(start), tt.took)
				}
				if tt.items >= 0 && len(got) != tt.items || !slices.IsSorted(got) || tt.fetched > 0 && fetched != tt.fetched {
					t.Errorf("%d items of %d pages, want %d", len(got), fetched, tt.items)
				}
				if tt.err == nil && errs != nil || tt.err != nil && (len(errs) != 1 || !errors.Is(errs[0], tt.err)) {
					t.Errorf("errors %v, want %v once", errs, tt.err)
				}
			}) // which fails where a goroutine is left
		})
	}
}
