package soak

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"time"
)

// Report is how a run went. Durations are in nanoseconds in JSON, and their
// names say so.
type Report struct {
	Elapsed    time.Duration `json:"elapsed_ns"`
	Calls      int64         `json:"calls"`
	Reads      int64         `json:"reads"`
	Writes     int64         `json:"writes"`
	Tries      int64         `json:"tries"`
	PerSecond  float64       `json:"calls_per_second"`
	Latency    Latency       `json:"latency_ns"` // of calls, waits included
	Refused    int64         `json:"clock_refusals"`
	Expired    int64         `json:"expired_tokens"`
	Injected   int64         `json:"throttled_injected"`     // 429s that were injected
	Throttled  int64         `json:"throttled"`              // by the sandbox itself, not as a fault
	Learned    int64         `json:"tries_learned"`          // tries after the time of learning
	Excess     int64         `json:"throttled_learned"`      // of those, throttled by the sandbox itself
	CalmTries  int64         `json:"tries_learned_calm"`     // of those after learning, tries at the calm sandbox
	CalmExcess int64         `json:"throttled_learned_calm"` // of those, throttled
	Exhausted  int64         `json:"exhausted"`              // calls that failed in all their tries and were made again, as a program would
	Chance     float64       `json:"exhausted_by_chance"`    // how many of these the faults explain
	Unknown    int64         `json:"outcome_unknown"`        // writes without a key whose outcome the client could not know
	LostReads  int64         `json:"lost_reads"`             // reads that ended in an error
	Doubled    int64         `json:"doubled_writes"`         // carried out twice
	LostWrites int64         `json:"lost_writes"`            // reported as done, but not there
	Phantoms   int64         `json:"phantom_writes"`         // reported as not done, but there
	Spared     int64         `json:"spareable_errors"`       // errors of writes that a retry could have avoided
	Errors     []string      `json:"errors,omitempty"`       // the first of those that should not be
	HeapEarly  uint64        `json:"heap_early_bytes"`       // bytes in use after a third of the run
	HeapLate   uint64        `json:"heap_late_bytes"`        // bytes in use at its end
	Heap       []uint64      `json:"heap_bytes"`             // bytes in use after each tenth of the run
	Created    []int64       `json:"created"`                // products that the sandboxes, which share the heap, have to keep by then
	Goroutines [2]int        `json:"goroutines"`             // before and after
}

// Latency holds percentiles, each exact to a tenth.
type Latency struct {
	P50 time.Duration `json:"p50"`
	P90 time.Duration `json:"p90"`
	P99 time.Duration `json:"p99"`
	Max time.Duration `json:"max"`
}

// ExcessShare is the part of the tries after the time of learning that the
// sandbox throttled.
func (r Report) ExcessShare() float64 { return share(r.Excess, r.Learned) }

// CalmShare is the same for the calm sandbox alone.
func (r Report) CalmShare() float64 { return share(r.CalmExcess, r.CalmTries) }

// Growth is by how many bytes the heap grew after the third tenth of the run,
// without what the sandboxes keep of each product since: those are data that
// was asked for.
func (r Report) Growth() int64 {
	const kept = 8 << 10 // of a product: about 5 KB, and what maps and lists grow by
	last := len(r.Heap) - 1
	if last < 3 {
		return 0
	}
	return int64(r.Heap[last]) - int64(r.Heap[2]) - kept*(r.Created[last]-r.Created[2])
}

// share is a part of a whole; 0 if the whole is 0.
func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Broken lists the promises that were not kept; it is empty if all is well.
func (r Report) Broken() []string {
	var broken []string
	for _, c := range []struct {
		n    int64
		what string
	}{
		{r.LostReads, "reads were lost"}, {r.Doubled, "writes were carried out twice"}, {r.LostWrites, "writes were lost"},
		{r.Phantoms, "writes were carried out but reported as not"}, {r.Spared, "errors could have been avoided by a retry"},
	} {
		if c.n > 0 {
			broken = append(broken, fmt.Sprint(c.n, " ", c.what))
		}
	}
	if most := max(r.ExcessShare(), r.CalmShare()); most >= 0.02 {
		broken = append(broken, fmt.Sprintf("%.1f %% of the calls exceeded the throttle", 100*most))
	}
	if float64(r.Exhausted) > 10+3*r.Chance {
		broken = append(broken, fmt.Sprintf("%d calls failed in all their tries, where the faults explain %.1f", r.Exhausted, r.Chance))
	}
	if r.Calls == 0 {
		broken = append(broken, "no call was made")
	}
	return broken
}

// String returns the report for people.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d calls (%d reads, %d writes) in %v, %.1f per second, %d tries\n", r.Calls, r.Reads, r.Writes, r.Elapsed.Round(time.Second), r.PerSecond, r.Tries)
	fmt.Fprintf(&b, "latency p50 %v, p90 %v, p99 %v, max %v\n", r.Latency.P50, r.Latency.P90, r.Latency.P99, r.Latency.Max)
	fmt.Fprintf(&b, "expired tokens %d, refused timestamps %d, outcome unknown %d\n", r.Expired, r.Refused, r.Unknown)
	fmt.Fprintf(&b, "throttled by the sandbox %d while learning of %d tries (%.2f %%), then %d of %d (%.2f %%), where no 429 is injected %d of %d (%.2f %%); injected 429s %d\n",
		r.Throttled-r.Excess, r.Tries-r.Learned, 100*share(r.Throttled-r.Excess, r.Tries-r.Learned), r.Excess, r.Learned, 100*r.ExcessShare(), r.CalmExcess, r.CalmTries, 100*r.CalmShare(), r.Injected)
	fmt.Fprintf(&b, "exhausted %d, by chance %.1f\n", r.Exhausted, r.Chance)
	fmt.Fprintf(&b, "lost reads %d, doubled writes %d, lost writes %d, phantom writes %d, spareable errors %d\n", r.LostReads, r.Doubled, r.LostWrites, r.Phantoms, r.Spared)
	for i, n := range r.Heap {
		fmt.Fprintf(&b, "heap after %d %%: %.1f MB, %d products created\n", 10*(i+1), float64(n)/1e6, r.Created[i])
	}
	fmt.Fprintf(&b, "heap %.1f MB early, %.1f MB late; goroutines %d before, %d after", float64(r.HeapEarly)/1e6, float64(r.HeapLate)/1e6, r.Goroutines[0], r.Goroutines[1])
	for _, e := range r.Errors {
		b.WriteString("\n  " + e)
	}
	return b.String()
}

// histogram counts durations in buckets that grow by a tenth, so that its size
// does not depend on the length of a run.
type histogram struct {
	mu      sync.Mutex
	buckets [256]int64
	count   int64
	max     time.Duration
}

func (h *histogram) add(d time.Duration) {
	i := 0
	if d > time.Microsecond {
		i = min(len(h.buckets)-1, int(math.Log(float64(d)/float64(time.Microsecond))/math.Log(1.1))+1)
	}
	h.mu.Lock()
	h.buckets[i]++
	h.count++
	h.max = max(h.max, d)
	h.mu.Unlock()
}

func (h *histogram) latency() Latency {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := func(part float64) time.Duration {
		left := int64(part * float64(h.count))
		for i, n := range h.buckets {
			if left -= n; left < 0 {
				return min(h.max, time.Duration(float64(time.Microsecond)*math.Pow(1.1, float64(i)))).Round(time.Microsecond)
			}
		}
		return h.max
	}
	return Latency{P50: at(0.5), P90: at(0.9), P99: at(0.99), Max: h.max}
}
