package ttshop

import (
	"math/big"
	"strings"
	"time"
)

// UnixTime is a point in time as the platform writes it: seconds since 1970.
// Zero means no time.
type UnixTime int64

// TimeOf returns t in the platform's form, truncated to the second; the zero time
// becomes 0.
func TimeOf(t time.Time) UnixTime {
	if t.IsZero() {
		return 0
	}
	return UnixTime(t.Unix())
}

// Time returns the time, in UTC, or the zero time for 0.
func (t UnixTime) Time() time.Time {
	if t == 0 {
		return time.Time{}
	}
	return time.Unix(int64(t), 0).UTC()
}

// Decimal is a decimal number as the platform writes amounts of money: a
// string such as "19.99", or "495548" in a currency without decimals. The
// currency is a separate field. It is never turned into a float.
type Decimal string

// Rat returns the exact number, or false if d is not a plain decimal number:
// digits with an optional sign and point.
func (d Decimal) Rat() (*big.Rat, bool) {
	// SetString also takes fractions, exponents, other bases and underscores.
	if strings.Trim(string(d), "+-.0123456789") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(string(d))
}
