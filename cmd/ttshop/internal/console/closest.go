package console

import (
	"slices"
	"strings"
)

// Closest returns up to three of the names that a mistyped one may have meant,
// the closest first: those that begin with it and those that differ by few
// letters.
func Closest(typed string, names []string) []string {
	const most = 3
	type hit struct {
		name string
		far  int
	}
	var hits []hit
	for _, name := range names {
		far := distance(typed, name)
		switch {
		case far <= max(1, len(typed)/4):
			hits = append(hits, hit{name, far})
		case len(typed) >= 3 && strings.HasPrefix(name, typed):
			hits = append(hits, hit{name, len(name)}) // behind all that are mistyped
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.far - b.far })
	var found []string
	for _, h := range hits {
		if len(found) < most && !slices.Contains(found, h.name) {
			found = append(found, h.name)
		}
	}
	return found
}

// distance returns how many letters must be added, left out, changed or
// swapped with their neighbour to turn a into b.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// DidYouMean returns names as the end of an error text, or nothing.
func DidYouMean(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "\n\nDid you mean this?\n\t" + strings.Join(names, "\n\t") + "\n"
}
