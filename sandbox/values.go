package sandbox

// indexed returns the indexes of a list.
func indexed[T any](list []T) []int {
	indexes := make([]int, len(list))
	for i := range indexes {
		indexes[i] = i
	}
	return indexes
}

// deref returns what a pointer points to, the zero value where it is nil.
func deref[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}

// take overwrites a field with a value that was sent.
func take[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// madeUp is how many things of a made-up kind a shop has.
const madeUp = 23

// each applies f to every element; nil stays nil.
func each[T, U any](list []T, f func(T) U) []U {
	if list == nil {
		return nil
	}
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

const secondsOfDay = 24 * 60 * 60
