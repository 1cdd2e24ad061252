//go:build race

package sandbox

// What the race detector makes ten times as slow is sampled under it where one
// goroutine works on data by itself: there is nothing that it could find. The
// run without it does everything.
const (
	UnderRace = true
	EachCase  = 5 // one case in so many
)
