package ttshop_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/ttshop-go/ttshop"
)

func TestPages(t *testing.T) {
	t.Parallel()
	errPage := errors.New("page lost")
	type page struct {
		items []int
		next  string
		err   error
	}
	tests := []struct {
		name  string
		pages map[string]page
		first string
		stop  int // after so many items; 0: never
		want  []int
		err   error
		calls int
	}{
		{"one page", map[string]page{"": {[]int{1, 2}, "", nil}}, "", 0, []int{1, 2}, nil, 1},
		{"three pages, one empty", map[string]page{"": {[]int{1}, "b", nil}, "b": {nil, "c", nil}, "c": {[]int{2}, "", nil}}, "", 0, []int{1, 2}, nil, 3},
		{"from the middle", map[string]page{"b": {[]int{2}, "", nil}}, "b", 0, []int{2}, nil, 1},
		{"stops early", map[string]page{"": {[]int{1, 2, 3}, "b", nil}}, "", 2, []int{1, 2}, nil, 1},
		{"stops at the end of a page", map[string]page{"": {[]int{1, 2}, "b", nil}}, "", 2, []int{1, 2}, nil, 1},
		{"an error, once", map[string]page{"": {[]int{1}, "b", nil}, "b": {nil, "", errPage}}, "", 0, []int{1}, errPage, 2},
		{"same token again", map[string]page{"": {[]int{1}, "b", nil}, "b": {[]int{2}, "b", nil}}, "", 0, []int{1, 2}, ttshop.ErrPageLoop, 2},
		{"earlier token again", map[string]page{"": {[]int{1}, "b", nil}, "b": {[]int{2}, "c", nil}, "c": {[]int{3}, "b", nil}}, "", 0, []int{1, 2, 3}, ttshop.ErrPageLoop, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			seq := ttshop.Pages(tt.first, func(token string) ([]int, string, error) {
				calls++
				p := tt.pages[token]
				return p.items, p.next, p.err
			})
			for range 2 { // a sequence can be walked again
				calls = 0
				var got []int
				var errs []error
				for item, err := range seq {
					if err != nil {
						errs = append(errs, err)
						continue
					}
					got = append(got, item)
					if len(got) == tt.stop {
						break
					}
				}
				if !slices.Equal(got, tt.want) || calls != tt.calls {
					t.Errorf("items %v in %d calls, want %v in %d", got, calls, tt.want, tt.calls)
				}
				if tt.err == nil && len(errs) != 0 || tt.err != nil && (len(errs) != 1 || !errors.Is(errs[0], tt.err)) {
					t.Errorf("errors %v, want %v once", errs, tt.err)
				}
			}
		})
	}
}
