package gateway

import (
	"math"
	"slices"
	"sync"
	"time"
)

const (
	recentSpan    = 5 * time.Second
	recentSpans   = 120 // ten minutes
	failuresKept  = 500
	latencyRatio  = 1.4
	latencyLeast  = 100 * time.Microsecond
	latencyBounds = 42 // to over two minutes
)

// recent is what happened lately.
type recent struct {
	mu       sync.Mutex
	began    time.Time
	spans    [recentSpans]span
	failures []Record // the last, in a ring
	next     int
}

// span is what ended in a span of time.
type span struct {
	number                 int64
	calls, refused, failed int
	latency                [latencyBounds + 1]uint32 // of calls that were sent
}

// add counts a call that has ended.
func (m *recent) add(r Record, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.began.IsZero() {
		m.began = r.Time
	}
	number := r.Time.UnixNano() / int64(recentSpan)
	s := &m.spans[number%recentSpans]
	if s.number != number {
		*s = span{number: number}
	}
	s.calls++
	switch r.outcome() {
	case "ok":
	case "refused":
		s.refused++
	default:
		if r.Tries == 0 {
			s.refused++
		} else {
			s.failed++
		}
	}
	if r.Tries > 0 {
		s.latency[latencyBucket(took)]++
	}
	if r.outcome() == "ok" {
		return
	}
	if len(m.failures) < failuresKept {
		m.failures = append(m.failures, r)
		return
	}
	m.failures[m.next] = r
	m.next = (m.next + 1) % failuresKept
}

func latencyBucket(d time.Duration) int {
	if d <= latencyLeast {
		return 0
	}
	return min(latencyBounds, int(math.Ceil(math.Log(float64(d)/float64(latencyLeast))/math.Log(latencyRatio))))
}

// quantile estimates a quantile of latencies; zero where there are none.
func quantile(buckets *[latencyBounds + 1]uint32, q float64) time.Duration {
	total := uint32(0)
	for _, n := range buckets {
		total += n
	}
	if total == 0 {
		return 0
	}
	rank, sum := uint32(math.Ceil(q*float64(total))), uint32(0)
	for i, n := range buckets {
		if sum += n; sum >= rank {
			// The middle of the bucket, as its bounds grow.
			return time.Duration(float64(latencyLeast) * math.Pow(latencyRatio, float64(i)-0.5))
		}
	}
	return 0
}

// Span is what ended in a span of time.
type Span struct {
	At      time.Time     `json:"at"` // its beginning
	Calls   int           `json:"calls"`
	Refused int           `json:"refused"` // by the gateway or the platform
	Failed  int           `json:"failed"`  // without an answer, or with one that cannot be read
	P50     time.Duration `json:"p50"`     // of calls that were sent, about; in nanoseconds
	P95     time.Duration `json:"p95"`
}

// list returns the spans up to now, the oldest first, the last one being under way,
// with quantiles of the last minute.
func (m *recent) list(now time.Time) (list []Span, p50, p95 time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	last := now.UnixNano() / int64(recentSpan)
	var minute [latencyBounds + 1]uint32
	for number := last - recentSpans + 1; number <= last; number++ {
		s := m.spans[number%recentSpans]
		if s.number != number {
			s = span{}
		}
		list = append(list, Span{time.Unix(0, number*int64(recentSpan)).UTC(), s.calls, s.refused, s.failed, quantile(&s.latency, .5), quantile(&s.latency, .95)})
		if last-number <= int64(time.Minute/recentSpan) {
			for i, n := range s.latency {
				minute[i] += n
			}
		}
	}
	return list, quantile(&minute, .5), quantile(&minute, .95)
}

// lastFailures returns the last calls that did not succeed, the newest first.
func (m *recent) lastFailures() []Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := append(slices.Clone(m.failures[m.next:]), m.failures[:m.next]...)
	slices.Reverse(list)
	return list
}
