//go:build !race

package sandbox

// underRace tells that the race detector slows everything down.
const underRace = false
