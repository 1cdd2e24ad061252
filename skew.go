package ttshop

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// skew is how far the platform's clock is ahead of this machine's, as far as
// the client had to learn it. Copies of a client share one.
type skew struct{ nanoseconds atomic.Int64 }

func (s *skew) get() time.Duration { return time.Duration(s.nanoseconds.Load()) }

// skewTolerance is the difference below which a clock is not at fault: the
// platform accepts timestamps from 5 minutes ago to 30 seconds ahead, and a Date
// header is truncated to the second.
const skewTolerance = 5 * time.Second

// correctClock measures the platform's clock after an answer that rejected the
// timestamp, and reports whether another try makes sense, that is, whether the
// timestamp sent was really wrong.
func (c *Client) correctClock(ctx context.Context, k *call) bool {
	date, err := http.ParseTime(k.meta.Header.Get("Date"))
	if err != nil {
		return false // without a date there is nothing to measure
	}
	// The date was truncated to the second: half a second later is the best guess.
	measured := date.Add(500 * time.Millisecond).Sub(c.now())
	if difference := measured - k.skew; difference.Abs() <= skewTolerance {
		return false
	}
	// If another call has measured it meanwhile, its figure is as good.
	if c.shared.skew.nanoseconds.CompareAndSwap(int64(k.skew), int64(measured)) && c.logger != nil {
		c.logger.LogAttrs(ctx, slog.LevelWarn, "clock corrected: the platform's clock differs from this machine's",
			slog.Duration("difference", measured.Round(time.Second)))
	}
	return true
}
