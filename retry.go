package ttshop

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/internal/wire"
)

// RetryPolicy bounds how calls are repeated. The zero value is the default.
//
// What is repeated is not a matter of policy. A read is repeated after being
// throttled, a platform failure, a timeout, and a connection or an answer that was
// cut off. A write is repeated when it certainly was not carried out, because it
// was throttled or no connection was made, and when the operation takes an
// idempotency key, which the client then sets and keeps across all tries. Anything
// else that may have been carried out is an [ErrOutcomeUnknown].
type RetryPolicy struct {
	// Tries is how often a call is sent at most. Zero means 5. Repeating it with
	// a new token or a corrected clock does not count.
	Tries int
	// MinWait and MaxWait bound the wait before a try: a random time of up to
	// MinWait before the second, of up to twice that before the third, and so
	// on to MaxWait. Zero means 1 and 60 seconds.
	MinWait, MaxWait time.Duration
	// Budget is the number of retries that all calls of the client together may
	// make while nothing succeeds, so that an outage is not amplified. Every two
	// successful calls earn one back, and so does every second. Zero means 100.
	// Retries after throttling do not count: the limiter slows those down.
	Budget int
}

func (p RetryPolicy) withDefaults() RetryPolicy {
	if p.Tries <= 0 {
		p.Tries = 5
	}
	if p.MinWait <= 0 {
		p.MinWait = time.Second
	}
	if p.MaxWait <= 0 {
		p.MaxWait = time.Minute
	}
	if p.Budget <= 0 {
		p.Budget = 100
	}
	return p
}

// backoff returns how long to wait after so many failures: full jitter.
func (p RetryPolicy) backoff(failures int) time.Duration {
	most := p.MinWait
	for range failures - 1 {
		if most *= 2; most >= p.MaxWait {
			most = p.MaxWait
			break
		}
	}
	return rand.N(min(most, p.MaxWait) + 1)
}

// verdict is what to do with a call after a failed try.
type verdict uint8

const (
	giveUp       verdict = iota
	tryAgain             // it failed temporarily
	tryThrottled         // it was refused because calls come too fast
	tryNextHour          // it was refused until the hour is over
	tryFresh             // the token had expired
	tryRevoked           // the token is called invalid: the grant was revoked, or replaced elsewhere
	tryClock             // the timestamp was refused
	tryToken             // the token source cannot give a token now
)

// judge decides whether a call may be repeated after err.
func (k *call) judge(err error) verdict {
	if refused, ok := errors.AsType[*Error](err); ok {
		return k.judgeAnswer(refused)
	}
	transport, ok := errors.AsType[*TransportError](err)
	switch {
	case !ok || permanent(transport.Err):
		return giveUp
	case !transport.Sent, !k.write, k.key != "":
		return tryAgain
	}
	return giveUp
}

func (k *call) judgeAnswer(e *Error) verdict {
	c := classify(e.Code, e.HTTPStatus, e.Message)
	switch {
	case e.Code == codeHourlyQuota:
		return tryNextHour
	case c&classTokenExpired != 0:
		return tryFresh
	case e.Code == codeTokenInvalid && !strings.Contains(strings.ToLower(e.Message), "user type"):
		return tryRevoked // the code also stands for users of the wrong kind
	case c&classClock != 0:
		return tryClock
	case c&flagQuota != 0:
		return giveUp
	case c&classRateLimited != 0:
		return tryThrottled
	case c&classUnavailable == 0:
		return giveUp
	case !k.write:
		return tryAgain
	case k.key != "" && c&classOutcomeUnknown != 0:
		return tryAgain
	}
	return giveUp
}

// permanent reports whether a transport failure would happen again.
func permanent(err error) bool {
	if errors.Is(err, wire.ErrTooLarge) || errors.Is(err, errRedirect) || errors.Is(err, errUndecodable) {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}

// retryBudget holds how many retries the calls of a client may make.
type retryBudget struct {
	mu     sync.Mutex
	left   float64
	size   float64
	filled time.Time
}

const (
	budgetPerSuccess = 0.5
	budgetPerSecond  = 1
)

// earn records that a call succeeded.
func (b *retryBudget) earn() {
	b.mu.Lock()
	if b.left < b.size {
		b.left = min(b.size, b.left+budgetPerSuccess)
	}
	b.mu.Unlock()
}

// take reports whether one more retry is allowed, and counts it.
func (b *retryBudget) take(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if elapsed := now.Sub(b.filled); elapsed > 0 {
		b.left = min(b.size, b.left+elapsed.Seconds()*budgetPerSecond)
	}
	b.filled = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}

// sleep waits, but no longer than ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
