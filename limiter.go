package ttshop

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Limiter paces calls. Every successful Acquire is followed by one Done. A
// limiter is asked before every try, by many goroutines at once.
//
// The default is a [Pacer], which serves one process. Package pace/pgpace has one
// for any number of machines over a PostgreSQL database.
type Limiter interface {
	// Acquire returns when a call of key may be sent. It waits no longer than
	// ctx, and fails at once with a [*LimitError] when it can tell that the
	// deadline of ctx is too early.
	Acquire(ctx context.Context, key LimitKey, priority Priority) (Permit, error)
	// Done reports how the call that the permit was for went.
	Done(key LimitKey, permit Permit, outcome Outcome)
}

// LimitKey is what the platform counts calls by.
type LimitKey struct {
	App  string // app key
	Shop string // cipher of the shop or the category asset; empty where the call names none
	// Operation is the name of an operation, such as order.GetOrderList, or
	// method and path of a raw call with {} for ids.
	Operation string
}

// Permit allows one call to be sent.
type Permit struct {
	Wait time.Duration // how long the call waited for it
	Mark uint64        // the limiter's own, passed back to Done
}

// Outcome is what a limiter learns from.
type Outcome struct {
	Result     Result
	RetryAfter time.Duration // how long the platform asks to wait; zero if it does not say
}

// Result is how a try went, as far as pacing is concerned.
type Result uint8

// The results. The zero value is a try that says nothing about the pace.
const (
	ResultOther     Result = iota // failed for another reason
	ResultOK                      // answered
	ResultThrottled               // refused because calls come too fast
	ResultQuota                   // refused until the hour is over
	ResultNotSent                 // not sent after all
)

// Priority decides which waiting calls go first.
type Priority uint8

// The priorities. The zero value is for calls that somebody waits for.
const (
	Interactive Priority = iota
	Bulk                 // gives way to interactive calls
)

// LimitError means that a call was not sent, or not repeated, because it would
// have had to wait too long. It is [ErrRateLimited].
type LimitError struct {
	Operation string
	Reason    LimitReason
	Until     time.Time // when the call could have been sent; zero if unknown
}

// LimitReason is why a limiter refuses a call.
type LimitReason string

// The reasons.
const (
	LimitQueueFull LimitReason = "too many calls of the operation are waiting already"
	LimitDeadline  LimitReason = "the context ends before the call could be sent"
	LimitMaxWait   LimitReason = "the wait would be longer than the limiter allows"
	LimitBudget    LimitReason = "the budget of the day is used up"
	LimitReserve   LimitReason = "the rest of the day's budget is reserved for interactive calls"
)

// Error says why the call was not sent and when it could be.
func (e *LimitError) Error() string {
	text := fmt.Sprintf("%s: not sent: %s", e.Operation, e.Reason)
	if !e.Until.IsZero() {
		text += "; it could go at " + e.Until.UTC().Format(time.RFC3339)
	}
	return text
}

// Is reports whether the error belongs to a class: [ErrRateLimited], and
// [context.DeadlineExceeded] where the deadline is the reason.
func (e *LimitError) Is(target error) bool {
	return errors.Is(ErrRateLimited, target) ||
		e.Reason == LimitDeadline && target == context.DeadlineExceeded
}

// The initial pace, in calls per second per app, shop and operation.
const (
	// DefaultRate is what the platform documents.
	DefaultRate = 50.0
	// DefaultAnalyticsRate is what it advises for the heavy analytics.
	DefaultAnalyticsRate = 1.0
)

// DefaultRateOf returns the rate that an operation starts with, in calls per second.
func DefaultRateOf(operation string) float64 {
	if strings.HasPrefix(operation, "analytics.") || strings.Contains(operation, " /analytics/") {
		return DefaultAnalyticsRate
	}
	return DefaultRate
}

// pathPattern returns a path with {} in place of its ids, so that calls which
// the platform counts together share a name. An id is a segment after domain
// and version that contains a digit.
func pathPattern(path string) string {
	const fixed = 3 // the empty one before the first slash, domain and version
	if at := nthSlash(path, fixed); at < 0 || !strings.ContainsAny(path[at:], "0123456789") {
		return path
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments[fixed:] {
		if strings.ContainsAny(segment, "0123456789") {
			segments[fixed+i] = "{}"
		}
	}
	return strings.Join(segments, "/")
}

// nthSlash returns the index of the nth slash of a path, or -1.
func nthSlash(path string, n int) int {
	for i := range len(path) {
		if path[i] == '/' {
			if n--; n == 0 {
				return i
			}
		}
	}
	return -1
}
