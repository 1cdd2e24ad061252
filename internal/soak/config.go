package soak

import (
	"math"
	"time"

	"github.com/ttshop-go/ttshop"
)

// Faults are what goes wrong, as fractions of the calls.
type Faults struct {
	Throttled float64 // answered 429 without an envelope
	Failing   float64 // answered 502
	Cut       float64 // the connection is cut: a third before the work is done, a third after it, a third within the answer
	Late      float64 // the work is done and the answer never comes, until the client gives up

	TokenTTL  time.Duration // lifetime of access tokens; 0: a week
	Skew      time.Duration // how far the platform's clock goes off, to either side
	SkewEvery time.Duration // how often it changes; 0: never
}

// Config configures a run. The zero value is a short run without faults.
type Config struct {
	Shops    int           // 0: 3
	Workers  int           // 0: 8
	Duration time.Duration // 0: 5 s
	Calls    int64         // ends the run before its time; 0: no limit
	Rate     float64       // calls per second and shop that the workers start at most; 0: as many as the client allows
	Learning time.Duration // throttles before this do not count
	Throttle float64       // calls per second that the sandbox grants per shop and operation, of which the client knows nothing; 0: 10
	// Calm leaves the last of several sandboxes without injected 429s, so that
	// its throttle alone says how fast its shops can be called. Elsewhere the
	// injected ones slow the client down long before the throttle does.
	Calm    bool
	Seed    uint64
	Faults  Faults
	Retry   ttshop.RetryPolicy
	Timeout time.Duration // of a try; 0: 1 s
	// OnTick is called at least every second with the progress of the run; nil:
	// not at all.
	OnTick func(elapsed time.Duration, calls int64)
}

// Heavy returns the faults of a bad day on the platform.
func Heavy() Faults {
	return Faults{
		Throttled: 0.10, Failing: 0.05, Cut: 0.02, Late: 0.01,
		TokenTTL: 20 * time.Second, Skew: 4 * time.Minute, SkewEvery: 15 * time.Second,
	}
}

func (c Config) withDefaults() Config {
	set := func(n *int, to int) {
		if *n <= 0 {
			*n = to
		}
	}
	set(&c.Shops, 3)
	set(&c.Workers, 8)
	if c.Duration <= 0 {
		c.Duration = 5 * time.Second
	}
	if c.Throttle <= 0 {
		c.Throttle = 10 // a fifth of what the client assumes
	}
	if c.Timeout <= 0 {
		c.Timeout = time.Second
	}
	if c.Retry.Tries <= 0 {
		c.Retry.Tries = defaultTries
	}
	return c
}

// defaultTries is how often a client sends a call by default. A call that fails
// that often got what was promised.
const defaultTries = 5

// chance is how many of so many calls are expected to fail in all their tries
// although nothing is wrong with the client: the faults hit each try independently.
func (c Config) chance(calls int64) float64 {
	const throttle = 0.02 // of the tries, by the sandbox itself
	f := c.Faults
	return float64(calls) * math.Pow(min(1, f.Throttled+f.Failing+f.Cut+f.Late+throttle), float64(c.Retry.Tries))
}
