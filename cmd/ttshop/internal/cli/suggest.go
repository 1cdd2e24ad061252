package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/catalog"
)

// closest returns up to three of the names that a mistyped one may have meant,
// the closest first: those that begin with it and those that differ by few
// letters.
func closest(typed string, names []string) []string {
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

// didYouMean returns names as the end of an error text, or nothing.
func didYouMean(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "\n\nDid you mean this?\n\t" + strings.Join(names, "\n\t") + "\n"
}

// suggestFlags adds to the complaint about an unknown flag those that may have
// been meant.
func suggestFlags(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || len(unknown.GetSpecifiedName()) < 2 {
		return err
	}
	var names []string
	domain := ""
	if cmd.HasParent() {
		domain = cmd.Parent().Name()
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		names = append(names, f.Name)
		if short, ok := strings.CutPrefix(f.Name, domain+"-"); ok { // see normalizer
			names = append(names, short)
		}
	})
	near := closest(dashed(unknown.GetSpecifiedName()), names)
	if len(near) == 0 {
		return err
	}
	for i := range near {
		near[i] = "--" + near[i]
	}
	return usagef("%w%s", err, didYouMean(near))
}

// suggestOperations adds to the complaint about an unknown command the
// operations that may have been meant.
func suggestOperations(err error, args []string) error {
	if len(args) == 0 || !strings.HasPrefix(err.Error(), "unknown command") || strings.Contains(err.Error(), "Did you mean") {
		return err
	}
	known, name := new(catalog.Catalog), strings.ReplaceAll(args[0], "-", "")
	commands := sameNames(known, name)
	if len(commands) == 0 {
		commands = closeOperations(known, name)
	}
	return fmt.Errorf("%w%s", err, didYouMean(commands))
}
