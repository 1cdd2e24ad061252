package webhook

import (
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// Outcome is what happened to a delivery.
type Outcome string

// The outcomes.
const (
	Accepted      Outcome = "accepted"       // 200
	Duplicate     Outcome = "duplicate"      // 200, the event is already known
	BadMethod     Outcome = "bad_method"     // 405
	BadMediaType  Outcome = "bad_media_type" // 415
	TooLarge      Outcome = "too_large"      // 413
	BodyLost      Outcome = "body_lost"      // 400, the body did not come whole or in time
	BadSignature  Outcome = "bad_signature"  // 401
	OutsideWindow Outcome = "outside_window" // 401
	Failed        Outcome = "failed"         // 500, the function failed or panicked
	NotStored     Outcome = "not_stored"     // 503, the inbox failed
	Late          Outcome = "late"           // 503, the inbox or function was not ready in time
	Busy          Outcome = "busy"           // 503, too many events at a time, or shutting down
)

// outcomes lists all of them, for the counters.
var outcomes = [...]Outcome{Accepted, Duplicate, BadMethod, BadMediaType, TooLarge, BodyLost, BadSignature, OutsideWindow, Failed, NotStored, Late, Busy}

// Answer is how a delivery was answered.
type Answer struct {
	Outcome  Outcome
	Status   int           // HTTP status
	Type     event.Type    // 0 if the delivery was not verified
	Duration time.Duration // from the request's header to the answer
}

// Stats counts deliveries since the handler was made.
type Stats struct {
	// Outcomes counts the answers; outcomes that did not occur are missing.
	Outcomes map[Outcome]int64
	// OldSecret counts genuine deliveries signed with a secret other than the
	// newest. A rotation is over when it stops growing.
	OldSecret int64
	// Unreadable counts genuine deliveries whose body is not a JSON object.
	Unreadable int64
	// Slowest is the longest time that an answer took.
	Slowest time.Duration
}

type counters struct {
	outcomes   [len(outcomes)]atomic.Int64
	oldSecret  atomic.Int64
	unreadable atomic.Int64
	slowest    atomic.Int64
}

func (c *counters) add(a Answer) {
	for i, o := range outcomes {
		if o == a.Outcome {
			c.outcomes[i].Add(1)
			break
		}
	}
	for d := int64(a.Duration); ; {
		old := c.slowest.Load()
		if d <= old || c.slowest.CompareAndSwap(old, d) {
			return
		}
	}
}

func (c *counters) stats() Stats {
	s := Stats{
		Outcomes:   map[Outcome]int64{},
		OldSecret:  c.oldSecret.Load(),
		Unreadable: c.unreadable.Load(),
		Slowest:    time.Duration(c.slowest.Load()),
	}
	for i, o := range outcomes {
		if n := c.outcomes[i].Load(); n > 0 {
			s.Outcomes[o] = n
		}
	}
	return s
}
