package bench

import (
	"slices"
	"testing"
	"time"
)

// compare runs subject and yardstick in turns, in rounds of n calls each, and
// reports the median quotient of their times. The time and the allocations
// that the benchmark itself shows are those of the subject.
func compare(b *testing.B, n int, subject, yardstick func()) {
	b.Helper()
	b.ReportAllocs()
	for range n { // warm both up
		subject()
		yardstick()
	}
	var quotients []float64
	round := func(f func()) time.Duration {
		start := time.Now()
		for range n {
			f()
		}
		return time.Since(start)
	}
	var ours, bare time.Duration
	for b.Loop() {
		s := round(subject)
		b.StopTimer()
		y := round(yardstick)
		b.StartTimer()
		ours, bare = ours+s, bare+y
		quotients = append(quotients, float64(s)/float64(y))
	}
	slices.Sort(quotients)
	b.ReportMetric(quotients[len(quotients)/2], "x/yardstick")
	b.ReportMetric(float64(ours.Nanoseconds())/float64(n*len(quotients)), "ns/call")
	b.ReportMetric(float64(bare.Nanoseconds())/float64(n*len(quotients)), "ns/yardstick")
}
