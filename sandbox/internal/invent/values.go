package invent

// Indexed returns the indexes of a list.
func Indexed[T any](list []T) []int {
	indexes := make([]int, len(list))
	for i := range indexes {
		indexes[i] = i
	}
	return indexes
}

// Deref returns what a pointer points to, the zero value where it is nil.
func Deref[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}

// Take overwrites a field with a value that was sent.
func Take[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// MadeUp is how many things of a made-up kind a shop has.
const MadeUp = 23

// Each applies f to every element; nil stays nil.
func Each[T, U any](list []T, f func(T) U) []U {
	if list == nil {
		return nil
	}
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

// SecondsOfDay is the length of a day in seconds.
const SecondsOfDay = 24 * 60 * 60
