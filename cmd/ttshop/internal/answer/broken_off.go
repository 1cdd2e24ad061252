package answer

import "fmt"

// BrokenOffError is the error of a list of which only the beginning was answered,
// and printed.
type BrokenOffError struct {
	Items int    // that were printed
	Total int    // of the whole list; 0 if the platform did not say
	Noun  string // what the items are
	Err   error  // why there are no more
}

// Error implements error.
func (e *BrokenOffError) Error() string {
	count := fmt.Sprint(e.Items)
	if e.Total > e.Items {
		count += fmt.Sprintf(" of %d", e.Total)
	}
	return fmt.Sprintf("the list is incomplete, it ends after %s %s: %v", count, e.Noun, e.Err)
}

// Unwrap returns why there are no more items.
func (e *BrokenOffError) Unwrap() error { return e.Err }
