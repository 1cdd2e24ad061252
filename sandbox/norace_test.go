//go:build !race

package sandbox

// Without the race detector nothing is sampled.
const (
	UnderRace = false
	EachCase  = 1
)
