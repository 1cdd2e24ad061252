package oauth

import (
	"math/rand/v2"
	"time"

	"github.com/ttshop-go/ttshop"
)

// The defaults of [SourceConfig], and what is not configurable.
const (
	defaultAhead    = 0.2
	defaultMinAhead = 10 * time.Minute
	defaultTimeout  = time.Minute

	// assumedLife is the life of an access token whose time of issue is unknown.
	assumedLife = 7 * 24 * time.Hour
	// jitter is the share of the lead that spreads refreshes over time.
	jitter = 0.25

	firstBackoff = time.Second
	// maxBackoff bounds the wait while the old token still works, and
	// maxBackoffExpired where every call waits for the next one.
	maxBackoff        = 5 * time.Minute
	maxBackoffExpired = 15 * time.Second
	// lostRecheck is how often a lost authorization is checked again: another
	// process may have stored a new one.
	lostRecheck = time.Minute
	// refusedInterval bounds how often a token that the platform refuses as
	// soon as it is issued is replaced.
	refusedInterval = 5 * time.Second
)

// endingMarks are the days before the end of an authorization at which its end
// is announced.
var endingMarks = [...]int{30, 7, 1}

// never is later than any time that the platform writes.
var never = time.Unix(1<<55, 0)

// refreshAt returns when a token is due: ahead of its end by a share of its life,
// by at least minAhead and at most half its life, so that a token that lives for
// minutes is not due when it is issued. random is in [0, 1) and makes the time
// earlier.
func refreshAt(issued Issued, ahead float64, minAhead time.Duration, random float64) time.Time {
	end := issued.Token.AccessTokenExpiresAt
	switch {
	case issued.Token.AccessToken == "":
		return time.Time{}
	case end.IsZero():
		return never
	}
	life := assumedLife
	if !issued.At.IsZero() && issued.At.Before(end) {
		life = end.Sub(issued.At)
	}
	lead := max(time.Duration(ahead*float64(life)), minAhead)
	lead += time.Duration(random * jitter * float64(lead))
	return end.Add(-min(lead, life/2))
}

// backoff returns the wait after a number of failures in a row, the first
// being 1: doubled each time, with up to half of it taken off at random.
func backoff(failures int, most time.Duration) time.Duration {
	d := firstBackoff << min(failures-1, 20)
	d = min(d, most)
	return d - time.Duration(rand.Float64()*float64(d)/2)
}

// EndingMark returns the last of the marks 30, 7 and 1 days before the end of a
// token's authorization that has passed at now, or 0 if none has or the end is
// unknown.
func EndingMark(token ttshop.Token, now time.Time) int {
	mark, _ := ending(token, now)
	return mark
}

// ending returns the mark that has passed, or 0, and when the next one will.
func ending(token ttshop.Token, now time.Time) (mark int, next time.Time) {
	end := token.RefreshTokenExpiresAt
	if end.IsZero() {
		return 0, never
	}
	for _, days := range endingMarks {
		at := end.Add(-time.Duration(days) * 24 * time.Hour)
		if now.Before(at) {
			return mark, at
		}
		mark = days
	}
	return mark, never
}
